"""A screen of coloured text that a key exchanges for another: the peer of our redraw."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

COLUMNS, ROWS, SPANS = 120, 36, 8
SIGNS = ("first frame ends", "second frame ends")


def frame(number: int) -> Content:
    """Return a full screen of text in eight colours a row, the sign in its last cells."""
    width = COLUMNS // SPANS
    rows = []
    for row in range(ROWS):
        letters = [chr(ord("a") + (row + span + number) % 26) * width for span in range(SPANS)]
        if row == ROWS - 1:
            letters[-1] = ""
            letters[-2] = SIGNS[number]
        colours = [f"#{40 + 25 * span:02x}{200 - 20 * span:02x}80" for span in range(SPANS)]
        rows.append(Content.assemble(*zip(letters, colours, strict=True)))
    return Content("\n").join(rows)


class StaticApp(App[None]):
    """One Static over the whole screen."""

    BINDINGS = [("right", "exchange", "Exchange")]  # noqa: RUF012 — Textual's own form

    def compose(self) -> ComposeResult:
        """Yield the text."""
        self._frames = [frame(0), frame(1)]
        self._shown = 0
        yield Static(self._frames[0], id="text")

    def action_exchange(self) -> None:
        """Show the other text."""
        self._shown = 1 - self._shown
        self.query_one(Static).update(self._frames[self._shown], layout=False)


if __name__ == "__main__":
    StaticApp().run()
