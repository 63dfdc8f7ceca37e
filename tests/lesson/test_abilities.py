"""What lessons may ask of an experiment is exactly what the engine gives."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from tutor.engine.experiments import run_experiment
from tutor.engine.kinds.predict import guess_controls, true_answer
from tutor.lesson.abilities import ANY_ASKS, STATUSES, abilities_of, guess_size
from tutor.lesson.model import (
    Ask,
    ChartName,
    CheckExperiment,
    DescentExperiment,
    Experiment,
    Goal,
    GradientExperiment,
    Identifier,
    Markup,
    NetworkExperiment,
    ParameterName,
    PredictStep,
    Quantity,
    SlopeExperiment,
    TrainingExperiment,
)

EXPERIMENTS: list[Experiment] = [
    SlopeExperiment(objective="shallow-parabola", x=5.0),
    GradientExperiment(objective="sphere", point=(3.0, 4.0)),
    DescentExperiment(objective="sphere", start=(-3.0, 4.0)),
    DescentExperiment(objective="square", start=(3.0,)),
    NetworkExperiment(weights=((0.5, 1.0, 0.8), (0.9, 0.0, 0.7)), steps=4),
    TrainingExperiment(data="digits", epochs=3),
    CheckExperiment(layers=(3, 4, 2)),
]
EACH = pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: type(e).__name__)


@EACH
def test_the_engine_gives_every_quantity_and_no_other(experiment: Experiment):
    given = set(run_experiment(experiment, {}).quantities)
    named = abilities_of(experiment).quantities
    one_variable = len(getattr(experiment, "start", ())) == 1
    assert named - ({"x1", "next_x1"} if one_variable else set()) == given


@EACH
def test_the_engine_draws_every_chart(experiment: Experiment):
    for chart in abilities_of(experiment).charts:
        assert run_experiment(experiment, {}).chart(chart).layers is not None


@EACH
def test_the_engine_knows_every_history_at_each_step(experiment: Experiment):
    for quantity in abilities_of(experiment).histories:
        steps = getattr(experiment, "steps", None) or getattr(experiment, "epochs", 0)
        assert steps + 1 == len(run_experiment(experiment, {}).history(quantity))


@EACH
def test_the_engine_answers_every_prediction_with_as_many_numbers(experiment: Experiment):
    for ask in abilities_of(experiment).asks:
        step: PredictStep = replace(_prediction(experiment), ask=ask)
        answer = true_answer(step, run_experiment(experiment, {}))
        assert guess_size(ask, experiment) == len(answer) == len(guess_controls(step))


@EACH
def test_the_engine_takes_every_parameter(experiment: Experiment):
    one_variable = len(getattr(experiment, "start", ())) == 1
    for parameter in abilities_of(experiment).parameters - ({"x1"} if one_variable else set()):
        changed = run_experiment(experiment, {parameter: 2.0})
        assert run_experiment(experiment, {}) != changed


@pytest.mark.parametrize(
    ("names", "key"),
    [(Quantity, "quantities"), (ParameterName, "parameters"), (ChartName, "charts"), (Ask, "asks")],
)
def test_every_name_of_the_model_belongs_to_an_experiment(names: Any, key: str):
    of_all = ANY_ASKS if key == "asks" else frozenset()
    named = {n for e in EXPERIMENTS for n in getattr(abilities_of(e), key)}
    assert set(get_args(names)) == named | of_all


def test_every_end_of_a_descent_is_a_status():
    from tutor.core.descent import Status

    assert set(get_args(Status)) == set(STATUSES)


def _prediction(experiment: Experiment) -> Any:
    return PredictStep(
        kind="predict",
        id=Identifier("p"),
        body=Markup("?"),
        experiment=experiment,
        charts=("curve",),
        ask="slope",
        until=Goal(quantity="loss", is_="below", value=1.0),
        tolerance=0.1,
        right=Markup("Yes."),
        wrong=Markup("No."),
    )
