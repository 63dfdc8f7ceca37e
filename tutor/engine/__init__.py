"""The lesson run as a value, and what its experiments compute."""
