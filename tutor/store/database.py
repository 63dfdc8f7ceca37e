"""Reads and writes the tables through one SQLAlchemy engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Final, TypeAlias

from sqlalchemy import (
    Connection,
    Engine,
    FromClause,
    Row,
    Select,
    Table,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql import ColumnElement

from tutor.store.merging import Records
from tutor.store.model import IN_REVIEW, Attempt, Entry, LessonProgress, Reset, ResumePoint
from tutor.store.schema import RESET, journal, resume_points

Values: TypeAlias = dict[str, object]
"""A row to write, by its columns."""

READING: Final = {"begin": "BEGIN"}
"""Execution options of a transaction that only reads: it takes no write lock."""

_ATTEMPT_COLUMNS: Final = [journal.c[name] for name in Attempt.__dataclass_fields__]
_JOURNAL_COLUMNS: Final = [column.name for column in _ATTEMPT_COLUMNS]
_POINT_COLUMNS: Final = [resume_points.c[name] for name in ResumePoint.__dataclass_fields__]


class Database:
    """One open database. Every method is one transaction; errors are SQLAlchemy's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**READING)

    def write(self, entries: Iterable[Entry]) -> None:
        """Add the entries, in order: all of them or none.

        The iterable is taken while nobody else can write.
        """
        with self._engine.begin() as connection:
            for entry in entries:
                write_entry(connection, entry)

    def replace(self, learner: str, records: Records) -> None:
        """Keep of the learner these records and nothing else."""
        added = [
            *(asdict(reset) | {"kind": RESET} for reset in records.resets),
            *map(asdict, records.attempts),
        ]
        with self._engine.begin() as connection:
            for table in (journal, resume_points):
                connection.execute(delete(table).where(table.c.learner == learner))
            if added:
                columns = [{name: row.get(name) for name in _JOURNAL_COLUMNS} for row in added]
                connection.execute(insert(journal), columns)
            for point in reversed(records.points):
                write_entry(connection, point)

    def resume_points(self, learner: str, lesson: str | None = None) -> list[ResumePoint]:
        """Return the points that count, the newest first."""
        query = _counting(resume_points, resume_points.c.journal_id, learner, lesson)
        query = query.with_only_columns(*_POINT_COLUMNS).order_by(
            resume_points.c.at.desc(), resume_points.c.journal_id.desc()
        )
        with self._reader.begin() as connection:
            return [_resume_point(row) for row in connection.execute(query)]

    def attempts(self, learner: str, lesson: str | None = None) -> list[Attempt]:
        """Return the attempts that count, the oldest first."""
        query = _counting_attempts(learner, lesson).with_only_columns(*_ATTEMPT_COLUMNS)
        with self._reader.begin() as connection:
            rows = connection.execute(query.order_by(journal.c.id))
            return [Attempt(**row._mapping) for row in rows]

    def resets(self, learner: str) -> list[Reset]:
        """Return the learner's resets, the oldest first."""
        query = (
            select(journal.c.learner, journal.c.lesson, journal.c.at)
            .where(journal.c.learner == learner, journal.c.kind == RESET)
            .order_by(journal.c.id)
        )
        with self._reader.begin() as connection:
            return [Reset(**row._mapping) for row in connection.execute(query)]

    def lesson_progress(self, learner: str) -> dict[str, LessonProgress]:
        """Return each lesson that was begun since its last reset."""
        points = {point.lesson: point for point in self.resume_points(learner)}
        met = self._misconceptions_by_lesson(learner)
        return {
            lesson: _progress(points.get(lesson) or self._lost_point(learner, lesson), counts)
            for lesson in sorted(points.keys() | met.keys())
            for counts in [met.get(lesson, {})]
        }

    def _misconceptions_by_lesson(self, learner: str) -> dict[str, dict[str | None, int]]:
        """Count the answers by misconception; a skipped step was not answered."""
        query = (
            _counting_attempts(learner)
            .with_only_columns(
                journal.c.lesson, journal.c.misconception, func.count(journal.c.correct)
            )
            .where(~journal.c.kind.startswith(IN_REVIEW))
            .group_by(journal.c.lesson, journal.c.misconception)
        )
        found: dict[str, dict[str | None, int]] = {}
        with self._reader.begin() as connection:
            for lesson, misconception, count in connection.execute(query):
                found.setdefault(lesson, {})[misconception] = count
        return found

    def _lost_point(self, learner: str, lesson: str) -> ResumePoint:
        own = [each for each in self.attempts(learner, lesson) if not each.in_review]
        last = own[-1]
        return ResumePoint(
            learner=learner, lesson=lesson, step=last.step,
            completed=0, total=0, done=False, at=last.at,
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def write_entry(
    connection: Connection, entry: Entry, storable: Callable[[Values], Values] | None = None
) -> None:
    """Add the entry; `storable` returns its values as the database can keep them."""
    storable = storable or encodable
    match entry:
        case Attempt():
            connection.execute(insert(journal).values(storable(asdict(entry))))
        case Reset():
            connection.execute(insert(journal).values(storable(asdict(entry)) | {"kind": RESET}))
        case ResumePoint():
            _write_resume_point(connection, entry, storable)


def encodable(values: Values) -> Values:
    """Return the values with a question mark for each half of a surrogate pair in a text."""
    return {
        key: each.encode("utf-8", "replace").decode() if isinstance(each, str) else each
        for key, each in values.items()
    }


def _write_resume_point(
    connection: Connection, point: ResumePoint, storable: Callable[[Values], Values]
) -> None:
    values = {name: getattr(point, name) for name in ResumePoint.__dataclass_fields__}
    values["state"] = json.dumps(dict(point.state), ensure_ascii=False)
    values = storable(values)
    newest = select(func.coalesce(func.max(journal.c.id), 0)).scalar_subquery()
    values["journal_id"] = newest
    changed = connection.execute(
        update(resume_points)
        .where(resume_points.c.learner == values["learner"])
        .where(resume_points.c.lesson == values["lesson"])
        .values(values)
    )
    if changed.rowcount == 0:
        connection.execute(insert(resume_points).values(values))


def _counting(
    table: Table, position: ColumnElement[int], learner: str, lesson: str | None
) -> Select[tuple[object, ...]]:
    """Rows of `table` that no reset after their `position` in the journal made void."""
    resets: FromClause = journal.alias("resets")
    void = exists().where(
        resets.c.kind == RESET,
        resets.c.learner == table.c.learner,
        or_(resets.c.lesson == table.c.lesson, resets.c.lesson.is_(None)),
        resets.c.id > position,
    )
    query = select(table).where(table.c.learner == learner, ~void)
    return query if lesson is None else query.where(table.c.lesson == lesson)


def _counting_attempts(learner: str, lesson: str | None = None) -> Select[tuple[object, ...]]:
    query = _counting(journal, journal.c.id, learner, lesson)
    return query.where(journal.c.kind != RESET)


def _resume_point(row: Row[tuple[object, ...]]) -> ResumePoint:
    values = dict(row._mapping)
    return ResumePoint(**(values | {"state": json_object(values["state"])}))


def json_object(text: str) -> Mapping[str, object]:
    """Return the object that a column keeps, empty where damage made it unreadable."""
    try:
        kept = json.loads(text)
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _progress(point: ResumePoint, counts: Mapping[str | None, int]) -> LessonProgress:
    return LessonProgress(
        lesson=point.lesson,
        step=point.step,
        completed=point.completed,
        total=point.total,
        done=point.done,
        at=point.at,
        attempts=sum(counts.values()),
        misconceptions={name: count for name, count in counts.items() if name is not None},
    )
