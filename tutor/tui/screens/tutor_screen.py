"""What every screen has: its size classes, and a word when the terminal is too small."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import events
from textual.screen import Screen
from textual.widgets import Static

from tutor.i18n import message, render
from tutor.tui.commands import LESSON_COMMANDS, Command

if TYPE_CHECKING:
    from tutor.engine.lab.setup import Lab

T = TypeVar("T")

LEAST_COLUMNS, LEAST_ROWS = 60, 20
TWO_COLUMNS_FROM = 100


class TooSmall(Static):
    """Lies over the whole screen while the terminal is too small; the focus under it stays."""

    DEFAULT_CSS = """
    TooSmall {
        display: none; layer: above; dock: top; width: 100%; height: 100%;
        background: $background; content-align: center middle;
    }
    """


class TutorScreen(Screen[T], Generic[T]):
    """A screen that lays itself out by size classes: -tiny, -narrow (one column) or -wide."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 — Textual reads it from the class
        (0, "-tiny"),
        (LEAST_COLUMNS, "-narrow"),
        (TWO_COLUMNS_FROM, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 — Textual reads it from the class
        (0, "-low"),
        (LEAST_ROWS, "-tall"),
    ]

    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = LESSON_COMMANDS
    """What the help screen lists first when it is opened from here."""

    is_lab: ClassVar[bool] = False
    """Whether this is the lab itself."""

    def lab(self) -> Lab | None:
        """Return what the lab opens on from this screen; None: the lab's own first setting."""
        return None

    def on_resize(self, event: events.Resize) -> None:
        """Say how large the terminal is and how large it must be, where that is needed."""
        words = message(
            "Nabla needs {columns}×{rows}; here are {width}×{height}. Enlarge to go on, q quits.",
            columns=LEAST_COLUMNS, rows=LEAST_ROWS, width=event.size.width,
            height=event.size.height,
        )  # fmt: skip
        for notice in self.query(TooSmall):
            notice.update(render(words))
