"""Nabla: learn derivatives, gradients and gradient descent in the terminal."""

__version__ = "0.2.0"
