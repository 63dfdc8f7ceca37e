"""Typed formulas: what they compute, how they are spelt, what they say to a mistake."""

import math

import numpy as np
import pytest

from tutor.core import FormulaError, evaluate, objective, parse
from tutor.core.expression import formula_of, formula_of_gradient

XY = ["x0", "x1"]


def bowl():
    return parse("x0**2/20 + x1**2", XY)


def test_a_formula_has_value_and_exact_gradient_at_a_point():
    assert 6.45 == bowl().value(-7.0, 2.0)
    assert (-0.7, 4.0) == tuple(round(slope, 15) for slope in bowl().gradient(-7, 2))
    assert type(bowl().value(np.float64(-7), 2)) is float


def test_a_formula_works_on_grids_that_broadcast():
    x0, x1 = np.linspace(-1, 1, 5)[:, None], np.linspace(0, 2, 3)
    assert np.allclose(x0**2 / 20 + x1**2, bowl().value(x0, x1))
    by_x0, by_x1 = bowl().gradient(x0, x1)
    assert (5, 3) == by_x0.shape == by_x1.shape
    assert np.allclose(np.broadcast_to(2 * x1, (5, 3)), by_x1)


def test_a_constant_fills_the_grid():
    three = parse("3", XY)
    assert [[3.0, 3.0]] == three.value(np.zeros((1, 2)), np.zeros(2)).tolist()
    assert [0.0, 0.0] == three.gradient(np.zeros(2), np.zeros(2))[0].tolist()
    assert (0.0, 0.0) == three.gradient(1.0, 2.0)


def test_a_formula_is_a_function_of_one_array():
    points = np.array([[-7.0, 1.0], [2.0, 0.0]])
    assert 6.45 == bowl()([-7, 2])
    assert [6.45, 0.05] == bowl()(points).tolist()
    assert (2, 2) == bowl().gradient_at(points).shape
    assert np.allclose([-0.7, 4], bowl().gradient_at(np.array([-7, 2])))


def test_one_variable_takes_a_plain_number():
    square = parse("x**2", ["x"])
    assert [9.0, 9.0, 9.0] == [square(3), square(3.0), square([3.0])]
    assert 6.0 == square.gradient_at(3.0)
    assert [6.0] == square.gradient_at([3.0]).tolist()


@pytest.mark.parametrize("shape", [(), (3,), (3, 4), (1, 2, 3)])
def test_an_array_of_another_shape_is_named(shape):
    with pytest.raises(ValueError, match=r"\(2,\) or \(2, k\), not \("):
        bowl()(np.zeros(shape))


@pytest.mark.parametrize(
    ("text", "variable", "derivative"),
    [
        ("x0**2/20 + x1**2", "x0", "0.1*x0"),
        ("x0**2/20 + x1**2", "x1", "2*x1"),
        ("sin(x0)*x1", "x0", "x1*cos(x0)"),
        ("exp(-x0)", "x0", "-exp(-x0)"),
        ("1/x0", "x0", "-1/x0**2"),
        ("sqrt(x0)", "x0", "1/(2*sqrt(x0))"),
        ("3", "x0", "0"),
        ("x0**x1", "x1", "x0**x1*log(x0)"),
        ("cos(2*pi*x0)", "x0", "-2*pi*sin(2*pi*x0)"),
    ],
)
def test_a_derivative_is_a_readable_formula(text, variable, derivative):
    assert derivative == parse(text, XY).derivative(variable).source


def test_derivatives_can_be_derived():
    cubic = parse("x**3 - 2*x", ["x"])
    second = cubic.derivative("x").derivative("x")
    assert 12.0 == second.value(2.0)
    assert 6.0 == second.derivative("x").value(2.0)


def test_the_derivative_by_an_unknown_variable_is_refused():
    with pytest.raises(FormulaError, match=r"“y” is no variable of this formula; .* x0, x1"):
        bowl().derivative("y")


FUNCTIONS = {
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "asin": math.asin, "acos": math.acos,
    "atan": math.atan, "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, "exp": math.exp,
    "log": math.log, "log10": math.log10, "sqrt": math.sqrt, "abs": abs,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)), "sign": lambda x: math.copysign(1, x),
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_computes_what_its_name_says(name):
    formula = parse(f"{name}(x)", ["x"])
    assert math.isclose(FUNCTIONS[name](0.3), formula.value(0.3), rel_tol=1e-15)
    assert math.isclose(FUNCTIONS[name](0.3), formula.value(np.array([0.3]))[0], rel_tol=1e-15)
    h = 1e-6
    slope = (FUNCTIONS[name](0.3 + h) - FUNCTIONS[name](0.3 - h)) / (2 * h)
    assert math.isclose(slope, formula.gradient(0.3)[0], rel_tol=1e-8, abs_tol=1e-12)
    assert math.isclose(slope, formula.gradient(np.array([0.3]))[0][0], rel_tol=1e-8, abs_tol=1e-12)


@pytest.mark.parametrize("x", [-800.0, -40.0, 40.0, 800.0])
def test_steep_functions_stay_finite_and_keep_their_digits(x):
    sigmoid = parse("sigmoid(x)", ["x"])
    small = math.exp(-abs(x))
    assert (1.0 if x > 0 else small) / (1 + small) == sigmoid.value(x)
    assert math.isclose(small / (1 + small) ** 2, sigmoid.gradient(x)[0], rel_tol=1e-14)
    assert math.isclose(small, sigmoid.gradient(np.array([x]))[0][0], rel_tol=1e-14)
    assert 4 * small**2 == pytest.approx(parse("tanh(x)", ["x"]).gradient(x)[0], rel=1e-13)


def test_max_and_min_take_two_or_more():
    assert [7.0, 1.0] == [evaluate("max(3, 7, 5)"), evaluate("min(3, 1)")]
    larger = parse("max(x0, x1)", XY)
    assert [(1.0, 0.0), (0.0, 1.0), (0.5, 0.5)] == [
        larger.gradient(2, 1), larger.gradient(1, 2), larger.gradient(1, 1),
    ]  # fmt: skip
    assert (0.0, 1.0) == parse("min(x0, x1)", XY).gradient(2, 1)
    assert np.isnan(larger.value(float("nan"), 1.0))
    assert np.isnan(parse("min(x0, x1)", XY).value(1.0, float("nan")))


@pytest.mark.parametrize("text", ["x[0]**2 + x[1]", "x₀**2 + x₁", " x [ 0 ] ** 2 + x1 "])
def test_other_spellings_of_x0_are_read(text):
    assert 11.0 == parse(text, XY).value(3.0, 2.0)
    assert "[" not in parse(text, XY).source


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("abs(1 - 2*0.1)", 0.8), ("0.01*(5+1)**2", 0.36), ("2**-1", 0.5), ("-2**2", -4.0),
        ("2**3**2", 512.0), ("+3", 3.0), ("--3", 3.0), ("1/2/2", 0.25), ("10 - 4 - 3", 3.0),
        (".5 + 1.", 1.5), ("1e-4", 1e-4), ("1E+2", 100.0), ("pi", math.pi), ("e", math.e),
        ("(2)*(3)", 6.0), ("10e-50", 1e-49), ("8**(1/3)", 2.0), ("e**2", math.e**2),
        ("sin (1)", math.sin(1)), ("(-2)**3", -8.0),
    ],
)  # fmt: skip
def test_numbers_are_computed_as_python_does(text, value):
    assert value == evaluate(text)


def test_evaluate_knows_the_names_that_it_is_given():
    assert 0.25 == evaluate("(1 - 2*learning)**2", {"learning": 0.25})
    assert 3.0 == evaluate("e", {"e": 3.0}), "a name that is given hides the constant"
    with pytest.raises(FormulaError, match="“learnin” is unknown; did you mean learning"):
        evaluate("learnin", {"learning": 0.25})


@pytest.mark.parametrize("text", ["1/0", "log(0)", "sqrt(-1)", "exp(1000)", "0**-1", "(-8)**0.5"])
def test_evaluate_refuses_what_has_no_finite_value(text):
    with pytest.raises(FormulaError, match="has no finite value"):
        evaluate(text)


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("1/x", 0.0, math.inf), ("log(x)", 0.0, -math.inf), ("log(x)", -1.0, math.nan),
        ("sqrt(x)", -1.0, math.nan), ("exp(x)", 1e4, math.inf), ("x**2", 1e200, math.inf),
        ("x**0.5", -1.0, math.nan), ("asin(x)", 2.0, math.nan), ("x/x", 0.0, math.nan),
        ("x**-1", 0.0, math.inf), ("sin(x)", math.inf, math.nan), ("cosh(x)", 800.0, math.inf),
        ("2**x", 1e4, math.inf), ("(-2)**x", 0.5, math.nan), ("1 + 1/0", 1.0, math.inf),
    ],
)  # fmt: skip
def test_where_there_is_no_value_it_is_nan_or_inf_at_a_point_and_on_a_grid(text, x, value):
    formula = parse(text, ["x"])
    assert np.array_equal(value, formula.value(x), equal_nan=True)
    assert np.array_equal([value, value], formula.value(np.array([x, x])), equal_nan=True)
    assert all(type(slope) is float for slope in formula.gradient(x))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("  \n ", "is empty"),
        ("1e - 4", "write the number …1e-4 without spaces"),
        ("1e -4", "write the number …1e-4 without spaces"),
        ("sen(x0)", "“sen” is unknown; did you mean sin?"),
        ("x2", "“x2” is unknown; the variables are counted from 0"),
        ("qqq", "“qqq” is unknown; known here: x0, x1, pi, e"),
        ("sin", r"sin is a function: .* sin\(2\)"),
        ("sin(x0, x1)", "sin takes 1 between its parentheses, here are 2"),
        ("max(x0)", "max takes 2 or more"),
        ("sin()", "sin takes 1"),
        ("(x0", r"this \( is not closed"),
        ("x0)", r"this \) closes nothing"),
        ("x0 +", "something is missing here"),
        ("* x0", "something is missing here"),
        ("x0, x1", "a comma has its place only between the arguments"),
        ("y = x0", "leave out the = sign"),
        ("x0 // 2", "write / to divide"),
        ("x0 % 2", "'%' has no place in a formula"),
        ("x0 if x1 else 2", "“if” is a word of Python"),
        ("x0 and x1", "“and” is a word of Python"),
        ("True", "“True” is a word of Python"),
        ("x0[3]", r"write \( instead of \["),
        ("x0 // 2", "write / to divide, or floor"),
        ("3 4", "no operator between 3 and 4"),
        ("1₀*x0", "the index ₀ stands behind no name"),
        ("1٣*x0", "'٣' has no place in a formula"),
        ("1e-400", "1e-400 is too small for a float64, where it would be 0"),
        ("x0′", "'′' has no place"),
        ("x0.5", "no operator between x0 and .5"),
        ("1.2.3", "no operator between 1.2 and .3"),
        ("1_000", "without _ inside — so: 1000"),
        ("0x10", "“x10” is unknown"),
        ("2j", "“j” is unknown"),
    ],
)
def test_a_mistake_is_named_with_its_mend(text, words):
    with pytest.raises(FormulaError, match=words):
        parse(text, XY)


def test_an_error_knows_its_place():
    with pytest.raises(FormulaError) as caught:
        parse("  x₀ ＋ 2，x1", XY)
    assert 8 == caught.value.position, "in the text as it was typed"


def test_names_of_variables_are_checked():
    for variables in (["x0", "x0"], ["__class__"], ["0x"], ["x; import os"], [""]):
        with pytest.raises(ValueError, match="variables must be different names"):
            parse("1", variables)


def test_the_formula_behind_a_function_is_known():
    square = objective("square")
    formula = square.expression
    assert formula is formula_of(formula) is formula_of(square) is formula_of(square.value)
    assert formula is formula_of(square.__call__)
    assert formula is formula_of_gradient(square.gradient)
    assert formula is formula_of_gradient(formula.gradient_at)
    for other in (square.gradient, square.hessian, np.sin, lambda x: square(x), 3.0):  # noqa: PLW0108
        assert formula_of(other) is None
    for other in (square, formula, square.value, square.hessian, np.sin):
        assert formula_of_gradient(other) is None


def test_a_formula_shows_how_it_was_made():
    assert "parse('x0**2', ['x0'])" == repr(parse("x₀**2", ["x0"]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("100*(x1 - x0**2)**2", "100(x₁ − x₀²)²"),
        ("-x0**2", "−x₀²"), ("(-x0)**2", "(−x₀)²"), ("x0**-2", "x₀⁻²"), ("x0**x1", "x₀^x₁"),
        ("x0*x1", "x₀·x₁"), ("2*pi*x0", "2πx₀"), ("2*(3*x0)", "2(3x₀)"),
        ("x0 - (x1 - 1)", "x₀ − (x₁ − 1)"),
        ("x0/(x1*2)", "x₀/(x₁·2)"), ("-2*exp(x0)", "−2exp(x₀)"),
        ("x0 + (x1 + 1)", "x₀ + (x₁ + 1)"),
        ("1e-10*x0", "1e-10·x₀"), ("2*x0*x1", "2x₀·x₁"), ("x0*(x1 + 1)", "x₀·(x₁ + 1)"),
        ("x0**0.5", "x₀^0.5"), ("e**x0", "e^x₀"), ("x0**2**2", "x₀^2²"), ("2/x0*x1", "2/x₀·x₁"),
    ],
)  # fmt: skip
def test_a_formula_is_shown_to_be_read(text, shown):
    assert shown == parse(text, XY).pretty
