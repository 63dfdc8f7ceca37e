"""The stock OpenSSH client, asked for what this server does not do; and a server set up wrongly."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.server.workshop import Serve, Workshop, with_askpass
from tests.terminal import TIMEOUT
from tutor.server.admission.authentication import ONLY_THE_TUTOR

pytestmark = pytest.mark.thorough


def run_server(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `nabla serve` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tutor", "serve", "--folder", str(home), "--workers", "1", *options],
        capture_output=True, text=True, timeout=TIMEOUT, check=False,
        env={**os.environ, "HOME": str(home), "LANG": "C.UTF-8"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "command"),
    [
        (("-tt",), ("id",)),
        (("-s",), ("no-such-subsystem",)),
    ],
    ids=["exec with a terminal", "subsystem"],
)
def test_whoever_asks_for_more_than_the_tutor_gets_one_line(
    hostile: Workshop, options: Sequence[str], command: Sequence[str]
):
    done = hostile.run("greedy", options, command)
    assert 1 == done.returncode
    assert ONLY_THE_TUTOR in done.stdout + done.stderr
    assert "uid=" not in done.stdout


def test_five_hundred_wrong_codes_of_the_stock_client_end_after_six(hostile: Workshop):
    ask = hostile.home / "wrong"
    ask.write_text("#!/bin/sh\necho x >> $0.count\necho wrong-code\n")
    ask.chmod(0o700)
    done = subprocess.run(
        [*hostile.command("stock"), "-o", "NumberOfPasswordPrompts=500"],
        capture_output=True, text=True, timeout=TIMEOUT, check=False,
        env=with_askpass(ask), start_new_session=True,
    )  # fmt: skip
    assert 255 == done.returncode
    assert 6 == len((hostile.home / "wrong.count").read_text().split())
    assert "not let in" in done.stderr


@pytest.mark.parametrize("name", ["an\u202ea", "an\x1b[2Ja", "an\ra"], ids=["bidi", "esc", "cr"])
def test_a_name_that_draws_on_screens_comes_nowhere_near_the_log(hostile: Workshop, name: str):
    done = hostile.run(name, ("-tt",))
    assert 0 != done.returncode
    seen = str(hostile.events) + "".join(hostile.noise)
    assert "\u202e" not in seen
    assert "\x1b" not in seen


def test_of_two_sessions_of_one_name_the_newer_goes_on_and_the_older_is_told(hostile: Workshop):
    with hostile.enter("twin") as older, hostile.enter("twin") as newer:
        assert 0 == older.wait_for_exit()
        assert "You came in from another terminal" in older.text
        newer.press("f1")
        newer.wait_for("Everywhere")


def test_a_host_key_that_is_damaged_is_not_used(tmp_path: Path):
    assert 0 == run_server(tmp_path, "--port", "0", "--check").returncode
    (tmp_path / "host_key").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nxx\n")
    done = run_server(tmp_path, "--port", "0")
    assert 0 != done.returncode
    assert "damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_nobody_can_write_for_a_while_keeps_nobody_from_learning(serve: Serve):
    """PostgreSQL's outages are test_together's."""
    workshop = serve()
    with workshop.enter("lea") as terminal:
        locked = sqlite3.connect(workshop.home / "server" / "workshop.sqlite3")
        locked.execute("BEGIN EXCLUSIVE")
        terminal.press("enter")
        terminal.wait_for("step 1 of")
        terminal.press("s")
        terminal.wait_for("step 2 of")
        locked.rollback()
        locked.close()
        terminal.press("q")
        assert 0 == terminal.wait_for_exit()
    with workshop.enter("lea") as again:
        assert "step 2 of" in again.text
    assert 0 == workshop.stop()
    assert [] == workshop.noise
