"""Acknowledges answers: what is said of one is so. The one place for app, plain lines and class.

A verdict waits until its answer is in the database, but not longer than a moment; what is shown
before that is marked, until it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, wait
from typing import Final

from tutor.i18n import Message, message

PATIENCE: Final = 0.1
"""Seconds that a verdict waits for its answer."""
BEING_WRITTEN: Final = message("Your answers are being written: one moment, please.")
MARK: Final = message("(not written yet)")


class Receipts:
    """The answers of one sitting that were handed in, and whether they are written."""

    patience = PATIENCE

    def __init__(self) -> None:
        self.last: Future[None] | None = None
        """Of the answer that was handed in last."""
        self._given: list[tuple[str | None, Future[None]]] = []

    def add(self, step: str, receipt: Future[None]) -> None:
        """Take note of an answer that was handed in."""
        self.last = receipt
        self._given.append((step, receipt))

    def add_place(self, receipt: Future[None]) -> None:
        """Take note of a place, or of parameters, that were handed in."""
        self._given.append((None, receipt))

    @property
    def unwritten(self) -> tuple[str, ...]:
        """The steps of the answers that are not written yet, one for each answer."""
        self._given = [each for each in self._given if not _is_written(each[1])]
        return tuple(step for step, _ in self._given if step is not None)

    def wait(self, *, patiently: bool = True) -> bool:
        """Wait for the answer that was handed in last; return whether it is written."""
        if self.last is None:
            return True
        wait([self.last], self.patience if patiently else 0)
        return _is_written(self.last)


def _is_written(receipt: Future[None]) -> bool:
    """Whether it is; errors that nobody foresaw are raised where the answer was given."""
    if receipt.done():
        receipt.result()
    return receipt.done()


def count_words(unwritten: Sequence[str]) -> Message | None:
    """Say how many answers are not written yet; None where all are."""
    return message("{count} not written yet", count=len(unwritten)) if unwritten else None
