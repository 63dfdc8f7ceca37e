"""Plain mode as a whole program: in a terminal, and with pipes at both ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.course import course
from tests.terminal import Terminal
from tutor.store.model import LOCAL_LEARNER
from tutor.store.opening import open_store

Nabla = Callable[..., Terminal]
STEPS = len(course().lesson("derivative").steps)
PLAIN = [sys.executable, "-m", "tutor", "--plain"]


def piped(typed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PLAIN, *arguments], input=typed, capture_output=True, text=True, check=False
    )


def test_an_encoding_without_our_signs_has_them_spelt(monkeypatch) -> None:
    """−0.1 was read as ?0.1 on a Chinese console of old."""
    monkeypatch.setenv("PYTHONIOENCODING", "gbk")
    said = piped("look\nchart\nquit\n", "run", "gradient-descent").stdout
    assert "??" not in said
    assert set() == {c for c in said if not c.isascii()}


def kept_step(lesson: str) -> str | None:
    store = open_store().store
    point = store.resume_point(LOCAL_LEARNER, lesson)
    store.close()
    return point.step if point else None


def test_a_learner_works_in_a_terminal_quits_and_comes_back(nabla: Nabla) -> None:
    screen = nabla("--plain")
    screen.wait_for("Enter goes on with “The derivative”")
    screen.type("\n")
    screen.wait_for("your slope (slope) = 0.32")
    screen.type("0.2\n")
    screen.wait_for("Reached.")
    screen.type("\n")
    screen.wait_for("Type the number of your choice.")
    screen.type("quit\n")
    assert screen.wait_for_exit() == 0
    again = nabla("--plain", "run", "1")
    again.wait_for(f"Step 2 of {STEPS}: Slope and height.")


def test_ctrl_c_leaves_and_what_was_turned_is_kept(nabla: Nabla) -> None:
    screen = nabla("--plain", "run", "derivative#tilt")
    screen.wait_for("from −0.1 to 0.5")
    screen.type("0.25\n")
    screen.wait_for("Slope 0.25:")
    screen.press("ctrl+c")
    assert screen.wait_for_exit() == 130
    assert "Traceback" not in screen.text
    again = nabla("--plain", "run", "derivative")
    again.wait_for("your slope (slope) = 0.25;")


def test_lines_may_be_piped_in_and_out() -> None:
    done = piped("1\n0.2\n\n", "run", "derivative")
    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.endswith("Your progress is kept. Goodbye.\n")
    assert "what-it-says" == kept_step("gradients/derivative")


def test_no_control_sequence_is_written() -> None:
    assert None is re.search(r"[\x00-\x09\x0b-\x1f\x7f]", piped("1\nchart\n").stdout)


def test_bytes_that_are_no_text_are_answered_and_not_died_of() -> None:
    done = subprocess.run(
        [*PLAIN, "run", "1"], input=b"\xff\xfe\n", capture_output=True, check=False
    )
    assert 0 == done.returncode


def test_a_closed_pipe_ends_quietly_and_keeps_the_progress() -> None:
    """The reader goes away after the first line, as `head -1` does."""
    with subprocess.Popen(
        [*PLAIN, "run", "derivative"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write("0.2\n\n" * 3)
        process.stdin.close()
        assert "" == process.stderr.read()
        assert 141 == process.wait()


@pytest.mark.skipif(os.name != "posix", reason="signals of a terminal")
def test_a_hang_up_leaves_what_was_answered(nabla: Nabla) -> None:
    screen = nabla("--plain", "run", "derivative")
    screen.wait_for("from −0.1 to 0.5")
    screen.type("0.2\n\n")
    screen.wait_for(f"Step 2 of {STEPS}")
    screen.process.send_signal(signal.SIGHUP)
    screen.wait_for_exit()
    again = nabla("--plain", "run", "derivative")
    again.wait_for(f"Step 2 of {STEPS}")


def test_in_ascii_no_other_sign_is_written() -> None:
    said = piped("help\nlook\nchart\nquit\n", "--ascii", "run", "gradient-descent").stdout
    assert set() == {c for c in said if not c.isascii()}


def test_the_lab_has_no_plain_mode_and_says_so() -> None:
    done = piped("", "lab")
    assert (2, "nabla: the lab has no plain mode: leave --plain out\n") == (
        done.returncode,
        done.stderr,
    )


def test_no_screen_library_is_loaded() -> None:
    code = (
        "import sys; from tutor.cli import main; main(['--plain', 'run', '1']); "
        "print([m for m in sys.modules if m.startswith('textual')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input="chart\n", capture_output=True, text=True, check=True
    )
    assert "[]" == done.stdout.splitlines()[-1]
