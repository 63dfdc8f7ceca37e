"""The optimizers, each equal to PyTorch's own path digit by digit."""

import json
from pathlib import Path

import numpy as np
import pytest

from tutor.core import (
    OPTIMIZERS,
    Adam,
    AdamW,
    Constant,
    Cosine,
    GradientDescent,
    Momentum,
    RMSProp,
    StepDecay,
    descend_many,
    gradient_descent,
    objective,
    optimizer,
)
from tutor.errors import TutorError

REFERENCE = json.loads((Path(__file__).parent / "torch_trajectories.json").read_text())
BOWL = objective("elongated-bowl")
STEPS = 60
DECAYING = {
    "adam with weight decay": Adam(weight_decay=0.1),
    "adamw with more decay": AdamW(weight_decay=0.3),
}


def schedule(name, rate):
    """The schedules with which the reference was made."""
    return {
        "constant": Constant(rate),
        "step": StepDecay(rate, every=7, factor=0.5),
        "cosine": Cosine(rate, steps=STEPS, least=0.01),
    }[name]


def test_the_optimizers_are_those_of_the_course():
    names = ["gradient-descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
    assert names == list(OPTIMIZERS)
    assert {*names, *DECAYING} == {*REFERENCE["rates"]}


@pytest.mark.parametrize("kind", ["constant", "step", "cosine"])
@pytest.mark.parametrize("name", REFERENCE["rates"])
def test_the_path_is_pytorchs(name, kind):
    run = gradient_descent(
        BOWL, REFERENCE["start"], learning_rate=schedule(kind, REFERENCE["rates"][name]),
        steps=STEPS, gradient=BOWL.gradient, optimizer=DECAYING.get(name) or optimizer(name),
    )  # fmt: skip
    kept = REFERENCE["paths"][f"{name} {kind}"]
    assert len(kept) == 6
    for step, point in kept.items():
        assert np.allclose(point, run.points[int(step)], rtol=1e-12, atol=1e-12)
    plain = REFERENCE["paths"][f"gradient-descent {kind}"]["10"]
    assert name == "gradient-descent" or not np.allclose(plain, run.points[10], atol=1e-3)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_is_pure(name):
    rule = optimizer(name)
    x, slope = np.array([1.0, 2.0]), np.array([0.5, -0.5])
    state = rule.start(x)
    first = rule.step(x, slope, state, 0.1)
    second = rule.step(x, slope, state, 0.1)
    assert first[0].tolist() == second[0].tolist()
    assert [1.0, 2.0] == x.tolist()
    assert [0.5, -0.5] == slope.tolist()
    assert [0.0] * len(state) == [float(np.sum(part)) for part in state]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_one_variable_is_a_number(name):
    square = objective("square")
    run = gradient_descent(
        square, 3.0, learning_rate=0.05, steps=300, gradient=square.gradient,
        optimizer=optimizer(name),
    )  # fmt: skip
    assert (301,) == run.points.shape
    assert abs(run.points[-1]) < 3.0
    assert run.values[-1] < run.values[0]


def test_the_books_momentum_takes_the_same_path_while_the_rate_is_constant():
    x, velocity = np.array([-7.0, 2.0]), np.zeros(2)
    for _ in range(20):
        velocity = 0.9 * velocity - 0.1 * BOWL.gradient(x)
        x = x + velocity
    run = gradient_descent(
        BOWL, [-7.0, 2.0], learning_rate=0.1, steps=20, gradient=BOWL.gradient,
        optimizer=Momentum(),
    )  # fmt: skip
    assert np.allclose(x, run.points[-1], rtol=1e-12)


def test_the_books_nesterov_takes_the_same_path_while_the_rate_is_constant():
    x, velocity = np.array([-7.0, 2.0]), np.zeros(2)
    for _ in range(20):
        slope = BOWL.gradient(x)
        x = x + 0.9 * 0.9 * velocity - 1.9 * 0.1 * slope
        velocity = 0.9 * velocity - 0.1 * slope
    run = gradient_descent(
        BOWL, [-7.0, 2.0], learning_rate=0.1, steps=20, gradient=BOWL.gradient,
        optimizer=optimizer("nesterov"),
    )  # fmt: skip
    assert np.allclose(x, run.points[-1], rtol=1e-12)


def test_plain_descent_under_another_name_is_plain_descent():
    named = gradient_descent(BOWL, [-7, 2], gradient=BOWL.gradient, optimizer=GradientDescent())
    plain = gradient_descent(BOWL, [-7, 2], gradient=BOWL.gradient)
    scheduled = gradient_descent(
        BOWL, [-7, 2], learning_rate=Constant(0.01), gradient=BOWL.gradient
    )
    assert plain.points.tolist() == named.points.tolist() == scheduled.points.tolist()


def test_many_starts_walk_like_one():
    for name in OPTIMIZERS:
        ends = descend_many(
            BOWL, [[-7.0, 1.0], [2.0, 0.5]], learning_rate=0.05, steps=30, optimizer=optimizer(name)
        )
        one = gradient_descent(
            BOWL, [1.0, 0.5], learning_rate=0.05, steps=30, gradient=BOWL.gradient,
            optimizer=optimizer(name),
        )  # fmt: skip
        assert np.allclose(one.points[-1], ends[:, 1], rtol=1e-12)


def test_an_unknown_optimizer_is_answered_with_the_known_ones():
    with pytest.raises(
        TutorError, match="no optimizer “sgd”; there are gradient-descent, momentum"
    ):
        optimizer("sgd")


def test_without_weight_decay_the_three_are_adam():
    runs = [
        gradient_descent(BOWL, [-7.0, 2.0], learning_rate=0.3, steps=STEPS,
                         gradient=BOWL.gradient, optimizer=rule).points.tolist()
        for rule in (Adam(), Adam(weight_decay=0.0), AdamW(weight_decay=0.0), AdamW())
    ]  # fmt: skip
    assert runs[0] == runs[1] == runs[2] != runs[3]


def test_decays_that_do_not_decay_are_refused():
    with pytest.raises(ValueError, match="decay must be 0 or more and less than 1, not 2"):
        RMSProp(decay=2)
    with pytest.raises(ValueError, match="square_decay must be"):
        Adam(square_decay=1.0)
    for rule in (Adam, AdamW):
        with pytest.raises(ValueError, match="weight_decay must be 0 or more"):
            rule(weight_decay=-0.1)
