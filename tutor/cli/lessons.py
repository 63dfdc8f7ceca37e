"""The commands `list` and `glossary`, and how the others find a lesson."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tutor.cli.output import print_table, say
from tutor.cli.records import kept_progress
from tutor.errors import TutorError, UsageError
from tutor.i18n import Message, message, render, session_language
from tutor.lesson.catalog import load_every_lesson
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.glossary import found_terms, load_glossary
from tutor.player.course_map import course_map
from tutor.typed import nearest
from tutor.visible import print_visible

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
    return course_map(catalog.heads, progress).entries


def show_glossary(options: Namespace) -> int:
    """Print the terms that the words are part of; without words, all of them."""
    terms = load_glossary(find_lesson_folders())
    typed = " ".join(options.words)
    found = found_terms(terms, typed)
    if not found:
        raise TutorError(_nothing(typed, [name for term in terms for name in (term.term, term.zh)]))
    for number, term in enumerate(found):
        if number:
            print_visible()
        lesson = render(message("lesson {n}", n=term.lesson))
        print_visible(f"{term.term} · {term.zh} ({lesson})")
        print_visible(f"  {term.meaning}\n  {term.meaning_zh}")
    return 0


def _nothing(typed: str, names: list[str]) -> Message:
    match = nearest(typed, names)
    if match is None:
        return message("the glossary has no {word}: `nabla glossary` shows all of it", word=typed)
    return message("the glossary has no {word}: did you mean {match}?", word=typed, match=match)
