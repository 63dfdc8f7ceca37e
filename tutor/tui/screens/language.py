"""The first thing that a new learner sees: which language. It is asked once."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.i18n import LANGUAGES
from tutor.tui.screens.tutor_screen import LanguageChosen, TooSmall, TutorScreen

_QUESTION = "Language · 语言"
_KEYS = "1 2 ↑ ↓ Enter     F10: English ⇄ 中文"
"""This screen speaks all languages at once, so nothing on it is translated."""


class LanguageScreen(TutorScreen[None]):
    """Asks for the language; the one that the system speaks is proposed."""

    AUTO_FOCUS: ClassVar[str | None] = "OptionList"

    DEFAULT_CSS = """
    LanguageScreen { align: center middle; }
    LanguageScreen > Vertical {
        width: 50; height: auto; padding: 1 3; background: $panel; border: round $primary;
        & > OptionList { height: auto; border: none; background: transparent; margin: 1 0; }
        & > OptionList:focus { border: none; }
        & > #keys { color: $text-muted; }
    }
    """

    def __init__(self, proposed: str) -> None:
        super().__init__()
        self._proposed = proposed

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        yield TooSmall()
        with Vertical():
            title = Content.assemble(("∇ Nabla", "bold $text-primary"), f"   {_QUESTION}")
            yield Static(title, markup=False)
            yield OptionList(
                *(Option(f"{n}  {name}") for n, name in enumerate(_NAMES, 1)), markup=False
            )
            yield Static(_KEYS, id="keys", markup=False)

    def on_mount(self) -> None:
        """Propose a language."""
        self.query_one(OptionList).highlighted = list(LANGUAGES).index(self._proposed)

    def on_key(self, event: events.Key) -> None:
        """Take a language by its number."""
        if event.character in _NUMBERS:
            event.stop()
            self._choose(int(event.character) - 1)

    @on(OptionList.OptionSelected)
    def take_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the highlighted language."""
        event.stop()
        self._choose(event.option_index)

    def _choose(self, index: int) -> None:
        self.post_message(LanguageChosen(list(LANGUAGES)[index]))


_NAMES = tuple(LANGUAGES.values())
_NUMBERS = tuple(str(number) for number in range(1, len(_NAMES) + 1))
