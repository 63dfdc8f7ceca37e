"""Roles differ by more than colour, and arrows point where they go."""

import math
from typing import get_args

import pytest
from rich.cells import cell_len

from tutor.charts.chart import Role
from tutor.charts.marks import MARKS, arrow_head, exit_sign


@pytest.mark.parametrize(
    ("degrees", "head"),
    [(0, "→"), (45, "↗"), (90, "↑"), (135, "↖"), (180, "←"), (-135, "↙"), (-90, "↓"), (-45, "↘"),
     (20, "→"), (25, "↗"), (-179, "←")],
)  # fmt: skip
def test_a_head_points_along_its_arrow(degrees, head):
    angle = math.radians(degrees)
    assert head == arrow_head(math.cos(angle), math.sin(angle))


def test_every_role_has_marks_of_one_cell():
    assert set(get_args(Role)) == set(MARKS)
    assert {1} == {cell_len(mark.point) for mark in MARKS.values()}
    assert all(mark.ascii_point.isascii() and len(mark.ascii_point) == 1 for mark in MARKS.values())


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(
    "together",
    [
        ["start", "current", "minimizer", "guess", "truth", "forward", "central", "path"],
        ["start", "current", "minimizer", "path", "beside", "cursor",
         "ghost1", "ghost2", "ghost3", "ghost4", "ghost5"],
    ],
)  # fmt: skip
def test_points_of_one_chart_have_marks_of_their_own(together, ascii_only):
    """Those that meet in one picture: without colour they are still told apart."""
    marks = [MARKS[role].ascii_point if ascii_only else MARKS[role].point for role in together]
    assert len(together) == len(set(marks))


@pytest.mark.parametrize(
    ("direction", "sign"), [((1, 0), "▶"), ((-1, 0), "◀"), ((0, 1), "▲"), ((0, -1), "▼")]
)
def test_a_sign_points_off_the_chart(direction, sign):
    assert sign == exit_sign(*direction)
    assert exit_sign(*direction, ascii_only=True).isascii()
