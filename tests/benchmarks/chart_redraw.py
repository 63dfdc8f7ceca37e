"""The chart renderer alone, as rows of the common table (`tests.benchmarks.charts` has more)."""

from __future__ import annotations

import asyncio

from tests.benchmarks.charts.__main__ import measure
from tests.benchmarks.charts.scene import HEIGHT, WIDTH
from tests.benchmarks.report import Row, row_of


def run(quick: bool) -> list[Row]:
    """Return the redraw of a contour with a path of 200 steps against its two peers."""
    seconds = asyncio.run(measure(15 if quick else 60))
    size = f"{WIDTH}x{HEIGHT}"
    plotext, repaint = "all of it by plotext", "repaint of a static widget"
    return [
        row_of(f"contour with path, {size}", seconds["kept"], plotext, seconds["naive"]),
        row_of(f"the same, nothing kept, {size}", seconds["fresh"], plotext, seconds["naive"]),
        row_of(f"contour with path, {size}", seconds["kept"], repaint, seconds["repaint"]),
    ]
