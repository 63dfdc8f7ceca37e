"""How an operation is spelt from its spelt arguments, with the parentheses that it needs.

A text comes with how tightly it holds together, so that an argument is put in parentheses where
it would fall apart. The formula language and Python spell alike: the same texts are shown to
people and compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

Spelt: TypeAlias = tuple[str, int]
"""A text and how tightly it holds together."""

SUM, PRODUCT, SIGN, POWER, ATOM = range(1, 6)


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
