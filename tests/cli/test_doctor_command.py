"""`nabla doctor` as a learner calls it: in terminals that answer, are silent or wide; in pipes."""

from __future__ import annotations

import json
import os
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from shlex import quote

import pytest

from tests.command_line import run, run_program
from tests.terminal import Terminal
from tutor.cli.doctor import CHECKS
from tutor.cli.doctor.installation import _MODULES, _requirements
from tutor.store.settings import settings_file

Nabla = Callable[..., Terminal]


class Answering(Terminal):
    """Answers where the cursor is, as terminals do; ambiguous signs take `cells` each."""

    cells = 1

    def _take_control(self, match) -> None:
        if match[0] == "\x1b[6n":
            cursor, row = self.screen.cursor, self.screen.display[self.screen.cursor.y]
            wider = sum(sign in "─→∇η" for sign in row) * (self.cells - 1)
            self.type(f"\x1b[{cursor.y + 1};{cursor.x + 1 + wider}R")
        super()._take_control(match)


class Wide(Answering):
    """A terminal for East Asian fonts."""

    cells = 2


def start(kind: type[Terminal], home: Path, *arguments: str, **settings) -> Terminal:
    command = [sys.executable, "-m", "tutor", "doctor", *arguments]
    return kind(command, home=home, warm=True, **settings)


def report(**env: str) -> dict:
    done = run("doctor", "--format", "json", **env)
    assert "" == done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("language", "measured"), [("en", "one cell each, as they should"), ("zh", "各占一格")]
)
def test_it_fits_one_screen_and_measures_signs(tmp_path: Path, language: str, measured: str):
    with start(Answering, tmp_path, env={"NABLA_LANG": language}) as terminal:
        assert 0 == terminal.wait_for_exit(), terminal.picture()
        assert "Nabla" in terminal.lines[0], terminal.picture()  # nothing has scrolled away
        assert terminal.shows(measured)
        assert terminal.shows("⣿⡇")
        assert terminal.shows("16,777,216")


def test_a_terminal_with_wide_signs_is_told_the_mend(tmp_path: Path):
    with start(Wide, tmp_path) as terminal:
        assert 0 == terminal.wait_for_exit()
        assert terminal.shows("─→∇η take 8 cells instead of 4")
        assert terminal.shows("--ascii")


def test_a_silent_terminal_is_not_waited_for_and_left_as_it_was(tmp_path: Path):
    with start(Terminal, tmp_path) as terminal:
        before = termios.tcgetattr(terminal.master)
        assert 0 == terminal.wait_for_exit()
        assert terminal.shows("the terminal does not answer")
        assert before == termios.tcgetattr(terminal.master)


def test_no_answer_is_left_for_the_shell(tmp_path: Path):
    """What comes in after the question was given up is thrown away before the program ends."""

    class Late(Terminal):
        asked = False

        def _take_control(self, match) -> None:
            self.asked = self.asked or match[0] == "\x1b[6n"
            if match[0] == "\x1b[6n":
                self.type("\x1b[1;1")  # an answer that never ends
            super()._take_control(match)

    code = f"{quote(sys.executable)} -m tutor doctor; read -r -t 0 && echo LEFT || echo NOTHING"
    with Late(["bash", "-c", code], home=tmp_path) as terminal:
        terminal.wait_for(lambda shown: shown.shows("LEFT") or shown.shows("NOTHING"))
        assert terminal.asked
        assert terminal.shows("NOTHING")
        assert "^[" not in terminal.text


def test_what_stands_on_the_line_stays(tmp_path: Path):
    code = f"printf before; {quote(sys.executable)} -m tutor doctor"
    with Answering(["bash", "-c", code], home=tmp_path, rows=60) as terminal:
        terminal.wait_for_exit()
        assert "before" == terminal.lines[0]


def test_a_dumb_terminal_is_asked_nothing(tmp_path: Path):
    asked = []

    class Listening(Terminal):
        def _take_control(self, match) -> None:
            asked.append(match[0])
            super()._take_control(match)

    with start(Listening, tmp_path, rows=60, env={"TERM": "dumb", "LANG": "C"}) as terminal:
        assert 1 == terminal.wait_for_exit()
        assert terminal.shows("TERM=dumb: it cannot show the screens")
        assert terminal.shows("--plain")
    assert [] == asked


@pytest.mark.parametrize("columns", [50, 70])
def test_a_small_terminal_is_told_the_size(tmp_path: Path, columns: int):
    with start(Answering, tmp_path, rows=60, columns=columns) as terminal:
        assert int(columns < 60) == terminal.wait_for_exit()
        assert terminal.shows("make it 80×24 or larger")


def test_in_the_background_the_terminal_is_left_alone(tmp_path: Path):
    code = f"set -m; {quote(sys.executable)} -m tutor doctor & wait $!"
    with Answering(["bash", "-c", code], home=tmp_path, rows=60) as terminal:
        assert 0 == terminal.wait_for_exit()
        assert terminal.shows("not measured: in the background")


def test_a_pipe_gets_all_checks_in_json(nabla_home: Path):
    found = report(HOME=str(nabla_home.parent))
    assert list(CHECKS) == list(found["checks"])
    assert found["works"]
    assert str(nabla_home.parent) not in json.dumps(found)
    assert "~/nabla" == found["checks"]["data"]["facts"]["folder"]
    assert not nabla_home.exists()


def test_ascii_is_ascii(nabla_home: Path):
    done = run("doctor", "--ascii")
    assert done.stdout.isascii()
    assert "ok Nabla" in done.stdout


def test_an_output_that_lacks_the_signs_gets_ascii_and_english():
    done = run_program("doctor", PYTHONIOENCODING="ascii", NABLA_LANG="zh")
    assert done.stdout.isascii()
    assert "zh, ?? (NABLA_LANG)" in done.stdout  # the language's own name alone is lost
    assert 2 == done.stdout.count("?")
    assert "signs of the lessons cannot be written" in done.stdout


def test_no_color_is_told_by_its_name():
    assert "NO_COLOR" in run("doctor", NO_COLOR="1").stdout


def test_a_folder_that_cannot_be_written_is_told_with_the_mend(tmp_path: Path):
    (tmp_path / "file").write_text("")
    done = run("doctor", NABLA_HOME=str(tmp_path / "file" / "nabla"))
    assert (1, "") == (done.returncode, done.stderr)
    assert "cannot be written" in done.stdout
    assert "NABLA_HOME to another one" in done.stdout


def test_settings_that_are_no_json_are_told(nabla_home: Path):
    nabla_home.mkdir()
    settings_file().write_text("{")
    found = report()["checks"]["settings"]
    assert "warning" == found["outcome"]
    assert "settings.json" in found["mend"]


MODULES = [_MODULES.get(each.package.lower(), each.package.lower().replace("-", "_"))
           for each in _requirements() if not each.condition]  # fmt: skip


def without(folder: Path, *modules: str) -> str:
    """Run doctor where these modules are broken; each is told, and nothing is a traceback."""
    for module in modules:
        (folder / f"{module}.py").write_text(f"raise ImportError('{module} by the test')\n")
    path = f"{folder}{os.pathsep}{Path(__file__).parents[2]}"
    done = run_program("doctor", PYTHONPATH=path)
    assert (1, "") == (done.returncode, done.stderr)
    assert "Traceback" not in done.stdout
    assert len(CHECKS) <= done.stdout.count("\n")
    return " ".join(done.stdout.split())


def test_each_package_that_is_broken_is_told(tmp_path: Path):
    said = without(tmp_path, *MODULES)
    assert [] == [module for module in MODULES if f"{module} by the test" not in said]


SAMPLE = {"textual", "numpy", "rich"}


@pytest.mark.parametrize(
    "module",
    [pytest.param(each, marks=[] if each in SAMPLE else pytest.mark.thorough) for each in MODULES],
)
def test_a_broken_package_is_a_line(tmp_path: Path, module: str):
    assert f"{module} by the test" in without(tmp_path, module)
