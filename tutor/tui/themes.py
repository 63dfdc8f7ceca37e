"""The themes, and which one an app shows. Grounds fit the charts' palettes (charts/palette.py)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from textual.app import App
from textual.theme import Theme

from tutor.i18n import Text
from tutor.tui.terminal import GroundTold

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
VIVID = Theme(
    name="nabla-vivid",
    primary="#8fb4ff",
    secondary="#e78bd0",
    accent="#ff9e64",
    foreground="#e6e6f0",
    background="#10121c",
    surface="#161928",
    panel="#232841",
    success="#4fd6a5",
    warning="#ffd75f",
    error="#ff7a90",
    dark=True,
    variables=_READABLE,
)
CONTRAST = Theme(
    name="nabla-contrast",
    primary="#8ed1ff",
    secondary="#f0b4dc",
    accent="#ffd23f",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    success="#7dffc0",
    warning="#fff27a",
    error="#ff9d85",
    dark=True,
    variables={"text-disabled": "auto 75%"},
)
THEMES: Final = (DARK, LIGHT, VIVID, CONTRAST)
"""In the order in which a key goes through them."""
_PREFIX: Final = "nabla-"


class Look:
    """The theme of one app: the one that was chosen or, until then, one that fits the terminal."""

    def __init__(
        self, app: App[Any], chosen: str | None, keep: Callable[[str], Text | None], *, dark: bool
    ) -> None:
        self._app, self._keep = app, keep
        for theme in THEMES:
            app.register_theme(theme)
        named = {theme.name: theme for theme in THEMES}.get(f"{_PREFIX}{chosen}")
        self.is_settled = named is not None
        """Whether the learner chose, or the terminal has told: what it says later is not heard."""
        app.theme = (named or (DARK if dark else LIGHT)).name

    @property
    def asks_ground(self) -> bool:
        """Whether to ask the terminal; a console of Linux would print what it does not know."""
        return not self.is_settled and not os.environ.get("TERM", "").startswith("linux")

    def follow(self, told: GroundTold) -> None:
        """Fit the ground that the terminal writes on."""
        if not self.is_settled:
            self.is_settled = True
            self._app.theme = (LIGHT if told.is_light else DARK).name

    def turn(self) -> Text | None:
        """Take the next theme and keep it; return why it cannot be kept."""
        names = [theme.name for theme in THEMES]
        name = names[(names.index(self._app.theme) + 1) % len(names)]
        self.is_settled = True
        self._app.theme = name
        return self._keep(name.removeprefix(_PREFIX))
