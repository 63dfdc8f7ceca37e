"""A descent as a value: what it is made of, its run, its maps, charts and words."""
