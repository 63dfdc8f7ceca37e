"""A run as a stand-alone NumPy script that ends at the same point, to the last digit.

Its formulas are those of the core, with the same operations in the same order; its steps are
the optimizers' own, on arrays.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from functools import cached_property, reduce
from typing import Any

from tutor.core.expression import parse
from tutor.core.objectives import Objective
from tutor.core.optimizers import AdamW
from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.rules import DROP_FACTOR, Segment, drop_every, segments
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab.state_code import encode

_CONSTANTS = {"pi", "e"}
_MATH_NAMES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "pow": "power",
               "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh"}  # fmt: skip
"""Functions that NumPy calls otherwise."""
_OWN = {
    "sign": (
        "def sign(x):\n    return x if math.isnan(x) else float((x > 0) - (x < 0))",
        "sign", "np.sign",
    ),
    "max": (
        "def larger(a, b):\n    return a if a >= b or math.isnan(a) else b",
        "larger", "np.maximum",
    ),
    "min": (
        "def smaller(a, b):\n    return a if a <= b or math.isnan(a) else b",
        "smaller", "np.minimum",
    ),
    "sigmoid": (
        "def sigmoid(x):\n    small = math.exp(-abs(x))\n"
        "    return (1.0 if x >= 0 else small) / (1.0 + small)",
        "sigmoid", "lambda x: 1.0 / (1.0 + np.exp(-x))",
    ),
    "softplus": (
        "def softplus(x):\n    return math.log1p(math.exp(-abs(x))) + (0.0 if x < 0 else x)",
        "softplus", "lambda x: np.logaddexp(0.0, x)",
    ),
    "relu": (
        "def relu(x):\n    return 0.0 if x < 0 else x",
        "relu", "lambda x: np.maximum(x, 0.0)",
    ),
    "floor": ("def floor(x):\n    return float(math.floor(x))", "floor", "np.floor"),
    "ceil": ("def ceil(x):\n    return float(math.ceil(x))", "ceil", "np.ceil"),
    "gate": (
        "def gate(a, b):\n    return a * b if a else 0.0",
        "gate", "lambda a, b: np.where(np.equal(a, 0.0), 0.0, np.multiply(a, b))",
    ),
}  # fmt: skip
"""Functions that `math` lacks: a definition, its name, NumPy's."""


def to_script(setup: Setup) -> str:
    """Return a Python script, in need of nothing but NumPy, that makes the same run.

    Its last line of output is the final point, as a list of floats.
    """
    main = "\n".join(_main(setup))
    return "\n\n\n".join([_head(setup), *_Functions(setup).blocks(), main]) + "\n"


def _head(setup: Setup) -> str:
    return (
        f'"""A run of Nabla\'s lab: {encode(setup)}\n\n'
        'Run it with Python and NumPy. The last line it prints is the final point.\n"""\n\n'
        "import math\n\nimport numpy as np"
    )


class _Functions:
    """f and its gradient as functions of numbers."""

    def __init__(self, setup: Setup) -> None:
        self._objective: Objective = objective_of(setup)
        self._rules = [segment.rule for segment in segments(setup)]

    @cached_property
    def _texts(self) -> list[str]:
        """The formula and its partials, as Python."""
        formula = self._objective.expression
        sources = [formula.source, *(formula.derivative(n).source for n in formula.variables)]
        return [self._python(source) for source in sources]

    def _python(self, source: str) -> str:
        tree = _Python(self._objective.variables).visit(ast.parse(source, mode="eval"))
        return ast.unparse(ast.fix_missing_locations(tree))

    def blocks(self) -> Iterator[str]:
        """Yield the classes and functions that the run needs."""
        names = sorted({name for text in self._texts for name in _used(text)})
        yield from (_OWN[name][0] for name in names if name in _OWN)
        if names:
            yield _table("NUMBERS", names, 1)
            yield _table("NUMPY", names, 2)
        parameters = ", ".join((*self._objective.variables, *(["m=NUMBERS"] if names else [])))
        value, *partials = self._texts
        yield f"def f({parameters}):\n    return {value}"
        gradient = ", ".join(partials) + ("," if len(partials) == 1 else "")
        if any(rule.gradient == "exact" for rule in self._rules):
            yield f"def gradient({parameters}):\n    return ({gradient})"
        yield _AT.format(numpy=", NUMPY" if names else "")
        if any(rule.gradient == "numerical" for rule in self._rules):
            yield _NUMERICAL


def _used(text: str) -> set[str]:
    return {
        node.attr
        for node in ast.walk(ast.parse(text, mode="eval"))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "m"
    }


def _table(title: str, names: list[str], column: int) -> str:
    """Return a class whose attributes are the functions, from `math` or from NumPy."""
    lines = [f"class {title}:"]
    for name in names:
        if name in _OWN:
            function = _OWN[name][column]
        else:
            function = f"math.{name}" if column == 1 else f"np.{_MATH_NAMES.get(name, name)}"
        lines.append(f"    {name} = staticmethod({function})")
    return "\n".join(lines)


_AT = """def at(function, x):
    # A number from math where it has one; inf or nan, from NumPy, where it gives up.
    try:
        return np.array(function(*x.tolist()), dtype=float)
    except (ArithmeticError, ValueError, TypeError):
        return np.array(function(*x{numpy}), dtype=float)"""
_NUMERICAL = """def numerical_gradient(x, h):
    slopes = np.empty_like(x)
    for i in range(x.size):
        above, below = x.copy(), x.copy()
        above[i] += h
        below[i] -= h
        slopes[i] = (at(f, above) - at(f, below)) / (2 * h)
    return slopes"""


class _Python(ast.NodeTransformer):
    """The formula language as Python: functions from `m`, powers as the core computes them."""

    def __init__(self, variables: tuple[str, ...]) -> None:
        self._variables = variables

    def visit(self, node: ast.AST) -> Any:
        """Write a number that is infinite or none by its name: Python refuses to compute 1/0."""
        if isinstance(node, ast.BinOp) and not self._varies(node):
            value = parse(ast.unparse(node), ()).value()
            if not math.isfinite(value):
                name = "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
                return ast.parse(f"float('{name}')", mode="eval").body
        return super().visit(node)

    def _varies(self, node: ast.AST) -> bool:
        names = (each.id for each in ast.walk(node) if isinstance(each, ast.Name))
        return any(name in self._variables for name in names)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in _CONSTANTS and node.id not in self._variables:
            return ast.Attribute(ast.Name("math", ast.Load()), node.id, ast.Load())
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        arguments = [self.visit(argument) for argument in node.args]
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "abs":
            return ast.Call(node.func, arguments, [])
        if name in {"max", "min"}:
            folded: ast.expr = reduce(lambda a, b: _call(name, [a, b]), arguments)
            return folded
        return _call(name, arguments)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Pow) and not _is_integer(node.right):
            return _call("pow", [left, right])
        if _is_constant(left) and _is_constant(right):
            left, right = _as_float(left), _as_float(right)
        return ast.BinOp(left, node.op, right)


def _call(name: str, arguments: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Attribute(ast.Name("m", ast.Load()), name, ast.Load()), arguments, [])


def _is_integer(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return _is_integer(node.operand)
    return isinstance(node, ast.Constant) and float(str(node.value)).is_integer()


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def _as_float(node: ast.expr) -> ast.expr:
    """Return a constant that is no Python integer: those are exact where floats round."""
    return ast.Constant(float(str(node.value))) if isinstance(node, ast.Constant) else node


# The run


def _main(setup: Setup) -> Iterator[str]:
    yield f"x = np.array({[float(x) for x in setup.start]!r})"
    yield 'with np.errstate(all="ignore"):'
    before = ""
    for segment in segments(setup):
        if segment.rule.optimizer != before:
            yield from (f"    {line}" for line in _fresh_state(segment.rule))
            before = segment.rule.optimizer
        yield f"    for k in range({segment.first}, {segment.last}):"
        yield from (f"        {line}" for line in _step(segment, setup.steps))
    yield '    print("f =", float(at(f, x)))'
    yield "print(x.tolist())"


def _fresh_state(rule: Rule) -> tuple[str, ...]:
    match rule.optimizer:
        case "momentum" | "nesterov":
            return ("v = np.zeros_like(x)",)
        case "adagrad" | "rmsprop":
            return ("s = np.zeros_like(x)",)
        case "adam" | "adamw":
            return ("m, s, t = np.zeros_like(x), np.zeros_like(x), 0",)
        case _:
            return ()


def _step(segment: Segment, steps: int) -> tuple[str, ...]:
    rule = segment.rule
    exact = rule.gradient == "exact"
    slope = "at(gradient, x)" if exact else f"numerical_gradient(x, {float(rule.h)!r})"
    return (f"g = {slope}", f"rate = {_rate(rule, steps)}", *_moves(rule))


def _rate(rule: Rule, steps: int) -> str:
    rate = repr(float(rule.learning_rate))
    match rule.schedule:
        case "step":
            return f"{rate} * {DROP_FACTOR!r} ** (k // {drop_every(steps)})"
        case "cosine":
            return f"{rate} * (1 + math.cos(math.pi * (k / {steps}))) / 2"
        case _:
            return rate


def _moves(rule: Rule) -> tuple[str, ...]:
    mu, epsilon = float(rule.momentum), float(rule.epsilon)
    match rule.optimizer:
        case "momentum":
            return (f"v = {mu!r} * v + g", "x = x - rate * v")
        case "nesterov":
            return (f"v = {mu!r} * v + g", f"x = x - rate * (g + {mu!r} * v)")
        case "adagrad":
            return ("s = s + g * g", f"x = x - rate * g / (np.sqrt(s) + {epsilon!r})")
        case "rmsprop":
            decay = float(rule.alpha)
            return (
                f"s = {decay!r} * s + (1 - {decay!r}) * (g * g)",
                f"x = x - rate * g / (np.sqrt(s) + {epsilon!r})",
            )
        case "adam" | "adamw":
            first, second = float(rule.beta1), float(rule.beta2)
            decay = float(AdamW().weight_decay)
            return (
                *((f"x = x * (1 - rate * {decay!r})",) if rule.optimizer == "adamw" else ()),
                "t += 1",
                f"m = {first!r} * m + (1 - {first!r}) * g",
                f"s = {second!r} * s + (1 - {second!r}) * (g * g)",
                f"root = np.sqrt(s) / (1 - {second!r}**t) ** 0.5 + {epsilon!r}",
                f"x = x - rate / (1 - {first!r}**t) * m / root",
            )
        case _:
            return ("x = x - rate * g",)
