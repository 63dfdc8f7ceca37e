r"""Sets formulas in Unicode: `$\partial f/\partial x_0$` becomes ∂f/∂x₀, on one line or several.

As in TeX the spaces come from what the symbols are, not from how the author typed them: a
relation has spaces around it, a sign has none, ∂ keeps close to its f.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from tutor.i18n import Message
from tutor.lesson.formula_boxes import (
    Box,
    bracketed,
    fraction,
    grid,
    join,
    line_box,
    under_and_over,
)
from tutor.lesson.formula_symbols import subscript, superscript
from tutor.lesson.formula_tree import (
    Atom,
    Delimited,
    FormulaNode,
    Fraction,
    Group,
    Matrix,
    Root,
    Scripted,
    Space,
    Tree,
    parse_formula,
)


@lru_cache(maxsize=512)
def inline_formula(source: str) -> str:
    r"""Return the formula on one line: `\frac{a}{b}` as a/b."""
    tree, _ = parse_formula(source)
    return _row(tree, display=False).lines[0]


@lru_cache(maxsize=512)
def display_formula(source: str) -> tuple[str, ...]:
    """Return the lines of the formula, fractions and limits one above the other."""
    tree, _ = parse_formula(source)
    box = _row(tree, display=True)
    return tuple(line.rstrip() for line in box.lines)


def formula_faults(source: str) -> tuple[Message, ...]:
    """Return what cannot be shown as its author meant it."""
    _, faults = parse_formula(source)
    return faults


def _row(tree: Tree, *, display: bool, tight: bool = False) -> Box:
    """Set the nodes beside one another; `tight` (in scripts): no spaces."""
    boxes: list[Box] = []
    before = "none"
    bars = 0
    for node in tree:
        if isinstance(node, Space):
            boxes.append(line_box(" "))
            before = "space"
            continue
        kind = _class_of(node)
        if kind == "bar":
            bars += 1
            kind = "open" if bars % 2 else "close"
        if kind == "bin" and before in _BEFORE_A_SIGN:
            kind = "sign"
        if not tight and (before, kind) in _SPACED:
            boxes.append(line_box(" "))
        boxes.append(_box(node, display=display))
        before = kind
    return join(boxes)


_ORDINARY: Final = ("ord", "close", "inner", "op", "sign", "open")
_BEFORE_A_SIGN: Final = frozenset({"none", "bin", "rel", "open", "punct", "op", "slash", "sign"})
_SPACED: Final = frozenset(
    {
        *((left, "rel") for left in (*_ORDINARY, "punct", "bin")),
        *(("rel", right) for right in (*_ORDINARY, "bin")),
        *((left, "bin") for left in ("ord", "close", "inner")),
        *(("bin", right) for right in _ORDINARY),
        *(("punct", right) for right in (*_ORDINARY, "bin", "punct")),
        *((left, "op") for left in ("ord", "close", "inner", "op")),
        *(("op", right) for right in ("ord", "inner")),
        *((left, "inner") for left in ("ord", "close", "inner")),
        *(("inner", right) for right in ("ord", "open")),
    }
) - {("open", "rel"), ("sign", "rel")}


def _class_of(node: FormulaNode) -> str:
    """Return what the node is among its neighbours."""
    if isinstance(node, Scripted):
        kind = _class_of(node.base)
        return "close" if kind == "bar" and node.sup else kind
    if isinstance(node, Atom):
        return node.kind
    return "inner" if isinstance(node, Fraction | Matrix) else "ord"


def _box(node: FormulaNode, *, display: bool) -> Box:
    """Set one node."""
    match node:
        case Atom(text=text):
            return line_box(text)
        case Space():
            return line_box(" ")
        case Group(body=body):
            return _row(body, display=display)
        case Scripted():
            return _scripted(node, display=display)
        case _:
            return _structure(node, display=display)


def _structure(node: Fraction | Root | Delimited | Matrix, *, display: bool) -> Box:
    """Set what has parts of its own."""
    match node:
        case Fraction(numerator=top, denominator=bottom):
            return _fraction(top, bottom, display=display)
        case Root(body=body):
            return line_box(f"√{_enclosed(body)}")
        case Delimited(left=left, body=body, right=right):
            return bracketed(left, _row(body, display=display), right)
        case Matrix(rows=rows):
            return _matrix(rows, display=display)


def _fraction(top: Tree, bottom: Tree, *, display: bool) -> Box:
    if display:
        return fraction(_row(top, display=False), _row(bottom, display=False))
    over = _text(top) if not _is_sum(top) else f"({_text(top)})"
    return line_box(f"{over}/{_enclosed(bottom)}")


def _matrix(rows: tuple[tuple[Tree, ...], ...], *, display: bool) -> Box:
    if display and rows:
        cells = [[_row(cell, display=False) for cell in row] for row in rows]
        return bracketed("(", grid(cells), ")")
    across = ", " if any(len(row) == 1 for row in rows) else "; "
    return line_box(f"({across.join(', '.join(_text(cell) for cell in row) for row in rows)})")


def _scripted(node: Scripted, *, display: bool) -> Box:
    """Set a base with its scripts: limits below it, raised and lowered characters, or in words."""
    limited = isinstance(node.base, Atom) and node.base.takes_limits
    below, above = _text(node.sub, tight=True), _text(node.sup, tight=True)
    base = _box(node.base, display=display)
    if limited and display:
        return under_and_over(base, line_box(below), line_box(above))
    if limited and subscript(below) is None:
        return join([base, line_box(f" {below}")])
    lowered, raised = line_box(_lowered(below)), line_box(_raised(above))
    return join([base, lowered, raised], raise_last=above != "")


def _lowered(text: str) -> str:
    lowered = subscript(text)
    if lowered is not None:
        return lowered
    return f"_{text}" if text.isalnum() else f"_({text})"


def _raised(text: str) -> str:
    raised = superscript(text)
    if raised is not None:
        return raised
    return f"^{text}" if text.isalnum() else f"^({text})"


def _text(tree: Tree, *, tight: bool = False) -> str:
    return _row(tree, display=False, tight=tight).lines[0]


def _enclosed(tree: Tree) -> str:
    """Return the text of what stands under a root or a slash, in brackets unless it is one."""
    return _text(tree) if _is_single(tree) else f"({_text(tree)})"


def _is_sum(tree: Tree) -> bool:
    return any(isinstance(node, Atom) and node.kind in ("bin", "rel") for node in tree[1:])


def _is_single(tree: Tree) -> bool:
    """Return whether a tree reads as one thing: x, 20, ∂x, f(x), (a + b)."""
    words = [node for node in tree if not isinstance(node, Space)]
    if len(words) == 2 and isinstance(words[0], Atom) and words[0].text in ("∂", "d", "Δ"):
        return True
    if len(words) <= 1:
        return not (len(words) == 1 and isinstance(words[0], Fraction | Group))
    return _is_call(words)


def _is_call(words: Sequence[FormulaNode]) -> bool:
    """Return whether the nodes are one bracket to its end, with a name before it or none."""
    kinds = [node.kind if isinstance(node, Atom) else "ord" for node in words]
    start = 0 if kinds[0] == "open" else 1
    if kinds[start] != "open" or kinds[-1] != "close":
        return False
    depth = 0
    for at, kind in enumerate(kinds[start:], start):
        depth += (kind == "open") - (kind == "close")
        if depth == 0:
            return at == len(kinds) - 1
    return False
