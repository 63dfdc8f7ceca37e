"""What a redraw is compared with: all of it by plotext, and Textual's repaint of a widget."""

from __future__ import annotations

import asyncio
from types import TracebackType

import numpy as np
from plotext._figure import _figure_class
from textual.app import App, ComposeResult
from textual.widgets import Static

from tests.benchmarks.charts.scene import HEIGHT, SPAN_X, SPAN_Y, WIDTH, downhill, valley
from tutor.charts.chart import Chart, Line, Points
from tutor.charts.contours import choose_levels, level_segments, sample


def naive_redraw(chart: Chart, width: int, height: int) -> str:
    """Draw contour, arrow field, path and frame by plotext, as `textual-plotext` would.

    The same levels on the same grid; the pieces of a level are given as one broken line.
    """
    figure = _figure_class()
    figure._limit_size(False, False)
    figure.plot_size(width, height)
    figure.title(str(chart.title))
    figure.xlim(SPAN_X.low, SPAN_X.high)
    figure.ylim(SPAN_Y.low, SPAN_Y.high)
    _draw_contour(figure, width, height)
    _draw_field(figure, width, height)
    for layer in chart.layers:
        if isinstance(layer, Line):
            figure.plot(layer.x.tolist(), layer.y.tolist(), marker="braille", label=layer.label)
        elif isinstance(layer, Points):
            figure.scatter(layer.x.tolist(), layer.y.tolist(), marker="o", label=layer.label)
    text: str = figure.build()
    return text


def _draw_contour(figure: _figure_class, width: int, height: int) -> None:
    x = np.linspace(SPAN_X.low, SPAN_X.high, width * 2)
    y = np.linspace(SPAN_Y.low, SPAN_Y.high, height * 4)
    field = sample(valley, x, y)
    for level in choose_levels(field.values, 7):
        x0, y0, x1, y1 = level_segments(field, level)
        gap = np.full_like(x0, np.nan)
        across = np.stack([x0, x1, gap], axis=1).ravel().tolist()
        up = np.stack([y0, y1, gap], axis=1).ravel().tolist()
        figure.plot(across, up, marker="braille", color="blue")


def _draw_field(figure: _figure_class, width: int, height: int) -> None:
    x, y = np.meshgrid(
        np.linspace(SPAN_X.low, SPAN_X.high, width // 6),
        np.linspace(SPAN_Y.low, SPAN_Y.high, height // 3),
    )
    across, up = downhill(np.stack([x.ravel(), y.ravel()]))
    turns = np.rint(np.arctan2(up, across) / (np.pi / 4)).astype(int) % 8
    for turn, head in enumerate("→↗↑↖←↙↓↘"):
        chosen = turns == turn
        figure.scatter(
            x.ravel()[chosen].tolist(), y.ravel()[chosen].tolist(), marker=head, color="gray"
        )


class _OneWidget(App[None]):
    """A static widget of the chart's size, with as many styles as a chart has."""

    CSS = f"Static {{ width: {WIDTH}; height: {HEIGHT}; }}"

    def compose(self) -> ComposeResult:
        """The widget."""
        row = "[blue]⠤⠒⠉[/] " * (WIDTH // 4)
        yield Static("\n".join([row] * HEIGHT))


class Repainter:
    """A running Textual app in a 120x36 terminal that repaints its widget on request."""

    def __init__(self) -> None:
        self._app = _OneWidget()
        self._test = self._app.run_test(size=(120, 36))

    async def __aenter__(self) -> Repainter:
        self._pilot = await self._test.__aenter__()
        await self._pilot.pause()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._test.__aexit__(kind, error, trace)

    async def repaint(self) -> None:
        """Ask for a repaint and wait until it was painted."""
        painted = asyncio.Event()
        self._app.query_one(Static).refresh()
        self._app.call_after_refresh(painted.set)
        await painted.wait()
