"""The numerical core: gradients, differences and descent. NumPy and the standard library only."""
