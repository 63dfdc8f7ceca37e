"""What the linter asks of a lesson as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tutor.authoring.json_schema import SCHEMA_FILE, SCHEMA_LINE
from tutor.authoring.rules.answers import check_lengths
from tutor.authoring.rules.prose import formula_problems
from tutor.i18n import message
from tutor.lesson.loader import LessonSource
from tutor.lesson.problem import Problem
from tutor.lesson.scalars import quoted
from tutor.lesson.yaml_nodes import ListNode, MappingNode, Node, ScalarNode, read_nodes


def check_lesson(source: LessonSource) -> Iterator[Problem]:
    """Yield what is wrong with the words around the steps, and with the file's text."""
    lesson = source.lesson
    texts = {"title": lesson.title, "summary": lesson.summary}
    texts |= {f"objectives[{n}]": text for n, text in enumerate(lesson.objectives, 1)}
    for path, text in texts.items():
        for where, what, mend in formula_problems(text, path):
            yield source.problem(where, what, mend)
    for where, what, mend in check_lengths(lesson.steps):
        yield source.problem(where, what, mend)
    yield from _cut_texts(source)
    yield from _unnamed_schema(source)


def _unnamed_schema(source: LessonSource) -> Iterator[Problem]:
    """Yield that a lesson beside whose course a schema lies does not name it to editors."""
    if not (Path(source.file).absolute().parents[1] / SCHEMA_FILE).is_file():
        return
    line = f"{SCHEMA_LINE}../{SCHEMA_FILE}"
    if source.text.partition("\n")[0].rstrip() != line:
        what = message("does not name its schema, so that no editor can help")
        mend = message("write as the first line: {line}", line=line)
        yield Problem(source.file, 1, "", what, mend)


def _cut_texts(source: LessonSource) -> Iterator[Problem]:
    """Yield unquoted texts that YAML ends at a #, taking the rest for a comment.

    A comment that is meant stands two spaces or more after the text.
    """
    root, _ = read_nodes(source.text, source.file)
    lines = source.text.splitlines()
    for scalar in _scalars(root):
        if not scalar.is_plain or " " not in scalar.text or scalar.line > len(lines):
            continue
        rest = lines[scalar.line - 1][scalar.column - 1 :].removeprefix(scalar.text)
        if rest.startswith(" #"):
            what = message("YAML ends the text {text} at the #", text=quoted(scalar.text))
            mend = message("put the text in single quotes, or more space before a comment")
            yield Problem(source.file, scalar.line, "", what, mend)


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
