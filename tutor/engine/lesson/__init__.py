"""A lesson being worked through, as a value, and what may be seen of it."""
