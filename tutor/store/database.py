"""Reads and writes the tables through one SQLAlchemy engine."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from itertools import groupby
from typing import Final, TypeAlias, cast

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    Table,
    Text,
    delete,
    event,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.sql import ColumnElement

from tutor.store.exchange import Records
from tutor.store.model import (
    EPOCH,
    IN_REVIEW,
    NEVER,
    Attempt,
    Entry,
    LessonProgress,
    Reset,
    ResumePoint,
    values_of,
)
from tutor.store.schema import RESET, journal, resume_points

Values: TypeAlias = dict[str, object]
"""A row to write, by its columns."""

READING: Final = {"begin": "BEGIN"}
"""Execution options of a transaction that only reads: it takes no write lock."""

_IS_RESET: Final = journal.c.kind == literal(RESET, literal_execute=True)
"""Written out in the statement, so that a database knows an index of the resets alone for one."""

_BEFORE_ALL: Final = -(2**63)
"""No number of a row is less."""

_ATTEMPT_COLUMNS: Final = [journal.c[name] for name in Attempt.__dataclass_fields__]
_JOURNAL_COLUMNS: Final = [column.name for column in _ATTEMPT_COLUMNS]
_POINT_COLUMNS: Final = [resume_points.c[name] for name in ResumePoint.__dataclass_fields__]


def make_ours(engine: Engine, cache_kib: int, text: Callable[[bytes], str] | None = None) -> None:
    """Let SQLite's connections begin transactions as `READING` says, or as writers.

    SQLite's own 2 MB of cache hold no 100,000 answers, nor a class: rows by lesson lie all over the
    file, and each page would be read again and again. The cache takes no more than the file has.
    """

    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        if text is not None:
            connection.text_factory = text
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = {-cache_kib}")

    def on_begin(connection: Connection) -> None:
        begin = connection.get_execution_options().get("begin", "BEGIN IMMEDIATE")
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


class Database:
    """One open database. Every method is one transaction; errors are SQLAlchemy's."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reader = engine.execution_options(**READING)

    def write(self, entries: Iterable[Entry]) -> None:
        """Add the entries, in order: all of them or none.

        The iterable is taken while nobody else can write.
        """
        with self.writing() as connection:
            write_entries(connection, entries)

    def writing(self) -> AbstractContextManager[Connection]:
        """Begin a transaction in which nobody else can write."""
        return self.engine.begin()

    def replace(self, learner: str, records: Records) -> None:
        """Keep of the learner these records and nothing else."""
        with self.engine.begin() as connection:
            for table in (journal, resume_points):
                connection.execute(delete(table).where(table.c.learner == learner))
            write_entries(connection, records.resets)
            write_entries(connection, records.attempts)
            write_entries(connection, reversed(records.points))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever written."""
        with self._reader.begin() as connection:
            return not any(
                connection.execute(select(literal(1)).select_from(table).limit(1)).first()
                for table in (journal, resume_points)
            )

    def untimed(self) -> int:
        """Return how many rows have a time that cannot have been."""
        with self._reader.begin() as connection:
            return sum(
                connection.execute(
                    select(func.count())
                    .select_from(table)
                    .where(
                        or_(
                            table.c.at < EPOCH,
                            table.c.at >= NEVER,
                            type_coerce(table.c.at, Text).not_like("____-__-__T__:__:%"),
                        )
                    )
                ).scalar_one()
                for table in (journal, resume_points)
            )

    def resume_points(self, learner: str, lesson: str | None = None) -> list[ResumePoint]:
        """Return the points that count, the newest first."""
        query = counting_points(learner, lesson).with_only_columns(*_POINT_COLUMNS)
        query = query.order_by(resume_points.c.at.desc(), resume_points.c.journal_id.desc())
        with self._reader.begin() as connection:
            return [_resume_point(row) for row in connection.execute(query)]

    def attempts(self, learner: str, lesson: str | None = None) -> list[Attempt]:
        """Return the attempts that count, the oldest first."""
        query = _counting_attempts(learner, lesson).with_only_columns(*_ATTEMPT_COLUMNS)
        with self._reader.begin() as connection:
            rows = connection.execute(query.order_by(journal.c.id))
            return [Attempt(**dict(zip(_JOURNAL_COLUMNS, row, strict=True))) for row in rows]

    def resets(self, learner: str) -> list[Reset]:
        """Return the learner's resets, the oldest first."""
        query = (
            select(journal.c.learner, journal.c.lesson, journal.c.at)
            .where(journal.c.learner == learner, _IS_RESET)
            .order_by(journal.c.id + 0)  # else all rows are read, in their order, to find these
        )
        with self._reader.begin() as connection:
            return [Reset(**row._mapping) for row in connection.execute(query)]

    def records(self, learner: str) -> Records:
        """Return all that counts of a learner."""
        return Records(
            tuple(self.attempts(learner)),
            tuple(self.resume_points(learner)),
            tuple(self.resets(learner)),
        )

    def lesson_progress(self, learner: str) -> dict[str, LessonProgress]:
        """Return each lesson that was begun since its last reset."""
        points = {point.lesson: point for point in self.resume_points(learner)}
        met = self._misconceptions_by_lesson(learner)
        if not met.keys() <= points.keys():
            points = self._last_answers(learner) | points
        return {
            lesson: _progress(point, met.get(lesson, {}))
            for lesson, point in sorted(points.items())
        }

    def _misconceptions_by_lesson(self, learner: str) -> dict[str, dict[str | None, int]]:
        """Count the answers by misconception; a skipped step was not answered.

        In proportion to the rows, which are read as they lie: to group them SQLite would sort all.
        """
        query = _counting_in_lessons(learner).with_only_columns(
            journal.c.lesson, journal.c.misconception, journal.c.correct.is_not(None)
        )
        with self._reader.begin() as connection:
            counted = Counter(map(tuple, connection.execute(query.order_by(journal.c.id))))
        found: dict[str, dict[str | None, int]] = {}
        for (lesson, misconception, is_answered), count in counted.items():
            met = found.setdefault(lesson, {})
            met[misconception] = met.get(misconception, 0) + count * is_answered
        return found

    def _last_answers(self, learner: str) -> dict[str, ResumePoint]:
        """Return where each lesson was answered last: all that is known where points are lost."""
        last = _counting_in_lessons(learner).with_only_columns(func.max(journal.c.id))
        query = select(journal.c.lesson, journal.c.step, journal.c.at).where(
            journal.c.id.in_(last.group_by(journal.c.lesson))
        )
        with self._reader.begin() as connection:
            return {
                row.lesson: ResumePoint(
                    learner=learner, completed=0, total=0, done=False, **row._mapping
                )
                for row in connection.execute(query)
            }

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()


def write_entries(
    connection: Connection,
    entries: Iterable[Entry],
    storable: Callable[[Values], Values] | None = None,
) -> None:
    """Add the entries, in order; `storable` returns values as the database can keep them."""
    storable = storable or encodable
    for is_point, group in groupby(entries, lambda entry: isinstance(entry, ResumePoint)):
        if not is_point:  # all at once: a course that is brought in has thousands
            connection.execute(insert(journal), [storable(_journal_row(each)) for each in group])
            continue
        for point in group:
            _write_resume_point(connection, cast(ResumePoint, point), storable)


def _journal_row(entry: Entry) -> Values:
    values = values_of(entry) | ({"kind": RESET} if isinstance(entry, Reset) else {})
    return {name: values.get(name) for name in _JOURNAL_COLUMNS}


def encodable(values: Values) -> Values:
    """Return the values with a question mark for each half of a surrogate pair in a text."""
    return {
        key: each.encode("utf-8", "replace").decode() if isinstance(each, str) else each
        for key, each in values.items()
    }


def _write_resume_point(
    connection: Connection, point: ResumePoint, storable: Callable[[Values], Values]
) -> None:
    values = values_of(point)
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


def counting_points(learner: str, lesson: str | None = None) -> Select[tuple[object, ...]]:
    """Return the query for the resume points that no later reset made void."""
    return _counting(resume_points, resume_points.c.journal_id, learner, lesson)


def _counting(
    table: Table, position: ColumnElement[int], learner: str, lesson: str | None
) -> Select[tuple[object, ...]]:
    """Rows of `table` that no reset after their `position` in the journal made void.

    The last reset of each lesson is looked for once and each row compared with it, so this takes
    time in proportion to the rows, whichever index the database takes.
    """
    resets = (
        select(journal.c.lesson, func.max(journal.c.id).label("id"))
        .where(journal.c.learner == learner, _IS_RESET)
        .group_by(journal.c.lesson)
    )
    if lesson is not None:
        resets = resets.where(or_(journal.c.lesson == lesson, journal.c.lesson.is_(None)))
    last = resets.cte("last_resets")
    of_all = select(last.c.id).where(last.c.lesson.is_(None)).scalar_subquery()
    query = (
        select(table)
        .select_from(table.outerjoin(last, last.c.lesson == table.c.lesson))
        .where(table.c.learner == learner)
        .where(
            position >= func.coalesce(last.c.id, _BEFORE_ALL),
            position >= func.coalesce(of_all, _BEFORE_ALL),
        )
    )
    return query if lesson is None else query.where(table.c.lesson == lesson)


def _counting_attempts(learner: str, lesson: str | None = None) -> Select[tuple[object, ...]]:
    return _counting(journal, journal.c.id, learner, lesson).where(~_IS_RESET)


def _counting_in_lessons(learner: str) -> Select[tuple[object, ...]]:
    """The attempts without those of reviews, which leave a lesson where it was."""
    return _counting_attempts(learner).where(~journal.c.kind.startswith(IN_REVIEW))


def _resume_point(row: Row[tuple[object, ...]]) -> ResumePoint:
    values = dict(row._mapping)
    return ResumePoint(**(values | {"state": json_object(values["state"])}))


def json_object(text: str) -> Mapping[str, object]:
    """Return the object that a column keeps, empty where damage made it unreadable."""
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
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
