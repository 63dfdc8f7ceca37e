"""Reads YAML into a small tree of nodes that remember where they stood.

The only importer of PyYAML, and it takes parse *events* alone: YAML 1.1 would read `1e-3` as a
text, `no` as false and `1:30` as 90, so here every scalar stays the author's text, and the
lesson model says what it must be. What a lesson never needs is refused: tags, anchors,
aliases, merge keys, several documents, duplicate keys, control characters, deep nesting.

Nobody changes a node once it is made; they are not frozen because the course map waits for
thousands of them, and a frozen one takes three times as long to make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from tutor.i18n import Message, message
from tutor.lesson.problem import Problem

MAX_DEPTH = 64
MAX_EVENTS = 50_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_KEY_LINE = re.compile(r"\s*(- )?[a-z_]+:(\s|$)")
_YAML_TAGS = "tag:yaml.org,2002:"
_NAMES = {"\f": r"\f", "\b": r"\b", "\x07": r"\a", "\x0b": r"\v", "\x1b": r"\e", "\0": r"\0"}


@dataclass(slots=True)
class ScalarNode:
    """A single value, as the author's text."""

    text: str
    style: str
    """How it is written: "" plain, "'" or '"' quoted, "|" or ">" as a block."""
    line: int
    """Where it starts, counted from 1."""
    column: int

    @property
    def is_plain(self) -> bool:
        """Whether the author wrote it without quotes and not as a block."""
        return self.style == ""

    @property
    def is_null(self) -> bool:
        """Whether it is the word by which YAML says that there is no value."""
        return self.is_plain and self.text in ("~", "null")


@dataclass(slots=True)
class ListNode:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(slots=True)
class MappingNode:
    """Keys and their values, in the author's order; no key twice."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """Return the value of `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Node: TypeAlias = ScalarNode | ListNode | MappingNode


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read."""

    is_mapping: bool
    line: int
    column: int
    children: list[Node] = field(default_factory=list)


class _StopReadingError(Exception):
    """Nothing after this place can be read; the problem is already noted."""


def read_nodes(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Return the tree of the YAML document `text` and what is wrong with it.

    The tree is None where the text cannot be read to its end, or a value is an alias. `file` is
    named in the problems.
    """
    builder = _Builder(file)
    try:
        _refuse_control_characters(text, builder)
        for count, event in enumerate(_events(text, builder)):
            if count > MAX_EVENTS:
                builder.refuse(
                    _line(event),
                    message("holds more than {limit} values", limit=MAX_EVENTS),
                    message("split the lesson"),
                )
                raise _StopReadingError
            builder.take(event)
    except _StopReadingError:
        return None, builder.problems
    if builder.root is None and not builder.problems:
        builder.refuse(1, message("is empty"), message("start with format: 1"))
    return None if builder.has_alias else builder.root, builder.problems


def ends_of_plain_values(text: str) -> dict[tuple[int, int], tuple[int, int]]:
    """Return where each value without quotes ends, by where it starts: line and column from 1.

    The nodes leave that out: each start of the tutor makes thousands of them, and only the linter
    asks. `text` is one that can be read.
    """
    return {
        _place(event): _at(event.end_mark)
        for event in yaml.parse(text, Loader=_LOADER)
        if isinstance(event, yaml.ScalarEvent) and not event.style
    }


def _refuse_control_characters(text: str, builder: _Builder) -> None:
    """Stop at a raw control character; an escaped one is found in its value."""
    found = _CONTROL.search(text)
    if found is None:
        return
    line = text.count("\n", 0, found.start()) + 1
    builder.refuse(
        line,
        message("holds the control character {code}", code=f"U+{ord(found[0]):04X}"),
        message("delete it"),
    )
    raise _StopReadingError


def _events(text: str, builder: _Builder) -> Iterator[yaml.Event]:
    """Yield the parser's events; a syntax error becomes a problem with a mend."""
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark and (depth_line := _line_too_deep(text, mark.line, mark.column)):
            builder.refuse_depth(depth_line)
        elif (opened := _unclosed_quote(text, error, builder.folded)) is not None:
            what = message("the quote that opens here is not closed before the next key")
            mend = message("close it on its line; an apostrophe within single quotes is written ''")
            builder.refuse(opened, what, mend)
        else:
            problem = error.problem or ""
            line = mark.line + 1 if mark else None
            is_tab = mark is not None and _sign_at(text, mark.line, mark.column) == "\t"
            builder.refuse(
                line,
                message("is not YAML here: {problem}", problem=problem),
                _syntax_mend("tab" if is_tab else problem),
            )
        raise _StopReadingError from error
    except yaml.YAMLError as error:
        what = message("is not YAML: {problem}", problem=" ".join(str(error).split()))
        builder.refuse(None, what, message("save it as UTF-8 text"))
        raise _StopReadingError from error


def _unclosed_quote(text: str, error: yaml.MarkedYAMLError, folded: range) -> int | None:
    """Return the line, counted from 1, of a quote whose text swallowed the lines after it, if any.

    The parser complains where the file ends, or behind the next quote, many lines further down.
    `folded` are the lines of the last quoted text that it read over several, but its last.
    """
    if error.context == "while scanning a quoted scalar" and error.context_mark:
        return error.context_mark.line + 1
    lines = text.split("\n")
    return folded.start if any(_KEY_LINE.match(lines[number]) for number in folded) else None


def _sign_at(text: str, line: int, column: int) -> str:
    """Return the sign at a place, both counted from 0; empty where there is none."""
    lines = text.split("\n")
    return lines[line][column : column + 1] if line < len(lines) else ""


def _line_too_deep(text: str, line: int, column: int) -> int | None:
    """Return the line, counted from 1, that opens one bracket too many before a place, if any.

    The parser reads ahead, and some releases give up at a depth of their own before we see one
    event of it: what is wrong is the same, and the author is told the same.
    """
    depth = 0
    for number, content in enumerate(text.split("\n")[: line + 1], start=1):
        before = content if number <= line else content[: column + 1]
        for sign in before:
            depth += (sign in "[{") - (sign in "]}")
            if depth > MAX_DEPTH:
                return number
    return None


def _syntax_mend(problem: str) -> Message:
    """Return what most often mends this complaint of the parser."""
    if "mapping values are not allowed" in problem:
        return message("put a text that holds ': ' in single quotes, and check the indentation")
    if "tab" in problem or "\\t" in problem:
        return message("indent with spaces, never with tabs")
    if "escape" in problem:
        return message("write backslashes in single quotes or in a | block, never in double quotes")
    if "cannot start any token" in problem:
        return message("put a text that starts with %, @, a backquote or a tab in single quotes")
    return message(
        "compare the indentation with the line above, and put a text that holds "
        "one of : # {{ }} [ ] , & * ! | > ' \" in single quotes"
    )


def _place(event: yaml.Event) -> tuple[int, int]:
    """Return the line and column where the event starts, counted from 1."""
    return _at(event.start_mark)


def _at(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _line(event: yaml.Event) -> int:
    return _place(event)[0]


class _Builder:
    """Builds the tree from events, without recursion, and notes what it refuses."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.has_alias = False
        self.folded = range(0)
        """The lines of the last quoted text over several, counted from 1, but its last."""
        self._open: list[_Open] = []
        self._documents = 0

    def refuse(self, line: int | None, what: Message, mend: Message, key: str = "") -> None:
        """Note a problem of this file."""
        self.problems.append(Problem(self.file, line, key, what, mend))

    def refuse_depth(self, line: int) -> None:
        """Note that lists or mappings stand too deep in one another."""
        self.refuse(
            line,
            message("is nested more than {limit} levels deep", limit=MAX_DEPTH),
            message("delete the superfluous brackets"),
        )

    def take(self, event: yaml.Event) -> None:
        """Take the parser's next event."""
        taker = _TAKERS.get(type(event))
        if taker is not None:
            taker(self, event)

    def start_document(self, event: yaml.Event) -> None:
        """Refuse the second document."""
        self._documents += 1
        if self._documents > 1:
            self.refuse(
                _line(event),
                message("starts a second document"),
                message("delete the line ---: a file holds one lesson"),
            )
            raise _StopReadingError

    def take_alias(self, event: yaml.AliasEvent) -> None:
        """Refuse an alias."""
        self.refuse(
            _line(event),
            message("*{name} is an alias of YAML", name=event.anchor),
            message("write the value again (a text that starts with * in single quotes)"),
        )
        self._add(ScalarNode("", "'", *_place(event)))
        self.has_alias = True

    def _refuse_decorations(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self.refuse(
                _line(event),
                message("&{name} is an anchor of YAML", name=event.anchor),
                message("delete it (or put a text that starts with & in single quotes)"),
            )
        if event.tag is not None:
            self.refuse(
                _line(event),
                message("{tag} is a tag of YAML", tag=event.tag.replace(_YAML_TAGS, "!!")),
                message("delete it (or put a text that starts with ! in single quotes)"),
            )

    def take_scalar(self, event: yaml.ScalarEvent) -> None:
        """Take a single value."""
        self._refuse_decorations(event)
        # Only the escapes of double quotes make control characters: raw ones are refused before.
        found = _CONTROL.search(event.value) if event.style == '"' else None
        if found is not None:
            written = _NAMES.get(found[0], f"U+{ord(found[0]):04X}")
            self.refuse(
                _line(event),
                message(
                    "the double quotes turn {written} into a control character", written=written
                ),
                message("use single quotes or a | block"),
            )
        if event.style in ("'", '"') and (inside := range(_line(event), _at(event.end_mark)[0])):
            self.folded = inside
        self._add(ScalarNode(event.value, event.style or "", *_place(event)))

    def start_collection(self, event: yaml.CollectionStartEvent) -> None:
        """Open a list or mapping."""
        self._refuse_decorations(event)
        if len(self._open) >= MAX_DEPTH:
            self.refuse_depth(_line(event))
            raise _StopReadingError
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Open(is_mapping, *_place(event)))

    def end_collection(self, _event: yaml.CollectionEndEvent) -> None:
        """Close the list or mapping that was opened last."""
        done = self._open.pop()
        if done.is_mapping:
            self._add(MappingNode(tuple(self._entries(done)), done.line, done.column))
        else:
            self._add(ListNode(tuple(done.children), done.line, done.column))

    def _entries(self, mapping: _Open) -> Iterator[tuple[ScalarNode, Node]]:
        """Yield the entries whose key is a new plain name."""
        seen: dict[str, int] = {}
        for key, value in zip(mapping.children[::2], mapping.children[1::2], strict=True):
            if not isinstance(key, ScalarNode):
                self.refuse(
                    key.line, message("a key is a list or mapping"), message("write a plain name")
                )
            elif key.text == "<<" and key.is_plain:
                self.refuse(
                    key.line,
                    message("<< merges another mapping"),
                    message("write its keys here again"),
                )
            elif key.text in seen:
                self.refuse(
                    key.line,
                    message("is already on line {line}", line=seen[key.text]),
                    message("keep one of the two"),
                    key.text,
                )
            else:
                seen[key.text] = key.line
                yield key, value

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node


_TAKERS: dict[type[yaml.Event], Callable[[_Builder, Any], None]] = {
    yaml.DocumentStartEvent: _Builder.start_document,
    yaml.AliasEvent: _Builder.take_alias,
    yaml.ScalarEvent: _Builder.take_scalar,
    yaml.SequenceStartEvent: _Builder.start_collection,
    yaml.MappingStartEvent: _Builder.start_collection,
    yaml.SequenceEndEvent: _Builder.end_collection,
    yaml.MappingEndEvent: _Builder.end_collection,
}
