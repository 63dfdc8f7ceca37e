"""The canvas that a layer draws on, in braille dots, and what it leaves there."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import Floats, Role
from tutor.charts.grid import Cell, Look
from tutor.charts.marks import MARKS
from tutor.charts.palette import Ground
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN, PlotArea
from tutor.charts.strokes import Dots


@dataclass(frozen=True, slots=True)
class Stamp:
    """A few characters from one cell of the canvas on, counted from its top left."""

    column: int
    row: int
    text: str
    look: Look
    kind: Literal["arrow", "number", "point", "sign"] = "arrow"
    """What covers what: a sign at the edge lies above points, these above numbers and arrows."""


@dataclass(frozen=True, slots=True)
class Tone:
    """How the cells of one tone are shaded: a ground, and a mark on some or all of them."""

    ground: Ground | None = None
    mark: str = " "


@dataclass(frozen=True, slots=True)
class Shading:
    """Shaded cells: each of the canvas has a tone, or none (-1)."""

    tones: NDArray[np.integer[Any]]
    """Shape (rows, columns), the top row first."""
    table: tuple[Tone, ...]
    spacing: tuple[int, int] = (1, 1)
    """Cells from one mark to the next, across and down."""


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """What plotext draws of a layer, in data: a line, or the single points of one."""

    positions: Floats
    """Shape (2, n): on the x axis and on the y axis (log10 on a log axis); NaN breaks a line."""
    is_joined: bool = True


@dataclass(slots=True)
class Drawing:
    """What one layer puts on the canvas: a plot or dots of our own, shaded cells, and stamps."""

    look: Look
    is_line: bool = False
    plot: Plot | None = None
    dots: Dots | None = None
    shading: Shading | None = None
    stamps: list[Stamp] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Canvas:
    """The inside of a picture's frame, `width` by `height` dots from the bottom left."""

    area: PlotArea
    ascii_only: bool = False
    has_grounds: bool = False
    """Whether cells can be shaded by a ground colour; else by marks alone."""

    @property
    def width(self) -> int:
        """Dots across."""
        return self.area.columns * DOTS_ACROSS

    @property
    def height(self) -> int:
        """Dots up."""
        return self.area.rows * DOTS_DOWN

    def drawing(self, role: Role) -> Drawing:
        """Return an empty drawing in the look of a role."""
        return Drawing(Look(role, MARKS[role].bold))

    def blank_dots(self) -> Dots:
        """Return the dots of an empty canvas."""
        return np.zeros((self.height, self.width), dtype=np.bool_)

    def dots_of(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return where points lie, in dots across and up; NaN where they have no place."""
        across = self.area.x_scale.dot(np.atleast_1d(np.asarray(x, dtype=np.float64)))
        up = self.area.y_scale.dot(np.atleast_1d(np.asarray(y, dtype=np.float64)))
        length = min(across.size, up.size)
        return across[:length], up[:length]

    def inside(self, across: Floats, up: Floats) -> NDArray[np.bool_]:
        """Return which places lie on the canvas."""
        within_x = (across > -0.5) & (across < self.width - 0.5)
        return within_x & (up > -0.5) & (up < self.height - 0.5)

    def cell(self, across: float, up: float) -> Cell | None:
        """Return the cell of the canvas (from its top left) at a place, None off the canvas."""
        column, row = math.floor(across + 0.5) // DOTS_ACROSS, math.floor(up + 0.5) // DOTS_DOWN
        if 0 <= column < self.area.columns and 0 <= row < self.area.rows:
            return column, self.area.rows - 1 - row
        return None

    def nearest_cell(self, across: float, up: float) -> Cell:
        """Return the cell of the canvas nearest to a place."""
        column = math.floor(min(max(across, 0.0), self.width - 1.0) + 0.5) // DOTS_ACROSS
        row = math.floor(min(max(up, 0.0), self.height - 1.0) + 0.5) // DOTS_DOWN
        return column, self.area.rows - 1 - row

    def on_screen(self, dx: Floats, dy: Floats) -> tuple[Floats, Floats]:
        """Return directions in data units as directions in dots (linear axes)."""
        x, y = self.area.x_range, self.area.y_range
        with np.errstate(all="ignore"):
            return dx * (self.width / (x.high - x.low)), dy * (self.height / (y.high - y.low))
