"""How the lab looks: few pictures. How to take a wanted change: see test_pictures.py."""

from __future__ import annotations

import pytest

from tests.tui.labs import lab_app
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab.lab import Lab

SWINGING = Lab(
    setup=Setup(
        objective="elongated-bowl", start=(-8.0, 3.0), steps=60,
        rule=Rule(optimizer="momentum", learning_rate=0.1),
    ),
    curve="log-loss",
)  # fmt: skip


pytestmark = pytest.mark.usefixtures("truecolor")


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_a_run_with_ghosts(snap_compare, store, size):
    """Ghosts, the present run and the step that is looked at can be told apart.

    You should see the long bowl with an orange path and four grey ones, falling curves with the
    same marks, one page of settings (80×24) or all (else), and four charts at 200×60.
    """
    app = lab_app(store, SWINGING)
    assert snap_compare(app, terminal_size=size, press=["O", "b", "b"])


def test_a_divergence_explained(snap_compare, store):
    """You should see a path that leaves the chart, and why, with the key that helps."""
    app = lab_app(store)
    press = ["p", "enter", "n"]
    assert snap_compare(app, terminal_size=(80, 24), press=press)


def test_the_light_theme(snap_compare, store):
    """You should see a light ground and the cursor's cross on the contour, read off on top."""
    app = lab_app(store, SWINGING, dark=False)
    assert snap_compare(app, terminal_size=(120, 36), press=["c", "right", "up"])


def test_the_list_of_objectives(snap_compare, store):
    """You should see a list with formulas; "a formula of your own" stands first."""
    assert snap_compare(lab_app(store), terminal_size=(80, 24), press=["F"])


def test_the_help_of_the_lab(snap_compare, store):
    """You should see every key of the lab, whole, in one frame at 80×24."""
    assert snap_compare(lab_app(store), terminal_size=(80, 24), press=["question_mark"])
