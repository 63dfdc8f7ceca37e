"""The lab's rows of words: what is descended, the names of its pages, commands with their keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.words import read_off
from tutor.engine.lab.lab import Lab
from tutor.i18n import Text, message, render
from tutor.tui.commands import Command


class LabBar(Widget):
    """`∇ Lab  x₀²/20 + x₁²          at (−7, 2): f = 6.45, ∇f = (−0.7, 4)`."""

    DEFAULT_CSS = """
    LabBar { height: 1; width: 1fr; background: $panel; padding: 0 1; }
    """

    formula: reactive[str] = reactive("")
    """What is descended."""
    reading: reactive[Text] = reactive("")
    """Value and gradient under the cursor or the mouse."""
    hint: reactive[Text] = reactive("")
    """What the focused row understands; shown where nothing else needs the room."""

    def follow(self, lab: Lab) -> None:
        """Tell what a lab descends, and what lies under its cursor."""
        self.formula = f"f = {objective_of(lab.setup).formula}"
        if lab.cursor is not None:
            self.reading = read_off(lab.setup, lab.cursor)

    def render(self) -> Content:
        """Return the row: name and formula left; the reading right, or the hint."""
        head, reading, look = render(message("∇ Lab")), render(self.reading), "$text-accent"
        room = self.content_size.width - cell_len(head) - 4
        if not reading and cell_len(self.formula) + cell_len(hint := render(self.hint)) <= room:
            reading, look = hint, "$text-muted"
        room -= cell_len(reading)
        formula = Content(self.formula).truncate(max(0, room), ellipsis=True, pad=True)
        return Content.assemble((head, "bold $text-primary"), "  ", formula, "  ", (reading, look))


class LabTabs(Widget):
    """`[Function]  Rule  Look  Compare  Share      PgUp PgDn`; a click opens a page."""

    DEFAULT_CSS = """
    LabTabs { height: 1; width: 1fr; padding: 0 1; background: $panel; }
    """

    page: reactive[int] = reactive(0)
    """The page that is shown."""

    @dataclass
    class PagePicked(Message):
        """A page is to be shown."""

        page: int

    def __init__(self, titles: Sequence[Text]) -> None:
        super().__init__()
        self._titles = [render(title) for title in titles]

    def render(self) -> Content:
        """Return the row."""
        parts = [
            (f"[{title}]", "$text-accent bold") if n == self.page else (f" {title} ", "")
            for n, title in enumerate(self._titles)
        ]
        room = self.content_size.width - sum(cell_len(part[0]) for part in parts)
        return Content.assemble(*parts, ("PgUp PgDn".rjust(max(0, room)), "$text-muted"))

    def on_click(self, event: events.Click) -> None:
        """Open the page that was clicked."""
        x = event.x - 1
        for number, title in enumerate(self._titles):
            x -= cell_len(title) + 2
            if x < 0:
                self.post_message(self.PagePicked(number))
                return


class LabActions(Static):
    """`g Ghost  x No ghosts  s Beside`: each opens the screen's action of its command."""

    DEFAULT_CSS = """
    LabActions { height: 1; width: 1fr; padding: 0 1; link-style: none; link-color: $text; }
    """

    def __init__(self, commands: Iterable[Command]) -> None:
        super().__init__(Content("  ").join(map(_link, commands)), markup=False)


def _link(command: Command) -> Content:
    return Content.from_markup(
        f"[@click=screen.{command.action}][b $text-accent]$key[/] $label[/]",
        key=command.letter,
        label=render(command.label),
    )
