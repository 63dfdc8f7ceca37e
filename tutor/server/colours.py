"""The colours that a learner's terminal has.

Rich could bring colours down by itself, but keeps the result with each style, and styles are shared
by all apps of a process: the first learner's terminal would decide for all.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.color import Color as RichColor, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_FULL: Final = frozenset({"xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm"})
"""Terminals with all colours that ssh tells us by TERM alone (COLORTERM is seldom sent)."""
_STYLES_KEPT: Final = 8192


def color_system(environment: dict[str, str]) -> ColorSystem:
    """Return how many colours the learner's terminal has, by what it says of itself."""
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return ColorSystem.TRUECOLOR
    term = environment.get("TERM", "").lower()
    if "direct" in term or term in _FULL:
        return ColorSystem.TRUECOLOR
    return ColorSystem.EIGHT_BIT if "256color" in term else ColorSystem.STANDARD


class FewerColours(LineFilter):
    """Replaces each colour by the nearest that the terminal has."""

    def __init__(self, system: ColorSystem) -> None:
        super().__init__()
        self._system = system

    def apply(self, segments: list[Segment], _background: Color) -> list[Segment]:
        """Return the segments in fewer colours."""
        return [
            segment
            if segment.style is None
            else Segment(segment.text, fewer(segment.style, self._system), segment.control)
            for segment in segments
        ]


@lru_cache(_STYLES_KEPT)
def fewer(style: Style, system: ColorSystem) -> Style:
    """Return the style in the colours of a system."""
    changes = [
        None if colour is None else _nearest(colour, system)
        for colour in (style.color, style.bgcolor)
    ]
    return style + Style(color=changes[0], bgcolor=changes[1])


def _nearest(colour: RichColor, system: ColorSystem) -> RichColor:
    return colour.downgrade(system)
