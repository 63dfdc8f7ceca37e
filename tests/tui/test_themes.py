"""All text can be read: 4.5:1 (WCAG 2.2, 1.4.3) in every theme, on every ground that carries it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

import tutor.tui
from tests.charts.colour_vision import contrast
from tutor.charts.palette import DARK, INKS, LIGHT
from tutor.tui import themes
from tutor.tui.widgets.chart_view import PALETTES

THEMES = [each for each in vars(themes).values() if isinstance(each, Theme)]
SOURCES = "\n".join(
    path.read_text("utf-8")
    for path in Path(tutor.tui.__file__).parent.rglob("*")
    if path.suffix in {".py", ".tcss"}
)
NAME = r"\$([a-z][a-z-]*[a-z])"
GROUNDS = {"background", "surface", *re.findall(rf"background: {NAME}", SOURCES)}
TEXTS = {
    "text-disabled",  # Textual's placeholders
    *re.findall(rf"(?<![a-z-])color: {NAME}", SOURCES),
    *(name for name in re.findall(NAME, SOURCES) if re.match(r"text|foreground|footer", name)),
} - GROUNDS
PLAIN_TEXT_ALONE = {"secondary-muted", "error-muted"}
"""Grounds of a band over the screen and of a line at fault."""


def shown(text: str, ground: Color) -> Color:
    """What a colour of the theme looks like on a ground."""
    if text.startswith("auto "):
        return ground + ground.get_contrast_text(float(text[5:-1]) / 100)
    return ground + Color.parse(text)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_style_stands_out_from_every_ground(theme: Theme):
    colours = theme.to_color_system().generate()
    faint = []
    for name in sorted(GROUNDS):
        ground = Color.parse(colours["background"]) + Color.parse(colours[name])
        for text in sorted({"text"} if name in PLAIN_TEXT_ALONE else TEXTS):
            found = contrast(shown(colours[text], ground).rgb, ground.rgb)
            if found < 4.5:
                faint.append(f"${text} on ${name}: {found:.2f}")
    assert [] == faint
    assert len(THEMES) >= 4
    assert {"text-muted", "text-accent", "foreground", "footer-key-foreground"} <= TEXTS


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_ink_of_a_chart_stands_out_from_the_grounds_of_its_theme(theme: Theme):
    """Text and marks by 4.5:1; the contour lines, which are neither, by 3:1."""
    colours = theme.to_color_system().generate()
    palette = PALETTES.get(theme.name, DARK if theme.dark else LIGHT)
    faint = [
        (ink, name)
        for ink in INKS
        for name in ("background", "surface")
        if contrast(palette.color(ink), Color.parse(colours[name]).rgb)
        < (3.0 if ink == "contour" else 4.5)
    ]
    assert [] == faint


def test_high_contrast_means_7_to_1():
    """For text, and for all of a chart but its contour lines (WCAG 2.2, 1.4.6)."""
    colours = themes.CONTRAST.to_color_system().generate()
    ground = Color.parse(colours["background"])
    texts = [shown(colours[name], ground).rgb for name in TEXTS if name not in GROUNDS]
    palette = PALETTES[themes.CONTRAST.name]
    inks = [palette.color(ink) for ink in INKS if ink != "contour"]
    assert min(contrast(color, ground.rgb) for color in (*texts, *inks)) >= 7
