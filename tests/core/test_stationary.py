"""Where the gradient is 0, and what is there."""

from collections import Counter

import numpy as np
import pytest

from tutor.core import (
    OBJECTIVES,
    numerical_gradient,
    objective,
    objective_from_formula,
    stationary_points,
)
from tutor.core.stationary import _distinct

KINDS = {
    "square": {"minimum": 1},
    "shallow-parabola": {},
    "cubic": {"inflection": 1},
    "exp": {},
    "sin": {"minimum": 2, "maximum": 2},
    "abs": {"minimum": 1},
    "double-well": {"minimum": 2, "maximum": 1},
    "sphere": {"minimum": 1},
    "elongated-bowl": {"minimum": 1},
    "saddle": {"saddle": 1},
    "monkey-saddle": {"saddle": 1},
    "plateau": {"minimum": 1},
    "rosenbrock": {"minimum": 1},
    "himmelblau": {"minimum": 4, "saddle": 4, "maximum": 1},
    "beale": {"minimum": 1, "saddle": 2},
    "booth": {"minimum": 1},
    "rastrigin": {"minimum": 121, "maximum": 100, "saddle": 220},
    "ackley": {"minimum": 121, "maximum": 100, "saddle": 220},
}


@pytest.mark.parametrize("name", OBJECTIVES)
def test_all_stationary_points_of_the_named_objectives_are_found_and_classified(name):
    each = objective(name)
    found = stationary_points(each)
    assert KINDS[name] == dict(Counter(point.kind for point in found))
    assert sorted(point.value for point in found) == [point.value for point in found]
    for minimizer in each.minimizers:
        inside = all(
            low <= x <= high for x, (low, high) in zip(minimizer, each.domain, strict=True)
        )
        nearest = min(
            (float(np.abs(np.subtract(p.point, minimizer)).max()) for p in found), default=np.inf
        )
        assert not inside or nearest < 1e-6


@pytest.mark.parametrize("name", ["himmelblau", "beale", "double-well", "sin"])
def test_the_gradient_is_0_there(name):
    each = objective(name)
    for point in stationary_points(each):
        x = np.array(point.point) if each.dimension == 2 else point.point[0]
        assert np.allclose(0, numerical_gradient(each, x), atol=1e-5)


def test_curvatures_decide_where_they_can():
    bowl, saddle = (stationary_points(objective(n))[0] for n in ("elongated-bowl", "saddle"))
    assert ((0.1, 2.0), True) == (bowl.curvatures, bowl.by_curvature)
    assert ((-2.0, 2.0), True) == (saddle.curvatures, saddle.by_curvature)


def test_values_around_decide_where_there_is_no_curvature():
    monkey = stationary_points(objective("monkey-saddle"))[0]
    assert ("saddle", False) == (monkey.kind, monkey.by_curvature)
    quartic = stationary_points(objective_from_formula("x0**4 + x1**4"))
    assert ["minimum"] == [point.kind for point in quartic]
    hill = stationary_points(objective_from_formula("-x0**4 - x1**4"))
    assert ["maximum"] == [point.kind for point in hill]


def test_where_f_does_not_change_it_is_flat():
    found = stationary_points(objective_from_formula("3"))
    assert {"flat"} == {point.kind for point in found}


def test_points_on_both_sides_of_a_rounding_edge_are_one():
    bounds = np.array([[-1.0, 1.0]])
    apart = np.array([[1.0e-4 - 1e-9], [1.0e-4 + 1e-9], [0.5]])
    for shift in np.linspace(0, 4e-4, 9):
        assert 2 == len(_distinct(apart + shift, bounds))


def test_a_window_may_be_given():
    narrow = stationary_points(objective("sin"), window=((0.0, 2.0),))
    assert ["maximum"] == [point.kind for point in narrow]
    with pytest.raises(ValueError, match="1 pairs"):
        stationary_points(objective("sin"), window=((0.0, 1.0), (0.0, 1.0)))
