"""Derivatives that know their error: accurate, bounded, honest about what has none."""

import math
from functools import partial

import numpy as np
import pytest

from tests.core.derivative_cases import FAMILIES, measure
from tests.core.fine_cases import FINE, honesty
from tutor.core import derivative, gradient, objective, parse, step_sweep


def words(found):
    return " | ".join(map(str, found.explain()))


@pytest.mark.parametrize("seed", [20240501, pytest.param(7, marks=pytest.mark.thorough)])
def test_held_out_cases_are_accurate_and_their_bounds_hold_and_are_tight(seed):
    assert len(FAMILIES) >= 12
    found = measure(seed, 1250)
    assert found.median_relative_error <= 1e-14
    assert found.covered >= 0.98
    assert found.tightness <= 100
    assert (0, 0) == (found.not_a_number, found.false_alarms)


def judged(f, x, method="auto"):
    found = derivative(f, x, method=method)
    return found.value, found.error, found.status


@pytest.mark.parametrize("method", ["auto", "central", "forward"])
@pytest.mark.parametrize("family", FINE)
def test_what_lives_on_a_scale_of_its_own_is_right_or_not_ok(family, method):
    count = 250 if method == "auto" else 150
    found = honesty(family, partial(judged, method=method), seed=20261128, count=count)
    assert 0 == found.wrong, found.examples
    if family not in {"kinks", "noise"}:
        assert found.right >= 0.5 * count
    else:
        assert 0 == found.told["ok"]
    assert found.outside <= 0.03 * count


@pytest.mark.parametrize("family", ["waves", "bumps", "slow and fast", "round periods", "scales"])
def test_an_imaginary_step_is_right_or_not_ok_too(family):
    found = honesty(family, partial(judged, method="complex"), seed=20261128, count=150)
    assert 0 == found.wrong, found.examples
    assert found.right >= 0.5 * 150


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["auto", "central", "forward"])
@pytest.mark.parametrize("family", FINE)
def test_of_many_such_cases_at_most_one_in_a_thousand_is_wrong(family, method):
    count = 4000 if method == "auto" else 2000
    found = honesty(family, partial(judged, method=method), seed=7, count=count)
    assert found.wrong <= count / 1000, found.examples
    assert found.outside <= 0.03 * count


def test_a_wave_whose_period_divides_x_and_the_steps_is_seen():
    wave = derivative(lambda x: np.sin(2 * np.pi * x), 100.0)
    assert ("ok", True) == (wave.status, abs(wave.value - 2 * np.pi) <= wave.error)
    bump = derivative(lambda x: np.exp(-(((x - 0.5) / 0.001) ** 2)), 0.5005)
    assert math.isclose(-1000 * math.exp(-0.25), bump.value, rel_tol=1e-9)
    assert math.isclose(2 * np.pi, step_sweep(lambda x: np.sin(2 * np.pi * x), 100.0).exact)


def test_what_no_step_can_see_is_unclear_and_has_no_bound():
    found = derivative(np.sin, 1e13)
    assert ("unclear", math.inf) == (found.status, found.error)
    assert "on a scale that differences do not see" in words(found)


def test_beside_a_near_jump_nothing_is_ok():
    for away in (1e-15, 1e-12, 1e-9, 1e-7):
        assert "ok" != derivative(np.floor, 1.0 + away).status
        assert "ok" != derivative(lambda x: x % 1, 3.0 + away).status
    assert ("ok", 0.0) == (derivative(np.floor, 1.0 + 1e-5).status, derivative(np.floor, 1.5).value)


@pytest.mark.parametrize("constant", [0.0, 1e6, 1e9])
@pytest.mark.parametrize("method", ["ladder", "auto"])
def test_a_kink_on_a_large_constant_knows_both_its_slopes(constant, method):
    found = derivative(lambda x: constant + 2 * x + abs(x - 1), 1.0, method=method)
    assert "kink" == found.status
    assert math.isclose(1.0, found.left, rel_tol=0.05)
    assert math.isclose(3.0, found.right, rel_tol=0.05)
    assert "from the left the slope is" in words(found)


@pytest.mark.parametrize("method", ["auto", "ladder", "central", "forward"])
@pytest.mark.parametrize("n", [1, 3, 8, 9, 40])
def test_a_kink_is_one_by_every_method_and_in_every_size(method, n):
    found = gradient(lambda x: np.sum(np.abs(x)), np.zeros(n), method=method)
    assert {"kink"} == set(found.statuses.tolist())
    assert [-1.0] * n == found.left.round(9).tolist()
    assert [1.0] * n == found.right.round(9).tolist()


def test_a_typed_formula_and_a_called_one_have_one_meaning_of_ok():
    kinks = {"abs(x)": 0.0, "max(x, x**2)": 1.0, "sign(x)": 0.0, "1000000 + abs(x)": 0.0}
    for text, x in kinks.items():
        assert "kink" == derivative(parse(text, ["x"]), x).status
        assert "ok" == derivative(parse(text, ["x"]), x + 0.3).status
    for text in ("log(x)", "sqrt(x)", "asin(x - 5)"):
        assert "nonfinite" == derivative(parse(text, ["x"]), -1.0).status
    both = gradient(parse("abs(x0) + x1**2", ["x0", "x1"]), [0.0, 1.0])
    assert ["kink", "ok"] == both.statuses.tolist()


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (math.log, 1.0, 1.0),
        (math.exp, 700.0, math.exp(700)),
        (lambda x: 1 / x, 1.0, -1.0),
        (lambda x: math.sqrt(x) ** 3, 0.01, 0.15),
        (lambda x: x**-2.0, 0.5, -16.0),
    ],
)
def test_where_math_refuses_there_is_no_f_and_no_exception(f, x, slope):
    found = derivative(f, x)
    assert "ok" == found.status
    assert math.isclose(slope, found.value, rel_tol=1e-10)


def test_at_a_point_where_math_refuses_there_is_no_slope():
    for f, x in ((math.log, 0.0), (math.log, -1.0), (lambda x: 1 / x, 0.0), (math.exp, 800.0)):
        assert "nonfinite" == derivative(f, x).status
    with pytest.raises(ValueError, match="not of math"):
        derivative(refusing, 1.0)


def refusing(_x):
    raise ValueError("a mistake of the caller, not of math")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"step": -1e-3}, "step must be a positive number, not -0.001"),
        ({"step": math.nan}, "step must be a positive number"),
        ({"method": "forwards"}, "method must be one of auto, central, .* not 'forwards'"),
    ],
)
def test_arguments_are_checked_with_a_sentence(more, says):
    for function, x in ((derivative, 1.0), (gradient, [1.0, 2.0])):
        with pytest.raises(ValueError, match=says):
            function(np.sum, x, **more)


@pytest.mark.parametrize("x", [1e308, 1.7e308, -9.5e307])
def test_enormous_points_have_a_status(x):
    assert derivative(np.exp, x).status in {"nonfinite", "unclear", "ok"}
    assert derivative(lambda z: z / 2, x / 1000).status == "ok"


def test_many_points_are_differentiated_at_once():
    calls = []

    def f(x):
        calls.append(np.shape(x))
        return np.sin(x)

    points = np.linspace(-3, 3, 200).reshape(20, 10)
    found = derivative(f, points)
    assert np.all(np.abs(found.value - np.cos(points)) <= found.error)
    assert found.error.max() < 1e-12
    assert ((20, 10), "ok", "ladder") == (found.value.shape, found.status, found.method)
    assert len(calls) <= 6


def test_many_points_have_a_status_each_and_the_answers_of_single_ones():
    def f(x):
        return np.sin(100 * x) + np.abs(x - 1) + np.sqrt(x)

    points = [0.5, 1.0, -1.0, 40.3, 1e-5]
    many, single = derivative(f, points), [derivative(f, x) for x in points]
    assert [one.status for one in single] == many.statuses.tolist()
    assert ["ok", "kink", "nonfinite", "ok", "ok"] == many.statuses.tolist()
    for i in (0, 3, 4):
        assert math.isclose(single[i].value, many.value[i], rel_tol=1e-8)
    exact = derivative(parse("abs(x)", ["x"]), [-2.0, 0.0, 2.0])
    assert (["ok", "kink", "ok"], [-1, 0, 1]) == (exact.statuses.tolist(), exact.value.tolist())


@pytest.mark.parametrize("method", ["central", "forward", "complex"])
def test_every_method_takes_many_points(method):
    found = derivative(np.exp, [0.0, 1.0], method=method)
    assert np.all(np.abs(found.value - np.exp([0.0, 1.0])) <= found.error)


CORNERS = {
    "abs": (np.abs, 0.0),
    "relu": (lambda x: np.maximum(x, 0), 0.0),
    "leaky relu": (lambda x: np.where(x > 0, x, 0.01 * x), 0.0),
    "shifted": (lambda x: abs(x - 1) + x**2, 1.0),
    "larger of two": (lambda x: np.maximum(x, x**2), 1.0),
    "abs of sine": (lambda x: abs(np.sin(x)), np.pi),
    "root of abs": (lambda x: np.sqrt(abs(x)), 0.0),
    "jump": (lambda x: np.where(x >= 1, 2.0, 1.0), 1.0),
    "sign": (np.sign, 0.0),
    "cube root": (np.cbrt, 0.0),
}


@pytest.mark.parametrize("name", CORNERS)
def test_a_corner_is_a_kink_without_a_bound(name):
    f, x = CORNERS[name]
    found = derivative(f, x)
    assert "kink" == found.status
    assert math.inf == found.error
    assert "the slope jumps" in words(found)


@pytest.mark.parametrize("name", CORNERS)
def test_beside_a_corner_there_is_a_slope(name):
    f, x = CORNERS[name]
    assert "ok" == derivative(f, x + 0.3).status
    assert "ok" == derivative(f, x - 0.3).status


def test_just_beside_a_corner_the_ladder_is_made_finer():
    found = derivative(np.abs, 1e-7)
    assert (1.0, "ok") == (found.value, found.status)
    assert found.step < 1e-7


@pytest.mark.parametrize("x", [-1.0, 0.0])
def test_where_f_is_not_defined_on_both_sides_there_is_none(x):
    found = derivative(np.sqrt, x)
    assert math.isnan(found.value)
    assert ("nonfinite", math.inf) == (found.status, found.error)
    assert "no finite value" in words(found)


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (np.log, 1e-6, 1e6),
        (lambda x: np.sin(1e6 * x), 1.0, 1e6 * math.cos(1e6)),
        (np.sin, 1e8, math.cos(1e8)),
        (lambda x: np.tanh(1e4 * x), 0.0, 1e4),
        (lambda x: 1 / x, 1e-5, -1e10),
        (np.exp, 700.0, math.exp(700)),
        (lambda x: 2 * x + 1, 1e8, 2.0),
        (lambda x: x**2, 1e150, 2e150),
        (lambda x: x**3, 0.0, 0.0),
        (lambda x: 3.0, 1.0, 0.0),
        (np.exp, 1e-300, 1.0),
    ],
)
def test_strange_scales_are_found(f, x, slope):
    found = derivative(f, x)
    assert "ok" == found.status
    assert abs(slope - found.value) <= max(found.error, 1e-15 * abs(slope))
    assert found.error <= 1e-3 * abs(slope) + 1e-12


@pytest.mark.parametrize("x", [0.3, 1.0, 2.7, 5.0])
def test_an_f_that_computes_in_single_precision_is_called_noisy_and_bounded(x):
    found = derivative(lambda z: np.sin(z).astype(np.float32).astype(np.float64), x)
    assert "noisy" == found.status
    assert 1e-12 < abs(found.value - math.cos(x)) <= found.error < 1e-2
    assert "shakes" in words(found)


def shaky(x):
    """Return sin with noise of 1e-6 that has no pattern."""
    bits = np.asarray(x, dtype=np.float64).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    bits ^= bits >> np.uint64(29)
    bits *= np.uint64(0xBF58476D1CE4E5B9)
    return np.sin(x) + 1e-6 * ((bits >> np.uint64(11)) / 2.0**53 - 0.5)


def test_noise_is_neither_a_kink_nor_taken_for_digits():
    found = [derivative(shaky, x) for x in np.linspace(0.3, 3, 20).tolist()]
    assert {"noisy"} == {each.status for each in found}
    assert all(each.error > 1e-7 for each in found)
    covered = sum(abs(each.value - math.cos(each.x)) <= each.error for each in found)
    assert covered >= 16


def test_a_function_of_one_number_alone_is_asked_one_by_one():
    plain, vectorised = derivative(math.sin, 1.0), derivative(np.sin, 1.0)
    assert abs(plain.value - math.cos(1)) <= plain.error < 1e-13
    assert abs(vectorised.value - math.cos(1)) <= vectorised.error < 1e-13
    assert 35 == plain.evaluations == vectorised.evaluations


def test_a_function_that_mixes_its_points_is_asked_one_by_one():
    found = derivative(lambda x: x**2 * np.mean(x), 2.0)
    assert math.isclose(12.0, found.value, rel_tol=1e-12)


@pytest.mark.parametrize(
    ("method", "error", "evaluations"),
    [("ladder", 1e-13, 35), ("central", 1e-9, 37), ("forward", 1e-6, 36), ("complex", 1e-14, 37)],
)
def test_every_method_bounds_its_error(method, error, evaluations):
    for x in (-2.0, 0.5, 3.0):
        found = derivative(lambda z: np.exp(z) * np.sin(z), x, method=method)
        truth = math.exp(x) * (math.sin(x) + math.cos(x))
        assert abs(found.value - truth) <= found.error <= error * 30
        assert (method, "ok", evaluations) == (found.method, found.status, found.evaluations)
        assert math.isclose(found.error, found.truncation + found.rounding)


def test_auto_is_exact_for_a_formula_and_the_ladder_for_the_rest():
    well = objective("double-well")
    for f in (well, well.value, well.expression, parse("x**4 - 2*x**2 + 0.3*x", ["x"])):
        found = derivative(f, 0.5)
        assert ("exact", 0, 0.0, 0.0) == (
            found.method, found.evaluations, found.truncation, found.step
        )  # fmt: skip
        assert abs(found.value - (4 * 0.125 - 2 + 0.3)) <= found.error < 1e-14
    assert "ladder" == derivative(np.sin, 0.5).method
    assert "the formula itself was differentiated" in words(derivative(well, 0.5))


def test_exact_bounds_its_own_rounding():
    cancelling = parse("(x + 10000000000)**2 - 20000000000*x - 10000000000**2", ["x"])
    found = derivative(cancelling, 1.0)
    assert abs(found.value - 2.0) <= found.error
    assert found.error > 1e-7, "two terms of 2e10 cancel: their last digits are lost"
    assert derivative(parse("x**2", ["x"]), 1.0).error < 1e-15


def test_an_exact_derivative_may_not_exist():
    found = derivative(parse("log(x)", ["x"]), 0.0)
    assert ("nonfinite", math.inf) == (found.status, found.error)


def test_exact_of_a_black_box_is_refused():
    with pytest.raises(ValueError, match="needs a formula"):
        derivative(np.sin, 1.0, method="exact")
    with pytest.raises(ValueError, match="needs a formula"):
        gradient(objective("sphere"), [1.0, 2.0, 3.0], method="exact")


def test_complex_refuses_what_is_not_analytic():
    with pytest.raises(ValueError, match="computes with complex numbers"):
        derivative(lambda x: float(np.real(x)), 1.0, method="complex")
    with pytest.raises(ValueError, match="otherwise than real ones"):
        derivative(lambda x: abs(x) + 0j if np.iscomplexobj(x) else abs(x), 1.0, method="complex")


@pytest.mark.parametrize("method", ["auto", "central", "forward", "ladder"])
def test_a_step_that_vanishes_says_so(method):
    found = derivative(lambda x: 0.01 * x**2 + 0.1 * x, 5.0, method=method, step=10e-50)
    assert (0.0, math.inf, "unresolved_step") == (found.value, found.error, found.status)
    assert "5 + 1e-49 is 5" in words(found)
    at_zero = derivative(lambda x: 0.01 * x**2 + 0.1 * x, 0.0, method=method, step=10e-50)
    assert math.isclose(0.1, at_zero.value)
    assert "ok" == at_zero.status


def test_a_step_that_is_given_is_used():
    coarse = derivative(np.exp, 1.0, method="central", step=0.1)
    assert 0.1 == coarse.step
    assert math.isclose(4.5e-3, coarse.value - math.e, rel_tol=0.01)
    assert 4.5e-3 < coarse.error < 2e-2
    ladder = derivative(np.exp, 1.0, step=0.01)
    assert abs(ladder.value - math.e) <= ladder.error
    assert ladder.step <= 0.01


def test_the_point_must_be_one_real_number():
    with pytest.raises(TypeError, match="x must be real"):
        derivative(np.sin, 1j)
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        derivative(lambda x: np.zeros(3), 1.0)
    assert math.isclose(math.cos(1), derivative(np.sin, 1).value)


def test_explain_has_a_sentence_for_every_term():
    told = derivative(np.sin, 1.0).explain()
    assert 3 == len(told)
    assert "the slope at 1 is 0.5403023" in str(told[0])
    assert str(told[1]).startswith("truncation: a step of")
    assert str(told[2]).startswith("rounding: the last digits")
    assert "a complex step" in words(derivative(np.sin, 1.0, method="complex"))


# Gradients.


@pytest.mark.parametrize("batched", [None, True, False])
@pytest.mark.parametrize("shape", [(2,), (2, 3), (3, 5), (40,)])
def test_a_gradient_has_bounds_in_the_shape_of_x(shape, batched):
    x = np.linspace(-1, 2, int(np.prod(shape))).reshape(shape)
    axes = tuple(range(len(shape)))
    found = gradient(lambda w: np.sum(np.sin(w), axis=axes), x, batched=batched)
    assert [shape] * 5 == [
        part.shape for part in (found.value, found.error, found.step, found.statuses, found.x)
    ]
    assert np.all(np.abs(found.value - np.cos(x)) <= found.error)
    assert ("ladder", "ok") == (found.method, found.status)
    assert np.all(found.error < 1e-12)


def test_each_method_serves_gradients():
    x = np.array([0.5, 1.5])
    truth = np.array([np.cos(0.5), np.exp(1.5)])
    for method in ("central", "forward", "ladder", "complex"):
        found = gradient(lambda w: np.sin(w[0]) + np.exp(w[1]), x, method=method)
        assert np.all(np.abs(found.value - truth) <= found.error)
        assert np.all(found.error < 1e-6)
        assert method == found.method


def test_a_formula_is_differentiated_exactly():
    found = gradient(objective("rosenbrock"), [-1.0, 2.0])
    assert [-404.0 + 800.0, 200.0] == found.value.tolist()
    assert ("exact", 0) == (found.method, found.evaluations)
    assert np.all(found.error < 1e-11)


def test_each_entry_has_its_own_status_and_the_worst_stands_for_all():
    found = gradient(lambda x: x[0] ** 2 + abs(x[1]), [1.0, 0.0])
    assert ["ok", "kink"] == found.statuses.tolist()
    assert "kink" == found.status
    assert math.isclose(2.0, found.value[0])
    assert "[1]" in words(found)
    assert "the slope jumps at 0" in words(found)


def test_a_promotion_is_noted():
    assert "int64" in words(gradient(lambda x: x[0] ** 2, np.array([3])))
    assert "bool" in words(gradient(lambda x: x[0] ** 2, np.array([True])))
    assert () == gradient(lambda x: x[0] ** 2, np.array([3.0])).notes


def test_the_textbooks_idiom_is_recognised():
    weights = np.ones((2, 3))
    found = gradient(lambda _: float(np.sum(weights**2)), weights)
    assert 0.0 == np.abs(found.value).max()
    assert "may not use its argument" in words(found)
    flat = gradient(lambda x: max(0.0, x[0] - 10), np.array([1.0]))
    assert () == flat.notes, "a plateau is flat near by, not everywhere"


@pytest.mark.parametrize("method", ["central", "ladder"])
def test_a_vanishing_step_is_said_of_each_entry(method):
    found = gradient(lambda x: 1e-10 * x[0] + x[1], [1e10, 0.0], method=method, step=1e-8)
    assert ["unresolved_step", "ok"] == found.statuses.tolist()
    assert (0.0, math.inf) == (found.value[0], found.error[0])
    assert abs(1.0 - found.value[1]) <= found.error[1] < 1e-6
    assert "1e+10 + 1e-08 is 1e+10" in words(found)


def test_x_without_entries_has_an_empty_gradient():
    found = gradient(lambda x: 1.0, np.zeros((0, 3)))
    assert (0, 3) == found.value.shape
    assert "no entries" in words(found)


def test_x_is_untouched_and_its_copy_is_kept():
    x = np.array([1.0, 2.0])
    found = gradient(lambda w: np.sum(w**2), x)
    x[0] = 99.0
    assert [1.0, 2.0] == found.x.tolist()


def test_no_dimension_is_a_number():
    found = gradient(np.sin, 1.0)
    assert () == found.value.shape
    assert abs(found.value - math.cos(1)) <= found.error
    assert "[0]" in words(found)
