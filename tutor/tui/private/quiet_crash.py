"""An app that fails without writing its insides over the learner's terminal."""

from __future__ import annotations

import io
import sys
from typing import Any, TypeVar, cast

from rich.console import Console
from textual.app import App

from tutor.private_names import overrides
from tutor.tui.private import QUIET_CRASHES, is_on

T = TypeVar("T")


@overrides("_fatal_error", only_if=is_on(QUIET_CRASHES))
class QuietCrash(App[T]):
    """Keeps an unexpected error for whoever ran the app, instead of printing it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kept: BaseException | None = None
        # What Textual still prints of an error is read by us alone.
        self.error_console = Console(file=io.StringIO(), markup=False, highlight=False)

    @property
    def failure(self) -> BaseException | None:
        """The error that ended the app, if one did."""
        printed = cast(io.StringIO, self.error_console.file).getvalue()
        if self._kept is None and self.return_code and printed:
            return RuntimeError(printed)
        return self._kept

    def _fatal_error(self) -> None:
        self._kept = self._kept or sys.exc_info()[1]
        self._close_messages_no_wait()
