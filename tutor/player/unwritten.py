"""What is left to do for answers that could not be written: another file, or a word of the loss."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tutor.errors import TutorError
from tutor.i18n import Message, message, plural
from tutor.player.files import write_new
from tutor.store.exchange import Records, entries_of, write_entries
from tutor.store.model import Attempt
from tutor.store.progress_store import ProgressStore
from tutor.store.write_queue import SILENT

if TYPE_CHECKING:
    from tutor.store.shared_store import SharedStore

KEPT: Final = message("Your progress is kept.")
_NAME: Final = "nabla-progress"
_ENDING: Final = ".jsonl"
_MOST: Final = 1000


def loss(store: ProgressStore) -> Message | None:
    """Say how much is in memory alone and ends with the program; None where all is kept."""
    entries = store.unwritten
    if not entries:
        return None
    answers = sum(isinstance(entry, Attempt) for entry in entries)
    if not answers:
        return message("Your last place in a lesson is not written anywhere.")
    return plural("{count} answer is not written anywhere.",
                  "{count} answers are not written anywhere.", answers)  # fmt: skip


def offer(store: ProgressStore) -> Message:
    """Ask whether what is in memory alone is to be kept elsewhere."""
    answers = sum(isinstance(entry, Attempt) for entry in store.unwritten)
    return plural("Write it to another file before you leave?",
                  "Write them to another file before you leave?", max(answers, 1))  # fmt: skip


def waiting(store: ProgressStore) -> Message | None:
    """Say how much waits in which file beside the database; None where nothing does."""
    file = store.kept_in
    if file is None:
        return None
    answers = sum(isinstance(entry, Attempt) for entry in store.waiting_beside)
    if not answers:
        return message("Your last place in a lesson waits in {file}, and the next start of Nabla "
                       "brings it in.", file=str(file))  # fmt: skip
    return plural("{count} answer waits in {file}, and the next start of Nabla brings it in.",
                  "{count} answers wait in {file}, and the next start of Nabla brings them in.",
                  answers, file=str(file))  # fmt: skip


def what_became(store: ProgressStore) -> list[Message]:
    """Say why something is not in the database, how much that is, and where; nothing if all is."""
    said = [each for each in (loss(store), waiting(store)) if each is not None]
    return [store.trouble, *said] if said and store.trouble is not None else said


def farewell(store: ProgressStore) -> Message:
    """Return the last sentence to a learner who leaves: what became of their answers."""
    lost = loss(store)
    if lost is not None:
        return message("{loss} What is not written ends with the program. Goodbye.", loss=lost)
    waits = waiting(store)
    return message("{fate} Goodbye.", fate=KEPT if waits is None else waits)


def proposed_file(store: ProgressStore) -> Path | None:
    """Return where the unwritten entries could be kept; None where no folder is known to be."""
    size = len(_text(store).encode())
    for folder in _folders():
        if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 2 * size:
            return _free_file(folder)
    return None


def keep_elsewhere(store: ProgressStore, typed: str) -> Path:
    """Write what is unwritten to the file that was typed; return its path.

    Raises:
        TutorError: It cannot be written, or is there already; nothing has changed.
    """
    path = _path(typed)
    entries = store.unwritten
    try:
        write_new(path, _text(store))
    except ValueError as error:  # a zero byte
        raise TutorError(message("{file} is no path: choose another place", file=typed)) from error
    store.let_go(entries)
    return path


def written(path: Path) -> Message:
    """Say where the entries are, and what the command after it is for."""
    return message("Written to {file}. When the trouble is mended, this brings it in:",
                   file=str(path))  # fmt: skip


def command(path: Path) -> str:
    """Return the command that brings the file in, to be copied whole."""
    return f"nabla progress --import {shlex.quote(str(path))}"


def _path(typed: str) -> Path:
    try:
        return Path(typed).expanduser().absolute()
    except RuntimeError:
        return Path(typed).absolute()


def _text(store: ProgressStore) -> str:
    records = Records.of(store.unwritten)
    return write_entries(entries_of(records.attempts, records.points, records.resets))


def _folders() -> Iterator[Path]:
    for find in (Path.cwd, Path.home, lambda: Path(tempfile.gettempdir())):
        try:
            yield find().absolute()
        except (OSError, RuntimeError):  # it was removed; nobody's home is known
            continue


def _free_file(folder: Path) -> Path | None:
    for number in range(1, _MOST):
        stem = _NAME if number == 1 else f"{_NAME}-{number}"
        if not os.path.lexists(folder / f"{stem}{_ENDING}"):
            return folder / f"{stem}{_ENDING}"
    return None


def unwritten_words(store: SharedStore) -> list[Message]:
    """Say what is not in the database, why, and where it waits; nothing where all is."""
    answers, kept_in = store.answers_waiting, store.kept_in
    lost = store.lost + store.refused + (0 if kept_in else answers)
    said = []
    if answers and kept_in:
        said.append(plural(
            "{count} answer is not written. It waits in {file}: the next `nabla serve` with "
            "the same folder and database brings it in.",
            "{count} answers are not written. They wait in {file}: the next `nabla serve` with "
            "the same folder and database brings them in.",
            answers, file=str(kept_in),
        ))  # fmt: skip
    if lost:
        said.append(plural("{count} answer or place could be kept nowhere and is lost.",
                           "{count} answers and places could be kept nowhere and are lost.",
                           lost))  # fmt: skip
    reason = message("(The reason: {trouble}.)", trouble=store.trouble or SILENT)
    return [*said, reason] if said else []
