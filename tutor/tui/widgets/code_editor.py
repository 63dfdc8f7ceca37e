"""An editor for a short Python program: colours, line numbers, and a mark on a line at fault."""

from __future__ import annotations

import builtins
import keyword
import re
from typing import ClassVar, Final, Literal, TypeAlias

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tutor.lesson.programs import gaps

_INDENT: Final = 4
_TAKEN_KEYS: Final = frozenset({"f6", "f7"})
"""The screen's own: the editor would select a line, or all, by them."""


class CodeEditor(TextArea, inherit_bindings=False):
    """Python as it is typed. Escape is left to the screen, Tab indents, Enter keeps the column."""

    DEFAULT_CSS = """
    CodeEditor {
        border: none; padding: 0; height: 1fr; background: $surface;
        &:focus { border: none; }
        & .code--keyword { color: $text-primary; text-style: bold; }
        & .code--builtin { color: $text-secondary; }
        & .code--text { color: $text-success; }
        & .code--number { color: $text-accent; }
        & .code--comment { color: $text-muted; text-style: italic; }
        & .code--name { text-style: bold; }
        & .code--fault { background: $error-muted; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"code--{part}" for part in ("keyword", "builtin", "text", "number", "comment", "name")),
        "code--fault",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        binding
        for binding in TextArea.BINDINGS
        if not (isinstance(binding, Binding) and binding.key in _TAKEN_KEYS)
    ]

    fault_line: reactive[int | None] = reactive(None, init=False)
    """The line that is marked, from 1."""

    def __init__(self, source: str, *, read_only: bool = False, id: str | None = None) -> None:  # noqa: A002 — Textual's own name
        self._spans: tuple[str, list[list[Span]]] = ("", [])
        super().__init__(
            source,
            id=id,
            read_only=read_only,
            show_line_numbers=True,
            soft_wrap=False,
            tab_behavior="indent",
            highlight_cursor_line=False,
            compact=True,
        )

    def get_line(self, line_index: int) -> Text:
        """Return a line in colours."""
        line = super().get_line(line_index)
        for start, end, part in self._line_spans(line_index):
            line.stylize(self.get_component_rich_style(f"code--{part}", partial=True), start, end)
        if self.fault_line == line_index + 1:
            line.pad_right(max(0, self.size.width - len(line.plain)))
            line.stylize(self.get_component_rich_style("code--fault", partial=True))
        return line

    def _line_spans(self, index: int) -> list[Span]:
        if self._spans[0] != self.text:
            self._spans = (self.text, colour_spans(self.text))
        lines = self._spans[1]
        return lines[index] if index < len(lines) else []

    def watch_fault_line(self, line: int | None) -> None:
        """Show the mark, and the line it is on."""
        self.notify_style_update()
        self.refresh()
        if line is not None and line <= self.document.line_count:
            self.move_cursor((line - 1, len(self.document.get_line(line - 1))))

    def on_key(self, event: events.Key) -> None:
        """Let Escape pass; begin a new line where the block is."""
        if event.key == "escape":
            event.prevent_default()
        elif event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            self.replace(f"\n{self._next_indent()}", *self.selection)

    def _next_indent(self) -> str:
        row, column = self.selection.start
        before = self.document.get_line(row)[:column]
        indent = len(before) - len(before.lstrip())
        deeper = _INDENT if before.rstrip().endswith(":") else 0
        return " " * (indent + deeper)

    def action_delete_left(self) -> None:
        """Delete a character, or in the indentation, a whole step of it."""
        (row, column), end = self.selection
        before = self.document.get_line(row)[:column]
        if (row, column) == end and before and not before.strip() and column % _INDENT == 0:
            self.delete((row, column - _INDENT), (row, column))
        else:
            super().action_delete_left()

    def go_to_gap(self) -> None:
        """Choose the first `...` that is to be filled in: what is typed replaces it."""
        for row, column in gaps(self.text)[:1]:
            self.selection = Selection((row - 1, column), (row - 1, column + len("...")))

    def write_anew(self, source: str) -> None:
        """Put another program in its place; undo brings the old one back."""
        self.replace(source, (0, 0), self.document.end)
        self.move_cursor((0, 0))
        self.go_to_gap()


Part: TypeAlias = Literal["keyword", "builtin", "text", "number", "comment", "name"]
Span: TypeAlias = tuple[int, int, Part]
"""First column, the one after the last, and what it is."""

_TOKEN: Final = re.compile(
    r"(?P<comment>#[^\n]*)"
    r"|(?P<text>[rRbBfFuU]{0,2}(?:\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?))"
    r"|(?P<name>(?<=def )\w+|(?<=class )\w+)"
    r"|(?P<number>\b(?:0[xX][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)j?)"
    r"|(?P<word>[^\W\d]\w*)"
)
_KEYWORDS: Final = frozenset(keyword.kwlist)
_BUILTINS: Final = frozenset(name for name in dir(builtins) if name.islower())


def colour_spans(source: str) -> list[list[Span]]:
    """Return the spans of each line of a program."""
    lines: list[list[Span]] = [[]]
    row = line_start = 0
    for token in _TOKEN.finditer(source):
        part, at = _part_of(token), token.start()
        for piece in token[0].splitlines(keepends=True):
            while -1 < (end := source.find("\n", line_start)) < at:
                row, line_start = row + 1, end + 1
                lines.append([])
            if part is not None:
                column = at - line_start
                lines[row].append((column, column + len(piece.rstrip("\n")), part))
            at += len(piece)
    lines += [[] for _ in range(source.count("\n") + 1 - len(lines))]
    return lines


def _part_of(token: re.Match[str]) -> Part | None:
    match token.lastgroup:
        case "comment" | "text" | "name" | "number" as part:
            return part
        case _ if token[0] in _KEYWORDS:
            return "keyword"
        case _ if token[0] in _BUILTINS:
            return "builtin"
        case _:
            return None
