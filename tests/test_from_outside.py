"""No byte from outside reaches a terminal as anything but text: each way, by the bytes themselves.

Each test plants all of C0 and C1, sequences that name the window, make a link and fill the
clipboard, signs that turn the writing, and signs that nobody sees.
"""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command_line import run
from tests.hostile_text import HIDDEN, HOSTILE, PRINTED, SHORT, Recorded, obeyed

Nabla = Callable[..., Recorded]

CODE = """\
format: 1
id: course/code
title: {title}
summary: {title}
minutes: 5
sources: [Own]
objectives: [See]
steps:
  - id: write
    kind: code
    title: {title}
    body: {title}
    starter: |
{starter}    solution: |
      def double(x):
          return 2 * x
    checks:
      - {{call: double(1.0), expect: '2.0', feedback: {title}}}
    right: {title}
    hints: [{title}]
"""
PROGRAMS = {
    "print": (
        "import os\nprint({hostile})\nos.write(1, bytes(range(128, 256)) + b'\\0')\n"
        "def double(x): return 2 * x\n"
    ),
    "exception": "raise ValueError({hostile})\n",
    "kind of exception": "raise type('A' + {name}, (Exception,), {{}})({hostile})\n",
    "value": "def double(x): return {hostile}\n",
    "repr": (
        "class Odd:\n    def __repr__(self): return {hostile}\n"
        "def double(x): return Odd()\n"
    ),
    "name": "getattr(np, {hostile})\n",
    "warning": "import warnings\nwarnings.warn({hostile})\ndef double(x): return 3.0\n",
}  # fmt: skip


@pytest.fixture
def nabla(tmp_path: Path) -> Iterator[Nabla]:
    """Start Nabla in a terminal that keeps the bytes."""
    opened: list[Recorded] = []

    def start(*arguments: str, **settings: object) -> Recorded:
        command = [sys.executable, "-m", "tutor", *arguments]
        opened.append(Recorded(command, home=tmp_path, warm=True, **settings))  # type: ignore[arg-type]
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


def lessons(home: Path, title: str = "Title", starter: str = "x = 1\n") -> dict[str, str]:
    """Write a course of one lesson; return the environment in which it is found."""
    folder = home / "lessons" / "course"
    folder.mkdir(parents=True, exist_ok=True)
    shifted = textwrap.indent(starter, " " * 6)
    (folder / "code.yaml").write_text(CODE.format(title=title, starter=shifted), "utf-8")
    return {"NABLA_LESSONS": str(folder)}


def program(source: str) -> str:
    """Return a program that makes the hostile text by itself: what it reads like is harmless."""
    printed = PRINTED.encode("utf-8", "surrogatepass").hex()
    return source.format(
        hostile=f"bytes.fromhex({printed!r}).decode('utf-8', 'surrogatepass')",
        name=f"bytes.fromhex({HOSTILE.encode().hex()!r}).decode()",  # of a type: without NUL
    )


def consented(home: Path) -> None:
    (home / "nabla").mkdir(exist_ok=True)
    (home / "nabla" / "settings.json").write_text('{"run_programs": true}')


def harmless(screen: Recorded, sign: str = r"\x1b]0;P") -> None:
    """What was planted is there, as text alone."""
    screen.wait_for(lambda seen: sign in seen.text.replace("\n", ""))
    assert set() == obeyed(screen.sent)


def at_end(screen: Recorded, sign: str = r"\x1b]0;P") -> None:
    """The same, of a command that ends by itself."""
    screen.wait_for_exit()
    assert sign in screen.sent.decode("utf-8", "replace").replace("\r\n", "")
    assert set() == obeyed(screen.sent)


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS)
def test_what_programs_say_in_plain_mode(nabla: Nabla, tmp_path: Path, source: str):
    environment = lessons(tmp_path, starter=program(source))
    consented(tmp_path)
    screen = nabla("--plain", "run", "code", env=environment, columns=200, rows=60)
    screen.wait_for("`run` runs it")
    screen.type("run\n")
    harmless(screen)


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS)
def test_what_programs_say_in_the_app(nabla: Nabla, tmp_path: Path, source: str):
    environment = lessons(tmp_path, starter=program(source))
    consented(tmp_path)
    screen = nabla("run", "code", env=environment, columns=200, rows=60)
    screen.wait_for("Ctrl+R runs it")
    screen.press("ctrl+r")
    harmless(screen)


@pytest.mark.parametrize("mode", [(), ("--ascii",), ("--plain",)], ids=["app", "ascii", "plain"])
def test_the_words_of_a_lesson(nabla: Nabla, tmp_path: Path, mode: tuple[str, ...]):
    """Control characters are refused where lessons are read; these are not."""
    environment = lessons(tmp_path, title=f"Title {HIDDEN} end")
    harmless(nabla(*mode, "run", "code", env=environment, columns=200), r"\u202a")


@pytest.mark.parametrize("mode", [(), ("--plain",)], ids=["app", "plain"])
def test_the_map_names_courses_and_lessons(nabla: Nabla, tmp_path: Path, mode: tuple[str, ...]):
    environment = lessons(tmp_path, title=f"Title {HIDDEN} end")
    harmless(nabla(*mode, env=environment, columns=200, rows=60), r"\u202a")


def test_what_is_pasted_into_a_program(nabla: Nabla, tmp_path: Path):
    screen = nabla("run", "code", env=lessons(tmp_path), columns=200)
    screen.wait_for("Ctrl+R runs it")
    screen.paste("# \u202e\u200b\u2066\x9b1337z\x9d0;PLANTED\x9c")
    harmless(screen, r"\u202e")


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", HOSTILE),
        ("run", f"derivative#{HOSTILE}"),
        (HOSTILE,),
        ("--lang", HOSTILE),
        ("lab", "--state", HOSTILE),
        ("glossary", HOSTILE),
        ("check", HOSTILE),
        ("export", HOSTILE),
        ("progress", "--import", HOSTILE),
        ("progress", "--reset", HOSTILE),
        ("room", "export", "--database", HOSTILE),
        ("room", "delete", HOSTILE),
        ("help", HOSTILE),
        ("serve", "--port", HOSTILE),
    ],
    ids=" ".join,
)
def test_arguments_that_are_quoted(nabla: Nabla, arguments: tuple[str, ...]):
    screen = nabla(*arguments)
    screen.wait_for_exit()
    assert screen.sent
    assert set() == obeyed(screen.sent)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("NABLA_HOME", ("doctor",)),
        ("NABLA_LANG", ("list",)),
        ("NABLA_LESSONS", ("list",)),
        ("TERM", ("doctor",)),
        ("COLORTERM", ("doctor",)),
        ("LANG", ("doctor",)),
        ("NABLA_HOME", ("progress",)),
    ],
)
def test_variables_that_are_quoted(nabla: Nabla, tmp_path: Path, name: str, command: tuple[str]):
    value = f"{tmp_path}/{SHORT}" if name == "NABLA_HOME" else SHORT
    screen = nabla(*command, env={name: value})
    screen.wait_for_exit()
    # Where the terminal is asked for its widths, the answers to that are the program's own.
    assert set() == obeyed(screen.sent)


def test_names_of_files_and_what_stands_in_them(nabla: Nabla, tmp_path: Path):
    home = tmp_path / SHORT
    folder = lessons(home, title=f"Title {HIDDEN} end")["NABLA_LESSONS"]
    at_end(nabla("list", env={"NABLA_LESSONS": folder}), r"\u202a")
    broken = home / "lessons" / "course" / "broken.yaml"
    for text in (f"format: 1\n{json.dumps(HIDDEN)}: 1\n", f"title: {HOSTILE}\n", f"- {HIDDEN}\n"):
        broken.write_text(text, "utf-8")
        at_end(nabla("check", folder))
        at_end(nabla("check", "--format", "json", folder), r"\u001b]0;P")
        at_end(nabla("list", env={"NABLA_LESSONS": folder}))


def test_progress_that_was_brought_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It may name lessons that nobody has, and answers that were chosen to do harm."""
    monkeypatch.chdir(tmp_path)
    places = (
        ("gradients/derivative", "what-it-says"),
        (HOSTILE, HOSTILE),
        ("course/code", "write"),
    )
    kept = f"{HOSTILE}\0"
    common = {"kind": kept, "answer": kept, "correct": False, "misconception": kept,
              "confidence": kept, "at": "2026-01-01T12:00:00+00:00"}  # fmt: skip
    told = [{"entry": "attempt", "lesson": each, "step": step} | common for each, step in places]
    (lesson, step), at = places[0], common["at"]
    state = {"step": step, "steps": {"tilt": {"outcome": "complete"}, step: {"outcome": "open"}}}
    told.append({"entry": "resume", "lesson": lesson, "step": step, "state": state | {kept: 1},
                 "completed": 1, "total": 14, "done": False, "at": at})  # fmt: skip
    told.append({"nabla": "progress", "format": PRINTED})
    told.append(told[0] | {"answer": PRINTED})  # half a pair of surrogates is refused
    ways = [("progress",), ("list",), ("export", "derivative"), ("progress", "--export", "-")]
    ways += [("progress", "--export", "mine.jsonl"), ("progress", "--reset", "derivative")]
    home = {"NABLA_HOME": str(tmp_path / "nabla"), "NABLA_LANG": "en"}
    for number, entry in enumerate(told):
        header = {"nabla": "progress", "format": 1}
        text = "".join(json.dumps(each) + "\n" for each in (header, entry))
        (tmp_path / f"theirs{number}").write_text(text)
        ways.insert(0, ("progress", "--import", f"theirs{number}"))
    for way in ways:
        done = run(*way, **home)
        assert done.stdout + done.stderr
        assert set() == obeyed((done.stdout + done.stderr).encode("utf-8", "surrogatepass")), way
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    assert b"PLANTED" in written["nabla-derivative.md"]
    assert rb"\u001b]0;P" in written["mine.jsonl"]
    for name in written.keys() - {f"theirs{number}" for number in range(len(told))}:
        assert set() == obeyed(written[name]), name


def test_a_traceback_that_is_asked_for(nabla: Nabla, tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text(
        "import tutor.cli.lessons\n"
        f"def fail(): raise RuntimeError({HOSTILE!a})\n"
        "tutor.cli.lessons.our_catalog = fail\n"
    )
    root = str(Path(__file__).parents[1])
    path = os.pathsep.join((str(tmp_path), root))
    at_end(nabla("list", env={"PYTHONPATH": path, "NABLA_DEBUG": "1"}))
