"""The lab's surfaces, drawn beside the screen; the last good chart stays until the new is there.

To sample a formula at every dot of a large chart and to trace its levels takes up to 120 ms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.message_pump import MessagePump

from tutor.charts.plotext_renderer import Ahead, Backdrop
from tutor.tui.screens.lab_work import LongWork
from tutor.tui.widgets.lab_chart import LabChart

_KIND = "surface "


class LabSurfaces:
    """Sees to it that charts get the surfaces they miss, the newest wish of each alone."""

    def __init__(self, target: MessagePump) -> None:
        self._work = LongWork(target)

    def fetch(self, views: Iterable[LabChart]) -> None:
        """Begin what these charts miss; what they miss no longer is stopped."""
        for view in views:
            kind, ahead = f"{_KIND}{view.name}", view.missing()
            if ahead is None:
                self._work.cancel(kind)
            else:
                self._work.want(kind, ahead.key, lambda ahead=ahead: _drawn(ahead))  # type: ignore[misc]  # mypy cannot type a default

    def is_own(self, kind: str) -> bool:
        """Whether a message of this kind is about a surface."""
        return kind.startswith(_KIND)

    def deliver(self, kind: str, views: Iterable[LabChart]) -> None:
        """Give a surface to the chart that misses it."""
        taken = self._work.take(kind)
        if taken is not None:
            view = next(view for view in views if kind == f"{_KIND}{view.name}")
            view.keep(*taken)

    def end(self, kind: str) -> None:
        """Take note of an end; begin what has been wanted meanwhile."""
        self._work.end(kind)

    def are_there(self) -> bool:
        """Whether nothing is being drawn."""
        return not self._work.wanted()

    def cancel(self) -> None:
        """Stop everything."""
        self._work.cancel()


def _drawn(ahead: Ahead) -> Iterator[Backdrop]:
    yield ahead.draw()
