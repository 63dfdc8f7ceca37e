"""Texts made ready for cells: one line, ASCII where asked for, cut to a width."""

from __future__ import annotations

from rich.cells import cell_len

from tutor.charts.ascii_art import to_ascii
from tutor.i18n import Text, render


def words(text: Text, *, ascii_only: bool) -> str:
    """Return a text of the chart on one line."""
    line = " ".join(render(text).split())
    return to_ascii(line) if ascii_only else line


def shorten(text: str, width: int, *, ascii_only: bool) -> str:
    """Return `text` cut to `width` cells, with an ellipsis where something was cut."""
    if cell_len(text) <= width:
        return text
    ellipsis = "..." if ascii_only else "…"
    kept = text
    while kept and cell_len(kept) + len(ellipsis) > width:
        kept = kept[:-1]
    return kept.rstrip() + ellipsis if kept else ""
