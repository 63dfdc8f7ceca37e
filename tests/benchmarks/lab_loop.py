"""The longest turn of the lab's event loop, in a real terminal of 200×60, while heavy work is done.

A turn is what runs before the next key is heard; only the main thread's processor time counts.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.benchmarks.report import Row
from tests.terminal import Terminal
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.state_code import encode

_MOST_MS: Final = 60.0
_FORMULA: Final = " + ".join(f"sin({k}*x0 - cos(x1/{k}))**2" for k in range(1, 15))
_BOWL: Final = Setup(
    objective="elongated-bowl", start=(-7.0, 2.0), rule=Rule(learning_rate=0.1), steps=200
)
_LONG: Final = Setup(formula=_FORMULA, start=(1.0, 1.0), rule=Rule(learning_rate=0.01), steps=150)
_SCENES: Final = (
    ("a formula of 380 characters", Lab(setup=_LONG), "step 150 of 150"),
    ("its sweep", Lab(setup=_LONG, curve="sweep"), "f after 150 steps"),
    ("its basins", Lab(setup=_LONG, view="basins"), "where each start ends"),
    ("its heat map", Lab(setup=_LONG, view="heat-map"), "step 150 of 150"),
    ("1,000,000 steps",
     Lab(setup=Setup(objective="rosenbrock", start=(-1.2, 1.0), steps=1_000_000,
                     rule=Rule(learning_rate=1e-3))), "step 1000000 of 1000000"),
)  # fmt: skip


def run(quick: bool) -> list[Row]:
    """Return a row for each kind of heavy work."""
    with _watched() as (lab, turns):
        rows = []
        for name, state, words in _SCENES:
            _rest(lab, 0.5)
            before = len(turns.read_text().split())
            lab.paste(encode(state))
            lab.wait_for(words)
            _rest(lab, 1.0 if quick else 3.0)
            rows.append(_row(name, turns.read_text().split()[before:]))
        return rows


@contextmanager
def _watched() -> Iterator[tuple[Terminal, Path]]:
    with tempfile.TemporaryDirectory() as home:
        turns = Path(home, "turns")
        code = encode(Lab(setup=_BOWL))
        command = (sys.executable, "-m", "tests.benchmarks.watched_app", str(turns), "lab", code)
        with Terminal(command, home=Path(home), columns=200, rows=60) as terminal:
            terminal.wait_for("step 200 of 200")
            terminal.wait_for("checked by differences")
            yield terminal, turns


def _rest(terminal: Terminal, seconds: float) -> None:
    """Wait as a terminal does: what is written meanwhile is read."""
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        next(iter(terminal._output(left)), None)


def _row(name: str, turns: list[str]) -> Row:
    longest = max(map(float, turns), default=0.0)
    return Row(
        name=f"lab: longest turn of the loop, {name}", ours=f"{longest:.3g} ms", peer="", theirs="",
        ratio="", target=f"≤ {_MOST_MS:g} ms", reached=longest <= _MOST_MS, ours_ms=longest,
    )  # fmt: skip
