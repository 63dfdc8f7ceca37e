"""The project's own lessons: they pass the linter, and teach as the course promises."""

from collections import Counter

import pytest

from tests.course import course
from tutor.authoring.linter import check_paths
from tutor.lesson.catalog import find_lesson_folders
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    Lesson,
    NumberStep,
    Step,
)

CATALOG = course()
LESSONS = pytest.mark.parametrize("lesson", CATALOG.lessons, ids=lambda lesson: lesson.id)


def test_the_linter_finds_nothing():
    assert [] == [str(problem) for problem in check_paths(find_lesson_folders())]


def test_the_eleven_lessons_are_taken_in_the_order_of_their_numbers():
    assert list(range(1, 12)) == [CATALOG.numbers[lesson.id] for lesson in CATALOG.lessons]


def test_the_course_has_steps_of_every_kind():
    kinds = {step.kind for lesson in CATALOG.lessons for step in lesson.steps}
    assert {"text", "experiment", "predict", "choice", "number", "bug", "code"} == kinds


@LESSONS
def test_a_lesson_has_eight_steps_that_differ(lesson: Lesson):
    assert len({(step.kind, step.body) for step in lesson.steps}) >= 8


@LESSONS
def test_a_lesson_asks_for_two_predictions(lesson: Lesson):
    assert Counter(step.kind for step in lesson.steps)["predict"] >= 2


def _is_reached(step: Step) -> bool:
    return isinstance(step, ExperimentStep) and step.goal is not None


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
