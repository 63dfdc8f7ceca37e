"""The project's own lessons: they pass the linter, and teach as the course promises."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest
from rich.cells import cell_len

from tests.course import course
from tutor.authoring.rules.answers import LONGEST_SHARE, excess_of_right
from tutor.engine.experiments import run_experiment
from tutor.engine.kinds.experiment import goal_is_met, holds
from tutor.engine.lesson.controls import Control, control_of
from tutor.i18n import LANGUAGES
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    CodeStep,
    DescentExperiment,
    ExperimentStep,
    GraphStep,
    Lesson,
    NumberStep,
    Step,
)
from tutor.lesson.texts import texts_of

CATALOG = course()
LESSONS = pytest.mark.parametrize("lesson", CATALOG.lessons, ids=lambda lesson: lesson.id)


def test_the_thirteen_lessons_are_taken_in_the_order_of_their_numbers():
    assert list(range(1, 14)) == [CATALOG.numbers[lesson.id] for lesson in CATALOG.lessons]


def test_the_course_has_steps_of_every_kind():
    kinds = {step.kind for lesson in CATALOG.lessons for step in lesson.steps}
    assert {"text", "experiment", "predict", "choice", "number", "bug", "code", "graph"} == kinds


@LESSONS
def test_a_lesson_has_eight_steps_that_differ(lesson: Lesson):
    assert len({(step.kind, step.body) for step in lesson.steps}) >= 8


@LESSONS
def test_a_lesson_asks_for_two_predictions(lesson: Lesson):
    """Each gradient of a graph is one: it is said before it is shown."""
    asked = Counter(step.kind for step in lesson.steps)
    assert asked["predict"] + asked["graph"] >= 2


def _is_reached(step: Step) -> bool:
    """A graph is done once all its gradients are found, as an experiment with its goal."""
    has_goal = isinstance(step, ExperimentStep) and step.goal is not None
    return has_goal or isinstance(step, GraphStep)


@LESSONS
def test_a_lesson_has_a_goal_to_reach_and_something_else_to_do(lesson: Lesson):
    """A second goal, a program to write, or one to find the fault in."""
    goals = [step for step in lesson.steps if _is_reached(step)]
    programs = [step for step in lesson.steps if isinstance(step, BugStep | CodeStep)]
    assert len(goals) >= 1
    assert len(goals) + len(programs) >= 2


@LESSONS
def test_a_lesson_asks_for_a_number_and_knows_how_it_is_missed(lesson: Lesson):
    assert any(isinstance(step, NumberStep) and step.near_misses for step in lesson.steps)


@LESSONS
def test_each_wrong_choice_is_answered_in_its_own_words(lesson: Lesson):
    for step in lesson.steps:
        if isinstance(step, ChoiceStep):
            assert len(step.choices) == len({choice.feedback for choice in step.choices})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_length_of_a_choice_does_not_tell_that_it_is_right(language: str):
    """Of four choices any is the longest, or the shortest, in one question of four."""
    lessons = course(language).lessons
    questions = [s for lesson in lessons for s in lesson.steps if isinstance(s, ChoiceStep)]
    longest = sum(excess_of_right(step) > 0 for step in questions) / len(questions)
    shortest = sum(_shortfall_of_right(step) > 0 for step in questions) / len(questions)
    assert 0.1 < longest < LONGEST_SHARE
    assert 0.1 < shortest < LONGEST_SHARE


def _shortfall_of_right(step: ChoiceStep) -> int:
    right = min(cell_len(choice.text) for choice in step.choices if choice.correct)
    return min(cell_len(choice.text) for choice in step.choices if not choice.correct) - right


def test_no_index_and_no_instant_is_an_ordinal_in_chinese():
    """第 2 类 is the second class, not class 2, and 第 5 分钟 the fifth minute, not its end."""
    ordinal = re.compile(r"第 ?(?:\d+ ?[类列]|\d+(?:\.\d+)? ?分钟(?!末)|0|一[类列])")
    texts = [
        text for lesson in course("zh").lessons for text in texts_of(lesson, "")
        if ordinal.search(text.text)
    ]  # fmt: skip
    assert [] == texts


def _judged_at_the_end() -> Iterator[ExperimentStep]:
    for lesson in CATALOG.lessons:
        for step in lesson.steps:
            if _is_reached(step) and isinstance(step.experiment, DescentExperiment):
                is_by_step = step.goal.quantity in ("loss", "distance", "slope")
                if is_by_step and step.goal.within_steps is None:
                    yield step


def _values(control: Control) -> set[float]:
    """Some thirty values that the arrow keys reach, from the lowest to the highest."""
    return {control.at_fraction(part / 30) for part in range(31)}


@pytest.mark.parametrize("step", _judged_at_the_end(), ids=lambda step: step.id)
def test_no_swing_reaches_a_goal_by_luck(step: ExperimentStep):
    """Where the last point is judged, the last ten steps do not leave the goal again."""
    for parameter in step.parameters:
        for value in _values(control_of(parameter)):
            run = run_experiment(step.experiment, {**step.witness, parameter.name: value})
            kept = [holds(step.goal, each) for each in run.history(step.goal.quantity)]
            is_lost_again = any(here and not then for here, then in pairwise(kept[-10:]))
            assert not (goal_is_met(step.goal, run) and is_lost_again), value
