"""Takes Textual's frames apart, so that a terminal is sent only the cells that change.

Textual paints whole lines of whole widgets: 6 KB for a key that turns a parameter, of which some
hundred cells are new.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, cast

from rich.console import Console, RenderableType
from rich.segment import Segment
from textual.app import App
from textual.screen import Screen

from tutor.private_names import overrides
from tutor.server.private import KEEPS_STREAMS, SENDS_CHANGES, is_on

if TYPE_CHECKING or is_on(SENDS_CHANGES):
    from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
else:  # frames go out as Textual writes them
    ChopsUpdate = CompositorUpdate = LayoutUpdate = object


Piece = tuple[int, int, Iterable[Segment], int]
"""A part of a row: its column, its row, what is in it, and how many cells it takes."""


class Shown(Protocol):
    """What a terminal shows; the driver that has one sends only what changes."""

    def paint(self, pieces: Iterable[Piece]) -> str:
        """Return what makes the terminal show these pieces."""


@overrides("_display", only_if=is_on(SENDS_CHANGES))
class PaintsChanges(App[None]):
    """An app whose terminal is sent what changes."""

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        shown: Shown | None = getattr(self._driver, "shown", None)
        if shown is not None and isinstance(renderable, LayoutUpdate | ChopsUpdate):
            changed = ChangedCells(renderable, shown)
            super()._display(screen, cast("RenderableType", changed))
        else:
            super()._display(screen, renderable)


class ChangedCells(CompositorUpdate):
    """Of a frame of Textual's, what the terminal does not show already."""

    def __init__(self, frame: LayoutUpdate | ChopsUpdate, shown: Shown) -> None:
        self._frame, self._shown = frame, shown

    def render_segments(self, _console: Console) -> str:
        """Return what the terminal is sent."""
        frame = self._frame
        pieces = _of_layout(frame) if isinstance(frame, LayoutUpdate) else _of_chops(frame)
        return self._shown.paint(pieces)


def _of_layout(frame: LayoutUpdate) -> Iterator[Piece]:
    """Yield the pieces of a whole screen."""
    for y, line in enumerate(frame.strips, frame.region.y):
        x = frame.region.x
        for strip in line:
            yield x, y, strip, strip.cell_length
            x += strip.cell_length


def _of_chops(frame: ChopsUpdate) -> Iterator[Piece]:
    """Yield the pieces of lines that the changed regions touch."""
    for y, first, last in frame.spans:
        for end, (x, strip) in zip(frame.chop_ends[y], frame.chops[y].items(), strict=True):
            if strip is not None and x < last and end > first:
                yield x, y, strip, strip.cell_length


def keep_streams(app: App[Any]) -> None:
    """Let an app leave sys.stdout and sys.stderr as they are now.

    Textual puts streams of its own in their place while an app runs; of several apps the last to
    leave would put back what another has long closed.
    """
    if is_on(KEEPS_STREAMS):
        app._capture_stdout = cast("Any", sys.stdout)
        app._capture_stderr = cast("Any", sys.stderr)
