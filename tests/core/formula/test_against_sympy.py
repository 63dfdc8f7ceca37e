"""Any text is either a formula that agrees with sympy, or our own error and nothing else."""

import math

import mpmath
import numpy as np
import sympy
from hypothesis import given, strategies as st

from tests.examples import examples
from tutor.core import FormulaError, evaluate, parse

NAMES = ["x0", "x1"]
SYMBOLS = dict(zip(NAMES, sympy.symbols(NAMES, real=True), strict=True))
MEANING = {
    **SYMBOLS,
    "abs": sympy.Abs,
    "max": sympy.Max,
    "min": sympy.Min,
    "log10": lambda x: sympy.log(x, 10),
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "e": sympy.E,
}

numbers = st.sampled_from(["1", "2", "3", "0.5", "10", "0.25", "1.5", "pi", "e", *NAMES])
functions = st.sampled_from(
    ["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "log10",
     "sqrt", "abs", "sigmoid"]
)  # fmt: skip


def _grow(inner):
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", " + ", "*"]), inner).map("".join),
        st.tuples(inner, st.sampled_from(["**2", "**3", "**-1", "**0.5"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"-{text}"),
        st.tuples(functions, inner).map(lambda pair: f"{pair[0]}({pair[1]})"),
        st.tuples(st.sampled_from(["max", "min"]), inner, inner).map(
            lambda triple: f"{triple[0]}({triple[1]}, {triple[2]})"
        ),
    )


formulas = st.recursive(numbers, _grow, max_leaves=12)
points = st.tuples(
    st.floats(0.1, 2.0).map(lambda x: round(x, 3)), st.floats(-2.0, -0.1).map(lambda x: round(x, 3))
)


def _truth(text, point):
    """The value by sympy, to 30 digits; None where it is not one real number."""
    formula = sympy.sympify(text, locals=MEANING)
    value = formula.subs(
        {SYMBOLS[n]: sympy.Float(x, 30) for n, x in zip(NAMES, point, strict=True)}
    )
    number = complex(sympy.N(value, 30)) if value.is_number else complex("nan")
    return number.real if number.imag == 0 and math.isfinite(number.real) else None


@given(formulas, points)
@examples(150)
def test_a_formula_agrees_with_sympy(text, point):
    ours = parse(text, NAMES).value(*point)
    try:
        truth = _truth(text, point)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return  # sympy has no real number to compare with
    if truth is None:
        return
    bound = _rounding(text, point)
    assert abs(ours - truth) <= bound + 1e-12 * abs(truth) or not math.isfinite(bound)


def _rounding(text, point):
    """What our own error analysis says of the value; it is tested here too."""
    from tutor.core.formula.graph import rounding_bounds
    from tutor.core.formula.reading import read

    graph, root, _ = read(text, NAMES)
    return rounding_bounds(graph, [root], point)[0]


@given(formulas, points)
@examples(150)
def test_an_exact_gradient_agrees_with_fifty_digits(text, point):
    formula = parse(text, NAMES)
    ours, bounds = formula.gradient(*point), formula.gradient_rounding(*point)
    try:
        symbolic = sympy.sympify(text, locals=MEANING)
    except (TypeError, ValueError):
        return  # "asin(2) is not comparable", says sympy of max(1, asin(2))
    for name, slope, bound in zip(NAMES, ours, bounds, strict=True):
        derivative = sympy.diff(symbolic, SYMBOLS[name])
        if derivative.has(sympy.Heaviside, sympy.sign, sympy.DiracDelta):
            continue  # max, min and abs have conventions of their own at a tie
        try:
            with mpmath.workdps(50):
                truth = complex(
                    derivative.subs(
                        {SYMBOLS[n]: sympy.Float(x, 50) for n, x in zip(NAMES, point, strict=True)}
                    ).evalf(50)
                )
        except (TypeError, ValueError, ZeroDivisionError, OverflowError):
            continue
        if truth.imag == 0 and math.isfinite(truth.real) and math.isfinite(bound):
            assert abs(slope - truth.real) <= bound + 2e-15 * abs(truth.real)


@given(formulas)
@examples(150)
def test_the_texts_that_we_write_can_be_read_again(text):
    formula = parse(text, NAMES)
    for each in (formula, *(formula.derivative(name) for name in NAMES)):
        if len(each.source) > 500:
            continue
        again = parse(each.source, NAMES)
        for point in ((0.5, 1.5), (-1.25, 2.0)):
            assert np.array_equal(each.value(*point), again.value(*point), equal_nan=True)
        assert each.pretty


@given(formulas, st.lists(points, min_size=2, max_size=4))
@examples(100)
def test_a_grid_gives_what_its_points_give(text, where):
    formula = parse(text, NAMES)
    grid = formula.value(*np.array(where).T)
    for each, point in zip(grid, where, strict=True):
        single = formula.value(*point)
        close = np.isclose(single, each, rtol=1e-9, atol=1e-9, equal_nan=True)
        assert close or abs(single - each) <= 100 * _rounding(text, point)


ALPHABET = "x01e.+-*/()^ ,sincoplgmaqrtb²[]_'\"=:\x00жX"


@given(st.text(alphabet=ALPHABET, max_size=40) | st.text(max_size=60) | formulas)
@examples(600)
def test_any_text_is_a_formula_or_our_own_error(text):
    try:
        formula = parse(text, NAMES)
    except FormulaError:
        return
    assert isinstance(formula.value(0.3, -1.7), float)
    assert all(isinstance(slope, float) for slope in formula.gradient(0.3, -1.7))
    assert (3,) == formula.value(np.array([0.0, 1.0, -2.0]), 0.5).shape


@given(st.text(alphabet="0123456789.e+-*/() ", max_size=30))
@examples(300)
def test_numbers_are_what_python_says(text):
    try:
        ours, written = evaluate(text), parse(text, []).source
    except FormulaError:
        return
    theirs = eval(written, {"__builtins__": {}, "e": math.e})
    assert math.isclose(ours, theirs, rel_tol=1e-12)
