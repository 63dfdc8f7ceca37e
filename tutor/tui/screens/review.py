"""A review and a warm-up: the lesson screen on questions out of several lessons."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from tutor.engine.lesson.run import LessonRun
from tutor.i18n import message, render
from tutor.tui.commands import REVIEW_COMMANDS, SKIP_WARM_UP, WARM_UP_COMMANDS, Command, bindings
from tutor.tui.screens.lesson import LessonScreen


class ReviewScreen(LessonScreen):
    """What is due, one question after another."""

    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = REVIEW_COMMANDS

    def _follow_bar(self, run: LessonRun) -> None:
        super()._follow_bar(run)
        words = message("question {k} of {n}", k=run.index + 1, n=len(run.lesson.steps))
        self.bar.position = render(words)


class WarmUpScreen(LessonScreen):
    """Two questions before a lesson; gives back True where the lesson is wanted."""

    BINDINGS: ClassVar[list[BindingType]] = bindings((SKIP_WARM_UP,))
    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = WARM_UP_COMMANDS

    def _follow_bar(self, run: LessonRun) -> None:
        super()._follow_bar(run)
        words = message("Warm-up {k} of {n}", k=run.index + 1, n=len(run.lesson.steps))
        self.bar.position = render(words)

    def show_end(self) -> None:
        """On to the lesson."""
        self.action_skip_warm_up()

    def action_skip_warm_up(self) -> None:
        """On to the lesson."""
        self.dismiss(True)
