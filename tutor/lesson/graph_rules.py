"""What a computational graph of a lesson is made of, and whether its nodes fit together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tutor.i18n import Message, message
from tutor.lesson.model import GraphNode, GraphStep
from tutor.lesson.problem import mend_by_nearest
from tutor.lesson.scalars import quoted

_OF_TWO: Final = frozenset(
    {"add", "subtract", "multiply", "divide", "matmul", "softmax-cross-entropy"}
)
_TOO_LARGE: Final = 1e100
"""Of an input: its square has to be a number, too."""
_Fault = tuple[str, Message, Message]


def graph_faults(step: GraphStep, path: str) -> Iterator[_Fault]:
    """Yield what keeps the numbers of a graph from being computed."""
    faults = [*_name_faults(step, path), *_value_faults(step, path)]
    yield from faults or _cycle_faults(step, path)


def ordered_nodes(step: GraphStep) -> tuple[GraphNode, ...]:
    """Return the nodes so that each comes after what it is computed of.

    Those on a cycle, and what hangs on them, are left out.
    """
    known, left = set(step.inputs), list(step.nodes)
    found: list[GraphNode] = []
    while ready := [node for node in left if known.issuperset(node.of)]:
        found += ready
        known |= {node.name for node in ready}
        left = [node for node in left if node not in ready]
    return tuple(found)


def value_of_input(written: str) -> object:
    """Return an input as it is written: a number, a list of them or of rows; None if it is none."""
    try:
        value = ast.literal_eval(written.replace("−", "-"))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    rows = value if isinstance(value, list) else [value]
    sizes = {len(row) if isinstance(row, list) else 0 for row in rows}
    flat = _flat(value)
    return value if flat and len(sizes) == 1 and all(map(_is_number, flat)) else None


def _flat(value: object) -> list[object]:
    rows = value if isinstance(value, list) else [value]
    return [each for row in rows for each in (row if isinstance(row, list) else [row])]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _name_faults(step: GraphStep, path: str) -> Iterator[_Fault]:
    names = [*step.inputs, *(node.name for node in step.nodes)]
    for number, node in enumerate(step.nodes, 1):
        here = f"{path}.nodes[{number}]"
        if node.name in names[: len(step.inputs) + number - 1]:
            what = message("the name {name} is already taken", name=node.name)
            yield f"{here}.name", what, message("give this node a name of its own")
        wanted = 2 if node.rule in _OF_TWO else 1
        if len(node.of) != wanted:
            what = message("{rule} is not computed of {count}", rule=node.rule, count=len(node.of))
            yield f"{here}.of", what, message("write {count}", count=wanted)
        for place, name in enumerate(node.of, 1):
            if name not in names:
                what = message("{name} is neither an input nor a node", name=name)
                yield f"{here}.of[{place}]", what, mend_by_nearest(name, dict.fromkeys(names))
    for place, name in enumerate(step.fixed, 1):
        if name not in step.inputs:
            what = message("{name} is not an input", name=name)
            yield f"{path}.fixed[{place}]", what, mend_by_nearest(name, list(step.inputs))
    yield from _end_faults(step, path)


def _end_faults(step: GraphStep, path: str) -> Iterator[_Fault]:
    """Yield what is computed, or given, for nothing: one node alone leads to no other."""
    used = {name for node in step.nodes for name in node.of}
    for name in step.inputs:
        if name not in used:
            what = message("no node is computed of {name}", name=name)
            yield f"{path}.inputs.{name}", what, message("use it in a node, or delete it")
    ends = [node.name for node in step.nodes if node.name not in used]
    if len(ends) > 1:
        what = message("ends in several nodes: {names}", names=", ".join(ends))
        yield f"{path}.nodes", what, message("let all lead to one")


def _value_faults(step: GraphStep, path: str) -> Iterator[_Fault]:
    for name, written in step.inputs.items():
        value, here = value_of_input(written), f"{path}.inputs.{name}"
        if value is None:
            what = message("{value} is no number, and no list of them", value=written)
            mend = message("write a number such as 0.5, a list of them, or rows of equal length")
            yield here, what, mend
        elif any(abs(each) >= _TOO_LARGE for each in _flat(value)):  # type: ignore[arg-type]
            what = message("{text} is too large", text=quoted(written))
            yield here, what, message("stay below 1e100")


def _cycle_faults(step: GraphStep, path: str) -> Iterator[_Fault]:
    ordered = ordered_nodes(step)
    for number, node in enumerate(step.nodes, 1):
        if node not in ordered:
            what = message("{name} is computed of itself, by way of {others}",
                           name=node.name, others=", ".join(node.of))  # fmt: skip
            yield f"{path}.nodes[{number}].of", what, message("let edges lead one way alone")
            return
