"""An app that fails without writing its insides over the learner's terminal.

Textual has no public hook for this: the two private names below are the only ones of Textual that
the terminal program uses, and a test fails when either is gone.
"""

from __future__ import annotations

import sys
from typing import TypeVar

from textual.app import App

T = TypeVar("T")


class QuietCrash(App[T]):
    """Keeps an unexpected error for whoever ran the app, instead of printing it."""

    failure: BaseException | None = None
    """The error that ended the app, if one did."""

    def _fatal_error(self) -> None:
        self.failure = self.failure or sys.exc_info()[1]
        self._close_messages_no_wait()
