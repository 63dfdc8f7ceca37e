"""A surface in space: what is seen of it, what it hides, and what no f may disturb."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.charts.pictures import bowl, cells_with
from tutor.charts.chart import (
    Axis,
    AxisRange,
    Backdrop,
    Chart,
    ContourLayer,
    Guide,
    Layer,
    Line,
    Points,
    Viewpoint,
)
from tutor.charts.palette import DARK, LIGHT, MONO, without_grounds
from tutor.charts.picture import Picture
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.charts.space import HEIGHT, Eye, is_seen, look, terrain

SPAN = AxisRange(-2.0, 2.0)
FRONT = Viewpoint(turn=0.0, tilt=30.0)
FIELDS = {
    "pole": lambda p: 1 / (p[0] ** 2 + p[1] ** 2),
    "poles of both signs": lambda p: p[0] / p[1],
    "nan": lambda p: p[0] * np.nan,
    "inf": lambda p: p[0] * np.inf,
    "constant": lambda p: np.full(p.shape[1], 3.0),
    "one number": lambda _p: np.float64(7.0),
    "huge": lambda p: 1e300 * p[0],
    "beyond floats": lambda p: 1e200 * p[0] * 1e200 * p[1],
    "tiny": lambda p: 1e-300 * p[0],
    "undefined on half the window": lambda p: np.log(p[0]) + p[1],
    "a lone hole": lambda p: np.where(np.abs(p).max(axis=0) < 0.3, np.nan, p[0]),
    "a step": lambda p: np.sign(p[0]),
}
CROOKED = (
    Line(np.array([0.0, 1e300, np.nan, -9.0, 0.0]), np.array([0.0, 1.0, 0.0, 9.0, -1e308]), "path"),
    Points(np.array([np.inf, 1.0]), np.array([0.0, 50.0]), "current", "now"),
    Guide("slice0", y=np.nan, label="nowhere"),
)


def surface(f=bowl, *layers: Layer, viewpoint: Viewpoint = FRONT, key: str = "surface") -> Chart:
    """F over -2..2 by -2..2, in space."""
    backdrop = Backdrop(key, (ContourLayer(f),))
    return Chart("f", Axis("x₀", SPAN), Axis("x₁", SPAN), layers, backdrop, viewpoint=viewpoint,
                 foot="turn it")  # fmt: skip


def drawn(chart: Chart, palette=DARK, size=(70, 24), *, ascii_only: bool = False) -> Picture:
    return ChartRenderer(ascii_only=ascii_only).render(chart, *size, palette)


def point(x: float, y: float) -> Points:
    return Points(np.array([x]), np.array([y]), "current")


@pytest.mark.parametrize("turn", [0.0, 33.0, 90.0, 147.0, 180.0, 300.0])
@pytest.mark.parametrize("holes", [False, True])
def test_each_dot_shows_the_first_place_that_its_ray_meets(turn, holes):
    """Checked against rays that are walked step by step from the eye, with f itself."""

    def f(p):
        values = np.sin(2 * p[0]) * np.cos(1.5 * p[1])
        return np.where(np.hypot(p[0] - 1, p[1]) < 0.4, np.nan, values) if holes else values

    land, eye = terrain(f, SPAN, SPAN), Eye(Viewpoint(turn, 35.0), 60, 44)
    seen = look(land, eye)
    sine, cosine = np.sin(np.radians(35.0)), np.cos(np.radians(35.0))
    depth = np.linspace(-1.5, 1.5, 6001)
    wrong = 0
    for row, column in [(r, c) for r in range(2, 44, 7) for c in range(1, 60, 6)]:
        right = (column - 29.5) / eye.scale
        height = ((row - 21.5) / eye.scale - depth * sine) / cosine
        a, b = eye.turned_back(np.full_like(depth, right), depth)
        inside = (np.abs(a) <= 1) & (np.abs(b) <= 1)
        over = np.where(inside, height - land.height_of(f(np.stack([2 * a, 2 * b]))), np.nan)
        with np.errstate(all="ignore"):
            met = np.flatnonzero(over[1:] * over[:-1] <= 0)
        at = depth[met[0]] if met.size else np.inf
        wrong += not (at == seen.away[row, column] or abs(at - seen.away[row, column]) < 0.08)
    assert wrong <= 1  # a ray that grazes a ridge, or the rim of a hole


def test_what_lies_behind_a_hill_is_hidden_and_what_lies_before_it_is_not():
    def hill(p):
        return np.exp(-4 * (p[0] ** 2 + p[1] ** 2))

    low = replace(FRONT, tilt=12.0)
    behind = drawn(surface(hill, point(0.0, 1.2), viewpoint=low))
    before = drawn(surface(hill, point(0.0, -1.2), viewpoint=low))
    turned = drawn(surface(hill, point(0.0, 1.2), viewpoint=low.moved(180.0, 0.0)))
    assert (0, 1, 1) == tuple(len(cells_with(each, "●")) for each in (behind, before, turned))


def test_a_bowl_is_seen_from_below_where_its_front_hides_its_ground():
    seen = look(terrain(bowl, SPAN, SPAN), Eye(Viewpoint(0.0, 10.0), 80, 60))
    assert seen.from_below.any()
    assert (seen.is_there & ~seen.from_below).any()


def test_the_place_under_a_cell_is_the_place_that_is_drawn_there():
    picture = drawn(surface(bowl, point(0.5, 0.8), viewpoint=Viewpoint(30.0, 40.0)))
    ((column, row),) = cells_with(picture, "●")
    assert pytest.approx((0.5, 0.8), abs=0.15) == picture.place_at(column, row)
    assert picture.place_at(0, row) is None


def test_a_place_before_the_surface_is_seen_and_one_behind_it_is_not():
    seen = look(terrain(bowl, SPAN, SPAN), Eye(FRONT, 60, 40))
    rows = np.flatnonzero(seen.is_there[:, 30])
    row, column = int(rows[rows.size // 2]), 30
    across, up, away = np.array([column, column]), np.array([row, row]), seen.away[row, column]
    assert [True, False] == is_seen(seen, across, up, away + np.array([-0.5, 0.5])).tolist()


@pytest.mark.parametrize("palette", [DARK, LIGHT, MONO, without_grounds(DARK)])
@pytest.mark.parametrize("field", FIELDS)
def test_no_f_and_no_path_disturb_the_picture(field, palette):
    for tilt in (Viewpoint.LOWEST, Viewpoint.HIGHEST):
        chart = surface(FIELDS[field], *CROOKED, viewpoint=Viewpoint(45.0, tilt), key=field)
        for size in ((20, 6), (70, 24)):
            picture = drawn(chart, palette, size)
            assert [size[0]] * size[1] == [len("".join(s.text for s in r)) for r in picture.rows]


@pytest.mark.parametrize("size", [(0, 0), (5, 1), (400, 120)])
def test_every_size_has_its_picture(size):
    picture = drawn(surface(), DARK, size)
    assert size[1] == len(picture.rows)


@pytest.mark.parametrize("size", [(39, 9), (58, 10), (118, 30)])
def test_it_says_under_itself_how_it_is_turned(size):
    """In the lab at 80 by 24 it has ten rows."""
    assert "turn it" in drawn(surface(), size=size).to_text().splitlines()[-1]


def test_where_f_has_no_value_at_all_it_is_said():
    assert "f has no value here" in drawn(surface(FIELDS["nan"])).to_text()


def test_a_cut_off_top_is_marked():
    assert "≥" in drawn(surface(FIELDS["pole"])).to_text()
    assert "≥" not in drawn(surface(bowl)).to_text()


def test_without_colour_the_surface_is_of_wire_and_in_ascii_of_ascii():
    wire = drawn(surface(viewpoint=Viewpoint()), MONO)
    assert len(cells_with(wire, "".join(map(chr, range(0x2801, 0x2900))))) > 100
    assert drawn(surface(viewpoint=Viewpoint()), MONO, ascii_only=True).to_text().isascii()


def test_a_path_leaves_the_window_with_a_sign():
    path = Line(np.array([0.0, 1.0, 3.0]), np.zeros(3), "path")
    assert cells_with(drawn(surface(bowl, path)), "▶◥▲◤◀")
    assert not cells_with(drawn(surface(bowl, replace(path, x=path.x / 3))), "▶◥▲◤◀")


def test_a_turn_does_not_change_the_size_of_the_box():
    scales = {Eye(Viewpoint(turn, 30.0), 80, 60).scale for turn in range(0, 360, 15)}
    assert 1 == len(scales)
    corners = [Eye(Viewpoint(turn, tilt), 80, 60) for turn in (0, 45) for tilt in (8, 34, 80)]
    for eye in corners:
        ends = np.array([[-1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0]])
        for height in (-HEIGHT, HEIGHT):
            across, up = eye.dots(*eye.turned(*ends), np.full(4, height))
            assert (across > -1).all()
            assert (across < 80).all()
            assert (up > -1).all()
            assert (up < 60).all()


def test_a_surface_is_sampled_once_however_it_is_turned():
    asked = []

    def f(p):
        asked.append(p.shape[1])
        return bowl(p)

    renderer = ChartRenderer()
    pictures = [
        renderer.render(surface(f, viewpoint=Viewpoint(turn)), 70, 24, DARK).rows
        for turn in (10.0, 15.0, 20.0)
    ]
    assert 1 == len(asked)
    assert 3 == len({*pictures})
