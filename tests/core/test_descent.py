"""Gradient descent: the published end points, and what a run says about itself."""

import functools
import math

import numpy as np
import pytest

from tests.core.printed import all_agree
from tutor.core import descend_many, gradient_descent, numerical_gradient, objective, parse

SPHERE = objective("sphere")
START = (-3.0, 4.0)


def textbook(x):
    return x[0] ** 2 + x[1] ** 2


def numerical(learning_rate, steps=100, f=textbook):
    return gradient_descent(f, START, learning_rate=learning_rate, steps=steps)


def exact(learning_rate, steps=100):
    return gradient_descent(
        SPHERE, START, learning_rate=learning_rate, steps=steps, gradient=SPHERE.gradient
    )


@pytest.mark.parametrize("f", [textbook, SPHERE, parse("x0**2 + x1**2", ["x0", "x1"])])
@pytest.mark.parametrize(
    ("learning_rate", "printed"),
    [
        (0.1, "-6.11110793e-10 8.14814391e-10"),
        (0.01, "-0.39785867 0.53047822"),
        (1e-10, "-2.99999994 3.99999992"),
        (10, "-2.58983747e+13 -1.29524862e+12"),
        (1.01, "-21.73393835 28.97858447"),
    ],
)
def test_the_numerical_descent_ends_where_the_course_prints(f, learning_rate, printed):
    end = numerical(learning_rate, f=f).points[-1]
    assert all_agree(printed, end)
    assert not all_agree(printed, START)
    assert not all_agree(printed, [0.0, 0.0])


def test_with_a_rate_of_1_it_ping_pongs_for_ever():
    run = numerical(1.0)
    assert np.allclose(START, run.points[-1], rtol=0, atol=1e-8)
    assert np.allclose([3, -4], run.points[-2], rtol=0, atol=1e-8)
    assert ("oscillating", 0) == (run.status, run.since)
    assert math.isclose(1.0, run.factor, rel_tol=1e-9)


def test_with_a_rate_of_10_the_numerical_gradient_freezes_and_the_exact_one_does_not():
    frozen, flown = numerical(10.0), exact(10.0)
    assert ("frozen", 10) == (frozen.status, frozen.since)
    assert np.all(frozen.points[10:] == frozen.points[-1])
    assert np.all(frozen.points[-1] + 1e-4 == frozen.points[-1])
    assert np.any(frozen.points[9] != frozen.points[10])
    assert all_agree("-2.2515e+128 3.0021e+128", flown.points[-1])
    assert ("diverged", 0) == (flown.status, flown.since)
    assert math.isclose(19.0, flown.factor, rel_tol=1e-9)


def test_the_first_points_and_heights_are_those_of_the_course():
    run = exact(0.1, 3)
    assert np.allclose([(-3, 4), (-2.4, 3.2), (-1.92, 2.56), (-1.536, 2.048)], run.points)
    assert np.allclose([25, 16, 10.24, 6.5536], run.values)
    assert np.allclose([-6, 8], run.gradients[0])
    assert (4, 2) == run.gradients.shape
    assert 3 == run.steps


@pytest.mark.parametrize(
    ("learning_rate", "steps"), [(0.3, 10), (0.5, 1), (0.7, 10), (0.9, 39), (0.99, 422)]
)
def test_so_many_steps_bring_it_within_a_thousandth(learning_rate, steps):
    distance = np.linalg.norm(exact(learning_rate, 500).points, axis=1)
    assert steps == int(np.argmax(distance < 1e-3))


def test_the_best_constant_rate_on_the_bowl_takes_89_steps():
    bowl = objective("elongated-bowl")
    run = gradient_descent(bowl, [-7, 2], learning_rate=0.948, gradient=bowl.gradient)
    assert 89 == int(np.argmax(np.linalg.norm(run.points, axis=1) < 1e-3))


def test_the_start_is_not_moved_so_that_a_second_run_equals_the_first():
    start = np.array(START)
    first = gradient_descent(textbook, start, learning_rate=0.1)
    second = gradient_descent(textbook, start, learning_rate=0.1)
    assert list(START) == start.tolist()
    assert first.points.tolist() == second.points.tolist()
    assert not np.allclose(first.points[0], first.points[-1])


def test_the_rows_of_the_path_differ():
    points = numerical(0.1, 5).points
    assert 6 == len(np.unique(points, axis=0))


@pytest.mark.parametrize("gradient", [None, lambda x: 2 * x])
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (6, 2)])
def test_any_shape_walks(shape, gradient):
    start = np.linspace(1, 2, int(np.prod(shape))).reshape(shape)
    run = gradient_descent(
        lambda x: np.sum(x**2), start, learning_rate=0.25, steps=4, gradient=gradient
    )
    assert (5, *shape) == run.points.shape == run.gradients.shape
    assert np.allclose(start / 16, run.points[-1], rtol=1e-7)


def test_one_variable_is_a_number():
    well = objective("double-well")
    left, right = (
        gradient_descent(well, x, learning_rate=0.1, gradient=well.gradient) for x in (-0.5, 0.5)
    )
    assert math.isclose(well.minimizers[0][0], left.points[-1])
    assert abs(right.points[-1] - 0.96) < 1e-2, "another start, another minimum"
    assert (101,) == left.points.shape


def hidden(function):
    """The same function, of which nobody can know that it is a formula."""
    return functools.partial(function)


def test_the_compiled_path_is_the_path_of_a_plain_loop():
    rosenbrock = objective("rosenbrock")
    fast = gradient_descent(
        rosenbrock, [-1, 1.5], learning_rate=1e-3, steps=200, gradient=rosenbrock.gradient
    )
    plain = gradient_descent(
        hidden(rosenbrock.value), [-1, 1.5], learning_rate=1e-3, steps=200,
        gradient=hidden(rosenbrock.gradient),
    )  # fmt: skip
    assert fast.points.tolist() == plain.points.tolist()
    assert fast.values.tolist() == plain.values.tolist()
    assert fast.gradients.tolist() == plain.gradients.tolist()
    assert (fast.status, fast.since, fast.factor) == (plain.status, plain.since, plain.factor)


def test_a_partial_that_is_another_variable_is_taken_before_the_step():
    swap = parse("x0*x1", ["x0", "x1"])
    run = gradient_descent(swap, [1.0, 2.0], learning_rate=0.1, steps=1, gradient=swap.gradient_at)
    assert [0.8, 1.9] == run.points[1].tolist()


def test_a_formula_may_be_walked_with_another_gradient():
    half = gradient_descent(
        SPHERE, START, learning_rate=0.1, steps=3, gradient=lambda x: SPHERE.gradient(x) / 2
    )
    assert np.allclose(exact(0.05, 3).points, half.points, rtol=1e-14)


def test_an_f_that_fails_in_the_fast_loop_is_judged_by_the_careful_one():
    def picky(x):
        return math.exp(x[0]) + x[1] ** 2

    run = gradient_descent(picky, [1.0, 1.0], learning_rate=-2.0, steps=10)
    assert "nonfinite" == run.status
    with pytest.raises(ValueError, match=r"shape \(1,\)"):
        gradient_descent(lambda x: x[:1] ** 2, START)


def test_many_entries_are_walked_in_batches():
    calls = []

    def squares(x):
        calls.append(x.shape)
        return np.sum(x**2, axis=0)

    run = gradient_descent(squares, np.arange(1.0, 31.0), learning_rate=0.25, steps=5)
    assert np.allclose(np.arange(1.0, 31.0) / 32, run.points[-1])
    assert len(calls) < 5 * 30


def test_a_gradient_with_another_h_may_be_passed():
    run = gradient_descent(
        textbook, START, learning_rate=0.1, steps=10,
        gradient=lambda x: numerical_gradient(textbook, x, 1e-2),
    )  # fmt: skip
    assert np.allclose(exact(0.1, 10).points, run.points, atol=1e-9)
    assert not np.array_equal(numerical(0.1, 10).points, run.points)


@pytest.mark.parametrize(
    ("learning_rate", "status"),
    [
        (0.1, "converged"),
        (0.01, "completed"),
        (1e-10, "completed"),
        (1.01, "diverged"),
        (1.0, "oscillating"),
        (1e-20, "frozen"),
        (0.0, "frozen"),
        (1e4, "nonfinite"),
        (-0.1, "diverged"),
    ],
)
def test_the_status_names_how_the_run_ended(learning_rate, status):
    assert status == exact(learning_rate, 200).status
    assert (status == "completed") == (exact(learning_rate, 200).since is None)


def test_standing_at_the_minimum_is_converged_not_frozen():
    for run in (exact(0.5), numerical(0.5), exact(0.3, 200)):
        assert "converged" == run.status
    assert 1 == exact(0.5).since


def test_the_factor_is_the_one_of_theory():
    for learning_rate in (0.1, 0.01, 0.9, 1.01):
        assert math.isclose(abs(1 - 2 * learning_rate), exact(learning_rate).factor, rel_tol=1e-9)
    assert math.isnan(exact(0.1, 0).factor)


def test_a_plateau_is_not_convergence():
    plateau = objective("plateau")
    run = gradient_descent(plateau, [-4, 4], learning_rate=0.1, gradient=plateau.gradient)
    assert "completed" == run.status


def test_sliding_down_a_saddle_for_ever_is_divergence():
    saddle = objective("saddle")
    run = gradient_descent(saddle, [-3, 1e-3], learning_rate=0.1, gradient=saddle.gradient)
    assert "diverged" == run.status
    assert run.values[-1] < run.values[0]
    at_the_saddle = gradient_descent(saddle, [-3, 0], learning_rate=0.1, gradient=saddle.gradient)
    assert "converged" == at_the_saddle.status, "a gradient of 0 is no proof of a minimum"


def test_a_longer_cycle_is_found():
    run = gradient_descent(objective("abs"), 1.0, learning_rate=0.3, steps=50)
    assert "oscillating" == run.status
    logistic = gradient_descent(
        lambda x: x**3 / 3 - x**2 / 2,
        0.2,
        learning_rate=2.5,
        steps=400,
        gradient=lambda x: x**2 - x,
    )
    assert "oscillating" == logistic.status
    assert np.allclose(logistic.points[-1], logistic.points[-5], atol=1e-6)
    assert not np.allclose(logistic.points[-1], logistic.points[-3], atol=1e-3)


def test_overflow_is_a_status_neither_a_warning_nor_an_exception():
    for gradient in (None, objective("exp").gradient):
        run = gradient_descent(objective("exp"), 1.0, learning_rate=-1, steps=20, gradient=gradient)
        assert "nonfinite" == run.status
        assert run.since is not None
        assert np.isfinite(run.points[run.since - 1])
        assert not np.isfinite(run.points[-1])
    with_math = gradient_descent(math.exp, 1.0, learning_rate=-1, steps=20)
    assert "nonfinite" == with_math.status
    division = gradient_descent(
        lambda x: 1 / float(x), 0.0, steps=3, gradient=lambda x: 1 / float(x)
    )
    assert ("nonfinite", 0) == (division.status, division.since)


def test_zero_steps_are_the_start_alone():
    run = exact(0.1, 0)
    assert [list(START)] == run.points.tolist()
    assert ("completed", 0) == (run.status, run.steps)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="steps must be 0 or more, not -1"):
        gradient_descent(textbook, START, steps=-1)
    with pytest.raises(TypeError, match="init_x must be real numbers"):
        gradient_descent(textbook, [1j, 2])
    with pytest.raises(ValueError, match=r"x's shape \(2,\), not \(\)"):
        gradient_descent(textbook, START, gradient=lambda _: 1.0)
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        gradient_descent(lambda x: x**2, START)
    with pytest.raises(ValueError, match=r"\(2,\) or \(2, k\), not \(3,\)"):
        gradient_descent(SPHERE, [1.0, 2.0, 3.0])


@pytest.mark.parametrize("gradient", [None, lambda x: np.array([1 / x[0]])])
def test_what_math_refuses_ends_a_run_with_a_status(gradient):
    run = gradient_descent(lambda x: math.log(x[0]), [1.0], learning_rate=0.3, gradient=gradient)
    like = gradient_descent(lambda x: np.log(x[0]), [1.0], learning_rate=0.3, gradient=gradient)
    assert "nonfinite" == run.status == like.status
    assert like.since == run.since
    kept = run.since
    assert np.allclose(like.points[:kept], run.points[:kept], rtol=0, atol=1e-9)


def test_a_gradient_that_writes_its_argument_does_not_bend_the_path():
    def greedy(x):
        x *= 2
        return x

    def square(x):
        return x[0] ** 2 + x[1] ** 2

    start = [-3.0, 4.0]
    clean = gradient_descent(square, start, learning_rate=0.1, gradient=lambda x: 2 * x)
    assert np.array_equal(clean.points, gradient_descent(
        square, start, learning_rate=0.1, gradient=greedy).points)  # fmt: skip
    starts = np.array([start, start]).T
    ends = descend_many(square, starts, learning_rate=0.1, gradient=greedy)
    assert np.allclose(ends[:, 0], clean.points[-1], rtol=1e-12)


def test_a_rate_that_is_no_number_is_refused():
    with pytest.raises(TypeError, match=r"must be a number or a schedule, not '0\.1'"):
        gradient_descent(lambda x: x[0] ** 2, [1.0], learning_rate="0.1")
