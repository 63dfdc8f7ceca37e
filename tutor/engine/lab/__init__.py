"""The lab: runs of descent that can be set up, branched, compared, replayed and taken away."""
