"""The course map: lessons with their state, and Continue in focus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message as TextualMessage
from textual.reactive import reactive
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.i18n import message, render
from tutor.lesson.catalog import Catalog
from tutor.player.course_map import CourseMap, MapEntry, course_map
from tutor.tui.commands import HOME_COMMANDS, Command, bindings
from tutor.tui.screens.tutor_screen import TooSmall, TutorScreen
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.plain_words import broken, word_lines

_MARKS = {
    "unknown": ("·", "$text-muted"),
    "not-started": ("○", "$text-muted"),
    "under-way": ("◐", "$text-accent bold"),
    "done": ("●", "$text-success"),
}


class HomeScreen(TutorScreen[None]):
    """The first screen. The first row continues; each other row opens its lesson."""

    course_map: reactive[CourseMap | None] = reactive(None, init=False)
    """What to show. Until the progress has been read: the lessons without their states."""
    notice: reactive[str] = reactive("", init=False)
    """What the learner should know: lessons left out, trouble with the progress file."""

    AUTO_FOCUS: ClassVar[str | None] = "#lessons"
    BINDINGS: ClassVar[list[BindingType]] = bindings(HOME_COMMANDS)
    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = HOME_COMMANDS

    lessons = query_one("#lessons", OptionList)
    details = query_one("#details", Static)

    @dataclass
    class LessonChosen(TextualMessage):
        """A lesson is to be opened."""

        lesson_id: str

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

    def compose(self) -> ComposeResult:
        """Lay out the title, the list, the details of a lesson, notices and the footer."""
        yield TooSmall()
        yield Static(_banner(self.course_map), id="banner", markup=False)
        with Container(id="map"):
            yield OptionList(*self._options(), id="lessons", markup=False)
            with VerticalScroll(id="about", can_focus=False):
                yield Static(id="details", markup=False)
        yield Static(self.notice, id="notice", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Put the cursor on Continue."""
        self.lessons.highlighted = 0
        self._show_details()

    def use_catalog(self, catalog: Catalog) -> None:
        """Show the titles in another language; the app brings the states with the next map."""
        self.set_reactive(HomeScreen.course_map, course_map(catalog, None))

    def show_anew(self) -> None:
        """Tell of the lesson under the cursor again."""
        self._show_details()

    def watch_course_map(self) -> None:
        """Show the states, with the cursor where it was."""
        here = self.lessons.highlighted
        self.query_one("#banner", Static).update(_banner(self.course_map))
        self.lessons.set_options(self._options())
        self.lessons.highlighted = here
        self._show_details()

    def watch_notice(self, notice: str) -> None:
        """Show or hide the notice."""
        self.query_one("#notice", Static).update(notice)

    def on_screen_resume(self) -> None:
        """Coming back from a lesson: on Continue again."""
        self.lessons.highlighted = 0

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
        width = max(cell_len(entry.lesson.title) for entry in self._entries)
        rows = [
            Option(_head(row), disabled=True) if isinstance(row, str) else Option(_row(row, width))
            for row in self._rows
        ]
        return [Option(self._continue_row()), None, *rows]

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
        """Break the words about a lesson anew."""
        super().on_resize(event)
        self.call_after_refresh(self._show_details)

    @on(OptionList.OptionHighlighted)
    def _show_details(self) -> None:
        entry = self._entry_at(self.lessons.highlighted)
        width = self.details.content_size.width
        self.details.update(_details(entry, width) if entry else "")

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
        entry = self._entry_at(event.option_index)
        if event.option_index == 0:
            self.post_message(self.ContinueChosen())
        elif entry is not None:
            self.post_message(self.LessonChosen(entry.lesson.id))


def _banner(course_map: CourseMap | None) -> Content:
    subtitle = render(message("learn gradients in your terminal"))
    banner = Content.assemble(("∇ Nabla", "bold $text-primary"), (f"  {subtitle}", "$text-muted"))
    if course_map is None or not course_map.due:
        return banner
    due = render(message("review due: {n} (v)", n=course_map.due))
    return Content.assemble(banner, "    ", (f"● {due}", "$text-accent bold"))


def _head(course: str) -> Content:
    return Content.assemble((f"   {course}", "$text-muted bold"))


def _row(entry: MapEntry, width: int) -> Content:
    mark, style = _MARKS[entry.state]
    number = "" if entry.number is None else str(entry.number)
    title = entry.lesson.title + " " * (width - cell_len(entry.lesson.title))
    minutes = render(message("{minutes} min", minutes=entry.lesson.minutes))
    return Content.assemble(
        (mark, style), f" {number:>2}  ", (title, "bold"), f"  {minutes:>7}  ",
        (render(entry.state_words), style),
    )  # fmt: skip


def _details(entry: MapEntry, width: int) -> Content:
    """Return what a lesson is about, in lines of at most `width` cells."""
    lesson = entry.lesson
    will = render(message("You will be able to"))
    parts: list[str | tuple[str, str]] = [
        (lesson.title, "bold"), "\n", broken(lesson.summary, width), "\n\n", (will, "$text-muted"),
    ]  # fmt: skip
    for objective in lesson.objectives:
        lines = "\n  ".join(word_lines(objective, width - 2))
        parts += ["\n", ("• ", "$text-accent"), lines]
    return Content.assemble(*parts)
