"""A graph as text: in the formula language, as Python, or with superscripts and subscripts to read.

A text comes with how tightly it holds together, so that an argument is put in parentheses where
it would fall apart. The formula language and Python spell alike: the same texts are shown to
people and compiled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

from tutor.core.formula.functions import CONSTANTS
from tutor.core.formula.graph import Graph

Spelt: TypeAlias = tuple[str, int]
"""A text and how tightly it holds together."""

SUM, PRODUCT, SIGN, POWER, ATOM = range(1, 6)
_SUPERSCRIPT = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_NAMES = {value: name for name, value in CONSTANTS.items()}


def inside(part: Spelt, least: int) -> str:
    """Return the text of an argument that must hold at least this tightly."""
    text, holds = part
    return text if holds >= least else f"({text})"


def spell(operation: str, parts: Sequence[Spelt]) -> Spelt:
    """Return the text of an operation.

    a + (b + c) and a*(b*c) keep their parentheses: in floating point they are not the same as
    (a + b) + c and (a*b)*c.
    """
    if operation in {"+", "-"}:
        return f"{inside(parts[0], SUM)} {operation} {inside(parts[1], PRODUCT)}", SUM
    if operation in {"*", "/"}:
        return f"{inside(parts[0], PRODUCT)}{operation}{inside(parts[1], SIGN)}", PRODUCT
    if operation == "**":
        return f"{inside(parts[0], ATOM)}**{inside(parts[1], SIGN)}", POWER
    if operation == "negative":
        # -a*b is (-a)*b, which rounds like -(a*b).
        return f"-{inside(parts[0], PRODUCT)}", PRODUCT if parts[0][1] == PRODUCT else SIGN
    return f"{operation}({', '.join([text for text, _ in parts])})", ATOM


def source(graph: Graph, root: int, variables: Sequence[str]) -> str:
    """Return the formula in its own language: it can be parsed again."""
    done: list[Spelt] = []
    for operation, *arguments in graph.nodes[: root + 1]:
        if operation == "const":
            done.append((number(arguments[0]), ATOM))
        elif operation == "variable":
            done.append((variables[arguments[0]], ATOM))
        else:
            done.append(_listed(operation, [done[argument] for argument in arguments]))
    return done[root][0]


def _listed(operation: str, parts: Sequence[Spelt]) -> Spelt:
    """Return the text of an operation for people: max(max(a, b), c) is max(a, b, c)."""
    call = f"{operation}("
    text, holds = parts[0]
    if operation in {"max", "min"} and holds == ATOM and text.startswith(call):
        return f"{text[:-1]}, {parts[1][0]})", ATOM
    return spell(operation, parts)


def number(value: float) -> str:
    """Return the shortest text of a number, without a needless point."""
    if value in _NAMES:
        return _NAMES[value]
    if not math.isfinite(value):
        return "(0/0)" if math.isnan(value) else "(1/0)" if value > 0 else "(-1/0)"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def pretty(graph: Graph, root: int, variables: Sequence[str]) -> str:
    """Return the formula to be read: x₀²/20 + x₁²."""
    done: list[Spelt] = []
    for operation, *arguments in graph.nodes[: root + 1]:
        if operation == "const":
            done.append((number(arguments[0]).replace("pi", "π"), ATOM))
        elif operation == "variable":
            done.append((variables[arguments[0]].translate(_SUBSCRIPT), ATOM))
        else:
            done.append(_pretty(graph, operation, arguments, [done[a] for a in arguments]))
    return done[root][0]


def _pretty(
    graph: Graph, operation: str, arguments: Sequence[int], parts: Sequence[Spelt]
) -> Spelt:
    if operation == "*":
        left, right = inside(parts[0], PRODUCT), inside(parts[1], SIGN)
        dot = "" if _may_touch(graph, arguments[0], parts[0][0], right) else "·"
        return left + dot + right, PRODUCT
    if operation == "**" and parts[1][0].lstrip("−").isdecimal():
        return inside(parts[0], ATOM) + parts[1][0].translate(_SUPERSCRIPT), POWER
    text, holds = _listed(operation, parts)
    if operation == "**":
        return text.replace("**", "^", 1), holds
    if operation == "negative":
        return "−" + text[1:], holds
    return text.replace(" - ", " − ", 1) if operation == "-" else text, holds


def _may_touch(graph: Graph, left: int, left_text: str, right_text: str) -> bool:
    """Say whether a product reads well without a sign: 0.01x², 2πx, (2x)y, 3(x + 1)."""
    if right_text[0].isdecimal() or right_text[0] == "−":
        return False
    if right_text[0] == "e" and not right_text.startswith("exp"):
        return False  # 2e − 3 is read as 0.002
    return graph.known[left] is not None and left_text.strip("0123456789.π−") == ""
