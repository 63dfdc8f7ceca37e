"""Ramps are even for the eye."""

import pytest

from tutor.charts.ramps import ramp, rgb


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
