"""What every line of the screen goes through last, before a terminal reads it.

Text alone: whatever a widget was given, no sign in it is obeyed by the terminal.
--ascii: each sign beyond ASCII gives way to one of the same width; letters and the signs of
Chinese prose stay. NO_COLOR: no colour at all; bold, underline and reverse stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter, NoColor

from tutor.charts.ascii_art import cells_to_ascii
from tutor.visible import UNSEEN, visible_line


class TextAlone(LineFilter):
    """Shows control and unseen signs as what they are, in a line that stays as wide as it was."""

    def apply(self, segments: list[Segment], _background: Color) -> list[Segment]:
        """Return the segments; what the signs take more is taken from blanks at their ends."""
        unseen = UNSEEN.search("".join(each.text for each in segments if not each.control))
        if not unseen and not any(each.style and each.style.link for each in segments):
            return segments
        shown = [_shown(segment) for segment in segments]
        width = _width(segments)
        backwards = list(_narrowed(reversed(shown), _width(shown) - width))
        return Segment.adjust_line_length(backwards[::-1], width)


def _shown(segment: Segment) -> Segment:
    if segment.control:
        return segment
    style = segment.style and segment.style.update_link(None)  # a link is a sequence, too
    return Segment(visible_line(segment.text), style)


def _narrowed(backwards: Iterable[Segment], excess: int) -> Iterator[Segment]:
    """Yield the segments, the last first, with fewer blanks at their ends."""
    for segment in backwards:
        text = segment.text
        blanks = 0 if segment.control else len(text) - len(text.rstrip(" "))
        cut = min(max(excess, 0), blanks)
        excess -= cut
        yield Segment(text[: len(text) - cut], segment.style, segment.control)


def _width(segments: Iterable[Segment]) -> int:
    return sum(cell_len(segment.text) for segment in segments if not segment.control)


class AsciiFilter(LineFilter):
    """Replaces frames, tracks, marks and arrows by ASCII, sign by sign."""

    def apply(self, segments: list[Segment], _background: Color) -> list[Segment]:
        """Return the segments, as wide as they were."""
        return [
            segment if segment.control else Segment(cells_to_ascii(segment.text), segment.style)
            for segment in segments
        ]


TEXT_ALONE: Final = TextAlone()
"""The same object for all: what is kept of lines goes by the filters that they went through."""


def limits(*, ascii_only: bool, no_color: bool) -> tuple[LineFilter, ...]:
    """Return the filters for a terminal that can do no more."""
    return (
        *((AsciiFilter(),) if ascii_only else ()),
        *((NoColor(),) if no_color else ()),
    )
