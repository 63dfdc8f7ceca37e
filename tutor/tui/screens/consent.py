"""Asks once whether the learner's own programs may run here without bubblewrap."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.i18n import message, render
from tutor.sandbox.protection import Protection


class ConsentScreen(ModalScreen[bool]):
    """Says what the program is kept from and what not. Nothing but a clear yes is one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape,q", "answer(False)", "No"),
    ]

    def __init__(self, protection: Protection) -> None:
        super().__init__()
        self._protection = protection

    def compose(self) -> ComposeResult:
        """Lay the question out."""
        found = self._protection
        title = render(message("May your programs run on this computer?"))
        words = [
            message("This step runs the Python that you write yourself."),
            found.against,
            found.not_against,
            *([found.reason] if found.reason is not None else []),
            message("y: yes, from now on   n: no, not now"),
        ]
        with Vertical(id="consent"):
            yield Static(Content.styled(title, "bold $text-primary"), markup=False)
            for sentence in words:
                yield Static(render(sentence), markup=False)

    def action_answer(self, answer: bool) -> None:
        """Hand the answer back."""
        self.dismiss(answer)
