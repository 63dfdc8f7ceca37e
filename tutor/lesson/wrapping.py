"""Styled words in blocks, and the lines that they (or words without markup) take in cells.

A Chinese character takes two cells and a line may break beside it, but never before a closing
mark or after an opening one; short formulas and code are kept together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from rich.cells import cell_len

from tutor.i18n import spelled

SpanStyle: TypeAlias = Literal["plain", "strong", "emphasis", "code", "formula"]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one style. A line break inside is one that the author asked for."""

    text: str
    style: SpanStyle = "plain"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running words."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above what it names."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ListItem:
    """An entry of a list; `marker` is "•", a number or (for a further paragraph) empty."""

    spans: tuple[Span, ...]
    marker: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of code, as they stand."""

    lines: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class FormulaBlock:
    """A displayed formula, set on one line or several."""

    lines: tuple[str, ...]


Block: TypeAlias = Paragraph | Heading | ListItem | CodeBlock | FormulaBlock

ProseLine: TypeAlias = tuple[Span, ...]

KEPT_TOGETHER: Final = 24
"""Cells of a formula or piece of code that is not broken at its spaces."""
_NEVER_FIRST: Final = frozenset("，。、；：！？）》〉」』】〕”’…—·％,.;:!?)]}%")
_NO_SPACE_AFTER: Final = frozenset("，。、；：！？）》〉」』】〕")
"""Full-width marks bring their own room: a space that stands after one is not shown."""
_NEVER_LAST: Final = frozenset("（《〈「『【〔“‘([{")
_INDENT: Final = "  "
_PIECE: Final = re.compile(r"[!-~]+|.", re.DOTALL)
"""Letters of ASCII that follow one another: no line breaks among them. Else a character alone."""


def wrap(blocks: Iterable[Block], width: int) -> tuple[ProseLine, ...]:
    """Return the blocks as lines of at most `width` cells (at least 4), an empty one between two.

    Items of one list follow one another; code and displayed formulas keep their lines, which
    may be longer than the width.
    """
    width = max(width, 4)
    lines: list[ProseLine] = []
    before: Block | None = None
    for block in blocks:
        if before is not None and not _is_same_list(before, block):
            lines.append(())
        lines.extend(_block_lines(block, width))
        before = block
    return tuple(lines)


def wrap_words(words: str, width: int) -> list[str]:
    """Return plain words, without mark-up, as lines of at most `width` cells.

    >>> wrap_words("中文 and English", 8)
    ['中文 and', 'English']
    """
    lines = wrap([Paragraph((Span(words),))], width)
    return ["".join(span.text for span in line) for line in lines]


def line_width(line: ProseLine) -> int:
    """Return the cells that a line takes."""
    return sum(cell_len(span.text) for span in line)


def _is_same_list(before: Block, block: Block) -> bool:
    return isinstance(before, ListItem) and isinstance(block, ListItem) and block.marker != ""


def _block_lines(block: Block, width: int) -> Iterator[ProseLine]:
    match block:
        case CodeBlock(lines=lines):
            yield from ((Span(line, "code"),) for line in lines)
        case FormulaBlock(lines=lines):
            yield from ((Span(_INDENT + line, "formula"),) for line in lines)
        case Heading(spans=spans):
            yield from _filled(tuple(Span(span.text, "strong") for span in spans), width)
        case ListItem():
            yield from _item_lines(block, width)
        case _:
            yield from _filled(block.spans, width)


def _item_lines(item: ListItem, width: int) -> Iterator[ProseLine]:
    """Yield the lines of a list's item, hanging from its marker."""
    indent = _INDENT * item.depth
    marker = f"{indent}{item.marker} " if item.marker else f"{indent}{_INDENT}"
    hanging = " " * cell_len(marker)
    for number, line in enumerate(_filled(item.spans, max(width - len(hanging), 4))):
        yield (Span(hanging if number else marker), *line)


@dataclass(slots=True)
class _Word:
    """What is never broken, and whether a space stands before it."""

    after_space: bool = False
    spans: list[Span] = field(default_factory=list)
    width: int = 0

    def add(self, text: str, style: SpanStyle) -> None:
        self.spans.append(Span(text, style))
        self.width += cell_len(text)


def _filled(spans: Iterable[Span], width: int) -> Iterator[ProseLine]:
    """Yield as few lines as hold the words, first come first served."""
    line: list[Span] = []
    used = 0
    for word in _words(spans):
        if word is None:
            yield _joined(line)
            line, used = [], 0
            continue
        gap = 1 if word.after_space and line else 0
        if line and used + gap + word.width > width:
            yield _joined(line)
            line, used, gap = [], 0, 0
        if gap:
            line.append(Span(" ", _style_between(line[-1], word.spans[0])))
        for piece in _cut(word, width):
            if used + gap + piece.width > width:
                yield _joined(line)
                line, used, gap = [], 0, 0
            line.extend(piece.spans)
            used += gap + piece.width
            gap = 0
    yield _joined(line)


def _cut(word: _Word, width: int) -> Iterator[_Word]:
    """Yield a word as it is, or in its characters where it is wider than a line."""
    if word.width <= width:
        yield word
        return
    for span in word.spans:
        for character in span.text:
            piece = _Word()
            piece.add(character, span.style)
            yield piece


def _words(spans: Iterable[Span]) -> Iterator[_Word | None]:
    """Yield the unbreakable words; None is a line break that the author asked for."""
    word: _Word | None = None
    last = before = " "
    for text, style in _pieces(spans):
        if word is not None and (text.isspace() or _may_break(last, text[0])):
            yield word
            word = None
        if text == "\n":
            yield None
        elif not text.isspace():
            word = word or _Word(after_space=last.isspace() and before not in _NO_SPACE_AFTER)
            word.add(text, style)
            before = text[-1]
        last = text[-1]
    if word is not None:
        yield word


def _pieces(spans: Iterable[Span]) -> Iterator[tuple[str, SpanStyle]]:
    """Yield what no line breaks in: a run of ASCII, a character, a span that is kept together."""
    for span in spans:
        text = spelled(span.text)
        if span.style in ("code", "formula") and 0 < cell_len(text) <= KEPT_TOGETHER:
            yield text, span.style
        else:
            yield from ((piece, span.style) for piece in _PIECE.findall(text))


def _may_break(left: str, right: str) -> bool:
    """Return whether a line may break between two characters with no space between them."""
    if right in _NEVER_FIRST or left in _NEVER_LAST or unicodedata.combining(right):
        return False
    return cell_len(left) == 2 or cell_len(right) == 2


def _style_between(left: Span, right: Span) -> SpanStyle:
    return left.style if left.style == right.style else "plain"


def _joined(spans: Iterable[Span]) -> ProseLine:
    """Return the spans with neighbours of one style made one."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].style == span.style:
            joined[-1] = Span(joined[-1].text + span.text, span.style)
        else:
            joined.append(span)
    return tuple(joined)


def word_lines(words: str, width: int) -> list[str]:
    """Return the words in lines of at most `width` cells; as they are where no width is known.

    >>> word_lines("斜率为 0，运行停了下来。", 12)
    ['斜率为 0，运', '行停了下来。']
    """
    return wrap_words(words, width) if width > 0 else [words]


def broken(words: str, width: int) -> str:
    """Return the words with a line break after each line."""
    return "\n".join(word_lines(words, width))
