"""Processes that are killed, and processes side by side: every answer is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import lost
from tests.store.entries import DERIVATIVE
from tests.store.writers import start_writer
from tutor.store.progress_store import ProgressStore


def test_a_writer_killed_right_after_a_write_loses_nothing(
    file: Path, opened: Callable[[], ProgressStore]
) -> None:
    with start_writer(file, 0, 25, "hang") as writer:
        assert writer.stdout is not None
        assert "written\n" == writer.stdout.readline()
        writer.kill()
    store = opened()
    assert list(range(25)) == [attempt.at.second for attempt in store.attempts("ana")]
    last = store.resume_point("ana", DERIVATIVE)
    assert last is not None
    assert (24, None) == (last.completed, store.notice)


def test_tutors_writing_at_the_same_time_all_get_through(
    file: Path, opened: Callable[[], ProgressStore]
) -> None:
    writers = [start_writer(file, first, 20, "close") for first in (0, 20, 40)]
    for writer in writers:
        writer.communicate()
    assert [0, 0, 0] == [writer.returncode for writer in writers]
    assert set(range(60)) == {(a.at.minute * 60 + a.at.second) for a in opened().attempts("ana")}


@pytest.mark.thorough
def test_nothing_that_stood_on_a_screen_is_lost_when_everything_is_killed() -> None:
    """Three rounds of the hundred of `python -m tests.benchmarks lost`."""
    assert [] == [f"{row.name}: {row.ours}" for row in lost.run(quick=True) if not row.reached]
