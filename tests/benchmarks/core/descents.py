"""Descent: one long path, and many starts at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks.core import textbook
from tests.benchmarks.core.harness import Row, Work, compare
from tests.benchmarks.core.peers import library
from tutor.core import descend_many, gradient_descent, objective

Function = Callable[[Any], Any]

STEPS = 10_000
RATE = 1e-3


def rosenbrock(x: Any) -> Any:
    """As one writes it by hand."""
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def rosenbrock_slopes(x: Any) -> Any:
    """Its gradient, by hand; takes one point or many."""
    bend = x[1] - x[0] ** 2
    return np.array([-2 * (1 - x[0]) - 400 * x[0] * bend, 200 * bend])


def bowl(x: Any) -> Any:
    """The course's own."""
    return x[0] ** 2 / 20 + x[1] ** 2


def bowl_slopes(x: Any) -> Any:
    """Its gradient, by hand."""
    return np.array([x[0] / 10, 2 * x[1]])


def rows(turns: int) -> list[Row]:
    """Measure all of them."""
    return [
        *_one_path("elongated-bowl", bowl, bowl_slopes, turns),
        *_one_path("rosenbrock", rosenbrock, rosenbrock_slopes, turns),
        *_numerical_path(turns),
        *_many(turns),
    ]


def _one_path(name: str, by_hand: Function, slopes: Function, turns: int) -> list[Row]:
    f, start = objective(name), np.array([-1.0, 1.5])
    torch = library("torch")
    return compare(
        f"10,000 descent steps with values, exact gradient, {name}",
        lambda: gradient_descent(f, start, learning_rate=RATE, steps=STEPS, gradient=f.gradient),
        {
            "textbook, with values": lambda: textbook.gradient_descent(
                start, RATE, STEPS, slopes, by_hand
            ),
            "textbook, path alone": lambda: textbook.gradient_descent(start, RATE, STEPS, slopes),
            "torch": _torch_path(torch, by_hand, start) if torch else None,
        },
        {"textbook, with values": 8.0, "torch": 100.0},
        turns=min(turns, 5),
    )


def _torch_path(torch: Any, f: Function, start: Any) -> Work:
    torch.set_num_threads(1)

    def run() -> Any:
        x = torch.tensor(start, requires_grad=True)
        sgd = torch.optim.SGD([x], lr=RATE)
        points, values = [], []
        for _ in range(STEPS):
            sgd.zero_grad()
            value = f(x)
            value.backward()
            points.append(x.detach().clone())
            values.append(value.item())
            sgd.step()
        return torch.stack(points), values

    return run


def _numerical_path(turns: int) -> list[Row]:
    start = np.array([-1.0, 1.5])

    def by_hand(f: Any) -> Work:
        return lambda: textbook.gradient_descent(
            start, RATE, STEPS, lambda x: textbook.numerical_gradient(rosenbrock, x), f
        )

    return compare(
        "10,000 descent steps with values, numerical gradient, Rosenbrock",
        lambda: gradient_descent(rosenbrock, start, learning_rate=RATE, steps=STEPS),
        {"textbook, with values": by_hand(rosenbrock), "textbook, path alone": by_hand(None)},
        {"textbook, with values": 1.0, "textbook, path alone": 1.0},
        turns=min(turns, 5),
    )


def _many(turns: int) -> list[Row]:
    f, random = objective("rosenbrock"), np.random.default_rng(1)
    starts = random.uniform(-1, 1, (2, 1000))
    torch = library("torch")

    def ten_by_hand() -> None:
        for start in starts.T[:10]:
            textbook.gradient_descent(start, RATE, 1000, rosenbrock_slopes)

    name = "1,000 starts × 1,000 steps, Rosenbrock"
    jax = library("jax")

    def ours() -> Any:
        return descend_many(f, starts, learning_rate=RATE, steps=1000)

    return [
        *compare(name, ours, {"textbook (10 starts, times 100)": ten_by_hand},
                 {"textbook (10 starts, times 100)": 250.0}, turns=min(turns, 5),
                 theirs_scale=100.0),
        *compare(name, ours, {"torch": _torch_many(torch, starts) if torch else None},
                 {"torch": 5.0}, turns=min(turns, 5)),
        *compare(name, ours, {"NumPy by hand, with out=": lambda: in_place(starts),
                              "jax, vmap in lax.scan": _jax_many(jax, starts) if jax else None},
                 {"NumPy by hand, with out=": 1 / 1.1}, turns=turns),
    ]  # fmt: skip


def in_place(starts: Any) -> Any:
    """The floor: the same operations in NumPy by hand, each into an array that is there."""
    x, y = starts.copy()
    bend, by_x, by_y = np.empty((3, x.size))
    for _ in range(1000):
        np.square(x, out=bend)
        np.subtract(y, bend, out=bend)
        np.subtract(1.0, x, out=by_y)
        np.multiply(-2.0, by_y, out=by_y)
        np.multiply(400.0, x, out=by_x)
        np.multiply(by_x, bend, out=by_x)
        np.subtract(by_y, by_x, out=by_x)
        np.multiply(200.0, bend, out=by_y)
        np.multiply(RATE, by_x, out=by_x)
        np.multiply(RATE, by_y, out=by_y)
        np.subtract(x, by_x, out=x)
        np.subtract(y, by_y, out=y)
    return np.array([x, y])


def _jax_many(jax: Any, starts: Any) -> Work:
    jax.config.update("jax_enable_x64", True)
    slope = jax.vmap(jax.grad(rosenbrock), in_axes=1, out_axes=1)

    @jax.jit
    def walk(x: Any) -> Any:
        return jax.lax.scan(lambda x, _: (x - RATE * slope(x), None), x, None, length=1000)[0]

    points = jax.numpy.array(starts)
    return lambda: walk(points).block_until_ready()


def _torch_many(torch: Any, starts: Any) -> Work:
    torch.set_num_threads(1)

    def run() -> Any:
        x = torch.tensor(starts, requires_grad=True)
        sgd = torch.optim.SGD([x], lr=RATE)
        for _ in range(1000):
            sgd.zero_grad()
            rosenbrock(x).sum().backward()
            sgd.step()
        return x.detach()

    return run
