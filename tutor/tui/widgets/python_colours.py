"""Which parts of a Python program are keywords, texts, numbers and comments, while it is typed.

A program that is being written mostly cannot be parsed, so this reads tokens by their looks alone.
"""

from __future__ import annotations

import builtins
import keyword
import re
from typing import Final, Literal, TypeAlias

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
