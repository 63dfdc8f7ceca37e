"""The lab's rows of words: what is descended and compared, its pages, commands with their keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tutor.charts.chart import Role
from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.words import read_off
from tutor.engine.lab.lab import Lab
from tutor.i18n import Text, message, render
from tutor.tui.commands import BESIDE, COMPARE, PIN, Command
from tutor.tui.widgets.chart_view import sample_of

_HALF_LEGEND: Final = 34
"""Columns that one entry of the legend needs to stand beside another, where it need not."""
_FORMULA_ROOM: Final = 12
"""Columns that the formula keeps beside the rivals."""


@dataclass(frozen=True, slots=True)
class Rival:
    """A run that the present one is compared with: a ghost, or the one beside."""

    role: Role
    """What it is drawn as."""
    words: Text
    """In what it differs."""
    value: str
    """Where it ends: f, in words."""


class LabBar(Widget):
    """`∇ Lab  x₀²/20 + x₁²          at (−7, 2): f = 6.45, ∇f = (−0.7, 4)`.

    Under no cursor or mouse it names the rivals: those whose marks the charts show.
    """

    DEFAULT_CSS = """
    LabBar { height: 1; width: 1fr; background: $panel; padding: 0 1; }
    """

    formula: reactive[str] = reactive("")
    """What is descended."""
    reading: reactive[Text] = reactive("")
    """Value and gradient under the cursor or the mouse."""
    rivals: reactive[tuple[Rival, ...]] = reactive(())
    """The runs that this one is compared with."""
    hint: reactive[Text] = reactive("")
    """What the focused row understands; shown where nothing else needs the room."""

    def follow(self, lab: Lab) -> None:
        """Tell what a lab descends, and what lies under its cursor."""
        self.formula = f"f = {objective_of(lab.setup).formula}"
        if lab.cursor is not None:
            self.reading = read_off(lab.setup, lab.cursor)

    def render(self) -> Content:
        """Return the row: name and formula left; right the reading, the rivals or the hint."""
        head = render(message("∇ Lab"))
        room = self.content_size.width - cell_len(head) - 4
        told = self._told(room)
        formula = Content(self.formula).truncate(
            max(0, room - told.cell_length), ellipsis=True, pad=True
        )
        return Content.assemble((head, "bold $text-primary"), "  ", formula, "  ", told)

    def _told(self, room: int) -> Content:
        if self.reading:
            return Content.styled(render(self.reading), "$text-accent")
        if self.rivals:
            return self._rivals_in(room - min(cell_len(self.formula), _FORMULA_ROOM))
        hint = render(self.hint)
        has_room = cell_len(self.formula) + cell_len(hint) <= room
        return Content.styled(hint if has_room else "", "$text-muted")

    def _rivals_in(self, room: int) -> Content:
        """Return every rival's mark and name; where there is little room the names are cut."""
        names = [render(rival.words) for rival in self.rivals]
        longest = max(map(cell_len, names))
        while sum(min(cell_len(name), longest) + 3 for name in names) - 1 > room and longest > 1:
            longest -= 1
        entries = [
            Content.assemble(
                sample_of(rival.role, self.app), " ", Content(name).truncate(longest, ellipsis=True)
            )
            for rival, name in zip(self.rivals, names, strict=True)
        ]
        return Content(" ").join(entries)


class LabLegend(Widget):
    """Each rival with its mark and where it ends: one a line, or two where that is too many.

    Without any it says by which keys there are some.
    """

    rivals: reactive[tuple[Rival, ...]] = reactive((), layout=True)
    """What is shown."""

    def __init__(self) -> None:
        super().__init__(id="legend")

    def render(self) -> Content:
        """Return the lines, as many as there is room for."""
        return Content("\n").join(self._lines(*self.content_size))

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return how many lines there are in this width."""
        return len(self._lines(width, len(self.rivals)))

    def _lines(self, width: int, height: int) -> list[Content]:
        if not self.rivals:
            words = message(
                "{pin} pins this run, {beside} keeps it beside, {compare} compares the optimizers.",
                pin=PIN.letter, beside=BESIDE.letter, compare=COMPARE.letter,
            )  # fmt: skip
            return [Content.styled(render(words), "$text-muted")]
        lines = [self._line(rival) for rival in self.rivals]
        half = width // 2
        if len(lines) < 2 or (half < _HALF_LEGEND and len(lines) <= height):
            return lines
        halves = [line.truncate(half - 1, ellipsis=True, pad=True) for line in lines]
        pairs = zip_longest(halves[::2], halves[1::2], fillvalue=Content(""))
        return [first + " " + second for first, second in pairs]

    def _line(self, rival: Rival) -> Content:
        words = render(message("{what} → f = {value}", what=rival.words, value=rival.value))
        return Content.assemble(sample_of(rival.role, self.app), " ", words)


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
