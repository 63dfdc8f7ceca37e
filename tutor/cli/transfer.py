"""`nabla progress --export FILE` and `--import FILE`: one's course in a file, and back."""

from __future__ import annotations

import sys
from pathlib import Path

from tutor.cli.records import kept_records, open_records
from tutor.errors import TutorError
from tutor.i18n import Message, message, render
from tutor.store.model import LOCAL_LEARNER
from tutor.visible import print_visible, visible_json

_STREAM = "-"


def export_progress(file: str, *, force: bool) -> int:
    """Write the progress to a file (`-`: to standard output)."""
    from tutor.player.files import write_new  # noqa: PLC0415 - not for --help
    from tutor.store.exchange import entries_of, write_entries  # noqa: PLC0415 - not for --help

    store = kept_records()
    records = store.records(LOCAL_LEARNER)
    store.close()
    text = write_entries(entries_of(records.attempts, records.points, records.resets))
    if file == _STREAM:
        print_visible(visible_json(text), end="")
        return 0
    there = message("{file} is there already: choose another name, or add --force", file=file)
    write_new(Path(file), text, over=force, if_there=there)
    print_visible(render(_written(len(records.attempts), len(records.points), file)))
    return 0


def import_progress(file: str) -> int:
    """Add the progress in a file (`-`: from standard input) to what is here."""
    from tutor.store.exchange import read_entries  # noqa: PLC0415 - not for --help
    from tutor.store.merging import Records  # noqa: PLC0415 - not for --help

    name = render(message("standard input")) if file == _STREAM else file
    elsewhere = Records.of(read_entries(_read(file, name), LOCAL_LEARNER, name))
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


def _written(attempts: int, points: int, file: str) -> Message:
    return message(
        "Written to {file} (answers: {attempts}, lessons: {points}). "
        "Elsewhere: nabla progress --import {file}",
        file=file, attempts=attempts, points=points,
    )  # fmt: skip


def _read(file: str, name: str) -> str:
    from tutor.store.exchange import MOST_BYTES  # noqa: PLC0415 - not for --help

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
