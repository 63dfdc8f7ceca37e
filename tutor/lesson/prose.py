"""Turns an author's prose (Markdown with `$formulas$`) into blocks of styled words.

The only importer of markdown-it. `parse_prose` and `wrap` are pure and cheap; the screen and the
author's linter use both, so that "it fits" means the same to each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from tutor.i18n import spelled
from tutor.lesson.formulas import display_formula, inline_formula
from tutor.lesson.wrapping import (
    Block,
    CodeBlock,
    FormulaBlock,
    Heading,
    ListItem,
    Paragraph,
    Span,
    SpanStyle,
)
from tutor.visible import visible


@lru_cache(maxsize=512)
def parse_prose(markup: str) -> tuple[Block, ...]:
    """Return the blocks of an author's prose."""
    return tuple(_Blocks(_tokens(visible(markup))).read())


def parse_line(markup: str) -> tuple[Span, ...]:
    """Return the styled words of prose that stands on one line: a choice, a title."""
    spans: list[Span] = []
    for block in parse_prose(markup):
        if isinstance(block, CodeBlock | FormulaBlock):
            spans.append(Span(" ".join(block.lines), "code"))
        else:
            spans.extend(block.spans)
    return tuple(Span(spelled(span.text.replace("\n", " ")), span.style) for span in spans)


Unshown: TypeAlias = Literal[
    "table", "link", "image", "quotation", "rule", "strike", "footnote", "task", "html"
]
_UNSHOWN_TOKENS: Final[dict[str, Unshown]] = {
    "link_open": "link", "image": "image", "blockquote_open": "quotation", "hr": "rule",
}  # fmt: skip
_TAGS: Final = "a|b|i|u|s|p|em|strong|sub|sup|br|hr|div|span|img|code|pre|table|ul|ol|li|h[1-6]"
_UNSHOWN_TEXTS: Final[dict[Unshown, re.Pattern[str]]] = {
    "table": re.compile(r"^ *(\|? *:?-+:? *\|[ :|-]*-?[ :|]*|\|[ :]*-+[ :]*)$", re.MULTILINE),
    "strike": re.compile(r"~~[^~\n]+~~"),
    "footnote": re.compile(r"\[\^[^\]\s]+\]"),
    "task": re.compile(r"^\[[ xX]\] "),
    "html": re.compile(rf"</?({_TAGS})( +\w+=[^<>]*)? */?>", re.IGNORECASE),
}


def unshown(markup: str) -> tuple[Unshown, ...]:
    """Return the kinds of Markdown in an author's prose that no screen of ours can show."""
    found: list[Unshown] = []
    for token in _tokens(visible(markup)):
        children = token.children or ()
        found += [_UNSHOWN_TOKENS[t.type] for t in (token, *children) if t.type in _UNSHOWN_TOKENS]
        words = "".join(
            "\n" if each.type == "softbreak" else each.content
            for each in children
            if each.type in ("text", "softbreak")
        )
        found += [kind for kind, pattern in _UNSHOWN_TEXTS.items() if pattern.search(words)]
    return tuple(dict.fromkeys(found))


def formulas_of(markup: str) -> tuple[str, ...]:
    """Return the LaTeX of every formula in an author's prose, in order."""
    if "$" not in markup:
        return ()
    inside = (child for token in _tokens(markup) for child in (token, *(token.children or ())))
    return tuple(token.content for token in inside if token.type == "formula")


@lru_cache(maxsize=64)
def _tokens(markup: str) -> tuple[Token, ...]:
    """Return what markdown-it reads; the linter asks for a text's formulas, then for its blocks."""
    return tuple(_MARKDOWN.parse(markup))


_FORMULA = re.compile(r"\$\$(?P<double>[^$]+)\$\$|\$(?P<single>[^\s$](?:[^$]*[^\s$\\])?)\$(?!\d)")
_DISPLAYED = re.compile(r"\s*\$\$(?P<body>[^$]+)\$\$\s*")
_WIDE: Final = r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uff60]"
_WIDE_BREAK = re.compile(rf"(?<={_WIDE})\n(?={_WIDE})")


def _read_inline_formula(state: StateInline, silent: bool) -> bool:
    """Rule for markdown-it: a formula between dollars."""
    found = _FORMULA.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = (found["double"] or found["single"]).strip()
    state.pos = found.end()
    return True


def _read_formula_block(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Rule for markdown-it: a displayed formula, `$$` at its start and its end."""
    if not state.src.startswith("$$", state.bMarks[first] + state.tShift[first]):
        return False
    for last in range(first, end):
        text = state.getLines(first, last + 1, state.blkIndent, keepLastLF=False)
        found = _DISPLAYED.fullmatch(text)
        if found is not None:
            if not silent:
                token = state.push("formula", "", 0)
                token.content = found["body"].strip()
                token.block = True
                state.line = last + 1
            return True
    return False


def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    # Four spaces at the start of a line are an author's slip, never code: code has its fence.
    parser.disable("code")
    parser.inline.ruler.before("escape", "formula", _read_inline_formula)
    parser.block.ruler.before(
        "fence", "formula", _read_formula_block, {"alt": ["paragraph", "list", "blockquote"]}
    )
    return parser


_MARKDOWN: Final = _markdown()


@dataclass(slots=True)
class _Blocks:
    """Reads markdown-it's tokens into blocks."""

    tokens: tuple[Token, ...]
    lists: list[int | None] = field(default_factory=list)
    """For each open list: the number of its next item, or None for bullets."""
    marker: str | None = None
    """What the next paragraph is marked with, if it starts an item."""

    def read(self) -> Iterator[Block]:
        """Yield the blocks."""
        for at, token in enumerate(self.tokens):
            if token.type == "inline":
                yield self._words(token, is_heading=self.tokens[at - 1].type == "heading_open")
            elif token.type == "fence":
                lines = tuple(token.content.rstrip("\n").split("\n"))
                yield CodeBlock(lines, token.info.strip())
            elif token.type == "formula":
                yield FormulaBlock(display_formula(token.content))
            else:
                self._follow_lists(token)

    def _follow_lists(self, token: Token) -> None:
        if token.type == "bullet_list_open":
            self.lists.append(None)
        elif token.type == "ordered_list_open":
            self.lists.append(int(token.attrs.get("start", 1)))
        elif token.type.endswith("_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            self._start_item()

    def _start_item(self) -> None:
        number = self.lists[-1]
        self.marker = "•" if number is None else f"{number}."
        if number is not None:
            self.lists[-1] = number + 1

    def _words(self, token: Token, *, is_heading: bool) -> Block:
        spans = tuple(_spans(token.children or []))
        if is_heading:
            return Heading(spans)
        if not self.lists:
            return Paragraph(spans)
        marker, self.marker = self.marker or "", None
        return ListItem(spans, marker, len(self.lists) - 1)


_STYLES: Final[dict[str, SpanStyle]] = {"strong_open": "strong", "em_open": "emphasis"}


def _spans(tokens: list[Token]) -> Iterator[Span]:
    """Yield the styled words of one paragraph; neighbours of one style become one."""
    text = ""
    style: SpanStyle = "plain"
    for piece in _pieces(tokens):
        if piece.style == style:
            text += piece.text
            continue
        if text:
            yield Span(_unbroken(text), style)
        text, style = piece.text, piece.style
    if text:
        yield Span(_unbroken(text), style)


def _unbroken(text: str) -> str:
    """Return the text without the line ends of the file; those asked for become real ones."""
    return _WIDE_BREAK.sub("", text).replace("\n", " ").replace("\v", "\n")


def _pieces(tokens: list[Token]) -> Iterator[Span]:
    """Yield the styled words token by token."""
    open_styles: list[SpanStyle] = []
    for token in tokens:
        around: SpanStyle = open_styles[-1] if open_styles else "plain"
        if token.type in _STYLES:
            open_styles.append(_STYLES[token.type])
        elif token.type in ("strong_close", "em_close"):
            open_styles.pop()
        elif token.type == "formula":
            yield Span(inline_formula(token.content), "formula")
        elif token.type == "code_inline":
            yield Span(token.content, "code")
        elif token.type == "hardbreak":
            yield Span("\v", around)
        elif token.type == "softbreak":
            yield Span("\n", around)
        else:
            yield Span(token.content, around)
