"""Questions to who teaches: a line to type, a step to choose, a yes or no."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tutor.i18n import Text, message, render
from tutor.lesson.catalog import Catalog
from tutor.player.room_words import place_words
from tutor.room.events import Place
from tutor.room.wire import LONGEST_CODE
from tutor.tui.screens.pick import Pick

_MOST_OPTIONS = 9


class AskScreen(ModalScreen[str | None]):
    """A line to type; Enter gives it, Esc gives none."""

    DEFAULT_CSS = """
    AskScreen { align: center middle; }
    AskScreen > Vertical {
        width: 90; max-width: 100%; height: auto; padding: 0 2;
        background: $panel; border: round $primary;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close")]

    def __init__(self, title: Text, about: Text = "") -> None:
        super().__init__()
        self._title, self._about = render(title), render(about)

    def compose(self) -> ComposeResult:
        """Lay out the question and the field."""
        with Vertical():
            yield Static(Content.styled(self._title, "bold $text-primary"), markup=False)
            if self._about:
                yield Static(Content.styled(self._about, "$text-muted"), markup=False)
            yield Input(max_length=LONGEST_CODE, compact=True)
            keys = render(message("Enter takes it, Esc closes."))
            yield Static(Content.styled(keys, "$text-muted"), markup=False)

    @on(Input.Submitted)
    def take(self, field: Input.Submitted) -> None:
        """Give what was typed; nothing is no answer."""
        self.dismiss(field.value.strip() or None)

    def action_close(self) -> None:
        """Give nothing."""
        self.dismiss(None)


def parse_poll(typed: str) -> tuple[str, tuple[str, ...]]:
    """Return the question of a poll and its answers; yes and no where none are given.

    >>> parse_poll("Where does -grad f point? uphill / downhill")
    ('Where does -grad f point?', ('uphill', 'downhill'))
    """
    question, mark, rest = typed.partition("?") if "?" in typed else typed.partition("？")
    given = re.split(r"\s*[/／]\s*", rest.strip())
    options = tuple(each for each in given if each)[:_MOST_OPTIONS]
    yes_or_no = render(message("yes")), render(message("no"))
    return (question + mark).strip(), options if len(options) > 1 else yes_or_no


def parse_minutes(typed: str) -> float | None:
    """Return the seconds of `5`, `1.5` or `2:30`; None where it is none of these.

    >>> parse_minutes("1.5"), parse_minutes("2:30"), parse_minutes("soon")
    (90.0, 150.0, None)
    """
    found = re.fullmatch(r"(\d{1,3})(?::([0-5]\d)|[.,](\d{1,2}))?", typed.strip())
    if found is None:
        return None
    minutes, seconds, part = found.groups()
    return 60.0 * float(f"{minutes}.{part or 0}") + float(seconds or 0)


def steps_to_pick(catalog: Catalog) -> Iterable[Pick]:
    """Yield every step of the course, by `lesson#step`."""
    for lesson in catalog.lessons:
        for step in lesson.steps:
            words = place_words(catalog, Place(lesson.id, step.id))
            yield Pick(f"{lesson.id}#{step.id}", words, step.kind)
