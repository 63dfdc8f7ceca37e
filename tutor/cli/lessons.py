"""The command `list`, and how the others find a lesson."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tutor.cli.output import print_table, say
from tutor.cli.records import kept_progress
from tutor.errors import TutorError, UsageError
from tutor.i18n import message, render, session_language
from tutor.lesson.packs import load_every_lesson
from tutor.player.course_map import course_map

if TYPE_CHECKING:
    from tutor.lesson.catalog import Catalog
    from tutor.lesson.model import Lesson
    from tutor.player.course_map import MapEntry
    from tutor.store.model import LessonProgress


def list_lessons(_: Namespace) -> int:
    """Print one lesson a line: id, state, title."""
    entries = map_entries(our_catalog(), kept_progress())
    print_table([(e.lesson.id, render(e.state_words), render(e.lesson.title)) for e in entries])
    return 0


def our_catalog() -> Catalog:
    """Return the lessons; say on stderr what was left out of them."""
    catalog = load_every_lesson().in_language(session_language())
    for problem in catalog.left_out:
        say(message("left out: {problem}", problem=problem))
    for problem in catalog.untranslated:
        say(message("shown in English: {problem}", problem=problem))
    return catalog


def find_lesson(catalog: Catalog, name: str) -> Lesson:
    """Return the lesson that is called so.

    Raises:
        UsageError: None is, or several are.
    """
    try:
        return catalog.lesson(name)
    except TutorError as error:
        raise UsageError(error.text) from error


def map_entries(catalog: Catalog, progress: Mapping[str, LessonProgress]) -> tuple[MapEntry, ...]:
    """Return the lessons with the learner's state in each."""
    return course_map(catalog, progress).entries
