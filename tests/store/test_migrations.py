"""Older files are brought up to date; newer ones are left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.store.entries import attempt
from tests.store.schemas import schema_of
from tutor.store import schema, sqlite_file
from tutor.store.opening import open_store
from tutor.store.schema import KNOWN_VERSION, migrate_workshop
from tutor.store.workshop_database import engine_of, parse_url


def rename_version(file: Path, version: int) -> None:
    connection = sqlite3.connect(file)
    connection.execute("UPDATE schema_version SET version = ?", (version,))
    connection.commit()
    connection.close()


@pytest.fixture
def written(file: Path) -> Path:
    store = open_store(file).store
    store.record_attempt(attempt(0))
    store.close()
    return file


def add_a_note(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE notes (text TEXT)")


def fail(connection: Connection) -> None:
    """Fail at what is in the file; in an empty one, which every new learner has, all steps run."""
    connection.exec_driver_sql("CREATE TABLE half_done (text TEXT NOT NULL)")
    connection.exec_driver_sql("INSERT INTO half_done SELECT lesson || NULL FROM journal")


def use_migrations(monkeypatch: pytest.MonkeyPatch, *added: object) -> None:
    steps = (*schema.MIGRATIONS, *added)
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    monkeypatch.setattr(schema, "KNOWN_VERSION", len(steps))
    monkeypatch.setattr(sqlite_file, "KNOWN_VERSION", len(steps))


def tables(file: Path) -> set[str]:
    connection = sqlite3.connect(file)
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    connection.close()
    return names


def test_an_older_file_gets_the_migrations_it_lacks_and_keeps_its_answers(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_migrations(monkeypatch, add_a_note)
    opening = open_store(written)
    assert ([attempt(0)], None) == (opening.store.attempts("ana"), opening.notice)
    opening.store.close()
    assert "notes" in tables(written)


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_migrations(monkeypatch, fail)
    opening = open_store(written)
    opening.store.close()
    assert opening.notice is not None
    assert "half_done" not in tables(written)


def test_a_file_from_a_newer_program_is_left_untouched(written: Path) -> None:
    rename_version(written, 99)
    before = written.read_bytes()
    opening = open_store(written)
    opening.store.record_attempt(attempt(1))
    opening.store.close()
    assert before == written.read_bytes()


def test_a_file_from_a_newer_program_is_refused_with_the_mend(written: Path) -> None:
    rename_version(written, 99)
    opening = open_store(written)
    opening.store.close()
    words = f"newer Nabla (format 99, this one knows {KNOWN_VERSION}). Update Nabla"
    assert words in str(opening.notice)


def test_with_a_newer_file_the_tutor_goes_on_in_memory(written: Path) -> None:
    rename_version(written, 99)
    store = open_store(written).store
    store.record_attempt(attempt(1))
    assert [attempt(1)] == store.attempts("ana")
    store.close()


def schema_made_by(make: Callable[[Connection], None], url: str) -> dict[str, Any]:
    """Return the tables that something makes in an empty database, which is empty again then."""
    engine = engine_of(parse_url(url))
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            make(connection)
            made = schema_of(connection)
            transaction.rollback()
    finally:
        engine.dispose()
    return made


def tables_of_today(connection: Connection) -> None:
    schema.metadata.create_all(connection)
    schema.workshop_metadata.create_all(connection)


def test_all_migrations_together_make_the_tables_of_today(url: str, tmp_path: Path) -> None:
    """A column that is added to a table and to no migration would be in new files alone."""
    (tmp_path / "workshop").mkdir()
    by_migrations = schema_made_by(migrate_workshop, url)
    assert schema_made_by(tables_of_today, url) == by_migrations
    assert by_migrations["columns"]
