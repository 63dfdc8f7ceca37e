"""A finished picture: rows of coloured text, and where in them the data lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from tutor.charts.chart import AxisRange
from tutor.charts.scale import Scale

RGB: TypeAlias = tuple[int, int, int]
DOTS_ACROSS = 2
DOTS_DOWN = 4
"""Braille dots in one cell, which is about twice as high as wide: the dots are square."""


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring cells of one look; None for a colour is the terminal's own."""

    text: str
    color: RGB | None = None
    bold: bool = False
    background: RGB | None = None


@dataclass(frozen=True, slots=True)
class PlotArea:
    """The canvas inside a picture: its cells (from the top left, counted from 0) and its ranges."""

    left: int
    top: int
    columns: int
    rows: int
    x_range: AxisRange
    y_range: AxisRange
    x_log: bool = False
    y_log: bool = False

    @property
    def x_scale(self) -> Scale:
        """Data to braille dots, counted from the left edge."""
        return Scale(self.x_range.low, self.x_range.high, self.x_log, self.columns * DOTS_ACROSS)

    @property
    def y_scale(self) -> Scale:
        """Data to braille dots, counted from the bottom edge."""
        return Scale(self.y_range.low, self.y_range.high, self.y_log, self.rows * DOTS_DOWN)

    def contains(self, column: int, row: int) -> bool:
        """Whether the cell of the picture belongs to the canvas."""
        return (
            self.left <= column < self.left + self.columns
            and self.top <= row < self.top + self.rows
        )

    def to_data(self, column: int, row: int) -> tuple[float, float]:
        """Return the (x, y) at the middle of a cell of the picture, also of one off the canvas."""
        across = (column - self.left + 0.5) * DOTS_ACROSS - 0.5
        up = (self.top + self.rows - row - 0.5) * DOTS_DOWN - 0.5
        return self.x_scale.value(across), self.y_scale.value(up)

    def to_cell(self, x: float, y: float) -> tuple[int, int]:
        """Return the (column, row) of the picture that shows (x, y), or the nearest of the canvas.

        Raises:
            ValueError: x or y is not a number.
        """
        across = self.x_scale.nearest_dot(x) // DOTS_ACROSS
        up = self.y_scale.nearest_dot(y) // DOTS_DOWN
        return self.left + across, self.top + self.rows - 1 - up


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of spans, each exactly as wide as asked for."""

    rows: tuple[tuple[Span, ...], ...]
    area: PlotArea
    seen_at: Callable[[int, int], tuple[float, float] | None] | None = field(
        default=None, compare=False
    )
    """Of a surface in space: the (x, y) that is seen in a cell of the canvas, None beside it."""

    def place_at(self, column: int, row: int) -> tuple[float, float] | None:
        """Return the (x, y) that a cell of the picture shows; None where it shows none."""
        if not self.area.contains(column, row):
            return None
        if self.seen_at is not None:
            return self.seen_at(column - self.area.left, row - self.area.top)
        return self.area.to_data(column, row)

    def to_text(self) -> str:
        """Return the picture as plain lines without colour."""
        return "\n".join("".join(span.text for span in row) for row in self.rows)
