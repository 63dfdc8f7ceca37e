"""A database that cannot be used says why in one line, with the mend and without the password."""

from __future__ import annotations

import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from tests.store.postgres import PASSWORD, PostgresServer
from tutor.errors import TutorError
from tutor.store.shared_store import open_shared_store


def refusal(url: str) -> str:
    """Return what opening the URL says; its traceback names no password either."""
    with pytest.raises(TutorError) as caught:
        open_shared_store(url).close(0)
    shown = "".join(traceback.format_exception(caught.value))
    assert [] == [secret for secret in (PASSWORD, "hunter2", "s3cret") if secret in shown]
    words = str(caught.value)
    assert "\n" not in words
    return words


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "no database that Nabla can use"),
        ("hunter2", "no database that Nabla can use"),
        ("mysql://ana:hunter2@localhost/w", "no database that Nabla can use"),
        ("postgresql+psycopg://ana:hunter2@localhost", "no database that Nabla can use"),
        ("postgresql+psycopg://ana:x/hunter2", "no database that Nabla can use"),
        ("postgresql+psycopg://localhost/w@hunter2", "write @ : / ?"),
        ("sqlite://", "is a file: sqlite:///"),
        ("sqlite:///:memory:", "is a file: sqlite:///"),
        ("sqlite://folder/w.sqlite3", "is a file: sqlite:///"),
        ("postgresql+psycopg://ana:hunter2@127.0.0.1:1/w", "127.0.0.1:1/w does not answer"),
        ("postgresql+psycopg://ana:hunter2@no.such.host.invalid/w", "does not answer"),
        ("postgresql+psycopg://ana@127.0.0.1:1/w?password=hunter2", "does not answer"),
        ("postgresql+psycopg://ana@127.0.0.1:1/w?sslmode=hunter2", "cannot be used now"),
    ],
)
def test_a_url_that_cannot_work_is_refused(url: str, words: str) -> None:
    pytest.importorskip("psycopg", reason="psycopg not installed")
    assert words in refusal(url)


def test_a_wrong_password_is_named_as_such(postgres: PostgresServer) -> None:
    assert "check name and password" in refusal(postgres.url("postgres", "hunter2"))


def test_an_unknown_user_is_named_as_such(postgres: PostgresServer) -> None:
    assert "check name and password" in refusal(postgres.url("postgres", user="nobody"))


def test_an_unknown_database_is_named(postgres: PostgresServer) -> None:
    assert f"There is no such database: 127.0.0.1:{postgres.port}/nowhere" in refusal(
        postgres.url("nowhere")
    )


def test_a_read_only_database_is_refused(postgres: PostgresServer, database: str) -> None:
    postgres.run(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    assert "can only be read" in refusal(postgres.url(database))


def test_a_user_who_may_not_make_tables_is_told_so(postgres: PostgresServer, database: str) -> None:
    assert "grant CREATE" in refusal(postgres.ordinary_url(database, may_create=False))


def test_a_database_of_a_newer_program_is_left_alone(
    postgres: PostgresServer, database: str
) -> None:
    url = postgres.url(database)
    open_shared_store(url).close(0)
    postgres.run("UPDATE workshop_version SET version = 99", database)
    assert "of a newer Nabla: update Nabla" in refusal(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Dear diary, " * 100)
    assert f"{file} is no sound SQLite database" in refusal(f"sqlite:///{file}")
    assert "Dear diary, " * 100 == file.read_text()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "make the file and its folder writable" in refusal(
        f"sqlite:///{tmp_path}/file/workshop.sqlite3"
    )


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.store.workshop_database.find_spec", lambda name: None)
    assert "pip install 'nabla-tutor[postgres]'" in refusal("postgresql://ana:hunter2@localhost/w")


def test_a_url_may_leave_the_name_of_the_driver_out(
    postgres: PostgresServer, database: str
) -> None:
    for name in ("postgres", "postgresql"):
        url = postgres.url(database).replace("postgresql+psycopg", name)
        assert 0 == open_shared_store(url).close(0)


def test_the_driver_is_loaded_with_its_database_and_not_before(tmp_path: Path) -> None:
    code = (
        "import sys; from tutor.store import shared_store, write_queue; "
        "print('sqlalchemy' in sys.modules); "
        f"shared_store.open_shared_store('sqlite:///{tmp_path}/w.sqlite3').close(0); "
        "print('psycopg' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False\nFalse\n" == run.stdout
