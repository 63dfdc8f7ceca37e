"""The names of the lab's pages on one row, for a terminal that shows one page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.i18n import Text, render


class LabTabs(Widget):
    """`[Function]  Rule  Look  Compare  Share      PgUp PgDn`; a click opens a page."""

    DEFAULT_CSS = """
    LabTabs { height: 1; width: 1fr; padding: 0 1; background: $panel; }
    """

    page: reactive[int] = reactive(0)
    """The page that is shown."""

    @dataclass
    class PagePicked(Message):
        """A page is to be shown."""

        page: int

    def __init__(self, titles: Sequence[Text]) -> None:
        super().__init__()
        self._titles = [render(title) for title in titles]

    def render(self) -> Content:
        """Return the row."""
        parts = [
            (f"[{title}]", "$text-accent bold") if n == self.page else (f" {title} ", "")
            for n, title in enumerate(self._titles)
        ]
        room = self.content_size.width - sum(cell_len(part[0]) for part in parts)
        return Content.assemble(*parts, ("PgUp PgDn".rjust(max(0, room)), "$text-muted"))

    def on_click(self, event: events.Click) -> None:
        """Open the page that was clicked."""
        x = event.x - 1
        for number, title in enumerate(self._titles):
            x -= cell_len(title) + 2
            if x < 0:
                self.post_message(self.PagePicked(number))
                return
