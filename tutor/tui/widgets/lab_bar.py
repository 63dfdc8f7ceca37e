"""The lab's top row: what is descended, what lies under the cursor or the mouse, or a hint."""

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
    hint: reactive[Text] = reactive("")
    """What the focused row understands; shown where nothing else needs the room."""

    def render(self) -> Content:
        """Return the row: name and formula left; the reading right, or the hint."""
        head, reading, look = render(message("∇ Lab")), render(self.reading), "$text-accent"
        room = self.content_size.width - cell_len(head) - 4
        if not reading and cell_len(self.formula) + cell_len(hint := render(self.hint)) <= room:
            reading, look = hint, "$text-muted"
        room -= cell_len(reading)
        formula = Content(self.formula).truncate(max(0, room), ellipsis=True, pad=True)
        return Content.assemble((head, "bold $text-primary"), "  ", formula, "  ", (reading, look))
