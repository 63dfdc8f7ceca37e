"""Where the class is, over a learner's screen; nothing while nobody leads."""

from __future__ import annotations

from textual.reactive import reactive
from textual.widgets import Static


class ClassLine(Static):
    """One row; it takes no room while it has no words."""

    DEFAULT_CSS = """
    ClassLine {
        display: none; dock: top; height: 1; width: 100%; padding: 0 1;
        background: $secondary-muted; color: $text; text-wrap: nowrap; text-overflow: ellipsis;
        &.-shown { display: block; }
    }
    """

    words: reactive[str] = reactive("", init=False)
    """What to say."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def watch_words(self, words: str) -> None:
        """Say it, or give the room back."""
        self.update(words)
        self.set_class(bool(words), "-shown")
