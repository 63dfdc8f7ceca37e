"""What people write, and how it is read: a table; what is printed can be typed back."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tests.core.formula.test_against_sympy import formulas
from tests.examples import examples
from tutor.core import FormulaError, evaluate, objective_from_formula, parse

IN_X = {
    "powers": [
        ("x^2", "x**2"), ("x²", "x**2"), ("x⁻¹", "x**-1"), ("x²³", "x**23"), ("2^x", "2**x"),
        ("x^2^3", "x**2**3"), ("(x+1)²", "(x + 1)**2"), ("-x^2", "-x**2"), ("-x²", "-x**2"),
        ("x^-2", "x**-2"), ("x＾２", "x**2"), ("x**²", None), ("x²^3", None),
    ],
    "products without a sign": [
        ("2x", "2*x"), ("2πx", "2*pi*x"), ("2(x+1)", "2*(x + 1)"), ("x(x+1)", "x*(x + 1)"),
        ("(x+1)(x-1)", "(x + 1)*(x - 1)"), ("(x+1)x", "(x + 1)*x"), ("2 x", "2*x"),
        ("x sin(x)", "x*sin(x)"), ("sin(x)cos(x)", "sin(x)*cos(x)"), ("2x²", "2*x**2"),
        ("2x^2", "2*x**2"), ("2e3x", "2000*x"), ("2x/3", "2*x/3"), ("x²x", "x**2*x"),
        ("-2x", "-2*x"), ("2√x", "2*sqrt(x)"), ("2|x|", "2*abs(x)"), ("x^(2)x", "x**2*x"),
        ("πx", "pi*x"), ("xπ", "x*pi"), ("007x", "7*x"), ("2e x", "2*e*x"),
    ],
    "signs": [
        ("x·3", "x*3"), ("x×3÷4", "x*3/4"), ("1−x", "1-x"), ("1–x", "1-x"), ("——3+x", "-3+x"),
        ("—3+x", "-3+x"), ("x⋅x", "x*x"), ("x∕2", "x/2"), ("（ｘ＋１）＊２", "(x+1)*2"),
        ("ｓｉｎ（ｘ）", "sin(x)"), ("x\u3000+\u00a01", "x + 1"), ("x\u2009+ 1", "x + 1"),
        ("x + 1。", "x + 1"), ("max(x，１)", "max(x,1)"), ("max(x、1)", "max(x,1)"),
        ("max(max(x，1)+2，3)", "max(max(x,1)+2,3)"), ("max(max(x,1)²,3)", "max(max(x, 1)**2, 3)"),
        ("０。５x", "0.5*x"), ("x + 1．", "x + 1"),
    ],
    "bars and roots": [
        ("|x|", "abs(x)"), ("||x|-1|", "abs(abs(x) - 1)"), ("|x||x|", "abs(x)*abs(x)"),
        ("|x|²", "abs(x)**2"), ("|x - (x+|x|)|", "abs(x - (x + abs(x)))"), ("|-x|", "abs(-x)"),
        ("｜x｜", "abs(x)"), ("√x", "sqrt(x)"), ("√(x+1)", "sqrt(x + 1)"), ("√2", "sqrt(2)"),
        ("√x/2", "sqrt(x)/2"), ("√|x|", "sqrt(abs(x))"), ("√√x", "sqrt(sqrt(x))"),
        ("|x|x|x|", None), ("|x", None), ("x|", None),
    ],
    "names": [
        ("ln(x)", "log(x)"), ("lg(x)", "log10(x)"), ("log(x)", "log(x)"), ("sgn(x)", "sign(x)"),
        ("log2(x)", "log2(x)"), ("log_2(x)", "log2(x)"), ("log₂(x)", "log2(x)"),
        ("log_10(x)", "log10(x)"), ("log(x, 2)", "log(x)/log(2)"), ("tg(x)", "tan(x)"),
        ("arcsin(x)", "asin(x)"), ("arccos(x)", "acos(x)"), ("arctan(x)", "atan(x)"),
        ("asin(x)", "asin(x)"), ("arsinh(x)", "asinh(x)"), ("np.arctan(x)", "atan(x)"),
        ("np.sin(x)", "sin(x)"), ("math.sin(x)", "sin(x)"), ("numpy.exp(x)", "exp(x)"),
        ("np.maximum(x, 0)", "max(x, 0)"), ("np.pi*x", "pi*x"), ("np.power(x, 3)", "x**3"),
        ("np.square(x)", "x**2"), ("np.abs(x)", "abs(x)"), ("cot(x)", "1/tan(x)"),
        ("csc(x)", "1/sin(x)"), ("sec(x)", "1/cos(x)"), ("pow(x, 2)", "x**2"),
        ("cbrt(x)", "cbrt(x)"), ("log1p(x)", "log1p(x)"), ("expm1(x)", "expm1(x)"),
        ("floor(x)", "floor(x)"), ("ceil(x)", "ceil(x)"), ("softplus(x)", "softplus(x)"),
        ("relu(x)", "relu(x)"), ("ReLU(x)", "relu(x)"), ("π", "pi"), ("ld(x)", "log2(x)"),
        ("signum(x)", "sign(x)"), ("cosec(x)", "1/sin(x)"), ("sech(x)", "1/cosh(x)"),
        ("coth(x)", "1/tanh(x)"),
    ],
    "functions without brackets": [
        ("sin x", "sin(x)"), ("sin 2x", "sin(2*x)"), ("sin 2πx", "sin(2*pi*x)"), ("ln x", "log(x)"),
        ("sin x + 1", "sin(x) + 1"), ("exp 2x+1", "exp(2*x) + 1"), ("ln |x|", "log(abs(x))"),
        ("sin sin x", "sin(sin(x))"), ("2 sin x", "2*sin(x)"), ("sin²(x)", "sin(x)**2"),
        ("sin^2 x", "sin(x)**2"), ("sin² x + cos² x", "sin(x)**2 + cos(x)**2"),
        ("sin^(2) x", "sin(x)**2"), ("sin^-2(x)", "sin(x)**-2"),
        ("(sin x)/x", "sin(x)/x"), ("sin", None), ("max x", None), ("sin -x", None),
    ],
    "refused": [
        ("mod(x, 2)", None), ("softmax(x)", None), ("i*x", None), ("x!", None), ("x′", None),
        ("1₀*x", None), ("1e-400", None), ("x//2", None), ("10%", None), ("3 4", None),
        ("1.2.3", None), ("0x10", None), ("x.5", None), ("𝑥", None), ("х", None),
    ],
}  # fmt: skip
IN_TWO = [
    ("x₀² + x₁²", "x0**2 + x1**2"), ("x_0 + x_1", "x0 + x1"), ("x[0]^2 + x[1]", "x0**2 + x1"),
    ("x_{0} + x_{1}", "x0 + x1"), ("x·y", "x0*x1"), ("x^2 + y^2", "x0**2 + x1**2"),
    ("x y", "x0*x1"), ("|x||y|", "abs(x0)*abs(x1)"), ("2x₀x₁", "2*x0*x1"),
    ("x*y + x", "x0*x1 + x0"),
    ("max(x, y, 1)", "max(x0, x1, 1)"), ("ｘ＋ｙ", "x0 + x1"), ("x0 + y", None), ("x + x1", None),
    ("x*y*z", None),
]  # fmt: skip
TWO_READINGS = [
    ("1/2x", "1/2*x", "1/(2*x)"), ("1/2πx", "1/2*pi*x", "1/(2*pi*x)"), ("x/2(x+1)",
     "x/2*(x + 1)", "x/(2*(x + 1))"), ("sin x^2", "sin(x)**2", "sin(x**2)"),
    ("sin x/2", "sin(x)/2", "sin(x/2)"), ("sin x²", "sin(x)**2", "sin(x**2)"),
    ("2^3x", "2**3*x", "2**(3*x)"), ("x^2y", "x0**2*x1", "x0**(2*x1)"), ("e^2x", "e**2*x",
     "e**(2*x)"), ("√2x", "sqrt(2)*x", "sqrt(2*x)"), ("√x^2", "sqrt(x)**2", "sqrt(x**2)"),
    ("sin x y", "sin(x0)*x1", "sin(x0*x1)"), ("sin x * y", "sin(x0)*x1", "sin(x0*x1)"),
    ("sin⁻¹(x)", "sin(x)**-1", "asin(x)"), ("sin^-1(x)", "sin(x)**-1", "asin(x)"),
    ("cos^{-1}(x)", "cos(x)**-1", "acos(x)"), ("e(x)", "e*x", "exp(x)"), ("x 2", "x*2", "x**2"),
    ("(x+1)2", "(x + 1)*2", "(x + 1)**2"), ("1/x(x+1)", "1/x*(x + 1)", "1/(x*(x + 1))"),
    ("1/xy", "1/x0*x1", "1/(x0*x1)"), ("x2", "x**2", "2*x"), ("1/x2", "1/x**2", "1/(2*x)"),
    ("2e - 3x", "0.002*x", "2*e - 3*x"),
]  # fmt: skip
MENDED = [
    ("sen(x)", "sin(x)"), ("Sin(x)", "sin(x)"), ("PI*x", "pi*x"), ("[x+1]^2", "(x + 1)**2"),
    ("y = x^2", "x**2"), ("f(x) = x^2", "x**2"), ("0,5x", "0.5*x"), ("x^2)", "x**2"),
    ("sinx", "sin(x)"), ("xsin(x)", "x*sin(x)"), ("xy", "x0*x1"), ("2xy^2", "2*x0*x1**2"),
    ("x1 + x2", "x0 + x1"), ("x₁² + x₂²", "x0**2 + x1**2"), ("1_000x", "1000*x"),
    ("sin(x)(x+1)", "sin(x)*(x + 1)"), ("sqr(x)", "sqrt(x)"), ("exp −x", "exp(-x)"),
    ("x_{0}^{2} + x_{1}^{2}", "x0**2 + x1**2"), ("f(x) := x^2", "x**2"),
]  # fmt: skip


def reading(text):
    """The formula as Python writes it; None for a refusal."""
    try:
        return objective_from_formula(text).source_formula
    except FormulaError:
        return None


def refusal(text):
    with pytest.raises(FormulaError) as caught:
        objective_from_formula(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "meant"), [*(pair for pairs in IN_X.values() for pair in pairs), *IN_TWO]
)
def test_what_people_write_is_read(text, meant):
    assert meant == reading(text)


@pytest.mark.parametrize(("text", "first", "second"), TWO_READINGS)
def test_what_has_two_readings_is_refused_with_both(text, first, second):
    error = refusal(text)
    assert (first, second) == error.mends
    assert first in str(error)
    assert second in str(error)


@pytest.mark.parametrize(("text", "mended"), MENDED)
def test_a_refusal_gives_the_whole_formula_that_was_meant(text, mended):
    error = refusal(text)
    assert (mended,) == error.mends
    assert mended in str(error)


@pytest.mark.parametrize(
    "text",
    ["gelu(x)", "elu(x)", "softsign(x)", "int(x)", "sig(x)", "sinc(x)", "acot(x)", "x = 1",
     "x² = 4", "x{0}", "x0 = 3"],
)  # fmt: skip
def test_what_is_another_function_or_an_equation_is_mended_into_none(text):
    assert () == refusal(text).mends


@pytest.mark.parametrize("text", ["eta*x", "2ηx", "x + alpha", "λ", "lr*x", "x - theta"])
def test_a_quantity_that_is_not_there_is_answered_by_those_that_are(text):
    with pytest.raises(FormulaError, match="is unknown; known here: x, pi, e, and") as refused:
        parse(text, ["x"])
    assert () == refused.value.mends


def test_every_mend_of_a_refusal_can_be_read_as_it_stands():
    texts = [text for pairs in (*IN_X.values(), IN_TWO) for text, meant in pairs if meant is None]
    texts += [text for text, *_ in (*TWO_READINGS, *MENDED)]
    for text in texts:
        for mend in refusal(text).mends:
            assert mend == reading(mend)


PIECES = (
    "x,y,x0,x1,x²,2,3.5,+,-,*,/,^,**,(,),|, ,√,π,e,sin,ln,sin²,(,),x,y,2,·,max(,log(,x₁,²,⁻¹,xy,"
    "=,[,],1e5,。,－,０．５,，"
)
LANGUAGE = st.lists(st.sampled_from(PIECES.split(",")), max_size=9).map("".join)


@given(LANGUAGE)
@examples(500)
def test_any_refusal_is_short_and_its_mends_are_formulas(text):
    try:
        written = objective_from_formula(text).source_formula
    except FormulaError as error:
        written = None
        said, mends, position = str(error), error.mends, error.position or 0
    if written is None:
        assert len(said) < 400
        assert all(mend == reading(mend) for mend in mends)
        assert 0 <= position <= len(text)
    else:
        assert written == reading(written)


@given(formulas)
@examples(200)
def test_all_that_is_printed_can_be_typed_back(text):
    formula = parse(text, ["x0", "x1"])
    for shown in (formula.pretty, formula.source):
        if len(shown) > 400:
            continue
        again = parse(shown, ["x0", "x1"])
        for point in ((0.5, 1.5), (-1.25, 2.0)):
            assert np.array_equal(formula.value(*point), again.value(*point), equal_nan=True)


def test_seventy_terms_are_not_nested():
    assert 70.0 * 3 == parse("+".join(["x"] * 70), ["x"]).value(3.0)
    assert 70.0 == parse("+".join(["x"] * 70), ["x"]).gradient(3.0)[0]
    assert 1.0 == parse("*".join(["x"] * 150), ["x"]).value(1.0)


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("min(exp(x**2), 5)", 0.0), ("max(-exp(x**2), 5)", 0.0), ("relu(-exp(x**2))", 0.0),
        ("max(5, 3 - exp(x**2), 2*x)", 2.0), ("min(x, abs(exp(x**2)))", 1.0),
        ("relu(min(exp(x**2), 5))", 0.0), ("min(max(exp(x**2), 7), 5)", 0.0),
        ("2*min(exp(x**2), 5) + x", 1.0), ("max(exp(x**2), 5)", float("inf")),
    ],
)  # fmt: skip
def test_a_branch_that_is_not_taken_has_no_slope_even_where_it_overflows(text, slope):
    formula = parse(text, ["x"])
    assert slope == formula.gradient(30.0)[0]
    assert slope == formula.gradient(np.array([30.0]))[0][0]
    assert slope == parse(formula.derivative("x").source, ["x"]).value(30.0)


def test_a_number_answer_reads_the_same_language():
    assert [0.5, 6.0, 2.0] == [evaluate("√(1/4)"), evaluate("2×3"), evaluate("lg 100")]
    with pytest.raises(FormulaError, match=r"write 1/2\*rate or 1/\(2\*rate\)"):
        evaluate("1/2rate", {"rate": 0.5})
