"""The screens: each shows one value (a lesson run, a lab, a room) and turns keys into events."""
