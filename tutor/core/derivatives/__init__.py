"""Slopes that know their error: `derivative`, `gradient`, and what is built on them."""
