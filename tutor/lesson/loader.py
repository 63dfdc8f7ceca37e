"""Reads a lesson file into the lesson model, or says all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import tutor
from tutor.i18n import Message, message
from tutor.lesson.consistency import inconsistencies, step_inconsistencies
from tutor.lesson.folders import read_file
from tutor.lesson.model import Lesson, Step
from tutor.lesson.named import Fault, Named, named
from tutor.lesson.problem import LessonError, Problem
from tutor.lesson.reader import BAD, NodeReader
from tutor.lesson.scalars import VERSION, quoted
from tutor.lesson.schema import RecordShape, keys_of
from tutor.lesson.yaml_nodes import MappingNode, Node, ScalarNode, read_nodes

FORMAT: Final = 1
"""Of the lesson files that this Nabla reads."""
_WHOLE: Final = re.compile("[0-9]{1,9}")


def load_lesson(path: Path) -> Lesson:
    """Return the lesson in the file at `path`.

    Raises:
        LessonError: the file cannot be read or is no lesson; it holds all the problems.
    """
    return load_source(path).lesson


def read_lesson(text: str, file_name: str) -> Lesson:
    """Return the lesson that `text` holds; `file_name` is named in the problems.

    Raises:
        LessonError: the text is no lesson; it holds all the problems.
    """
    return read_source(text, file_name).lesson


@dataclass(frozen=True)
class Places:
    """Where an author wrote what."""

    file: str
    lines: Mapping[str, int] = field(repr=False)
    """The line of each key path, such as `steps[swing].choices[2].feedback`."""

    def problem(self, path: str, what: Message, mend: Message) -> Problem:
        """Return the problem at this key path."""
        return Problem(self.file, self.lines.get(path, 1), path, what, mend)


@dataclass(frozen=True)
class LessonSource(Places):
    """A lesson together with where its author wrote what."""

    text: str
    lesson: Lesson

    def steps(self) -> Iterator[tuple[str, Step]]:
        """Yield each step with its key path."""
        for step in self.lesson.steps:
            yield f"steps[{step.id}]", step


@dataclass(frozen=True)
class SoundSteps(Places):
    """The steps of a file that is no lesson yet which are whole in themselves.

    So the linter can say in one round what is wrong with them and with the rest of the file.
    """

    found: Mapping[str, Step] = field(default_factory=dict, repr=False)
    """By key path."""

    def steps(self) -> Iterator[tuple[str, Step]]:
        """Yield each step with its key path."""
        yield from self.found.items()


def load_source(path: Path) -> LessonSource:
    """Return the lesson in the file at `path` with the places of its keys.

    Raises:
        LessonError: the file cannot be read or is no lesson; it holds all the problems.
    """
    return read_source(read_file(path), str(path))


def read_source(text: str, file_name: str) -> LessonSource:
    """Return the lesson that `text` holds, with the places of its keys.

    Raises:
        LessonError: the text is no lesson; it holds all the problems.
    """
    source, problems = examine(text, file_name)
    if problems or not isinstance(source, LessonSource):
        raise LessonError(problems)
    return source


def examine(text: str, file_name: str) -> tuple[LessonSource | SoundSteps, list[Problem]]:
    """Return what can be read of a lesson file, and all that is wrong with it.

    A lesson that can be read, but does not fit together, comes as its steps that do.
    """
    node, problems = read_nodes(text, file_name)
    if node is None:
        return SoundSteps(file_name, {}), problems
    if (newer := made_for_newer(node, file_name)) is not None:
        return SoundSteps(file_name, {}), [newer]
    reader = NodeReader(file_name, list(problems))
    misnamed: list[Fault] = []
    if isinstance(node, MappingNode):
        reader.names, misnamed = _names_of(node, file_name)
        lesson = reader.read_record(RecordShape(Lesson), node, "")
    else:
        lesson = reader.refuse("", *_NO_KEYS, node.line)
    if lesson is BAD:
        whole = _sound_steps(reader, reader.problems).steps()
        faults = [f for path, step in whole for f in step_inconsistencies(step, path)]
    else:
        faults = list(inconsistencies(lesson))
    faults += misnamed
    places = Places(file_name, reader.lines)
    found = reader.problems + [places.problem(*fault) for fault in faults]
    if not found:
        return LessonSource(file_name, reader.lines, text, lesson), []
    # What YAML itself got wrong may have changed any text.
    return (SoundSteps(file_name, {}) if problems else _sound_steps(reader, found)), found


def _names_of(node: MappingNode, file_name: str) -> tuple[Named | None, list[Fault]]:
    """Return what a lesson names, before anything else of it is read, and what is wrong there.

    What is no table of texts is told when the lesson is read; what uses it is no fault beside that.
    """
    reader, shapes = NodeReader(file_name), keys_of(Lesson).shapes
    nodes = {key: node.get(key) for key in ("values", "functions")}
    tables = {key: table for key, table in nodes.items() if isinstance(table, MappingNode)}
    read: dict[str, dict[Any, Any]] = {"values": {}, "functions": {}}
    unread = []
    for key, table in tables.items():
        for entry in table.entries:
            found = reader.read(shapes[key], replace(table, entries=(entry,)), key)
            if found is BAD:
                unread.append(entry[0].text.strip())
            else:
                read[key] |= found
    is_whole = all(table is None or key in tables for key, table in nodes.items())
    if is_whole and not (unread or any(read.values())):
        return None, []
    return named(read["values"], read["functions"], unread, are_all_known=is_whole)


def _sound_steps(reader: NodeReader, problems: list[Problem]) -> SoundSteps:
    """Return the steps that were read and of which none of the problems tells."""
    faulty = {problem.key_path.partition("]")[0] + "]" for problem in problems}
    steps = {path: step for path, step in reader.steps.items() if path not in faulty}
    return SoundSteps(reader.file, reader.lines, steps)


def made_for_newer(node: Node, file_name: str) -> Problem | None:
    """Return the problem of a file that was written for a later Nabla, or None.

    It is the only one then: what else is unknown here may be new.
    """
    if not isinstance(node, MappingNode):
        return None
    mend = message("update Nabla")
    written, needs = node.get("format"), node.get("needs")
    if (
        isinstance(written, ScalarNode)
        and _WHOLE.fullmatch(written.text)
        and (int(written.text) > FORMAT)
    ):
        what = message("is made for a newer Nabla (format {format}; this one reads {own})",
                       format=quoted(written.text), own=FORMAT)  # fmt: skip
        return Problem(file_name, written.line, "format", what, mend)
    if isinstance(needs, ScalarNode) and _is_newer(needs.text):
        what = message("is made for a newer Nabla ({version})", version=needs.text)
        return Problem(file_name, needs.line, "needs", what, mend)
    return None


def _is_newer(version: str) -> bool:
    if not VERSION.fullmatch(version):
        return False
    return _numbers(version) > _numbers(tutor.__version__)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


_NO_KEYS = (message("does not start with keys"), message("start with format: 1"))
