"""What a workshop counts."""

from __future__ import annotations


class Metrics:
    """Counts nothing: what an instructor without `--metrics` pays for it."""

    def authenticated(self, how: str, *, ok: bool) -> None:
        """An authentication came to a result."""

    def rejected(self, why: str) -> None:
        """A connection or session was refused."""

    def started(self, seconds: float) -> None:
        """A tutor painted its first frame."""

    def sessions(self, count: int) -> None:
        """So many learners are here."""
