"""The lab in a real terminal: asked, played, branched, taken away and brought back."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tutor.engine.descent.run import run
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.state_code import decode, encode

Start = Callable[..., Terminal]

BOWL = Setup(objective="elongated-bowl", start=(-7.0, 2.0), rule=Rule(learning_rate=0.9), steps=30)


def open_lab(nabla: Start, *arguments: str, **settings: object) -> Terminal:
    screen = nabla("lab", *arguments, **settings)
    screen.wait_for("∇ Lab")
    screen.wait_for("steps/s")
    screen.wait_for("Step")
    return screen


def copied_code(screen: Terminal) -> str:
    """Return the whole state code, put together again from its lines."""
    screen.press("y")
    screen.wait_for("State code")
    screen.wait_for("Copied, if")
    boxed = [line.strip("│ ") for line in screen.lines]
    first = next(n for n, line in enumerate(boxed) if line.startswith("nabla1:"))
    lines = boxed[first : next(n for n in range(first, len(boxed)) if not boxed[n])]
    screen.press("enter")
    screen.wait_until_gone("State code")
    return "".join(lines)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 36)])
def test_a_learner_goes_from_a_lesson_to_the_lab_and_back(nabla: Start, columns, rows):
    """Turn η, step back, branch, pin, play; Esc returns to the step."""
    screen = nabla("run", "gradient-descent#reach-the-floor", columns=columns, rows=rows)
    screen.wait_for("Goal")
    screen.press("L")
    screen.wait_for("∇ Lab")
    screen.wait_for("step 20 of 20")
    eta = re.search(r"η +([\d.]+)", screen.text)
    assert eta is not None
    screen.press("right")
    screen.wait_for(lambda _: eta[0] not in screen.text)
    screen.press("b", "b")
    screen.wait_for("step 18 of 20")
    screen.press("K")
    screen.wait_for("From step 18 on η is")
    screen.wait_for("╋")
    screen.press("g")
    # Two steps are played: on a busy machine both may come in one frame, and ❚❚ in none.
    screen.press("space")
    screen.wait_for("▶  step 20 of 20")
    screen.press("escape")
    screen.wait_for("Goal")


def test_a_formula_with_a_mistake_is_mended_and_run(nabla: Start):
    screen = open_lab(nabla, columns=120, rows=36)
    screen.press("F")
    screen.wait_for("a formula of your own")
    screen.press("home", "enter")
    screen.wait_for("^p Play")
    screen.press("ctrl+u")
    screen.wait_for("type a formula in x")
    screen.type("x0**2 + siin(x1)")
    screen.wait_for("did you mean sin?")
    screen.press("enter")
    screen.wait_for(lambda _: screen.text.count("did you mean sin?") == 2)
    assert "f = x₀² + x₁²" in screen.text
    screen.press(*["backspace"] * 8)
    screen.wait_for("something is missing")
    screen.type("sin(x1)")
    screen.wait_for("∇f = (2x₀, cos(x₁))")
    screen.press("enter")
    screen.wait_for("f = x₀² + sin(x₁)")


def test_the_state_code_brings_everything_back(nabla: Start):
    """What one terminal shows, another opens: setting, branch, ghost, step, view."""
    first = open_lab(nabla, encode(BOWL), columns=120, rows=36)
    first.press("g", "left")
    first.wait_for("◇ ")
    first.press("b", "b", "b")
    first.wait_for("step 27 of 30")
    first.press("K")
    first.wait_for("From step 27 on")
    first.press("l", "l", "w")
    first.wait_for("‹heat map›")
    code = copied_code(first)
    assert decode(code).setup.branches
    again = open_lab(nabla, code, columns=120, rows=36)
    again.wait_for("step 27 of 30")
    again.wait_for("‹heat map›")
    assert code == copied_code(again)


def test_a_code_is_pasted_into_the_running_lab(nabla: Start):
    screen = open_lab(nabla)
    screen.paste(encode(Lab(setup=BOWL, step=7)))
    screen.wait_for("step  7 of 30")


@pytest.mark.parametrize("code", ["nabla1:o=sphere", "nabla9:o=sphere/n=5:1234567", "hello"])
def test_a_bad_code_is_one_line_on_stderr(code):
    command = [sys.executable, "-m", "tutor", "lab", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (2, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert done.stderr.startswith("nabla: ")


def test_the_exported_script_ends_where_the_run_ends(nabla: Start, tmp_path: Path):
    """Written by keys, run by Python alone, its last line compared with the run."""
    setup = Setup(rule=Rule(optimizer="adam", learning_rate=0.3), steps=25)
    folder = tmp_path / "taken away"
    folder.mkdir()
    screen = open_lab(nabla, encode(setup), cwd=folder)
    screen.press("e")
    screen.wait_for("NumPy script")
    screen.press("enter")
    screen.wait_for("Written:")
    printed = subprocess.run(
        [sys.executable, "-I", str(folder / "nabla-run.py")],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert str(run(setup).points[-1].tolist()) == printed.splitlines()[-1]
    assert {".md", ".py", ".csv", ".svg"} == {path.suffix for path in folder.iterdir()}


def test_the_mouse_alone_sets_start_step_and_view(nabla: Start):
    screen = open_lab(nabla, encode(BOWL), columns=120, rows=36)
    screen.wait_for("‹contour›")
    screen.click_on("‹contour›")
    screen.wait_for("heat map")
    screen.click_on("heat map")
    screen.wait_for("‹heat map›")
    before = re.search(r"start x₀ +(\S+)", screen.text)
    assert before is not None
    screen.click(40, 6)
    screen.wait_for(lambda _: before[0] not in screen.text)
    column, row = screen.find("30 of 30 ━")
    screen.click(column + 12, row)
    screen.wait_for(lambda _: re.search(r"step +\d of 30", screen.text))
    screen.click_on("Ghost")
    screen.wait_for("◇ ")


def test_keys_held_for_long_are_all_counted(nabla: Start):
    """Forty tenths of a decade down from 1, and twenty-seven up again."""
    screen = open_lab(nabla, encode(BOWL))
    screen.press(*["left"] * 40, *["right"] * 27)
    screen.wait_for(lambda _: re.search(r"η +0\.0501 ", screen.text))


def test_leaving_while_a_long_run_is_computed_is_quick(nabla: Start):
    """Nothing keeps the program from ending."""
    setup = Setup(rule=Rule(optimizer="adam", gradient="numerical"), steps=1_000_000)
    screen = nabla("lab", encode(setup))
    screen.wait_for("Computing")
    screen.press("q")
    assert 0 == screen.wait_for_exit(20.0)
