"""A computational graph: its numbers forward, its gradients back, and the slips on that way.

The gradient that an edge carries back is what comes from the right, times the local derivative of
the node at its end; where a value goes several ways, those add up. Source: Saito, "Deep Learning
from Scratch", chapter 5; Griewank and Walther, "Evaluating Derivatives", chapter 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from tutor.core.arrays import Floats
from tutor.errors import TutorError
from tutor.i18n import message

Slip: TypeAlias = Literal[
    "wrong-value", "no-sum", "whole-sum", "other-edge", "no-upstream", "no-local", "added",
    "sign", "transpose", "no-target", "other-factor", "forward", "one-row",
]  # fmt: skip
"""The rule that was forgotten."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value that is computed of others."""

    name: str
    rule: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One gradient to fill in: of `source`, by the edge to `target`; without one, in all."""

    source: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """All numbers of a graph: forward, and the gradients of its last node back."""

    nodes: tuple[Node, ...]
    values: Mapping[str, Floats]
    totals: Mapping[str, Floats]
    """What reaches each value from the right, added up."""
    by_edge: Mapping[Part, Floats]

    @property
    def last(self) -> str:
        """The value of which all gradients are."""
        return self.nodes[-1].name

    def gradient(self, part: Part) -> Floats:
        """Return the gradient to fill in."""
        return self.totals[part.source] if part.target is None else self.by_edge[part]

    def edges_of(self, source: str) -> tuple[Part, ...]:
        """Return the edges by which a value goes on."""
        return tuple(part for part in self.by_edge if part.source == source)


# Each rule: its value, and what its inputs get of `g`, which comes from the right.
_Forward: TypeAlias = Callable[..., Floats]
_Back: TypeAlias = Callable[[Floats, Floats, Sequence[Floats]], tuple[Floats, ...]]
_SMALLEST: Final = 1e-9
"""Gradients nearer than this, beside their size, are the same."""


def _softmax(a: Floats) -> Floats:
    weights = np.exp(a - np.max(a, axis=-1, keepdims=True))
    return np.asarray(weights / np.sum(weights, axis=-1, keepdims=True))


def _cross_entropy(a: Floats, t: Floats) -> Floats:
    count = a.shape[0] if a.ndim == 2 else 1
    return np.asarray(-np.sum(t * np.log(_softmax(a))) / count)


def _cross_entropy_back(g: Floats, _out: Floats, of: Sequence[Floats]) -> tuple[Floats, ...]:
    a, t = of
    count = a.shape[0] if a.ndim == 2 else 1
    return g * (_softmax(a) - t) / count, -g * np.log(_softmax(a)) / count


def _sigmoid(a: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-a)))


_RULES: Final[Mapping[str, tuple[_Forward, _Back]]] = {
    "add": (np.add, lambda g, _, __: (g, g)),
    "subtract": (np.subtract, lambda g, _, __: (g, -g)),
    "multiply": (np.multiply, lambda g, _, of: (g * of[1], g * of[0])),
    "divide": (np.divide, lambda g, _, of: (g / of[1], -g * of[0] / of[1] ** 2)),
    "square": (np.square, lambda g, _, of: (2 * of[0] * g,)),
    "half-square": (lambda a: a**2 / 2, lambda g, _, of: (of[0] * g,)),
    "exp": (np.exp, lambda g, out, _: (g * out,)),
    "log": (np.log, lambda g, _, of: (g / of[0],)),
    "sigmoid": (_sigmoid, lambda g, out, _: (g * out * (1 - out),)),
    "relu": (lambda a: np.maximum(a, 0.0), lambda g, _, of: (g * (of[0] > 0),)),
    "matmul": (np.matmul, lambda g, _, of: _matmul_back(g, *of)),
    "softmax-cross-entropy": (_cross_entropy, _cross_entropy_back),
}


def _matmul_back(g: Floats, x: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Return the gradients of `x @ w`, where one of them may be a vector."""
    if x.ndim == 1:
        return (w @ g, np.outer(x, g)) if w.ndim == 2 else (g * w, g * x)
    return (g @ w.T, x.T @ g) if w.ndim == 2 else (np.outer(g, w), x.T @ g)


def walk(inputs: Mapping[str, Floats], nodes: Sequence[Node]) -> Pass:
    """Return all numbers of a graph whose nodes each come after what they are computed of.

    Args:
        inputs: numbers, vectors and matrices by their names; none is changed.
        nodes: the last is the one of which all gradients are: a single number.

    Raises:
        TutorError: a value does not fit its node, or is not finite.
    """
    values = dict(inputs)
    with np.errstate(all="ignore"):
        for node in nodes:
            values[node.name] = _value(node, [values[name] for name in node.of])
        last = nodes[-1].name
        if values[last].ndim:
            raise TutorError(message("{name} is no single number: a graph ends in one.", name=last))
        return _back(nodes, values)


def _value(node: Node, of: Sequence[Floats]) -> Floats:
    try:
        value = np.asarray(_RULES[node.rule][0](*of), dtype=np.float64)
    except ValueError:
        shapes = " and ".join("×".join(map(str, each.shape)) or "1" for each in of)
        raise TutorError(message("{name}: shapes {shapes} do not fit together.",
                                 name=node.name, shapes=shapes)) from None  # fmt: skip
    if not np.all(np.isfinite(value)):
        raise TutorError(message("{name} is not a number, or has no end.", name=node.name))
    return value


def _back(nodes: Sequence[Node], values: Mapping[str, Floats]) -> Pass:
    totals = {name: np.zeros_like(value) for name, value in values.items()}
    totals[nodes[-1].name] = np.array(1.0)
    by_edge: dict[Part, Floats] = {}
    for node in reversed(nodes):
        of = [values[name] for name in node.of]
        for name, given in zip(node.of, _given(node, totals[node.name], values[node.name], of),
                               strict=True):  # fmt: skip
            part = Part(name, node.name)
            by_edge[part] = by_edge.get(part, np.zeros_like(given)) + given
            totals[name] = totals[name] + given
    broken = next((p for p, g in by_edge.items() if not np.all(np.isfinite(g))), None)
    if broken is not None:
        raise TutorError(message("The gradient of {name} is not a number, or has no end.",
                                 name=broken.source))  # fmt: skip
    return Pass(tuple(nodes), values, totals, by_edge)


def _given(node: Node, g: Floats, out: Floats, of: Sequence[Floats]) -> tuple[Floats, ...]:
    """Return what each input of a node gets, in its own shape: what was spread out is added up."""
    back = _RULES[node.rule][1](g, out, of)
    return tuple(_as_shaped(each, value.shape) for each, value in zip(back, of, strict=True))


def _as_shaped(g: Floats, shape: tuple[int, ...]) -> Floats:
    spread = np.asarray(g)
    while spread.ndim > len(shape):
        spread = spread.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and spread.shape[axis] != 1:
            spread = spread.sum(axis=axis, keepdims=True)
    return np.broadcast_to(spread, shape).copy()


def parts_to_fill(passed: Pass, fixed: Sequence[str] = ()) -> tuple[Part, ...]:
    """Return the gradients to fill in, from right to left; none of what is `fixed`.

    A value that goes several ways has a part for each of them, and then their sum.
    """
    return tuple(
        part
        for name in _from_the_right(passed)
        if name not in fixed
        for part in (*passed.edges_of(name), Part(name))[: _count(passed, name)]
    )


def _count(passed: Pass, name: str) -> int:
    ways = len(passed.edges_of(name))
    return ways if ways < 2 else ways + 1


def _from_the_right(passed: Pass) -> Iterator[str]:
    """Yield every value but the last; each after all that is computed of it."""
    made = [node.name for node in passed.nodes]
    inputs = [name for name in passed.values if name not in made]
    place = {name: min(made.index(part.target or "") for part in passed.edges_of(name))
             for name in (*made[:-1], *inputs)}  # fmt: skip
    yield from sorted(place, key=lambda name: -place[name])


def same(one: Floats, other: Floats, within: float = _SMALLEST) -> bool:
    """Return whether two gradients are the same, of one shape, `within` their size."""
    if one.shape != other.shape:
        return False
    size = float(np.max(np.abs(other), initial=0.0))
    return bool(np.all(np.abs(one - other) <= within * size + _SMALLEST))


def slips(passed: Pass, part: Part) -> tuple[tuple[Slip, Floats], ...]:
    """Return the wrong gradients that come of a forgotten rule, the likeliest first."""
    right = passed.gradient(part)
    found = _slips_of_sum(passed, part) if part.target is None else _slips_of_edge(passed, part)
    known: list[tuple[Slip, Floats]] = []
    for slip, value in found:
        is_new = all(not same(value, other) for _, other in known)
        if np.all(np.isfinite(value)) and not same(value, right, 0.02) and is_new:
            known.append((slip, value))
    return tuple(known)


def _slips_of_sum(passed: Pass, part: Part) -> Iterator[tuple[Slip, Floats]]:
    ways = [passed.by_edge[edge] for edge in passed.edges_of(part.source)]
    for way in ways:
        yield "no-sum", way
    product = np.prod(np.stack(ways), axis=0)
    yield "no-sum", product
    yield "sign", -passed.totals[part.source]
    yield "forward", passed.values[part.source]


def _slips_of_edge(passed: Pass, part: Part) -> Iterator[tuple[Slip, Floats]]:
    node = next(node for node in passed.nodes if node.name == part.target)
    place, right = node.of.index(part.source), passed.by_edge[part]
    of, out = [passed.values[name] for name in node.of], passed.values[node.name]
    g = passed.totals[node.name]
    with np.errstate(all="ignore"):
        if _is_once(node, part.source):
            for slip, wrong in _OWN_SLIPS.get(node.rule, ()):
                if slip != "no-target" or place == 0:
                    yield slip, wrong(g, out, of, place)
        local = _locals(node, part.source, np.ones_like(g), out, of)
        yield "no-upstream", local
        yield ("one-row" if _is_spread(node, right, g) else "no-local"), g
        yield "sign", -right
        if g.shape == local.shape and node.name != passed.last:
            yield "added", g + local
        if right.ndim == 2:
            yield "transpose", right.T
        for edge in passed.edges_of(node.name):
            yield "other-edge", _locals(node, part.source, passed.by_edge[edge], out, of)
        yield "whole-sum", passed.totals[part.source]
        yield "forward", passed.values[part.source]


def _is_once(node: Node, source: str) -> bool:
    return node.of.count(source) == 1


def _locals(node: Node, source: str, g: Floats, out: Floats, of: Sequence[Floats]) -> Floats:
    """Return what `g` brings to a value, which may stand in a node twice (x · x)."""
    given = _given(node, g, out, of)
    return np.asarray(sum(each for name, each in zip(node.of, given, strict=True)
                          if name == source))  # fmt: skip


def _is_spread(node: Node, right: Floats, g: Floats) -> bool:
    """Return whether each row of a node has the same numbers of a value, such as a bias."""
    if node.rule == "matmul" or g.ndim != 2:
        return False
    return right.ndim == 1 or (right.ndim == 2 and right.shape[0] == 1 < g.shape[0])


_Wrong: TypeAlias = Callable[[Floats, Floats, Sequence[Floats], int], Floats]
_OWN_SLIPS: Final[Mapping[str, tuple[tuple[Slip, _Wrong], ...]]] = {
    "multiply": (("other-factor", lambda g, _, of, place: g * of[place]),),
    "divide": (
        ("wrong-value", lambda g, _, of, place: (g / of[0], -g * of[1] / of[0] ** 2)[place]),
    ),
    "square": (
        ("wrong-value", lambda g, out, _, __: 2 * out * g),
        ("wrong-value", lambda g, _, __, ___: 2 * g),
        ("wrong-value", lambda g, _, of, __: of[0] * g),
    ),
    "half-square": (
        ("wrong-value", lambda g, out, _, __: out * g),
        ("wrong-value", lambda g, _, of, __: 2 * of[0] * g),
        ("wrong-value", lambda g, _, of, __: of[0] * g / 2),
    ),
    "exp": (("wrong-value", lambda g, _, of, __: g * of[0]),),
    "log": (
        ("wrong-value", lambda g, out, _, __: g / out),
        ("wrong-value", lambda g, out, _, __: g * out),
    ),
    "sigmoid": (
        ("wrong-value", lambda g, _, of, __: g * of[0] * (1 - of[0])),
        ("wrong-value", lambda g, out, _, __: g * _sigmoid(out) * (1 - _sigmoid(out))),
        ("wrong-value", lambda g, out, _, __: g * out),
    ),
    "relu": (("wrong-value", lambda g, out, _, __: g * out),),
    "softmax-cross-entropy": (("no-target", lambda g, _, of, __: g * _softmax(of[0])),),
}
"""What comes of each rule when it is applied wrongly."""
