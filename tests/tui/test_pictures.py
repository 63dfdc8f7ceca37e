"""How the screens look: few pictures, each of one screen.

After a wanted change, look at them (`pytest tests/tui/test_pictures.py` writes
snapshot_report.html) and take them with `--snapshot-update`.
"""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.tui.apps import SIZES, lesson_screen, sample_catalog, tutor_app, until
from tutor.engine.lesson.events import CodeChecked, CodeSubmitted
from tutor.lesson.programs import Fault, Outcome
from tutor.tui.widgets.code_editor import CodeEditor

pytestmark = pytest.mark.usefixtures("truecolor")


@pytest.mark.parametrize("size", SIZES)
def test_the_course_map(snap_compare, store, size):
    """The map names lessons, states and what to do next.

    You should see the lessons with their states, "Start: The derivative" highlighted, and what
    the lesson teaches (at 120×36 beside the list, at 80×24 under it).
    """
    assert snap_compare(tutor_app(store), terminal_size=size)


@pytest.mark.parametrize("size", SIZES)
def test_a_curve_with_the_learners_line(snap_compare, store, size):
    """You should see a curve, a straight line through the yellow point, a slider and a goal."""
    app = tutor_app(store, "gradients/derivative#tilt")
    assert snap_compare(app, terminal_size=size, press=["left", "left"])


@pytest.mark.parametrize("size", SIZES)
def test_the_error_against_h(snap_compare, store, size):
    """Rounding and truncation are one picture.

    You should see two V-shaped curves on logarithmic axes, forward and central, with
    different marks, and a dotted line at the present h.
    """
    app = tutor_app(store, "gradients/numerical-differentiation#forward-valley")
    assert snap_compare(app, terminal_size=size, press=["shift+left"])


@pytest.mark.parametrize("size", SIZES)
def test_a_prediction_after_the_reveal(snap_compare, store, size):
    """Guess and truth stand on the same chart.

    You should see a contour with a field of arrows that point to the middle, guess and truth
    with different marks, the miss in numbers and the worked step.
    """
    app = tutor_app(store, "gradients/gradient-descent#first-step")
    press = ["right", "right", "right", "enter", "1"]
    assert snap_compare(app, terminal_size=size, press=press)


@pytest.mark.parametrize("size", SIZES)
def test_a_descent_with_its_loss_curve(snap_compare, store, size):
    """The path and its loss belong together.

    You should see a path on a contour and the falling loss; side by side at 80×24, one above
    the other at 120×36.
    """
    app = tutor_app(store, "gradients/gradient-descent#reach-the-floor")
    assert snap_compare(app, terminal_size=size, press=["right", "right"])


@pytest.mark.parametrize("size", SIZES)
def test_a_program_with_a_line_at_fault(snap_compare, store, size):
    """A fault stands in words and in the program.

    You should see a program in colours, its second line marked, what is wrong with it, what it
    printed, and how to run it.
    """
    app = tutor_app(store, "gradients/sample#write-it", catalog=sample_catalog())

    async def run_it(pilot: Pilot[None]) -> None:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: bool(screen.query(CodeEditor)))
        source = "def step(x, gradient, rate):\n    return x - rate * gradiant(x)\n"
        editor = screen.query(CodeEditor).first()
        editor.cursor_blink = False
        editor.write_anew(source)
        fault = Fault(("NameError",), "", 2, "gradiant", "gradient")
        screen.take(CodeSubmitted(source))
        screen.take(CodeChecked("write-it", Outcome("done", (), fault, printed="[1. 1.]\n")))
        await until(pilot, lambda: editor.fault_line == 2)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=run_it)


def test_the_light_theme(snap_compare, store):
    """You should see a light ground and a question with one choice marked as wrong."""
    app = tutor_app(store, "gradients/derivative#what-it-says", dark=False)
    assert snap_compare(app, terminal_size=SIZES[1], press=["2"])


@pytest.mark.parametrize("where", [None, "derivative"])
def test_the_help(snap_compare, store, where):
    """You should see the keys of the map (of a lesson), and how to close at the foot."""
    assert snap_compare(tutor_app(store, where), terminal_size=SIZES[0], press=["question_mark"])


def test_a_terminal_too_small(snap_compare, store):
    """You should see one sentence that says how large the terminal must be."""
    assert snap_compare(tutor_app(store), terminal_size=(40, 12))


def test_the_picture_of_readme(snap_compare, store):
    """README begins with this picture: change it there by changing it here.

    You should see a map of heights with arrows that point to its middle, the guess, the truth and
    the way there, what was wrong in words, and the step in numbers.
    """
    app = tutor_app(store, "gradients/gradient-descent#first-step")
    press = ["right", "right", "right", "enter", "1"]
    assert snap_compare(app, terminal_size=(104, 30), press=press)
