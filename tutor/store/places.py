"""Where a learner is in each lesson, read from the progress file without the database library.

For the map that is painted first: the store is opened behind it, and has the last word.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from tutor.store.model import ResumePoint

_POINTS: Final = """
    SELECT lesson, step, completed, total, done, at FROM resume_points
    WHERE learner = :learner AND journal_id >= coalesce((
        SELECT max(id) FROM journal
        WHERE learner = :learner AND kind = 'reset'
        AND (lesson IS NULL OR lesson = resume_points.lesson)
    ), journal_id)
"""


def read_places(file: Path, learner: str) -> Mapping[str, ResumePoint] | None:
    """Return where the learner is in each lesson that was begun; None where the store must tell.

    Nothing is changed, mended or waited for. Where anything stands beside the file (it is open, was
    not closed, answers wait to be taken in) or it cannot be read so, that is left to the store.
    """
    try:
        beside = [each.name for each in file.parent.glob(f"{file.stem}*")]
        if not beside:
            return {}
        if beside != [file.name]:
            return None
        # Immutable: no lock is taken and no file made. Were it open, `-wal` would stand beside it.
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True, timeout=0)) as connection:
            rows = connection.execute(_POINTS, {"learner": learner}).fetchall()
        return {row[0]: _point(learner, *row) for row in rows}
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return None


def _point(
    learner: str, lesson: str, step: str, completed: int, total: int, done: int, at: str
) -> ResumePoint:
    return ResumePoint(
        learner=learner, lesson=lesson, step=step, completed=completed, total=total,
        done=bool(done), at=datetime.fromisoformat(at), state={},
    )  # fmt: skip
