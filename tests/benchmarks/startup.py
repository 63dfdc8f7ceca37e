"""From the start of the process to the first painted screen, in a real terminal."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks.report import Row, row_of
from tests.terminal import Terminal
from tutor.lesson.catalog import load_catalog
from tutor.lesson.folders import find_lesson_folders

COLUMNS, ROWS = 120, 36
TARGET: Final = 1.8

_BARE: Final = ("-m", "tests.benchmarks.bare_app")
_BARE_SIGN: Final = "palette"
"""The word in the footer: it is painted with the whole first screen."""


def run(quick: bool) -> list[Row]:
    """Return our start against a bare app's: to the lessons, and to the learner's own place."""
    catalog = load_catalog(find_lesson_folders())
    title = catalog.lessons[0].title
    return [
        _compare("start to first painted map", title, TARGET, quick),
        _compare("start to map with progress", f"Start: {title}", None, quick),
    ]


def _compare(name: str, sign: str, target: float | None, quick: bool) -> Row:
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as home:
        for round_ in range(6 if quick else 21):
            times = (
                _time_to(("-m", "tutor"), sign, Path(home)),
                _time_to(_BARE, _BARE_SIGN, Path(home)),
            )
            if round_:  # the first warms the disk's cache and makes the progress file
                ours.append(times[0])
                bare.append(times[1])
    return row_of(name, ours, "bare Textual app", bare, target)


def _time_to(arguments: Sequence[str], sign: str, home: Path) -> float:
    start = time.perf_counter()
    command = [sys.executable, *arguments]
    with Terminal(command, home=home, columns=COLUMNS, rows=ROWS) as terminal:
        terminal.wait_for_output(sign)
        return time.perf_counter() - start
