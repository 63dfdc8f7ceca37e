"""Lays another language over a lesson: `01-derivative.zh.yaml` beside `01-derivative.yaml`.

A translation holds texts alone, in the structure of the lesson, its steps keyed by their ids.
Numbers, code and answers stand once, in the lesson; whatever the translation leaves out is shown
in English.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tutor.i18n import LANGUAGES, Message, message
from tutor.lesson.folders import read_file
from tutor.lesson.model import Lesson
from tutor.lesson.named import named
from tutor.lesson.problem import LessonError, Problem, mend_by_nearest
from tutor.lesson.reader import BAD, NodeReader
from tutor.lesson.scalars import SCALAR_READERS, read_line
from tutor.lesson.schema import SingleShape, keys_of
from tutor.lesson.texts import Kind, join, label_of, map_texts, text_fields, texts_of
from tutor.lesson.yaml_nodes import ListNode, MappingNode, Node, ScalarNode, read_nodes

_HEAD: Final = ("translates", "language", "steps")


@dataclass(frozen=True)
class Translation:
    """The texts of a lesson in another language, by their key paths in the lesson."""

    file: str
    text: str = field(repr=False)
    language: str
    texts: Mapping[str, str] = field(repr=False)
    lines: Mapping[str, int] = field(repr=False)
    """The line of each key path of this file, such as `steps.swing.choices[2].feedback`."""

    def problem(self, path: str, what: Message, mend: Message) -> Problem:
        """Return the problem at this key path of the lesson, or at the nearest key around it."""
        own = path_in_translation(path)
        around = next((key for key in _around(own) if key in self.lines), "")
        return Problem(self.file, self.lines.get(around, 1), own, what, mend)


def path_in_translation(path: str) -> str:
    """Return the key path in a translation of what stands in the lesson at `path`.

    >>> path_in_translation("steps[swing].choices[2].feedback")
    'steps.swing.choices[2].feedback'
    """
    if not path.startswith("steps["):
        return path
    step, bracket, rest = path.removeprefix("steps[").partition("]")
    return f"steps.{step}{rest}" if bracket else path


def language_of(file_name: str) -> str:
    """Return the language that a translation's file name tells.

    >>> language_of("lessons/gradients/01-derivative.zh.yaml")
    'zh'
    """
    return Path(file_name).name.removesuffix(".yaml").rpartition(".")[2]


def load_translation(path: Path, lesson: Lesson) -> Translation:
    """Return the translation of `lesson` in the file at `path`.

    Raises:
        LessonError: The file cannot be read or does not fit the lesson; with all its problems.
    """
    return read_translation(read_file(path), str(path), lesson)


def read_translation(text: str, file_name: str, lesson: Lesson) -> Translation:
    """Return the translation of `lesson` that `text` holds; `file_name` tells its language.

    Raises:
        LessonError: The text does not fit the lesson; with all its problems.
    """
    node, problems = read_nodes(text, file_name)
    if node is None:
        raise LessonError(problems)
    reader = _TranslationReader(file_name, problems)
    if lesson.values or lesson.functions:
        reader.names, _ = named(lesson.values, lesson.functions)
    if isinstance(node, MappingNode):
        reader.read_head(node, lesson)
        reader.read_texts(node, lesson, "", "")
    else:
        what, mend = (
            message("does not start with keys"),
            message("start with translates: {id}", id=lesson.id),
        )
        reader.refuse("", what, mend, node.line)
    if reader.problems:
        raise LessonError(reader.problems)
    return Translation(file_name, text, language_of(file_name), reader.texts, reader.lines)


def translated(lesson: Lesson, translation: Translation) -> Lesson:
    """Return the lesson with its texts in the other language; what is left out stays English."""
    return map_texts(lesson, "", lambda text: translation.texts.get(text.path, text.text))


@dataclass
class _TranslationReader(NodeReader):
    """Reads the texts of one file, in the structure of the lesson."""

    texts: dict[str, str] = field(default_factory=dict)
    """By their key paths in the lesson."""

    def read_head(self, node: MappingNode, lesson: Lesson) -> None:
        """Read which lesson is translated into which language."""
        self.remember(node, "")
        language = language_of(self.file)
        for key, value, what in (
            ("translates", str(lesson.id), message("is not the lesson beside this file")),
            ("language", language, message("is not the language of the file's name")),
        ):
            given = node.get(key)
            mend = message("write {key}: {value}", key=key, value=value)
            if given is None:
                self.refuse("", message("has no {key}", key=key), mend, node.line)
                continue
            found = self.read_single(SingleShape(read_line), given, key)
            if found not in (BAD, value):
                self.refuse(key, what, mend)
        if language not in LANGUAGES:
            what = message("{language} is not a language of Nabla", language=language)
            self.refuse("language", what, mend_by_nearest(language, LANGUAGES))

    def read_texts(self, node: Node, record: Any, path: str, own_path: str) -> None:
        """Read the texts of a record: `path` is its key path in the lesson, `own_path` here."""
        known = _translatable(record)
        if not isinstance(node, MappingNode):
            self.refuse_keyless(node, tuple(known), own_path)
            return
        self.remember(node, own_path)
        for key, value in node.entries:
            name, here = key.text, join(own_path, key.text)
            if isinstance(record, Lesson) and name in _HEAD:
                if name == "steps":
                    self._read_steps(value, record)
            elif name not in known:
                self.refuse(here, *_unknown_key(name, record, known), key.line)
            else:
                self._read_value(value, *known[name], join(path, name), here)

    def _read_steps(self, node: Node, lesson: Lesson) -> None:
        steps = {step.id: step for step in lesson.steps}
        if not isinstance(node, MappingNode):
            self.refuse_keyless(node, tuple(steps), "steps")
            return
        self.remember(node, "steps")
        for key, value in node.entries:
            here = join("steps", key.text)
            step = steps.get(key.text)  # type: ignore[call-overload] # a text is looked up
            if step is None:
                what = message("the lesson has no step {id}", id=key.text)
                self.refuse(here, what, mend_by_nearest(key.text, steps), key.line)
            elif not _is_left_out(value):
                self.read_texts(value, step, f"steps[{step.id}]", here)

    def _read_value(self, node: Node, value: Any, kind: Kind, path: str, here: str) -> None:
        if _is_left_out(node):
            return
        if isinstance(value, tuple):
            self._read_items(node, value, kind, path, here)
        elif kind is None:
            self.read_texts(node, value, path, here)
        else:
            found = self.read_single(SingleShape(SCALAR_READERS[kind]), node, here)
            if found is not BAD:
                self.texts[path] = found

    def _read_items(
        self, node: Node, values: tuple[Any, ...], kind: Kind, path: str, here: str
    ) -> None:
        if not isinstance(node, ListNode):
            self.refuse_listless(node, here)
            return
        if len(node.items) > len(values):
            what = message("has {count} items, and the lesson {wanted}",
                           count=len(node.items), wanted=len(values))  # fmt: skip
            self.refuse(here, what, message("items go by their place: leave one out with ~"))
            return
        for number, (item, value) in enumerate(zip(node.items, values, strict=False), 1):
            item_here = f"{here}[{number}]"
            self.lines[item_here] = item.line
            self._read_value(item, value, kind, f"{path}[{label_of(value, number)}]", item_here)


def _translatable(record: Any) -> dict[str, tuple[Any, Kind]]:
    """Return the keys of a record of the lesson that hold texts, with their values and kinds."""
    values = {
        key: (getattr(record, name), kind) for name, key, kind in text_fields(record.__class__)
    }
    return {key: (value, kind) for key, (value, kind) in values.items() if _has_text(value, kind)}


def _has_text(value: Any, kind: Kind) -> bool:
    if isinstance(value, tuple):
        return any(_has_text(item, kind) for item in value)
    return value is not None and (kind is not None or any(texts_of(value, "")))


def _unknown_key(name: str, record: Any, known: Mapping[str, object]) -> tuple[Message, Message]:
    """Return what is wrong with a key that holds no text in the lesson, and the mend."""
    keys = keys_of(record.__class__)
    if name not in keys.shapes:
        what = message("is not a key of {record}", record=keys.title)
        return what, mend_by_nearest(name, known)
    if any(key == name for _, key, _ in text_fields(record.__class__)):
        return message("has no text in the lesson"), message("delete it, or write it there first")
    what = message("is not translated")
    return what, message("delete it: numbers, code and answers stand in the lesson alone")


def _is_left_out(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.is_null


def _around(path: str) -> Iterator[str]:
    """Yield a key path and the paths of what it stands in, from the inside out."""
    while path:
        yield path
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
