"""The gradient check: finds a small fault in one of many entries and a wrong sign anywhere."""

import math

import numpy as np
import pytest

from tutor.core import check_gradient, objective, objective_from_formula

POINT = np.linspace(-2.0, 2.5, 99)


def wavy(x):
    return np.sum(np.sin(x) * x**2)


def slopes(x):
    return np.cos(x) * x**2 + 2 * x * np.sin(x)


def words(check):
    return " | ".join(map(str, check.explain()))


def test_a_right_gradient_agrees():
    check = check_gradient(wavy, slopes, POINT)
    assert check
    assert ("agrees", 99) == (check.verdict, check.compared)
    assert check.relative_error < 1e-9
    assert "belongs to f" in words(check)


def test_a_fault_of_one_percent_in_one_entry_of_99_is_found():
    for entry in range(99):
        wrong = slopes(POINT)
        wrong[entry] *= 1.01
        check = check_gradient(wavy, wrong, POINT)
        assert ("differs", (entry,)) == (check.verdict, check.worst)
        assert not check
        assert f"[{entry}]" in words(check)


def test_a_wrong_sign_is_found_anywhere_and_named():
    for entry in range(0, 99, 7):
        wrong = slopes(POINT)
        wrong[entry] *= -1
        check = check_gradient(wavy, wrong, POINT)
        assert ("differs", (entry,)) == (check.verdict, check.worst)
        assert "the sign is wrong" in words(check)


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (2.0, "a factor 2 too much"),
        (0.5, "too small by a factor 2"),
        (0.0, "missing"),
        (10.0, "a factor 10 too much"),
    ],
)
def test_the_usual_mistakes_are_named(factor, says):
    wrong = slopes(POINT)
    wrong[3] *= factor
    assert says in words(check_gradient(wavy, wrong, POINT))


def test_an_unusual_mistake_is_shown_with_both_numbers():
    wrong = slopes(POINT)
    wrong[3] *= 1.37
    told = check_gradient(wavy, wrong, POINT).explain()
    assert 1 == len(told)
    assert f"{wrong[3]:.6g}" in str(told[0])


def test_a_slope_where_there_is_none_is_found():
    check = check_gradient(lambda x: x[0] ** 2, lambda x: np.array([2 * x[0], 0.1]), [1.0, 2.0])
    assert ("differs", (1,)) == (check.verdict, check.worst)
    assert 1 == len(check.explain())


def test_taylor_orders_tell_right_from_wrong_without_a_tolerance():
    right = check_gradient(wavy, slopes, POINT).taylor_orders
    wrong = check_gradient(wavy, lambda x: 1.01 * slopes(x), POINT).taylor_orders
    assert math.isclose(1, right[0], abs_tol=0.1)
    assert math.isclose(2, right[1], abs_tol=0.1)
    assert math.isclose(1, wrong[1], abs_tol=0.1)


def test_a_linear_function_leaves_no_second_remainder():
    check = check_gradient(lambda x: 3 * x[0] - x[1], [3.0, -1.0], [0.5, 0.25])
    assert check
    assert math.inf == check.taylor_orders[1]


@pytest.mark.parametrize("shape", [(), (1,), (2, 3), (300, 70)])
def test_random_directions_check_any_shape(shape):
    x = np.random.default_rng(0).standard_normal(shape)

    def f(w):
        return np.sum(np.sin(w))

    right = check_gradient(f, np.cos, x, directions=5)
    assert ("agrees", 5, None) == (right.verdict, right.compared, right.worst)
    wrong = np.cos(x).reshape(-1)
    wrong[0] *= 1.01
    check = check_gradient(f, wrong.reshape(shape), x, directions=5)
    assert "differs" == check.verdict
    assert "along the worst direction" in words(check)


def test_all_entries_of_a_matrix_and_of_a_number_are_indexed():
    weights = np.arange(1.0, 7.0).reshape(2, 3)
    wrong = 2 * weights
    wrong[1, 2] *= 1.5
    check = check_gradient(lambda w: np.sum(w**2), wrong, weights)
    assert (1, 2) == check.worst
    assert "[1, 2]" in words(check)
    assert () == check_gradient(lambda x: x**2, lambda x: 2 * x, 3.0).worst


def test_a_formula_is_checked_by_differences_not_by_itself():
    bowl = objective("elongated-bowl")
    assert check_gradient(bowl, bowl.gradient, [-7.0, 2.0])
    assert not check_gradient(bowl, lambda x: 2 * bowl.gradient(x), [-7.0, 2.0])


def test_at_a_kink_nothing_can_be_said():
    for directions in ("all", 3):
        check = check_gradient(lambda x: np.sum(abs(x)), np.sign, [0.0, 1.0], directions=directions)
        assert "unclear" == check.verdict
        assert "kink" in words(check)
        assert not check


def test_a_gradient_that_is_nan_differs():
    check = check_gradient(lambda x: x[0] ** 2, [math.nan], [1.0])
    assert "differs" == check.verdict


def test_nothing_to_compare_agrees():
    check = check_gradient(lambda x: 1.0, np.zeros(0), np.zeros(0))
    assert ("agrees", 0) == (check.verdict, check.compared)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match=r"x's shape \(2,\), not \(3,\)"):
        check_gradient(np.sum, np.ones(3), np.ones(2))
    with pytest.raises(ValueError, match="at least 1, not 0"):
        check_gradient(np.sum, np.ones(2), np.ones(2), directions=0)


def test_x_is_untouched_by_a_gradient_that_writes():
    x = np.array([1.0, 2.0])

    def greedy(point):
        point *= 2
        return point

    assert check_gradient(lambda w: np.sum(w**2), greedy, x)
    assert [1.0, 2.0] == x.tolist()


def test_where_the_bound_swallows_the_slope_it_is_unclear():
    check = check_gradient(lambda x: 1e18 + np.sum(x**2), lambda x: -2 * x, np.ones(2))
    assert "unclear" == check.verdict
    assert "nothing can be compared" in words(check)


def test_a_small_fault_is_found_without_a_wrong_name_for_it():
    check = check_gradient(lambda x: np.sum(x**2), lambda x: 2 * x * (1 + 1e-5), np.ones(3))
    assert "differs" == check.verdict
    assert "factor" not in words(check)
    assert check.taylor_orders[1] < 1.5


@pytest.mark.parametrize("seed", range(20))
def test_it_never_differs_while_taylor_says_that_it_is_the_gradient(seed):
    x = np.random.default_rng(seed).normal(size=4)
    fault = 10.0 ** -np.random.default_rng(seed).uniform(1, 7)
    for gradient in (lambda x: np.cos(x) * (1 + fault), np.cos):
        check = check_gradient(lambda x: np.sum(np.sin(x)), gradient, x)
        assert not ("differs" == check.verdict and 1.5 < check.taylor_orders[1] < math.inf)


def test_a_fast_wave_agrees_with_its_own_gradient():
    wave = objective_from_formula("sin(2*pi*x)")
    assert check_gradient(wave, wave.gradient, 40.3)
