"""The terminal program: screens and widgets that show lessons, lab and room, and nothing else.

The only importer of Textual beside the workshop's sessions. Widgets take plain data and post
messages; screens turn those into events and show the value that comes back.
"""
