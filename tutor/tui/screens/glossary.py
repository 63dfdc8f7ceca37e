"""The words of the course in both languages, side by side, found while typing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tutor.i18n import message, render
from tutor.lesson.glossary import Term, found_terms
from tutor.lesson.prose import parse_line
from tutor.lesson.wrapping import Paragraph, line_width, wrap

_WIDEST, _AROUND, _BETWEEN = 110, 6, 3
"""Columns of the glossary, of its border and padding, and between its two halves."""


class GlossaryScreen(ModalScreen[None]):
    """Typing searches, the arrows scroll, Esc closes."""

    DEFAULT_CSS = """
    GlossaryScreen { align: center middle; }
    GlossaryScreen > Vertical {
        width: 100%; max-width: 110; height: 100%; padding: 0 1;
        background: $panel; border: round $primary;
    }
    GlossaryScreen Input { padding: 0 1; background: $boost; }
    GlossaryScreen VerticalScroll { height: 1fr; margin: 1 0; scrollbar-size-vertical: 1; }
    GlossaryScreen #glossary-keys { color: $text-muted; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,ctrl+g", "close", "Close"),
        Binding("down", "scroll_terms(1)", show=False),
        Binding("up", "scroll_terms(-1)", show=False),
        Binding("pagedown", "scroll_terms(12)", show=False),
        Binding("pageup", "scroll_terms(-12)", show=False),
    ]

    def __init__(self, terms: Sequence[Term]) -> None:
        super().__init__()
        self._terms = tuple(terms)

    def compose(self) -> ComposeResult:
        """Lay out the search, the terms and the keys."""
        keys = message("Type to search   ↑ ↓ scroll   Esc closes")
        with Vertical():
            yield Input(placeholder=render(message("Search: English or Chinese")), compact=True)
            with VerticalScroll(can_focus=False):
                yield Static(id="terms", markup=False)
            yield Static(render(keys), id="glossary-keys", markup=False)

    def on_mount(self) -> None:
        """Begin with all of them."""
        self.query_one(Input).focus()
        self._show()

    def on_resize(self, _event: events.Resize) -> None:
        """Break the lines anew."""
        self._show()

    @on(Input.Changed)
    def search(self) -> None:
        """Show what was found, from its top."""
        self._show()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _show(self) -> None:
        found = found_terms(self._terms, self.query_one(Input).value)
        half = (min(_WIDEST, self.app.size.width) - _AROUND - _BETWEEN) // 2
        lines = [line for term in found for line in (*_entry(term, half), Content(""))]
        nothing = message("No such term: try a part of the word, or its meaning.")
        words = Content("\n").join(lines) if lines else Content(render(nothing))
        self.query_one("#terms", Static).update(words)

    def action_scroll_terms(self, lines: int) -> None:
        """Scroll the list, whatever has the focus."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Back to where the learner was."""
        self.dismiss(None)


def _entry(term: Term, half: int) -> Iterator[Content]:
    """Yield the lines of a term: English left, Chinese right."""
    lesson = render(message("lesson {n}", n=term.lesson))
    name = Content.assemble((term.term, "bold $text-primary"), (f"  {lesson}", "$text-muted"))
    yield _beside(name, Content.styled(term.zh, "bold $text-primary"), half)
    left, right = _wrapped(term.meaning, half), _wrapped(term.meaning_zh, half)
    for one, other in zip_longest(left, right, fillvalue=Content("")):
        yield _beside(one, other, half)


def _wrapped(text: str, width: int) -> list[Content]:
    lines = wrap([Paragraph(parse_line(text))], width)
    return [
        Content("".join(span.text for span in line)).pad_right(max(0, width - line_width(line)))
        for line in lines
    ]


def _beside(left: Content, right: Content, half: int) -> Content:
    gap = max(1, half - left.cell_length + _BETWEEN)
    return Content.assemble(left, " " * gap, right)
