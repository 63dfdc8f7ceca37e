"""The course's quotients: the published digits, any shape, nobody's array changed."""

import math
import warnings

import numpy as np
import pytest

from tutor.core import (
    UnusedArgumentWarning,
    central_difference,
    forward_difference,
    numerical_diff,
    numerical_gradient,
    partial_derivative,
)


def shallow_parabola(x):
    return 0.01 * x**2 + 0.1 * x


def sphere(x):
    return x[0] ** 2 + x[1] ** 2


def test_ten_e_minus_50_is_1e_49_not_1e_50():
    h = float("10e-50")
    assert 1e-49 == h
    assert 1e-50 != h
    assert np.float32(10e-50) == 0.0


def test_forward_difference_with_a_vanishing_h_is_0_though_the_slope_is_not():
    assert forward_difference(shallow_parabola, 5.0, 10e-50) == 0.0
    assert abs(forward_difference(shallow_parabola, 5.0, 1e-6) - 0.2) < 1e-6


def test_at_0_the_same_h_works_because_the_error_is_relative():
    assert forward_difference(shallow_parabola, 0.0, 10e-50) == 0.1


def test_in_float32_the_h_is_0_and_the_quotient_nan():
    assert np.isnan(forward_difference(shallow_parabola, np.float32(5), np.float32(10e-50)))


def test_float32_stays_float32():
    quotient = central_difference(shallow_parabola, np.float32(5), np.float32(1e-4))
    assert type(quotient) is np.float32
    assert abs(float(quotient) - 0.2) > 1e-5, "single precision must be seen to be worse"


def test_python_floats_divide_by_an_h_of_0_with_an_error():
    with pytest.raises(ZeroDivisionError):
        forward_difference(shallow_parabola, 5.0, 0.0)
    with pytest.raises(ZeroDivisionError):
        numerical_diff(shallow_parabola, 5.0, 0.0)


@pytest.mark.parametrize(
    ("x", "published", "exact"), [(5, 0.1999999999990898, 0.2), (10, 0.2999999999986347, 0.3)]
)
def test_numerical_diff_gives_the_published_digits(x, published, exact):
    assert published == numerical_diff(shallow_parabola, x)
    assert exact != numerical_diff(shallow_parabola, x)


def test_writing_the_square_as_a_product_moves_the_twelfth_digit():
    product = numerical_diff(lambda x: 0.01 * x * x + 0.1 * x, 10.0)
    assert numerical_diff(shallow_parabola, 10.0) != product
    assert abs(product - 0.3) < 1e-10


def test_dividing_by_2_times_h_is_not_dividing_by_2_and_multiplying_by_h():
    h = 1e-4
    by_precedence = ((5 + h) ** 2 - (5 - h) ** 2) / 2 * h
    assert 9.999999999976694e-08 == by_precedence
    assert abs(numerical_diff(lambda x: x**2, 5.0) - 10.0) < 1e-9


@pytest.mark.parametrize(
    ("index", "published", "exact"), [(0, 6.00000000000378, 6.0), (1, 7.999999999999119, 8.0)]
)
def test_partial_derivative_gives_the_published_digits(index, published, exact):
    assert published == partial_derivative(sphere, [3.0, 4.0], index)
    assert exact != partial_derivative(sphere, [3.0, 4.0], index)
    # A lost decimal point: a book of this chapter prints 600000000000378.
    assert partial_derivative(sphere, [3.0, 4.0], index) != 600000000000378


def test_partial_derivative_takes_an_entry_of_a_matrix():
    weights = np.arange(6.0).reshape(2, 3)
    assert abs(partial_derivative(lambda w: np.sum(w**3), weights, (1, 2)) - 75) < 1e-6


def test_partial_derivative_of_no_entry_or_several_says_so():
    with pytest.raises(IndexError):
        partial_derivative(sphere, [3.0, 4.0], 2)
    with pytest.raises(ValueError, match=r"one entry of x of shape \(2, 2\)"):
        partial_derivative(np.sum, np.eye(2), 0)


@pytest.mark.parametrize(
    ("point", "slopes"), [((3.0, 4.0), (6, 8)), ((0.0, 2.0), (0, 4)), ((3.0, 0.0), (6, 0))]
)
def test_numerical_gradient_gives_the_published_vectors(point, slopes):
    gradient = numerical_gradient(sphere, np.array(point))
    assert np.allclose(slopes, gradient, rtol=0, atol=5e-10)
    assert not np.allclose(point, gradient, rtol=0, atol=5e-10)
    assert not np.allclose(0, gradient, rtol=0, atol=5e-10)


def test_integers_are_promoted_where_the_textbook_gets_25000():
    gradient = numerical_gradient(sphere, np.array([3, 4]))
    assert np.float64 == gradient.dtype
    assert np.allclose([6, 8], gradient, rtol=0, atol=1e-9)
    assert np.allclose([1.0, 1.0], numerical_gradient(sphere, [True, False]) * [0.5, 0] + [0, 1])


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (3, 1), (2, 2, 2), (0,), (9, 8)])
@pytest.mark.parametrize("batched", [None, False])
def test_the_gradient_has_the_shape_of_x(shape, batched):
    x = np.linspace(-1, 2, int(np.prod(shape))).reshape(shape)
    gradient = numerical_gradient(lambda x: np.sum(x**3), x, batched=batched)
    assert shape == gradient.shape
    assert np.allclose(3 * x**2, gradient, rtol=0, atol=1e-7)


@pytest.mark.parametrize("shape", [(1,), (2,), (2, 3), (70,), (10, 30)])
def test_a_batched_function_is_asked_for_many_points_at_once(shape):
    x = np.linspace(-1, 2, int(np.prod(shape))).reshape(shape)
    calls = []

    def cubes(points):
        calls.append(points.shape)
        return np.sum(points**3, axis=tuple(range(len(shape))))

    gradient = numerical_gradient(cubes, x, batched=True)
    assert np.allclose(3 * x**2, gradient, rtol=0, atol=1e-7)
    assert len(calls) <= 1 + 2 * x.size // 128
    assert {len(shape) + 1} == {len(call) for call in calls}


def test_a_batched_function_may_return_a_list():
    gradient = numerical_gradient(lambda x: list(np.sum(x**2, axis=0)), np.ones(3), batched=True)
    assert np.allclose(2, gradient)


def test_what_a_batched_function_must_return_is_said():
    with pytest.raises(ValueError, match=r"shape \(6,\).*axis=0"):
        numerical_gradient(np.sum, np.ones(3), batched=True)


def test_batched_calls_are_found_out_for_more_than_four_entries():
    calls = []

    def squares(x):
        calls.append(x.shape)
        return np.sum(x**2, axis=0)

    gradient = numerical_gradient(squares, np.arange(50.0))
    assert np.allclose(2 * np.arange(50.0), gradient, rtol=0, atol=1e-6)
    assert len(calls) < 6
    calls.clear()
    numerical_gradient(squares, np.arange(4.0))
    assert 8 == len(calls)


def test_a_function_that_mixes_its_points_is_not_batched():
    x = np.linspace(1, 2, 9)
    mixed = numerical_gradient(lambda x: np.sum((x - np.mean(x)) ** 3, axis=0), x)
    right = 3 * (x - x.mean()) ** 2 - 3 * np.mean((x - x.mean()) ** 2)
    assert np.allclose(right, mixed, rtol=0, atol=1e-8)


@pytest.mark.parametrize("n", [5, 6, 7, 12])
def test_a_sum_over_the_wrong_axis_is_not_taken_for_many_points(n):
    x = np.ones(n)
    gradient = numerical_gradient(lambda p: np.sum(p**2, axis=-1), x)
    assert np.allclose(2, gradient, rtol=0, atol=1e-8)


def test_a_function_that_refuses_many_points_is_asked_for_one_at_a_time():
    def picky(x):
        if x.shape != (6,):
            raise RuntimeError
        return np.prod(x)

    assert np.allclose(720 / np.arange(1, 7), numerical_gradient(picky, np.arange(1, 7)))


def test_x_is_untouched_even_when_f_fails_half_way():
    x = np.array([3.0, 4.0])
    seen = []

    def fails(point):
        seen.append(point[0])
        if len(seen) == 3:
            raise RuntimeError
        return sphere(point)

    with pytest.raises(RuntimeError):
        numerical_gradient(fails, x)
    assert [3.0, 4.0] == x.tolist()


def test_an_f_that_changes_its_argument_is_named_and_changes_nothing_of_the_callers():
    def greedy(x):
        x *= 2
        return sphere(x)

    x = np.array([3.0, 4.0])
    with pytest.raises(ValueError, match="f changes the array that it is given"):
        numerical_gradient(greedy, x)
    assert [3.0, 4.0] == x.tolist()


def test_a_result_that_is_no_number_is_named_with_its_shape():
    with pytest.raises(ValueError, match=r"shape \(2,\).*np\.sum"):
        numerical_gradient(lambda x: x**2, np.array([3.0, 4.0]))
    with pytest.raises(ValueError, match=r"shape \(1,\)"):
        numerical_diff(lambda x: np.array([x]), 3.0)
    with pytest.raises(TypeError, match="complex"):
        numerical_diff(lambda x: x * 1j, 3.0)


@pytest.mark.parametrize("x", [np.array([1j]), np.array(["a"]), np.array([None])])
def test_complex_numbers_and_objects_are_refused(x):
    with pytest.raises(TypeError, match="x must be real numbers"):
        numerical_gradient(sphere, x)


def test_a_function_that_ignores_its_argument_is_reported():
    weights = np.ones((2, 3))
    with pytest.warns(UnusedArgumentWarning, match="may not use its argument"):
        gradient = numerical_gradient(lambda _: float(np.sum(weights**2)), weights)
    assert np.zeros((2, 3)).tolist() == gradient.tolist()


def test_a_plateau_is_no_ignored_argument():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        flat = numerical_gradient(lambda x: max(0.0, x[0] - 10), np.array([1.0, 2.0]))
        picky = numerical_gradient(lambda x: 1.0 if abs(x[0]) < 2 else 1 / 0, np.array([1.0]))
    assert [0.0, 0.0] == flat.tolist()
    assert [0.0] == picky.tolist()


def test_overflow_gives_nan_not_an_exception():
    with np.errstate(all="ignore"):
        assert math.isnan(numerical_gradient(lambda x: np.exp(x[0]), np.array([1e4]))[0])
        assert math.isnan(numerical_gradient(lambda x: x[0], np.array([math.nan]))[0])


def test_numbers_that_are_no_float64_are_promoted_before_they_are_subtracted():
    single = numerical_gradient(lambda x: np.float32(x[0] ** 2), np.array([3.0]))
    assert np.float64 == single.dtype
    assert float(np.float32(3.0001**2) - np.float64(np.float32(2.9999**2))) / 2e-4 == single[0]
    assert [0.0] == numerical_gradient(lambda x: int(x[0] > 0), np.array([3.0])).tolist()


@pytest.mark.parametrize("reverse", [1, -1])
def test_an_f_that_mixes_its_columns_is_not_called_with_many_points(reverse):
    def f(x):
        ordered = np.sort(x)
        return ordered[0] + 2 * ordered[1] + 3 * ordered[2]

    x = np.arange(5.0)[::reverse]
    wanted = [1.0, 2.0, 3.0, 0.0, 0.0][::reverse]
    assert np.allclose(wanted, numerical_gradient(f, x), atol=1e-9)


def test_where_math_refuses_a_numerical_gradient_is_nan():
    found = numerical_gradient(lambda x: math.log(x[0]) + x[1], [0.0, 1.0])
    assert np.isnan(found).all()
