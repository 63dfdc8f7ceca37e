"""What the handbook of the workshop says is so: its tables come from the code, as its picture."""

from __future__ import annotations

import argparse
import ast
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.handbooks import block, key_table
from tests.store.postgres import PostgresServer, programs as installed
from tests.tui.classrooms import LESSON, Classroom, classroom
from tutor.cli import serve as cli
from tutor.cli.arguments import parse
from tutor.lesson import model
from tutor.room import events as ev, room
from tutor.room.learner import LONGEST_NAME
from tutor.room.room import INSTRUCTOR
from tutor.sandbox import run as sandbox
from tutor.server import options
from tutor.server.admission import authentication, fair_queue, listener
from tutor.server.options import Limits
from tutor.server.process import supervisor
from tutor.server.process.metrics_page import MetricsPage
from tutor.server.terminal import driver, output, session
from tutor.store import backlog, shared_store, workshop_database
from tutor.store.model import Attempt
from tutor.store.shared_store import SharedStore, open_shared_store
from tutor.tui import terminal
from tutor.tui.commands import CLASS_COMMANDS, ROOM_COMMANDS, ROSTER_KEYS

PACKAGE = Path(cli.__file__).parents[1]
HANDBOOK = PACKAGE / "server" / "README.md"
UNIT = HANDBOOK.with_name("nabla.service")
WORDS = PACKAGE / "locale" / "zh" / "LC_MESSAGES" / "nabla.po"


def named(table: str) -> set[str]:
    """Return what stands between backticks in the first column."""
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


# --- keys and the picture


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("room-keys", key_table(ROOM_COMMANDS, ROSTER_KEYS)),
        ("class-keys", key_table(CLASS_COMMANDS)),
    ],
)
def test_the_tables_of_keys_are_the_commands(name: str, expected: str) -> None:
    """After a change of commands.py: copy the table that this test prints into the handbook."""
    assert expected == block(HANDBOOK, name), expected


GUESSES = {
    "Ana": 0, "Bo": 1, "Chidi": 0, "Dana": 1, "Emre": 0, "Femi": 2, "Hugo": 3, "李薇": 1,
}  # fmt: skip
MISCONCEPTIONS = {0: None, 1: "D1", 2: "average-is-instant", 3: "tangent-is-curve"}
SAYS = "what-it-says"
SIZE = (112, 26)


async def made_up_class(room: Classroom) -> None:
    """Let ten learners come to the class's step; eight answer, one raises a hand."""
    for name in (*GUESSES, "Jun", "Kofi"):
        room.store.wait(6)
        await room.tell(name, ev.Joined("one"), ev.Moved(LESSON, SAYS))
    room.store.tell(INSTRUCTOR, ev.LeadTaken(), ev.Led(LESSON, SAYS))
    for name, choice in GUESSES.items():
        room.store.wait(9)
        wrong = MISCONCEPTIONS[choice]
        room.store.tell(
            name, ev.Answered(LESSON, SAYS, "choice", "1", choice == 0, wrong, choice=choice)
        )
        room.store.tell("", ev.Present("one"))
        await room.pass_on()
    await room.tell("Kofi", ev.HandRaised())


async def test_the_picture_of_the_room_is_what_the_room_shows():
    """After a change of the room: copy the picture that this test prints into the handbook."""
    async with classroom() as room:
        teacher = await room.instructor(size=SIZE)
        await made_up_class(room)
        await room.see(teacher, "10 learners here", "1 hand up", "8 answers")
        picture = "\n".join(line.rstrip() for line in teacher.text.splitlines())
    assert f"```text\n{picture}\n```" == block(HANDBOOK, "room"), picture


# --- limits


def limits() -> str:
    parser = argparse.ArgumentParser()
    cli.add_serve_options(parser)
    (group,) = (each for each in parser._action_groups if each.title == "limits")
    rows = [(each.option_strings[0], each.help or "") for each in group._group_actions]
    assert len(fields(Limits)) == len(rows)
    table = [re.fullmatch(r"(.*) \((.*)\)", words) for _, words in rows]
    lines = [
        f"| `{option}` | {found[2]} | {found[1]} |"
        for (option, _), found in zip(rows, table, strict=True)
        if found is not None
    ]
    return "\n".join(["| option | default | |", "|---|--:|---|", *lines])


def _told(value: object) -> str:
    return f"{value:,}".removesuffix(".0") if isinstance(value, int | float) else str(value)


def fixed_limits() -> str:
    least, most = terminal.LEAST, driver.MOST
    program = sandbox.Limits()
    code_seconds = next(each for each in fields(model.CodeStep) if each.name == "seconds").default
    pool = workshop_database._POOL
    rows: list[tuple[str, object]] = [
        ("signs of a code, at least", options.SHORTEST_CODE),
        ("signs of a name, at most", LONGEST_NAME),
        ("a window, in cells", f"{least.width}×{least.height} to {most.width}×{most.height}"),
        ("seconds from a connection to its PROXY header", listener._HEADER_SECONDS),
        ("connections that wait to be taken", listener._BACKLOG),
        ("seconds from the opened channel to the request for a shell", session._WAIT_SECONDS),
        ("bytes of an environment variable", authentication._MOST_VALUE),
        ("variables beyond the limit that end a connection", authentication._MOST_REFUSED),
        ("unread bytes from which pictures are left out", output.HIGH),
        ("unread bytes from which nothing more is taken", fair_queue.MOST_UNREAD),
        ("seconds of a program, where its step says no other", code_seconds),
        ("bytes of addresses of a program", program.memory),
        ("bytes that a program may print", program.printed),
        ("seconds to connect to PostgreSQL", workshop_database.CONNECT_TIMEOUT),
        ("seconds after which a question counts as unanswered", shared_store.LONGEST_QUESTION),
        ("connections of a worker to PostgreSQL", pool["pool_size"] + pool["max_overflow"]),
        ("of what waits, the part that may tell of the room", f"1/{backlog._FLEETING_PART}"),
        ("seconds for which a lead can be kept, at most", room._LONGEST_KEPT),
        ("seconds for workers that do not end, twice", supervisor._KILL_SECONDS),
    ]
    lines = [f"| {words} | {_told(value)} |" for words, value in rows]
    return "\n".join(["| | |", "|---|--:|", *lines])


@pytest.mark.parametrize(
    ("name", "expected"), [("limits", limits()), ("fixed-limits", fixed_limits())]
)
def test_the_tables_of_limits_are_those_of_the_code(name: str, expected: str) -> None:
    """After a change of a limit: copy the table that this test prints into the handbook."""
    assert expected == block(HANDBOOK, name), expected


# --- names in the log and in the metrics


def calls(*methods: str) -> Iterator[ast.Call]:
    """Yield the calls of methods of these names in the server."""
    for file in (PACKAGE / "server").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and node.func.attr in methods:
                yield node


def words(*methods: str) -> set[str]:
    """Return the literal words that these methods are called with, by position."""
    return {
        part.value
        for call in calls(*methods)
        for argument in call.args
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def test_every_event_of_the_log_is_told_and_no_other():
    """`_count` is how presence tells of a session."""
    assert words("event", "_count") == named(block(HANDBOOK, "events"))


def test_every_reason_of_a_refusal_is_told_and_no_other():
    gate = ast.parse((PACKAGE / "server" / "admission" / "max_startups.py").read_text("utf-8"))
    why_not = next(
        each for each in ast.walk(gate)
        if isinstance(each, ast.FunctionDef) and each.name == "why_not"
    )  # fmt: skip
    of_gate = {
        node.value.value
        for node in ast.walk(why_not)
        if isinstance(node, ast.Return)
        and isinstance(node.value, ast.Constant)
        and node.value.value is not None
    }
    reasons = words("rejected", "reject", "_reject") - {"proxy"} | of_gate
    assert reasons == named(block(HANDBOOK, "reasons")) - {"--per-source"}


def test_every_metric_is_told_and_no_other():
    _, _, page = MetricsPage(list, lambda: True)._page("/metrics")
    found = re.findall(r"^# TYPE (\S+) (\S+)", page.decode(), re.MULTILINE)
    assert {name for name, _ in found} == named(block(HANDBOOK, "metrics"))


# --- sentences


def test_the_program_says_every_sentence_that_the_handbook_explains():
    catalogue = WORDS.read_text("utf-8").replace('"\n"', "")
    rows = re.findall(r"^\| \*(.*?)\* \|", block(HANDBOOK, "sentences"), re.MULTILINE)
    assert len(rows) > 15
    unsaid = [each for each in rows if f'"{each}"' not in catalogue.replace("\\`", "`")]
    assert [] == unsaid


def test_what_ssh_clients_are_told_beyond_our_words_is_told_as_it_is():
    said = HANDBOOK.read_text("utf-8").replace("\n", " ")
    for each in (authentication.ONLY_THE_TUTOR, listener._REFUSAL.decode().strip()):
        assert each in re.sub(" +", " ", said)


# --- the unit


def unit(key: str) -> list[str]:
    lines = UNIT.read_text("utf-8").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]


def test_the_unit_waits_longer_than_a_calm_end_takes():
    longest = Limits().stop_seconds + 2 * supervisor._KILL_SECONDS
    assert longest < float(unit("TimeoutStopSec")[0])
    assert ["mixed"] == unit("KillMode")


def test_the_command_of_the_unit_is_one_of_ours():
    program, *arguments = unit("ExecStart")[0].split()
    assert program.endswith("/nabla")
    options = parse(arguments)
    assert cli.serve_options(options).log == "json"


def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path):
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("systemd not installed")
    copy = tmp_path / UNIT.name
    copy.write_text(
        re.sub("^(ExecStart=).*$", r"\1/bin/true", UNIT.read_text(), flags=re.MULTILINE)
    )
    run = subprocess.run(
        [systemd, "verify", str(copy)], capture_output=True, text=True, check=False
    )
    assert UNIT.name not in run.stderr, run.stderr
    assert 0 == run.returncode, run.stderr


# --- backup


GIVEN = Attempt(
    learner="ana", lesson="gradients/derivative", step="tilt", kind="choice", answer="1",
    correct=True, at=datetime(2026, 1, 1, 12, tzinfo=UTC),
)  # fmt: skip


def answer(url: str) -> SharedStore:
    """Return an open workshop in which one answer was given."""
    store = open_shared_store(url)
    store.enter("ana")
    store.progress.record_attempt(GIVEN)
    assert store.flush(60)
    return store


def answers(url: str) -> list[Attempt]:
    store = open_shared_store(url)
    store.enter("ana")
    try:
        return list(store.progress.attempts("ana", "gradients/derivative"))
    finally:
        store.close()


def test_a_backup_of_a_running_workshop_has_what_was_answered(tmp_path: Path):
    """What `sqlite3 FILE ".backup COPY"` does."""
    file, copy = tmp_path / "workshop.sqlite3", tmp_path / "backup.sqlite3"
    running = answer(f"sqlite:///{file}")
    here, there = sqlite3.connect(file), sqlite3.connect(copy)
    here.backup(there)
    here.close()
    there.close()
    assert [GIVEN] == answers(f"sqlite:///{copy}")
    running.close()


def test_a_copy_of_the_file_alone_has_less(tmp_path: Path):
    file, copy = tmp_path / "workshop.sqlite3", tmp_path / "copy.sqlite3"
    running = answer(f"sqlite:///{file}")
    shutil.copyfile(file, copy)
    assert [] == answers(f"sqlite:///{copy}")
    running.close()


def test_a_dump_of_a_running_postgresql_is_restored_over_what_is_there(
    postgres: PostgresServer, database: str, tmp_path: Path
):
    programs = {
        name: shutil.which(name, path=str(installed())) for name in ("pg_dump", "pg_restore")
    }
    if None in programs.values():
        pytest.skip("pg_dump not installed")
    url, dump = postgres.url(database), tmp_path / "workshop.dump"
    plain = url.replace("+psycopg", "")

    def run(*command: object) -> None:
        subprocess.run([str(each) for each in command], check=True, capture_output=True)

    running = answer(url)
    run(programs["pg_dump"], "--format=custom", f"--file={dump}", plain)
    running.delete_learner("ana")
    running.close()
    assert [] == answers(url)
    run(programs["pg_restore"], "--clean", f"--dbname={plain}", dump)
    assert [GIVEN] == answers(url)
