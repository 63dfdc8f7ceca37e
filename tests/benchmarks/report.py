"""One row for each comparison, and the table and the JSON that they make together."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MARKS: Final = {True: "reached", False: "MISSED", None: ""}


@dataclass(frozen=True, slots=True)
class Row:
    """Our time against a peer's, both medians of one run in which they took turns."""

    name: str
    ours_ms: float
    peer: str
    peer_ms: float
    target: float | None = None
    """The ratio to stay at or below; None: for information."""

    @property
    def ratio(self) -> float:
        """Our time in units of the peer's: below 1 we are faster."""
        return self.ours_ms / self.peer_ms

    @property
    def reached(self) -> bool | None:
        """Whether the ratio is within its target; None where there is none."""
        return None if self.target is None else self.ratio <= self.target


def row_of(
    name: str,
    ours: Sequence[float],
    peer: str,
    theirs: Sequence[float],
    target: float | None = None,
) -> Row:
    """Return the row for two lists of seconds, taken in turns."""
    return Row(name, statistics.median(ours) * 1e3, peer, statistics.median(theirs) * 1e3, target)


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a table for people."""
    head = ("what", "ours ms", "peer", "peer ms", "ratio", "target", "")
    cells = [head, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(_line(row, widths) for row in cells)


def _cells(row: Row) -> tuple[str, ...]:
    target = "" if row.target is None else f"<= {row.target:g}"
    times = f"{row.ours_ms:.4g}", row.peer, f"{row.peer_ms:.4g}"
    return row.name, *times, f"{row.ratio:.3g}", target, _MARKS[row.reached]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    words = {0, 2, 6}
    cells = [
        cell.ljust(width) if place in words else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def write_json(rows: Iterable[Row], file: Path) -> None:
    """Write the rows and where they were measured to `file`."""
    content = {
        "machine": {
            "python": platform.python_version(),
            "platform": platform.platform(),
            "cores": os.cpu_count(),
        },
        "rows": [
            {
                "name": row.name,
                "ours_ms": round(row.ours_ms, 6),
                "peer": row.peer,
                "peer_ms": round(row.peer_ms, 6),
                "ratio": round(row.ratio, 4),
                "target": row.target,
                "reached": row.reached,
            }
            for row in rows
        ],
    }
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
