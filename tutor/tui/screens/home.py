"""The course map: lessons with their state, and Continue in focus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message as TextualMessage
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.i18n import message, render
from tutor.lesson.wrapping import broken, word_lines
from tutor.player.course_map import CourseMap, MapEntry
from tutor.tui.commands import HOME_COMMANDS, ROW_COMMANDS, Command, bindings
from tutor.tui.screens.tutor_screen import LessonChosen, TooSmall, TutorScreen
from tutor.tui.widgets.key_bar import KeyBar

_MARKS = {
    "unknown": ("·", "$text-muted"),
    "not-started": ("○", "$text-muted"),
    "under-way": ("◐", "$text-accent bold"),
    "done": ("●", "$text-success"),
}


_BAR = 8
_SECOND_DIGIT = 1.0
"""Seconds within which a second digit belongs to the first."""


class LessonList(OptionList):
    """The rows of the map; its own keys have their names in the last row, too."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(ROW_COMMANDS)


class HomeScreen(TutorScreen[None]):
    """The first screen. The first row continues; each other row opens its lesson."""

    course_map: reactive[CourseMap | None] = reactive(None, init=False)
    """What to show. Until the progress has been read: the lessons without their states."""
    notice: reactive[str] = reactive("", init=False)
    """What the learner should know: lessons left out, trouble with the progress file."""

    AUTO_FOCUS: ClassVar[str | None] = "#lessons"
    BINDINGS: ClassVar[list[BindingType]] = bindings(HOME_COMMANDS)
    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = HOME_COMMANDS

    lessons = query_one("#lessons", LessonList)
    details = query_one("#details", Static)

    class ReviewChosen(TextualMessage):
        """What is due for review is wanted."""

    class ProgressChosen(TextualMessage):
        """The progress is to be seen."""

    class ContinueChosen(TextualMessage):
        """The learner goes on where they were."""

    def __init__(self, course_map: CourseMap, notice: str) -> None:
        super().__init__()
        self.set_reactive(HomeScreen.course_map, course_map)
        self.set_reactive(HomeScreen.notice, notice)
        self._digits = ""
        """What was typed of a lesson's number."""
        self._digits_end: Timer | None = None
        self._is_unveiled = False

    def compose(self) -> ComposeResult:
        """Lay out the title, the list, the details of a lesson, notices and the footer."""
        yield TooSmall()
        yield Static(_banner(self.course_map), id="banner", markup=False)
        with Container(id="map"):
            yield LessonList(*self._options(), id="lessons", markup=False)
            with VerticalScroll(id="about", can_focus=False):
                yield Static(id="details", markup=False)
        yield Static(self.notice, id="notice", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Put the cursor on Continue."""
        self.lessons.highlighted = 0
        self._show_details()

    def show_titles(self, course_map: CourseMap) -> None:
        """Have titles in another language; the app brings the states with the next map."""
        self.set_reactive(HomeScreen.course_map, course_map)

    def show_anew(self) -> None:
        """Tell of the lesson under the cursor again."""
        self._show_details()

    def watch_course_map(self) -> None:
        """Show the states, with the cursor where it was."""
        self.query_one("#banner", Static).update(_banner(self.course_map))
        self._show_rows()

    def _show_rows(self) -> None:
        here = self.lessons.highlighted
        self.lessons.set_options(self._options())
        self.lessons.highlighted = here
        self._show_details()

    def watch_notice(self, notice: str) -> None:
        """Show or hide the notice."""
        self.query_one("#notice", Static).update(notice)

    def unveil(self) -> None:
        """Be seen from the next look at it on: under another screen nothing of it is laid out."""
        self._is_unveiled = True
        if self.app.screen is self:
            self.remove_class("-unseen")

    def on_screen_resume(self) -> None:
        """Coming back from a lesson: on Continue again."""
        self.lessons.highlighted = 0
        if self._is_unveiled:
            self.remove_class("-unseen")

    def action_type_digit(self, digit: str) -> None:
        """Go to the lesson of this number, and open it once no other can be meant."""
        here = self._entry_at(self.lessons.highlighted)
        if self.course_map is None or here is None:
            return
        course = here.course
        typed = self._digits + digit
        if self.course_map.numbered(int(typed), course) is None:
            typed = digit
        position = self.course_map.numbered(int(typed), course)
        self._forget_digits()
        if position is None:
            return
        self.lessons.highlighted = self._rows.index(self._entries[position]) + 1
        tens = range(int(typed) * 10, int(typed) * 10 + 10)
        if any(self.course_map.numbered(number, course) is not None for number in tens):
            self._digits = typed
            self._digits_end = self.set_timer(_SECOND_DIGIT, self._open_typed)
        else:
            self._open_typed()

    def _open_typed(self) -> None:
        self._forget_digits()
        self.lessons.action_select()

    def _forget_digits(self) -> None:
        self._digits = ""
        if self._digits_end is not None:
            self._digits_end.stop()

    def action_open_review(self) -> None:
        """Ask for the review."""
        self.post_message(self.ReviewChosen())

    def action_open_progress(self) -> None:
        """Ask for the progress."""
        self.post_message(self.ProgressChosen())

    @property
    def _entries(self) -> tuple[MapEntry, ...]:
        return self.course_map.entries if self.course_map else ()

    def _options(self) -> list[Option | None]:
        if not self._entries:
            empty = message("No lessons were found: see the notice below.")
            return [Option(render(empty), disabled=True)]
        layout = _RowLayout.of(self._entries, self._room)
        rows = [
            Option(_head(row), disabled=True) if isinstance(row, str) else Option(layout.row(row))
            for row in self._rows
        ]
        return [Option(self._continue_row()), None, *rows]

    @property
    def _room(self) -> int:
        """The cells of a row, without what the list keeps free at its sides."""
        laid_out = [each.scrollable_content_region.width for each in self.query(LessonList)]
        return (max(laid_out, default=0) or self.app.size.width - 2) - 2

    @property
    def _rows(self) -> list[MapEntry | str]:
        """The rows under Continue: lessons and, where there are several courses, their heads."""
        rows: list[MapEntry | str] = []
        for position, entry in enumerate(self._entries):
            head = self.course_map.head_of(position) if self.course_map else None
            rows += [entry] if head is None else [head, entry]
        return rows

    def _continue_row(self) -> Content:
        entry = self._continue_entry
        if entry is None:
            return Content.assemble((f"▶ {render(message('Continue'))}", "bold"))
        words = {"not-started": message("Start"), "under-way": message("Continue")}
        word = render(words.get(entry.state, message("Again")))
        line = message("▶ {word}: {title}", word=word, title=entry.lesson.title)
        if entry.state == "under-way":
            line = message("▶ {word}: {title} · {where}", word=word, title=entry.lesson.title,
                           where=entry.state_words)  # fmt: skip
        return Content(render(line)).stylize("bold", 0, len("▶ ") + len(word))

    @property
    def _continue_entry(self) -> MapEntry | None:
        position = self.course_map.continue_at if self.course_map else None
        return None if position is None else self._entries[position]

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the rows and break the words about a lesson anew."""
        super().on_resize(event)
        self.call_after_refresh(self._show_rows)

    @on(OptionList.OptionHighlighted)
    def _show_details(self) -> None:
        entry = self._entry_at(self.lessons.highlighted)
        width = self.details.content_size.width
        is_beside = self.has_class("-wide")
        self.details.update(_details(entry, width, is_beside=is_beside) if entry else "")

    def _entry_at(self, position: int | None) -> MapEntry | None:
        """Return the entry of a row: the first row is Continue's."""
        if not position or not self._entries:
            return self._continue_entry
        row = self._rows[position - 1]
        return None if isinstance(row, str) else row

    @on(OptionList.OptionSelected)
    def open_row(self, event: OptionList.OptionSelected) -> None:
        """Open the lesson of the row."""
        event.stop()
        self._forget_digits()
        entry = self._entry_at(event.option_index)
        if event.option_index == 0:
            self.post_message(self.ContinueChosen())
        elif entry is not None:
            self.post_message(LessonChosen(entry.lesson.id))


def _banner(course_map: CourseMap | None) -> Content:
    subtitle = render(message("learn gradients in your terminal"))
    banner = Content.assemble(("∇ Nabla", "bold $text-primary"), (f"  {subtitle}", "$text-muted"))
    if course_map is None or not course_map.due:
        return banner
    due = render(message("review due: {n} (v)", n=course_map.due))
    return Content.assemble(banner, "    ", (f"● {due}", "$text-accent bold"))


def _head(course: str) -> Content:
    return Content.assemble((f"   {course}", "$text-muted bold"))


@dataclass(frozen=True, slots=True)
class _RowLayout:
    """What stands in every row of the list, so that each is one line and all stand in columns."""

    title: int
    """Cells, as for the others; 0: there is no such column."""
    bar: int
    words: int
    minutes: int
    is_short: bool
    """Whether the state is said in a few signs."""

    _BEFORE: ClassVar = len("● 11  ")
    _GAP: ClassVar = 2

    @classmethod
    def of(cls, entries: Sequence[MapEntry], room: int) -> _RowLayout:
        """Return the fullest layout that there is room for."""
        title = max(cell_len(entry.lesson.title) for entry in entries)
        words = max(cell_len(render(entry.state_words)) for entry in entries)
        short = max(cell_len(render(entry.short_words)) for entry in entries)
        minutes = max(cell_len(_minutes(entry)) for entry in entries)
        ways = [
            cls(title, _BAR, words, minutes, is_short=False),
            cls(title, _BAR, words, 0, is_short=False),
            cls(title, _BAR, short, 0, is_short=True),
            cls(title, _BAR // 2, short, 0, is_short=True),
        ]
        for way in ways:
            if way.cells <= room:
                return way
        last = ways[-1]
        return replace(last, title=max(1, title - (last.cells - room)))

    @property
    def cells(self) -> int:
        """Return how long a row is."""
        columns = [each for each in (self.title, self.bar, self.words, self.minutes) if each]
        return self._BEFORE + sum(columns) + self._GAP * (len(columns) - 1)

    def row(self, entry: MapEntry) -> Content:
        """Return the row of a lesson."""
        mark, style = _MARKS[entry.state]
        number = "" if entry.number is None else str(entry.number)
        words = render(entry.short_words if self.is_short else entry.state_words)
        dim = "" if entry.state == "under-way" or entry.due else "$text-muted"
        gap = " " * self._GAP
        parts: list[str | tuple[str, str]] = [
            (mark, style), f" {number:>2}  ", (_cut(entry.lesson.title, self.title), "bold"), gap,
            *_bar(entry, self.bar, style), gap, (_cut(words, self.words), dim),
        ]  # fmt: skip
        if self.minutes:
            parts += [gap, (_minutes(entry).rjust(self.minutes), "$text-muted")]
        return Content.assemble(*parts)


def _minutes(entry: MapEntry) -> str:
    return render(message("{minutes} min", minutes=entry.lesson.minutes))


def _cut(text: str, cells: int) -> str:
    """Return a text in exactly so many cells."""
    if cell_len(text) > cells:
        text = set_cell_size(text, cells - 1).rstrip() + "…"
    return set_cell_size(text, cells)


def _bar(entry: MapEntry, cells: int, style: str) -> list[tuple[str, str]]:
    """Return how far a learner is in a lesson, as a bar: a begun one shows at least a cell."""
    if entry.state == "unknown":
        return [(" " * cells, "")]
    full = round(entry.part_done * cells)
    if entry.state == "under-way":
        full = min(max(full, 1), cells - 1)
    return [("━" * full, style), ("─" * (cells - full), "$text-muted")]


def _details(entry: MapEntry, width: int, *, is_beside: bool) -> Content:
    """Return what a lesson is about, in lines of at most `width` cells; under the list, in few."""
    lesson = entry.lesson
    will = render(message("You will be able to"))
    parts: list[str | tuple[str, str]] = [(lesson.title, "bold"), "\n"] if is_beside else []
    parts += [broken(lesson.summary, width), "\n\n" if is_beside else "\n", (will, "$text-muted")]
    for objective in lesson.objectives:
        lines = "\n  ".join(word_lines(objective, width - 2))
        parts += ["\n", ("• ", "$text-accent"), lines]
    return Content.assemble(*parts)
