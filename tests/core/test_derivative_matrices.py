"""Jacobians and Hessians."""

import numpy as np
import pytest

from tutor.core import hessian, jacobian, objective


def test_a_jacobian_has_the_shape_of_result_and_argument():
    def f(w):
        return np.array([[w[0, 0] ** 2, np.sin(w[1, 2])], [w[0, 0] * w[1, 0], 3.0]])

    w = np.arange(1.0, 7.0).reshape(2, 3)
    found = jacobian(f, w)
    assert (2, 2, 2, 3) == found.shape
    truth = np.zeros_like(found)
    truth[0, 0, 0, 0] = 2.0
    truth[0, 1, 1, 2] = np.cos(6.0)
    truth[1, 0, 0, 0], truth[1, 0, 1, 0] = 4.0, 1.0
    assert np.allclose(truth, found, rtol=0, atol=1e-11)


def test_the_jacobian_of_one_number_is_its_gradient():
    rosenbrock = objective("rosenbrock")
    found = jacobian(lambda x: rosenbrock(x), [-1.0, 2.0])  # noqa: PLW0108  # hides the formula
    assert np.allclose(rosenbrock.gradient([-1.0, 2.0]), found, rtol=1e-11)
    assert np.allclose(np.cos(1.0), jacobian(np.sin, 1.0), rtol=1e-11)


def test_a_coarse_step_is_used_if_it_is_given():
    fine, coarse = jacobian(np.exp, 1.0), jacobian(np.exp, 1.0, step=0.5)
    assert abs(fine - np.e) < 1e-11
    assert 1e-3 < abs(coarse - np.e) < 0.1


def test_x_without_entries_has_a_jacobian_without_columns():
    assert (3, 0) == jacobian(lambda x: np.zeros(3), np.zeros(0)).shape


@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau", "plateau", "sin", "double-well"])
def test_hessians_by_differences_agree_with_the_exact_ones(name):
    each = objective(name)
    point = [0.7, -0.4] if each.dimension == 2 else 0.7
    exact = hessian(each, point)
    numerical = hessian(lambda x: each(x), point)  # noqa: PLW0108  # hides the formula
    assert np.allclose(np.asarray(each.hessian(point)), exact, rtol=1e-14)
    assert np.allclose(exact, numerical, rtol=1e-7, atol=1e-7)
    assert np.allclose(exact, exact.T)


def test_a_hessian_of_a_matrix_has_four_axes():
    found = hessian(lambda w: np.sum(w) ** 2, np.ones((2, 2)))
    assert (2, 2, 2, 2) == found.shape
    assert np.allclose(2, found, atol=1e-6)


def test_a_hessian_takes_a_step_and_leaves_x_alone():
    x = np.array([1.0, 2.0])
    coarse = hessian(lambda p: np.exp(p[0]) * p[1], x, step=0.3)
    assert np.allclose([[2 * np.e, np.e], [np.e, 0]], coarse, atol=0.05)
    assert not np.allclose([[2 * np.e, np.e], [np.e, 0]], coarse, atol=1e-6)
    assert [1.0, 2.0] == x.tolist()


def test_results_that_are_no_numbers_are_refused():
    with pytest.raises(TypeError, match=r"f\(x\) must be real numbers"):
        jacobian(lambda x: x * 1j, [1.0])
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        hessian(lambda x: x, [1.0, 2.0])
