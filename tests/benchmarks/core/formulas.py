"""Typed formulas: to read one, to differentiate it, and how exact that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any

import mpmath
import numpy as np

from tests.benchmarks.core.harness import Row, Work, compare, figure, repeats_for, seconds
from tests.benchmarks.core.peers import library
from tests.core.formula.hostile import HOSTILE
from tutor.core import OBJECTIVES, FormulaError, parse

TEXT = "(1 - x0)**2 + 100*(x1 - x0**2)**2"
NAMES = ["x0", "x1"]
_BY_HAND = """def f(x0, x1):
 if x0.__class__ is x1.__class__ is float:
  try:
   bend = x1 - x0**2.0
   return (-2.0*(1.0 - x0) - 400.0*bend*x0, 200.0*bend)
  except failures:
   pass
 return elsewhere(x0, x1)
"""
"""The gradient of `TEXT` as one writes it who knows it, with what ours does where `math` gives up:
what Python takes to compile it is the floor."""


def rows(turns: int) -> list[Row]:
    """Measure all of them."""
    return [*_reading(turns), _refusing(), *_partials(turns), *_exactness()]


def _fresh_texts() -> Iterator[str]:
    """Yield a formula that nobody has read before, so that no cache answers for the parser."""
    return (TEXT.replace("100", str(k)) for k in count(1000))


def _reading(turns: int) -> list[Row]:
    texts = _fresh_texts()

    def read_and_differentiate() -> Any:
        return parse(next(texts), NAMES).gradient(-1.0, 2.0)

    repeats = repeats_for(read_and_differentiate)
    times = [seconds(read_and_differentiate, repeats) for _ in range(turns)]
    micro = float(np.median(times)) * 1e6
    name = "typed formula: parse, compile, exact gradient"
    sources = (_BY_HAND.replace("400", str(k)) for k in count(1000))
    sympy = library("sympy")
    by_sympy = None if sympy is None else _by_sympy(sympy, _fresh_texts())
    return [
        figure(name, micro, 250, unit=" µs", at_least=False),
        *compare(name, read_and_differentiate,
                 {"Python's own compile of it": lambda: compile(next(sources), "f", "exec")},
                 {"Python's own compile of it": 1 / 1.8}, turns=min(turns, 5)),
        *compare(name, read_and_differentiate, {"sympy": by_sympy}, {"sympy": 50.0},
                 turns=min(turns, 5)),
    ]  # fmt: skip


def _refusing() -> Row:
    """How long the slowest refusal of a hostile text takes."""
    slowest = max(seconds(partial(_refused, text), 3) for text in HOSTILE.values())
    name = "hostile formula: slowest refusal"
    return figure(name, 1e3 * slowest, 50, unit=" ms", at_least=False)


def _refused(text: str) -> None:
    try:
        parse(text, NAMES)
    except FormulaError:
        return
    raise AssertionError(text[:50])


def _by_sympy(sympy: Any, texts: Iterator[str]) -> Work:
    x0, x1 = sympy.symbols("x0 x1")

    def read_and_differentiate() -> Any:
        formula = sympy.sympify(next(texts))
        both = [sympy.diff(formula, x0), sympy.diff(formula, x1)]
        return sympy.lambdify([x0, x1], both, "math")(-1.0, 2.0)

    return read_and_differentiate


def _partials(turns: int) -> list[Row]:
    formula = parse(TEXT, NAMES)
    peers: dict[str, Work | None] = {"autograd": None, "torch": None, "jax.jit": None}
    if autograd := library("autograd"):
        by_autograd = autograd.grad(lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2)
        point = np.array([-1.0, 2.0])
        peers["autograd"] = lambda: by_autograd(point)
    if torch := library("torch"):
        peers["torch"] = _by_torch(torch)
    if jax := library("jax"):
        peers["jax.jit"] = _by_jax(jax)
    targets = {"autograd": 500.0, "torch": 150.0, "jax.jit": 25.0}
    name = "both partials at one point, Rosenbrock"
    found = compare(name, lambda: formula.gradient(-1.0, 2.0), peers, dict(targets), turns=turns)
    return [*found, *_grid(turns)]


def _grid(turns: int) -> list[Row]:
    """Both partials at 100,000 points: the floor is NumPy by hand, whole and in blocks."""
    formula, (x, y) = parse(TEXT, NAMES), np.random.default_rng(3).uniform(-2, 2, (2, 100_000))
    whole, block = np.empty((2, x.size)), 16_384

    def in_blocks() -> Any:
        for start in range(0, x.size, block):
            part = slice(start, start + block)
            whole[:, part] = _slopes(x[part], y[part])
        return whole

    peers: dict[str, Work | None] = {
        "NumPy by hand": lambda: _slopes(x, y), "NumPy by hand, in blocks": in_blocks,
        "jax.jit of vmap": _jax_grid(np.array([x, y])),
    }  # fmt: skip
    targets = {"NumPy by hand": 1 / 1.1, "NumPy by hand, in blocks": 1 / 1.1}
    name = "both partials at 100,000 points, Rosenbrock"
    return compare(name, lambda: formula.gradient(x, y), peers, dict(targets), turns=turns)


def _slopes(x: Any, y: Any) -> tuple[Any, Any]:
    bend = y - x**2
    return -2 * (1 - x) - 400 * bend * x, 200 * bend


def _jax_grid(points: Any) -> Work | None:
    jax = library("jax")
    if jax is None:
        return None
    jax.config.update("jax_enable_x64", True)
    both = jax.grad(lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2)
    walk, held = jax.jit(jax.vmap(both, in_axes=1, out_axes=1)), jax.numpy.array(points)
    return lambda: walk(held).block_until_ready()


def _by_torch(torch: Any) -> Work:
    torch.set_num_threads(1)

    def both() -> Any:
        x = torch.tensor([-1.0, 2.0], dtype=torch.float64, requires_grad=True)
        ((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2).backward()
        return x.grad

    return both


def _by_jax(jax: Any) -> Work:
    both = jax.jit(jax.grad(lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2))
    point = jax.numpy.array([-1.0, 2.0])
    return lambda: both(point).block_until_ready()


def _exactness() -> list[Row]:
    """Errors of exact gradients at random points of the windows of all objectives.

    Norm-wise: of all the gradients of one objective together, so that a point where the gradient
    itself nearly vanishes (and its terms cancel) does not decide; such points have a row too.
    """
    random = np.random.default_rng(7)
    together, single = 0.0, 0.0
    for each in OBJECTIVES.values():
        low, high = np.array(each.domain).T
        points = low + (high - low) * random.random((100, len(low)))
        pairs = [_gap_and_size(each.source_formula, each.variables, x,
                               each.expression.gradient(*x.tolist())) for x in points]  # fmt: skip
        gaps, sizes = np.array(pairs).T
        together = max(together, float(np.linalg.norm(gaps) / np.linalg.norm(sizes)))
        single = max(single, float(np.max(gaps / sizes)))
    return [
        figure("exact gradient: norm-wise error, worst objective", together, 2e-15, at_least=False),
        figure("exact gradient: error of the worst single point", single, math.inf, at_least=False),
    ]


def _gap_and_size(text: str, variables: tuple[str, ...], x: Any, found: Any) -> tuple[float, float]:
    """Return how far a gradient is off, and how long the true one is."""
    names = {name: getattr(mpmath, name) for name in ("exp", "sin", "cos", "sqrt", "pi", "e")}
    source = compile(text, "<formula>", "eval")
    with mpmath.workdps(60):
        names["abs"] = abs

        def f(*point: Any) -> Any:
            return eval(source, {**names, **dict(zip(variables, point, strict=True))})

        n = len(variables)
        at = tuple(mpmath.mpf(v) for v in x)
        truth = [mpmath.diff(f, at, tuple(int(i == j) for j in range(n))) for i in range(n)]
        gap = mpmath.sqrt(sum((mpmath.mpf(a) - b) ** 2 for a, b in zip(found, truth, strict=True)))
        size = mpmath.sqrt(sum(b**2 for b in truth))
        return float(gap), float(size)
