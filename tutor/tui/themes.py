"""The two themes. Grounds fit the charts' palettes (charts/palette.py)."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="nabla-dark",
    primary="#56b4e9",
    secondary="#cc79a7",
    accent="#e69f00",
    foreground="#e4e4e4",
    background="#121212",
    surface="#181a1c",
    panel="#22262a",
    success="#00b282",
    warning="#f0e442",
    error="#f0703c",
    dark=True,
)
LIGHT = Theme(
    name="nabla-light",
    primary="#00629e",
    secondary="#943e74",
    accent="#8f5f00",
    foreground="#1a1a1a",
    background="#fcfcfc",
    surface="#f2f2f2",
    panel="#e4e6e8",
    success="#00684c",
    warning="#6b6200",
    error="#b24600",
    dark=False,
)
