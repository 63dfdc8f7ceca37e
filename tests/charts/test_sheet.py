"""Sheets: tables of signed numbers and small pictures, without axes."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len

from tests.examples import examples
from tutor.charts.chart import Axis, Chart, Entry, Pictures, Table
from tutor.charts.palette import DARK, LIGHT, MONO, PIXEL_TONES
from tutor.charts.plotext_renderer import ChartRenderer

_VALUES = np.array([[0.25, -1.5, 0.0], [-0.125, 12.0, 3.0]])
_RAMP = np.linspace(0.0, 1.0, 64).reshape(8, 8)


def table(title="dW", values=_VALUES):
    return Table(title, values, ("x0", "x1"), ("class 0", "class 1", "类别 2"))


def sheet(*layers, title="weights", note=""):
    return Chart(title, Axis(""), Axis(""), layers=layers, note=note)


def render(chart, width=60, height=14, *, palette=DARK, ascii_only=False):
    return ChartRenderer(ascii_only=ascii_only).render(chart, width, height, palette)


def lines(picture):
    """Return the rows without their margin of one cell."""
    return [line[1:].rstrip() for line in picture.to_text().split("\n")]


@examples(60)
@given(st.integers(20, 130), st.integers(6, 40), st.booleans(), st.booleans())
def test_a_sheet_has_the_size_asked_for(width, height, ascii_only, mono):
    """Three tables with Chinese heads and marks, and pictures beyond what there is room for."""
    marked = sheet(table("W"), table(), table("new W"), Entry(0, 1, "guess", "猜测"), note="目标")
    pictures = sheet(Pictures(np.array([_RAMP] * 30), ("数字",) * 30))
    for chart in (marked, pictures):
        palette = MONO if mono else LIGHT
        picture = render(chart, width, height, palette=palette, ascii_only=ascii_only)
        sizes = [sum(cell_len(span.text) for span in row) for row in picture.rows]
        assert [width] * height == sizes


def test_numbers_stand_with_their_points_in_line():
    picture = lines(render(sheet(table())))
    first, second = picture[3], picture[4]
    columns = [[k for k, c in enumerate(row) if c == "."] for row in (first, second)]
    assert 3 == len(columns[0])
    assert columns[0] == columns[1]


def test_a_head_of_double_width_ends_where_its_numbers_end():
    heads, numbers = lines(render(sheet(table())))[2:4]
    assert cell_len(heads) == cell_len(numbers)


def test_every_number_but_zero_has_its_sign_and_its_colour():
    """The sign by character and by colour: neither alone."""
    row = render(sheet(table())).rows[3]
    inks = {
        word: span.color
        for span in row
        for word in span.text.split()
        if any(map(str.isdigit, word))
    }
    assert {"x0", "+0.250", "−1.500", "0.000"} == set(inks)
    assert [DARK.color("uphill"), DARK.color("downhill")] == [inks["+0.250"], inks["−1.500"]]


def test_tables_stand_side_by_side_where_they_fit_and_else_below():
    both = sheet(table("W"), table("dW"))
    assert any("W" in line and "dW" in line for line in lines(render(both, 80)))
    assert not any(line.startswith("W") and "dW" in line for line in lines(render(both, 45)))


def test_tables_below_each_other_share_their_columns():
    picture = lines(render(sheet(table("W"), table("a long corner")), 45))
    ends = {len(line) for line in picture if line.startswith("x0")}
    assert 1 == len(ends)


@pytest.mark.parametrize("size", [(38, 10), (76, 10), (120, 14)])
def test_three_tables_of_the_course_fit_on_a_small_screen(size):
    picture = lines(render(sheet(table("W"), table("dW"), table("new W")), *size))
    assert 3 == sum(line.count("x1 ") for line in picture)


def test_a_place_on_the_first_table_is_its_column_and_row():
    picture = render(sheet(table()))
    area = picture.area
    assert {(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)} == {
        (round(x), round(-y))
        for column in range(area.left, area.left + area.columns)
        for row in range(area.top, area.top + area.rows)
        for x, y in [area.to_data(column, row)]
    }
    row = lines(picture)[area.top]
    for k, text in enumerate(("+0.250", "−1.500", "0.000")):
        middle = 1 + row.index(text) + 3
        assert k == round(area.to_data(middle, area.top)[0])


def test_guess_and_truth_on_one_entry_are_both_seen():
    marks = (Entry(0, 1, "guess", "your guess"), Entry(0, 1, "truth", "truth"))
    picture = lines(render(sheet(table(), *marks)))
    assert "◆−1.500★" in picture[3]
    assert "◆ your guess  ★ truth" in picture[0]


def test_a_pixel_is_the_lighter_the_more_ink_it_has():
    """On a dark ground; eight tones of a row stand in order, two cells each."""
    row = np.tile(np.linspace(0.0, 1.0, 8), (8, 1))
    picture = render(sheet(Pictures(row[None], ("7",))))
    grounds = [span.background for span in picture.rows[1] if span.background]
    lightness = [sum(ground) for ground in grounds]
    assert sorted(set(lightness)) == lightness
    assert 8 == len(grounds)
    assert {2} == {len(span.text) for span in picture.rows[1] if span.background}


def test_without_colour_a_pixel_is_a_mark():
    dark_to_light = np.tile(np.repeat([0.0, 1.0], 4), (8, 1))
    picture = render(sheet(Pictures(dark_to_light[None], ("",))), palette=MONO)
    assert "        ████████" == lines(picture)[1]


def test_signed_pixels_without_colour_show_their_sign():
    values = np.tile(np.array([-1.0, -0.5, 0.0, 0.5, 1.0, 0.0, 0.0, 1.0]), (8, 1))
    picture = render(sheet(Pictures(values[None], ("",), signed=True)), ascii_only=True)
    assert "==--  ++##    ##" == lines(picture)[1]


def test_many_pictures_become_small_ones():
    """Twenty do not fit in large; half as large they take four rows and a caption."""
    many = sheet(Pictures(np.array([_RAMP] * 12), tuple(map(str, range(12)))))
    picture = lines(render(many, 60, 14))
    assert "▀" * 8 in picture[1]
    assert list(map(str, range(6))) == picture[5].split()
    assert list(map(str, range(6, 12))) == picture[10].split()


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_signed_tones_go_one_way_in_lightness(palette):
    def luminance(color):
        linear = [(v / 255) ** 2.2 for v in color]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lights = [luminance(tone) for tone in palette.signed_pixels]
    assert PIXEL_TONES == len(lights)
    assert sorted(lights) == lights
