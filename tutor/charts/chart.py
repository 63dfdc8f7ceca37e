"""A chart as plain data: what is to be seen, in data units, without a size or a colour.

The engine builds charts, the renderer draws them, and nothing in here knows of a terminal.
Colours and marks come from a layer's `role`: a chart never names either.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.i18n import Text

Floats: TypeAlias = NDArray[np.float64]

Role: TypeAlias = Literal[
    "curve", "tangent", "secant", "line", "forward", "central", "path", "start",
    "current", "minimizer", "guess", "truth", "uphill", "downhill", "field", "contour", "reference",
    "ahead", "beside", "ghost1", "ghost2", "ghost3", "ghost4", "ghost5", "slice0", "slice1",
    "cursor", "limit", "shade", "rival1", "rival2", "rival3", "rival4", "rival5",
    "target", "batch", "trained", "held_out", "maximum", "saddle",
]  # fmt: skip
"""What a layer means. Each role has its own colour in the theme and its own mark, so that the
colour is never the only sign."""


@dataclass(frozen=True, slots=True)
class AxisRange:
    """The ends of an axis, `low < high`, both finite (and above 0 on a log axis)."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: its title, what it spans (None: what the data span), its scale."""

    title: Text
    range: AxisRange | None = None
    scale: Literal["linear", "log"] = "linear"
    labels: tuple[Text, ...] = ()
    """Of the x axis: words for 0, 1, 2, … in place of numbers (bars of categories)."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Points joined by a line. Values that are not finite break it."""

    x: Floats
    y: Floats
    role: Role
    label: Text = ""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Single marks."""

    x: Floats
    y: Floats
    role: Role
    label: Text = ""


@dataclass(frozen=True, slots=True, eq=False)
class Arrow:
    """An arrow from (x, y) to (x + dx, y + dy), with its head at the end."""

    x: float
    y: float
    dx: float
    dy: float
    role: Role
    label: Text = ""


@dataclass(frozen=True, slots=True, eq=False)
class ContourLayer:
    """Lines of equal f, sampled by the renderer on the range that it draws.

    `f` takes points of shape (2, k) and returns shape (k,). `levels=None`: chosen from the values
    (evenly spaced for a bowl of little range, geometric where the range is large).
    """

    f: Callable[[Floats], Floats]
    levels: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ArrowField:
    """Arrows of equal spacing that show a direction everywhere; length is not to scale.

    `direction` takes points of shape (2, k) and returns shape (2, k).
    """

    direction: Callable[[Floats], Floats]
    role: Role = "field"


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """The values of f as shaded cells, the lowest nearest to the ground's colour, some numbered.

    `f` takes points of shape (2, k) and returns shape (k,). Cells without a value stay blank.
    """

    f: Callable[[Floats], Floats]


UNKNOWN, DIVERGES = -2, -1
"""What a cell of `Regions` holds that belongs to no region: not computed yet, flies away."""


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """A map of numbered regions: a coarse grid stretched over a rectangle.

    `numbers[i, j]`, shape (rows, columns), is the region of the cell in column j from the left
    and row i from the bottom: 0, 1, 2, …, `DIVERGES` or `UNKNOWN`. Each region has a colour and
    a letter (A, B, C, …); `labels` name the first of them in the legend.
    """

    numbers: NDArray[np.integer[Any]]
    x_range: AxisRange
    y_range: AxisRange
    labels: tuple[Text, ...] = ()
    diverges_label: Text = ""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """A shaded stretch of the x axis, over the whole height; the canvas cuts what is beyond it."""

    low: float
    high: float
    label: Text = ""


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """A line across the whole canvas, upright at x or level at y; both: a small cross.

    Nothing where the place lies off the canvas. It does not stretch the axes.
    """

    role: Role
    x: float | None = None
    y: float | None = None
    label: Text = ""


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """Upright bars at x, from 0 (on a log axis: from its low end) to each height.

    A height that is not finite has no bar; `texts`, where there are any, stand over the bars.
    """

    x: Floats
    heights: Floats
    role: Role
    label: Text = ""
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Signed numbers in rows and columns, their points one below the other.

    A chart that has one is a sheet: it has no axes, and x and y are column and −row of its first
    table.
    """

    title: Text
    """Stands in the corner: a few letters."""
    values: Floats
    """Shape (rows, columns)."""
    row_heads: tuple[Text, ...]
    column_heads: tuple[Text, ...]
    decimals: int = 3


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A mark on an entry of every table of a sheet."""

    row: int
    column: int
    role: Role
    label: Text = ""


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Small pictures side by side, each with a caption; a chart that has them is a sheet.

    `values` has shape (pictures, rows, columns): shares of full ink from 0 to 1, or signed ones
    from -1 to 1 where 0 is neither dark nor light.
    """

    values: Floats
    captions: tuple[Text, ...]
    signed: bool = False
    roles: tuple[Role, ...] = ()
    """Of the captions; none: all in the colour of the axes."""


Layer: TypeAlias = (
    Line
    | Points
    | Arrow
    | ContourLayer
    | ArrowField
    | HeatMap
    | Regions
    | Band
    | Guide
    | Bars
    | Table
    | Entry
    | Pictures
)


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """From where a surface in space is seen, in degrees."""

    turn: float = 28.0
    """How far it is turned about the upright axis: 0 has x₀ to the right and x₁ away from us."""
    tilt: float = 44.0
    """How high we stand above the ground."""

    LOWEST: ClassVar = 8.0
    HIGHEST: ClassVar = 80.0

    def moved(self, right: float, up: float) -> Viewpoint:
        """Return where we stand after the surface was turned to the right and we rose."""
        tilt = min(max(self.tilt + up, self.LOWEST), self.HIGHEST)
        return Viewpoint((self.turn + right) % 360, tilt)


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """The layers that stay while the learner turns a parameter, drawn once for each `key`.

    Two backdrops with equal keys (and the same axes) look the same: the renderer keeps the picture.
    """

    key: Hashable
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """One picture: axes, a backdrop that stays and layers that move, later ones on top."""

    title: Text
    x_axis: Axis
    y_axis: Axis
    layers: tuple[Layer, ...] = ()
    backdrop: Backdrop | None = None
    equal_aspect: bool = False
    """One unit is as long on both axes (ranges are widened to fit): right angles look right."""
    title_role: Role | None = None
    """Of the line whose formula the title is: it has the line's colour."""
    note: Text = ""
    """A short remark in a corner, for instance that the path leaves the chart."""
    viewpoint: Viewpoint | None = None
    """Of a chart with contour lines or a heat map: its f is then seen as a surface in space, and
    what lies on the plane lies on the surface."""
    foot: Text = ""
    """A line under a surface in space: how it is turned."""

    @property
    def is_landscape(self) -> bool:
        """Whether it shows the heights of an f, and so can be seen as a surface in space."""
        return self.ground is not None

    @property
    def ground(self) -> ContourLayer | HeatMap | None:
        """The layer whose f is the ground of all others."""
        layers = self.backdrop.layers if self.backdrop else ()
        grounds = (each for each in layers if isinstance(each, ContourLayer | HeatMap))
        return next(grounds, None)
