"""Typed formulas: to read one, to differentiate it, and how exact that is."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from tests.benchmarks.core.harness import Row, Work, compare, figure, human, repeats_for, seconds
from tests.benchmarks.core.peers import library
from tutor.core import OBJECTIVES, parse

TEXT = "(1 - x0)**2 + 100*(x1 - x0**2)**2"
NAMES = ["x0", "x1"]


def rows(turns: int) -> list[Row]:
    """Measure all of them."""
    return [*_reading(turns), *_partials(turns), _exactness()]


def _read_and_differentiate() -> Any:
    return parse(TEXT, NAMES).gradient(-1.0, 2.0)


def _reading(turns: int) -> list[Row]:
    sympy = library("sympy")

    def by_sympy() -> Any:
        assert sympy is not None
        x0, x1 = sympy.symbols("x0 x1")
        formula = sympy.sympify(TEXT)
        both = [sympy.diff(formula, x0), sympy.diff(formula, x1)]
        return sympy.lambdify([x0, x1], both, "math")(-1.0, 2.0)

    repeats = repeats_for(_read_and_differentiate)
    times = [seconds(_read_and_differentiate, repeats) for _ in range(turns)]
    micro = float(np.median(times)) * 1e6
    name = "typed formula: parse, compile, exact gradient"
    return [
        figure(name, micro, 250, unit=" µs", at_least=False),
        *compare(name, _read_and_differentiate, {"sympy": by_sympy if sympy else None},
                 {"sympy": 50.0}, turns=min(turns, 5)),
    ]  # fmt: skip


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
    return compare(name, lambda: formula.gradient(-1.0, 2.0), peers, dict(targets), turns=turns)


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


def _exactness() -> Row:
    """The largest error of exact gradients, relative to their length, at random points."""
    worst = 0.0
    random = np.random.default_rng(7)
    for each in OBJECTIVES.values():
        low, high = np.array(each.domain).T
        for _ in range(100):
            x = low + (high - low) * random.random(len(low))
            found = each.expression.gradient(*x.tolist())
            worst = max(worst, _relative_error(each.source_formula, each.variables, x, found))
    return figure("exact gradient, norm-wise error, all objectives", worst, 2e-15, at_least=False)


def _relative_error(text: str, variables: tuple[str, ...], x: Any, found: Any) -> float:
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
        return float(gap / size) if size else 0.0


__all__ = ["human", "rows"]
