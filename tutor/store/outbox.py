"""Entries that the database could not take, kept in a small file beside it meanwhile.

So they outlive the program, however it ends. Any tutor that can write the database brings in
all such files, its own and those that others left behind.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from tutor.store.model import Attempt, Entry, Reset, ResumePoint

_KINDS: Final[dict[str, type[Entry]]] = {
    kind.__name__: kind for kind in (Attempt, ResumePoint, Reset)
}


class Outbox:
    """The file of one tutor's waiting entries. It exists while there are some."""

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(f"{database.stem}.waiting-{uuid4().hex[:12]}.json")
        self._kept = 0

    def keep(self, entries: list[Entry]) -> None:
        """Write the entries to the file, in place of what it held; else it stays as it was.

        Entries that were kept before and that another tutor has brought in since are taken out
        of the list.
        """
        if self._kept and not self._file.exists():
            del entries[: self.forget()]
        with suppress(OSError):
            fresh = self._file.with_suffix(".new")
            fresh.write_text(json.dumps(list(map(entry_as_json, entries))), encoding="utf-8")
            fresh.replace(self._file)
            self._kept = len(entries)

    def forget(self) -> int:
        """Return how many entries were kept; from now on it is none."""
        kept, self._kept = self._kept, 0
        return kept


def waiting_files(database: Path) -> list[Path]:
    """Return the outboxes beside the database, the oldest first."""
    found = database.parent.glob(f"{database.stem}.waiting-*.json")
    return sorted(found, key=os.path.getmtime)


def read_outbox(file: Path) -> list[Entry] | None:
    """Return the entries in an outbox, None if it is damaged."""
    try:
        return [entry_from_json(values) for values in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


@contextmanager
def set_aside(files: Iterable[Path]) -> Iterator[None]:
    """Rename outboxes so that nobody else brings them in; delete them, or name them back if not."""
    renamed = {file: file.rename(file.with_suffix(".done")) for file in files}
    try:
        yield
    except BaseException:
        for file, done in renamed.items():
            done.rename(file)
        raise
    for done in renamed.values():
        done.unlink()


def entry_as_json(entry: Entry) -> dict[str, object]:
    """Return an entry as JSON values."""
    return asdict(entry) | {"entry": type(entry).__name__, "at": entry.at.isoformat()}


def entry_from_json(values: dict[str, Any]) -> Entry:
    """Return the entry that became these JSON values; they are used up."""
    kind = _KINDS[values.pop("entry")]
    return kind(**(values | {"at": datetime.fromisoformat(values["at"])}))
