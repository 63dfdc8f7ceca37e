"""An author's prose as Markdown for a file: formulas as the text that the learner sees."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tutor.lesson.prose import parse_line, parse_prose
from tutor.lesson.wrapping import Block, CodeBlock, FormulaBlock, Heading, ListItem, Span
from tutor.visible import visible, visible_line

_SPECIAL: Final = re.compile(r"([\\`*_<\[\]$&])")


def to_markdown(markup: str) -> str:
    """Return prose as Markdown in which `$x_0$` is x₀."""
    text, before = "", None
    for block in parse_prose(markup):
        is_list = isinstance(before, ListItem) and isinstance(block, ListItem)
        text += ("\n" if is_list else "\n\n") * bool(text) + _block(block)
        before = block
    return text


def line_to_markdown(markup: str) -> str:
    """Return a line of prose (a title, a choice) as Markdown on one line."""
    return _words(parse_line(markup))


def fenced(lines: Iterable[str], language: str = "text") -> str:
    """Return lines as a block of code, behind a fence longer than any in them."""
    inside = [visible(line).rstrip() for line in lines]
    longest = max((len(run) for line in inside for run in re.findall("`{3,}", line)), default=2)
    fence = "`" * (longest + 1)
    return "\n".join([fence + language, *inside, fence])


def escaped(text: str) -> str:
    """Return plain words with the signs that Markdown and our prose would take for their own."""
    return _SPECIAL.sub(r"\\\1", visible(text))


def code_span(text: str) -> str:
    """Return text, whatever it is, as code that stands within a line.

    >>> print(code_span("x"), code_span("a`b"), code_span("``"))
    `x` ``a`b`` ``` `` ```
    """
    line = visible_line(" ".join(text.splitlines()))
    runs = [len(run) for run in re.findall("`+", line)]
    fence = "`" * next(length for length in range(1, len(runs) + 2) if length not in runs)
    edge = " " if line[:1] in ("`", " ") or line[-1:] in ("`", " ") or not line else ""
    return f"{fence}{edge}{line}{edge}{fence}"


def _block(block: Block) -> str:
    match block:
        case CodeBlock():
            return fenced(block.lines, block.language or "text")
        case FormulaBlock():
            return fenced(block.lines)
        case Heading():
            return f"**{_words(block.spans)}**"
        case ListItem():
            marker = "-" if block.marker == "•" else block.marker or " "
            return f"{'  ' * block.depth}{marker} {_words(block.spans)}"
        case _:
            return _words(block.spans)


def _words(spans: Iterable[Span]) -> str:
    return "".join(map(_span, spans)).replace("\n", "  \n")


def _span(span: Span) -> str:
    match span.style:
        case "code":
            return code_span(span.text)
        case "strong":
            return f"**{escaped(span.text)}**"
        case "emphasis":
            return f"*{escaped(span.text)}*"
        case _:
            return escaped(span.text)
