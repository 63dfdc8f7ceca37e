"""The class at a glance: where it is, what it answers, what it takes for true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.i18n import Text, message, plural, render
from tutor.lesson.misconceptions import MISCONCEPTIONS
from tutor.lesson.model import ChoiceStep, Lesson, SelectStep
from tutor.player.class_pictures import LETTERS, answers_chart, steps_chart
from tutor.room.events import Place
from tutor.room.glance import Spread, by_choice, last_answers, misconceptions, on_each_step
from tutor.room.learner import shown
from tutor.room.room import Room
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.prose import line_content

_NAMES = 12
"""Learners named behind a misconception."""


class ClassGlance(VerticalScroll, can_focus=False):
    """Shows a step of the room: charts, choices, misconceptions."""

    DEFAULT_CSS = """
    ClassGlance {
        width: 1fr; height: 1fr; scrollbar-size-vertical: 1; padding: 0 1;
        & > ChartView { height: 1fr; min-height: 9; }
        & > Static { height: auto; }
        & > .-empty { display: none; }
        & > #spread { margin-top: 1; max-height: 40%; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._drawn: object = None

    def compose(self) -> ComposeResult:
        """Lay out the charts and the words."""
        yield ChartView("steps")
        yield Static(id="asked", markup=False)
        yield ChartView("answers")
        yield Static(id="choices", markup=False)
        yield Static(id="spread", markup=False)

    def show(self, room: Room, lesson: Lesson, step: str, now: datetime) -> None:
        """Show a step of the room, where it is not shown already."""
        place = Place(lesson.id, step)
        counts = on_each_step(room, lesson.id, [each.id for each in lesson.steps], now)
        spread = misconceptions(room, lesson.id)
        answers = last_answers(room, place)
        drawn = (counts, place, answers, spread, room.class_place(now), lesson.title)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._chart("steps").chart = steps_chart(room, lesson, now)
        view = self._chart("answers")
        view.chart = answers_chart(room, lesson, step, truth=True) if answers else None
        view.set_class(view.chart is None, "-empty")
        self._say("asked", [_asked(lesson, step, len(answers))])
        self._say("choices", _choices(room, lesson, place))
        self._say("spread", _spread(spread))

    def _chart(self, name: str) -> ChartView:
        return next(view for view in self.query(ChartView) if view.name == name)

    def _say(self, name: str, lines: Sequence[Content]) -> None:
        widget = self.query_one(f"#{name}", Static)
        widget.set_class(not lines, "-empty")
        widget.update(Content("\n").join(lines))


def _asked(lesson: Lesson, step: str, count: int) -> Content:
    ids: list[str] = [each.id for each in lesson.steps]
    number = ids.index(step) + 1 if step in ids else 0
    title = next((each.title for each in lesson.steps if each.id == step), None) or lesson.title
    words = plural("Step {number}: {title}. {count} answer",
                   "Step {number}: {title}. {count} answers",
                   count, number=number, title=title)  # fmt: skip
    return Content.styled(render(words), "bold")


def _choices(room: Room, lesson: Lesson, place: Place) -> list[Content]:
    step = next((each for each in lesson.steps if each.id == place.step), None)
    if not isinstance(step, ChoiceStep | SelectStep):
        return []
    taken = by_choice(room, place)
    return [
        Content.assemble(
            (f"{LETTERS[k]} ", "bold $text-success" if choice.correct else "bold"),
            line_content(choice.text), (f"  {len(taken.get(k, ()))}", "$text-accent"),
        )
        for k, choice in enumerate(step.choices)
    ]  # fmt: skip


def _spread(spread: Sequence[Spread]) -> list[Content]:
    if not spread:
        return []
    title = Content.styled(render(message("Misconceptions in this lesson")), "bold $text-primary")
    return [title, *_lines(spread)]


def _lines(spread: Sequence[Spread]) -> Iterator[Content]:
    for each in spread:
        meaning: Text = MISCONCEPTIONS.get(each.misconception, shown(each.misconception))
        names = ", ".join(map(shown, each.learners[:_NAMES]))
        more = f" +{len(each.learners) - _NAMES}" if len(each.learners) > _NAMES else ""
        yield Content.assemble(
            (f"{len(each.learners):>3} ", "bold $text-warning"), render(meaning),
            (f"  {names}{more}", "$text-muted"),
        )  # fmt: skip
