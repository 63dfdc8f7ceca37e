"""Colours for what a layer means, after Okabe and Ito's palette for colour-blind readers.

Source: M. Okabe, K. Ito, "Color Universal Design" (2008). On a light ground its hues are kept
and darkened, so that each stands out from the ground by at least 3:1 (WCAG 2.2, 1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from tutor.charts.chart import Role
from tutor.charts.picture import RGB

Ink: TypeAlias = Role | Literal["axis"]


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
    theory: RGB | None = None
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

    def color(self, ink: Ink) -> RGB | None:
        """Return the colour of a role or of the axes."""
        color: RGB | None = getattr(self, ink)
        return color


INKS: tuple[Ink, ...] = tuple(field.name for field in fields(Palette))  # type: ignore[misc]  # the fields are named after the roles; a test compares them

_ORANGE, _SKY, _GREEN, _YELLOW = (230, 159, 0), (86, 180, 233), (0, 178, 130), (240, 228, 66)
_VERMILION, _PURPLE, _WHITE = (235, 110, 30), (214, 140, 182), (238, 238, 238)

DARK = Palette(
    axis=(158, 158, 158),
    curve=_SKY,
    tangent=_ORANGE,
    secant=_PURPLE,
    line=_YELLOW,
    forward=_ORANGE,
    central=_SKY,
    theory=(138, 138, 138),
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
    theory=(107, 107, 107),
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
)
"""For grounds from #e0e0e0 to #ffffff."""

MONO = Palette()
"""No colour at all (NO_COLOR): marks and line patterns tell the layers apart."""
