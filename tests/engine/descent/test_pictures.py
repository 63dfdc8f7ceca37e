"""What the lab's charts show of a run, and that what is turned never redraws the surface."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from tests.examples import examples
from tutor.charts.chart import Band, Chart, ContourLayer, Guide, HeatMap, Line, Points, Regions
from tutor.charts.palette import DARK, MONO
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.charts.strokes import FEW
from tutor.engine.descent.maps import basins
from tutor.engine.descent.run import run
from tutor.engine.descent.setup import Branch, Rule, Setup
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.pictures import basin_chart, curve_chart, difference, main_chart
from tutor.engine.lab.sweep import sweep, sweep_chart
from tutor.i18n import render

BOWL = Setup(objective="elongated-bowl", start=(-7.0, 2.0), rule=Rule(learning_rate=0.9), steps=40)
WELL = Setup(objective="double-well", start=(1.6,), rule=Rule(learning_rate=0.1), steps=30)
PLANE_VIEWS = ("contour", "heat-map")
CURVES = ("loss", "log-loss", "distance", "step-length")


def with_rate(setup, rate):
    return replace(setup, rule=replace(setup.rule, learning_rate=rate))


def layers_of(chart, kind, *roles):
    still = chart.backdrop.layers if chart.backdrop else ()
    found = [layer for layer in (*chart.layers, *still) if isinstance(layer, kind)]
    return [layer for layer in found if not roles or layer.role in roles]


def drawn(chart: Chart, *, ascii_only: bool = False) -> str:
    palette = MONO if ascii_only else DARK
    return ChartRenderer(ascii_only=ascii_only).render(chart, 70, 24, palette).to_text()


def test_the_path_ends_at_the_looked_at_step_and_the_rest_lies_ahead():
    made = run(BOWL)
    chart = main_chart(Lab(setup=BOWL), made, step=12)
    (path,), (ahead,) = layers_of(chart, Line, "path"), layers_of(chart, Line, "ahead")
    assert made.points[:13].T.tolist() == [path.x.tolist(), path.y.tolist()]
    assert made.points[12:].T.tolist() == [ahead.x.tolist(), ahead.y.tolist()]


def test_the_looked_at_point_and_the_start_are_marked():
    made = run(BOWL)
    chart = main_chart(Lab(setup=BOWL, step=7), made)
    (now,), (start,) = layers_of(chart, Points, "current"), layers_of(chart, Points, "start")
    assert made.points[7].tolist() == [now.x[0], now.y[0]]
    assert [-7.0, 2.0] == [start.x[0], start.y[0]]
    assert "step 7" == render(now.label)


@pytest.mark.parametrize(
    ("view", "kind"), [("contour", ContourLayer), ("heat-map", HeatMap)]
)  # fmt: skip
def test_the_surface_is_shown_in_the_way_of_the_view(view, kind):
    chart = main_chart(Lab(setup=BOWL, view=view), run(BOWL))
    assert 1 == len(layers_of(chart, kind))
    assert 1 == len(layers_of(chart, Points, "minimizer"))


@pytest.mark.parametrize("view", PLANE_VIEWS)
def test_what_is_turned_never_redraws_the_surface(view):
    """η, start, step, steps, cursor, ghosts: the backdrop's key stays."""
    other = replace(with_rate(BOWL, 0.3), start=(1.0, 1.0), steps=7)
    one = main_chart(Lab(setup=BOWL, view=view), run(BOWL))
    two = main_chart(
        Lab(setup=other, view=view, step=3, cursor=(1.0, 2.0)), run(other), ghosts=[run(BOWL)]
    )
    assert one.backdrop.key == two.backdrop.key
    assert one.x_axis == two.x_axis


@pytest.mark.parametrize(
    ("setup", "view"),
    [
        (BOWL, "heat-map"),
        (replace(BOWL, objective="sphere"), "contour"),
        (replace(BOWL, objective="", formula="x0**2/20 + 2*x1**2"), "contour"),
    ],
)
def test_another_surface_has_another_key(setup, view):
    one = main_chart(Lab(setup=BOWL), run(BOWL))
    two = main_chart(Lab(setup=setup, view=view), run(setup))
    assert one.backdrop.key != two.backdrop.key


def test_another_window_is_drawn_anew():
    """The axes are part of what the renderer keeps a picture by."""
    near = replace(BOWL, window=(-8.0, 0.0, -3.0, 3.0))
    one, two = (main_chart(Lab(setup=s), run(s)) for s in (BOWL, near))
    assert one.x_axis != two.x_axis


def test_ghosts_lie_below_the_path_and_say_what_sets_them_apart():
    ghosts = [run(with_rate(BOWL, rate)) for rate in (0.1, 0.2)]
    chart = main_chart(Lab(setup=BOWL), run(BOWL), ghosts=ghosts)
    roles = [layer.role for layer in chart.layers if isinstance(layer, Line)]
    assert ["ghost1", "ghost2", "path"] == roles
    names = [render(layer.label) for layer in layers_of(chart, Line, "ghost1", "ghost2")]
    assert ["η = 0.1", "η = 0.2"] == names


def test_the_run_beside_keeps_step_with_the_present_one():
    beside = run(with_rate(BOWL, 0.2))
    chart = main_chart(Lab(setup=BOWL), run(BOWL), beside=beside, step=5)
    (line,) = layers_of(chart, Line, "beside")
    assert beside.points[5].tolist() == [line.x[-1], line.y[-1]]


def test_a_shorter_run_beside_waits_at_its_end():
    beside = run(replace(BOWL, steps=4))
    chart = main_chart(Lab(setup=BOWL), run(BOWL), beside=beside, step=30)
    assert 5 == layers_of(chart, Line, "beside")[0].x.size


def test_the_cursor_is_a_cross_where_it_stands():
    chart = main_chart(Lab(setup=BOWL, cursor=(3.0, -1.0)), run(BOWL))
    (cross,) = layers_of(chart, Guide, "cursor")
    assert (3.0, -1.0) == (cross.x, cross.y)
    assert "┼" in drawn(chart)


def test_in_one_variable_the_iterates_lie_on_the_curve():
    made = run(WELL)
    chart = main_chart(Lab(setup=WELL, step=4), made)
    (path,) = layers_of(chart, Line, "path")
    assert made.values[:5].tolist() == path.y.tolist()
    assert 1 == len(layers_of(chart, Line, "curve"))


def test_slices_touch_their_tangents_at_the_point():
    made = run(BOWL)
    chart = main_chart(Lab(setup=BOWL, view="slices", step=3), made)
    first, second = layers_of(chart, Line, "tangent")
    for tangent, slope in zip((first, second), made.gradients[3], strict=True):
        rise = (tangent.y[1] - tangent.y[0]) / (tangent.x[1] - tangent.x[0])
        assert slope == pytest.approx(rise)
        assert made.values[3] == pytest.approx(tangent.y.mean())


def test_slices_show_f_along_each_variable():
    made = run(BOWL)
    chart = main_chart(Lab(setup=BOWL, view="slices", step=0), made)
    along0, along1 = layers_of(chart, Line, "slice0", "slice1")
    assert ((-7 + along0.x) ** 2 / 20 + 4).tolist() == pytest.approx(along0.y.tolist())
    assert (49 / 20 + (2 + along1.x) ** 2).tolist() == pytest.approx(along1.y.tolist())


@pytest.mark.parametrize("setup", [BOWL, WELL])
@pytest.mark.parametrize("curve", CURVES)
def test_a_curve_is_marked_at_the_looked_at_step(setup, curve):
    chart = curve_chart(Lab(setup=setup, curve=curve), run(setup), step=9)
    assert 9.0 == layers_of(chart, Guide)[0].x
    assert 9.0 == layers_of(chart, Points, "current")[0].x[0]


def test_a_log_curve_shows_the_loss_above_a_minimum_below_zero():
    """The well's floor is −1.3: without it there would be no logarithm."""
    made = run(WELL)
    chart = curve_chart(Lab(setup=WELL, curve="log-loss"), made)
    (line,) = layers_of(chart, Line, "path")
    assert "f − min f" == render(chart.y_axis.title)
    lowest = float(made.objective.value(made.objective.minimizers[0][0]))
    assert (made.values[:4] - lowest).tolist() == pytest.approx(line.y[:4].tolist())


def test_without_a_known_minimum_the_distance_says_so():
    saddle = Setup(objective="saddle", start=(2.0, 0.0), steps=20)
    chart = curve_chart(Lab(setup=saddle, curve="distance"), run(saddle))
    assert "no minimum is known" in drawn(chart)


def test_a_diverging_loss_is_cut_with_a_sign():
    """It grows to 1e5; the axis ends a few times above the start, ▲ says where it leaves."""
    wild = with_rate(BOWL, 1.1)
    chart = curve_chart(Lab(setup=wild), run(wild))
    assert 5 * run(wild).values[0] > chart.y_axis.range.high
    assert "▲" in drawn(chart)


def test_a_run_that_flies_away_says_so_and_keeps_its_axes():
    wild = replace(with_rate(BOWL, 3.0), steps=2000)
    chart = main_chart(Lab(setup=wild), run(wild))
    assert main_chart(Lab(setup=BOWL), run(BOWL)).x_axis == chart.x_axis
    assert "beyond the largest float" in drawn(chart)


def test_a_run_that_leaves_the_ground_says_that_and_its_loss_has_a_gap():
    setup = Setup(objective="", formula="log(x0) + x1**2", start=(3.0, -2.4))
    made, lab = run(setup), Lab(setup=setup)
    assert "f is undefined from step 47 on" == render(main_chart(lab, made).note)
    (line,) = layers_of(curve_chart(lab, made), Line, "path")
    assert [47, 48] == np.flatnonzero(np.isnan(line.y)).tolist()


def test_a_start_without_a_gradient_is_not_called_undefined():
    setup = Setup(objective="", formula="x0**x1", start=(-3.0, 4.0))
    note = main_chart(Lab(setup=setup), run(setup)).note
    assert "the gradient is undefined from step 0 on" == render(note)


def test_a_long_run_is_drawn_by_few_points_and_keeps_its_spike():
    """A hundred thousand steps, one of them into another valley and back."""
    made = run(replace(BOWL, steps=100_000))
    points = made.points.copy()
    points[54_321] = (9.0, -4.5)
    spiked = replace(made, points=points)
    (path,) = layers_of(main_chart(Lab(setup=BOWL), spiked), Line, "path")
    assert path.x.size < 2 * FEW
    assert (9.0, -4.5) == (path.x.max(), path.y.min())


def test_the_diverging_rates_are_shaded_up_to_the_edge():
    """A bowl of curvature 2: the limit is η = 1."""
    *_, found = sweep(BOWL, np.geomspace(0.01, 4, 60).tolist())
    chart = sweep_chart(found, 0.9)
    (band,), (limit,) = layers_of(chart, Band), layers_of(chart, Guide, "limit")
    assert band.low == pytest.approx(1.0, rel=0.06)
    assert math.inf == band.high
    assert 1.0 == pytest.approx(limit.x)
    assert "2/λmax = 1" == render(limit.label)


def test_the_present_rate_is_marked_on_the_curve():
    *_, found = sweep(BOWL, np.geomspace(0.01, 4, 200).tolist())
    (now,) = layers_of(sweep_chart(found, 0.5), Points, "current")
    assert 0.5 == now.x[0]
    assert run(with_rate(BOWL, 0.5)).values[-1] == pytest.approx(now.y[0], rel=0.05)


def test_a_sweep_under_way_says_how_far_it_is():
    first, *_ = sweep(replace(BOWL, steps=5000), np.geomspace(0.01, 4, 100).tolist())
    assert "computing" in drawn(sweep_chart(first, 0.9))


def test_a_finished_map_of_basins_is_the_backdrop_and_the_cursor_moves_over_it():
    hills = Setup(objective="himmelblau", start=(0.0, 0.0), rule=Rule(learning_rate=0.01))
    *_, found = basins(hills, 24, 12)
    made = run(hills)
    one = basin_chart(found, Lab(setup=hills, view="basins"), made)
    two = basin_chart(found, Lab(setup=hills, view="basins", cursor=(1.0, 1.0)), made, step=3)
    assert one.backdrop.key == two.backdrop.key
    (regions,) = layers_of(one, Regions)
    assert 4 == len(regions.labels)
    assert "(3, 2)" in map(render, regions.labels)


def test_a_map_under_way_moves():
    """Its parts would push the surfaces out of what the renderer keeps."""
    hills = Setup(
        objective="himmelblau", start=(0.0, 0.0), rule=Rule(learning_rate=0.01), steps=900
    )
    first, *_ = basins(hills, 60, 30)
    chart = basin_chart(first, Lab(setup=hills, view="basins"), run(hills))
    assert chart.backdrop is None
    assert "computing" in drawn(chart)


def test_in_one_variable_basins_lie_behind_the_curve():
    *_, found = basins(WELL, 60, 1)
    text = drawn(basin_chart(found, Lab(setup=WELL, view="basins"), run(WELL)))
    assert "A" in text
    assert "B" in text


@examples(40)
@given(
    st.sampled_from(["sphere", "rosenbrock", "saddle", "double-well", "cubic", "softmax-loss"]),
    st.floats(-3, 9).map(lambda e: 10**e),
    st.sampled_from([*PLANE_VIEWS, "slices"]),
    st.sampled_from(CURVES),
    st.integers(0, 20),
    st.booleans(),
)
@example("cubic", 10**6.125, "contour", "log-loss", 0, False)  # every drawn value beyond the first
def test_no_run_disturbs_its_pictures(name, rate, view, curve, step, ascii_only):
    """Whatever η does: no warning (an error here), axes in order, a picture of full size."""
    start = (1.5,) if name in {"double-well", "cubic"} else (1.5, -0.5)
    setup = Setup(objective=name, start=start, rule=Rule(learning_rate=rate), steps=20)
    lab, made = Lab(setup=setup, view=view, curve=curve), run(setup)
    other = run(replace(setup, rule=Rule(optimizer="adam", learning_rate=rate), steps=9))
    for draw in (main_chart, curve_chart):
        chart = draw(lab, made, ghosts=[other], beside=other, step=step)
        assert 24 == len(drawn(chart, ascii_only=ascii_only).split("\n"))
        if chart.y_axis.range is not None:
            assert chart.y_axis.range.low < chart.y_axis.range.high


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (BOWL, "η = 0.9"),
        (with_rate(BOWL, 0.05), "η = 0.05"),
        (replace(BOWL, rule=Rule(optimizer="adam", learning_rate=0.9)), "Adam"),
        (replace(BOWL, rule=Rule(optimizer="momentum", momentum=0.5)),
         "momentum, η = 0.1, μ = 0.5"),
        (replace(BOWL, start=(1.0, 1.0), steps=9), "from (1, 1), 9 steps"),
        (replace(BOWL, branches=(Branch(step=12, rule=Rule(learning_rate=0.2)),)),
         "η = 0.2 from step 12"),
    ],
)  # fmt: skip
def test_a_legend_says_in_what_a_run_differs(other, words):
    assert words == render(difference(other, BOWL))
