"""Charts as data, and their drawing as rows of styled cells; plotext stands behind one file."""
