"""The class in pictures: one for every question, no truth in it before it is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.course import course
from tests.engine.lessons import LESSON, MARK, MATCH
from tests.room.classes import TILT, answered, led_class, moved
from tutor.charts.chart import Bars, Chart, Guide, Points
from tutor.charts.palette import MONO
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.engine.kinds.predict import guess_of
from tutor.lesson.model import BugStep, ChoiceStep, Lesson, PredictStep, Step
from tutor.player.class_pictures import answers_chart, lesson_run, steps_chart
from tutor.room import events as ev
from tutor.room.events import Place
from tutor.room.room import INSTRUCTOR


def questions() -> Iterator[tuple[Lesson, Step]]:
    return (
        (lesson, step) for lesson in course().lessons for step in lesson.steps if step.is_question
    )


def drawn(chart: Chart) -> str:
    return ChartRenderer().render(chart, 60, 16, MONO).to_text()


def pictures(lesson: Lesson, step: Step, *, truth: bool) -> Chart | None:
    """Return the picture after two answers."""
    made_up = led_class("ana", "bo")
    run = lesson_run(lesson, step.id)
    assert run is not None
    guess = guess_of(step, run.state) if isinstance(step, PredictStep) else ()
    given = answered(
        Place(lesson.id, step.id), kind=step.kind, correct=step.kind == "predict", choice=0,
        number=0.5, guess=guess,
    )  # fmt: skip
    made_up.tell("ana", given)
    made_up.tell("bo", given)
    return answers_chart(made_up.room, lesson, step.id, truth=truth)


@pytest.mark.parametrize("truth", [False, True])
def test_every_question_of_the_course_has_a_picture(truth):
    for lesson, step in questions():
        chart = pictures(lesson, step, truth=truth)
        assert chart is not None, (lesson.id, step.id)
        assert drawn(chart).strip()


def test_the_right_answer_is_on_no_picture_before_it_is_open():
    for lesson, step in questions():
        chart = pictures(lesson, step, truth=False)
        assert chart is not None
        assert not [
            layer for layer in chart.layers
            if isinstance(layer, Bars | Points | Guide) and layer.role == "truth"
        ], (lesson.id, step.id)  # fmt: skip


def test_the_right_answer_stands_on_the_picture_once_it_is_open():
    for lesson, step in questions():
        if isinstance(step, ChoiceStep | BugStep):
            chart = pictures(lesson, step, truth=True)
            assert chart is not None
            roles = [layer.role for layer in chart.layers if isinstance(layer, Bars)]
            assert ["curve", "truth"] == roles


def test_of_several_choices_each_is_counted_and_all_right_ones_are_shown():
    lesson = replace(LESSON, steps=(MARK,))
    made_up = led_class("ana", "bo")
    for name, given in (("ana", "0,1"), ("bo", "1,3")):
        place = Place(lesson.id, MARK.id)
        answer = replace(answered(place, kind="select", correct=False), answer=given)
        made_up.tell(name, answer)
    chart = answers_chart(made_up.room, lesson, MARK.id, truth=True)
    assert chart is not None
    bars = {layer.role: layer for layer in chart.layers if isinstance(layer, Bars)}
    assert ([0, 2], [1, 0]) == (list(bars["curve"].x), list(bars["curve"].heights))
    assert ([1, 3], [2, 1]) == (list(bars["truth"].x), list(bars["truth"].heights))


def test_of_an_arrangement_each_place_is_counted_and_none_is_given_away():
    lesson = replace(LESSON, steps=(MATCH,))
    made_up = led_class("ana", "bo")
    for name, given in (("ana", "1,3,2"), ("bo", "1,2,3")):
        answer = replace(answered(Place(lesson.id, MATCH.id), kind="match"), answer=given)
        made_up.tell(name, answer)
    chart = answers_chart(made_up.room, lesson, MATCH.id, truth=False)
    assert chart is not None
    (bars,) = (layer for layer in chart.layers if isinstance(layer, Bars))
    assert [2, 1, 1] == list(bars.heights)


def test_the_bars_count_who_is_on_each_step():
    made_up = led_class("ana", "bo")
    made_up.tell("ana", moved())
    made_up.tell("bo", moved())
    made_up.tell(INSTRUCTOR, ev.Led(TILT.lesson, TILT.step))
    lesson = course().lesson(TILT.lesson)
    chart = steps_chart(made_up.room, lesson, made_up.now)
    bars = {layer.role: layer for layer in chart.layers if isinstance(layer, Bars)}
    assert [2.0] == list(bars["truth"].heights)
    assert 0 == sum(bars["curve"].heights)
    assert "2" in drawn(chart)
