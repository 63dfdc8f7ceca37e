"""The command `progress`: what was done, lesson by lesson; and beginning anew."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING, Final

from tutor.cli.lessons import find_lesson, our_catalog
from tutor.cli.output import have_terminal, print_table
from tutor.cli.records import begun_lessons, kept_records, open_records
from tutor.errors import TutorError, UsageError
from tutor.i18n import Message, message, render
from tutor.visible import print_visible

if TYPE_CHECKING:
    from tutor.store.progress_store import ProgressStore

_QUESTION: Final = message(
    "Let every lesson begin anew? Your answers stay on disk but no longer count. [y/N]"
)


def show_or_reset(options: Namespace) -> int:
    """Print the progress, reset one lesson or all, write it to a file or bring one in."""
    _check(options)
    if options.export is not None or options.import_ is not None:
        from tutor.cli.transfer import export_progress, import_progress  # noqa: PLC0415 - if asked

        if options.import_ is not None:
            return import_progress(options.import_)
        return export_progress(options.export, force=options.force)
    if options.reset is None:
        return _show()
    if options.all == bool(options.reset):
        raise UsageError(message("--reset takes either a lesson or --all"))
    return _reset_all(options.yes) if options.all else _reset_lesson(options.reset)


def _check(options: Namespace) -> None:
    """Refuse options that say nothing together."""
    wanted = [options.reset, options.export, options.import_]
    if len([each for each in wanted if each is not None]) > 1:
        raise UsageError(message("--reset, --export and --import go one at a time"))
    if options.force and options.export is None:
        raise UsageError(message("--force goes with --export"))
    if (options.all or options.yes) and options.reset is None:
        raise UsageError(message("--all and --yes go with --reset: say what to reset"))


def _show() -> int:
    from datetime import UTC, datetime  # noqa: PLC0415 - not for --help

    from tutor.player.progress_report import progress_report  # noqa: PLC0415 - as above
    from tutor.player.report_tables import report_tables  # noqa: PLC0415 - as above
    from tutor.store.model import LOCAL_LEARNER  # noqa: PLC0415 - as above

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
    if not sure and not _is_confirmed():
        print_visible(render(message("Nothing was reset.")))
        return 0
    return _reset(open_records(), None, message("Every lesson begins anew."))


def _is_confirmed() -> bool:
    if not have_terminal(sys.stdin, sys.stdout):
        raise UsageError(
            message("resetting every lesson needs your word: add --yes, or run it in a terminal")
        )
    try:
        return input(f"{render(_QUESTION)} ").strip().lower() in ("y", "yes")
    except EOFError:
        print_visible()
        return False


def _reset(store: ProgressStore, lesson: str | None, outcome: Message) -> int:
    from datetime import UTC, datetime  # noqa: PLC0415 - only a reset needs the clock

    from tutor.store.model import LOCAL_LEARNER  # noqa: PLC0415 - not for --help

    store.reset(LOCAL_LEARNER, lesson, datetime.now(UTC))
    store.close()
    if store.trouble is not None:
        raise TutorError(
            message("the reset is not on disk yet: {trouble}", trouble=render(store.trouble))
        )
    print_visible(render(outcome))
    return 0
