"""The end of a review, and what is said when nothing is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, Literal, TypeAlias

from textual.binding import Binding, BindingType
from textual.content import Content

from tutor.engine.lesson_run import LessonRun, StepState
from tutor.engine.review import ReviewItem
from tutor.i18n import message, render
from tutor.player.schedule import Review
from tutor.tui.screens.boxed import BoxedScreen

Grade: TypeAlias = Literal["right", "missed", "skipped", "open"]


class ReviewEndScreen(BoxedScreen[bool]):
    """How it went and what comes back when; gives back whether the learner stays to look."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,m,f7,q", "leave", "Map"),
        Binding("b,ctrl+b,escape", "stay", "Back"),
    ]

    def __init__(self, run: LessonRun, review: Review, items: Sequence[ReviewItem]) -> None:
        super().__init__()
        self._grades = Counter(_grade(run.states.get(step.id)) for step in run.lesson.steps)
        self._review = review
        self._items = tuple(items)

    def words(self) -> Content:
        """Return the summary."""
        title = message("You have come to the end of the review.")
        right = message("{n} of {total} right at the first try", n=self._grades["right"],
                        total=len(self._items))  # fmt: skip
        parts: list[str | tuple[str, str]] = [
            (render(title), "bold"), "\n\n", ("● ", "$text-success"), render(right),
        ]  # fmt: skip
        if self._grades["missed"]:
            missed = message("{n} missed: back soon", n=self._grades["missed"])
            parts += ["\n", ("◌ ", "$text-warning"), render(missed)]
        left = self._grades["skipped"] + self._grades["open"]
        if left:
            parts += ["\n○ ", render(message("{n} not answered", n=left))]
        parts += ["\n\n", (render(message("They come back:")), "$text-muted")]
        for words in self._review.back_words(self._items):
            parts += ["\n  ", render(words)]
        if self._review.due:
            more = message("{n} more are due: v on the map goes on.", n=len(self._review.due))
            parts += ["\n\n", render(more)]
        keys = render(message("Enter: the map   b: back to the questions"))
        return Content.assemble(*parts, "\n\n", (keys, "$text-muted"))

    def action_leave(self) -> None:
        """To the map."""
        self.dismiss(False)

    def action_stay(self) -> None:
        """Back to the last question."""
        self.dismiss(True)


class NothingDueScreen(BoxedScreen[bool]):
    """Says when the next question comes back; gives back whether to practise anyway."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,v,ctrl+r", "practise", "Practise"),
        Binding("escape,m,f7,q", "close", "Map"),
    ]

    def __init__(self, review: Review) -> None:
        super().__init__()
        self._review = review

    def words(self) -> Content:
        """Return the sentence and what can be done."""
        keys = message("Enter: practise anyway   Esc: the map")
        if not self._review.items:
            keys = message("Esc: the map")
        return Content.assemble(
            (render(message("Nothing is due now.")), "bold"), "\n\n",
            render(self._review.next_words), "\n\n", (render(keys), "$text-muted"),
        )  # fmt: skip

    def action_practise(self) -> None:
        """Ask what comes next, before its time."""
        self.dismiss(bool(self._review.items))

    def action_close(self) -> None:
        """To the map."""
        self.dismiss(False)


def _grade(state: StepState | None) -> Grade:
    """Return how a question went, by its first try."""
    if state is None or (state.outcome == "open" and not state.tries):
        return "open"
    if state.outcome == "skipped" and not (state.tries or state.solution_shown):
        return "skipped"
    was_right = state.verdict is None or state.verdict.correct
    at_once = was_right and state.outcome == "done" and state.tries <= 1
    return "right" if at_once and not state.solution_shown else "missed"
