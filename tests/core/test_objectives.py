"""The named functions: their derivatives are exact and their minimizers are minimizers."""

import numpy as np
import pytest

from tutor.core import OBJECTIVES, numerical_gradient, objective, objective_from_formula
from tutor.errors import TutorError

NAMES = [
    "square", "shallow-parabola", "cubic", "exp", "sin", "abs", "double-well", "sphere",
    "elongated-bowl", "saddle", "monkey-saddle", "plateau", "rosenbrock", "himmelblau", "beale",
    "booth", "rastrigin", "ackley",
]  # fmt: skip


def points_of(each, count=20):
    """Random points of the window, one a column."""
    low, high = np.array(each.domain).T
    random = np.random.default_rng(5)
    return low[:, None] + (high - low)[:, None] * random.random((each.dimension, count))


def slopes_of_gradient(each, x):
    """The Hessian by differences of the gradient."""
    if each.dimension == 1:
        return numerical_gradient(each.gradient, x, 1e-6)

    def row(i):
        return numerical_gradient(lambda z: each.gradient(z)[i], x, 1e-6)

    return np.array([row(0), row(1)])


def test_all_names_of_the_course_are_there_in_its_order():
    assert NAMES == list(OBJECTIVES)
    assert NAMES == [each.name for each in OBJECTIVES.values()]
    assert all(each.source for each in OBJECTIVES.values())


@pytest.mark.parametrize("name", NAMES)
def test_gradient_and_hessian_agree_with_differences(name):
    each = objective(name)
    for point in points_of(each).T:
        x = point if each.dimension == 2 else point[0]
        assert np.allclose(numerical_gradient(each, x, 1e-6), each.gradient(x), 1e-5, 1e-5)
        assert np.allclose(slopes_of_gradient(each, x), each.hessian(x), 1e-5, 1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_minimizers_are_the_lowest_points_of_the_window(name):
    each = objective(name)
    values = each(points_of(each, 2000) if each.dimension == 2 else points_of(each, 2000)[0])
    for minimizer in each.minimizers:
        assert len(minimizer) == each.dimension
        lowest = each(np.array(minimizer) if each.dimension == 2 else minimizer[0])
        assert lowest <= values.min() + 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_many_points_in_one_call_give_what_single_calls_give(name):
    each = objective(name)
    points = points_of(each)
    columns = points if each.dimension == 2 else points[0]
    singles = [each(point if each.dimension == 2 else float(point[0])) for point in points.T]
    slopes = [each.gradient(p if each.dimension == 2 else float(p[0])) for p in points.T]
    assert (20,) == each(columns).shape
    assert columns.shape == each.gradient(columns).shape
    assert np.allclose(singles, each(columns), rtol=1e-13, atol=1e-12)
    assert np.allclose(np.array(slopes).T, each.gradient(columns), rtol=1e-12, atol=1e-11)
    assert all(type(single) is float for single in singles)


def test_one_variable_works_element_by_element_on_any_shape():
    well = objective("double-well")
    x = np.linspace(-1, 1, 6).reshape(2, 3)
    assert [(2, 3)] * 3 == [well(x).shape, well.gradient(x).shape, well.hessian(x).shape]
    assert 1.0 == objective("square").value(np.array([1.0]))[0]
    assert (1,) == objective("square").gradient([1.0]).shape


def test_formulas_are_shown_with_superscripts_and_subscripts():
    shown = [(objective(n).formula, objective(n).source_formula) for n in ("elongated-bowl", "abs")]
    assert [("x₀²/20 + x₁²", "x0**2/20 + x1**2"), ("abs(x)", "abs(x)")] == shown
    assert "0.01*x**2 + 0.1*x" == objective("shallow-parabola").source_formula
    assert "0.01x² + 0.1x" == objective("shallow-parabola").formula


def test_the_gradient_of_the_bowl_misses_the_minimum_by_64_degrees():
    downhill = -objective("elongated-bowl").gradient([-7.0, 2.0])
    way = np.array([7.0, -2.0])
    cosine = downhill @ way / np.linalg.norm(downhill) / np.linalg.norm(way)
    assert 64.1 == round(float(np.degrees(np.arccos(cosine))), 1)


def test_hessian_of_two_variables_wants_one_point():
    with pytest.raises(ValueError, match=r"\(2,\), not \(3,\)"):
        objective("sphere").hessian([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"\(2,\) or \(2, k\), not \(3,\)"):
        objective("sphere").value([1.0, 2.0, 3.0])


def test_an_unknown_name_is_answered_with_the_nearest_one():
    with pytest.raises(TutorError, match="“rosenbrok”; did you mean rosenbrock"):
        objective("rosenbrok")
    with pytest.raises(TutorError, match=r"“zzz”; there are square, shallow-parabola"):
        objective("zzz")


@pytest.mark.parametrize(
    ("text", "dimension"),
    [("x**2", 1), ("3", 1), ("x0 + x1", 2), ("x[1]**2", 2), ("x₀", 2), ("sin(x)", 1)],
)
def test_a_typed_formula_becomes_an_objective_of_its_variables(text, dimension):
    each = objective_from_formula(text)
    assert dimension == each.dimension == len(each.domain)
    assert () == each.minimizers


def test_a_typed_formula_that_mixes_x_and_x0_is_refused():
    with pytest.raises(TutorError, match=r"“x” is unknown; known here: x0, x1"):
        objective_from_formula("x + x0")
    with pytest.raises(TutorError, match=r"“y” is unknown"):
        objective_from_formula("y**2")
