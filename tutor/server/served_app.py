"""The tutor as a workshop serves it: the same app, without what belongs to one's own computer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.color import ColorSystem
from textual import events, on
from textual.filter import LineFilter
from textual.widgets import Input, TextArea

import tutor.tui.app
from tutor.i18n import message
from tutor.player.files import refuse_files
from tutor.server.colours import FewerColours
from tutor.server.private.painting import PaintsChanges
from tutor.tui.app import TutorApp
from tutor.tui.services import Services


class ServedApp(PaintsChanges, TutorApp, inherit_bindings=True):
    """One learner's tutor among many in this process."""

    CSS_PATH = str(Path(tutor.tui.app.__file__).with_name("app.tcss"))

    def on_load(self) -> None:
        """Write no file: it would stand on the server."""
        refuse_files(
            message(
                "In a workshop nothing is written to files: they would stand on the server. Your "
                "answers are kept; on your own computer `nabla` exports them."
            )
        )

    def __init__(self, services: Services, *, language: str, colours: ColorSystem) -> None:
        super().__init__(services, language=language)
        self._colours = () if colours == ColorSystem.TRUECOLOR else (FewerColours(colours),)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line goes through, last the colours of the learner's terminal."""
        return [*super().get_line_filters(), *self._colours]

    def leave_on_signals(self) -> None:
        """Leave signals to the server."""

    @on(events.DescendantFocus)
    def stop_blinking(self, event: events.DescendantFocus) -> None:
        """Keep cursors still: thirty that blink take a tenth of a core."""
        if isinstance(event.widget, Input | TextArea):
            event.widget.cursor_blink = False
