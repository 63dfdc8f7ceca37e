"""Broken progress files: the tutor opens, keeps the old file, and reads all it can of it."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.entries import attempt, point
from tutor.store.opening import open_store
from tutor.store.progress_store import ProgressStore

DERIVATIVE = "gradients/derivative"
ANSWERS = 400
PAGE = 4096


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A whole file of many pages."""
    file = tmp_path_factory.mktemp("whole") / "progress.sqlite3"
    store = open_store(file).store
    for number in range(ANSWERS):
        store.record_attempt(attempt(number), point(number))
    store.close()
    assert file.stat().st_size > 10 * PAGE
    return file.read_bytes()


@pytest.fixture
def filled(file: Path, content: bytes) -> Path:
    """A file of many pages, closed."""
    file.parent.mkdir()
    file.write_bytes(content)
    return file


def damage(file: Path, change: Callable[[bytearray], object]) -> bytes:
    content = bytearray(file.read_bytes())
    change(content)
    file.write_bytes(content)
    return bytes(content)


def kept_copies(file: Path) -> list[Path]:
    return sorted(file.parent.glob("progress.broken-*.sqlite3"))


def root_page(file: Path, table: str) -> int:
    with sqlite3.connect(file) as connection:
        row = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,))
        found: int = row.fetchone()[0]
    connection.close()
    return found


def overwrite(content: bytearray, start: int, junk: bytes) -> None:
    content[start : start + len(junk)] = junk


def test_a_garbage_header_costs_nothing(filled: Path, opened: Callable[[], ProgressStore]) -> None:
    damage(filled, lambda content: overwrite(content, 0, b"\x99" * 100))
    store = opened()
    assert (ANSWERS, point(ANSWERS - 1)) == (
        len(store.attempts("ana")),
        store.resume_point("ana", DERIVATIVE),
    )


def test_the_broken_file_is_kept_byte_for_byte(filled: Path) -> None:
    broken = damage(filled, lambda content: overwrite(content, 0, b"\x99" * 100))
    open_store(filled).store.close()
    assert [broken] == [copy.read_bytes() for copy in kept_copies(filled)]


def test_the_notice_names_the_kept_file(filled: Path) -> None:
    damage(filled, lambda content: overwrite(content, 0, b"\x99" * 100))
    opening = open_store(filled)
    opening.store.close()
    assert str(kept_copies(filled)[0]) in str(opening.notice)


def test_what_is_written_after_mending_is_there_at_the_next_start(
    filled: Path, opened: Callable[[], ProgressStore]
) -> None:
    damage(filled, lambda content: overwrite(content, 0, b"\x99" * 100))
    mended = opened()
    mended.record_attempt(attempt(ANSWERS))
    mended.close()
    again = opened()
    assert (ANSWERS + 1, None) == (len(again.attempts("ana")), again.notice)


def test_a_second_broken_file_does_not_replace_the_first(filled: Path) -> None:
    for _ in range(2):
        damage(filled, lambda content: overwrite(content, 0, b"\x99" * 100))
        open_store(filled).store.close()
    assert 2 == len(kept_copies(filled))


def test_a_damaged_inner_page_hides_no_answer(
    filled: Path, opened: Callable[[], ProgressStore]
) -> None:
    start = (root_page(filled, "journal") - 1) * PAGE
    damage(filled, lambda content: overwrite(content, start, b"\x00" * PAGE))
    assert ANSWERS == len(opened().attempts("ana"))


def test_a_damaged_list_of_cells_hides_no_answer(
    filled: Path, opened: Callable[[], ProgressStore]
) -> None:
    """The first bytes of every page with rows are overwritten; the rows themselves are whole."""

    def spoil(content: bytearray) -> None:
        for start in range(PAGE, len(content), PAGE):
            if content[start] == 0x0D:
                overwrite(content, start, b"\xee" * 12)

    damage(filled, spoil)
    assert ANSWERS == len(opened().attempts("ana"))


@pytest.mark.parametrize(
    "name", [b"schema_version", b"journal", b"resume_points", b"misconception"]
)
def test_a_damaged_name_of_a_table_or_column_hides_no_answer(
    filled: Path, opened: Callable[[], ProgressStore], name: bytes
) -> None:
    """SQLite finds nothing wrong with such a file: it only has other tables."""
    whole = filled.read_bytes()
    filled.write_bytes(whole[:PAGE].replace(name, b"x" + name[1:]) + whole[PAGE:])
    store = opened()
    assert (ANSWERS, True, None) == (
        len(store.attempts("ana")),
        store.notice is not None,
        store.trouble,
    )


def test_a_file_format_that_sqlite_does_not_know_hides_no_answer(
    filled: Path, opened: Callable[[], ProgressStore]
) -> None:
    schema_format = 44
    damage(filled, lambda content: overwrite(content, schema_format, b"\x00\x00\x00\x44"))
    assert ANSWERS == len(opened().attempts("ana"))


def test_a_truncated_file_gives_the_answers_that_it_still_holds(
    filled: Path, opened: Callable[[], ProgressStore]
) -> None:
    half = filled.read_bytes()[: filled.stat().st_size // 2 + 100]
    filled.write_bytes(half)
    held = {found.decode() for found in re.findall(rb"answer \d+(?=2026)", half)}
    assert len(held) > 50
    assert held == {answer.answer for answer in opened().attempts("ana")}


def test_a_file_that_is_no_database_is_kept_and_the_course_starts_anew(
    file: Path, opened: Callable[[], ProgressStore]
) -> None:
    file.parent.mkdir()
    file.write_text("Dear diary, today I learned what a gradient is.\n" * 200)
    store = opened()
    assert ([], 1) == (store.attempts("ana"), len(kept_copies(file)))
    assert store.trouble is None


@pytest.mark.parametrize("size", [0, 1, 99, PAGE])
def test_a_file_of_zero_bytes_is_usable(
    file: Path, opened: Callable[[], ProgressStore], size: int
) -> None:
    file.parent.mkdir()
    file.write_bytes(bytes(size))
    store = opened()
    store.record_attempt(attempt(0))
    assert ([attempt(0)], None) == (store.attempts("ana"), store.trouble)


def test_answers_that_are_only_in_the_log_survive_the_loss_of_the_file(
    file: Path, opened: Callable[[], ProgressStore]
) -> None:
    store = opened()
    for number in range(20):
        store.record_attempt(attempt(number))
    log = file.with_name(file.name + "-wal").read_bytes()
    store.close()
    file.write_bytes(b"")
    file.with_name(file.name + "-wal").write_bytes(log)
    assert 20 == len(opened().attempts("ana"))


def test_a_long_state_is_read_over_all_its_pages(
    file: Path, opened: Callable[[], ProgressStore]
) -> None:
    long = point(state={"notes": "∇" * 9000})
    store = opened()
    store.save_resume(long)
    store.close()
    damage(file, lambda content: overwrite(content, 0, b"\x99" * 100))
    assert long == opened().resume_point("ana", DERIVATIVE)


def test_a_file_that_breaks_while_it_is_open_is_mended_at_the_next_write(
    filled: Path, opened: Callable[[], ProgressStore]
) -> None:
    store = opened()
    damage(filled, lambda content: overwrite(content, 0, b"\x99" * len(content)))
    before = store.attempts("ana")
    store.record_attempt(attempt(ANSWERS))
    assert store.trouble is None
    assert attempt(ANSWERS) in opened().attempts("ana")
    assert before == [] or len(before) == ANSWERS


@pytest.mark.parametrize("seed", range(40))
def test_no_flipped_bytes_keep_the_tutor_from_opening_and_writing(
    filled: Path, opened: Callable[[], ProgressStore], seed: int
) -> None:
    chance = random.Random(seed)

    def flip(content: bytearray) -> None:
        for _ in range(chance.choice([1, 20, 500])):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)

    damage(filled, flip)
    store = opened()
    store.record_attempt(attempt(ANSWERS), point(ANSWERS))
    assert store.lesson_progress("ana")
    assert store.resume_point("ana", DERIVATIVE)
    assert (attempt(ANSWERS), None) == (store.attempts("ana")[-1], store.trouble)
