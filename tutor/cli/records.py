"""How the commands read the learner's progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tutor.cli.output import say
from tutor.store.backups import backups_of
from tutor.store.data_folder import progress_file
from tutor.store.model import LOCAL_LEARNER
from tutor.store.opening import open_in_memory, open_store

if TYPE_CHECKING:
    from tutor.store.model import LessonProgress
    from tutor.store.progress_store import ProgressStore


def kept_progress() -> Mapping[str, LessonProgress]:
    """Return what the learner did; a look at it makes no file."""
    if not _has_records():  # without opening a database: `list` is quick
        _say_what_is_lost()
        return {}
    store = open_records()
    begun = begun_lessons(store)
    store.close()
    return begun


def kept_records() -> ProgressStore:
    """Return the open store for a look, which makes no file: an empty one where there is none."""
    if _has_records():
        return open_records()
    _say_what_is_lost()
    return open_in_memory()


def _has_records() -> bool:
    try:
        file = progress_file()
        file.parent.stat()  # from Python 3.13 on, `glob` passes over what keeps it from looking
        own = f"{file.name}*", f"{file.stem}.waiting-*"
        return any(any(file.parent.glob(each)) for each in own)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # said when it is opened
        return True


def _say_what_is_lost() -> None:
    """Say that there are backups of a file that is not there."""
    if backups_of(progress_file()):
        from tutor.store.sqlite_file import ProgressFile  # noqa: PLC0415 - imports the library

        say(ProgressFile(progress_file()).what_is_lost() or "")


def begun_lessons(store: ProgressStore) -> Mapping[str, LessonProgress]:
    """Return the progress of the one who learns at this computer."""
    return store.lesson_progress(LOCAL_LEARNER)


def open_records() -> ProgressStore:
    """Return the open store; say on stderr what is the matter with its file."""
    opening = open_store()
    if opening.notice is not None:
        say(opening.notice)
    return opening.store
