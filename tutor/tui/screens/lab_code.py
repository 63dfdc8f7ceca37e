"""The whole state code over the lab, to copy by hand where the terminal takes no clipboard."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.i18n import message, render
from tutor.tui.widgets.plain_words import broken


class LabCodeScreen(ModalScreen[None]):
    """Any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,y", "close", "Close")]

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def compose(self) -> ComposeResult:
        """Lay out the code and what to do with it."""
        width = min(110, self.app.size.width) - 8
        code = self._code
        lines = [code[start : start + width] for start in range(0, len(code), width)]
        words = message(
            "Copied, if the terminal allows it; else mark the lines with Shift and the mouse. "
            "Paste it into any lab, line breaks and all, or start with: nabla lab 'CODE'"
        )
        with Vertical(id="code"):
            yield Static(
                Content.styled(render(message("State code")), "bold $text-primary"), markup=False
            )
            yield Static("\n".join(lines), id="code-lines", markup=False)
            yield Static(Content.styled(broken(render(words), width), "$text-muted"), markup=False)

    def action_close(self) -> None:
        """Back to the lab."""
        self.dismiss(None)
