"""The two themes. Grounds fit the charts' palettes (charts/palette.py)."""

from __future__ import annotations

from textual.theme import Theme

_READABLE = {"text-disabled": "auto 56%"}
"""Placeholders, and a state code that stands in one, are there to be read: 4.5:1 at least."""

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
    variables=_READABLE,
)
LIGHT = Theme(
    name="nabla-light",
    primary="#00629e",
    secondary="#943e74",
    accent="#8a5b00",
    foreground="#1a1a1a",
    background="#fcfcfc",
    surface="#f2f2f2",
    panel="#e4e6e8",
    success="#00684c",
    warning="#6b6200",
    error="#ad4300",
    dark=False,
    variables=_READABLE,
)
