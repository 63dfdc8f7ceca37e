"""One row for each comparison, and the table and the JSON that they make together."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

_HEAD: Final = ("what", "ours", "peer", "peer's", "ratio", "target", "")
_MARKS: Final = {True: "reached", False: "MISSED", None: ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison, as people read it; the milliseconds beside it where it is one of times."""

    name: str
    ours: str
    peer: str
    theirs: str
    ratio: str
    target: str
    reached: bool | None
    """None: there is nothing to reach, or the peer is not installed."""
    ours_ms: float | None = None
    peer_ms: float | None = None


def row_of(
    name: str,
    ours: Sequence[float],
    peer: str,
    theirs: Sequence[float],
    target: float | None = None,
) -> Row:
    """Return the row for two lists of seconds, taken in turns: their medians compared.

    `target` is what our time divided by the peer's may be at most; None: for information.
    """
    mine, other = statistics.median(ours) * 1e3, statistics.median(theirs) * 1e3
    return Row(
        name=name,
        ours=f"{mine:.4g} ms",
        peer=peer,
        theirs=f"{other:.4g} ms",
        ratio=f"{mine / other:.3g}× as long",
        target="" if target is None else f"≤ {target:g}×",
        reached=None if target is None else mine / other <= target,
        ours_ms=mine,
        peer_ms=other,
    )


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a table for people."""
    cells = [_HEAD, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def _cells(row: Row) -> tuple[str, ...]:
    words = row.name, row.ours, row.peer, row.theirs, row.ratio, row.target
    return *words, _MARKS[row.reached]


def write_json(rows: Iterable[Row], file: Path) -> None:
    """Write the rows and where they were measured to `file`."""
    machine = {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": os.cpu_count(),
    }
    content = {"machine": machine, "rows": list(map(asdict, rows))}
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
