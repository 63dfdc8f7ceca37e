"""The learner's progress, kept on disk: append-only attempts and resume points; and workshops.

`opening.open_store` gives a `ProgressStore` for one learner, `shared_store.open_shared_store` the
database of a workshop, with the events of its room; the database library is imported when that is
called and not before. Nothing outside this package knows which database it is.
"""
