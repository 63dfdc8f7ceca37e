"""A PostgreSQL of our own on loopback: started, killed and stopped by the tests."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

USER, PASSWORD = "nabla", "s3cret/p@ss:word"
ESCAPED_PASSWORD = "s3cret%2Fp%40ss%3Aword"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # a killed server still has what it wrote; only a killed computer has not
    "shared_buffers": "16MB",
    "max_connections": "25",
    "autovacuum": "off",
    "superuser_reserved_connections": "3",
}


def programs() -> Path:
    """Return the folder of the newest PostgreSQL; skip the test where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_version)
    on_path = shutil.which("postgres")
    if not found and on_path is None:
        pytest.skip("postgresql not installed")
    pytest.importorskip("psycopg", reason="psycopg not installed")
    return found[-1].parent if found else Path(str(on_path)).parent


def _version(program: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in program.parents[1].name.split(".") if part.isdigit())


class PostgresServer:
    """A cluster in a temporary folder; it ends with the process that made it."""

    def __init__(self) -> None:
        self._programs = programs()
        self._folder = Path(tempfile.mkdtemp(prefix="nabla-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0
        self.port = _free_port()
        self._make_cluster()
        self.start()

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        settings = [f"-c{key}={value}" for key, value in SETTINGS.items()]
        command = ["postgres", "-D", "data", f"-p{self.port}", *settings]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._as_ordinary_user(command), cwd=self._folder, stdout=log, stderr=log
            )
        wait_until(self._answers, 30)

    def kill(self) -> None:
        """End the server as `pg_ctl stop -m immediate` does: every connection breaks."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def crash(self) -> None:
        """Kill the server and all that belongs to it with SIGKILL: it writes nothing any more."""
        assert self._process is not None
        self._signal_all(signal.SIGKILL)
        self._process.wait(30)
        self._process = None

    def remove(self) -> None:
        """Stop the server and delete its folder."""
        self.kill()
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        """Make an empty database and return its name."""
        self._databases += 1
        name = f"workshop{self._databases}"
        self.run(f"CREATE DATABASE {name}")
        return name

    def drop(self, name: str) -> None:
        """Delete a database, whoever uses it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def url(self, database: str, password: str = ESCAPED_PASSWORD, user: str = USER) -> str:
        """Return the URL of a database as one gives it to the workshop."""
        return f"postgresql+psycopg://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def ordinary_url(self, database: str, *, may_create: bool = True) -> str:
        """Return the URL of the database for a user who is no superuser."""
        name = f"{database}_user"
        self.run(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
        if may_create:
            self.run(f"ALTER DATABASE {database} OWNER TO {name}")
            self.run(f"ALTER SCHEMA public OWNER TO {name}", database)
        else:
            self.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database)
        return self.url(database, user=name)

    def pause(self) -> None:
        """Let the server accept connections and answer nothing."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: signal.Signals) -> None:
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        for process in (self._process.pid, *map(int, children.split())):
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def run(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement as the superuser and return the rows."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, dbname=database,
            autocommit=True, connect_timeout=5,
        ) as connection:  # fmt: skip
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _make_cluster(self) -> None:
        password = self._folder / "password"
        password.write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (self._folder, password):
                shutil.chown(path, "postgres", "postgres")
        subprocess.run(
            self._as_ordinary_user(
                ["initdb", "-D", "data", "-U", USER, "--pwfile=password", "-A", "scram-sha-256",
                 "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
            ),
            cwd=self._folder, check=True, capture_output=True,
        )  # fmt: skip

    def _as_ordinary_user(self, command: list[str]) -> list[str]:
        """PostgreSQL does not run as root; and no server may outlive its tests."""
        program = [str(self._programs / command[0]), *command[1:]]
        become = ["--reuid=postgres", "--regid=postgres", "--init-groups"]
        return [
            "setpriv", *(become if os.geteuid() == 0 else []), "--pdeathsig=QUIT", *program,
        ]  # fmt: skip

    def _answers(self) -> bool:
        import psycopg

        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError((self._folder / "log").read_text())
        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def wait_until(is_true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for a condition; fail the test where it does not come true."""
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
