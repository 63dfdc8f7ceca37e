"""What each role looks like apart from its colour: its mark, and the pattern of its line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.charts.chart import Role

Pattern = Literal["solid", "dashed", "dotted"]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a role is drawn.

    Args:
        point: the character of a single point.
        ascii_point: the same where only ASCII may be used.
        pattern: of its lines.
        bold: draw it strongly.
        on_line: put `point` on the data points of a line too.
        is_walk: its lines are walks: marked where steps are long, with signs where they leave.
        has_heads: its walks show their direction.
    """

    point: str
    ascii_point: str
    pattern: Pattern = "solid"
    bold: bool = False
    on_line: bool = False
    is_walk: bool = False
    has_heads: bool = False


MARKS: Mapping[Role, Mark] = MappingProxyType(
    {
        "curve": Mark("•", "*"),
        "tangent": Mark("•", "o"),
        "secant": Mark("◇", "o", "dashed"),
        "line": Mark("▪", "#", bold=True),
        "forward": Mark("△", "f", bold=True, on_line=True),
        "central": Mark("□", "c", bold=True, on_line=True),
        "path": Mark("•", "o", bold=True, on_line=True, is_walk=True, has_heads=True),
        "start": Mark("○", "S", bold=True),
        "current": Mark("●", "@", bold=True),
        "minimizer": Mark("✕", "X", bold=True),
        "guess": Mark("◆", "?", bold=True, on_line=True),
        "truth": Mark("★", "*", bold=True, on_line=True),
        "uphill": Mark("▴", "^", bold=True),
        "downhill": Mark("▾", "v", bold=True),
        "field": Mark("·", "."),
        "contour": Mark("·", "."),
        "reference": Mark("·", ".", "dotted"),
        "ahead": Mark("·", ".", "dotted"),
        "beside": Mark("■", "&", bold=True, on_line=True, is_walk=True),
        "ghost1": Mark("◇", "a", on_line=True, is_walk=True),
        "ghost2": Mark("△", "b", on_line=True, is_walk=True),
        "ghost3": Mark("□", "c", on_line=True, is_walk=True),
        "ghost4": Mark("▽", "d", on_line=True, is_walk=True),
        "ghost5": Mark("◁", "e", on_line=True, is_walk=True),
        "maximum": Mark("▲", "^", bold=True),
        "saddle": Mark("◇", "%", bold=True),
        "rival1": Mark("■", "&", bold=True, on_line=True, is_walk=True),
        "rival2": Mark("◇", "a", bold=True, on_line=True, is_walk=True),
        "rival3": Mark("△", "b", bold=True, on_line=True, is_walk=True),
        "rival4": Mark("□", "c", bold=True, on_line=True, is_walk=True),
        "rival5": Mark("▽", "d", bold=True, on_line=True, is_walk=True),
        "slice0": Mark("•", "*"),
        "slice1": Mark("▪", "=", "dashed"),
        "cursor": Mark("┼", "+", "dotted", bold=True),
        "limit": Mark("╎", "|", "dashed", bold=True),
        "shade": Mark("░", ":"),
        "target": Mark("◎", "T", bold=True),
        "batch": Mark("·", "."),
        "trained": Mark("•", "o", bold=True, on_line=True),
        "held_out": Mark("△", "h", "dashed", bold=True, on_line=True),
    }
)

LINE_SAMPLES: Mapping[Pattern, str] = MappingProxyType(
    {"solid": "──", "dashed": "╌╌", "dotted": "··"}
)
ASCII_LINE_SAMPLES: Mapping[Pattern, str] = MappingProxyType(
    {"solid": "--", "dashed": "- ", "dotted": ".."}
)

_HEADS = "→↗↑↖←↙↓↘"
_ASCII_HEADS = ">^^^<vvv"
_EXITS: Mapping[tuple[int, int], str] = MappingProxyType(
    {
        (1, 0): "▶",
        (-1, 0): "◀",
        (0, 1): "▲",
        (0, -1): "▼",
        (1, 1): "◥",
        (-1, 1): "◤",
        (1, -1): "◢",
        (-1, -1): "◣",
    }
)


def arrow_head(dx: float, dy: float, *, ascii_only: bool = False) -> str:
    """Return the arrow that points along (dx, dy), in dots, y upwards; not both may be 0."""
    heads = _ASCII_HEADS if ascii_only else _HEADS
    return heads[round(math.atan2(dy, dx) / (math.pi / 4)) % 8]


def exit_sign(across: int, up: int, *, ascii_only: bool = False) -> str:
    """Return the sign for "goes on beyond this edge"; each argument is -1, 0 or 1, not both 0."""
    if ascii_only:
        return arrow_head(0 if up else across, up, ascii_only=True)
    return _EXITS[across, up]
