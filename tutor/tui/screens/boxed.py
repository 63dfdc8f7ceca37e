"""A few words in a box over the screen below: how a lesson or a review ended, and where to go."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

T = TypeVar("T")


class BoxedScreen(ModalScreen[T], Generic[T]):
    """Shows `words`; the keys are those of each screen of this kind."""

    DEFAULT_CSS = """
    BoxedScreen { align: center middle; }
    BoxedScreen > Vertical {
        width: 60; max-width: 100%; height: auto; padding: 1 2;
        background: $panel; border: round $primary;
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out the words."""
        with Vertical():
            yield Static(self.words(), markup=False)

    def words(self) -> Content:
        """Return what stands in the box."""
        raise NotImplementedError
