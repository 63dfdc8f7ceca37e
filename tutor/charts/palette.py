"""Colours for what a layer means, after Okabe and Ito's palette for colour-blind readers.

Source: M. Okabe, K. Ito, "Color Universal Design" (2008). On a light ground its hues are kept
and darkened, so that each stands out from the ground by at least 3:1 (WCAG 2.2, 1.4.11).
Shaded cells keep so near to the ground that the inks stand out from them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

from tutor.charts.chart import Role
from tutor.charts.picture import RGB
from tutor.charts.ramps import ramp, rgb

Ink: TypeAlias = Role | Literal["axis"]
HEAT_TONES = 16
PIXEL_TONES = 17


class Ground(NamedTuple):
    """What the ground of a shaded cell means."""

    kind: Literal["heat", "region", "diverging", "pixel", "signed"]
    number: int = 0
    """Of the tone, 0 the lowest, below HEAT_TONES or PIXEL_TONES; of the region, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """A colour for each role, and `axis` for frame, ticks and titles; None: the terminal's own."""

    axis: RGB | None = None
    curve: RGB | None = None
    tangent: RGB | None = None
    secant: RGB | None = None
    line: RGB | None = None
    forward: RGB | None = None
    central: RGB | None = None
    path: RGB | None = None
    start: RGB | None = None
    current: RGB | None = None
    minimizer: RGB | None = None
    guess: RGB | None = None
    truth: RGB | None = None
    uphill: RGB | None = None
    downhill: RGB | None = None
    field: RGB | None = None
    contour: RGB | None = None
    reference: RGB | None = None
    ahead: RGB | None = None
    beside: RGB | None = None
    ghost1: RGB | None = None
    ghost2: RGB | None = None
    ghost3: RGB | None = None
    ghost4: RGB | None = None
    ghost5: RGB | None = None
    maximum: RGB | None = None
    saddle: RGB | None = None
    rival1: RGB | None = None
    rival2: RGB | None = None
    rival3: RGB | None = None
    rival4: RGB | None = None
    rival5: RGB | None = None
    slice0: RGB | None = None
    slice1: RGB | None = None
    cursor: RGB | None = None
    limit: RGB | None = None
    shade: RGB | None = None
    target: RGB | None = None
    batch: RGB | None = None
    trained: RGB | None = None
    held_out: RGB | None = None
    heat: tuple[RGB, ...] = ()
    """Grounds of a heat map, HEAT_TONES from low to high; empty: cells have no ground colour."""
    regions: tuple[RGB, ...] = ()
    """Grounds of regions; where there are more regions they come round again."""
    diverging: RGB | None = None
    """The ground of what flies away."""
    pixels: tuple[RGB, ...] = ()
    """Of small pictures, PIXEL_TONES from no ink to full ink; empty: drawn by marks."""
    signed_pixels: tuple[RGB, ...] = ()
    """The same for signed pictures, from -1 to 1, the lighter the higher."""

    def color(self, ink: Ink | Ground) -> RGB | None:
        """Return the colour of a role, of the axes, or of half a cell of a picture."""
        if isinstance(ink, Ground):
            return self.background(ink)
        color: RGB | None = getattr(self, ink)
        return color

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


INKS: tuple[Ink, ...] = (*get_args(Role), "axis")

_ORANGE, _SKY, _GREEN, _YELLOW = (230, 159, 0), (86, 180, 233), (0, 178, 130), (240, 228, 66)
_VERMILION, _PURPLE, _WHITE = (235, 110, 30), (214, 140, 182), (238, 238, 238)

_SIGNED = (
    *ramp((12, 4, -34), (52, 0, -2), PIXEL_TONES // 2 + 1),
    *ramp((52, 0, -2), (92, 6, 62), PIXEL_TONES // 2 + 1)[1:],
)
"""From dark blue through grey to light yellow: told apart by lightness alone, too."""

DARK = Palette(
    axis=(158, 158, 158),
    curve=_SKY,
    tangent=_ORANGE,
    secant=_PURPLE,
    line=_YELLOW,
    forward=_ORANGE,
    central=_SKY,
    path=_ORANGE,
    start=_WHITE,
    current=_YELLOW,
    minimizer=_GREEN,
    guess=_PURPLE,
    truth=_GREEN,
    uphill=_VERMILION,
    downhill=_GREEN,
    field=(106, 138, 152),
    contour=(84, 124, 168),
    reference=(138, 138, 138),
    ahead=(186, 146, 92),
    beside=_SKY,
    ghost1=(150, 150, 150),
    ghost2=(150, 150, 150),
    ghost3=(150, 150, 150),
    ghost4=(150, 150, 150),
    ghost5=(150, 150, 150),
    maximum=_VERMILION,
    saddle=_YELLOW,
    rival1=_SKY,
    rival2=_PURPLE,
    rival3=_GREEN,
    rival4=_YELLOW,
    rival5=(168, 168, 168),
    slice0=_SKY,
    slice1=_PURPLE,
    cursor=_WHITE,
    limit=_VERMILION,
    shade=(138, 138, 138),
    target=_GREEN,
    batch=(94, 134, 168),
    trained=_SKY,
    held_out=_ORANGE,
    heat=ramp((9, 6, -16), (30, 32, -12), HEAT_TONES),
    regions=(
        rgb(27, 0, -30),
        rgb(29, 12, 30),
        rgb(22, -18, 4),
        rgb(26, 30, -14),
        rgb(30, -8, -10),
        rgb(15, 8, -22),
        rgb(29, 2, 12),
        rgb(18, 14, 6),
    ),
    diverging=rgb(19, 24, 16),
    pixels=ramp((14, 0, -4), (94, 0, 4), PIXEL_TONES),
    signed_pixels=_SIGNED,
)
"""For grounds from #121212 to #1e1e1e."""

_DARK_ORANGE, _DARK_BLUE, _DARK_GREEN, _DARK_YELLOW = (
    (143, 95, 0),
    (0, 98, 158),
    (0, 104, 76),
    (107, 98, 0),
)
_DARK_VERMILION, _DARK_PURPLE, _BLACK = (178, 70, 0), (148, 62, 116), (26, 26, 26)

LIGHT = Palette(
    axis=(90, 90, 90),
    curve=_DARK_BLUE,
    tangent=_DARK_VERMILION,
    secant=_DARK_PURPLE,
    line=_DARK_YELLOW,
    forward=_DARK_VERMILION,
    central=_DARK_BLUE,
    path=_DARK_VERMILION,
    start=_BLACK,
    current=(150, 20, 20),
    minimizer=_DARK_GREEN,
    guess=_DARK_PURPLE,
    truth=_DARK_GREEN,
    uphill=_DARK_VERMILION,
    downhill=_DARK_GREEN,
    field=(95, 110, 118),
    contour=(84, 112, 146),
    reference=(107, 107, 107),
    ahead=(150, 96, 50),
    beside=_DARK_BLUE,
    ghost1=(106, 106, 106),
    ghost2=(106, 106, 106),
    ghost3=(106, 106, 106),
    ghost4=(106, 106, 106),
    ghost5=(106, 106, 106),
    maximum=_DARK_VERMILION,
    saddle=_DARK_YELLOW,
    rival1=_DARK_BLUE,
    rival2=_DARK_PURPLE,
    rival3=_DARK_GREEN,
    rival4=_DARK_YELLOW,
    rival5=(90, 90, 90),
    slice0=_DARK_BLUE,
    slice1=_DARK_PURPLE,
    cursor=_BLACK,
    limit=_DARK_VERMILION,
    shade=(107, 107, 107),
    target=_DARK_GREEN,
    batch=(94, 124, 150),
    trained=_DARK_BLUE,
    held_out=_DARK_VERMILION,
    heat=ramp((97, 0, 4), (80, 16, -16), HEAT_TONES),
    regions=(
        rgb(84, -4, -16),
        rgb(88, 4, 26),
        rgb(90, -18, 8),
        rgb(82, 16, -10),
        rgb(92, -8, -4),
        rgb(80, 2, -22),
        rgb(84, 4, 12),
        rgb(90, 8, 4),
    ),
    diverging=rgb(84, 18, 12),
    pixels=ramp((97, 0, 2), (18, 0, -4), PIXEL_TONES),
    signed_pixels=_SIGNED,
)
"""For grounds from #e0e0e0 to #ffffff."""

MONO = Palette()
"""No colour at all (NO_COLOR): marks and line patterns tell the layers apart."""
