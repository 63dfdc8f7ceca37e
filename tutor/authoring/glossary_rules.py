"""What the linter asks of a course's glossary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tutor.lesson.folders import GLOSSARY_FILE, read_file
from tutor.lesson.glossary import read_glossary
from tutor.lesson.problem import LessonError, Problem


def glossary_problems(path: Path) -> Iterator[Problem]:
    """Yield what is wrong with the glossaries at a path: a file, a course, a folder of courses."""
    for file in _files(path):
        try:
            read_glossary(read_file(file), str(file))
        except LessonError as error:
            yield from error.problems


def _files(path: Path) -> list[Path]:
    if path.name == GLOSSARY_FILE:
        return [path]
    places = [path / GLOSSARY_FILE, *path.glob(f"*/{GLOSSARY_FILE}")] if path.is_dir() else []
    return [place for place in places if place.is_file()]
