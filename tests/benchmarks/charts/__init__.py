"""How fast charts are redrawn."""

from __future__ import annotations

from tests.benchmarks.report import Row


def run(quick: bool) -> list[Row]:
    """Return the rows of the lab's charts, for the common table."""
    from tests.benchmarks.charts.lab import rows  # `python -m` of this package needs none of it

    return rows(quick)
