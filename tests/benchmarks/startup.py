"""From the start of the process to the first painted map with the learner's states: its CPU.

In a real terminal, against the least that a Textual program can be, in turns. CPU and not the
clock, so that the row holds on a busy machine.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.benchmarks.report import Row, row_of
from tests.terminal import Terminal
from tutor.lesson.catalog import load_catalog
from tutor.lesson.folders import find_lesson_folders
from tutor.store.model import LOCAL_LEARNER, ResumePoint
from tutor.store.opening import open_store

COLUMNS, ROWS = 120, 36
TARGET: Final = 1.4
MANY: Final = 500

_BARE: Final = ("-m", "tests.benchmarks.bare_app")
_OURS: Final = ("-m", "tutor")
_BARE_SIGN: Final = "palette"
"""The word in the footer: it is painted with the whole first screen."""


def run(quick: bool) -> list[Row]:
    """Return our start against a bare app's: with our lessons, and with hundreds beside them."""
    first = load_catalog(find_lesson_folders()).lessons[0]
    with tempfile.TemporaryDirectory() as folder:
        home, lessons = Path(folder, "home"), Path(folder, "lessons")
        _begin(home, first.id, first.steps[1].id, len(first.steps))
        _write_many(lessons / "many")
        sign = f"Continue: {first.title} · step 2"
        beside = {"NABLA_LESSONS": str(lessons)}
        rounds = 5 if quick else 20
        return [
            _compare("start to map with states", sign, home, {}, rounds, TARGET),
            _compare(f"the same with {MANY} more lessons", sign, home, beside, rounds, None),
        ]


def _begin(home: Path, lesson: str, step: str, total: int) -> None:
    store = open_store(home / "nabla" / "progress.sqlite3").store
    store.save_resume(
        ResumePoint(
            learner=LOCAL_LEARNER, lesson=lesson, step=step, completed=1, total=total, done=False,
            at=datetime.now(UTC),
        )
    )  # fmt: skip
    store.close()


def _write_many(course: Path) -> None:
    """Write lessons as long as the first of ours."""
    course.mkdir(parents=True)
    (folder,) = find_lesson_folders()
    text = next((folder / "gradients").glob("01-*.yaml")).read_text("utf-8")
    for number in range(MANY):
        file = course / f"{number:03}-lesson.yaml"
        file.write_text(text.replace("id: gradients/derivative", f"id: many/l{number}"), "utf-8")


def _compare(
    name: str, sign: str, home: Path, env: Mapping[str, str], rounds: int, target: float | None
) -> Row:
    ours, bare = [], []
    for round_ in range(rounds + 1):
        spent = _cpu_to(_OURS, sign, home, env), _cpu_to(_BARE, _BARE_SIGN, home, {})
        if round_:  # the first warms the disk's cache
            ours.append(spent[0])
            bare.append(spent[1])
    return row_of(f"{name} (CPU)", ours, "bare Textual app", bare, target)


def _cpu_to(arguments: Sequence[str], sign: str, home: Path, env: Mapping[str, str]) -> float:
    """Return the seconds of CPU that a program has taken when a word is on its screen."""
    command = [sys.executable, *arguments]
    with Terminal(command, home=home, columns=COLUMNS, rows=ROWS, env=env) as terminal:
        terminal.wait_for_output(sign)
        fields = Path(f"/proc/{terminal.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
