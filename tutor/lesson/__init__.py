"""What a lesson is, how it is read from YAML, and whether an answer is right."""
