"""What every screen has: its size classes, and a word when the terminal is too small."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import events
from textual.binding import ActiveBinding
from textual.geometry import Size
from textual.message import Message as TextualMessage
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from tutor.i18n import Message, message, render
from tutor.tui.commands import LESSON_COMMANDS, Command
from tutor.tui.private.paint_once import PaintsOnce

if TYPE_CHECKING:
    from tutor.engine.lab.lab import Lab
    from tutor.lesson.catalog import Catalog

T = TypeVar("T")

LEAST_COLUMNS, LEAST_ROWS = 60, 20
TWO_COLUMNS_FROM = 100


@dataclass
class LanguageChosen(TextualMessage):
    """The learner has a language."""

    language: str


@dataclass
class LessonChosen(TextualMessage):
    """A lesson is to be opened."""

    lesson_id: str
    instead_of: TutorScreen[bool] | None = None
    """The lesson before, which has come to its end; None: the map stays below."""


class TooSmall(Static):
    """Lies over the whole screen while the terminal is too small; the focus under it stays."""

    DEFAULT_CSS = """
    TooSmall {
        display: none; layer: above; dock: top; width: 100%; height: 100%;
        background: $background; content-align: center middle;
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)

    def say(self, size: Size) -> None:
        """Say how large the terminal is, and how large it must be."""
        self.update(render(message(
            "Nabla needs {columns}×{rows}; here are {width}×{height}. Enlarge to go on, q quits.",
            columns=LEAST_COLUMNS, rows=LEAST_ROWS, width=size.width, height=size.height,
        )))  # fmt: skip


class TutorScreen(PaintsOnce[T], Generic[T]):
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

    shows_class_line: ClassVar[bool] = True
    """Whether a workshop says here where the class is."""

    is_lab: ClassVar[bool] = False
    """Whether this is the lab itself."""

    def prepare_for_key(self, key: events.Key) -> None:
        """Give the focus, where nothing has it, to what this key is meant for."""

    def class_moved_on(self) -> None:
        """Show what is new in the room, where this screen shows the room."""

    def lab(self) -> Lab | None:
        """Return what the lab opens on from this screen; None: the lab's own first setting."""
        return None

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """Return the bindings that work now, in the words of the session's language."""
        return {key: _in_words(active) for key, active in super().active_bindings.items()}

    def use_catalog(self, catalog: Catalog) -> None:
        """Take the lessons in another language; `say_anew` shows them."""

    def show_anew(self) -> None:
        """Fill in what is not said when the screen is laid out."""

    def on_resize(self, event: events.Resize) -> None:
        """Say how large the terminal is and how large it must be, where that is needed."""
        for notice in self.query(TooSmall):
            notice.say(event.size)


_KEPT = "Input, OptionList, ParameterControl, ConfidenceRow, LabChoice, LabTrack, LabChart"
"""What may be focused, or typed into."""


async def say_anew(screen: TutorScreen[Any]) -> None:
    """Say everything anew, in the session's language; what was typed and the focus stay."""
    kept = [(_entry_of(widget), widget.has_focus) for widget in screen.query(_KEPT)]
    await screen.recompose()
    screen.show_anew()
    for widget, (entry, had_focus) in zip(screen.query(_KEPT), kept, strict=False):
        _restore_entry(widget, entry)
        if had_focus:
            screen.set_focus(widget, scroll_visible=False)
    screen.refresh_bindings()


def _in_words(active: ActiveBinding) -> ActiveBinding:
    binding = active.binding
    label = render(Message(binding.description)) if binding.description else ""
    tooltip = render(Message(active.tooltip)) if active.tooltip else ""
    return active._replace(binding=replace(binding, description=label), tooltip=tooltip)


def _entry_of(widget: Widget) -> str | int | None:
    if isinstance(widget, Input):
        return widget.value
    return widget.highlighted if isinstance(widget, OptionList) else None


def _restore_entry(widget: Widget, entry: str | int | None) -> None:
    if isinstance(widget, Input) and isinstance(entry, str):
        widget.value = entry
    elif isinstance(widget, OptionList) and isinstance(entry, int):
        widget.highlighted = entry
