"""Where the learner is in the lesson: its title, a mark for each step, the position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message as TextualMessage
from textual.reactive import reactive
from textual.widget import Widget

from tutor.engine.lesson.run import LessonRun
from tutor.i18n import Message, message, render

_MARKS: dict[str, tuple[str, str]] = {
    "done": ("●", "$text-success"),
    "skipped": ("◌", "$text-warning"),
    "open": ("○", "$text-muted"),
    "here": ("◉", "$text-accent bold"),
}


class StepBar(Widget):
    """One row on top of a lesson; a click on a mark opens that step."""

    DEFAULT_CSS = """
    StepBar { height: 1; width: 1fr; background: $panel; padding: 0 1; }
    """

    title: reactive[str] = reactive("")
    """The lesson's title."""
    subtitle: reactive[str] = reactive("")
    """The step's title, where it stands nowhere else; it goes before the lesson's."""
    marks: reactive[tuple[str, ...]] = reactive(())
    """For each step: done, skipped or open."""
    index: reactive[int] = reactive(0)
    """The step on the screen."""

    STYLES: ClassVar = _MARKS

    @dataclass
    class StepPicked(TextualMessage):
        """A mark was clicked."""

        bar: StepBar
        index: int

        @property
        def control(self) -> StepBar:
            """The bar."""
            return self.bar

    position: reactive[str] = reactive("")
    """What stands in place of `step k of n`, where the marks are no steps of a lesson."""
    unwritten: reactive[str] = reactive("")
    """How many answers are not written yet, in words; empty where all are."""

    def show(self, run: LessonRun, position: Message | None, *, names_step: bool) -> None:
        """Show where a lesson stands, its step by name where that stands nowhere else."""
        self.title = run.lesson.title
        self.subtitle = (run.step.title or "") if names_step else ""
        self.position = render(position) if position else ""
        self.index = run.index
        self.marks = tuple(
            run.states[step.id].standing if step.id in run.states else "open"
            for step in run.lesson.steps
        )

    def render(self) -> Content:
        """Return the row: title left, marks and position right."""
        marks = [_MARKS["here" if i == self.index else mark] for i, mark in enumerate(self.marks)]
        position = self._position_words
        warning = f" {self.unwritten} " if self.unwritten else ""
        room = self.content_size.width - 2 * len(marks) - cell_len(warning + position) - 1
        shown = Content(self._title_in(room - 1)).truncate(max(0, room - 1), ellipsis=True)
        title = shown.truncate(max(0, room), pad=True)
        spaced = [part for mark in marks for part in (mark, " ")]
        return Content.assemble(
            title.stylize("bold"), (warning, "$text-warning"), *spaced, (position, "$text-muted")
        )

    def _title_in(self, room: int) -> str:
        """Return both titles where they fit, else the step's alone."""
        both = f"{self.title} · {self.subtitle}" if self.subtitle else self.title
        return both if cell_len(both) <= room else self.subtitle or self.title

    @property
    def _position_words(self) -> str:
        return self.position or render(
            message("step {k} of {total}", k=self.index + 1, total=len(self.marks))
        )

    def on_click(self, event: events.Click) -> None:
        """Open the step whose mark was clicked."""
        first = self.content_size.width - 2 * len(self.marks) - cell_len(self._position_words) - 1
        cell = event.x - 1 - first
        if 0 <= cell // 2 < len(self.marks):
            self.post_message(self.StepPicked(self, cell // 2))
