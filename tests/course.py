"""Nabla's own lessons, read once for all tests of a process: nobody can change what is read."""

from __future__ import annotations

from functools import cache

from tutor.i18n import ENGLISH
from tutor.lesson.catalog import Catalog, load_catalog
from tutor.lesson.folders import find_lesson_folders


def course(language: str = ENGLISH) -> Catalog:
    """Return the lessons of the project in a language."""
    return _course(language)


@cache
def _course(language: str) -> Catalog:
    if language != ENGLISH:
        return course().in_language(language)
    return load_catalog(find_lesson_folders())
