"""What a class answered, as pictures without names: bars, histograms, points on the chart."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, singledispatch
from typing import Final

import numpy as np

from tutor.charts.chart import Axis, AxisRange, Bars, Chart, Guide, Layer, Points, Role
from tutor.engine.kinds.predict import predicted_chart, true_answer
from tutor.engine.lesson.advance import open_step
from tutor.engine.lesson.run import LessonRun, names_of
from tutor.engine.numbers import show
from tutor.errors import TutorError
from tutor.i18n import Text, message
from tutor.lesson.abilities import POINT_ASKS
from tutor.lesson.grading import evaluate_formula
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    Lesson,
    MatchStep,
    NumberStep,
    OrderStep,
    PredictStep,
    SelectStep,
    Step,
)
from tutor.room.events import Place
from tutor.room.glance import by_choice, guesses, histogram, last_answers, numbers, on_each_step
from tutor.room.room import Room

LETTERS: Final = "ABCDEFGHI"
"""The choices in the author's order: each learner sees them in another."""
_BINS: Final = 10
_COMMONEST: Final = 6
_FEW: Final = 4.0
"""Learners that the axis shows at least: half a learner is nothing."""


@dataclass(frozen=True, slots=True)
class ClassAnswers:
    """What the class answered to a step."""

    room: Room
    place: Place
    run: LessonRun
    """The step as nobody has touched it."""
    truth: bool
    """Whether the right answer may be seen."""


def lesson_run(lesson: Lesson, step: str) -> LessonRun | None:
    """Return an untouched run on a step; None where the lesson has no such step."""
    ids: list[str] = [each.id for each in lesson.steps]
    return _kept_run(_ById(lesson), ids.index(step)) if step in ids else None


@lru_cache(maxsize=32)
def _kept_run(lesson: _ById, index: int) -> LessonRun:
    return open_step(LessonRun(lesson.lesson, 0), index)


class _ById:
    """A lesson that is equal to itself alone: comparing two by their texts takes long."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.lesson is self.lesson

    def __hash__(self) -> int:
        return id(self.lesson)


def steps_chart(room: Room, lesson: Lesson, now: datetime) -> Chart:
    """Return how many are on each step of a lesson; the class's own step in another colour."""
    steps: list[str] = [step.id for step in lesson.steps]
    counts = on_each_step(room, lesson.id, steps, now)
    led = room.class_place(now)
    here = steps.index(led.step) if led and led.lesson == lesson.id and led.step in steps else None
    return _bars(
        message("Learners on each step"), [str(k + 1) for k in range(len(steps))], counts,
        special=() if here is None else (here,), special_label=message("the class"),
    )  # fmt: skip


def answers_chart(room: Room, lesson: Lesson, step: str, *, truth: bool) -> Chart | None:
    """Return what the class answered to a step; None where there is nothing to answer.

    `truth` shows the right answer too: not before the instructor opens it.
    """
    run = lesson_run(lesson, step)
    if run is None:
        return None
    return _answers(run.step, ClassAnswers(room, Place(lesson.id, step), run, truth))


@singledispatch
def _answers(_step: Step, given: ClassAnswers) -> Chart | None:
    answered = [each.answer.correct for _, each in last_answers(given.room, given.place)]
    judged = [correct for correct in answered if correct is not None]
    if not judged:
        return None
    return _bars(
        message("Answers"), [message("right"), message("not yet")],
        [judged.count(True), judged.count(False)],
    )  # fmt: skip


@_answers.register(ChoiceStep)
@_answers.register(SelectStep)
def _(step: ChoiceStep | SelectStep, given: ClassAnswers) -> Chart | None:
    taken = by_choice(given.room, given.place)
    right = [k for k, choice in enumerate(step.choices) if choice.correct]
    return _bars(
        message("Answers by choice"), LETTERS[: len(step.choices)],
        [len(taken.get(k, ())) for k in range(len(step.choices))],
        special=right if given.truth else (),
    )  # fmt: skip


@_answers.register(OrderStep)
@_answers.register(MatchStep)
def _(step: OrderStep | MatchStep, given: ClassAnswers) -> Chart | None:
    """Return how many put each text where it belongs: that alone names no right place."""
    answers = [each.answer.answer.split(",") for _, each in last_answers(given.room, given.place)]
    count = len(step.items if isinstance(step, OrderStep) else step.pairs)
    names = [str(place) for place in range(1, count + 1)]
    right = [sum(answer[place - 1 : place] == [str(place)] for answer in answers)
             for place in range(1, count + 1)]  # fmt: skip
    return _bars(message("Right at each place"), names, right)


@_answers.register
def _(step: BugStep, given: ClassAnswers) -> Chart | None:
    answers = [each.answer.answer for _, each in last_answers(given.room, given.place)]
    lines = len(step.code.splitlines())
    counts = [answers.count(str(line)) for line in range(1, lines + 1)]
    return _bars(
        message("Answers by line"), [str(line) for line in range(1, lines + 1)], counts,
        special=(step.fault_line - 1,) if given.truth else (),
    )  # fmt: skip


@_answers.register
def _(step: NumberStep, given: ClassAnswers) -> Chart | None:
    try:
        right = evaluate_formula(step.answer, names_of(given.run.state))
    except TutorError:
        right = math.nan
    return _histogram(message("Numbers typed"), numbers(given.room, given.place), right, given)


@_answers.register
def _(step: PredictStep, given: ClassAnswers) -> Chart | None:
    result = given.run.state.result
    if result is None:
        return None
    found = guesses(given.room, given.place)
    right = true_answer(step, result)
    found = tuple(guess for guess in found if len(guess) == len(right))
    if step.ask in POINT_ASKS and len(right) == 2:
        return _cloud(step, given, found)
    if len(right) == 1:
        return _histogram(
            message("Guesses of the class"), [guess[0] for guess in found], right[0], given
        )
    return _commonest(found, right, given)


def _cloud(
    step: PredictStep, given: ClassAnswers, found: Sequence[tuple[float, ...]]
) -> Chart | None:
    """Return the step's own chart with all guesses on it, and once it is open the truth."""
    if given.run.state.result is None:
        return None
    name = "contour" if "contour" in step.charts else step.charts[0]
    chart = predicted_chart(step, given.run.state.result, name, None, revealed=given.truth)
    if not found:
        return chart
    xs, ys = np.array(found, dtype=np.float64).T
    cloud = Points(xs, ys, "guess", message("the class"))
    return replace(chart, layers=(*chart.layers, cloud))


def _histogram(
    title: Text, values: Sequence[float], right: float, given: ClassAnswers
) -> Chart | None:
    shows = given.truth and math.isfinite(right)
    bins = histogram(values, _BINS, right if shows else None)
    chart = _bars(title, [show(middle, 2) for middle in bins.middles], bins.counts)
    if not shows:
        return chart
    mark = Guide("truth", x=bins.place_of(right), label=message("right: {x}", x=show(right, 4)))
    return replace(chart, layers=(*chart.layers, mark))


def _commonest(
    found: Sequence[tuple[float, ...]], right: tuple[float, ...], given: ClassAnswers
) -> Chart | None:
    """Return how often the commonest answers were given, and the right one."""
    common = [answer for answer, _ in Counter(found).most_common(_COMMONEST)]
    if given.truth and right not in common:
        common.append(right)
    if not common:
        common = [right] if given.truth else []
    if not common:
        return None
    labels = ["-".join(f"{part:g}" for part in answer) for answer in common]
    return _bars(
        message("The commonest answers"), labels, [found.count(answer) for answer in common],
        special=(common.index(right),) if given.truth else (),
    )  # fmt: skip


def _bars(
    title: Text,
    labels: Sequence[Text],
    counts: Sequence[int],
    special: Collection[int] = (),
    special_label: Text = "",
) -> Chart:
    """Return bars with their counts on top, some of them set apart."""
    xs = np.arange(len(counts), dtype=np.float64)
    heights = np.array(counts, dtype=np.float64)
    apart = np.isin(xs, list(special))
    layers: list[Layer] = [_some_bars(xs, heights, ~apart, "curve")]
    if special:
        label = special_label or message("right")
        layers.append(_some_bars(xs, heights, apart, "truth", label))
    top = max([1, *counts])
    return Chart(
        title,
        Axis("", AxisRange(-0.6, len(counts) - 0.4), labels=tuple(labels)),
        Axis(message("learners"), AxisRange(0.0, max(top * 1.25, _FEW))),
        tuple(layers),
    )


def _some_bars(
    xs: np.ndarray, heights: np.ndarray, chosen: np.ndarray, role: Role, label: Text = ""
) -> Bars:
    texts = tuple(str(int(height)) if height else "" for height in heights[chosen])
    return Bars(xs[chosen], heights[chosen], role, label, texts)
