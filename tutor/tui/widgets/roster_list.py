"""The roster: a line for each learner, drawn as it is seen, so that 300 cost as much as 30."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

from tutor.i18n import Text, message, render
from tutor.player.room_words import clock
from tutor.room.learner import shown
from tutor.room.roster import Line

_NAME_SHARE = 0.4
"""Of the room for name and place, the most that the longest name takes."""
_NAME_LEAST = 8
_FIXED = 28
"""Columns of the hand, the time, the tries and the state."""


class RosterHead(Static):
    """What the columns of the roster are."""

    DEFAULT_CSS = "RosterHead { height: 1; padding-right: 1; color: $text-muted; }"

    longest: reactive[int] = reactive(0)
    """Cells of the longest name under it."""

    def render(self) -> Content:
        """Return the words, each over its column."""
        return Content(
            _Columns(self.content_size.width, self.longest).row(
                hand="",
                name=render(message("Learner")),
                place=render(message("Lesson and step")),
                time=render(message("Time")),
                tries=render(message("Tries")),
                state="",
            )
        )


class RosterList(ScrollView, can_focus=True):
    """Shows the lines in their order; the cursor stays with its learner when the order changes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "roster--cursor", "roster--hand", "roster--stuck", "roster--away", "roster--done",
    }  # fmt: skip
    DEFAULT_CSS = """
    RosterList {
        height: 1fr; width: 1fr; overflow-x: hidden;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        & > .roster--cursor { background: $panel; text-style: bold; }
        & > .roster--hand { color: $text-accent; text-style: bold; }
        & > .roster--stuck { color: $text-warning; }
        & > .roster--away { color: $text-muted; }
        & > .roster--done { color: $text-success; }
        &:nocolor > .roster--cursor { text-style: bold underline; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "end(0)", "First", show=False),
        Binding("end", "end(-1)", "Last", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]

    lines: reactive[Sequence[Line]] = reactive((), init=False)
    """Whom to show, in which order."""
    places: reactive[Mapping[object, str]] = reactive({}, init=False)
    """The words for the places of the lines."""
    chosen: reactive[str] = reactive("", init=False)
    """The name of the learner under the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0
        """Cells of the longest name."""
        self._looks: dict[str, Style] = {}

    @dataclass
    class Chosen(Message):
        """Enter or a second click on a learner."""

        roster: RosterList
        name: str

        @property
        def control(self) -> RosterList:
            """The roster."""
            return self.roster

    def watch_lines(self, lines: Sequence[Line]) -> None:
        """Draw anew; put the cursor on somebody."""
        self.longest = max((cell_len(shown(line.learner.name)) for line in lines), default=0)
        self.virtual_size = Size(self.size.width, len(lines))
        if lines and self._index is None:
            self.chosen = lines[0].learner.name
        self.refresh()

    def watch_places(self) -> None:
        """Draw anew."""
        self.refresh()

    def watch_chosen(self) -> None:
        """Keep the cursor in sight."""
        index = self._index
        if index is not None:
            self.scroll_to_region(Region(0, index, 1, 1), animate=False)
        self.refresh()

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        index = self._index
        return None if index is None else self.lines[index]

    @property
    def _index(self) -> int | None:
        names = (k for k, line in enumerate(self.lines) if line.learner.name == self.chosen)
        return next(names, None)

    def render_line(self, y: int) -> Strip:
        """Return a row of what is in sight."""
        width = self.size.width
        index = y + self.scroll_offset.y
        if index >= len(self.lines):
            words = render(message("Nobody is here yet.")) if not self.lines and y == 0 else ""
            text = set_cell_size(f" {words}", width)
            return Strip([Segment(text, self._look("roster--away"))], width)
        line = self.lines[index]
        style = self._look(_look_of(line))
        if line.learner.name == self.chosen:
            style += self.get_component_rich_style("roster--cursor", partial=not self.has_focus)
        return Strip([Segment(self._words(line, width), style)], width)

    def _look(self, name: str) -> Style:
        """Return how a kind of line looks; worked out once, not for each of 60 lines."""
        look = self._looks.get(name)
        if look is None:
            own = self.get_component_rich_style(name, partial=True) if name else Style()
            look = self._looks[name] = self.rich_style + own
        return look

    def notify_style_update(self) -> None:
        """Work the looks out anew: the theme is another, or the focus."""
        self._looks.clear()
        super().notify_style_update()

    def _words(self, line: Line, width: int) -> str:
        learner = line.learner
        mark = "✗" if learner.wrong_here and not learner.is_done else ""
        return _Columns(width, self.longest).row(
            hand="✋" if learner.hand_at is not None else "",
            name=shown(learner.name),
            place=self.places.get(learner.place, ""),
            time=clock(line.seconds),
            tries=f"{learner.tries}{mark}" if learner.tries else "",
            state=render(_state(line)),
        )

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        index = self._index
        if index is not None:
            self._go(index + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by what is in sight."""
        self.action_move(by * max(1, self.size.height - 1))

    def action_end(self, index: int) -> None:
        """Go to an end."""
        self._go(index % max(1, len(self.lines)))

    def action_choose(self) -> None:
        """Open the learner."""
        if self.line is not None:
            self.post_message(self.Chosen(self, self.chosen))

    def on_click(self, event: events.Click) -> None:
        """Go to a line; a click on the cursor opens it."""
        index = event.y + self.scroll_offset.y
        if index >= len(self.lines):
            return
        if index == self._index:
            self.action_choose()
        self._go(index)

    def _go(self, index: int) -> None:
        if self.lines:
            self.chosen = self.lines[max(0, min(index, len(self.lines) - 1))].learner.name


_ORDER: Sequence[tuple[str, Callable[[Line], bool]]] = (
    ("roster--away", lambda line: not line.is_online),
    ("roster--hand", lambda line: line.learner.hand_at is not None),
    ("roster--stuck", lambda line: line.is_stuck),
    ("roster--done", lambda line: line.learner.is_done),
)


def _look_of(line: Line) -> str:
    return next((name for name, holds in _ORDER if holds(line)), "")


def _state(line: Line) -> Text:
    if not line.is_online:
        return message("away")
    if line.learner.is_done:
        return message("done")
    if line.is_stuck:
        return message("stuck")
    return "" if line.learner.follows else message("own pace")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns are, on a screen so wide with names so long."""

    width: int
    longest: int

    def row(self, *, hand: str, name: str, place: str, time: str, tries: str, state: str) -> str:
        """Return a row, as wide as the screen."""
        room = max(self.width - _FIXED, 10)
        most = max(_NAME_LEAST, int(room * _NAME_SHARE))
        who = _fitted(name, min(max(self.longest, _NAME_LEAST), most))
        where = _fitted(place, room - cell_len(who))
        return set_cell_size(
            f" {set_cell_size(hand, 2)}{who} {where} {_right(time, 7)} {_right(tries, 5)} {state}",
            self.width,
        )


def _right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text


def _fitted(text: str, width: int) -> str:
    if cell_len(text) > width:
        text = set_cell_size(text, max(width - 1, 0)) + "…"
    return set_cell_size(text, width)
