"""The lab's top row: what is descended, and what lies under the cursor or the mouse."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tutor.i18n import Text, message, render


class LabBar(Widget):
    """`∇ Lab  x₀²/20 + x₁²          at (−7, 2): f = 6.45, ∇f = (−0.7, 4)`."""

    DEFAULT_CSS = """
    LabBar { height: 1; width: 1fr; background: $panel; padding: 0 1; }
    """

    formula: reactive[str] = reactive("")
    """What is descended."""
    reading: reactive[Text] = reactive("")
    """Value and gradient under the cursor or the mouse."""

    def render(self) -> Content:
        """Return the row: name and formula left, the reading right."""
        reading = render(self.reading)
        head = render(message("∇ Lab"))
        room = self.content_size.width - cell_len(reading) - cell_len(head) - 4
        formula = Content(self.formula).truncate(max(0, room), ellipsis=True, pad=True)
        return Content.assemble(
            (head, "bold $text-primary"), "  ", formula, "  ", (reading, "$text-accent")
        )
