"""What the map needs to know of a lesson: read from its first lines, without building it.

Building lessons takes their model, their rules and, for some, the numerical core; a map that is
painted first must not wait for these. Whoever opens a lesson has it built (`catalog`), and what is
wrong with one is said then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final, Self, TypeVar

from tutor.i18n import ENGLISH
from tutor.lesson.folders import every_lesson_file, number_of, read_file, translation_file
from tutor.lesson.problem import LessonError
from tutor.lesson.yaml_nodes import ListNode, MappingNode, Node, ScalarNode, read_nodes

Id = TypeVar("Id", bound=str)

_STEPS: Final = re.compile(r"^steps:", re.MULTILINE)
_STEP_ID: Final = re.compile(r"^ *- +(?:\{ *)?id: *['\"]?([a-z0-9-]+)", re.MULTILINE)
_LESSON_ID: Final = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
_COMPUTED: Final = "{="
"""Begins a number that is computed when a lesson is built."""
_MINUTES: Final = re.compile("[0-9]{1,4}")


@dataclass(frozen=True)
class LessonHead:
    """A lesson as the map shows it."""

    id: str
    title: str
    summary: str
    objectives: tuple[str, ...]
    minutes: int
    requires: tuple[str, ...]
    number: int | None
    """The number that its file name starts with."""
    written: str = field(default="", repr=False, compare=False)
    """The lines of its steps, where it was not built."""
    built: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """The ids of its steps, where it was."""

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The ids of its steps, in order: looked for where one is on its way alone."""
        return self.built or tuple(_STEP_ID.findall(self.written))


def read_heads(folders: Iterable[Path], language: str = ENGLISH) -> tuple[LessonHead, ...]:
    """Return the heads of the lessons in the folders, in the order to take them.

    Lessons of which not even this can be read are left out: `load_catalog` says why.
    """
    found: dict[str, LessonHead] = {}
    for path in every_lesson_file(folders, []):
        head = _read_head(path)
        if head is not None and head.id.partition("/")[0] == path.absolute().parent.name:
            found.setdefault(head.id, _translated(head, path, language))
    order, _ = in_order({head.id: head.requires for head in found.values()})
    return tuple(found[name] for names in by_course(order).values() for name in names)


def in_order(requirements: Mapping[Id, Sequence[Id]]) -> tuple[list[Id], list[Id]]:
    """Return the lessons that can be taken, each after what it requires, and the others.

    The given order is kept wherever requirements allow.
    """
    waiting = list(requirements)
    ordered: list[Id] = []
    done: set[Id] = set()
    while ready := next((name for name in waiting if done.issuperset(requirements[name])), None):
        ordered.append(ready)
        done.add(ready)
        waiting.remove(ready)
    return ordered, waiting


def by_course(lessons: Iterable[Id]) -> dict[str, list[Id]]:
    """Return the lessons of each course, the courses by their first lesson."""
    courses: dict[str, list[Id]] = {}
    for lesson in lessons:
        courses.setdefault(lesson.partition("/")[0], []).append(lesson)
    return courses


def _read_head(path: Path) -> LessonHead | None:
    """Return the head of the lesson in a file, or None where it cannot be read."""
    text = _text(path)
    begins = _STEPS.search(text)
    keys = _Keys.of(text[: begins.start()] if begins else "", path)
    minutes = keys.line("minutes")
    head = LessonHead(
        id=keys.line("id"), title=keys.line("title"), summary=keys.line("summary"),
        objectives=keys.lines("objectives"),
        minutes=int(minutes) if _MINUTES.fullmatch(minutes) else 0,
        requires=keys.lines("requires"), number=number_of(path),
        written=text[begins.end() :] if begins else "",
    )  # fmt: skip
    is_whole = head.title and head.summary and head.minutes and head.objectives
    return head if is_whole and _LESSON_ID.fullmatch(head.id) else None


def _translated(head: LessonHead, path: Path, language: str) -> LessonHead:
    """Return the head with the words of the translation beside the file, where there is one."""
    if language == ENGLISH:
        return head
    file = translation_file(path, language)
    keys = _Keys.of(_STEPS.split(_text(file), maxsplit=1)[0], file)
    objectives = keys.lines("objectives")
    return replace(
        head,
        title=keys.line("title") or head.title,
        summary=keys.line("summary") or head.summary,
        objectives=objectives if len(objectives) == len(head.objectives) else head.objectives,
    )


def _text(path: Path) -> str:
    try:
        return read_file(path)
    except LessonError:
        return ""


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys before the steps of a lesson or a translation."""

    found: Mapping[str, Node]

    @classmethod
    def of(cls, text: str, file: Path) -> Self:
        """Return the keys of a text; none where it cannot be read, or some text is computed."""
        node, _ = read_nodes(text, str(file)) if _COMPUTED not in text else (None, [])
        entries = node.entries if isinstance(node, MappingNode) else ()
        return cls({key.text: value for key, value in entries})

    def line(self, key: str) -> str:
        node = self.found.get(key)
        return node.text.strip() if isinstance(node, ScalarNode) else ""

    def lines(self, key: str) -> tuple[str, ...]:
        node = self.found.get(key)
        items = node.items if isinstance(node, ListNode) else ()
        return tuple(each.text.strip() for each in items if isinstance(each, ScalarNode))
