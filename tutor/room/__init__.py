"""The class as a value: what happened in the room (events) and what follows from it (a fold)."""
