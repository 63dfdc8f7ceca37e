"""The learner's progress, kept on disk."""
