"""The author's linter: proves that lessons work, and says all that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from tutor.authoring.glossary_rules import glossary_problems
from tutor.authoring.lesson_rules import check_lesson, cut_texts
from tutor.authoring.proved import Proved, is_long
from tutor.authoring.rules import check_step, experiment_faults
from tutor.authoring.rules.code import running_programs
from tutor.authoring.rules.facts import Facts, facts_of
from tutor.authoring.rules.proofs import unproved
from tutor.authoring.rules.statements import check_statements
from tutor.authoring.rules.translations import check_translation
from tutor.authoring.translations import lesson_file, orphans, translations_of
from tutor.i18n import message
from tutor.lesson.catalog import order_by_requirements, taken_id, wrong_folder
from tutor.lesson.folders import (
    GLOSSARY_FILE,
    courses_in,
    every_lesson_folder,
    lesson_files,
    read_file,
    wrong_ending,
)
from tutor.lesson.loader import LessonSource, SoundSteps, examine, load_source
from tutor.lesson.problem import LessonError, Problem, sort_problems


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
    warnings: tuple[Problem, ...] = ()
    """What a lesson can be taught with, by file and line."""
    waiting: int = 0
    """Steps whose proof takes long, and was not asked for."""


def check_paths(paths: Iterable[Path]) -> tuple[Problem, ...]:
    """Return every problem of the lessons at `paths`: files, courses, or folders of courses."""
    return inspect(paths).problems


def inspect(paths: Iterable[Path], proved: Proved | None = None) -> Report:
    """Return what the linter finds in the lessons at `paths`; `proved` is what need not be run."""
    problems: list[Problem] = []
    proved = proved or Proved()
    paths = tuple(paths)
    files, of_course = _files((p for p in paths if p.name != GLOSSARY_FILE), problems)
    sources = list(_read(files, problems))
    facts = {source.file: _facts(source) for source in sources}
    due = {(source.file, path): step for source in sources
           for path, step in source.steps()
           if proved.is_due(step) and path in facts[source.file]}  # fmt: skip
    with running_programs(sources, due) as found_by_running:
        for source in sources:
            problems.extend(check_lesson(source))
            problems.extend(_step_problems(source, facts[source.file], due))
        problems.extend(_course_problems(sources, of_course))
        for path in paths:
            problems.extend(glossary_problems(path))
        for folder in dict.fromkeys(file.parent for file in files if file in of_course):
            problems.extend(orphans(folder))
        translations = list(translations_of(files, sources, problems))
        for source, translation in translations:
            read_only = [path for path, _ in source.steps() if (source.file, path) not in due]
            found = check_translation(source.lesson, translation, facts[source.file], read_only)
            problems.extend(found)
            every_line = set(translation.lines.values())
            problems.extend(cut_texts(translation.file, translation.text, every_line))
        problems.extend(found_by_running)
    at_fault = {(each.file, each.key_path.partition("]")[0] + "]") for each in problems}
    proved.keep(step for place, step in due.items() if place not in at_fault)
    steps = sum(len(source.lesson.steps) for source in sources)
    return Report(
        sort_problems({str(each): each for each in problems}.values()),
        len(sources),
        steps,
        len(translations),
        sort_problems(each for source in sources for each in _warnings(source, facts[source.file])),
        proved.waiting,
    )


def _files(paths: Iterable[Path], problems: list[Problem]) -> tuple[list[Path], set[Path]]:
    """Return the lesson files at the paths, each once, and which of them a folder brought.

    A file named alone may be a draft outside any course. Paths without a lesson are noted.
    """
    found: dict[Path, None] = {}
    of_course: set[Path] = set()
    for path in paths:
        if path.suffix == ".yml":
            problems.append(wrong_ending(path))
        noted = len(problems)
        files = _files_in(path, problems) if path.is_dir() else [lesson_file(path)]
        found.update(dict.fromkeys(file for file in files if file.exists()))
        of_course.update(files if path.is_dir() else ())
        if len(problems) == noted and not any(file.exists() for file in files):
            what = message("holds no lesson") if path.exists() else message("does not exist")
            mend = message("name a lesson file (.yaml) or a folder of lessons")
            problems.append(Problem(str(path), None, "", what, mend))
    return list(found), of_course


def _files_in(folder: Path, problems: list[Problem]) -> list[Path]:
    """Return the lesson files of a course, or of every course in a folder."""
    return [
        file for course in courses_in(folder, problems) for file in lesson_files(course, problems)
    ]


def _read(files: Iterable[Path], problems: list[Problem]) -> Iterator[LessonSource]:
    """Yield the lessons that can be read; of the others, note all that is wrong with them.

    A step that is whole is checked beside another that is not, so that an author mends all at once.
    """
    for file in files:
        try:
            found, faults = examine(read_file(file), str(file))
        except LessonError as error:
            problems.extend(error.problems)
            continue
        problems.extend(faults)
        if isinstance(found, LessonSource):
            yield found
        else:
            problems.extend(_step_problems(found, _facts(found)))


def _good(files: Iterable[Path]) -> list[LessonSource]:
    """Return the lessons among files that nobody asked about."""
    found = []
    for file in files:
        with suppress(LessonError, OSError):
            state = file.stat()
            found.append(_as_it_stands(file, (state.st_ino, state.st_mtime_ns, state.st_size)))
    return found


@lru_cache(maxsize=128)
def _as_it_stands(file: Path, _state: tuple[int, ...]) -> LessonSource:
    """Read a lesson once while it stays as it is: who previews another checks it at each save."""
    return load_source(file)


def _facts(source: LessonSource | SoundSteps) -> dict[str, Facts]:
    """Return the numbers of each step, by its path; none of one whose experiment cannot be run."""
    return {path: facts_of(step) for path, step in source.steps()
            if not experiment_faults(step, path)}  # fmt: skip


def _step_problems(
    source: LessonSource | SoundSteps,
    facts: Mapping[str, Facts],
    due: Container[tuple[str, str]] | None = None,
) -> Iterator[Problem]:
    """Yield what is wrong with each step, and with what the steps say."""
    for path, step in source.steps():
        is_due = not is_long(step) if due is None else (source.file, path) in due
        for fault in check_step(step, path, runs=is_due):
            yield source.problem(*fault)
    for fault in check_statements(source.steps(), facts):
        yield source.problem(*fault)


def _warnings(source: LessonSource, sound: Container[str]) -> Iterator[Problem]:
    """Yield what nothing proves in a lesson, of the steps that can be run."""
    for path, step in source.steps():
        for fault in unproved(step, path) if path in sound else ():
            yield replace(source.problem(*fault), is_warning=True)


def _course_problems(sources: list[LessonSource], of_course: set[Path]) -> Iterator[Problem]:
    """Yield the problems of the lessons among the others of their courses, and among all others."""
    by_folder: dict[Path, list[LessonSource]] = {}
    for source in sources:
        by_folder.setdefault(Path(source.file).absolute().parent, []).append(source)
    shown = _shown_elsewhere(by_folder)
    for folder, given in by_folder.items():
        read = {Path(source.file).absolute() for source in given}
        beside = _good(f for f in lesson_files(folder) if f not in read)
        for number, source in enumerate(given):
            is_draft = wrong_folder(source) is not None and Path(source.file) not in of_course
            taken = (each for each in shown if each.text != source.text)
            others = given[:number] if is_draft else [*beside, *given[:number], *taken]
            fault = taken_id(source, others) or (None if is_draft else wrong_folder(source))
            if fault is not None:
                yield fault
        yield from _unmet(given, [*beside, *sources, *shown])


def _shown_elsewhere(folders: Iterable[Path]) -> list[LessonSource]:
    """Return the lessons that the program shows from other folders than these: they take ids."""
    files = (file for place in every_lesson_folder([]) for file in _files_in(place, []))
    return _good(file for file in files if file.absolute().parent not in folders)


def _unmet(given: list[LessonSource], others: list[LessonSource]) -> Iterator[Problem]:
    """Yield what the given lessons require in vain, of all that may stand beside them."""
    known = {source.lesson.id: source for source in [*others, *given]}
    missing = {name for source in given for name in source.lesson.requires if name not in known}
    places = {Path(source.file).absolute().parent.parent for source in given}
    courses = [place / name.partition("/")[0] for place in places for name in sorted(missing)]
    beside = (file for course in courses if course.is_dir() for file in lesson_files(course))
    known |= {source.lesson.id: source for source in _good(beside)}
    _, unmet = order_by_requirements(known.values())
    files = {source.file for source in given}
    yield from (problem for problem in unmet if problem.file in files)
