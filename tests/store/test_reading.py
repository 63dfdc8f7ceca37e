"""Reading and bringing in take work in proportion to what is there, in files of any age.

Counted, never timed: SQLite's own instructions, Python's calls, statements. And the plans.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from operator import attrgetter
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import booleans, builds, lists, one_of, sampled_from
from sqlalchemy import Engine, event

from tests.examples import examples
from tests.store.entries import NOON, attempt, point
from tests.store.schemas import schema_of
from tests.written_by.comparing import FIRST
from tests.written_by.learners import FILE, index_order
from tutor.store import sqlite_file
from tutor.store.database import Database, make_ours
from tutor.store.exchange import Records, entries_of, read_entries, write_entries
from tutor.store.model import Entry, Reset
from tutor.store.opening import Opening, open_in_memory, open_store
from tutor.store.outbox import Outbox, entry_as_json, read_outbox, waiting_files
from tutor.store.places import read_places
from tutor.store.progress_store import ProgressStore
from tutor.store.schema import KNOWN_VERSION
from tutor.store.sqlite_file import ProgressFile, _engine
from tutor.store.workshop_database import WorkshopDatabase

FEW, MOST = 200, 12
"""Attempts to begin with; ten times as many may take so many times the work."""
LESSONS = 20
ORDERS = ("fresh-1", "fresh-2")
"""Files of the first release: one with each order of its indexes."""

EACH_ORDER = pytest.mark.parametrize("order", ORDERS)


@pytest.fixture
def old(file: Path, order: str) -> Path:
    """A file of the first release, where it may be written to."""
    file.parent.mkdir()
    copyfile(FIRST / "progress" / order / FILE, file)
    return file


@contextmanager
def as_it_is(file: Path) -> Iterator[Database]:
    """Open a file without bringing it up to date."""
    with closing(Database(_engine(str(file)))) as database:
        yield database


def course(attempts: int, *, resets: int = 4) -> list[Entry]:
    """Return so many answers in a few lessons, a reset after every `resets`-th of the last half."""
    entries: list[Entry] = []
    for number in range(attempts):
        lesson = f"lesson {number % LESSONS}"
        entries.append(attempt(number, lesson=lesson, misconception=f"D{number % 3}"))
        if number > attempts // 2 and number % resets == 0:
            entries.append(Reset(learner="ana", lesson=lesson, at=NOON + timedelta(seconds=number)))
    points = [point(number, lesson=f"lesson {number}") for number in range(0, LESSONS, 2)]
    return [*entries, *points]


def read_all(rows: Database) -> None:
    """Ask all that a tutor asks about a learner."""
    rows.lesson_progress("ana")
    rows.attempts("ana")
    rows.resets("ana")
    for number in range(LESSONS):
        rows.attempts("ana", f"lesson {number}")
        rows.resume_points("ana", f"lesson {number}")


def instructions(database: Database, do: Callable[[], object]) -> int:
    """Return the hundreds of SQLite's instructions that something takes."""
    hundreds = 0

    def count() -> int:
        nonlocal hundreds
        hundreds += 1
        return 0

    with closing(database.engine.raw_connection()) as connection:
        driver: Any = connection.driver_connection
        driver.set_progress_handler(count, 100)
        do()
        driver.set_progress_handler(None, 0)
    return hundreds


def work_to_read(database: Database, attempts: int, *, resets: int) -> int:
    database.replace("ana", Records())
    database.write(course(attempts, resets=resets))
    return instructions(database, lambda: read_all(database))


def is_in_proportion(work: Callable[[int], int]) -> bool:
    few, many = work(FEW), work(10 * FEW)
    assert few  # else nothing was counted
    return many <= MOST * few


@EACH_ORDER
@pytest.mark.parametrize("resets", [4, 10**6])
@pytest.mark.parametrize("migrated", [False, True])
def test_ten_times_the_attempts_take_ten_times_the_work_to_read(
    old: Path, resets: int, migrated: bool
):
    """Also in a file whose migration has to wait."""
    if migrated:
        open_store(old).store.close()
    with as_it_is(old) as database:
        assert is_in_proportion(lambda n: work_to_read(database, n, resets=resets))


# --- indexes


@EACH_ORDER
def test_an_old_file_gets_the_indexes_of_a_new_one(old: Path, tmp_path: Path):
    new = tmp_path / "new" / FILE
    for each in (old, new):
        open_store(each).store.close()
    found = []
    for each in (old, new):
        with as_it_is(each) as database, database.engine.connect() as connection:
            found.append(schema_of(connection))
    assert found[0] == found[1]
    assert index_order(old) == index_order(new)


@EACH_ORDER
def test_a_look_leaves_an_old_file_as_it_is(old: Path):
    before = old.read_bytes()
    assert 1 == ProgressFile(old).look() != KNOWN_VERSION
    assert before == old.read_bytes()


def version_of(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT version FROM schema_version").fetchone()[0])


def opened(file: Path) -> tuple[Opening, int]:
    """Open the file; return the opening, and the version on the disk while it is open."""
    opening = open_store(file)
    return opening, version_of(file)


@EACH_ORDER
def test_an_old_file_that_another_tutor_writes_is_read_and_brought_up_to_date_the_next_time(
    old: Path,
):
    with as_it_is(old) as database:
        database.write([attempt(0)])
    with closing(sqlite3.connect(old, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        opening, version = opened(old)
        assert (None, 1, [attempt(0)]) == (
            opening.notice, version, opening.store.attempts("ana"),
        )  # fmt: skip
        other.execute("ROLLBACK")
    opening.store.record_attempt(attempt(1))
    opening.store.close()
    again, version = opened(old)
    assert (KNOWN_VERSION, [attempt(0), attempt(1)]) == (version, again.store.attempts("ana"))
    again.store.close()


@EACH_ORDER
def test_an_old_file_that_may_only_be_read_is_read(old: Path, monkeypatch: pytest.MonkeyPatch):
    """Root may write whatever a file's rights say, so SQLite itself is told to refuse."""
    with as_it_is(old) as database:
        database.write([attempt(0)])

    def make_ours_to_read(engine: Engine, *given: Any) -> None:
        make_ours(engine, *given)
        event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA query_only = ON"))

    monkeypatch.setattr(sqlite_file, "make_ours", make_ours_to_read)
    opening, version = opened(old)
    assert (None, 1, [attempt(0)]) == (opening.notice, version, opening.store.attempts("ana"))
    opening.store.close()


@EACH_ORDER
def test_an_old_file_without_one_of_its_tables_is_mended(old: Path):
    with as_it_is(old) as database:
        database.write([attempt(0)])
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("DROP TABLE resume_points")
        connection.commit()
    opening, version = opened(old)
    assert "damaged" in str(opening.notice)
    assert (KNOWN_VERSION, [attempt(0)]) == (version, opening.store.attempts("ana"))
    opening.store.close()


# --- plans


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Note each statement with its values."""
    said: list[tuple[str, Any]] = []

    def note(*arguments: Any) -> None:
        if not arguments[2].startswith("BEGIN"):
            said.append((arguments[2], arguments[3]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def explained(engine: Engine, explain: str, said: Iterable[tuple[str, Any]]) -> list[list[str]]:
    """Return the plan of each statement, line by line."""
    with engine.connect() as connection:
        return [
            [str(row[-1]).strip() for row in connection.exec_driver_sql(explain + query, values)]
            for query, values in said
        ]


def plans_of_reading(database: Database, explain: str) -> list[list[str]]:
    with statements(database.engine) as said:
        read_all(database)
    return explained(database.engine, explain, said)


@pytest.fixture(params=[*ORDERS, "new"])
def of_today(request: pytest.FixtureRequest, file: Path) -> Iterator[Database]:
    """A file after its migrations, with a course in it."""
    if request.param != "new":
        file.parent.mkdir()
        copyfile(FIRST / "progress" / request.param / FILE, file)
    with closing(open_store(file).store) as store:
        store.open_disk().write(course(FEW))
        yield store.open_disk()


def test_no_question_looks_at_the_rows_of_other_learners(of_today: Database):
    for plan in plans_of_reading(of_today, "EXPLAIN QUERY PLAN "):
        searched = [line for line in plan if line.startswith(("SCAN", "SEARCH"))]
        on_tables = [line for line in searched if "last_resets" not in line]
        assert on_tables
        assert all("learner=?" in line or "rowid=?" in line for line in on_tables), plan


def test_each_question_finds_the_resets_once_by_their_own_index(of_today: Database):
    for plan in plans_of_reading(of_today, "EXPLAIN QUERY PLAN "):
        of_resets = [line for line in plan if " resets (" in line]
        assert 1 == len(of_resets), plan
        assert "(learner=? AND kind=?" in of_resets[0]
        assert not [line for line in plan if "CORRELATED" in line]


def test_the_rows_of_all_lessons_are_compared_with_resets_found_by_lesson(of_today: Database):
    with statements(of_today.engine) as said:
        of_today.attempts("ana")
    (plan,) = explained(of_today.engine, "EXPLAIN QUERY PLAN ", said)
    assert [line for line in plan if "SEARCH last_resets" in line and "lesson=?" in line], plan


def test_lessons_without_a_place_are_asked_for_by_one_question(of_today: Database):
    """Their number does not count: half of the course's lessons have no place."""
    with statements(of_today.engine) as said:
        progress = of_today.lesson_progress("ana")
    assert (LESSONS, 3) == (len(progress), len(said))


def test_a_workshops_database_finds_the_resets_once_by_their_own_index(url: str):
    """And compares each row with what was found, not with what it looks for each time."""
    explain, by_index = "EXPLAIN QUERY PLAN ", "resets (learner=? AND kind=?"
    database = WorkshopDatabase(url)
    with closing(database):
        database.prepare()
        rows = database.rows.progress
        rows.write(course(10 * FEW, resets=100))
        rows.write([attempt(each, learner=f"ben {each % 9}") for each in range(10 * FEW)])
        if url.startswith("postgresql"):
            explain, by_index = "EXPLAIN ", "Index Cond: ((learner = 'ana'::text) AND (kind = "
            with database.rows.engine.begin() as connection:
                connection.exec_driver_sql("ANALYZE")
        for plan in plans_of_reading(rows, explain):
            assert 1 == sum(by_index in line for line in plan), plan
            assert not [line for line in plan if "SubPlan" in line or "CORRELATED" in line], plan


# --- bringing in


def exported(attempts: int) -> str:
    records = Records.of(course(attempts))
    return write_entries(entries_of(records.attempts, records.points, records.resets))


def calls(do: Callable[[], object]) -> int:
    """Return how many functions something calls, Python's and the interpreter's own."""
    count = 0

    def note(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        do()
    finally:
        sys.setprofile(None)
    return count


def bring_in(store: ProgressStore, text: str) -> None:
    store.bring_in("ana", Records.of(read_entries(text, "ana", "file")))


def test_ten_times_the_attempts_take_ten_times_the_calls_to_bring_in():
    """Each of them anew, and once more over what is there; a quarter as many resets with them."""

    def work(attempts: int) -> int:
        text = exported(attempts)
        with closing(open_in_memory()) as store:
            return calls(lambda: bring_in(store, text)) + calls(lambda: bring_in(store, text))

    bring_in(open_in_memory(), exported(1))  # the first calls of all import and compile
    assert is_in_proportion(work)


@EACH_ORDER
def test_ten_times_the_attempts_take_ten_times_the_instructions_to_bring_in(
    old: Path, tmp_path: Path
):
    def work(attempts: int) -> int:
        file = tmp_path / f"{attempts}.sqlite3"
        copyfile(old, file)
        text = exported(attempts)
        with closing(open_store(file).store) as store:
            return instructions(store.open_disk(), lambda: bring_in(store, text))

    assert is_in_proportion(work)


def test_what_is_brought_in_is_written_by_as_many_statements_however_much_it_is(
    store: ProgressStore,
):
    def written(attempts: int) -> int:
        text = exported(attempts)
        with statements(store.open_disk().engine) as said:
            bring_in(store, text)
        return sum(not query.startswith(("SELECT", "WITH")) for query, _ in said)

    few = written(FEW)
    assert 0 < written(10 * FEW) <= few


# --- what waits


def test_each_answer_that_waits_is_written_once_however_many_wait(
    file: Path, monkeypatch: pytest.MonkeyPatch
):
    written: list[Entry] = []

    def as_json(entry: Entry) -> dict[str, object]:
        written.append(entry)
        return entry_as_json(entry)

    file.parent.mkdir()
    monkeypatch.setattr("tutor.store.outbox.entry_as_json", as_json)
    box, entries = Outbox(file), course(FEW)
    for count in range(1, len(entries) + 1):
        assert count == box.keep(entries[:count])
    assert entries == written == read_outbox(*waiting_files(file))


# --- a class


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="Linux counts what is read")
def test_the_answers_of_a_class_are_read_from_the_file_once_and_not_for_each_learner(
    tmp_path: Path,
):
    file = tmp_path / "workshop.sqlite3"
    learners = [f"ben {number}" for number in range(9)]
    with closing(WorkshopDatabase(f"sqlite:///{file}")) as database:
        database.prepare()
        rows = database.rows.progress
        rows.write([attempt(each, learner=learners[each % 9]) for each in range(100 * FEW)])
    with closing(WorkshopDatabase(f"sqlite:///{file}")) as database:
        before = bytes_read()
        found = [database.rows.progress.attempts(each) for each in learners]
        assert 100 * FEW == sum(map(len, found))
        assert 0 < bytes_read() - before < 2 * file.stat().st_size


def bytes_read() -> int:
    return int(Path("/proc/self/io").read_text().split()[1])


@examples(12)
@given(
    done=lists(
        one_of(
            builds(lambda *a: ("point", *a), sampled_from("abc"), sampled_from("xyz"), booleans()),
            builds(lambda name: ("reset", name), sampled_from(["a", "b", None])),
        ),
        max_size=12,
    )
)
def test_places_read_at_once_are_the_stores(tmp_path_factory: pytest.TempPathFactory, done):
    file = tmp_path_factory.mktemp("places") / FILE
    store = open_store(file).store
    for number, (kind, lesson, *rest) in enumerate(done):
        if kind == "reset":
            store.reset("ana", lesson, NOON + timedelta(seconds=number))
            continue
        resume = point(number, lesson=lesson, step=rest[0], done=rest[1], completed=number % 9)
        store.record_attempt(attempt(number, lesson=lesson, step=rest[0]), resume)
    expected = store.lesson_progress("ana")
    store.close()
    found = read_places(file, "ana")
    assert found is not None
    shown = ("lesson", "step", "completed", "total", "done", "at")
    assert {name: attrgetter(*shown)(each) for name, each in expected.items()} == {
        name: attrgetter(*shown)(each) for name, each in found.items()
    }
    assert [FILE] == [each.name for each in file.parent.glob("progress*")]
    assert {} == read_places(file, "ben")


def test_places_are_left_to_the_store_where_it_has_more_to_tell(file: Path):
    assert {} == read_places(file, "ana")
    store = open_store(file).store
    store.save_resume(point())
    assert read_places(file, "ana") is None  # it is open
    store.close()
    assert read_places(file, "ana") is not None
    beside = file.with_name(f"{file.stem}-waiting-1.jsonl")
    beside.touch()
    assert read_places(file, "ana") is None
    beside.unlink()
    raw = file.read_bytes()
    for damaged in (
        b"",
        b"no database",
        raw[: len(raw) // 2],
        raw.replace(b"resume_points", b"x" * 13),
    ):
        file.write_bytes(damaged)
        assert not read_places(file, "ana")
    file.unlink()
    file.mkdir()
    assert read_places(file, "ana") is None
