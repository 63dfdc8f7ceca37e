"""The processes of a server: the one that listens, its workers, the end."""
