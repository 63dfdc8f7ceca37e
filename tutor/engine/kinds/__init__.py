"""What each kind of step does, asks and shows."""
