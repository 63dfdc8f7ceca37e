"""The whole program in a real terminal, used as a learner uses it."""

from __future__ import annotations

import re
import signal
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.course import course
from tests.terminal import Terminal
from tutor.store.model import LOCAL_LEARNER, ResumePoint
from tutor.store.opening import open_store

Start = Callable[..., Terminal]

SIZES = [(80, 24), (120, 36)]
STEPS = len(course().lesson("derivative").steps)


def value_of(screen: Terminal, label: str) -> float:
    """Return the value that stands behind a parameter's label."""
    shown = re.search(rf"{re.escape(label)}\s+(−?[\d.]+(?:e−?\d+)?)", screen.text)
    assert shown is not None, screen.picture()
    return float(shown[1].replace("−", "-"))


def open_lesson(nabla: Start, step: str, **size: int) -> Terminal:
    screen = nabla("run", step, **size)
    screen.wait_for(
        lambda shown: re.search(r"step \d+ of \d+", shown.text) and "Next" in shown.text
    )
    return screen


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_a_learner_works_through_steps_quits_and_comes_back(nabla: Start, columns, rows):
    """Map, first lesson, goal, wrong then right answer, quit, and Continue on the same step."""
    screen = nabla(columns=columns, rows=rows)
    screen.wait_for("Start: The derivative")
    screen.press("enter")
    screen.wait_for("━●")
    screen.press("enter")
    screen.wait_for("Reach the goal first")
    screen.type("0.2")
    screen.press("enter")
    screen.wait_for("✓ Goal")
    screen.press("n")
    screen.wait_for(f"step 2 of {STEPS}")
    screen.wait_for("By minute 5 she has come 0.2 km")
    taken = re.search(r"(\d)  By minute 5 she has come 0\.2 km", screen.text)
    right = re.search(r"(\d)  At minute 5 she moves", screen.text)
    assert taken is not None
    assert right is not None
    screen.press(taken[1])
    screen.wait_for("Not yet")
    screen.press("n")
    screen.wait_for("Choose an answer")
    screen.press(right[1])
    screen.wait_for("✓ Right")
    screen.press("n")
    screen.wait_for(f"step 3 of {STEPS}")
    screen.press("ctrl+q")
    assert screen.wait_for_exit() == 0

    again = nabla(columns=columns, rows=rows)
    again.wait_for(f"Continue: The derivative · step 3 of {STEPS}")
    again.press("enter")
    again.wait_for(f"step 3 of {STEPS}")


def test_a_parameter_follows_keys_typing_and_mouse(nabla: Start):
    """The chart's sentence follows the parameter, however it is turned."""
    screen = open_lesson(nabla, "derivative#tilt")
    start = value_of(screen, "your slope")
    screen.press("left", "left", "left")
    screen.wait_for(lambda _: value_of(screen, "your slope") == pytest.approx(start - 0.03))
    screen.press("shift+left")
    screen.wait_for(lambda _: value_of(screen, "your slope") == pytest.approx(start - 0.13))
    screen.type("0.3")
    screen.press("enter")
    screen.wait_for("Slope 0.3:")
    column, row = screen.find("your slope")
    screen.click(column + 26, row)
    screen.wait_for(lambda _: value_of(screen, "your slope") < 0.1)
    screen.press("ctrl+z")
    screen.wait_for("Slope 0.3:")


def test_held_keys_are_all_counted(nabla: Start):
    """Thirty presses in one burst are thirty steps, drawn when there is time."""
    screen = open_lesson(nabla, "derivative#tilt")
    start = value_of(screen, "your slope")
    screen.press(*["left"] * 30)
    screen.wait_for(lambda _: value_of(screen, "your slope") == pytest.approx(start - 0.3))


def test_nonsense_in_a_parameter_is_refused_and_the_old_value_stays(nabla: Start):
    """The reason stands in place of the track, until the value is turned."""
    screen = open_lesson(nabla, "derivative#tilt")
    before = value_of(screen, "your slope")

    def has_track(_: object) -> bool:
        return "━" in screen.lines[screen.find("your slope")[1]]

    for entry in ("0banana", "7", "1e999", "0.1.2", "0--", "1e-4 # 0.001"):
        screen.type(entry)
        screen.wait_for("▏")
        screen.press("enter")
        screen.wait_for(lambda _: not has_track(_))
        screen.wait_until_gone("▏")
        assert screen.shows(f"Slope {before:g}:"), entry
        screen.press("left", "right")
        screen.wait_for(has_track)
        screen.wait_for(lambda _: value_of(screen, "your slope") == pytest.approx(before))


def test_a_prediction_is_made_on_the_chart_and_enter_alone_makes_none(nabla: Start):
    """Move the guess, say how sure: guess and truth are on the chart, the miss in numbers."""
    screen = open_lesson(nabla, "gradient-descent#first-step")
    screen.press("right", "enter", "enter", "enter")
    screen.wait_for("Press 1, 2 or 3")
    assert "truth" not in screen.text
    screen.press("2")
    screen.wait_for("★ truth")
    screen.wait_for("Off by")


def test_a_click_on_the_chart_moves_the_guess(nabla: Start):
    screen = open_lesson(nabla, "gradient-descent#first-step")
    plane = [(c, r) for r, line in enumerate(screen.lines) for c, x in enumerate(line) if x == "✕"]
    column, row = plane[-1]
    screen.click(column, row)
    screen.wait_for(lambda _: abs(value_of(screen, "x₀")) < 1 and abs(value_of(screen, "x₁")) < 1)


def test_every_command_has_a_key_that_works_in_a_field(nabla: Start):
    """Letters are typed; the F and Ctrl keys hint, help, go to the map."""
    screen = open_lesson(nabla, "derivative#sixth-minute")
    screen.type("nbhq")
    screen.wait_for("nbhq")
    screen.press("f2")
    screen.wait_for("1. ")
    screen.press("f1")
    screen.wait_for("Go back a step; answers stay.")
    screen.press("escape")
    screen.wait_until_gone("Go back a step; answers stay.")
    screen.press("f7")
    screen.wait_for("learn gradients in your terminal")


def test_a_number_is_refused_beside_the_field_and_then_taken(nabla: Start):
    screen = open_lesson(nabla, "derivative#sixth-minute")
    screen.type("plenty")
    screen.press("enter")
    screen.wait_for("is unknown")
    assert "Not yet" not in screen.text
    screen.press("ctrl+u")
    screen.wait_for("a number, then Enter")
    screen.type("0.2")
    screen.press("enter")
    screen.wait_for("Not yet")
    screen.press("ctrl+u")
    screen.wait_for("a number, then Enter")
    screen.type("0.96 - 0.75")
    screen.press("enter")
    screen.wait_for("✓ Right")


def test_a_small_terminal_says_so_and_recovers(nabla: Start):
    screen = open_lesson(nabla, "derivative#tilt")
    screen.resize(20, 5)
    screen.wait_for("60×20")
    screen.resize(120, 36)
    screen.wait_for("your slope")
    screen.wait_for("A line that only grazes")


def test_the_theme_changes_in_place(nabla: Start):
    screen = open_lesson(nabla, "derivative#what-it-says")
    dark = screen.cell(2, 10).background
    screen.press("t")
    screen.wait_for(lambda _: screen.cell(2, 10).background != dark)


def leave_by_key(screen: Terminal) -> None:
    screen.press("ctrl+c")
    screen.wait_for_exit()


def leave_by_closing_the_window(screen: Terminal) -> None:
    screen.hang_up()
    screen.wait_for_exit()


def leave_by_sigterm(screen: Terminal) -> None:
    screen.signal(signal.SIGTERM)
    screen.wait_for_exit()


@pytest.mark.parametrize(
    "leave", [leave_by_key, leave_by_closing_the_window, leave_by_sigterm, Terminal.kill]
)
def test_however_one_leaves_everything_answered_is_there(nabla: Start, leave):
    screen = open_lesson(nabla, "derivative#what-it-says")
    right = re.search(r"(\d)  At minute 5 she moves", screen.text)
    assert right is not None
    screen.press(right[1])
    screen.wait_for("✓ Right")
    leave(screen)
    again = nabla()
    again.wait_for(f"Continue: The derivative · step 2 of {STEPS}")
    again.press("enter")
    again.wait_for("✓ Right")


@pytest.mark.parametrize("leave", [leave_by_key, leave_by_closing_the_window, leave_by_sigterm])
def test_parameters_come_back_as_they_were_left(nabla: Start, leave):
    screen = open_lesson(nabla, "derivative#tilt")
    screen.press("left", "left")
    wanted = 0.3
    screen.wait_for(lambda _: value_of(screen, "your slope") == pytest.approx(wanted))
    leave(screen)
    again = open_lesson(nabla, "derivative#tilt")
    assert wanted == pytest.approx(value_of(again, "your slope"))


def test_the_terminal_is_left_as_it_was(nabla: Start):
    screen = nabla()
    screen.wait_for("Start: The derivative")
    screen.press("q")
    assert screen.wait_for_exit() == 0
    assert screen.modes.isdisjoint({1000, 1003, 1006, 1049, 2004})


def test_a_broken_progress_file_is_kept_and_said(nabla: Start, nabla_home: Path):
    """The tutor opens, says what it did, and the old file is there under another name."""
    screen = open_lesson(nabla, "derivative#tilt")
    screen.press("ctrl+q")
    screen.wait_for_exit()
    (file,) = nabla_home.rglob("progress.sqlite3")  # beside it there may be a backup
    file.write_bytes(b"not a database at all " * 400)
    again = nabla()
    again.wait_for(lambda shown: "progress.broken-" in "".join("".join(shown.lines).split()))
    assert list(nabla_home.rglob("*broken*"))
    again.press("enter")
    again.wait_for(f"step 1 of {STEPS}")


def test_a_locked_progress_file_opens_the_tutor_and_keeps_the_answers(nabla: Start, nabla_home):
    """Another program holds the file: the tutor says so, goes on, and nothing answered is lost."""
    first = open_lesson(nabla, "derivative#tilt")
    first.press("ctrl+q")
    first.wait_for_exit()
    lock = sqlite3.connect(nabla_home / "progress.sqlite3", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    screen = nabla()
    screen.wait_for("Continue: The derivative")
    screen.press("enter")
    screen.wait_for("━●")
    screen.type("0.2")
    screen.press("enter")
    screen.wait_for("✓ Goal")
    screen.wait_for("has locked")
    screen.press("ctrl+q")
    screen.wait_for_exit()
    lock.close()
    again = open_lesson(nabla, "derivative#tilt")
    again.wait_for("✓ Goal")


def test_an_author_writes_a_lesson_beside_its_preview(nabla: Start, tmp_path: Path):
    """`new`, `preview`, a mistake, its mend; the learner's progress stays as it was."""
    file = tmp_path / "slopes" / "ramps.yaml"
    assert nabla("new", str(file)).wait_for_exit() == 0
    screen = nabla("preview", str(file))
    screen.wait_for("step 1 of 5")
    text = file.read_text("utf-8")
    file.write_text(text.replace("kind: predict", "kind: predicct"), "utf-8")
    screen.wait_for("write predict")
    file.write_text(text.replace("How steep is it?\n", "Steep?\n"), "utf-8")
    screen.wait_for("Steep?")
    screen.press("ctrl+q")
    assert screen.wait_for_exit() == 0
    assert not (tmp_path / "nabla").exists()


_WITHOUT: Final = """
import sys, threading

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name in ("numpy", "plotext", "sqlalchemy", "tutor.lesson.catalog", "tutor.lesson.model"):
            threading.Event().wait()

sys.meta_path.insert(0, Wall())
from tutor.cli import main
main([])
"""


def test_the_map_and_its_states_wait_for_no_lesson_and_no_library(tmp_path: Path):
    """Who imports NumPy, plotext, the database library or a lesson's model stands still here."""
    nabla_home = tmp_path / "nabla"
    store = open_store(nabla_home / "progress.sqlite3").store
    point = ResumePoint(
        learner=LOCAL_LEARNER, lesson="gradients/derivative", step="what-it-says", completed=1,
        total=STEPS, done=False, at=datetime(2026, 11, 29, tzinfo=UTC),
    )  # fmt: skip
    store.save_resume(point)
    store.close()
    with Terminal([sys.executable, "-c", _WITHOUT], home=tmp_path) as screen:
        screen.wait_for("Continue: The derivative · step 2 of")
        screen.press("down", "down", "down")
        screen.wait_for("2  Numerical differentiation")
        screen.kill()
