"""How fast Nabla is, against named peers in the same run: `python -m tests.benchmarks`."""
