"""Prose against the computed: what is false is told, what is true or open is not."""

from pathlib import Path

import pytest

from tutor.authoring.linter import check_paths

STEP = """\
format: 1
id: gradients/sample
title: A sample
summary: One descent.
minutes: 5
objectives: [Compare]
steps:
  - id: one
    kind: predict
    body: |
      {body}
    experiment: {{objective: sphere, start: [-3, 4], learning_rate: 0.1, steps: 1}}
    charts: [descent-path]
    ask: final-point
    guess: [1, 1]
    tolerance: 0.3
    right: |
      {right}
    wrong: The step goes against the gradient.
"""
BODY = "The bowl $f(x_0, x_1) = x_0^2 + x_1^2$, from (−3, 4), $\\eta = 0.1$. Where to?"


def said(folder: Path, right: str, body: str = BODY) -> list[str]:
    file = folder / "a.yaml"
    file.write_text(STEP.format(body=body, right=right), encoding="utf-8")
    return [f"{each.key_path}: {each.what}" for each in check_paths([file])]


@pytest.mark.parametrize(
    ("right", "what"),
    [
        ("So 0.96 − 0.75 = 0.27.", "0.96 − 0.75 = 0.27: the left side is 0.21"),
        ("1 − 2 · 0.9 is −0.7.", "1 − 2 · 0.9 = −0.7: the left side is -0.8"),
        ("$f(3, 4) = 24$ there.", "f(3, 4) = 24: the left side is 25"),
        ("$\\partial f/\\partial x_0 = 3x_0$.", "∂f/∂x₀ = 3x₀: the left side is -6"),
        ("At (1, 5), $\\partial f/\\partial x_1 = 2x_1 = 11$.", "2x₁ = 11: the left side is 10"),
        ("$(3 + h)^2 - 9 = 5h + h^2$.", "(3 + h)² − 9 = 5h + h² does not hold"),
        ("A chain: 2 · 3 = 6 < 5.", "6 < 5: the left side is 6"),
        ("The derivative of $x^3$ is $2x^2$.", "the derivative of x³ is not 2x²"),
        ("$x^2$ 的导数是 $x$。", "the derivative of x² is not x"),
        ("The gradient is (−6, −8).", "the gradient is (−6, −8) at none of the points"),
        ("梯度是 (−6, 7)。", "the gradient is (−6, 7) at none of the points"),
        ("It leads to (3.2, −2.4).", "(3.2, −2.4) is no point of this step, (−2.4, 3.2) is"),
        ("It leads to (−2.4, −3.2).", "(−2.4, −3.2) is no point of this step, (−2.4, 3.2) is"),
        ("It leads to (−2.7, 3.2).", "(−2.7, 3.2) is no point of this step, (−2.4, 3.2) is"),
        ("The loss falls from 16 to 25.", "from 16 to 25: the numbers are the other way round"),
        ("0.6 is more than 0.9.", "0.6 is more than 0.9: the numbers are the other way round"),
        ("损失从 16 降到 25。", "从 16 降到 25: the numbers are the other way round"),
        ("The square of −2.4 is 5.86.", "the square of −2.4 is 5.76"),
    ],
)
def test_a_false_statement_is_told(tmp_path: Path, right: str, what: str):
    assert any(what in line for line in said(tmp_path, right)), said(tmp_path, right)


@pytest.mark.parametrize(
    "right",
    [
        "So 0.96 − 0.75 = 0.21 km in a minute, and 1/3 ≈ 0.33.",
        "With $|1 - 2\\eta| = 1$ it swings; $x = 3$ and $x = 4$ are two places.",
        "The curvature of $4x^2$ is 8, 0 times 4 is 0, half the square of −0.5 is 0.125.",
        "$e^3 = 20.09$ and 20.09 / (20.09 + 2.72 + 2.72) = 0.787.",
        "The gradient is (−6, 8); its tenth, (−0.6, 0.8), leads to (−2.4, 3.2).",
        "10e-50 is ten times $10^{-50}$; $25 \\cdot 1.44^4$ is 107.5.",
        "Between 0.2 and 0.3 it falls from 25 to 16, and 0.9 is more than 0.6.",
        "$f(-2.4, 3.2) = 16$, at f = 25 the run began; $\\partial f/\\partial x_0 = 2x_0$.",
        "The derivative of $x^2$ is $2x$, and that of $0.01x^2 + 0.1x$ is $0.02x + 0.1$.",
    ],
)
def test_what_is_true_or_open_is_not_told(tmp_path: Path, right: str):
    assert [] == said(tmp_path, right)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (BODY.replace("−3", "−2"), "(−2, 4) is no point of this step, (−3, 4) is"),
        (BODY.replace("x_1^2", "x_1^3"), "and the step's function is x₀² + x₁²"),
        (BODY.replace("0.1", "0.4"), "0.4 is no number of this step, 0.1 is, and is not told"),
    ],
)
def test_a_body_tells_what_the_step_is_computed_with(tmp_path: Path, body: str, what: str):
    assert any(what in line for line in said(tmp_path, "Four fifths.", body))


def test_a_long_text_takes_no_longer_than_it_is(tmp_path: Path):
    """Fifteen thousand numbers in sums: each is read once, and none goes astray."""
    right = " ".join("1 + 2 = 3," for _ in range(5_000))
    told = said(tmp_path, right)
    assert ["takes"] == [line.split(": ")[1].split()[0] for line in told]
