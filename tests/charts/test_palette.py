"""Colours stand out from their ground, for every eye."""

from itertools import combinations, pairwise
from typing import get_args

import pytest

from tests.charts.colour_vision import EYES, contrast, distance, lab, nearest
from tutor.charts.chart import Role
from tutor.charts.marks import MARKS
from tutor.charts.palette import (
    CONTRAST,
    DARK,
    HEAT_TONES,
    INKS,
    LIGHT,
    MONO,
    PIXEL_TONES,
    SURFACE_LIGHTS,
    SURFACE_TONES,
    VIVID,
    Ground,
    ramp,
    rgb,
    without_grounds,
)

_GROUNDS = [(DARK, 0x12), (DARK, 0x1E), (LIGHT, 0xE4), (LIGHT, 0xFF), (VIVID, 0x12),
            (VIVID, 0x1E), (CONTRAST, 0x00)]  # fmt: skip
NO_TEXT = {"contour"}
"""Inks that write no words, numbers or marks: 3:1 is enough (WCAG 2.2, 1.4.11)."""
EVERY_PALETTE = pytest.mark.parametrize(
    "palette", [DARK, LIGHT, VIVID, CONTRAST], ids=["dark", "light", "vivid", "contrast"]
)


def _least(ink):
    return 3.0 if ink in NO_TEXT else 4.5


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
     ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
     ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
     ((50, 2.5, 0), (73, 25, -18), 27.1492),
     ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082)],
)  # fmt: skip
def test_distances_are_those_of_sharma(one, other, expected):
    """Table 1 of G. Sharma, W. Wu, E. Dalal, "The CIEDE2000 Color-Difference Formula" (2005)."""
    assert expected == pytest.approx(distance(one, other), abs=1e-4)


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize(("palette", "ground"), _GROUNDS)
def test_every_ink_stands_out_from_the_ground(palette, ground, ink):
    assert contrast(palette.color(ink), (ground,) * 3) >= _least(ink)


@pytest.mark.parametrize("ink", INKS)
@EVERY_PALETTE
def test_every_ink_stands_out_from_each_shaded_cell(palette, ink):
    grounds = [*palette.heat, *palette.regions, palette.diverging]
    assert min(contrast(palette.color(ink), ground) for ground in grounds) >= _least(ink)


@pytest.mark.parametrize("eye", EYES)
@EVERY_PALETTE
def test_the_heat_ramp_starts_at_the_ground_and_goes_one_way(palette, eye):
    """By lightness alone, so that each eye sees the same order, in steps of about one size."""
    assert HEAT_TONES == len(palette.heat)
    seen = [lab(tone, eye) for tone in palette.heat]
    lights = [light for light, *_ in seen]
    assert lights == sorted(lights, reverse=palette is LIGHT)
    steps = [distance(one, other) for one, other in pairwise(seen)]
    assert 0.4 < min(steps)
    assert max(steps) < 5.0


@pytest.mark.parametrize("eye", EYES)
@EVERY_PALETTE
def test_a_surface_rises_from_dark_to_light_for_every_eye(palette, eye):
    """In height under full light, and in light at each height: in steps of about one size."""
    assert SURFACE_TONES * SURFACE_LIGHTS == len(palette.surface)
    tones = [
        [lab(palette.surface[k * SURFACE_LIGHTS + n], eye)[0] for n in range(SURFACE_LIGHTS)]
        for k in range(SURFACE_TONES)
    ]
    for rising in (*tones, [tone[-1] for tone in tones]):
        assert rising == sorted(rising)
    steps = [distance(lab(one, eye), lab(other, eye)) for one, other in pairwise(
        palette.surface[SURFACE_LIGHTS - 1 :: SURFACE_LIGHTS])]  # fmt: skip
    assert 0.5 < min(steps)
    assert max(steps) < 13


@EVERY_PALETTE
def test_the_first_regions_differ_for_every_eye(palette):
    for one, other in combinations(palette.regions[:4], 2):
        assert nearest(one, other)[0] > 4.0


def test_regions_come_round_again():
    count = len(DARK.regions)
    assert DARK.background(Ground("region", 1)) == DARK.background(Ground("region", count + 1))


ON_ONE_CHART = {
    "a curve and its lines": {"curve", "tangent", "secant", "line", "current", "reference"},
    "errors": {"forward", "central", "reference", "current", "limit"},
    "a descent": {"path", "ahead", "beside", "start", "current", "minimizer", "cursor", "field",
                  "contour", "ghost1", "ghost2", "ghost3", "ghost4", "ghost5"},
    "a race": {"path", "rival1", "rival2", "rival3", "rival4", "rival5", "start", "minimizer",
               "field", "contour", "reference"},
    "a question": {"path", "start", "guess", "truth", "uphill", "downhill", "field", "contour",
                   "minimizer", "slice0", "slice1", "target", "maximum", "saddle"},
    "a training": {"batch", "trained", "held_out", "limit", "current", "reference"},
}  # fmt: skip


def _stroke(role):
    """What a line of a role looks like without its colour."""
    mark = MARKS[role]
    return mark.pattern, mark.point if mark.on_line else ""


WITHOUT_MARKS = {
    "curve", "tangent", "secant", "line", "slice0", "slice1", "contour", "reference", "ahead",
    "limit", "batch",
}  # fmt: skip
LINES = WITHOUT_MARKS | {role for role in get_args(Role) if MARKS[role].on_line}


def _look_different(one, other):
    if {one, other} <= LINES:
        return _stroke(one) != _stroke(other)
    is_line_and_mark = bool({one, other} & WITHOUT_MARKS)
    return is_line_and_mark or MARKS[one].point != MARKS[other].point


@pytest.mark.parametrize("chart", ON_ONE_CHART)
@EVERY_PALETTE
def test_what_meets_on_a_chart_is_told_apart_by_every_eye(palette, chart):
    """Two lines differ by colour for every eye or by their stroke, what is a point by its mark."""
    for one, other in combinations(sorted(ON_ONE_CHART[chart]), 2):
        colors = palette.color(one), palette.color(other)
        assert _look_different(one, other) or nearest(*colors)[0] >= 15, (
            one,
            other,
            nearest(*colors),
        )


def test_five_rivals_and_the_path_have_six_colours_and_six_marks():
    rivals = ("path", "rival1", "rival2", "rival3", "rival4", "rival5")
    assert 6 == len({MARKS[role].point for role in rivals})
    for palette in (DARK, LIGHT, VIVID, CONTRAST):
        for one, other in combinations(rivals, 2):
            assert nearest(palette.color(one), palette.color(other))[0] >= 15


def test_each_role_and_the_axis_has_an_ink():
    assert {*get_args(Role), "axis"} == set(INKS)


def test_mono_has_no_colour():
    assert {None} == {MONO.color(ink) for ink in INKS}
    kinds = ("heat", "region", "diverging")
    assert {None} == {MONO.background(Ground(kind, 3)) for kind in kinds}


def test_few_colours_shade_no_cell_but_those_of_pictures():
    few = without_grounds(DARK)
    assert {None} == {few.background(Ground(kind, 3)) for kind in ("heat", "region", "diverging")}
    assert (DARK.hues, DARK.pixels) == (few.hues, few.pixels)
    assert PIXEL_TONES == len(few.pixels)


@pytest.mark.parametrize(
    ("lab", "color"),
    [
        ((0, 0, 0), (0, 0, 0)),
        ((100, 0, 0), (255, 255, 255)),
        ((53.2408, 80.0925, 67.2032), (255, 0, 0)),
        ((87.7347, -86.1827, 83.1793), (0, 255, 0)),
        ((32.2970, 79.1875, -107.8602), (0, 0, 255)),
        ((53.5850, 0, 0), (128, 128, 128)),
    ],
)
def test_colours_agree_with_the_published_ones(lab, color):
    """The primaries of sRGB in CIELAB (D65), and its middle grey."""
    assert color == pytest.approx(rgb(*lab), abs=1)


def test_a_colour_that_no_screen_has_becomes_the_nearest_that_it_has():
    assert all(0 <= part <= 255 for part in rgb(60, 120, -120))


def test_a_ramp_of_greys_rises_by_equal_steps_of_lightness():
    """L* of 0, 25, 50, 75, 100 as sRGB: 0, 59, 119, 185, 255."""
    greys = [color[0] for color in ramp((0, 0, 0), (100, 0, 0), count=5)]
    assert [0, 59, 119, 185, 255] == greys
