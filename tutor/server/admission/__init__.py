"""Who gets in: connections, limits, names, codes and keys."""
