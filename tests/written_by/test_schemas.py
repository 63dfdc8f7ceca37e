"""The first migrations make the tables that 0.1 made, whatever the tables of today are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

from tests.store.postgres import PostgresServer
from tests.store.schemas import schema_of
from tests.written_by.comparing import FIRST, restore
from tests.written_by.learners import FILE, index_order
from tutor.store.opening import open_store
from tutor.store.schema import MIGRATIONS, WORKSHOP_MIGRATIONS

LEARNERS = MIGRATIONS[:1]
BOTH = (*MIGRATIONS[:1], *WORKSHOP_MIGRATIONS[:1])


def schema_in(url: str, *steps: Callable[[Connection], None]) -> dict[str, Any]:
    """Return the tables in a database after these migrations."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            for step in steps:
                step(connection)
            return schema_of(connection)
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    ("file", "steps"),
    [
        ("progress/fresh-1/progress.sqlite3", LEARNERS),
        ("progress/fresh-2/progress.sqlite3", LEARNERS),
        ("workshop/sqlite/workshop.sqlite3", BOTH),
    ],
)
def test_the_first_migration_makes_the_tables_of_the_first_release(
    tmp_path: Path, file: str, steps: tuple[Callable[[Connection], None], ...]
):
    copied = Path(copytree((FIRST / file).parent, tmp_path / "copied")) / Path(file).name
    then = schema_in(f"sqlite:///{copied}")
    assert then == schema_in(f"sqlite:///{tmp_path / 'new.sqlite3'}", *steps)


def test_the_first_migration_makes_the_tables_of_the_first_release_in_postgresql(
    postgres: PostgresServer, database: str
):
    restore(postgres, FIRST / "workshop" / "postgresql" / "workshop.sql", database)
    new = postgres.new_database()
    then = schema_in(postgres.url(database))
    now = schema_in(postgres.url(new), *BOTH)
    postgres.drop(new)
    assert then == now


def test_every_process_makes_the_indexes_in_the_order_that_reads_fast(tmp_path: Path):
    """SQLite takes the newer of two that fit alike; the first release made them in any order."""
    with closing(open_store(tmp_path / FILE).store):
        assert ("journal_of_lesson", "resets", "journal_of_learner") == index_order(tmp_path / FILE)
