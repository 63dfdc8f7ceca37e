"""Redraw of a contour with a path of 200 steps, against two peers: a table and JSON.

`python -m tests.benchmarks.charts [--json FILE] [--rounds N]`

The rows, taken in turn so that a busy moment of the machine meets them all:
kept       our renderer, the backdrop kept from the drawing before
fresh      our renderer, nothing kept: the first drawing, or one after a resize
naive      every layer (contour, field, path, frame) given to plotext anew, its ANSI text built
repaint    Textual repaints a static widget of the same size in a 120x36 terminal
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.benchmarks.charts.peers import Repainter, naive_redraw
from tests.benchmarks.charts.scene import HEIGHT, WIDTH, descent_charts
from tutor.charts.palette import DARK
from tutor.charts.plotext_renderer import ChartRenderer

Measured = dict[str, list[float]]


async def measure(rounds: int) -> Measured:
    """Seconds of each kind of redraw, one of each a round."""
    charts = descent_charts(rounds)
    renderer = ChartRenderer()
    renderer.render(charts[0], WIDTH, HEIGHT, DARK)
    seconds: Measured = {"kept": [], "fresh": [], "naive": [], "repaint": []}
    async with Repainter() as repainter:
        for chart in charts:
            jobs: dict[str, Callable[[], object]] = {
                "kept": lambda chart=chart: renderer.render(chart, WIDTH, HEIGHT, DARK),
                "fresh": lambda chart=chart: ChartRenderer().render(chart, WIDTH, HEIGHT, DARK),
                "naive": lambda chart=chart: naive_redraw(chart, WIDTH, HEIGHT),
            }
            for name, job in jobs.items():
                seconds[name].append(_time(job))
            seconds["repaint"].append(await _time_async(repainter.repaint))
    return seconds


def _time(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


async def _time_async(job: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await job()
    return time.perf_counter() - start


def report(seconds: Measured) -> dict[str, dict[str, float]]:
    """Median and 90th percentile in milliseconds, and the ratio of medians to `kept`."""
    base = statistics.median(seconds["kept"])
    return {
        name: {
            "median_ms": round(statistics.median(times) * 1e3, 3),
            "p90_ms": round(statistics.quantiles(times, n=10)[-1] * 1e3, 3),
            "times_kept": round(statistics.median(times) / base, 2),
        }
        for name, times in seconds.items()
    }


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description="How fast charts are redrawn.")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    results = report(asyncio.run(measure(options.rounds)))
    print(f"contour with a path of 200 steps, {WIDTH}x{HEIGHT} cells, {options.rounds} rounds")
    print(f"{'':10}{'median ms':>12}{'p90 ms':>10}{'x kept':>9}")
    for name, row in results.items():
        print(f"{name:10}{row['median_ms']:12.2f}{row['p90_ms']:10.2f}{row['times_kept']:9.2f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
