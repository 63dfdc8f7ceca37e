"""How fast charts are redrawn."""
