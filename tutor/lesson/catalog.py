"""Finds the lessons, orders them so that each comes after what it requires.

A bad lesson never keeps the tutor from starting: it is left out, and the catalog says why.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tutor.errors import TutorError
from tutor.i18n import ENGLISH, Message, message
from tutor.lesson.folders import (
    every_lesson_file,
    every_lesson_folder,
    number_of,
    translation_file,
)
from tutor.lesson.heads import LessonHead, by_course, in_order
from tutor.lesson.loader import LessonSource, load_source
from tutor.lesson.model import Course, Identifier, Lesson, LessonId
from tutor.lesson.problem import LessonError, Problem, mend_by_nearest, sort_problems
from tutor.lesson.scalars import IDENTIFIER
from tutor.lesson.translation import load_translation, translated
from tutor.typed import nearest


@dataclass(frozen=True)
class Catalog:
    """The courses that can be taken, and what was left out of them."""

    courses: tuple[Course, ...]
    left_out: tuple[Problem, ...] = ()
    numbers: Mapping[LessonId, int] = field(default_factory=dict)
    """The number that each lesson's file name starts with."""
    files: Mapping[LessonId, Path] = field(default_factory=dict, repr=False)
    """Where each lesson stands; its translations stand beside it."""
    language: str = ENGLISH
    untranslated: tuple[Problem, ...] = ()
    """Why lessons are shown in English in spite of the language."""
    english: Catalog | None = field(default=None, repr=False)
    """The same lessons as their authors wrote them; None where these are they."""

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons, course by course, in the order to take them."""
        return tuple(lesson for course in self.courses for lesson in course.lessons)

    @property
    def heads(self) -> tuple[LessonHead, ...]:
        """What the map shows of the lessons."""
        return tuple(
            LessonHead(
                id=lesson.id, title=lesson.title, summary=lesson.summary,
                objectives=lesson.objectives, minutes=lesson.minutes, requires=lesson.requires,
                number=self.numbers.get(lesson.id), built=tuple(step.id for step in lesson.steps),
            )
            for lesson in self.lessons
        )  # fmt: skip

    def lesson(self, name: str) -> Lesson:
        """Return the lesson called `gradients/learning-rate`, `learning-rate` or `6`.

        Raises:
            TutorError: no lesson, or more than one, is called that.
        """
        found = [lesson for lesson in self.lessons if name in self._names(lesson)]
        if len(found) == 1 or (found and name.isdecimal()):
            return found[0]  # a number is one of the first course that has it: Nabla's own
        if found:
            what = message(
                "several lessons are called {name}: write {ids}",
                name=name,
                ids=" or ".join(lesson.id for lesson in found),
            )
            raise TutorError(what)
        raise TutorError(self._no_lesson(name))

    def after(self, lesson_id: str) -> Lesson | None:
        """Return the lesson that comes next in the course of this one; None after the last."""
        for course in self.courses:
            ids: list[str] = [lesson.id for lesson in course.lessons]
            if lesson_id in ids:
                return next(iter(course.lessons[ids.index(lesson_id) + 1 :]), None)
        return None

    def in_language(self, language: str) -> Catalog:
        """Return the same lessons in another language, read anew from the files beside them.

        What no translation says stays English, and so does a lesson whose translation cannot be
        read: `untranslated` says why.
        """
        if language == self.language:
            return self
        if self.english is not None:
            return self.english.in_language(language)
        problems: list[Problem] = []
        courses = tuple(
            replace(course, lessons=tuple(self._translated(lesson, language, problems)
                                          for lesson in course.lessons))
            for course in self.courses
        )  # fmt: skip
        return replace(self, courses=courses, language=language, english=self,
                       untranslated=sort_problems(problems))  # fmt: skip

    def _translated(self, lesson: Lesson, language: str, problems: list[Problem]) -> Lesson:
        file = self.files.get(lesson.id)
        translation = None if file is None else translation_file(file, language)
        if translation is None or not translation.is_file():
            return lesson
        try:
            return translated(lesson, load_translation(translation, lesson))
        except LessonError as error:
            problems.extend(error.problems)
            return lesson

    def _names(self, lesson: Lesson) -> tuple[str, ...]:
        number = self.numbers.get(lesson.id)
        numbers = () if number is None else (str(number), f"{number:02}")
        return (lesson.id, lesson.id.partition("/")[2], *numbers)

    def _no_lesson(self, name: str) -> Message:
        names = [word for lesson in self.lessons for word in self._names(lesson)]
        match = nearest(name, names)
        if match is not None:
            return message(
                "no lesson is called {name}: did you mean {match}?", name=name, match=match
            )
        return message("no lesson is called {name}: `list` shows every lesson", name=name)


def load_catalog(folders: Iterable[Path], noted: Iterable[Problem] = ()) -> Catalog:
    """Return all good lessons of the courses in `folders`, and why others are left out.

    `noted` are problems that were found on the way to the folders.
    """
    problems: list[Problem] = list(noted)
    sources: list[LessonSource] = []
    numbers: dict[LessonId, int] = {}
    files: dict[LessonId, Path] = {}
    for path in every_lesson_file(folders, problems):
        try:
            source = load_source(path)
        except LessonError as error:
            problems.extend(error.problems)
            continue
        fault = wrong_folder(source) or taken_id(source, sources)
        if fault is not None:
            problems.append(fault)
            continue
        sources.append(source)
        files[source.lesson.id] = path
        number = number_of(path)
        if number is not None:
            numbers[source.lesson.id] = number
    ordered, unmet = order_by_requirements(sources)
    return Catalog(_courses(ordered), sort_problems([*problems, *unmet]), numbers, files)


def load_every_lesson(environment: Mapping[str, str] | None = None) -> Catalog:
    """Return the lessons of all places, Nabla's own first; what clashes or is broken is left out.

    The extra folders are those of `use_lessons`, then those that NABLA_LESSONS lists.
    """
    problems: list[Problem] = []
    return load_catalog(every_lesson_folder(problems, environment), problems)


def wrong_folder(source: LessonSource) -> Problem | None:
    """Return the problem of a lesson whose id names another course than its folder, or None."""
    course = Path(source.file).absolute().parent.name
    identity = source.lesson.id
    if identity.partition("/")[0] == course:
        return None
    what = message("{id} stands in the folder {course}", id=identity, course=course)
    if IDENTIFIER.fullmatch(course):
        return source.problem("id", what, message("start the id with {course}/", course=course))
    wanted = identity.partition("/")[0]
    mend = message("no id can name that folder: rename it, to {course} for example", course=wanted)
    return source.problem("id", what, mend)


def taken_id(source: LessonSource, others: Iterable[LessonSource]) -> Problem | None:
    """Return the problem of a lesson whose id one of `others` has, or None."""
    identity = source.lesson.id
    for other in others:
        if other.lesson.id == identity:
            what = message("{id} is already the id of {file}", id=identity, file=other.file)
            return source.problem("id", what, message("give this lesson an id of its own"))
    return None


def _courses(sources: Iterable[LessonSource]) -> tuple[Course, ...]:
    known = {source.lesson.id: source.lesson for source in sources}
    return tuple(
        Course(id=Identifier(course), lessons=tuple(known[name] for name in names))
        for course, names in by_course(known).items()
    )


def order_by_requirements(
    sources: Iterable[LessonSource],
) -> tuple[tuple[LessonSource, ...], tuple[Problem, ...]]:
    """Return the lessons that can be taken, in order, and the problems of the others.

    The given order is kept wherever requirements allow.
    """
    known = {source.lesson.id: source for source in sources}
    ordered, waiting = in_order({name: known[name].lesson.requires for name in known})
    done = set(ordered)
    unmet = tuple(_unmet(known[name], known, done) for name in waiting)
    return tuple(known[name] for name in ordered), unmet


def _unmet(
    source: LessonSource, known: Mapping[LessonId, LessonSource], done: Container[str]
) -> Problem:
    """Return why a lesson cannot be taken: an unknown requirement, a cycle, or one left out."""
    missing = [name for name in source.lesson.requires if name not in done]
    path = f"requires[{source.lesson.requires.index(missing[0]) + 1}]"
    for name in missing:
        if name not in known:
            what = message("there is no lesson {name} (or it was left out)", name=name)
            return source.problem(path, what, mend_by_nearest(name, known))
    cycle = _cycle(source.lesson.id, known, done)
    if cycle is not None:
        what = message("requires itself: {cycle}", cycle=" requires ".join(cycle))
        return source.problem(path, what, message("delete one of these requirements"))
    what = message("{name} was left out, so this lesson is too", name=missing[0])
    return source.problem(path, what, message("mend {name} first", name=missing[0]))


def _cycle(
    start: LessonId, known: Mapping[LessonId, LessonSource], done: Container[str]
) -> list[LessonId] | None:
    """Return the shortest way from a lesson over its requirements back to itself, or None."""
    ways = [[start]]
    seen: set[LessonId] = set()
    for way in ways:
        for name in known[way[-1]].lesson.requires:
            if name == start:
                return [*way, name]
            if name in known and name not in done and name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return None
