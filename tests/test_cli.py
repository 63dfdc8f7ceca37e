"""The command line, as a learner meets it: in a pipe or a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

import pytest

from tests.command_line import outcome, run, run_program
from tests.course import course
from tests.terminal import Terminal
from tutor import __version__
from tutor.cli import main
from tutor.store.model import LOCAL_LEARNER, Attempt, ResumePoint
from tutor.store.opening import open_store

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DERIVATIVE = "gradients/derivative"
STEPS = [step.id for step in course().lesson(DERIVATIVE).steps]
STATE = f"step 3 of {len(STEPS)}"
Nabla = Callable[..., Terminal]


@pytest.fixture
def begun() -> None:
    """Progress in two lessons: step 3 of the derivative, and one that has left the course."""
    store = open_store().store
    for lesson in (DERIVATIVE, "gradients/left-the-course"):
        attempt = Attempt(
            learner=LOCAL_LEARNER, lesson=lesson, step=STEPS[1], kind="choice", answer="b",
            correct=False, misconception="slope-is-height", at=NOON,
        )  # fmt: skip
        point = ResumePoint(
            learner=LOCAL_LEARNER, lesson=lesson, step=STEPS[2], completed=2, total=len(STEPS),
            done=False, at=NOON,
        )  # fmt: skip
        store.record_attempt(attempt)
        store.record_attempt(attempt, point)
    store.close()


def line_of(lesson: str, text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(lesson))


# --- help, version, usage


def test_version_is_one_line() -> None:
    assert (f"nabla {__version__}\n", "", 0) == outcome(run_program("--version"))


@pytest.mark.parametrize("word", ["run", "list", "progress", "check", "NABLA_HOME"])
def test_help_names_every_command(word: str) -> None:
    assert word in run("--help").stdout


def test_a_mistyped_command_is_answered_with_the_nearest() -> None:
    expected = "nabla: there is no command progres: did you mean progress?\n"
    assert ("", expected, 2) == outcome(run_program("progres"))


def test_a_command_like_no_other_is_answered_with_all() -> None:
    expected = (
        "nabla: there is no command xyzzy; use one of: "
        "run, lab, review, list, progress, export, glossary, check, new, preview, pack, "
        "doctor, serve, room, help\n"
    )
    assert ("", expected, 2) == outcome(run("xyzzy"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"], ["list", "--nonsense"], ["run"], ["run", "a", "b"], ["progress", "--all"],
        ["progress", "--yes"], ["progress", "--reset"], ["progress", "--reset", "1", "--all"],
        ["--vers"],
    ],
)  # fmt: skip
def test_wrong_usage_is_one_line_on_stderr_and_status_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert ("", 1, 2) == (done.stdout, done.stderr.count("\n"), done.returncode)
    assert done.stderr.startswith("nabla: ")


# --- the app's door


MISTAKES = [
    ("list --frob", "there is no --frob here; `nabla --help`"),
    ("run a b", "there is no b here; `nabla --help`"),
    ("run", "LESSON[#STEP] is missing; `nabla run --help`"),
    ("list --lang", "--lang needs a value; `nabla list --help`"),
    ("serve --port x", "--port: x cannot be meant here; `nabla serve --help`"),
    ("list --ascii=3", "--ascii takes no value, here 3; `nabla list --help`"),
    ("serve --auth=x", "--auth: x is not known; use one of: code, key, open; `nabla serve --help`"),
    ("room exprot", "export|names|free|rename|forget|delete: exprot is not known; use one of: "
                    "export, names, free, rename, forget, delete; `nabla room --help`"),
    ("--lang zh run", "缺少 LESSON[#STEP]；用法见 `nabla run --help`"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), MISTAKES)
def test_what_is_wrong_with_an_argument_is_said_in_the_language_of_the_session(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 2 == main(words.split())
    assert capsys.readouterr().err.startswith(f"nabla: {said}")


def test_without_a_terminal_the_map_says_so_in_one_line() -> None:
    done = run_program()
    assert (1, 2) == (done.stderr.count("\n"), done.returncode)
    assert "need a terminal" in done.stderr


def test_with_its_output_in_a_pipe_the_app_says_so(nabla: Nabla, tmp_path: Path) -> None:
    code = f"{quote(sys.executable)} -m tutor | cat; exit ${{PIPESTATUS[0]}}"
    with Terminal(["bash", "-c", code], home=tmp_path) as terminal:
        assert terminal.wait_for_exit() == 2
        assert "need a terminal" in terminal.text


def test_an_unknown_lesson_is_answered_with_the_nearest() -> None:
    expected = (
        "nabla: no lesson is called gradients/derivativ: did you mean gradients/derivative?\n"
    )
    assert ("", expected, 2) == outcome(run("run", "gradients/derivativ"))


def test_an_unknown_step_is_answered_with_the_nearest() -> None:
    done = run("run", f"derivative#{STEPS[2]}x")
    assert ("", 2) == (done.stdout, done.returncode)
    assert f"gradients/derivative has no step {STEPS[2]}x: write {STEPS[2]}" in done.stderr


@pytest.mark.parametrize("number", ["0", "99", "-1", "²"])
def test_a_step_number_out_of_range_is_refused_with_the_range(number: str) -> None:
    done = run("run", f"derivative#{number}")
    assert 2 == done.returncode
    assert "a number from 1 to " in done.stderr


@pytest.mark.parametrize(
    ("typed", "start_at"),
    [
        ("gradients/derivative", "gradients/derivative"),
        ("derivative", "gradients/derivative"),
        ("1", "gradients/derivative"),
        (f"derivative#{STEPS[2]}", f"gradients/derivative#{STEPS[2]}"),
        ("1#3", f"gradients/derivative#{STEPS[2]}"),
    ],
)
def test_the_app_starts_at_the_lesson_and_step_that_were_meant(
    typed: str, start_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str | None] = []
    monkeypatch.setattr(
        "tutor.bootstrap.run_app", lambda start_at, **_: started.append(start_at) or 5
    )
    monkeypatch.setattr("tutor.cli.output.have_terminal", lambda *_: True)
    assert (5, [start_at]) == (main(["run", typed]), started)


# --- list


def test_list_shows_one_lesson_a_line_with_id_state_and_title(begun: None) -> None:
    lines = run("list").stdout.splitlines()
    assert DERIVATIVE == lines[0].split()[0]
    assert [DERIVATIVE, STATE, "The derivative"] == [
        part.strip() for part in lines[0].split("  ") if part
    ]


def test_list_makes_no_progress_file(nabla_home: Path) -> None:
    assert "not started" in line_of(DERIVATIVE, run("list").stdout)
    assert not nabla_home.exists()


def test_a_closed_pipe_is_quiet() -> None:
    code = f"{quote(sys.executable)} -m tutor list | head -c 1 > /dev/null"
    done = subprocess.run(["bash", "-c", code], check=False, capture_output=True, text=True)
    assert "" == done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("words", [["list"], ["help", "lab"]])
def test_output_that_has_no_room_is_said_in_one_line(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tutor", *words],
            check=False, stdout=full, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
    assert 1 == done.returncode
    assert "nabla: what was printed has no room where it goes" in done.stderr
    assert 1 == done.stderr.count("\n")


def test_output_that_cannot_be_taken_in_full_is_quiet_about_it() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "tutor", "list"],
        check=False,
        stdout=writer,
        stderr=subprocess.PIPE,
    )
    os.close(writer)
    assert (b"", 141) == (done.stderr, done.returncode)


def test_characters_that_the_encoding_lacks_do_not_stop_the_list(begun: None) -> None:
    done = run_program("progress", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert 0 == done.returncode
    assert any(line.startswith("4?") and "slope-is-height" in line
               for line in done.stdout.splitlines())  # fmt: skip


# --- progress


def test_progress_shows_state_steps_attempts_and_misconceptions(begun: None) -> None:
    parts = line_of(DERIVATIVE, run("progress").stdout).split("  ")
    assert [DERIVATIVE, STATE, f"2 of {len(STEPS)}", "2"] == [
        part.strip() for part in parts if part
    ]


def test_progress_names_misconceptions_by_their_sentences(nabla_home: Path) -> None:
    store = open_store().store
    store.record_attempt(
        Attempt(
            learner=LOCAL_LEARNER, lesson=DERIVATIVE, step=STEPS[1], kind="choice", answer="0",
            correct=False, misconception="D1", at=NOON,
        )
    )  # fmt: skip
    store.close()
    assert "1×  The slope is the height of the curve." in run("progress").stdout


def test_a_look_at_the_progress_makes_no_file(nabla_home: Path) -> None:
    assert "None so far." in run("progress").stdout
    assert not nabla_home.exists()


def test_progress_in_a_lesson_that_left_the_course_is_still_shown(begun: None) -> None:
    line = line_of("gradients/left-the-course", run("progress").stdout)
    assert "not in this course" in line


def test_reset_lets_one_lesson_begin_anew(begun: None) -> None:
    assert ("gradients/derivative begins anew.\n", "", 0) == outcome(
        run("progress", "--reset", "derivative")
    )
    after = run("progress").stdout
    assert "not started" in line_of(DERIVATIVE, after)
    assert "gradients/left-the-course" in after


def test_a_lesson_that_left_the_course_can_be_reset(begun: None) -> None:
    assert 0 == run("progress", "--reset", "gradients/left-the-course").returncode
    assert "left-the-course" not in run("progress").stdout


def test_resetting_an_unknown_lesson_is_refused() -> None:
    done = run("progress", "--reset", "gradients/gradiant")
    assert (2, True) == (done.returncode, "did you mean gradients/gradient?" in done.stderr)


def test_resetting_all_without_a_terminal_and_without_yes_is_refused(begun: None) -> None:
    done = run("progress", "--reset", "--all")
    assert ("", 2) == (done.stdout, done.returncode)
    assert "add --yes" in done.stderr
    assert STATE in run("list").stdout


def test_resetting_all_with_yes_asks_nothing(begun: None) -> None:
    assert ("Every lesson begins anew.\n", "", 0) == outcome(
        run("progress", "--reset", "--all", "--yes")
    )
    assert "step 3" not in run("list").stdout


def test_in_a_terminal_resetting_all_asks_first(begun: None, nabla: Nabla) -> None:
    terminal = nabla("progress", "--reset", "--all", columns=100)
    terminal.wait_for("[y/N]")
    terminal.type("y\n")
    assert 0 == terminal.wait_for_exit()
    assert "Every lesson begins anew." in terminal.text
    assert "step 3" not in run("list").stdout


@pytest.mark.parametrize("answer", ["\n", "n\n", "what?\n", "\x04"])
def test_only_a_yes_resets(begun: None, nabla: Nabla, answer: str) -> None:
    terminal = nabla("progress", "--reset", "--all", columns=100)
    terminal.wait_for("[y/N]")
    terminal.type(answer)
    assert 0 == terminal.wait_for_exit()
    assert "Nothing was reset." in terminal.text
    assert STATE in run("list").stdout


def test_ctrl_c_at_the_question_resets_nothing_and_is_quiet(begun: None, nabla: Nabla) -> None:
    terminal = nabla("progress", "--reset", "--all", columns=100)
    terminal.wait_for("[y/N]")
    terminal.press("ctrl+c", "enter")  # Enter: for a Ctrl+C between the question and the reading
    assert 130 == terminal.wait_for_exit()
    assert "Traceback" not in terminal.text
    assert STATE in run("list").stdout


def test_a_reset_that_cannot_be_written_is_an_error(nabla_home: Path) -> None:
    nabla_home.write_text("a file where the folder should be")
    done = run("progress", "--reset", "derivative")
    assert ("", 1) == (done.stdout, done.returncode)
    assert "the reset is not on disk yet: " in done.stderr


def test_a_broken_progress_file_is_told_in_one_line(begun: None, nabla_home: Path) -> None:
    (nabla_home / "progress.sqlite3").write_bytes(b"not a database" * 1000)
    done = run("list")
    assert (1, 0) == (done.stderr.count("\n"), done.returncode)
    assert "progress.broken-" in done.stderr


# --- check


def test_check_finds_no_problem_in_our_own_lessons() -> None:
    done = run("check")
    assert ("", 0) == (done.stderr, done.returncode), done.stdout
    assert "no problems" in done.stdout


def test_check_lists_every_error_of_a_bad_lesson_with_file_and_line(tmp_path: Path) -> None:
    bad = tmp_path / "01-bad.yaml"
    bad.write_text("format: 1\nid: Not An Id\ncolour: blue\nminutes: -3\n")
    done = run("check", str(bad))
    assert ("", 1) == (done.stderr, done.returncode)
    assert {f"{bad}:{line}" for line in (2, 3, 4)} <= {
        line.split(": ")[0] for line in done.stdout.splitlines()
    }


def test_check_of_a_path_that_is_not_there_fails(tmp_path: Path) -> None:
    done = run("check", str(tmp_path / "nowhere"))
    assert (1, False) == (done.returncode, "Traceback" in done.stderr)
    assert "nowhere" in done.stdout + done.stderr


# --- errors


def fail(_: object) -> int:
    raise RuntimeError("something {odd}")


def test_an_unforeseen_error_is_one_line_and_its_traceback_is_kept(
    nabla_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tutor.cli.lessons.our_catalog", lambda: fail(None))
    status = main(["list"])
    log = nabla_home / "errors.log"
    written = capsys.readouterr()
    assert (70, "", 1) == (status, written.out, written.err.count("\n"))
    assert str(log) in written.err
    assert "RuntimeError: something {odd}" in log.read_text()


def test_nabla_debug_shows_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NABLA_DEBUG", "1")
    monkeypatch.setattr("tutor.cli.lessons.our_catalog", lambda: fail(None))
    assert 70 == main(["list"])
    assert capsys.readouterr().err.endswith("RuntimeError: something {odd}\n")


def test_where_the_data_folder_cannot_be_written_the_log_is_elsewhere(
    nabla_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nabla_home.write_text("a file where the folder should be")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    monkeypatch.setattr("tutor.cli.lessons.our_catalog", lambda: fail(None))
    main(["list"])
    assert str(tmp_path / "elsewhere" / "nabla" / "errors.log") in capsys.readouterr().err


def test_a_missing_package_is_named_with_the_mend() -> None:
    code = "import sys; sys.modules['yaml'] = None; import tutor.cli; tutor.cli.main(['list'])"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert ("", 1) == (done.stdout, done.stderr.count("\n"))
    assert "the package yaml is missing" in done.stderr


@pytest.mark.parametrize("place", ["before", "after", "environment"])
def test_more_lessons_are_listed(place: str, tmp_path: Path) -> None:
    assert 0 == run("new", str(tmp_path / "slopes" / "ramps.yaml")).returncode
    option = ["--lessons", str(tmp_path)]
    if place == "environment":
        listed = run("list", NABLA_LESSONS=str(tmp_path))
    else:
        listed = run(*option, "list") if place == "before" else run("list", *option)
    assert 0 == listed.returncode
    assert "slopes/ramps" in listed.stdout


def test_a_mistyped_command_after_an_option_with_a_value_is_still_named(tmp_path: Path) -> None:
    expected = "nabla: there is no command lst: did you mean list?\n"
    assert ("", expected, 2) == outcome(run("--lessons", str(tmp_path), "lst"))
