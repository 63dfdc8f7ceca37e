"""The room over several workers and machines that share a PostgreSQL, one with a wrong clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from tests.server.clocks import wrong_clock
from tests.server.scripted_class import make_key
from tests.server.workshop import Workshop
from tests.store.postgres import PostgresServer
from tests.terminal import Terminal

HOUR = 3600.0

pytestmark = pytest.mark.thorough


@pytest.fixture
def database() -> Iterator[str]:
    server = PostgresServer()
    yield server.url(server.new_database())
    server.remove()


@pytest.fixture
def nodes(database: str, tmp_path: Path) -> Iterator[tuple[Workshop, Workshop]]:
    """Two machines, the second with two workers and a clock that is an hour behind."""
    key = make_key(tmp_path)
    options = ["--database", database, "--instructor-key", f"{key}.pub"]
    clock = wrong_clock(tmp_path / "clock", -HOUR)
    one = Workshop(tmp_path / "one", *options)
    two = Workshop(tmp_path / "two", *options, "--workers", "2", path=clock)
    yield one, two
    one.close()
    two.close()


def test_one_class_on_two_machines_goes_by_the_databases_clock(
    nodes: tuple[Workshop, Workshop], tmp_path: Path
):
    """Who is served elsewhere, by whatever clock, is led, timed, heard and counted all the same."""
    one, two = nodes
    started = [datetime.fromisoformat(str(node.events[0]["at"])) for node in nodes]
    assert HOUR / 2 < (started[0] - started[1]).total_seconds()
    key = str(tmp_path / "instructor")
    with ExitStack() as stack:
        here = stack.enter_context(one.enter("here"))
        there = [stack.enter_context(two.enter(name)) for name in ("there", "yonder")]
        teacher = stack.enter_context(two.ssh("instructor", "-i", key, columns=120, rows=36))
        second = stack.enter_context(one.ssh("instructor", "-i", key, columns=100, rows=30))
        teacher.wait_for("3 learners here")
        second.wait_for("3 learners here")
        bring(teacher, 1)
        for seat in (here, *there):
            seat.wait_for("With the class: 1.2")
        ask(teacher, "D", "A timer", "5")
        for seat in (here, *there):
            seat.wait_for(lambda seen: re.search(r"⏱ (5:00|4:[345]\d)", seen.text))
        here.press("H")
        teacher.wait_for("1 hand up")
        second.wait_for("1 hand up")
        there[0].press("1")
        for room in (teacher, second):
            room.wait_for("1 answer")
            room.wait_for(lambda seen: all(minutes < 5 for minutes in minutes_on_step(seen)))
        bring(second, 2)
        for seat in (here, *there):
            seat.wait_for("With the class: 1.3")
        ask(teacher, "T", "To everyone", "from there")
        ask(second, "T", "To everyone", "from here")
        for seat in (here, *there):
            seat.wait_for(lambda seen: "from there" in seen.text and "from here" in seen.text)
            assert seat.find("from there")[1] < seat.find("from here")[1]


def bring(teacher: Terminal, number: int) -> None:
    teacher.press("B")
    teacher.wait_for("Bring everyone to")
    teacher.press("home", *["down"] * number, "enter")
    teacher.wait_until_gone("Bring everyone to")


def ask(teacher: Terminal, key: str, title: str, text: str) -> None:
    teacher.press(key)
    teacher.wait_for(title)
    teacher.type(f"{text}\r")
    teacher.wait_until_gone("Enter takes it")
    teacher.wait_until_gone(title)


def minutes_on_step(room: Terminal) -> list[int]:
    """Return the minutes that each learner has been on the step."""
    rows = [line.split("│")[0] for line in room.lines[1:]]
    return [int(found[1]) for row in rows if (found := re.search(r" (\d+):\d\d(?: |$)", row))]
