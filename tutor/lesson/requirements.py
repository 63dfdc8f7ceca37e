"""Orders lessons so that each comes after the lessons that it requires."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tutor.i18n import message
from tutor.lesson.loader import LessonSource
from tutor.lesson.model import LessonId
from tutor.lesson.problem import Problem, mend_by_nearest


def order_by_requirements(
    sources: Iterable[LessonSource],
) -> tuple[tuple[LessonSource, ...], tuple[Problem, ...]]:
    """Return the lessons that can be taken, in order, and the problems of the others.

    The given order is kept wherever requirements allow.
    """
    waiting = list(sources)
    known = {source.lesson.id: source for source in waiting}
    ordered: list[LessonSource] = []
    done: set[LessonId] = set()
    while ready := next((s for s in waiting if done.issuperset(s.lesson.requires)), None):
        ordered.append(ready)
        done.add(ready.lesson.id)
        waiting.remove(ready)
    return tuple(ordered), tuple(_unmet(source, known, done) for source in waiting)


def _unmet(
    source: LessonSource, known: Mapping[LessonId, LessonSource], done: set[LessonId]
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
    start: LessonId, known: Mapping[LessonId, LessonSource], done: set[LessonId]
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
