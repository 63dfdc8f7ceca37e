"""The tools of lesson authors."""
