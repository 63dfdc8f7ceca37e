"""Jacobians and Hessians."""

import numpy as np
import pytest

from tutor.core import hessian, jacobian, objective


def test_a_jacobian_has_the_shape_of_result_and_argument():
    def f(w):
        return np.array([[w[0, 0] ** 2, np.sin(w[1, 2])], [w[0, 0] * w[1, 0], 3.0]])

    w = np.arange(1.0, 7.0).reshape(2, 3)
    found = jacobian(f, w).value
    assert (2, 2, 2, 3) == found.shape
    truth = np.zeros_like(found)
    truth[0, 0, 0, 0] = 2.0
    truth[0, 1, 1, 2] = np.cos(6.0)
    truth[1, 0, 0, 0], truth[1, 0, 1, 0] = 4.0, 1.0
    assert np.allclose(truth, found, rtol=0, atol=1e-11)


def test_the_jacobian_of_one_number_is_its_gradient():
    rosenbrock = objective("rosenbrock")
    found = jacobian(lambda x: rosenbrock(x), [-1.0, 2.0]).value  # noqa: PLW0108  # hides the formula
    assert np.allclose(rosenbrock.gradient([-1.0, 2.0]), found, rtol=1e-11)
    assert np.allclose(np.cos(1.0), jacobian(np.sin, 1.0).value, rtol=1e-11)


def test_a_step_is_used_if_it_is_given():
    found = jacobian(np.exp, 1.0, step=0.5)
    assert abs(found.value - np.e) <= found.error < 1e-9
    assert found.step <= 0.5
    assert "unresolved_step" == jacobian(np.exp, 1.0, step=1e-30).status
    for function in (jacobian, hessian):
        with pytest.raises(ValueError, match="step must be a positive number"):
            function(np.sum, [1.0], step=-1.0)


def test_small_points_need_no_least_step():
    inverse = jacobian(lambda p: 1 / p, [1e-4])
    assert ("ok", True) == (inverse.status, abs(inverse.value[0, 0] + 1e8) <= inverse.error[0, 0])
    bend = hessian(lambda p: np.log(p[0]), [1e-3])
    assert np.allclose(-1e6, bend.value, rtol=1e-6)
    assert abs(bend.value[0, 0] + 1e6) <= bend.error[0, 0]


def test_each_slope_has_a_status():
    found = jacobian(lambda p: [abs(p[0]), p[0] * p[1]], [0.0, 2.0])
    assert [["kink", "ok"], ["ok", "ok"]] == found.statuses.tolist()
    assert (-1.0, 1.0) == (found.left[0, 0], found.right[0, 0])
    assert np.isinf(found.error[0, 0])


def test_results_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        jacobian(lambda p: np.zeros(2 if p[0] > 1 else 3), [1.0])


def test_x_without_entries_has_a_jacobian_without_columns():
    assert (3, 0) == jacobian(lambda x: np.zeros(3), np.zeros(0)).value.shape


@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau", "plateau", "sin", "double-well"])
def test_hessians_by_differences_agree_with_the_exact_ones(name):
    each = objective(name)
    point = [0.7, -0.4] if each.dimension == 2 else 0.7
    exact = hessian(each, point).value
    numerical = hessian(lambda x: each(x), point).value  # noqa: PLW0108  # hides the formula
    assert np.allclose(np.asarray(each.hessian(point)), exact, rtol=1e-14)
    assert np.allclose(exact, numerical, rtol=1e-7, atol=1e-7)
    assert np.allclose(exact, exact.T)


def test_a_hessian_of_a_matrix_has_four_axes():
    found = hessian(lambda w: np.sum(w) ** 2, np.ones((2, 2)))
    assert (2, 2, 2, 2) == found.value.shape
    assert np.allclose(2, found.value, atol=1e-6)


def test_a_hessian_bounds_its_errors_and_leaves_x_alone():
    x = np.array([1.0, 2.0])
    found = hessian(lambda p: np.exp(p[0]) * p[1], x)
    truth = np.array([[2 * np.e, np.e], [np.e, 0]])
    assert np.all(np.abs(found.value - truth) <= found.error + 1e-10)
    assert np.array_equal(found.value, found.value.T)
    assert found.error.max() < 1e-6
    assert [1.0, 2.0] == x.tolist()


def test_results_that_are_no_numbers_are_refused():
    with pytest.raises(TypeError, match=r"f\(x\) must be real numbers"):
        jacobian(lambda x: x * 1j, [1.0])
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        hessian(lambda x: x, [1.0, 2.0])
