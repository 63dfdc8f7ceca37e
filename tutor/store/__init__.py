"""The learner's progress, kept on disk: append-only attempts and resume points.

`opening.open_store` gives a `ProgressStore`; the database library is imported when that is
called and not before. Nothing outside this package knows which database it is.
"""
