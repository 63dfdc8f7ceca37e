"""Error against h: the measured valley, and the theory beside it."""

import math

import numpy as np
import pytest

from tests.core.printed import all_agree
from tutor.core import forward_difference, objective, step_sweep


@pytest.mark.parametrize("f", [np.sin, math.sin, objective("sin")])
def test_the_best_h_for_sin_at_1_is_where_theory_expects_it(f):
    sweep = step_sweep(f, 1.0)
    assert 1e-9 <= sweep.best_forward <= 1e-7
    assert 1e-6 <= sweep.best_central <= 2e-5
    assert math.isclose(1.49e-8, sweep.theory_forward, rel_tol=1e-3)
    assert math.isclose(6.06e-6, sweep.theory_central, rel_tol=1e-3)


def test_central_errors_of_exp_at_1_are_the_published_ones():
    steps = [1e-1, 1e-3, 1e-5, 1e-8, 1e-10, 1e-16]
    sweep = step_sweep(objective("exp"), 1.0, steps)
    assert all_agree("4.5e-3 4.5e-7 5.9e-11 6.6e-9 6.7e-7 2.7", sweep.central_error)
    assert not all_agree("4.5e-3 4.5e-7 5.9e-11 6.6e-9 6.7e-7 2.7", sweep.forward_error)


def test_at_h_1e_8_both_quotients_err_alike():
    """Central is better by its truncation; it cancels digits just the same."""
    sweep = step_sweep(objective("exp"), 1.0, [1e-8])
    assert all_agree("6.6e-9 6.6e-9", [sweep.forward_error[0], sweep.central_error[0]])


def test_for_a_square_the_central_quotient_has_no_truncation_so_a_large_h_is_best():
    sweep = step_sweep(objective("square"), 5.0)
    assert sweep.best_central == 1.0
    assert np.all(sweep.central_truncation == 0)
    assert sweep.best_forward < 1e-6


def test_quotients_are_those_of_the_course():
    f = objective("shallow-parabola")
    sweep = step_sweep(f, 5.0, [1e-4, 10e-50])
    assert [0.1999999999990898, 0.0] == sweep.central.tolist()
    assert [forward_difference(f, 5.0, 1e-4), 0.0] == sweep.forward.tolist()


@pytest.mark.parametrize("f", [np.exp, objective("exp")])
def test_measured_errors_follow_the_two_theory_lines(f):
    sweep = step_sweep(f, 1.0, [1e-3, 1e-2])
    assert np.allclose(sweep.forward_truncation, sweep.forward_error, rtol=1e-2)
    assert np.allclose(sweep.central_truncation, sweep.central_error, rtol=1e-3)
    small = step_sweep(f, 1.0, np.logspace(-14, -10, 40))
    ratio = np.median(small.central_error / small.central_rounding)
    assert 0.05 < ratio < 5


def test_the_exact_slope_is_taken_as_number_function_or_found():
    slopes = [
        step_sweep(np.sin, 1.0, exact=math.cos(1)).exact,
        step_sweep(np.sin, 1.0, exact=math.cos).exact,
        step_sweep(objective("sin"), 1.0).exact,
    ]
    assert [math.cos(1)] * 3 == slopes
    assert math.isclose(math.cos(1), step_sweep(np.sin, 1.0).exact, rel_tol=1e-12)


def test_in_float32_the_valley_is_shallower_and_tiny_h_are_nan():
    f = objective("shallow-parabola")
    single = step_sweep(f, 5.0, [10e-50, 1e-3, 1e-1], dtype=np.float32)
    double = step_sweep(f, 5.0, [10e-50, 1e-3, 1e-1])
    assert np.isnan(single.forward[0])
    assert 0.0 == double.forward[0]
    assert single.central_error[1] > 100 * double.central_error[1]
    assert float(np.finfo(np.float32).eps) == single.eps
    assert single.best_central == 1e-1
