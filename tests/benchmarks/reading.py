"""Learners with 10,000 and with 100,000 answers: open, list, export, import, in CPU time.

In files of the first release, which made their indexes in one order or the other by chance, and
in new ones. Each row compares ten times the answers with the answers: in proportion is 10×. Few
and many are measured in turn, and few so often that both share the machine with all else it does.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from statistics import fmean
from typing import Final

from tests.benchmarks.report import Row, row_of
from tests.written_by.comparing import FIRST
from tests.written_by.learners import FILE
from tutor.store.exchange import Records, entries_of, read_entries, write_entries
from tutor.store.model import LOCAL_LEARNER, Attempt, Reset, ResumePoint
from tutor.store.opening import open_store
from tutor.store.progress_store import ProgressStore

FEW, MANY, TARGET = 10_000, 100_000, 12.0
_FILES: Final = {
    "0.1, one order": "fresh-1",
    "0.1, other order": "fresh-2",
    "new file": None,
}
_TURNS: Final = 6
_LESSONS: Final = 40
_BEGUN: Final = datetime(2026, 1, 1, tzinfo=UTC)


def run(quick: bool) -> list[Row]:
    """Return the rows; the peer is the same work with a tenth of the answers."""
    rounds = 1 if quick else 2
    return [row for name, release in _FILES.items() for row in _rows(name, release, rounds)]


def _rows(name: str, release: str | None, rounds: int) -> Iterator[Row]:
    few, many = [], []
    for _ in range(rounds):
        few.append(_mean([_measured(release, FEW) for _ in range(_TURNS)]))
        many.append(_measured(release, MANY))
    for what in few[0]:
        yield row_of(
            f"{what} {MANY:,} answers, {name}", [min(each[what] for each in many)],
            f"{FEW:,} answers", [min(each[what] for each in few)], TARGET,
        )  # fmt: skip


def _mean(found: list[dict[str, float]]) -> dict[str, float]:
    return {what: fmean(each[what] for each in found) for what in found[0]}


def _measured(release: str | None, answers: int) -> dict[str, float]:
    """Return the seconds of CPU time of each thing that is done with a file."""
    text = _exported(_course(answers))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        if release is not None:
            copyfile(FIRST / "progress" / release / FILE, file)
        found = {}
        with closing(open_store(file).store) as store:
            found["import"] = _seconds(lambda: _bring_in(store, text))
            found["import again"] = _seconds(lambda: _bring_in(store, text))
        began = time.process_time()
        with closing(open_store(file).store) as store:
            found["open"] = time.process_time() - began
            found["list"] = _seconds(lambda: store.lesson_progress(LOCAL_LEARNER))
            found["export"] = _seconds(lambda: _exported(store.records(LOCAL_LEARNER)))
        return found


def _seconds(do: Callable[[], object]) -> float:
    began = time.process_time()
    do()
    return time.process_time() - began


def _bring_in(store: ProgressStore, text: str) -> None:
    store.bring_in(LOCAL_LEARNER, Records.of(read_entries(text, LOCAL_LEARNER, FILE)))


def _exported(records: Records) -> str:
    return write_entries(entries_of(records.attempts, records.points, records.resets))


def _course(answers: int) -> Records:
    """Return so many answers in forty lessons, each with its place; one in fifty is a reset."""
    moments = [_BEGUN + timedelta(seconds=20 * number) for number in range(answers)]
    lessons = [f"gradients/lesson-{number % _LESSONS}" for number in range(answers)]
    return Records(
        tuple(
            Attempt(
                learner=LOCAL_LEARNER, lesson=lesson, step=f"step-{number % 13}", kind="number",
                answer=str(number), correct=number % 3 > 0,
                misconception=None if number % 3 else f"D{number % 5}", at=at,
            )
            for number, (lesson, at) in enumerate(zip(lessons, moments, strict=True))
        ),
        tuple(
            ResumePoint(
                learner=LOCAL_LEARNER, lesson=lesson, step="step-3", state={"h": 0.5}, completed=3,
                total=13, done=False, at=at,
            )
            for lesson, at in zip(lessons[-_LESSONS:], moments[-_LESSONS:], strict=True)
        ),
        tuple(
            Reset(learner=LOCAL_LEARNER, lesson=lesson, at=at - timedelta(days=3650))
            for lesson, at in zip(lessons[::50], moments[::50], strict=True)
        ),
    )  # fmt: skip
