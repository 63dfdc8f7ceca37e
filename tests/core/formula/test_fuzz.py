"""Random formulas, spelt as people spell them, against an interpreter that shares no code with us.

Each formula is made as Python's own syntax tree. One way the tree is walked, in plain NumPy, with a
number and its slopes at each node; the other way it is spelt at random (2x, x², |x|, ln, ·, ÷) and
given to `parse`.
"""

import ast
import math
import random
from collections import Counter

import numpy as np
import pytest

from tutor.core import parse

NAMES = ("x0", "x1")
POINTS = ((0.75, -1.25), (1.5, 2.0), (-0.5, 0.0))

# The interpreter: every node is a value and its slopes along both variables.

CALLS = {
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda a: -np.sin(a)),
    "tan": (np.tan, lambda a: 1 / np.cos(a) ** 2),
    "asin": (np.arcsin, lambda a: 1 / np.sqrt(1 - a * a)),
    "acos": (np.arccos, lambda a: -1 / np.sqrt(1 - a * a)),
    "atan": (np.arctan, lambda a: 1 / (1 + a * a)),
    "sinh": (np.sinh, np.cosh),
    "cosh": (np.cosh, np.sinh),
    "tanh": (np.tanh, lambda a: 1 / np.cosh(a) ** 2),
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda a: 1 / a),
    "log10": (np.log10, lambda a: 1 / (a * np.log(10))),
    "sqrt": (np.sqrt, lambda a: 0.5 / np.sqrt(a)),
    "abs": (np.abs, np.sign),
    "sigmoid": (lambda a: 1 / (1 + np.exp(-a)), lambda a: 1 / (2 + np.exp(a) + np.exp(-a))),
    "relu": (lambda a: np.maximum(a, 0), lambda a: (np.sign(a) + 1) / 2),
}
OPERATIONS = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: np.append(a[0] * b[0], b[0] * a[1:] + a[0] * b[1:]),
    ast.Div: lambda a, b: np.append(a[0] / b[0], a[1:] / b[0] - a[0] / b[0] ** 2 * b[1:]),
    # Exponents are numbers here.
    ast.Pow: lambda a, b: np.append(a[0] ** b[0], b[0] * a[0] ** (b[0] - 1) * a[1:]),
}


def interpreted(node, at):
    """Return the value of a tree at a point, and its two slopes, by forward differentiation."""
    match node:
        case ast.BinOp():
            return OPERATIONS[type(node.op)](
                interpreted(node.left, at), interpreted(node.right, at)
            )
        case ast.UnaryOp():
            return -interpreted(node.operand, at)
        case ast.Call():
            a, (value, slope) = interpreted(node.args[0], at), CALLS[node.func.id]
            return np.append(value(a[0]), slope(a[0]) * a[1:])
    if isinstance(node, ast.Name) and node.id in NAMES:
        return np.array([at[NAMES.index(node.id)], node.id == "x0", node.id == "x1"])
    return np.array([number(node), 0.0, 0.0])


def number(node):
    return node.value if isinstance(node, ast.Constant) else getattr(math, node.id)


# Random trees, and random spellings of them


def tree(draw, depth):
    """Return a random formula."""
    if depth == 0 or draw.random() < 0.15:
        return leaf(draw)
    kind = draw.random()
    if kind < 0.24:
        return ast.Call(ast.Name(draw.choice([*CALLS])), [tree(draw, depth - 1)], [])
    if kind < 0.35:
        return ast.UnaryOp(ast.USub(), tree(draw, depth - 1))
    if kind < 0.55:
        exponent = ast.Constant(draw.choice([2.0, 3.0, 4.0, 0.5, 2.0]))
        if draw.random() < 0.2:
            exponent = ast.UnaryOp(ast.USub(), exponent)
        return ast.BinOp(tree(draw, depth - 1), ast.Pow(), exponent)
    sign = draw.choice([ast.Add, ast.Add, ast.Sub, ast.Mult, ast.Mult, ast.Div])()
    return ast.BinOp(tree(draw, depth - 1), sign, tree(draw, depth - 1))


def leaf(draw):
    if draw.random() < 0.6:
        return ast.Name(draw.choice(["x0", "x1", "x0", "x1", "x0", "x1", "pi", "e"]))
    return ast.Constant(draw.choice([1.0, 2.0, 3.0, 0.5, 10.0, 0.25, 7.0, 100.0]))


SUM, PRODUCT, SIGN, POWER, ATOM = range(5)
SIGNS = {
    ast.Add: ("+＋", SUM, PRODUCT),
    ast.Sub: ("-−", SUM, PRODUCT),
    ast.Mult: ("*·×", PRODUCT, SIGN),
    ast.Div: ("/÷", PRODUCT, SIGN),
    ast.Pow: (["**", "^"], ATOM, SIGN),
}
"""How each operation is spelt, and how tightly its two operands must hold together."""
CALLED = {
    "log": ["log", "ln", "np.log"], "asin": ["asin", "arcsin"], "log10": ["lg", "log10"],
    "atan": ["atan", "arctan", "np.arctan"], "acos": ["acos", "arccos"],
    "sin": ["sin", "math.sin"], "relu": ["relu", "ReLU"], "sqrt": ["sqrt", "√"],
}  # fmt: skip
SPELT = {"x0": ["x0", "x₀", "x_0", "x[0]", "ｘ０"], "x1": ["x1", "x₁", "x_{1}"],
         "pi": ["pi", "π"], "e": ["e"]}  # fmt: skip


def spelt(node, draw):
    """Return a text for a tree as a person might write it, and how tightly it holds together."""
    match node:
        case ast.Constant():
            text = f"{node.value:g}"
            return draw.choice([text, f"{node.value}", text.replace("0.", ".")]), ATOM
        case ast.Name():
            return draw.choice(SPELT[node.id]), ATOM
        case ast.UnaryOp():
            return draw.choice("-−") + held(node.operand, POWER, draw), SIGN
        case ast.Call():
            return called(node.func.id, node.args[0], draw), ATOM
    return operation(node, type(node.op), draw)


def operation(node, kind, draw):
    signs, left, right = SIGNS[kind]
    holds = POWER if kind is ast.Pow else left
    first = held(node.left, left, draw)
    raised = {2.0: "²", 3.0: "³", 4.0: "⁴"}.get(getattr(node.right, "value", 0.0))
    if kind is ast.Pow and raised is not None and draw.random() < 0.5:
        return first + raised, POWER
    bare = isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Name)
    if kind is ast.Mult and bare and node.right.id != "e" and draw.random() < 0.7:
        return first + draw.choice(SPELT[node.right.id]), PRODUCT
    sign = draw.choice(signs)
    sign = draw.choice([sign, f" {sign} ", f"\u00a0{sign} "])
    return first + sign + held(node.right, right, draw), holds


def called(name, argument, draw):
    inside, _ = spelt(argument, draw)
    if name == "abs" and "|" not in inside and draw.random() < 0.6:
        return f"|{inside}|"
    brackets = draw.choice(["()", "()", "()", "（）"])
    return draw.choice(CALLED.get(name, [name])) + brackets[0] + inside + brackets[1]


def held(node, least, draw):
    """Return the text of an operand, in brackets where it would fall apart (or now and then)."""
    text, holds = spelt(node, draw)
    return text if holds >= least and draw.random() < 0.9 else f"({text})"


# The comparison


def checked(seed):
    """Compare one random formula with the interpreter; return how it went."""
    draw = random.Random(seed)
    root = tree(draw, draw.choice([2, 3, 4]))
    text, _ = spelt(root, draw)
    if len(text) > 400:
        return "too long"
    formula = parse(text, NAMES)
    again, outcome = parse(formula.source, NAMES), "no number"
    for at in POINTS:
        assert repr(formula.value(*at)) == repr(again.value(*at)), (text, at)
        with np.errstate(all="ignore"):
            if is_plain(root, at):
                outcome = "compared"
                compare(formula, interpreted(root, at).tolist(), at, text)
    return outcome


def compare(formula, expected, at, text):
    value, *slopes = expected
    for found in (formula.value(*at), *formula.value(*np.array([at, at]).T)):
        assert math.isclose(value, found, rel_tol=1e-9, abs_tol=1e-9), (text, at)
    partials, bounds = formula.gradient(*at), formula.gradient_rounding(*at)
    for slope, partial, bound in zip(slopes, partials, bounds, strict=True):
        assert abs(slope - partial) <= 1e-7 * (1 + abs(slope)) + 100 * bound, (text, at)


def is_plain(root, at):
    """Say whether every part of a formula is a number of common size, and not at a kink."""
    calls = [node for node in ast.walk(root) if isinstance(node, ast.Call)]
    names = {id(call.func) for call in calls}
    parts = [n for n in ast.walk(root) if isinstance(n, ast.expr) and id(n) not in names]
    sizes = np.abs([interpreted(part, at) for part in parts])
    inside = [call.args[0] for call in calls if call.func.id in {"abs", "relu"}]
    away = min([abs(interpreted(node, at)[0]) for node in inside], default=1.0)
    return bool(np.isfinite(sizes).all()) and sizes.max() < 1e6 and away > 1e-6


def test_random_formulas_are_read_and_differentiated_as_they_are_meant():
    outcomes = Counter(map(checked, range(400)))
    assert outcomes["compared"] > 250


@pytest.mark.thorough
@pytest.mark.parametrize("part", range(1, 21))
def test_twenty_thousand_formulas_are(part):
    outcomes = Counter(map(checked, range(1000 * part, 1000 * part + 1000)))
    assert outcomes["compared"] > 600
