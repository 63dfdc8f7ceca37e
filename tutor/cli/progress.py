"""The command `progress`: what was done, lesson by lesson; and beginning anew."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING, Final

from tutor.cli.lessons import find_lesson, map_entries, our_catalog
from tutor.cli.output import have_terminal, print_table
from tutor.cli.records import begun_lessons, kept_progress, open_records
from tutor.errors import TutorError, UsageError
from tutor.i18n import message, render

if TYPE_CHECKING:
    from tutor.player.course_map import MapEntry
    from tutor.store.model import LessonProgress
    from tutor.store.progress_store import ProgressStore

_HEADER: Final = ("lesson", "state", "steps done", "attempts", "misconceptions met")
_QUESTION: Final = (
    "Let every lesson begin anew? Your answers stay on disk but no longer count. [y/N] "
)


def show_or_reset(options: Namespace) -> int:
    """Print the progress, or reset one lesson or all."""
    if options.reset is None:
        if options.all or options.yes:
            raise UsageError(message("--all and --yes go with --reset: say what to reset"))
        return _show()
    if options.all == bool(options.reset):
        raise UsageError(message("--reset takes either a lesson or --all"))
    return _reset_all(options.yes) if options.all else _reset_lesson(options.reset)


def _show() -> int:
    progress = kept_progress()
    entries = map_entries(our_catalog(), progress)
    rows = [_row(entry, progress.get(entry.lesson.id)) for entry in entries]
    known = {entry.lesson.id for entry in entries}
    rows += [_lost_row(each) for each in progress.values() if each.lesson not in known]
    print_table([_HEADER, *rows])
    return 0


def _row(entry: MapEntry, progress: LessonProgress | None) -> tuple[str, ...]:
    total = len(entry.lesson.steps)
    state = render(entry.state_words)
    if progress is None:
        return entry.lesson.id, state, f"0 of {total}", "0", ""
    done = f"{min(progress.completed, total)} of {total}"
    return entry.lesson.id, state, done, str(progress.attempts), _met(progress)


def _lost_row(progress: LessonProgress) -> tuple[str, ...]:
    return progress.lesson, "not in this course", "", str(progress.attempts), _met(progress)


def _met(progress: LessonProgress) -> str:
    return ", ".join(f"{name} ×{count}" for name, count in sorted(progress.misconceptions.items()))


def _reset_lesson(name: str) -> int:
    store = open_records()
    lesson = name if name in begun_lessons(store) else find_lesson(our_catalog(), name).id
    return _reset(store, lesson, f"{lesson} begins anew.")


def _reset_all(sure: bool) -> int:
    if not sure and not _is_confirmed():
        print("Nothing was reset.")
        return 0
    return _reset(open_records(), None, "Every lesson begins anew.")


def _is_confirmed() -> bool:
    if not have_terminal(sys.stdin, sys.stdout):
        raise UsageError(
            message("resetting every lesson needs your word: add --yes, or run it in a terminal")
        )
    try:
        return input(_QUESTION).strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


def _reset(store: ProgressStore, lesson: str | None, outcome: str) -> int:
    from datetime import UTC, datetime  # noqa: PLC0415 - only a reset needs the clock

    from tutor.store.model import LOCAL_LEARNER  # noqa: PLC0415 - not for --help

    store.reset(LOCAL_LEARNER, lesson, datetime.now(UTC))
    store.close()
    if store.trouble is not None:
        raise TutorError(
            message("the reset is not on disk yet: {trouble}", trouble=render(store.trouble))
        )
    print(outcome)
    return 0
