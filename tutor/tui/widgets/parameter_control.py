"""One parameter on one row: its label, its value (which may be typed) and a track with a handle."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.engine.lesson.controls import Control
from tutor.engine.numbers import show
from tutor.errors import TutorError
from tutor.i18n import Text, message, render
from tutor.lesson.grading import parse_number
from tutor.typed import folded_key

_VALUE_WIDTH = 10
_FEWEST_TRACK_CELLS = 8
_KEYS = (
    message("← → turn · Shift ten · or type a number"),
    message("← → turn · Shift ten"),
    message("← → turn"),
)
"""How a control is turned, the longest that has room."""
_KEYS_OF_SEVERAL = (
    message("← → turn · Shift ten · type a number · ↑ ↓ others"),
    message("← → turn · Shift ten · ↑ ↓ others"),
    message("← → turn · ↑ ↓ others"),
    message("← → · ↑ ↓"),
)
"""The same where there is another control."""
_FINE, _COARSE = 1, 10
_BY_ONE = frozenset({"left", "right"})
_BY_ONE_ALONE = frozenset({"up", "down"})
_FIRST_CHARACTERS = frozenset("0123456789.")
_SIGNS = {"+": 1, "-": -1, "−": -1}
"""Turn by a step; a minus with a number after it begins that number."""
_COMMON_KEYS = frozenset(" abcdefghijklmnopqrstuvwxyz")
"""Where one of them does nothing, the row says what does."""
_LONGEST_ENTRY = 24
_LEAVING_KEYS = frozenset({"tab", "shift+tab", "up", "down"})
"""Keys that take what is typed and go on to another row."""
_FUNCTION_KEY = re.compile(r"(ctrl\+|f\d)")


@dataclass(frozen=True, slots=True)
class _Row:
    """What one row shows, in so many cells."""

    spec: Control
    value: float
    entry: str | None
    problem: Text
    label_width: int
    has_focus: bool
    says_keys: bool
    is_alone: bool
    width: int

    def drawn(self) -> Content:
        """Return the row."""
        label = set_cell_size(render(self.spec.label), self.label_width)
        name = Content.assemble((label, "bold" if self.has_focus else ""), " ")
        if self.problem:
            return self._with_problem(name)
        tail = self._track() if self.entry is None else self._typing_words()
        return Content.assemble(name, self._field(), " ", tail)

    def _with_problem(self, name: Content) -> Content:
        """Return the row with its problem; where that needs the room, without the value."""
        words = render(self.problem)
        start, _ = self.track_span()
        if start + cell_len(words) <= self.width:
            name = Content.assemble(name, self._field(), " ")
        row = Content.assemble(name, (words, "$text-error"))
        return row.truncate(max(1, self.width), ellipsis=True)

    def _typing_words(self) -> Content:
        start, cells = self.track_span()
        words = Content.styled(render(message("↵ takes it, Esc leaves it")), "$text-muted")
        over = max(0, cell_len(self._field()[0]) - _VALUE_WIDTH)
        return words.truncate(max(1, min(cells, self.width - start) - over), ellipsis=True)

    def _field(self) -> tuple[str, str]:
        if self.entry is not None:
            return (f"{self.entry + '▏':<{_VALUE_WIDTH}}", "$text-accent reverse")
        return (f"{show(self.value):<{_VALUE_WIDTH}}", "$text-accent bold")

    def _track(self) -> Content:
        start, cells = self.track_span()
        words = self._keys_words(start)
        handle = round(self.spec.fraction(self.value) * (cells - 1))
        return Content.assemble(
            ("━" * handle, "$accent"),
            ("●" if self.has_focus else "○", "$accent bold"),
            ("─" * (cells - 1 - handle), "$text-muted"),
            (f"  {words}" if words else "", "$text-accent"),
        )

    def track_span(self) -> tuple[int, int]:
        """Return the first cell of the track and how many it has."""
        start = self.label_width + 1 + _VALUE_WIDTH + 1
        words = self._keys_words(start)
        taken = cell_len(words) + 2 if words else 0
        return start, max(_FEWEST_TRACK_CELLS, self.width - start - taken)

    def _keys_words(self, start: int) -> str:
        """Return how the row is turned, as far as that has room; nothing where it is known.

        Nor while a value is typed: then the row says how that is taken.
        """
        if not self.says_keys or self.entry is not None:
            return ""
        room = self.width - start - _FEWEST_TRACK_CELLS - 2
        said = map(render, _KEYS if self.is_alone else _KEYS_OF_SEVERAL)
        return next((words for words in said if cell_len(words) <= room), "")


class ParameterControl(Widget, can_focus=True):
    """A number to turn by key, by mouse or by typing it."""

    DEFAULT_CSS = """
    ParameterControl {
        height: 1;
        width: 1fr;
        padding: 0 1;
        &:focus { background: $boost; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "−", show=False),
        Binding("right", "turn(1)", "+", show=False),
        # Some terminals send an arrow with Shift as the arrow alone.
        Binding("shift+left,less_than_sign", "turn(-10)", "−10", show=False),
        Binding("shift+right,greater_than_sign", "turn(10)", "+10", show=False),
        Binding("home", "turn_to_end(0)", "Lowest", show=False),
        Binding("end", "turn_to_end(1)", "Highest", show=False),
        Binding("up", "go(-1)", "Previous", show=False),
        Binding("down", "go(1)", "Next", show=False),
        Binding("equals_sign", "type", "Type", show=False),
    ]
    value: reactive[float] = reactive(0.0)
    """The value in force."""
    entry: reactive[str | None] = reactive(None)
    """What is being typed; None while nothing is."""
    problem: reactive[Text] = reactive("")
    """Why the last entry was refused, shown in place of the track."""
    keys: reactive[bool] = reactive(False)
    """Whether the row says how it is turned: until the learner has done so, and when asked."""
    repeats = 1
    """How often the next key counts: it came so often before there was time for it."""
    enter_types = False
    """Whether Enter, with nothing typed, opens the entry, and a sign, too.

    Else Enter says that the value is meant, and a sign turns.
    """
    is_alone = False
    """Whether there is no other to go to: then ↑ and ↓ turn this one."""
    _before_minus: float | None = None
    """The value before a minus, which may begin a number."""
    label_width: reactive[int] = reactive(0)
    """Cells for the label, so that tracks of several controls stand in line."""

    @dataclass
    class Changed(Message):
        """The learner wants another value."""

        parameter: ParameterControl
        name: str
        value: float

        @property
        def control(self) -> ParameterControl:
            """The parameter's row."""
            return self.parameter

    @dataclass
    class Turned(Message):
        """The learner wants to go so many steps up or down from whatever the value is by then."""

        parameter: ParameterControl
        name: str
        ticks: int

        @property
        def control(self) -> ParameterControl:
            """The parameter's row."""
            return self.parameter

    @dataclass
    class Settled(Message):
        """Enter was pressed with nothing typed: this value is meant."""

        parameter: ParameterControl

        @property
        def control(self) -> ParameterControl:
            """The parameter's row."""
            return self.parameter

    @dataclass
    class Puzzled(Message):
        """A key was pressed that means nothing here; the row says which do, if it has room."""

        parameter: ParameterControl

        @property
        def control(self) -> ParameterControl:
            """The parameter's row."""
            return self.parameter

    @dataclass
    class Refused(Message):
        """What was typed cannot be taken; the row says why, as far as it has room."""

        parameter: ParameterControl
        problem: Text

        @property
        def control(self) -> ParameterControl:
            """The parameter's row."""
            return self.parameter

    def __init__(self, spec: Control, value: float, *, label_width: int) -> None:
        super().__init__(disabled=spec.locked)
        self.spec = spec
        self.set_reactive(ParameterControl.value, value)
        self.set_reactive(ParameterControl.label_width, label_width)
        ends = message("{label}: {low} to {high}", label=spec.label, low=show(spec.low),
                       high=show(spec.high))  # fmt: skip
        self.tooltip = Content(render(ends))

    def render(self) -> Content:
        """Return the row."""
        return self._row.drawn()

    @property
    def _row(self) -> _Row:
        return _Row(
            self.spec, self.value, self.entry, self.problem, self.label_width,
            has_focus=self.has_focus, says_keys=self.keys and self.has_focus,
            is_alone=self.is_alone, width=self.content_size.width,
        )  # fmt: skip

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Leaving the row takes back what was half typed."""
        if not self.has_focus and self.app.app_focus:
            self.entry = None
            self.problem = ""

    def on_key(self, event: events.Key) -> None:
        """Take the characters of a typed value, as a text field does."""
        before, self._before_minus = self._before_minus, None
        typed = folded_key(event.character or "")
        is_sign = typed in _SIGNS
        if self.entry is not None:
            self._edit(event)
        elif typed in _FIRST_CHARACTERS or (self.enter_types and is_sign):
            event.stop()
            if before is not None:
                self._ask_for(before)
            self._open_entry(f"{'' if before is None else '-'}{event.character}")
        elif is_sign:
            event.stop()
            ticks = _SIGNS[typed]
            self._before_minus = self.value if ticks < 0 else None
            self.action_turn(ticks)
        elif event.key == "enter":
            event.stop()
            if self.enter_types:
                self._open_entry()
            else:
                self.post_message(self.Settled(self))
        elif event.character in _COMMON_KEYS and event.key not in self.screen.active_bindings:
            self.keys = True
            self.post_message(self.Puzzled(self))

    def _open_entry(self, entry: str = "") -> None:
        self.problem = ""
        self.entry = entry

    def _edit(self, event: events.Key) -> None:
        """Keep what belongs to the entry; Ctrl and F keys are commands here too."""
        entry = self.entry or ""
        if _FUNCTION_KEY.match(event.key):
            return
        if event.key in _LEAVING_KEYS and self._take_entry(entry):
            if self.is_alone and event.key in ("up", "down"):
                event.stop()
                event.prevent_default()
            return
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self._take_entry(entry)
        elif event.key == "escape":
            self.entry = None
        elif event.key == "backspace":
            self.entry = entry[:-1] or None
        elif event.is_printable and event.character is not None:
            self.entry = (entry + event.character)[:_LONGEST_ENTRY]

    def _take_entry(self, entry: str) -> bool:
        """Ask for the value that was typed; return False where that is none."""
        self.entry = None
        if not entry.strip():
            return True
        try:
            value = self.spec.accept(parse_number(entry))
        except TutorError as error:
            self.problem = error.text
            self.post_message(self.Refused(self, error.text))
            return False
        self._ask_for(value)
        return True

    def action_type(self) -> None:
        """Open the entry: letters are letters there."""
        self._open_entry()

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted as if it were typed; a state code is left to the lab."""
        if event.text.strip().startswith("nabla"):
            return
        event.stop()
        self._open_entry(((self.entry or "") + event.text.strip())[:_LONGEST_ENTRY])

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the handle, or type where the value stands."""
        self.focus()
        start, _ = self._row.track_span()
        column = event.x - 1
        if column >= start - 1:
            self.capture_mouse()
            self._turn_to_cell(event.x)
        elif column > self.label_width and self.entry is None:
            self._open_entry()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the handle."""
        if self.app.mouse_captured is self:
            self._turn_to_cell(event.x)

    def on_mouse_up(self) -> None:
        """Let go of the handle."""
        self.release_mouse()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Turn up by a step."""
        event.stop()
        self.action_turn(_FINE)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Turn down by a step."""
        event.stop()
        self.action_turn(-_FINE)

    def _turn_to_cell(self, x: int) -> None:
        start, cells = self._row.track_span()
        cell = x - start - 1
        if cell >= -1:
            self._ask_for(self.spec.at_fraction(cell / (cells - 1)))

    def may_repeat(self, key: str) -> bool:
        """Whether a key turns by one."""
        keys = _BY_ONE | _BY_ONE_ALONE if self.is_alone else _BY_ONE
        return self.entry is None and key in keys

    def action_turn(self, ticks: int) -> None:
        """Turn by so many steps."""
        self.problem = ""
        times, self.repeats = self.repeats, 1
        self.post_message(self.Turned(self, self.spec.name, ticks * times))

    def action_go(self, by: int) -> None:
        """Go to the control above or below; where there is none, turn."""
        if self.is_alone:
            self.action_turn(-by)
        elif by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def action_turn_to_end(self, end: int) -> None:
        """Turn to the lowest (0) or the highest (1) value."""
        self._ask_for(self.spec.high if end else self.spec.low)

    def _ask_for(self, value: float) -> None:
        self.problem = ""
        if value != self.value:
            self.post_message(self.Changed(self, self.spec.name, value))
