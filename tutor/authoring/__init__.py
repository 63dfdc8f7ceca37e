"""The tools of lesson authors: the linter, the JSON Schemas, a new lesson, the preview."""
