"""A rate that may be exceeded for a moment."""

from __future__ import annotations


class Bucket:
    """A rate with a burst of one second."""

    def __init__(self, rate: float, now: float) -> None:
        self._rate = self._left = rate
        self._at = now

    def refill(self, now: float) -> None:
        """Let time pass."""
        self._left = min(self._rate, self._left + (now - self._at) * self._rate)
        self._at = now

    def take(self, amount: float) -> None:
        """Take an amount; it may go below nothing."""
        self._left -= amount

    @property
    def is_empty(self) -> bool:
        """Whether one must wait."""
        return self._left <= 0
