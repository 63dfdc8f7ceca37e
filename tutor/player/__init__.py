"""Plays a lesson for one learner: carries out the effects, once, for every front end."""
