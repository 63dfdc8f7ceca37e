"""The command `progress`: what was done, lesson by lesson; and beginning anew."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tutor.cli.lessons import find_lesson, our_catalog
from tutor.cli.output import is_confirmed, print_table
from tutor.cli.records import begun_lessons, kept_records, open_records
from tutor.errors import TutorError, UsageError
from tutor.i18n import Message, message, render
from tutor.player.files import write_new
from tutor.player.progress_report import progress_report, report_tables
from tutor.store.backups import Backup, backups_of
from tutor.store.data_folder import progress_file
from tutor.store.exchange import MOST_BYTES, Records, entries_of, read_entries, write_entries
from tutor.store.model import LOCAL_LEARNER
from tutor.store.restoring import restore
from tutor.store.sqlite_file import memory_database
from tutor.store.sqlite_pages import read_rows
from tutor.visible import print_visible

if TYPE_CHECKING:
    from tutor.store.progress_store import ProgressStore

_STREAM: Final = "-"
_SQLITE: Final = b"SQLite format 3\0"
_QUESTION: Final = message(
    "Let every lesson begin anew? Your answers stay on disk but no longer count. [y/N]"
)


def show_or_reset(options: Namespace) -> int:
    """Print the progress, reset one lesson or all, write it to a file, bring one in, or go back."""
    _check(options)
    if options.export is not None or options.import_ is not None:
        if options.import_ is not None:
            return _import(options.import_)
        return _export(options.export, force=options.force)
    if options.restore is not None:
        return _restore(options.restore)
    if options.reset is None:
        return _show()
    if options.all == bool(options.reset):
        raise UsageError(message("--reset takes either a lesson or --all"))
    return _reset_all(options.yes) if options.all else _reset_lesson(options.reset)


def _check(options: Namespace) -> None:
    """Refuse options that say nothing together."""
    wanted = [options.reset, options.export, options.import_, options.restore]
    if len([each for each in wanted if each is not None]) > 1:
        raise UsageError(message("--reset, --export, --import and --restore go one at a time"))
    if options.force and options.export is None:
        raise UsageError(message("--force goes with --export"))
    if (options.all or options.yes) and options.reset is None:
        raise UsageError(message("--all and --yes go with --reset: say what to reset"))


def _show() -> int:
    store = kept_records()
    report = progress_report(our_catalog(), store, LOCAL_LEARNER, datetime.now(UTC))
    store.close()
    for number, table in enumerate(report_tables(report, by_id=True)):
        if number:
            print_visible(f"\n{render(table.title)}")
        if table.rows:
            print_table([tuple(render(cell) for cell in row) for row in table.rows])
        if table.words is not None:
            print_visible(render(table.words))
    return 0


def _reset_lesson(name: str) -> int:
    store = open_records()
    lesson = name if name in begun_lessons(store) else find_lesson(our_catalog(), name).id
    return _reset(store, lesson, message("{lesson} begins anew.", lesson=lesson))


def _reset_all(sure: bool) -> int:
    alone = message("resetting every lesson needs your word: add --yes, or run it in a terminal")
    if not sure and not is_confirmed(_QUESTION, alone):
        print_visible(render(message("Nothing was reset.")))
        return 0
    return _reset(open_records(), None, message("Every lesson begins anew."))


def _reset(store: ProgressStore, lesson: str | None, outcome: Message) -> int:
    store.reset(LOCAL_LEARNER, lesson, datetime.now(UTC))
    store.close()
    if store.trouble is not None:
        raise TutorError(
            message("the reset is not on disk yet: {trouble}", trouble=render(store.trouble))
        )
    print_visible(render(outcome))
    return 0


def _export(file: str, *, force: bool) -> int:
    """Write the progress to a file (`-`: to standard output)."""
    store = kept_records()
    records = store.records(LOCAL_LEARNER)
    store.close()
    if store.trouble is not None and not (records.attempts or records.points):
        raise TutorError(message("nothing was exported: your progress could not be read"))
    text = write_entries(entries_of(records.attempts, records.points, records.resets))
    if file == _STREAM:
        print_visible(text, end="")
        return 0
    there = message("{file} is there already: choose another name, or add --force", file=file)
    write_new(Path(file), text, over=force, if_there=there)
    print_visible(render(_written(len(records.attempts), len(records.points), file)))
    return 0


def _import(file: str) -> int:
    """Add the progress in a file (`-`: from standard input) to what is here."""
    elsewhere = _records_in(file)
    store = open_records()
    merged = store.bring_in(LOCAL_LEARNER, elsewhere)
    store.close()
    if store.trouble is not None:
        raise TutorError(
            message("what was brought in is not on disk yet: {trouble}", trouble=store.trouble)
        )
    if not merged.entries:
        print_visible(render(message("Nothing new: all of it was here already.")))
        return 0
    print_visible(
        render(
            message(
                "New answers: {attempts}. New places in lessons: {points}. New resets: {resets}.",
                attempts=merged.new_attempts, points=merged.new_points, resets=merged.new_resets,
            )
        )
    )  # fmt: skip
    return 0


def _restore(day: str) -> int:
    """Go back to the newest backup, or to that of a day; what is there now is kept."""
    backup = _backup_of(progress_file(), day)
    aside = restore(progress_file(), backup, datetime.now().astimezone())
    print_visible(
        render(message("Your progress is what it was in the backup of {day}.", day=backup.day))
    )
    if aside is not None:
        words = message(
            "What was there until now is kept as {file}. To add it: nabla progress --import {file}",
            file=str(aside),
        )
        print_visible(render(words))
    return 0


def _backup_of(file: Path, day: str) -> Backup:
    kept = backups_of(file)
    if not kept:
        what = message("there is no backup: Nabla makes one on each day on which it is started")
        raise TutorError(what)
    found = [each for each in kept if day in ("", each.day.isoformat(), each.file.name)]
    if not found:
        days = ", ".join(each.day.isoformat() for each in kept)
        raise UsageError(
            message("there is no backup of {day}: use one of {days}", day=day, days=days)
        )
    return found[-1]


def _records_in(file: str) -> Records:
    """Return what is in an exported file, or in a progress file, such as one kept aside."""
    name = render(message("standard input")) if file == _STREAM else file
    if file != _STREAM and _is_database(Path(file)):
        return _records_of_database(Path(file))
    return Records.of(read_entries(_read(file, name), LOCAL_LEARNER, name))


def _is_database(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return file.is_file() and opened.read(len(_SQLITE)) == _SQLITE
    except OSError:  # said when it is read
        return False


def _records_of_database(file: Path) -> Records:
    return memory_database(read_rows(file)).records(LOCAL_LEARNER)


def _written(attempts: int, points: int, file: str) -> Message:
    return message(
        "Written to {file} (answers: {attempts}, lessons: {points}). "
        "Elsewhere: nabla progress --import {file}",
        file=file, attempts=attempts, points=points,
    )  # fmt: skip


def _read(file: str, name: str) -> str:
    try:
        if file == _STREAM:
            raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(file).open("rb") as stream:
                raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        what = message("{file} cannot be read ({why}): check the path", file=name, why=why)
        raise TutorError(what) from error
    if len(raw) > MOST_BYTES:
        raise TutorError(message("{file} is too large to be a progress file", file=name))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = message("{file}:{line}: is not UTF-8: export the file anew", file=name, line=line)
        raise TutorError(what) from None
