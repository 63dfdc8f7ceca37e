"""A rate that may be exceeded for a moment."""

from __future__ import annotations


class Bucket:
    """A rate with a burst, of one second unless another is given."""

    def __init__(self, rate: float, now: float, burst: float | None = None) -> None:
        self._rate = rate
        self._burst = self._left = rate if burst is None else burst
        self._at = now

    def refill(self, now: float) -> None:
        """Let time pass."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now

    def take(self, amount: float) -> None:
        """Take an amount; it may go below nothing."""
        self._left -= amount

    @property
    def wait(self) -> float:
        """Seconds until it is no longer empty."""
        return max(0.0, -self._left / self._rate)

    @property
    def is_full(self) -> bool:
        """Whether nothing was taken that has not come back."""
        return self._left >= self._burst

    @property
    def is_empty(self) -> bool:
        """Whether one must wait."""
        return self._left <= 0
