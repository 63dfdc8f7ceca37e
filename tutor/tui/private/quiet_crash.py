"""An app that fails without writing its insides over the learner's terminal.

Textual has no public hook for this: with `lean_textual.py` the only place of the terminal program
that knows private names of Textual; a test fails when one is gone.
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
