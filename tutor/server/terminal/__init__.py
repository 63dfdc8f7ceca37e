"""What a learner sees and types: a session, its driver, its input and output."""
