"""Colours stand out from their ground, for every eye."""

from itertools import combinations
from typing import get_args

import pytest

from tutor.charts.chart import Role
from tutor.charts.palette import DARK, HEAT_TONES, INKS, LIGHT, MONO, Ground


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


ON_SHADED_GROUND = (
    "axis", "path", "ahead", "start", "current", "minimizer", "beside", "cursor", "curve",
    "ghost1", "ghost2", "ghost3", "ghost4", "ghost5",
)  # fmt: skip
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


@pytest.mark.parametrize("ink", ON_SHADED_GROUND)
@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_what_is_drawn_on_shaded_grounds_stands_out_from_each(palette, ink):
    grounds = [*palette.heat, *palette.regions, palette.diverging]
    assert min(_contrast(palette.color(ink), ground) for ground in grounds) >= 3.0


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_the_heat_ramp_starts_at_the_ground_and_goes_one_way(palette):
    """By lightness alone, so that eyes without colour see the same order."""
    lights = [_luminance(tone) for tone in palette.heat]
    assert HEAT_TONES == len(lights)
    assert lights == sorted(lights, reverse=palette is LIGHT)


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_the_first_regions_differ_without_seeing_green(palette):
    for one, other in combinations(palette.regions[:4], 2):
        seen, other_seen = _as_seen_without_green(one), _as_seen_without_green(other)
        assert sum(abs(a - b) for a, b in zip(seen, other_seen, strict=True)) > 0.02


def test_regions_come_round_again():
    count = len(DARK.regions)
    assert DARK.background(Ground("region", 1)) == DARK.background(Ground("region", count + 1))


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
    kinds = ("heat", "region", "diverging")
    assert {None} == {MONO.background(Ground(kind, 3)) for kind in kinds}
