"""Reads a lesson file into the lesson model, or says all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tutor.i18n import Message, message
from tutor.lesson.consistency import inconsistencies
from tutor.lesson.model import Lesson, Step
from tutor.lesson.problem import LessonError, Problem
from tutor.lesson.reader import BAD, NodeReader
from tutor.lesson.schema import RecordShape
from tutor.lesson.yaml_nodes import MAX_BYTES, MappingNode, read_nodes


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
class LessonSource:
    """A lesson together with where its author wrote what."""

    file: str
    text: str
    lesson: Lesson
    lines: Mapping[str, int] = field(repr=False)
    """The line of each key path, such as `steps[swing].choices[2].feedback`."""

    def problem(self, path: str, what: Message, mend: Message) -> Problem:
        """Return the problem at this key path."""
        return Problem(self.file, self.lines.get(path, 1), path, what, mend)

    def steps(self) -> Iterator[tuple[str, Step]]:
        """Yield each step with its key path."""
        for step in self.lesson.steps:
            yield f"steps[{step.id}]", step


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
    node, problems = read_nodes(text, file_name)
    if node is None:
        raise LessonError(problems)
    reader = NodeReader(file_name, problems)
    if isinstance(node, MappingNode):
        lesson = reader.read_record(RecordShape(Lesson), node, "")
    else:
        lesson = reader.refuse("", *_NO_KEYS, node.line)
    if lesson is BAD:
        raise LessonError(reader.problems)
    source = LessonSource(file_name, text, lesson, reader.lines)
    problems = reader.problems + [
        source.problem(*inconsistency) for inconsistency in inconsistencies(lesson)
    ]
    if problems:
        raise LessonError(problems)
    return source


_NO_KEYS = (message("does not start with keys"), message("start with format: 1"))


def read_file(path: Path) -> str:
    """Return the text of a lesson file of at most `MAX_BYTES`.

    Raises:
        LessonError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _file_error(path, message("does not exist"), message("check the path")) from None
    except OSError as error:
        what = message("cannot be read ({reason})", reason=error.strerror)
        raise _file_error(path, what, message("check its permissions")) from error
    if len(raw) > MAX_BYTES:
        what = message("is larger than 1 MB")
        raise _file_error(path, what, message("split the lesson; one takes some 10 KB"))
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = message("byte {byte} is not UTF-8", byte=f"0x{raw[error.start]:02X}")
        raise _file_error(path, what, message("save the file as UTF-8"), line) from None


def _file_error(path: Path, what: Message, mend: Message, line: int | None = None) -> LessonError:
    return LessonError([Problem(str(path), line, "", what, mend)])
