"""A review and a warm-up: the lesson screen on questions out of several lessons."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType

from tutor.engine.lesson_run import LessonRun
from tutor.i18n import message, render
from tutor.player.programs import Programs
from tutor.player.review import ReviewPlayer
from tutor.player.schedule import Review
from tutor.tui.commands import REVIEW_COMMANDS, SKIP_WARM_UP, WARM_UP_COMMANDS, Command, bindings
from tutor.tui.screens.lesson import LessonScreen


class ReviewScreen(LessonScreen):
    """What is due, one question after another."""

    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = REVIEW_COMMANDS

    def __init__(
        self,
        player: ReviewPlayer,
        look_again: Callable[[], Review],
        programs: Programs | None = None,
    ) -> None:
        super().__init__(player, programs)
        self._items = player.items
        self._look_again = look_again

    def _follow_bar(self, run: LessonRun) -> None:
        super()._follow_bar(run)
        words = message("question {k} of {n}", k=run.index + 1, n=len(run.lesson.steps))
        self.bar.position = render(words)

    def _show_end(self, run: LessonRun) -> None:
        """Say how it went and what comes back when."""
        from tutor.tui.screens.review_end import ReviewEndScreen  # noqa: PLC0415 — at the end only

        def leave(stays: bool | None) -> None:
            if not stays:
                self.dismiss(None)

        self.app.push_screen(ReviewEndScreen(run, self._look_again(), self._items), leave)


class WarmUpScreen(LessonScreen):
    """Two questions before a lesson; `goes_on` says at the end whether the lesson is wanted."""

    BINDINGS: ClassVar[list[BindingType]] = bindings((SKIP_WARM_UP,))
    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = WARM_UP_COMMANDS

    def __init__(self, player: ReviewPlayer) -> None:
        super().__init__(player)
        self.goes_on = False

    def _follow_bar(self, run: LessonRun) -> None:
        super()._follow_bar(run)
        words = message("Warm-up {k} of {n}", k=run.index + 1, n=len(run.lesson.steps))
        self.bar.position = render(words)

    def _show_end(self, _run: LessonRun) -> None:
        """On to the lesson."""
        self.action_skip_warm_up()

    def action_skip_warm_up(self) -> None:
        """On to the lesson."""
        self.goes_on = True
        self.dismiss(None)
