"""An author's prose, set to the width at hand."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tutor.i18n import session_language
from tutor.lesson.prose import parse_line, parse_prose
from tutor.lesson.wrapping import ProseLine, Span, SpanStyle, wrap

WIDEST = 76
"""Cells of a line: longer ones are hard to read."""
_STYLES: dict[SpanStyle, str] = {
    "plain": "",
    "strong": "bold",
    "emphasis": "italic",
    "code": "$text-secondary",
    "formula": "$text-primary",
}
_UPRIGHT = {"zh"}
"""The languages whose script knows no italics: there, emphasis is bold."""


class Prose(Widget):
    """Markdown with formulas, wrapped by the same rules as the authors' linter measures."""

    DEFAULT_CSS = """
    Prose { height: auto; width: 1fr; }
    """

    markup: reactive[str] = reactive("", layout=True)
    """The author's words."""

    def __init__(self, markup: str = "", *, id: str | None = None, classes: str = "") -> None:  # noqa: A002 — Textual's own name
        super().__init__(id=id, classes=classes)
        self.set_reactive(Prose.markup, markup)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return how many lines the prose takes at `width`."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Return the lines."""
        lines = self._lines(self.content_size.width)
        return Content("\n").join([prose_content(line) for line in lines])

    def _lines(self, width: int) -> tuple[ProseLine, ...]:
        return wrap(parse_prose(self.markup), min(width, WIDEST))


def prose_content(spans: tuple[Span, ...]) -> Content:
    """Return styled words as the screen shows them."""
    return Content.assemble(*((span.text, _style(span)) for span in spans))


def _style(span: Span) -> str:
    upright = span.style == "emphasis" and session_language() in _UPRIGHT
    return _STYLES["strong" if upright else span.style]


def line_content(markup: str) -> Content:
    """Return prose that stands on one line, such as a choice, as the screen shows it."""
    return prose_content(parse_line(markup))
