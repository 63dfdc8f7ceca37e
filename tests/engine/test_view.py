"""What is seen of a step: no answer before it is given, nothing that a lesson silences."""

from __future__ import annotations

from dataclasses import replace

from tests.engine.lessons import CHOOSE, LESSON
from tutor.charts.chart import Guide, Points
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.lesson.model import (
    CheckExperiment,
    DescentExperiment,
    ExperimentStep,
    NetworkExperiment,
    Parameter,
    PredictStep,
    Step,
    TextStep,
    TrainingExperiment,
)

FREEZE = replace(
    CHOOSE,
    experiment=DescentExperiment(objective="sphere", start=(-3.0, 4.0), learning_rate=0.1),
    charts=("loss-curve",),
)
NETWORK = NetworkExperiment(weights=((0.5, 1.0, 0.8), (0.9, 0.0, 0.7)))
START_LOSS = PredictStep(
    kind="predict",
    id="start-loss",
    body="How high?",
    experiment=TrainingExperiment(data="digits", epochs=1),
    charts=("loss-curve",),
    ask="quantity",
    of="start_loss",
    guess=(5.0,),
    guess_range=(0.0, 10.0),
    tolerance=0.2,
    right="Yes.",
    wrong="No.",
)
WORST = replace(
    START_LOSS,
    experiment=CheckExperiment(layers=(4, 3, 2)),
    charts=("layer-errors",),
    of="worst_error",
    guess=(0.01,),
    guess_range=(1e-12, 1.0),
)


def at(step: Step) -> LessonRun:
    return begin(replace(LESSON, steps=(step,)), seed=1)


def test_the_sentence_of_a_choice_waits_for_the_answer():
    run = at(FREEZE)
    assert ("", "") == StepView(run).told
    run, _ = advance(run, ev.ChoiceAnswered(0))
    assert ("", "") == StepView(run).told
    run, _ = advance(run, ev.ChoiceAnswered(1))
    assert str(StepView(run).told[0]).startswith("Step 20:")


def test_the_step_of_a_network_is_told_beside_its_weights_alone():
    read = TextStep(kind="text", id="read", body="Read.", experiment=NETWORK)
    assert "" == StepView(at(replace(read, charts=("softmax-bars",)))).told[1]
    assert "W −=" in str(StepView(at(replace(read, charts=("weight-gradient",)))).told[1])


def test_a_first_loss_that_is_asked_for_is_not_drawn():
    hidden = StepView(at(START_LOSS)).chart("loss-curve")
    assert hidden is not None
    assert [] == [x for x in hidden.layers if isinstance(x, Points)]


def test_there_is_room_on_the_chart_for_every_guess():
    """Two thirds of the guesses would lie above a loss curve that begins at 2.3."""
    chart = StepView(at(START_LOSS)).chart("loss-curve")
    assert chart is not None
    assert chart.y_axis.range is not None
    assert (0.0, 10.0) == (chart.y_axis.range.low, chart.y_axis.range.high)


def test_the_line_of_agreement_is_not_drawn_while_the_error_is_asked_for():
    chart = StepView(at(WORST)).chart("layer-errors")
    assert chart is not None
    assert ["guess"] == [x.role for x in chart.layers if isinstance(x, Guide)]


CLIMB = ExperimentStep(
    kind="experiment",
    id="climb",
    body="Climb.",
    experiment=DescentExperiment(
        objective="sphere", start=(-3.0, 4.0), learning_rate=1.1, steps=10
    ),
    charts=("descent-path",),
    parameters=(Parameter(name="learning_rate", label="η", value=1.1, range=(0.1, 2.0)),),
)


def test_a_lesson_silences_the_reason_of_a_divergence():
    whole, update = StepView(at(CLIMB)).told
    assert "|1 − ηλ|" in str(whole)
    shorter = StepView(at(replace(CLIMB, say=("sentence", "update")))).told
    assert ("It diverges: at step 10 f is 958.4 and grows.", str(update)) == tuple(
        map(str, shorter)
    )


def test_a_lesson_silences_the_sentence_the_step_or_both():
    _, update = StepView(at(CLIMB)).told
    assert ("", str(update)) == tuple(map(str, StepView(at(replace(CLIMB, say=("update",)))).told))
    assert ("", "") == StepView(at(replace(CLIMB, say="none"))).told
