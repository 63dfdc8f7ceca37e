"""The project's own lessons: they pass the linter, and teach as the course promises."""

from collections import Counter

import pytest

from tutor.authoring.linter import check_paths
from tutor.lesson.catalog import find_lesson_folders, load_catalog
from tutor.lesson.model import ChoiceStep, ExperimentStep, Lesson, NumberStep

CATALOG = load_catalog(find_lesson_folders())
LESSONS = pytest.mark.parametrize("lesson", CATALOG.lessons, ids=lambda lesson: lesson.id)


def test_the_linter_finds_nothing():
    assert [] == [str(problem) for problem in check_paths(find_lesson_folders())]


def test_the_first_lessons_are_there_under_their_numbers():
    numbers = {CATALOG.numbers[lesson.id] for lesson in CATALOG.lessons}
    assert {1, 2, 4, 5} <= numbers


@LESSONS
def test_a_lesson_has_eight_steps_that_differ(lesson: Lesson):
    assert len({(step.kind, step.body) for step in lesson.steps}) >= 8


@LESSONS
def test_a_lesson_asks_for_two_predictions(lesson: Lesson):
    assert Counter(step.kind for step in lesson.steps)["predict"] >= 2


@LESSONS
def test_a_lesson_has_two_goals_to_reach(lesson: Lesson):
    goals = [s for s in lesson.steps if isinstance(s, ExperimentStep) and s.goal is not None]
    assert len(goals) >= 2


@LESSONS
def test_a_lesson_has_two_numbers_with_near_misses(lesson: Lesson):
    numbers = [s for s in lesson.steps if isinstance(s, NumberStep) and s.near_misses]
    assert len(numbers) >= 2


@LESSONS
def test_each_wrong_choice_is_answered_in_its_own_words(lesson: Lesson):
    for step in lesson.steps:
        if isinstance(step, ChoiceStep):
            assert len(step.choices) == len({choice.feedback for choice in step.choices})
