"""A chart of any data becomes a picture of exactly the size asked for."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from plotext._figure import _figure_class
from rich.cells import cell_len

from tests.charts.pictures import (
    blank_chart,
    bowl,
    cells_with,
    descent_chart,
    free_chart,
    line,
    points,
)
from tests.examples import examples
from tutor.charts.chart import (
    Arrow,
    ArrowField,
    Axis,
    AxisRange,
    Backdrop,
    Chart,
    ContourLayer,
    Line,
)
from tutor.charts.palette import DARK, LIGHT, MONO
from tutor.charts.plotext_renderer import KEPT_BACKDROPS, ChartRenderer
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.view import StepView
from tutor.i18n import message
from tutor.lesson.catalog import load_catalog
from tutor.lesson.folders import find_lesson_folders

_PATH = np.array([[-3.0, -2.4, -1.92], [4.0, 3.2, 2.56]])
_SIZES = st.tuples(st.integers(0, 100), st.integers(0, 45))
_VALUES = st.lists(st.floats() | st.floats(-10, 10), max_size=6)


def _render(chart, width=70, height=28, *, palette=DARK, ascii_only=False):
    return ChartRenderer(ascii_only=ascii_only).render(chart, width, height, palette)


def _sizes(picture):
    return [sum(cell_len(span.text) for span in row) for row in picture.rows]


@settings(deadline=None)
@given(_SIZES, st.booleans(), st.booleans())
def test_a_picture_has_the_size_asked_for(size, ascii_only, equal):
    """From nothing to a large window, with every kind of layer, title and Chinese label."""
    width, height = size
    chart = Chart(
        "梯度下降 Descent", Axis("第几步"), Axis("损失", AxisRange(-5, 5)), equal_aspect=equal,
        layers=(line([0, 3], [1, 4], "path", "路径"), Arrow(0, 0, 3, 3, "downhill", "−∇f")),
        backdrop=Backdrop("k", (ContourLayer(bowl), ArrowField(lambda p: -p))), note="走出了图",
    )  # fmt: skip
    assert [width] * height == _sizes(_render(chart, width, height, ascii_only=ascii_only))


@settings(deadline=None)
@given(
    _VALUES,
    _VALUES,
    st.sampled_from(["linear", "log"]),
    st.sampled_from(["path", "curve", "forward"]),
)
def test_no_data_disturbs_a_picture(x, y, scale, role):
    """NaN, infinities, 1e308, constants, one point, none: no warning (an error here), full size."""
    arrow = Arrow((x or [0.0])[0], (y or [1.0])[0], *(y or [2.0])[:1], 1.0, "uphill", "up")
    chart = free_chart(line(x, y, role, "a"), points(y, x, label="b"), arrow, scale=scale)
    assert [40] * 14 == _sizes(_render(chart, 40, 14))


def test_a_field_of_nothing_disturbs_no_picture():
    """Functions that are NaN, infinite or enormous on half the chart, and a direction likewise."""
    wild = [lambda p: np.log(p[0]) / 0.0, lambda p: p[0] * 1e308, lambda p: np.exp(p[1] * 1e9)]
    for number, f in enumerate(wild):
        layers = ContourLayer(f), ArrowField(lambda p, f=f: np.stack([f(p), -f(p)]))
        span = Axis("", AxisRange(-5, 5))
        chart = Chart("", span, span, backdrop=Backdrop(number, layers))
        assert [50] * 16 == _sizes(_render(chart, 50, 16))


def test_a_chinese_title_stands_over_the_middle_of_the_canvas():
    picture = _render(free_chart(line([0, 1], [0, 1]), title="学习率"), 40, 10)
    header = picture.to_text().split("\n")[0]
    before = cell_len(header[: header.index("学")])
    assert picture.area.left + picture.area.columns / 2 == pytest.approx(before + 3, abs=1)


def test_words_are_those_of_the_session():
    chart = free_chart(line([0, 1], [0, 1], label=message("slope {s}", s=2)))  # type: ignore[arg-type]  # a Message
    assert "slope 2" in _render(chart).to_text()


def test_the_backdrop_is_sampled_once():
    """While a parameter turns: same key, same axes, other path."""
    calls = []
    renderer = ChartRenderer()
    for x in (1.0, 2.0, 3.0):
        chart = Chart(
            "", Axis("", AxisRange(-5, 5)), Axis("", AxisRange(-5, 5)),
            layers=(points([x], [x]),),
            backdrop=Backdrop("bowl", (ContourLayer(lambda p: calls.append(1) or bowl(p)),)),
        )  # fmt: skip
        renderer.render(chart, 60, 20, DARK)
    assert 1 == len(calls)


@pytest.mark.parametrize(
    "change", [{"width": 61}, {"palette": LIGHT}, {"key": "other"}, {"high": 6.0}, {"title": "new"}]
)
def test_what_changes_the_backdrop_draws_it_again(change):
    calls = []

    def draw(width=60, palette=DARK, key="bowl", high=5.0, title=""):
        layer = ContourLayer(lambda p: calls.append(1) or bowl(p))
        axis = Axis("", AxisRange(-5, high))
        renderer.render(
            Chart(title, axis, axis, backdrop=Backdrop(key, (layer,))), width, 20, palette
        )

    renderer = ChartRenderer()
    draw()
    draw(**change)
    assert 2 == len(calls)


def test_old_backdrops_are_forgotten():
    """One more than are kept: the first is drawn again, the last is not."""
    calls = []

    def draw(key):
        layer = ContourLayer(lambda p: calls.append(key) or bowl(p))
        axis = Axis("", AxisRange(-5, 5))
        renderer.render(Chart("", axis, axis, backdrop=Backdrop(key, (layer,))), 30, 10, DARK)

    renderer = ChartRenderer()
    for key in (*range(KEPT_BACKDROPS + 1), KEPT_BACKDROPS, 0):
        draw(key)
    assert [*range(KEPT_BACKDROPS + 1), 0] == calls


def test_a_kept_backdrop_shows_nothing_of_the_last_drawing():
    """The picture after another path is the picture of a fresh renderer."""
    renderer = ChartRenderer()
    renderer.render(descent_chart(-_PATH), 70, 28, DARK)
    again = renderer.render(descent_chart(_PATH), 70, 28, DARK)
    assert _render(descent_chart(_PATH)).rows == again.rows


def test_still_and_moving_lines_look_the_same():
    """The braille of plotext in a backdrop and our own in a moving layer agree dot by dot."""
    x = np.linspace(0, 10, 300)
    lines = (
        line(x.tolist(), (5 + 4 * np.sin(x)).tolist(), "curve"),
        line([0, 10], [1, 9], "secant"),
    )
    axis = Axis("", AxisRange(0.0, 10.0))
    still = Chart("", axis, axis, backdrop=Backdrop("still", lines))
    moving = Chart("", axis, axis, layers=lines)
    assert _render(still).rows == _render(moving).rows


# --- plotext draws the lines


_VALUES_OF_A_LINE = (
    st.floats(-15, 25) | st.floats(-1e6, 1e6) | st.integers(-1, 11)
    | st.sampled_from([math.nan, math.inf, -math.inf])
)  # fmt: skip
_BITS = ((0, 3), (0, 2), (0, 1), (1, 3), (1, 2), (1, 1), (0, 0), (1, 0))


def _dots_in(picture):
    """The dots of the braille on the canvas, across and up."""
    area = picture.area
    for row, text in enumerate(picture.to_text().split("\n")):
        for column, sign in enumerate(text):
            if area.contains(column, row) and 0 <= ord(sign) - 0x2800 < 256:
                across, up = 2 * (column - area.left), 4 * (area.top + area.rows - 1 - row)
                for bit, (right, above) in enumerate(_BITS):
                    if ord(sign) - 0x2800 & 1 << bit:
                        yield across + right, up + above


def _walked(points, width, height):
    """Places half a dot apart on the part of a line within the canvas."""
    edges = [(-0.5, size - 0.5) for size in (width, height)]
    for start, end in pairwise([*points, points[-1]]):
        if start is None:
            continue
        moves = [b - a for a, b in zip(start, end or start, strict=True)]
        enter, leave = 0.0, 1.0
        for place, move, (low, high) in zip(start, moves, edges, strict=True):
            if move:
                ends = sorted(((low - place) / move, (high - place) / move))
                enter, leave = max(enter, ends[0]), min(leave, ends[1])
            elif not low <= place <= high:
                leave = -1.0
        count = 2 * math.ceil(max(map(abs, moves)) * max(leave - enter, 0)) + 1
        for k in range(count + 1 if leave >= enter else 0):
            share = enter + (leave - enter) * k / count
            yield tuple(a + share * move for a, move in zip(start, moves, strict=True))


def _all_near(places, others):
    """Whether each lies within a dot and a half of one of the others.

    plotext rounds the ends of a line to whole dots and cuts off what lies between.
    """
    if not places or not others:
        return not places
    apart = np.abs(np.array(places)[:, None] - np.array(others)[None]).max(axis=2)
    return bool((apart.min(axis=1) <= 1.51).all())


@examples(60)
@given(
    st.lists(st.tuples(_VALUES_OF_A_LINE, _VALUES_OF_A_LINE), min_size=1, max_size=7),
    st.booleans(),
)
def test_a_line_is_drawn_where_it_passes_and_nowhere_else(values, log):
    """Against a walk along each of its pieces, on linear and on log axes."""
    ends = (1e-3, 1e3) if log else (0.0, 10.0)
    axis = Axis("", AxisRange(*ends), "log" if log else "linear")
    x, y = (list(map(float, part)) for part in zip(*values, strict=True))
    picture = _render(Chart("", axis, axis, layers=(line(x, y),)), 40, 16)
    size = picture.area.columns * 2, picture.area.rows * 4

    def place(*point):
        if not all(math.isfinite(v) and (v > 0 or not log) for v in point):
            return None
        shares = [(math.log10(v) + 3) / 6 if log else v / 10 for v in point]
        return tuple(share * (dots - 1) for share, dots in zip(shares, size, strict=True))

    walked = list(_walked([place(*point) for point in values], *size))
    drawn = list(_dots_in(picture))
    inside = [at for at in walked if all(0 <= a <= n - 1 for a, n in zip(at, size, strict=True))]
    assert _all_near(inside, drawn)
    assert _all_near(drawn, walked)


@pytest.fixture
def plotted(monkeypatch):
    """The lines that plotext is given, each as its x and its y."""
    lines = []
    plot = _figure_class.plot

    def noted(figure, x, y, **look):
        lines.append((x, y))
        plot(figure, x, y, **look)

    monkeypatch.setattr(_figure_class, "plot", noted)
    return lines


def test_plotext_draws_path_and_loss_curve_when_the_learning_rate_turns(plotted):
    """A line each, from its first point on, in data."""
    lesson = load_catalog(find_lesson_folders()).lesson("gradients/gradient-descent")
    run, _ = advance(begin(lesson, seed=0), ev.StepOpened("reach-the-floor"))
    renderers = [ChartRenderer() for _ in StepView(run).charts]
    for ticks in (0, 1):
        run, _ = advance(run, ev.ParameterTurned("learning_rate", ticks))
        plotted.clear()
        for renderer, chart in zip(renderers, StepView(run).charts, strict=True):
            renderer.render(chart, 60, 24, DARK)
    moving = [layer for chart in StepView(run).charts for layer in chart.layers]
    firsts = [(each.x[0], each.y[0]) for each in moving if isinstance(each, Line)]
    assert firsts == [(x[0], y[0]) for x, y in plotted]
    assert 2 == len(firsts)


def test_a_line_of_too_many_dots_for_plotext_is_drawn_all_the_same(plotted):
    """A walk that fills the canvas: plotext would take it more than a second."""
    x, y = np.random.default_rng(3).uniform(0.0, 10.0, (2, 2000)).tolist()
    assert len(set(_dots_in(_render(blank_chart(line(x, y)), 60, 24)))) > 5000
    assert [] == plotted


def test_to_and_fro_costs_plotext_no_more_than_once(plotted):
    """Ten thousand steps between two places, and as many in one column: a handful of points."""
    _render(blank_chart(line([1.0, 9.0] * 1000, [1.0, 9.0] * 1000)))
    _render(blank_chart(line([5.0] * 2000, [1.0, 9.0] * 1000)))
    assert all(len(x) <= 8 for x, _ in plotted)
    assert 2 == len(plotted)


def test_ascii_only_is_ascii():
    chart = descent_chart(_PATH)
    assert _render(chart, ascii_only=True).to_text().isascii()


def test_ascii_only_still_shows_frame_path_and_levels():
    picture = _render(descent_chart(_PATH), ascii_only=True)
    text = picture.to_text()
    assert all(sign in text for sign in ("|", "+", "o", "@", "-o- path"))
    assert cells_with(picture, "123456789")


def test_mono_has_no_colour_anywhere():
    picture = _render(descent_chart(_PATH), palette=MONO)
    assert {None} == {span.color for row in picture.rows for span in row}


def test_each_layer_has_the_colour_of_its_role():
    picture = _render(descent_chart(_PATH))
    colors = {span.color for row in picture.rows for span in row}
    assert {
        DARK.color("path"),
        DARK.color("current"),
        DARK.color("contour"),
        DARK.color("field"),
        DARK.color("axis"),
    } <= colors


def test_a_mark_stands_where_its_point_is():
    picture = _render(blank_chart(points([2.5], [7.5])))
    assert [picture.area.to_cell(2.5, 7.5)] == cells_with(picture, "●")


def test_marks_lie_above_lines_and_later_marks_above_earlier():
    chart = blank_chart(
        points([5], [5], "start"), points([5], [5]), line([0, 10], [5, 5], "tangent")
    )
    picture = _render(chart)
    assert [[picture.area.to_cell(5, 5)], []] == [
        cells_with(picture, "●"),
        cells_with(picture, "○"),
    ]


def _signs(picture, row):
    """The signs of a row of the picture with their colours, cell by cell."""
    return [(sign, span.color) for span in picture.rows[row] for sign in span.text]


@pytest.mark.parametrize("kept", [False, True], ids=["both move", "one stands still"])
def test_lines_that_run_together_take_turns(kept):
    """In one row of cells, a dot apart: each is seen in its own colour, with its own dots alone."""
    axis = Axis("", AxisRange(0.0, 10.0))
    scale = _render(Chart("", axis, axis)).area.y_scale
    low, high = scale.value(41.0), scale.value(42.0)
    lines = line([0, 10], [low, low], "curve"), line([0, 10], [high, high], "line")

    def drawn(*chosen):
        still, moving = ((chosen[0],), chosen[1:]) if kept else ((), chosen)
        return _render(Chart("", axis, axis, moving, Backdrop("k", still)))

    picture = drawn(*lines)
    _, row = picture.area.to_cell(5.0, low)
    inside = slice(picture.area.left, picture.area.left + picture.area.columns)
    found = _signs(picture, row)[inside]
    alone = [_signs(drawn(each), row)[inside] for each in lines]
    assert len(set(alone[0])) == len(set(alone[1])) == 1
    assert [alone[k % 2][0] for k in range(len(found))] == found


def test_a_cell_in_which_lines_cross_has_the_dots_of_both():
    level, upright = line([0, 10], [5, 5], "curve"), line([5, 5], [10, 0], "line")
    both, one, other = (
        set(_dots_in(_render(blank_chart(*lines))))
        for lines in ((level, upright), (level,), (upright,))
    )
    assert 1 == len(one & other)
    assert one | other == both


def test_a_formula_in_the_title_and_the_legend_have_the_colour_of_the_line():
    axis = Axis("", AxisRange(0.0, 10.0))
    chart = Chart("x²", axis, axis, (line([0, 9], [0, 9], label="f"),), title_role="curve")
    picture = _render(chart, 40, 16)
    shown = [_signs(picture, row) for row in (0, 1)]
    assert [("x", DARK.color("curve")), ("f", DARK.color("curve"))] == [
        next(cell for cell in row if cell[0] == sign) for row, sign in zip(shown, "xf", strict=True)
    ]


def test_a_line_over_half_a_number_takes_it_away():
    """Left of "10" and right of it: no level is ever shown with a digit missing."""
    axis = Axis("", AxisRange(-5.0, 5.0))
    backdrop = Backdrop("bowl", (ContourLayer(bowl, levels=(10.0,)),))
    column, row = cells_with(_render(Chart("", axis, axis, backdrop=backdrop)), "1")[0]
    area = _render(Chart("", axis, axis, backdrop=backdrop)).area
    x = area.to_data(column, row)[0]
    crossed = Chart("", axis, axis, layers=(line([x, x], [-5, 5], "line"),), backdrop=backdrop)
    assert [] == cells_with(_render(crossed), "10")


def test_a_path_that_explodes_keeps_the_axes():
    """Steps up to 1e300 and NaN: the ranges are those asked for, and a sign says that it left."""
    with np.errstate(all="ignore"):
        x = -3.0 * (-19.0) ** np.arange(400)
    picture = _render(descent_chart(np.stack([x, x])))
    assert (AxisRange(-5, 5), AxisRange(-5, 5)) == (picture.area.x_range, picture.area.y_range)
    assert cells_with(picture, "▲▼◀▶◤◥◢◣")


def test_a_log_axis_leaves_zeros_out():
    """An error of exactly 0 has no place on it; the rest stands where it should."""
    picture = _render(free_chart(points([1e-8, 1e-4, 1e-2], [1e-3, 0.0, 1e-1]), scale="log"))
    area = picture.area
    assert {area.to_cell(1e-8, 1e-3), area.to_cell(1e-2, 1e-1)} == set(cells_with(picture, "●"))


def test_ticks_stand_at_their_values():
    """The label 0 and its tick are in the column and the row of 0."""
    picture = _render(blank_chart(low=-5.0, high=5.0))
    rows = picture.to_text().split("\n")
    column, row = picture.area.to_cell(0.0, 0.0)
    below = picture.area.top + picture.area.rows
    assert ("┬", "0") == (rows[below][column], rows[below + 1][column])
    assert "0┤" == rows[row][picture.area.left - 2 : picture.area.left]


@pytest.mark.parametrize(("height", "shown"), [(11, False), (12, True)])
def test_a_legend_has_a_row_of_its_own_from_twelve_rows_on(height, shown):
    chart = free_chart(
        line([0, 1], [0, 1], "tangent", "the tangent"), title="A title too long to share"
    )
    assert shown == ("── the tangent" in _render(chart, 38, height).to_text())


def test_a_short_legend_stands_beside_the_title():
    chart = free_chart(line([0, 1], [0, 1], "tangent", "tangent"), title="Title")
    assert "── tangent" in _render(chart, 50, 10).to_text().split("\n")[0]


def test_an_arrow_in_the_legend_points_as_on_the_chart():
    """(−2, −4) is steep where 10 units across take as much room as 1 unit up."""
    arrow = Arrow(50, 5, -2, -4, "downhill", "−∇f")
    chart = Chart("", Axis("", AxisRange(0, 100)), Axis("", AxisRange(0, 10)), layers=(arrow,))
    assert "↓ −∇f" in _render(chart, 60, 28).to_text()


def test_the_note_stands_in_the_corner():
    axis = Axis("", AxisRange(0.0, 1.0))
    picture = _render(Chart("", axis, axis, note="off the chart"), 40, 12)
    area = picture.area
    row = picture.to_text().split("\n")[area.top]
    assert "off the chart" == row[area.left + area.columns - 13 : area.left + area.columns]


def test_below_the_smallest_size_a_word_says_why():
    assert "too small " == _render(blank_chart(), 10, 5).to_text().split("\n")[0]


def test_a_million_steps_are_drawn():
    """Thinned first, spikes kept: the one peak still shows at the top."""
    x = np.linspace(0.0, 10.0, 1_000_000)
    y = np.where(np.arange(x.size) == 432_100, 10.0, 1.0 + 0.5 * np.sin(1e4 * x))
    picture = _render(blank_chart(line([], []), low=0.0, high=10.0))
    chart = blank_chart(line(x.tolist(), y.tolist()))
    column, row = picture.area.to_cell(4.321, 10.0)
    assert " " != _render(chart).to_text().split("\n")[row][column]


def test_two_renderers_share_nothing():
    """One process serves many sessions: a backdrop of one is never seen by another."""
    calls = []
    axis = Axis("", AxisRange(-5, 5))
    layer = ContourLayer(lambda p: calls.append(1) or bowl(p))
    for _ in range(2):
        _render(Chart("", axis, axis, backdrop=Backdrop("k", (layer,))), 30, 10)
    assert 2 == len(calls)


def test_an_unmoved_axis_is_not_nan():
    """The smallest and largest ranges that can be asked for keep to_data finite."""
    for span in (AxisRange(-1e300, 1e300), AxisRange(1.0, 1.0 + 1e-12)):
        axis = Axis("", span)
        area = _render(Chart("", axis, axis, equal_aspect=True)).area
        assert all(math.isfinite(v) for v in area.to_data(area.left, area.top))


def test_the_renderer_leaves_the_figures_of_plotext_alone():
    """Nothing is drawn on plotext's own global figure, which others may use."""
    import plotext

    before = plotext.build()
    _render(descent_chart(_PATH))
    assert before == plotext.build()
