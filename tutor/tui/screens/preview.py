"""What stands in place of a lesson that cannot be shown: every problem with its line and mend."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message as TextualMessage
from textual.reactive import reactive
from textual.widgets import Static

from tutor.i18n import message, render
from tutor.lesson.problem import Problem
from tutor.tui.screens.tutor_screen import TooSmall, TutorScreen
from tutor.tui.widgets.key_bar import KeyBar


class PreviewScreen(TutorScreen[None]):
    """Lies under the lesson; shows itself when there is none to show."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open_again", render(message("Open the lesson"))),
    ]

    problems: reactive[tuple[Problem, ...]] = reactive((), init=False)
    """What is wrong with the file; empty while the lesson is shown."""

    class OpenedAgain(TextualMessage):
        """The author wants to see the lesson again."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file

    def compose(self) -> ComposeResult:
        """Lay out the heading and the problems."""
        yield TooSmall()
        with VerticalScroll(id="preview"):
            yield Static(self._words(), id="problems", markup=False)
        yield KeyBar()

    def watch_problems(self) -> None:
        """Show the problems as they are now."""
        self.query_one("#problems", Static).update(self._words())
        self.refresh_bindings()

    def _words(self) -> Content:
        if not self.problems:
            waiting = message("{file} is watched: save it, and the lesson is shown anew.",
                              file=self._file)  # fmt: skip
            return Content(render(waiting))
        heading = message("{file} cannot be shown yet. Mend it and save:", file=self._file)
        parts: list[str | tuple[str, str]] = [(render(heading), "bold")]
        for problem in self.problems:
            place = self._file if problem.line is None else f"{self._file}:{problem.line}"
            parts += [
                "\n\n", (place, "$text-accent bold"), f"  {problem.key_path}",
                "\n  ✗ ", render(problem.what),
                "\n  → ", (render(problem.mend), "$text-success"),
            ]  # fmt: skip
        return Content.assemble(*parts)

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer the lesson only where there is one."""
        return not self.problems if action == "open_again" else True

    def action_open_again(self) -> None:
        """Show the lesson again."""
        self.post_message(self.OpenedAgain())
