"""Finds the translations of the lessons that the linter checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tutor.i18n import message
from tutor.lesson.loader import LessonSource
from tutor.lesson.problem import LessonError, Problem
from tutor.lesson.translation import Translation, language_of, load_translation


def lesson_file(path: Path) -> Path:
    """Return the lesson to check where `path` is named: of a translation, the lesson beside it."""
    lesson = _translated_file(path)
    return lesson if lesson.is_file() else path


def translations_of(
    files: Iterable[Path], sources: Iterable[LessonSource], problems: list[Problem]
) -> Iterator[tuple[LessonSource, Translation]]:
    """Yield the translations of the lessons in `files`; what cannot be read is noted.

    `sources` are the lessons that could be read.
    """
    by_file = {Path(source.file): source for source in sources}
    for file in files:
        for path in _beside(file):
            if _translated_file(path) not in by_file:
                continue  # The lesson itself cannot be read, and another problem says so.
            source = by_file[_translated_file(path)]
            try:
                yield source, load_translation(path, source.lesson)
            except LessonError as error:
                problems.extend(error.problems)


def orphans(folder: Path) -> Iterator[Problem]:
    """Yield the translations in a course whose lesson is not there."""
    for path in sorted(folder.glob("*.*.yaml")):
        if not _translated_file(path).is_file():
            what = message("there is no lesson {name} beside it", name=_translated_file(path).name)
            yield Problem(str(path), None, "", what, message("name it as the lesson is named"))


def _beside(file: Path) -> list[Path]:
    """Return the translations beside a lesson, in any language."""
    return sorted(file.parent.glob(f"{file.stem}.*.yaml"))


def _translated_file(path: Path) -> Path:
    """Return the lesson that the name of a translation tells: without its language."""
    if path.name.count(".") == 1:
        return path
    return path.with_name(path.name.removesuffix(f".{language_of(path.name)}.yaml") + ".yaml")
