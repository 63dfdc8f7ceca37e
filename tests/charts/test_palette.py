"""Colours stand out from their ground, for every eye."""

from typing import get_args

import pytest

from tutor.charts.chart import Role
from tutor.charts.palette import DARK, INKS, LIGHT, MONO


def _luminance(color):
    """Relative luminance of sRGB (WCAG 2.2)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in color)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


_GROUNDS = [(DARK, 0x12), (DARK, 0x1E), (LIGHT, 0xE0), (LIGHT, 0xFF)]


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize(("palette", "ground"), _GROUNDS)
def test_every_ink_has_a_contrast_of_three_to_one(palette, ground, ink):
    assert _contrast(palette.color(ink), (ground,) * 3) >= 3.0


def _as_seen_without_green(color):
    """Deuteranopia, complete (G. Machado, M. Oliveira, L. Fernandes 2009), on linear light."""
    matrix = ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969))
    linear = [(v / 255) ** 2.2 for v in color]
    return [sum(m * v for m, v in zip(row, linear, strict=True)) for row in matrix]


@pytest.mark.parametrize("palette", [DARK, LIGHT])
@pytest.mark.parametrize(
    ("one", "other"),
    [("curve", "tangent"), ("curve", "line"), ("forward", "central"), ("uphill", "downhill"),
     ("path", "contour"), ("path", "downhill"), ("guess", "truth"), ("current", "contour")],
)  # fmt: skip
def test_inks_of_one_chart_differ_without_seeing_green(palette, one, other):
    seen, other_seen = (_as_seen_without_green(palette.color(ink)) for ink in (one, other))
    assert sum(abs(a - b) for a, b in zip(seen, other_seen, strict=True)) > 0.1


def test_each_role_and_the_axis_has_an_ink():
    assert {*get_args(Role), "axis"} == set(INKS)


def test_mono_has_no_colour():
    assert {None} == {MONO.color(ink) for ink in INKS}
