"""A screen that is painted once for all that changed in one go.

Textual paints at every step of a layout: opening a screen painted it eight times, most of the time
that it took. What is painted in between nobody sees.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from textual.screen import Screen

from tutor.private_names import overrides
from tutor.tui.private import PAINTS_ONCE, is_on

T = TypeVar("T")


class _Painting:
    """How far one screen is with its painting."""

    must_paint = is_asked = is_in_frame = False


@overrides("_compositor_refresh", "_on_timer_update", only_if=is_on(PAINTS_ONCE))
class PaintsOnce(Screen[T], Generic[T]):
    """Gathers the paintings that are asked for while messages are worked through, or a frame."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._painting = _Painting()

    def _compositor_refresh(self) -> None:
        self._painting.must_paint = True
        if not self._painting.is_in_frame and not self._painting.is_asked:
            self._painting.is_asked = True
            self.call_later(self._paint_before_frame)

    def _on_timer_update(self) -> None:
        """Lay out and paint a frame: its calls after the refresh come after that."""
        self._painting.is_in_frame = True
        try:
            super()._on_timer_update()
        finally:
            self._painting.is_in_frame = False
        self._paint()

    def paint_now(self) -> None:
        """Paint what has changed, where nothing is to be gained by waiting for the next frame."""
        if self.is_current and is_on(PAINTS_ONCE):
            self._on_timer_update()

    def _paint_before_frame(self) -> None:
        self._painting.is_asked = False
        is_frame_due = self._layout_required or self._repaint_required or self._scroll_required
        if not is_frame_due and not self._dirty_widgets:
            self._paint()

    def _paint(self) -> None:
        if self._painting.must_paint:
            self._painting.must_paint = False
            super()._compositor_refresh()
