"""The author's linter: proves that lessons work, and says all that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.authoring.glossary_rules import glossary_problems
from tutor.authoring.lesson_rules import check_lesson
from tutor.authoring.rules import check_step
from tutor.authoring.rules.code import running_programs
from tutor.authoring.rules.translations import check_translation
from tutor.authoring.translations import lesson_file, orphans, translations_of
from tutor.i18n import message
from tutor.lesson.catalog import (
    GLOSSARY_FILE,
    find_lesson_folders,
    lesson_files,
    taken_id,
    wrong_folder,
)
from tutor.lesson.loader import LessonSource, load_source
from tutor.lesson.problem import LessonError, Problem, sort_problems
from tutor.lesson.requirements import order_by_requirements


@dataclass(frozen=True)
class Report:
    """What the linter found, and in how much."""

    problems: tuple[Problem, ...]
    """By file and line."""
    lessons: int
    steps: int
    """Of the lessons that could be read."""
    translations: int = 0
    """That could be read."""


def check_paths(paths: Iterable[Path]) -> tuple[Problem, ...]:
    """Return every problem of the lessons at `paths`: files, courses, or folders of courses."""
    return inspect(paths).problems


def inspect(paths: Iterable[Path]) -> Report:
    """Return what the linter finds in the lessons at `paths`."""
    problems: list[Problem] = []
    paths = tuple(paths)
    files, of_course = _files((p for p in paths if p.name != GLOSSARY_FILE), problems)
    sources = list(_read(files, problems))
    with running_programs(sources) as found_by_running:
        for source in sources:
            problems.extend(_problems_of(source))
        problems.extend(_course_problems(sources, of_course))
        for path in paths:
            problems.extend(glossary_problems(path))
        for folder in dict.fromkeys(file.parent for file in files if file in of_course):
            problems.extend(orphans(folder))
        translations = list(translations_of(files, sources, problems))
        for source, translation in translations:
            problems.extend(check_translation(source.lesson, translation))
        problems.extend(found_by_running)
    steps = sum(len(source.lesson.steps) for source in sources)
    return Report(sort_problems(problems), len(sources), steps, len(translations))


def _files(paths: Iterable[Path], problems: list[Problem]) -> tuple[list[Path], set[Path]]:
    """Return the lesson files at the paths, each once, and which of them a folder brought.

    A file named alone may be a draft outside any course. Paths without a lesson are noted.
    """
    found: dict[Path, None] = {}
    of_course: set[Path] = set()
    for path in paths:
        files = [lesson_file(path)] if path.is_file() else _files_in(path)
        found.update(dict.fromkeys(files))
        of_course.update(files if path.is_dir() else ())
        if not files:
            what = message("holds no lesson") if path.exists() else message("does not exist")
            mend = message("name a lesson file (.yaml) or a folder of lessons")
            problems.append(Problem(str(path), None, "", what, mend))
    return list(found), of_course


def _files_in(folder: Path) -> list[Path]:
    """Return the lesson files of a course, or of every course in a folder."""
    if not folder.is_dir():
        return []
    courses = sorted(path for path in folder.iterdir() if path.is_dir())
    return [file for course in (folder, *courses) for file in lesson_files(course)]


def _read(files: Iterable[Path], problems: list[Problem]) -> Iterator[LessonSource]:
    for file in files:
        try:
            yield load_source(file)
        except LessonError as error:
            problems.extend(error.problems)


def _problems_of(source: LessonSource) -> Iterator[Problem]:
    """Yield what is wrong with one lesson that can be read."""
    yield from check_lesson(source)
    for path, step in source.steps():
        for where, what, mend in check_step(step, path):
            yield source.problem(where, what, mend)


def _course_problems(sources: list[LessonSource], of_course: set[Path]) -> Iterator[Problem]:
    """Yield the problems of the lessons among the others of their courses."""
    by_folder: dict[Path, list[LessonSource]] = {}
    for source in sources:
        by_folder.setdefault(Path(source.file).absolute().parent, []).append(source)
    for folder, given in by_folder.items():
        read = {Path(source.file).absolute() for source in given}
        beside = list(_read((f for f in lesson_files(folder) if f not in read), []))
        for number, source in enumerate(given):
            is_draft = wrong_folder(source) is not None and Path(source.file) not in of_course
            others = given[:number] if is_draft else [*beside, *given[:number]]
            fault = taken_id(source, others) or (None if is_draft else wrong_folder(source))
            if fault is not None:
                yield fault
        yield from _unmet(given, beside)


def _unmet(given: list[LessonSource], beside: list[LessonSource]) -> Iterator[Problem]:
    """Yield what the given lessons require in vain, of their course or of the project's own."""
    known = {source.lesson.id for source in (*given, *beside)}
    read = {Path(source.file).absolute() for source in (*given, *beside)}
    own = (
        file
        for folder in find_lesson_folders()
        for file in _files_in(folder)
        if file.absolute() not in read
    )
    others = [source for source in _read(own, []) if source.lesson.id not in known]
    _, unmet = order_by_requirements([*others, *beside, *given])
    files = {source.file for source in given}
    yield from (problem for problem in unmet if problem.file in files)
