"""Formulas reach the learner as Unicode: never a backslash, a brace or a ł."""

import pytest
from hypothesis import given, strategies as st

from tutor.lesson.formulas import display_formula, formula_faults, inline_formula


@pytest.mark.parametrize(
    ("expected", "latex"),
    [
        ("∂f/∂x₀", r"\partial f/\partial x_0"),
        ("∂f/∂x₀", r"\frac{\partial f}{\partial x_0}"),
        ("|1 − ηλ| < 1", r"|1-\eta\lambda|<1"),
        ("|−3|", "|-3|"),
        ("η = 10⁻¹⁰", r"\eta = 10^{-10}"),
        ("xₖ₊₁ = xₖ − η∇f(xₖ)", r"x_{k+1} = x_k - \eta \nabla f(x_k)"),
        ("log x", r"\log x"),
        ("sin x cos(x)", r"\sin x\cos(x)"),
        ("lim h→0 (f(x + h) − f(x))/h", r"\lim_{h \to 0} \frac{f(x+h)-f(x)}{h}"),
        ("(f(x + h) − f(x − h))/(2h)", r"\frac{f(x+h)-f(x-h)}{2h}"),
        ("1/f(x)", r"\frac{1}{f(x)}"),
        ("1/2 x", r"\frac{1}{2}x"),
        ("x₀²/20 + x₁²", r"\frac{x_0^2}{20} + x_1^2"),
        ("√x", r"\sqrt{x}"),
        ("√(x₀² + x₁²)", r"\sqrt{x_0^2+x_1^2}"),
        ("e^(−x²)", r"e^{-x^2}"),
        ("x^q", "x^q"),
        ("x_b", "x_b"),
        ("θ_old", r"\theta_{old}"),
        ("f′(x)", "f'(x)"),
        ("(−3, 4)", "(-3,4)"),
        ("2 · 10⁻³", r"2 \cdot 10^{-3}"),
        ("f: ℝⁿ → ℝ", r"f: \mathbb{R}^n \to \mathbb{R}"),
        ("(2x₀, 2x₁)", r"\begin{pmatrix} 2x_0 \\ 2x_1 \end{pmatrix}"),
        ("loss < 10⁻³", r"\text{loss} < 10^{-3}"),
        ("|x|²", "|x|^2"),
        ("x₁2", "x_12"),
        ("90°", r"90^\circ"),
        ("x̂", r"\hat{x}"),
        ("(x + 1)²", r"\left(x+1\right)^2"),
        ("∑ᵢ₌₁ⁿ xᵢ", r"\sum_{i=1}^{n} x_i"),
        ("arg minₓ f(x)", r"\argmin_x f(x)"),
        ("x ← x − η∇f", r"x \leftarrow x - \eta\nabla f"),
        ("a b", r"a\,b"),
        ("", ""),
    ],
)
def test_a_formula_stands_on_one_line(expected: str, latex: str):
    assert expected == inline_formula(latex)
    assert () == formula_faults(latex)


@pytest.mark.parametrize(
    ("fault", "latex"),
    [
        (r"\etta is not known", r"\etta"),
        (r"\{ is not known", r"\{"),
        ("a } is missing", "x_{k"),
        ("a } is missing", r"\text{loss"),
        (r"a \right is missing", r"\left( x"),
        (r"a \end is missing", r"\begin{pmatrix} 1 & 2"),
        ("} stands alone", "x}"),
        ("something is missing before the end", "x^"),
        ("something is missing before ^", "x_^2"),
        ("two ^ follow one symbol", "x^2^3"),
        ("cases is not known: use pmatrix", r"\begin{cases} 1 \end{cases}"),
        (r"\sqrt[n] is not known: write x^{1/n}", r"\sqrt[3]{x}"),
        ("is nested too deeply", "{" * 40 + "x" + "}" * 40),
    ],
)
def test_what_cannot_be_shown_is_named(fault: str, latex: str):
    assert fault in [str(message) for message in formula_faults(latex)]


def test_a_displayed_fraction_has_its_bar_on_the_line_of_the_equals_sign():
    assert (
        "             f(x + h) − f(x)",
        "f′(x) = lim ─────────────────",
        "        h→0         h",
    ) == display_formula(r"f'(x) = \lim_{h \to 0} \frac{f(x+h)-f(x)}{h}")


def test_a_displayed_column_has_tall_brackets():
    assert ("∇f = ⎛∂f/∂x₀⎞", "     ⎝∂f/∂x₁⎠") == display_formula(
        r"\nabla f = \begin{pmatrix} \frac{\partial f}{\partial x_0} \\ \partial f/\partial x_1"
        r"\end{pmatrix}"
    )


def test_an_exponent_of_a_tall_bracket_stands_at_its_top():
    assert ("⎛ a ⎞²", "⎜───⎟", "⎝ b ⎠") == display_formula(r"\left(\frac{a}{b}\right)^2")


def test_a_displayed_sum_has_its_ends_above_and_below():
    assert (" n", " ∑  xᵢ", "i=1") == display_formula(r"\sum_{i=1}^n x_i")


@pytest.mark.parametrize(
    "piece", [r"\frac", "{", r"\left(", "x^", r"\begin{pmatrix}", r"\sqrt", "_"]
)
def test_a_thousand_open_pieces_are_refused_and_do_not_crash(piece: str):
    assert formula_faults(piece * 1000)
    inline_formula(piece * 1000)
    display_formula(piece * 1000)


PIECES = st.sampled_from(
    [*"x12+-=/(){}^_|&' ", "\\", r"\frac", r"\sqrt", r"\eta", r"\log", r"\left", r"\right", r"\lim",
     r"\begin{pmatrix}", r"\end{pmatrix}", r"\\", r"\text", r"\partial", r"\hat", r"\mathbb"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=20).map("".join))
def test_no_formula_raises_or_shows_latex(latex: str):
    shown = [inline_formula(latex), *display_formula(latex)]
    assert not set("\\{}ł") & set("".join(shown))


@given(st.lists(PIECES, max_size=20).map("".join))
def test_the_inline_form_is_one_line(latex: str):
    assert 1 == len(inline_formula(latex).split("\n"))
