"""Many starts at once: where they end is where each alone would end."""

import numpy as np
import pytest

from tutor.core import OBJECTIVES, Constant, descend_many, gradient_descent, objective, parse

STARTS = np.random.default_rng(4).uniform(-1.5, 1.5, (2, 30))


@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau", "sphere", "saddle"])
def test_each_ends_where_it_would_alone(name):
    each = objective(name)
    ends = descend_many(each, STARTS, learning_rate=1e-3, steps=50)
    alone = [
        gradient_descent(each, s, learning_rate=1e-3, steps=50, gradient=each.gradient).points[-1]
        for s in STARTS.T
    ]
    assert np.allclose(np.array(alone).T, ends, rtol=1e-10, atol=1e-12)
    assert not np.allclose(STARTS, ends, atol=1e-3)


ODD = (
    "3", "x0", "x0*x0*x0 - x0**-3", "max(x0, x1)*relu(x0)", "sigmoid(x0*x1) + softplus(x1)",
    "abs(x0)**1.5 + x1**5", "min(exp(x0**2), 5)*x1", "x0/0", "x0**x1", "-2*(x0 - x1)**2",
)  # fmt: skip


@pytest.mark.parametrize(
    "formula",
    [*(each.expression for each in OBJECTIVES.values()), *(parse(t, ["x0", "x1"]) for t in ODD)],
    ids=repr,
)
def test_steps_in_place_have_the_digits_of_steps_by_the_gradient(formula):
    starts = STARTS[: len(formula.variables)]
    rows = [*starts]
    with np.errstate(all="ignore"):
        for rate in (0.001, 0.001, 0.01):
            slopes = formula.grid_gradient(*rows)
            rows = [x - rate * slope for x, slope in zip(rows, slopes, strict=True)]
    ends = descend_many(formula, starts, learning_rate=[0.001, 0.001, 0.01].__getitem__, steps=3)
    assert np.array_equal(rows, ends, equal_nan=True)


def test_a_black_box_is_differentiated_numerically_and_a_gradient_may_be_given():
    def f(x):
        return x[0] ** 2 + x[1] ** 4

    numerical = descend_many(f, STARTS, learning_rate=0.1, steps=20)
    given = descend_many(
        f,
        STARTS,
        learning_rate=0.1,
        steps=20,
        gradient=lambda x: np.array([2 * x[0], 4 * x[1] ** 3]),
    )
    assert np.allclose(given, numerical, atol=1e-6)
    assert not np.allclose(STARTS, numerical, atol=1e-2)


def test_the_start_decides_which_valley_is_found():
    well = objective("double-well")
    ends = descend_many(well, np.linspace(-1.8, 1.8, 200)[None, :], learning_rate=0.05, steps=400)
    valleys = {round(float(x), 2) for x in ends[0]}
    assert {-1.04, 0.96} <= valleys
    left = np.sum(ends[0] < 0)
    assert 95 < left < 115, "the edge of the basin lies at the hilltop, 0.075"


def test_starts_are_untouched_and_zero_steps_return_them():
    starts = STARTS.copy()
    ends = descend_many(objective("sphere"), starts, steps=0)
    assert np.array_equal(STARTS, ends)
    ends[0] = 99.0
    descend_many(objective("sphere"), starts, learning_rate=Constant(0.1))
    assert np.array_equal(STARTS, starts)


def test_a_start_that_flies_away_ends_nowhere_without_a_warning():
    ends = descend_many(objective("rosenbrock"), [[0.9, 50.0], [0.9, 50.0]], learning_rate=1e-3)
    assert np.isfinite(ends[:, 0]).all()
    assert not np.isfinite(ends[:, 1]).any()


def test_only_the_gradient_of_a_formula_is_taken_for_it():
    bowl, sphere = objective("elongated-bowl"), objective("sphere")
    by_another = descend_many(bowl, STARTS, learning_rate=0.1, gradient=sphere.gradient)
    assert np.allclose(descend_many(sphere, STARTS, learning_rate=0.1), by_another)
    by_values = descend_many(bowl, STARTS, learning_rate=0.1, steps=1, gradient=lambda x: x)
    assert np.allclose(0.9 * STARTS, by_values)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match=r"\(2,\) or \(2, k\), not \(3, "):
        descend_many(objective("sphere"), np.ones((3, 5)))
    with pytest.raises(ValueError, match=r"starts must have shape \(n, m\).*not \(2,\)"):
        descend_many(objective("sphere"), [1.0, 2.0])
    with pytest.raises(ValueError, match="0 or more, not -3"):
        descend_many(objective("sphere"), STARTS, steps=-3)
    with pytest.raises(ValueError, match=r"gradient must return shape \(2, 30\)"):
        descend_many(objective("sphere"), STARTS, gradient=lambda x: np.ones((3, 2, 30)))
    with pytest.raises(ValueError, match=r"must return shape \(60,\)"):
        descend_many(np.sum, STARTS)
