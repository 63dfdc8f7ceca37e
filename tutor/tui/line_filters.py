"""What every line of the screen goes through last, where a terminal can show less.

--ascii: each sign beyond ASCII gives way to one of the same width; letters and the signs of
Chinese prose stay. NO_COLOR: no colour at all; bold, underline and reverse stay.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter, Monochrome, NoColor

from tutor.charts.ascii_art import cells_to_ascii


class AsciiFilter(LineFilter):
    """Replaces frames, tracks, marks and arrows by ASCII, sign by sign."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 — Textual's signature
        """Return the segments, as wide as they were."""
        return [
            segment if segment.control else Segment(cells_to_ascii(segment.text), segment.style)
            for segment in segments
        ]


def with_limits(filters: Sequence[LineFilter], own: Sequence[LineFilter]) -> list[LineFilter]:
    """Return Textual's filters with our own after them; our NoColor takes the place of greys."""
    if any(isinstance(each, NoColor) for each in own):
        filters = [each for each in filters if not isinstance(each, Monochrome)]
    return [*filters, *own]


def limits(*, ascii_only: bool, no_color: bool) -> tuple[LineFilter, ...]:
    """Return the filters for a terminal that can do no more."""
    return (
        *((AsciiFilter(),) if ascii_only else ()),
        *((NoColor(),) if no_color else ()),
    )
