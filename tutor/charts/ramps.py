"""Colours evenly spaced for the eye, mixed in CIELAB."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import dist
from typing import TypeAlias

from tutor.charts.picture import RGB

Lab: TypeAlias = tuple[float, float, float]
"""Lightness 0..100, green–red, blue–yellow."""

_WHITE = (0.95047, 1.0, 1.08883)
_TO_LINEAR = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.9692660, 1.8760108, 0.0415560),
    (0.0556434, -0.2040259, 1.0572252),
)


def ramp(*stops: Lab, count: int) -> tuple[RGB, ...]:
    """Return `count` (at least 2) colours along two or more stops, each as far from the next.

    Equal distances in CIELAB look about equally large.
    """
    reached = [0.0, *accumulate(dist(*pair) for pair in pairwise(stops))]
    return tuple(
        rgb(*_between(stops, reached, reached[-1] * k / (count - 1))) for k in range(count)
    )


def _between(stops: Sequence[Lab], reached: Sequence[float], way: float) -> Lab:
    """The colour after so much of the way along the stops."""
    k = min(bisect_right(reached, way), len(stops) - 1)
    share = (way - reached[k - 1]) / (reached[k] - reached[k - 1])
    lightness, a, b = (p + (q - p) * share for p, q in zip(stops[k - 1], stops[k], strict=True))
    return lightness, a, b


def rgb(lightness: float, a: float, b: float) -> RGB:
    """Return the sRGB colour of a CIELAB colour (D65), the nearest where there is none.

    Source: IEC 61966-2-1 (sRGB); CIE 15 (CIELAB).
    """
    y = (lightness + 16) / 116
    xyz = [w * _uncube(v) for w, v in zip(_WHITE, (y + a / 500, y, y - b / 200), strict=True)]
    linear = [sum(m * v for m, v in zip(row, xyz, strict=True)) for row in _TO_LINEAR]
    red, green, blue = (round(255 * _encode(min(max(v, 0.0), 1.0))) for v in linear)
    return red, green, blue


def _uncube(v: float) -> float:
    return float(v**3) if v > 6 / 29 else 3 * (6 / 29) ** 2 * (v - 4 / 29)


def _encode(v: float) -> float:
    return 12.92 * v if v <= 0.0031308 else float(1.055 * v ** (1 / 2.4) - 0.055)
