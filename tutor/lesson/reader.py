"""Fills the classes of the lesson model from YAML nodes.

All problems of a file are collected, not the first alone: a value that cannot be read becomes
`BAD`, its problem is noted, and reading goes on beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tutor.i18n import Message, message
from tutor.lesson.model import Count, Increasing, Positive, Step, StepBase
from tutor.lesson.named import BrokenNameError, Named
from tutor.lesson.problem import Problem, counted, mend_by_nearest
from tutor.lesson.scalars import RefusedError, quoted, read_code, read_word
from tutor.lesson.schema import (
    KindShape,
    ListShape,
    MarkedShape,
    PythonShape,
    RecordShape,
    RowShape,
    Shape,
    SingleShape,
    TableShape,
    TellingShape,
    WordOrListShape,
    keys_of,
)
from tutor.lesson.yaml_nodes import ListNode, MappingNode, Node, ScalarNode

_PYTHON: Final = SingleShape(read_code)
BAD: Final = object()
"""Stands for a value that could not be read; its problem is noted."""


@dataclass
class NodeReader:
    """Reads the nodes of one file."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    """The line of each key path."""
    steps: dict[str, Step] = field(default_factory=dict)
    """The steps that could be read, by key path, whatever the rest of the file is."""
    names: Named | None = None
    """What the lesson named; None where it named nothing."""

    def read(self, shape: Shape, node: Node, path: str) -> Any:
        """Return the value of this shape that `node` holds, or BAD."""
        return _READERS[type(shape)](self, shape, node, path)

    def refuse(self, path: str, what: Message, mend: Message, line: int | None = None) -> Any:
        """Note a problem and return BAD."""
        where = self.lines.get(path) if line is None else line
        self.problems.append(Problem(self.file, where, path, what, mend))
        return BAD

    def read_single(self, shape: SingleShape, node: Node, path: str) -> Any:
        """Return the single value at `node`."""
        if not isinstance(node, ScalarNode):
            what = _found(node)
            return self.refuse(path, what, message("write a single value"))
        try:
            return shape.read(self.names.spelt(shape.read, node) if self.names else node)
        except RefusedError as refused:
            return self.refuse(path, refused.what, refused.mend)
        except BrokenNameError:
            return BAD

    def read_python(self, shape: PythonShape, node: Node, path: str) -> Any:
        """Return the Python of a value; lists are written as Python writes them."""
        if isinstance(node, ScalarNode):
            return self.read_single(_PYTHON, node, path)
        if isinstance(node, ListNode):
            items = self._items((shape,) * len(node.items), node, path)
            return BAD if items is BAD else f"[{', '.join(items)}]"
        what = _found(node)
        return self.refuse(path, what, message("write a number, a list, or Python in quotes"))

    def read_marked(self, shape: MarkedShape, node: Node, path: str) -> Any:
        """Return a value that keeps its conditions."""
        value = self.read(shape.inner, node, path)
        if value is BAD:
            return BAD
        for mark in shape.marks:
            broken = _broken_mark(mark, value)
            if broken is not None:
                return self.refuse(path, *broken)
        return value

    def read_kind(self, shape: KindShape, node: Node, path: str) -> Any:
        """Return the record that the key `kind` names."""
        kinds = tuple(shape.records)
        if not isinstance(node, MappingNode):
            return self.refuse_keyless(node, ("id", "kind"), path)
        written = node.get("kind")
        if written is None:
            mend = message("add kind: one of {known}", known=", ".join(kinds))
            return self.refuse(path, message("has no kind"), mend)
        self.remember(node, path)
        words = SingleShape(lambda scalar: read_word(scalar, kinds))
        kind = self.read_single(words, written, f"{path}.kind")
        return BAD if kind is BAD else self.read_record(shape.records[kind], node, path)

    def read_telling(self, shape: TellingShape, node: Node, path: str) -> Any:
        """Return the record that one of the keys tells."""
        if not isinstance(node, MappingNode):
            return self.refuse_keyless(node, tuple(shape.records), path)
        found = [key for key in shape.records if node.get(key) is not None]
        if len(found) != 1:
            keys = ", ".join(shape.records)
            what = message("has {count} of the keys {keys}", count=len(found), keys=keys)
            return self.refuse(path, what, message("write exactly one of them"))
        return self.read_record(shape.records[found[0]], node, path)

    def read_record(self, shape: RecordShape, node: Node, path: str) -> Any:
        """Return the record whose keys `node` holds."""
        keys = keys_of(shape.record)
        if not isinstance(node, MappingNode):
            return self.refuse_keyless(node, keys.required, path)
        self.remember(node, path)
        values = {}
        for key, value in node.entries:
            key_path = _join(path, key.text)
            wanted = keys.shapes.get(key.text)
            if wanted is None:
                what = message("is not a key of {record}", record=keys.title)
                self.refuse(key_path, what, mend_by_nearest(key.text, keys.shapes), key.line)
            else:
                values[keys.fields[key.text]] = self.read(wanted, value, key_path)
        missing = [key for key in keys.required if node.get(key) is None]
        for name in missing:
            what = message("has no {key}", key=name)
            self.refuse(path, what, message("add the key {key}", key=name), node.line)
        if missing or any(value is BAD for value in values.values()):
            return BAD
        record = shape.record(**values)
        if isinstance(record, StepBase):
            self.steps[path] = record  # type: ignore[assignment]  # one of the kinds
        return record

    def read_list(self, shape: ListShape, node: Node, path: str) -> Any:
        """Return the items of a list."""
        if not isinstance(node, ListNode):
            return self.refuse_listless(node, path)
        return self._items((shape.item,) * len(node.items), node, path)

    def read_word_or_list(self, shape: WordOrListShape, node: Node, path: str) -> Any:
        """Return the word, or the items of the list."""
        return self.read(shape.word if isinstance(node, ScalarNode) else shape.listed, node, path)

    def read_row(self, shape: RowShape, node: Node, path: str) -> Any:
        """Return the items of a list of a fixed length."""
        if not isinstance(node, ListNode):
            return self.refuse_listless(node, path)
        if len(node.items) != len(shape.items):
            mend = message("write {count}", count=len(shape.items))
            return self.refuse(path, counted(len(node.items)), mend)
        return self._items(shape.items, node, path)

    def read_table(self, shape: TableShape, node: Node, path: str) -> Any:
        """Return names with their values."""
        if not isinstance(node, MappingNode):
            what = _found(node)
            return self.refuse(path, what, message("write {{name: value}}"))
        self.remember(node, path)
        table = {}
        for key, value in node.entries:
            key_path = _join(path, key.text)
            name = self.read_single(shape.key, key, key_path)
            self.lines.setdefault(_join(path, str(name)), key.line)  # what a name stands for
            table[name] = self.read(shape.value, value, key_path)
        return BAD if BAD in table or any(value is BAD for value in table.values()) else table

    def _items(self, shapes: tuple[Shape, ...], node: ListNode, path: str) -> Any:
        values = []
        for label, shape, item in zip(_labels(node), shapes, node.items, strict=True):
            item_path = f"{path}[{label}]"
            self.lines[item_path] = item.line
            values.append(self.read(shape, item, item_path))
        return BAD if any(value is BAD for value in values) else tuple(values)

    def refuse_keyless(self, node: Node, keys: tuple[str, ...], path: str) -> Any:
        """Note that keys are wanted here."""
        what = _found(node)
        return self.refuse(
            path, what, message("write keys with values: {keys}", keys=", ".join(keys))
        )

    def refuse_listless(self, node: Node, path: str) -> Any:
        """Note that a list is wanted here."""
        what = _found(node)
        return self.refuse(path, what, message("write a list: [first, second]"))

    def remember(self, node: MappingNode, path: str) -> None:
        """Note the lines of the keys of the mapping at `path`."""
        for key, _ in node.entries:
            self.lines[_join(path, key.text)] = key.line


_READERS: Final[Mapping[type, Callable[[NodeReader, Any, Node, str], Any]]] = {
    SingleShape: NodeReader.read_single,
    PythonShape: NodeReader.read_python,
    MarkedShape: NodeReader.read_marked,
    ListShape: NodeReader.read_list,
    WordOrListShape: NodeReader.read_word_or_list,
    RowShape: NodeReader.read_row,
    TableShape: NodeReader.read_table,
    RecordShape: NodeReader.read_record,
    KindShape: NodeReader.read_kind,
    TellingShape: NodeReader.read_telling,
}


def _labels(node: ListNode) -> list[str]:
    """Return how a path names each item: by its id where it has one of its own, else by number."""
    labels: list[str] = []
    for number, item in enumerate(node.items, 1):
        identity = item.get("id") if isinstance(item, MappingNode) else None
        own = identity.text if isinstance(identity, ScalarNode) else ""
        labels.append(own if own and own not in labels else str(number))
    return labels


def _broken_mark(mark: object, value: Any) -> tuple[Message, Message] | None:
    """Return what is wrong with a value by the mark of its annotation, and the mend."""
    if isinstance(mark, Positive) and value <= 0:
        return message("{value} is not above zero", value=value), message("write a larger number")
    if isinstance(mark, Increasing):
        for low, high in zip(value[::2], value[1::2], strict=True):
            if low >= high:
                what = message("{low:g} is not below {high:g}", low=low, high=high)
                return what, message("write the lower end first")
    if isinstance(mark, Count) and not mark.low <= len(value) <= mark.high:
        return counted(len(value)), _mend_of_count(len(value), mark)
    return None


def _mend_of_count(found: int, mark: Count) -> Message:
    if mark.low == mark.high:
        return message("write {count}", count=mark.low)
    if found < mark.low:
        return message("write at least {count}", count=mark.low)
    return message("write at most {count}", count=mark.high)


def _found(node: Node) -> Message:
    if isinstance(node, ScalarNode):
        return message("is the single value {text}", text=quoted(node.text)) if node.text else (
            message("is empty")
        )  # fmt: skip
    return message("is a list") if isinstance(node, ListNode) else message("is a mapping")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
