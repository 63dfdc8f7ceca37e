"""The table of what a learner's program may do: each line of it is tried, with each protection."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sandbox.programs import BUBBLEWRAP, KERNEL, PATIENT, SHORT, fault_of, outcome
from tutor.i18n import render
from tutor.sandbox.protection import ATTEMPTS, plain_protection, protection
from tutor.sandbox.run import Limits

REFUSED = "try:\n    {tries}\nexcept Exception:\n    print('refused')\nelse:\n    print('may')\n"


def told(*lines: str) -> str:
    """Return a program that tells whether it may do what the lines try."""
    return REFUSED.format(tries="\n    ".join(lines))


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    diary = tmp_path / "diary.txt"
    diary.write_text("dear diary", encoding="utf-8")
    return diary


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def other() -> Iterator[int]:
    """Another program of the same user."""
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        yield process.pid
        process.kill()


@pytest.fixture
def sources(mine: Path, port: int, other: int) -> dict[str, str]:
    """A program for each line of the table that is about other things than time and memory."""
    return {
        "processes": told("import subprocess", "subprocess.run(['/usr/bin/true'], check=True)"),
        "reads": told(f"open({str(mine)!r}).read()"),
        "writes": told("import os", f"os.remove({str(mine)!r})"),
        "network": told("import socket", f"socket.create_connection(('127.0.0.1', {port}), 5)"),
        "kills": told("import os", f"os.kill({other}, {int(signal.SIGKILL)})"),
    }


EACH_LAYER = pytest.mark.parametrize(
    ("layers", "column"),
    [
        pytest.param(plain_protection().layers, "kernel", marks=KERNEL),
        pytest.param({}, "limited"),
    ],
    ids=["kernel", "limits alone"],
)


def test_every_line_is_tried(sources):
    assert {"endless", "greedy", *sources} == set(ATTEMPTS)


@BUBBLEWRAP
def test_shut_in_nothing_of_it_may_be_done(sources):
    answers = {name: outcome(source).printed.strip() for name, source in sources.items()}
    assert dict.fromkeys(sources, "refused") == answers


@EACH_LAYER
def test_as_a_child_process_what_the_table_says_may_be_done_may(sources, layers, column):
    if os.getuid() and not layers:
        del sources["processes"]  # Linux keeps ordinary users from it: better than was promised
    limited = replace(plain_protection(), layers=layers)
    answers = {
        name: outcome(source, protected=limited).printed.strip() for name, source in sources.items()
    }
    told = {name: render(getattr(ATTEMPTS[name], column)) for name in sources}
    assert {name: words.partition(",")[0] for name, words in told.items()} == answers


EACH: list[Callable[..., object]] = [protection, plain_protection]


@pytest.mark.parametrize("made", EACH, ids=["best", "plain"])
def test_what_goes_on_for_ever_or_takes_everything_is_stopped(made):
    protected = made()
    asleep = outcome("import time\ntime.sleep(1000)\n", SHORT, protected)
    assert ("time", 2) == (asleep.end, asleep.line)
    assert "output" == outcome("while True: print('x' * 1000)\n", PATIENT, protected).end
    greedy = outcome("x = []\nwhile True: x.append(bytearray(10**7))\n", Limits(60.0), protected)
    assert "MemoryError" == fault_of(greedy)
