"""Timing two ways to do one thing, turn by turn, so that a busy machine slows both."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

Work = Callable[[], Any]

TURN = 0.02
"""Seconds that one turn should take at least: then the clock's own resolution is nothing."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    operation: str
    ours: str
    peer: str
    theirs: str
    ratio: str
    target: str
    reached: bool | None
    """None: there is nothing to reach, or the peer is not installed."""


def seconds(work: Work, repeats: int) -> float:
    """Return how long one call takes, over so many of them."""
    start = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - start) / repeats


def repeats_for(work: Work) -> int:
    """Return how many calls fill a turn."""
    work()
    once = seconds(work, 1)
    return max(1, round(TURN / max(once, 1e-9)))


def compare(
    operation: str,
    ours: Work,
    peers: dict[str, Work | None],
    targets: dict[str, float | None],
    *,
    turns: int,
    theirs_scale: float = 1.0,
) -> list[Row]:
    """Time our work and each peer's in turns; return a row a peer.

    Times are medians. The ratio is the median of the ratios of the turns: what slows the machine
    for a while slows both sides of a turn. A peer that is None is not installed. `theirs_scale`:
    the peer does a part of the work alone.
    """
    present = {name: work for name, work in peers.items() if work is not None}
    works = {"": ours, **present}
    repeats = {name: repeats_for(work) for name, work in works.items()}
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(turns):
        for name, work in works.items():
            times[name].append(seconds(work, repeats[name]))
    mine = statistics.median(times[""])
    rows = []
    for name in peers:
        target = targets.get(name)
        wanted = "" if target is None else f"≥ {target:g}×"
        if name not in present:
            rows.append(Row(operation, human(mine), name, "not installed", "", wanted, None))
            continue
        other = statistics.median(times[name]) * theirs_scale
        ratios = [b * theirs_scale / a for a, b in zip(times[""], times[name], strict=True)]
        ratio = statistics.median(ratios)
        reached = None if target is None else ratio >= target
        shown = f"{ratio:.3g}×"
        rows.append(Row(operation, human(mine), name, human(other), shown, wanted, reached))
    return rows


def figure(operation: str, value: float, limit: float, *, unit: str = "", at_least: bool) -> Row:
    """Return the row of a number that is no ratio of two times; infinite limit: no target."""
    if math.isinf(limit):
        return Row(operation, f"{value:.3g}{unit}", "", "", "", "", None)
    reached = value >= limit if at_least else value <= limit
    sign = "≥" if at_least else "≤"
    return Row(operation, f"{value:.3g}{unit}", "", "", "", f"{sign} {limit:g}{unit}", reached)


def human(duration: float) -> str:
    """Return a duration in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if duration >= size:
            return f"{duration / size:.3g} {unit}"
    return f"{duration / 1e-9:.3g} ns"


def table(rows: list[Row]) -> str:
    """Return the rows as aligned text."""
    marks = {True: "reached", False: "NOT reached", None: "-"}
    head = ("operation", "ours", "peer", "theirs", "ratio", "target", "")
    lines = [head, *((*list(asdict(row).values())[:-1], marks[row.reached]) for row in rows)]
    widths = [max(len(str(line[i])) for line in lines) for i in range(len(head))]
    return "\n".join(
        "  ".join(str(cell).ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
