"""Reading rows without SQLite gives what SQLite gives."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, strategies as st

from tests.store.entries import attempt, point
from tutor.store.progress_store import ProgressStore
from tutor.store.sqlite_pages import read_rows

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def rows_by_sqlite(file: Path, table: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(file)
    try:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
    finally:
        connection.close()


def test_a_whole_file_is_read_as_sqlite_reads_it(
    file: Path, opened: Callable[[], ProgressStore]
) -> None:
    store = opened()
    for number in range(300):
        right = [None, False, True][number % 3]
        store.record_attempt(attempt(number, correct=right, answer="é" * (number * 37 % 6000)))
        store.save_resume(point(number, lesson=f"course/lesson-{number % 7}"))
    store.reset("ana", None, attempt(300).at)
    store.close()
    rows = read_rows(file)
    assert rows_by_sqlite(file, "journal") == [rows.journal[k] for k in sorted(rows.journal)]
    assert sorted(rows_by_sqlite(file, "resume_points")) == sorted(rows.points.values())


def test_rows_that_are_still_in_the_log_are_read(file: Path, store: ProgressStore) -> None:
    for number in range(30):
        store.record_attempt(attempt(number), point(number))
    rows = read_rows(file)
    assert (30, "2026-11-23T12:00:29.000000+00:00") == (
        len(rows.journal),
        rows.points["ana", "gradients/derivative"][7],
    )


def test_a_file_that_does_not_exist_has_no_rows(file: Path) -> None:
    assert ({}, {}) == (read_rows(file).journal, read_rows(file).points)


@given(content=st.binary(max_size=9000))
def test_no_bytes_at_all_raise(content: bytes, tmp_path_factory) -> None:
    file = tmp_path_factory.mktemp("bytes") / "progress.sqlite3"
    file.write_bytes(content)
    assert {} == read_rows(file).journal
