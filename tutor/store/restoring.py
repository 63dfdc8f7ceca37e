"""Goes back to a backup of the learner's progress: all of it happens, or nothing."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tutor.errors import TutorError
from tutor.i18n import message
from tutor.store.backups import Backup, connected, copy_of, free_name, reason_of
from tutor.store.opening import open_store
from tutor.store.schema import journal, resume_points
from tutor.store.sqlite_file import ProgressFile


def restore(database: Path, backup: Backup, now: datetime) -> Path | None:
    """Let a learner's progress be what the backup holds; return where today's is kept (or None).

    Tutors that run go on from there. All of it happens or nothing.

    Raises:
        TutorError: The backup or today's file cannot be used; nothing was changed.
    """
    try:
        with TemporaryDirectory(prefix="restore-", dir=database.parent) as folder:
            _check_backup(backup.file)
            copy = Path(folder) / database.name
            shutil.copyfile(backup.file, copy)
            for each in (copy, database):
                _bring_up_to_date(each)
            return _put_back(copy, database, now)
    except (sqlite3.Error, OSError) as error:
        what = message(
            "{backup} could not be brought back ({reason}): nothing was changed",
            backup=str(backup.file), reason=reason_of(error),
        )  # fmt: skip
        raise TutorError(what) from error


def _put_back(copy: Path, database: Path, now: datetime) -> Path | None:
    aside = free_name(database, "before-restore", now)
    with connected(database) as connection:
        connection.execute("ATTACH ? AS backup", [str(copy)])
        connection.execute("BEGIN IMMEDIATE")  # nobody writes what would be in neither file
        is_kept = copy_of(database, aside)
        for table in (journal, resume_points):
            columns = ", ".join(column.name for column in table.columns)
            connection.execute(f"DELETE FROM main.{table.name}")  # noqa: S608 - our own names
            connection.execute(
                f"INSERT INTO main.{table.name} ({columns}) "  # noqa: S608 - our own names
                f"SELECT {columns} FROM backup.{table.name}"
            )
        connection.execute("COMMIT")
    return aside if is_kept else None


def _check_backup(file: Path) -> None:
    """Raise a TutorError where the backup is damaged or of a newer Nabla: none is mended."""
    ProgressFile(file).look()


def _bring_up_to_date(file: Path) -> None:
    store = open_store(file).store
    store.close()
    if store.trouble is not None:
        raise TutorError(store.trouble)
