"""What the linter asks of a lesson as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from tutor.authoring.json_schema import SCHEMA_FILE, SCHEMA_LINE
from tutor.authoring.rules.answers import check_lengths
from tutor.authoring.rules.prose import check_words
from tutor.i18n import message
from tutor.lesson.loader import LessonSource
from tutor.lesson.model import BugStep, OwnSymptom, Step
from tutor.lesson.problem import Problem
from tutor.lesson.scalars import quoted
from tutor.lesson.texts import texts_of
from tutor.lesson.yaml_nodes import (
    ListNode,
    MappingNode,
    Node,
    ScalarNode,
    ends_of_plain_values,
    read_nodes,
)


def check_lesson(source: LessonSource) -> Iterator[Problem]:
    """Yield what is wrong with the words around the steps, and with the file's text."""
    lesson = source.lesson
    for text in texts_of(replace(lesson, steps=()), ""):
        for where, what, mend in check_words(text.text, text.path):
            yield source.problem(where, what, mend)
    for where, what, mend in check_lengths(lesson.steps):
        yield source.problem(where, what, mend)
    yield from _newer_than_it_says(source)
    yield from _unnamed_values(source)
    text_lines = {source.lines[text.path] for text in texts_of(lesson, "")}
    yield from cut_texts(source.file, source.text, text_lines)
    yield from _unnamed_schema(source)


def _newer_than_it_says(source: LessonSource) -> Iterator[Problem]:
    """Yield the first thing that an older Nabla would not know, if the lesson does not say so."""
    lesson = source.lesson
    if lesson.needs is not None and tuple(map(int, lesson.needs.split("."))) >= _NEEDED:
        return
    keys = [key for key in _NEW_KEYS if getattr(lesson, key)]
    for path in [*keys, *(p for p, step in source.steps() if _is_new(step))][:1]:
        what = message("is not known to an older Nabla")
        yield source.problem(path, what, message("add to the head of the file: needs: 0.2"))


_NEEDED: Final = (0, 2)
_NEW_KEYS: Final = ("values", "functions")
_NEW_KINDS: Final = frozenset({"select", "order", "match", "graph"})
"""Of a lesson, and of steps: not in Nabla 0.1."""


def _is_new(step: Step) -> bool:
    has_own_program = isinstance(step, BugStep) and isinstance(step.symptom, OwnSymptom)
    return step.kind in _NEW_KINDS or has_own_program


def _unnamed_values(source: LessonSource) -> Iterator[Problem]:
    """Yield braces for a value in a lesson that names none: nothing is put in there."""
    if source.lesson.values or source.lesson.functions:
        return
    for text in texts_of(source.lesson, ""):
        if "{=" in text.text:
            what = message("{{= is shown as it stands: the lesson names no values")
            mend = message("name some in the head, such as values: {{eta: 0.1}}")
            yield source.problem(text.path, what, mend)


def _unnamed_schema(source: LessonSource) -> Iterator[Problem]:
    """Yield that a lesson beside whose course a schema lies does not name it to editors."""
    if not (Path(source.file).absolute().parents[1] / SCHEMA_FILE).is_file():
        return
    line = f"{SCHEMA_LINE}../{SCHEMA_FILE}"
    if source.text.partition("\n")[0].rstrip() != line:
        what = message("does not name its schema, so that no editor can help")
        mend = message("write as the first line: {line}", line=line)
        yield Problem(source.file, 1, "", what, mend)


def cut_texts(file: str, text: str, text_lines: Collection[int]) -> Iterator[Problem]:
    """Yield unquoted texts that YAML ends at a #, taking the rest for a comment.

    `text_lines` are the lines of the file on which a text starts: a number may have a comment at
    any distance, a text only two spaces or more behind it.
    """
    if " #" not in text:
        return  # It takes two more readings to know where the values end.
    root, _ = read_nodes(text, file)
    lines, ends = text.split("\n"), ends_of_plain_values(text)
    for scalar in _scalars(root):
        is_text = " " in scalar.text or scalar.line in text_lines
        if not scalar.is_plain or not is_text:
            continue
        line, column = ends[scalar.line, scalar.column]
        if lines[line - 1].startswith(" #", column - 1):
            what = message("YAML ends the text {text} at the #", text=quoted(scalar.text))
            mend = message("put the text in single quotes, or more space before a comment")
            yield Problem(file, scalar.line, "", what, mend)


def _scalars(root: Node | None) -> Iterator[ScalarNode]:
    """Yield every value of a tree."""
    waiting = [root] if root else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ScalarNode):
            yield node
        elif isinstance(node, ListNode):
            waiting.extend(node.items)
        elif isinstance(node, MappingNode):
            waiting.extend(value for _, value in node.entries)
