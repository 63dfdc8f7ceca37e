"""Colours for what a layer means, after Okabe and Ito's palette for colour-blind readers.

Source: M. Okabe, K. Ito, "Color Universal Design" (2008). Its hues are kept and shifted, for each
theme, until each stands out from the ground and from every shaded cell by 4.5:1 (WCAG 2.2, 1.4.3;
what is no text by 3:1, 1.4.11), and hues that meet on a chart differ for colour-blind readers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import accumulate, pairwise
from math import dist
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias, get_args

from tutor.charts.chart import Role
from tutor.charts.picture import RGB

Ink: TypeAlias = Role | Literal["axis"]
Hue: TypeAlias = Literal[
    "orange", "sky", "green", "yellow", "vermilion", "purple", "strong", "grey", "arrow", "level",
    "faint",
]  # fmt: skip
Lab: TypeAlias = tuple[float, float, float]
"""Lightness 0..100, green–red, blue–yellow."""

_WHITE = (0.95047, 1.0, 1.08883)
_TO_LINEAR = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.9692660, 1.8760108, 0.0415560),
    (0.0556434, -0.2040259, 1.0572252),
)

HEAT_TONES = 16
PIXEL_TONES = 17
SURFACE_TONES, SURFACE_LIGHTS = 24, 12


class Ground(NamedTuple):
    """What the ground of a shaded cell means."""

    kind: Literal["heat", "region", "diverging", "pixel", "signed", "surface"]
    number: int = 0
    """Of the tone, 0 the lowest, below HEAT_TONES or PIXEL_TONES; of the region, from 0; of a
    surface in space the tone times SURFACE_LIGHTS, and how bright it is."""


INKS: tuple[Ink, ...] = (*get_args(Role), "axis")
HUES: Mapping[Ink, Hue] = MappingProxyType(
    {
        "axis": "grey", "curve": "sky", "tangent": "orange", "secant": "purple", "line": "yellow",
        "forward": "orange", "central": "sky", "path": "orange", "start": "strong",
        "current": "yellow", "minimizer": "green", "guess": "purple", "truth": "green",
        "uphill": "vermilion", "downhill": "green", "field": "arrow", "contour": "level",
        "reference": "grey", "ahead": "faint", "beside": "sky", "ghost1": "sky",
        "ghost2": "purple", "ghost3": "green", "ghost4": "yellow", "ghost5": "strong",
        "maximum": "vermilion", "saddle": "yellow", "rival1": "sky", "rival2": "purple",
        "rival3": "green", "rival4": "yellow", "rival5": "strong", "slice0": "sky",
        "slice1": "purple", "cursor": "strong", "limit": "vermilion", "shade": "grey",
        "target": "green", "batch": "arrow", "trained": "sky", "held_out": "orange",
    }
)  # fmt: skip
"""Which hue a role has. Roles of one hue differ by their marks or the pattern of their lines."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Palette:
    """A colour for each hue (none: the terminal's own) and the grounds of shaded cells."""

    hues: Mapping[Hue, RGB] = field(default_factory=dict)
    heat: tuple[RGB, ...] = ()
    """Grounds of heights, HEAT_TONES from low to high; empty: cells have no ground colour."""
    regions: tuple[RGB, ...] = ()
    """Grounds of regions; where there are more regions they come round again."""
    diverging: RGB | None = None
    """The ground of what flies away."""
    pixels: tuple[RGB, ...] = ()
    """Of small pictures, PIXEL_TONES from no ink to full ink; empty: drawn by marks."""
    signed_pixels: tuple[RGB, ...] = ()
    """The same for signed pictures, from -1 to 1, the lighter the higher."""
    surface: tuple[RGB, ...] = ()
    """Of a surface in space: each of SURFACE_TONES from low to high in SURFACE_LIGHTS."""

    def color(self, ink: Ink | Ground) -> RGB | None:
        """Return the colour of a role, of the axes, or of half a cell of a picture."""
        return self.background(ink) if isinstance(ink, Ground) else self.hues.get(HUES[ink])

    def background(self, ground: Ground) -> RGB | None:
        """Return the colour of the ground of a shaded cell."""
        match ground.kind:
            case "heat":
                return self.heat[ground.number] if self.heat else None
            case "region":
                return self.regions[ground.number % len(self.regions)] if self.regions else None
            case "diverging":
                return self.diverging
            case "pixel":
                return self.pixels[ground.number] if self.pixels else None
            case "signed":
                return self.signed_pixels[ground.number] if self.signed_pixels else None
            case "surface":
                return self.surface[ground.number] if self.surface else None


def ramp(*stops: Lab, count: int) -> tuple[RGB, ...]:
    """Return `count` (at least 2) colours along two or more stops, each as far from the next.

    Equal distances in CIELAB look about equally large.
    """
    return tuple(rgb(*tone) for tone in _stepped(stops, count))


def lit(*stops: Lab) -> tuple[RGB, ...]:
    """Return a ramp of SURFACE_TONES, each from its shadow to its full light."""
    lights = [(k + 1) / SURFACE_LIGHTS for k in range(SURFACE_LIGHTS)]
    return tuple(
        rgb(tone[0] * light, tone[1] * light**0.6, tone[2] * light**0.6 - 22 * (1 - light))
        for tone in _stepped(stops, SURFACE_TONES)
        for light in lights
    )


def _stepped(stops: Sequence[Lab], count: int) -> list[Lab]:
    reached = [0.0, *accumulate(dist(*pair) for pair in pairwise(stops))]
    return [_between(stops, reached, reached[-1] * k / (count - 1)) for k in range(count)]


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


_SIGNED = (
    *ramp((12, 4, -34), (52, 0, -2), count=PIXEL_TONES // 2 + 1),
    *ramp((52, 0, -2), (92, 6, 62), count=PIXEL_TONES // 2 + 1)[1:],
)
"""From dark blue through grey to light yellow: told apart by lightness alone, too."""

DARK = Palette(
    hues=MappingProxyType(
        {
            "orange": (251, 121, 34), "sky": (54, 205, 255), "green": (198, 254, 191),
            "yellow": (252, 229, 69), "vermilion": (237, 132, 103), "purple": (198, 140, 178),
            "strong": (243, 243, 243), "grey": (164, 164, 164), "arrow": (150, 168, 178),
            "level": (104, 142, 186), "faint": (194, 154, 100),
        }
    ),
    heat=ramp((7, 4, -12), (13, 10, -26), (18, -4, -18), (22, -14, -4), count=HEAT_TONES),
    regions=(
        rgb(20, 0, -30), rgb(22, 8, 28), rgb(17, -18, 4), rgb(18, 30, -14),
        rgb(22, -8, -10), rgb(11, 8, -22), rgb(21, 2, 12), rgb(13, 14, 6),
    ),
    diverging=rgb(19, 24, 16),
    pixels=ramp((14, 0, -4), (94, 0, 4), count=PIXEL_TONES),
    signed_pixels=_SIGNED,
    surface=lit((34, 18, -52), (52, -8, -38), (68, -38, -6), (82, -40, 48), (96, -8, 72)),
)  # fmt: skip
"""For grounds from #121212 to #1e1e1e."""

VIVID = replace(
    DARK,
    heat=ramp((7, 6, -14), (12, 14, -24), (18, 16, -18), (22, 6, -8), count=HEAT_TONES),
    surface=lit((32, 24, -34), (46, 60, -30), (62, 56, 14), (78, 30, 58), (95, -4, 66)),
)
"""The same hues for a ground of deep blue: heights go from violet through rose to gold."""

CONTRAST = replace(
    DARK,
    hues=MappingProxyType(
        {
            **DARK.hues, "strong": (255, 255, 255), "grey": (222, 222, 222),
            "arrow": (178, 198, 208), "faint": (222, 184, 132),
        }
    ),
    heat=ramp((0, 0, 0), (14, -3, -13), count=HEAT_TONES),
)  # fmt: skip
"""For a black ground: 7:1 and more for all but the contour lines."""

LIGHT = Palette(
    hues=MappingProxyType(
        {
            "orange": (70, 35, 3), "sky": (0, 44, 81), "green": (15, 102, 93),
            "yellow": (100, 95, 0), "vermilion": (91, 55, 39), "purple": (129, 51, 179),
            "strong": (17, 17, 17), "grey": (86, 86, 86), "arrow": (70, 88, 98),
            "level": (84, 112, 146), "faint": (116, 76, 34),
        }
    ),
    heat=ramp((97, 0, -2), (93, -5, -9), (89, -12, -3), (87, -14, 10), count=HEAT_TONES),
    regions=(
        rgb(87, -6, -14), rgb(91, 2, 32), rgb(96, -16, 6), rgb(87, 16, -4),
        rgb(95, -8, -4), rgb(87, 2, -14), rgb(88, 4, 12), rgb(94, 6, 4),
    ),
    diverging=rgb(88, 13, 9),
    pixels=ramp((97, 0, 2), (18, 0, -4), count=PIXEL_TONES),
    signed_pixels=_SIGNED,
    surface=lit((40, 18, -52), (56, -8, -38), (70, -38, -6), (84, -40, 48), (97, -8, 72)),
)  # fmt: skip
"""For grounds from #e0e0e0 to #ffffff."""

MONO = Palette()
"""No colour at all (NO_COLOR): marks and line patterns tell the layers apart."""


@cache
def without_grounds(palette: Palette) -> Palette:
    """Return the palette for a terminal of few colours, where heights and regions have marks."""
    return replace(palette, heat=(), regions=(), diverging=None, surface=())
