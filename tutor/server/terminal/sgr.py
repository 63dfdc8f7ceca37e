"""What cells look like, in the colours that a terminal has; and the shortest SGR between two looks.

Rich could bring colours down by itself, but keeps the result with each style, and styles are shared
by all apps of a process: the first learner's terminal would decide for all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Final

from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as ScreenColor
from textual.filter import LineFilter

_KEPT: Final = 4096
"""Looks that are remembered; one that is forgotten gets another number, and is painted anew."""
_MARKS: Final = (
    ("bold", "1"), ("dim", "2"), ("italic", "3"), ("underline", "4"), ("blink", "5"),
    ("blink2", "6"), ("reverse", "7"), ("conceal", "8"), ("strike", "9"), ("underline2", "21"),
    ("frame", "51"), ("encircle", "52"), ("overline", "53"),
)  # fmt: skip
_INK, _GROUND = "39", "49"
"""The terminal's own colours."""


@dataclass(frozen=True, slots=True, eq=False)
class Pen:
    """A look that is told from all others by its number, and from itself by nothing."""

    number: int
    marks: frozenset[str] = frozenset()
    ink: str = _INK
    ground: str = _GROUND


PLAIN: Final = Pen(0)
"""The look of a terminal that was told nothing."""

_numbers = count(1)


@lru_cache(_KEPT)
def pen_of(style: Style | None) -> Pen:
    """Return how a style looks; what cannot be seen of it makes no difference."""
    if style is None:
        return PLAIN
    marks = frozenset(code for name, code in _MARKS if getattr(style, name))
    return _pen(
        marks,
        _code(style.color, _INK, foreground=True),
        _code(style.bgcolor, _GROUND, foreground=False),
    )


@lru_cache(_KEPT)
def _pen(marks: frozenset[str], ink: str, ground: str) -> Pen:
    return Pen(next(_numbers), marks, ink, ground)


def _code(colour: Color | None, default: str, *, foreground: bool) -> str:
    return default if colour is None else ";".join(colour.get_ansi_codes(foreground))


@lru_cache(_KEPT)
def change(old: Pen, new: Pen) -> str:
    """Return what makes a terminal that paints with one pen paint with another."""
    codes: list[str] = []
    ink, ground, marks = old.ink, old.ground, old.marks
    if old.marks - new.marks:  # what takes one mark away is told differently among terminals
        codes, ink, ground, marks = ["0"], _INK, _GROUND, frozenset()
    codes += sorted(new.marks - marks)
    codes += [new.ink] * (new.ink != ink) + [new.ground] * (new.ground != ground)
    if new is PLAIN or (new.marks, new.ink, new.ground) == (PLAIN.marks, _INK, _GROUND):
        codes = ["0"] if codes else []
    return f"\x1b[{';'.join(codes)}m" if codes else ""


_FULL: Final = frozenset({"xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm"})
"""Terminals with all colours that ssh tells us by TERM alone (COLORTERM is seldom sent)."""
_STYLES_KEPT: Final = 8192
_GREY: Final = Style(color="bright_black")
_IS_LINE: Final = re.compile("[─-╿]").search


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

    def apply(self, segments: list[Segment], _background: ScreenColor) -> list[Segment]:
        """Return the segments in fewer colours."""
        return [
            segment
            if segment.style is None
            else Segment(segment.text, self._fewer(segment), segment.control)
            for segment in segments
        ]

    def _fewer(self, segment: Segment) -> Style:
        """Return a segment's style; a line that would vanish in its ground becomes grey."""
        style = segment.style or Style()
        found = fewer(style, self._system)
        vanishes = found.color == found.bgcolor and style.color != style.bgcolor
        return found + _GREY if vanishes and _IS_LINE(segment.text) else found


@lru_cache(_STYLES_KEPT)
def fewer(style: Style, system: ColorSystem) -> Style:
    """Return the style in the colours of a system."""
    changes = [
        None if colour is None else _nearest(colour, system)
        for colour in (style.color, style.bgcolor)
    ]
    return style + Style(color=changes[0], bgcolor=changes[1])


def _nearest(colour: Color, system: ColorSystem) -> Color:
    return colour.downgrade(system)
