"""How the commands read the learner's progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tutor.cli.output import say

if TYPE_CHECKING:
    from tutor.store.model import LessonProgress
    from tutor.store.progress_store import ProgressStore


def kept_progress() -> Mapping[str, LessonProgress]:
    """Return what the learner did; a look at it makes no file."""
    from tutor.store.location import progress_file  # noqa: PLC0415 - not for --help

    if not any(progress_file().parent.glob("progress.*")):
        return {}
    store = open_records()
    begun = begun_lessons(store)
    store.close()
    return begun


def begun_lessons(store: ProgressStore) -> Mapping[str, LessonProgress]:
    """Return the progress of the one who learns at this computer."""
    from tutor.store.model import LOCAL_LEARNER  # noqa: PLC0415 - not for --help

    return store.lesson_progress(LOCAL_LEARNER)


def open_records() -> ProgressStore:
    """Return the open store; say on stderr what is the matter with its file."""
    from tutor.store.opening import open_store  # noqa: PLC0415 - not for --help

    opening = open_store()
    if opening.notice is not None:
        say(opening.notice)
    return opening.store
