"""Fills the classes of the lesson model from YAML nodes, by their annotations alone.

All problems of a file are collected, not the first alone: a value that cannot be read becomes
`BAD`, its problem is noted, and reading goes on beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

from tutor.i18n import Message, message
from tutor.lesson.model import Count, Increasing, Positive
from tutor.lesson.problem import Problem, counted, mend_by_nearest
from tutor.lesson.scalars import SCALAR_READERS, RefusedError, quoted, read_word
from tutor.lesson.schema import field_name, keys_of, required_keys, telling_key, title_of
from tutor.lesson.yaml_nodes import ListNode, MappingNode, Node, ScalarNode

BAD: Final = object()
"""Stands for a value that could not be read; its problem is noted."""


@dataclass
class NodeReader:
    """Reads the nodes of one file."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    """The line of each key path."""

    def read(self, hint: Any, node: Node, path: str) -> Any:
        """Return the value of type `hint` that `node` holds, or BAD."""
        if hint in SCALAR_READERS or get_origin(hint) is Literal:
            return self._read_scalar(hint, node, path)
        if is_dataclass(hint):
            return self._read_record(cast(type, hint), node, path)
        origin = get_origin(hint)
        if origin is Annotated:
            return self._read_annotated(hint, node, path)
        if origin in (Union, UnionType):
            return self._read_union(hint, node, path)
        if origin is tuple:
            return self._read_list(hint, node, path)
        if origin is Mapping:
            return self._read_table(hint, node, path)
        raise TypeError(f"the lesson model has a field of a type that cannot be read: {hint}")

    def refuse(self, path: str, what: Message, mend: Message, line: int | None = None) -> Any:
        """Note a problem and return BAD."""
        where = self.lines.get(path) if line is None else line
        self.problems.append(Problem(self.file, where, path, what, mend))
        return BAD

    def _read_scalar(self, hint: Any, node: Node, path: str) -> Any:
        if not isinstance(node, ScalarNode):
            what = message("is {found}", found=_name_of(node))
            return self.refuse(path, what, message("write a single value"))
        try:
            if get_origin(hint) is Literal:
                return read_word(node, get_args(hint))
            return SCALAR_READERS[hint](node)
        except RefusedError as refused:
            return self.refuse(path, refused.what, refused.mend)

    def _read_annotated(self, hint: Any, node: Node, path: str) -> Any:
        inner, *marks = get_args(hint)
        value = self.read(inner, node, path)
        if value is BAD:
            return BAD
        for mark in marks:
            refused = _broken_mark(mark, value)
            if refused is not None:
                return self.refuse(path, *refused)
        return value

    def _read_union(self, hint: Any, node: Node, path: str) -> Any:
        kinds = tuple(kind for kind in get_args(hint) if kind is not type(None))
        if all(is_dataclass(kind) for kind in kinds):
            return self._read_one_record(kinds, node, path)
        *others, last = kinds
        for kind in others:
            trial = NodeReader(self.file, lines=dict(self.lines))
            value = trial.read(kind, node, path)
            if value is not BAD:
                return value
        return self.read(last, node, path)

    def _read_one_record(self, kinds: tuple[Any, ...], node: Node, path: str) -> Any:
        """Read the one of several classes that a key tells: `kind`, or the key of its own."""
        if len(kinds) == 1 or not isinstance(node, MappingNode):
            return self._read_record(kinds[0], node, path)
        if "kind" in keys_of(kinds[0]):
            return self._read_by_kind(kinds, node, path)
        by_key = {telling_key(kind, kinds): kind for kind in kinds}
        found = [key for key in by_key if node.get(key) is not None]
        if len(found) != 1:
            what = message(
                "has {count} of the keys {keys}", count=len(found), keys=", ".join(by_key)
            )
            return self.refuse(path, what, message("write exactly one of them"))
        return self._read_record(by_key[found[0]], node, path)

    def _read_by_kind(self, kinds: tuple[Any, ...], node: MappingNode, path: str) -> Any:
        by_kind = {get_args(keys_of(kind)["kind"])[0]: kind for kind in kinds}
        written = node.get("kind")
        if written is None:
            known = ", ".join(by_kind)
            return self.refuse(
                path, message("has no kind"), message("add kind: one of {known}", known=known)
            )
        self._remember(node, path)
        kind = self.read(Literal[tuple(by_kind)], written, f"{path}.kind")
        return BAD if kind is BAD else self._read_record(by_kind[kind], node, path)

    def _read_record(self, record: type, node: Node, path: str) -> Any:
        if not isinstance(node, MappingNode):
            what = message("is {found}", found=_name_of(node))
            keys = ", ".join(required_keys(record))
            return self.refuse(path, what, message("write keys with values: {keys}", keys=keys))
        self._remember(node, path)
        hints = keys_of(record)
        values = {}
        for key, value in node.entries:
            key_path = _join(path, key.text)
            if key.text not in hints:
                what = message("is not a key of {record}", record=title_of(record))
                self.refuse(key_path, what, mend_by_nearest(key.text, hints), key.line)
            else:
                values[key.text] = self.read(hints[key.text], value, key_path)
        missing = [key for key in required_keys(record) if node.get(key) is None]
        for name in missing:
            what = message("has no {key}", key=name)
            self.refuse(path, what, message("add the key {key}", key=name), node.line)
        if missing or any(value is BAD for value in values.values()):
            return BAD
        return record(**{field_name(record, key): value for key, value in values.items()})

    def _remember(self, node: MappingNode, path: str) -> None:
        self.lines.update({_join(path, key.text): key.line for key, _ in node.entries})

    def _read_list(self, hint: Any, node: Node, path: str) -> Any:
        if not isinstance(node, ListNode):
            what = message("is {found}", found=_name_of(node))
            return self.refuse(path, what, message("write a list: [first, second]"))
        kinds = get_args(hint)
        if kinds[-1] is Ellipsis:
            kinds = (kinds[0],) * len(node.items)
        elif len(node.items) != len(kinds):
            return self.refuse(
                path, counted(len(node.items)), message("write {count}", count=len(kinds))
            )
        values = []
        for label, kind, item in zip(_labels(node), kinds, node.items, strict=True):
            item_path = f"{path}[{label}]"
            self.lines[item_path] = item.line
            values.append(self.read(kind, item, item_path))
        return BAD if any(value is BAD for value in values) else tuple(values)

    def _read_table(self, hint: Any, node: Node, path: str) -> Any:
        if not isinstance(node, MappingNode):
            what = message("is {found}", found=_name_of(node))
            return self.refuse(path, what, message("write {{name: value}}"))
        self._remember(node, path)
        key_hint, value_hint = get_args(hint)
        table = {}
        for key, value in node.entries:
            key_path = _join(path, key.text)
            table[self.read(key_hint, key, key_path)] = self.read(value_hint, value, key_path)
        return BAD if BAD in table or BAD in table.values() else table


def _labels(node: ListNode) -> list[str]:
    """Return how a path names each item: by its id where it has one of its own, else by number."""
    labels: list[str] = []
    for number, item in enumerate(node.items, 1):
        identity = item.get("id") if isinstance(item, MappingNode) else None
        own = isinstance(identity, ScalarNode) and identity.text not in (*labels, "")
        labels.append(identity.text if own and isinstance(identity, ScalarNode) else str(number))
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
        what = counted(len(value))
        if mark.low == mark.high:
            return what, message("write {count}", count=mark.low)
        if len(value) < mark.low:
            return what, message("write at least {count}", count=mark.low)
        return what, message("write at most {count}", count=mark.high)
    return None


def _name_of(node: Node) -> str:
    if isinstance(node, ScalarNode):
        return f"the single value {quoted(node.text)}" if node.text else "empty"
    return "a list" if isinstance(node, ListNode) else "a mapping"


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
