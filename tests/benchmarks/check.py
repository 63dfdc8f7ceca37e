"""`python -m tutor check` on the whole course, against only reading its files with PyYAML."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import Final

from tests.benchmarks.report import Row
from tutor.lesson.folders import find_lesson_folders

TARGET: Final = 3.0
"""Seconds, of which an author waits each one."""

_READ: Final = """
import pathlib, sys, yaml
for file in pathlib.Path(sys.argv[1]).rglob("*.yaml"):
    yaml.safe_load(file.read_text("utf-8"))
"""


def run(quick: bool) -> list[Row]:
    """Return how long an author waits for the answer, from the start of the process."""
    (folder,) = find_lesson_folders()
    ours, theirs = [], []
    for _ in range(2 if quick else 7):
        ours.append(_seconds("-m", "tutor", "check"))
        theirs.append(_seconds("-c", _READ, str(folder)))
    mine, other = statistics.median(ours), statistics.median(theirs)
    return [
        Row(
            name="check of the whole course",
            ours=f"{mine:.2f} s",
            peer="PyYAML, reading alone",
            theirs=f"{other:.2f} s",
            ratio=f"{mine / other:.3g}× as long",
            target=f"≤ {TARGET:g} s",
            reached=mine <= TARGET,
            ours_ms=mine * 1e3,
            peer_ms=other * 1e3,
        )
    ]


def _seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start
