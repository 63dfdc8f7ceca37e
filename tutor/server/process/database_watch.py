"""Says in the log and in the metrics how the database is, as it changes."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Final

from tutor.errors import TutorError
from tutor.i18n import render
from tutor.server.log import EventLog
from tutor.server.metrics import Metrics
from tutor.store.backups import Backup, back_up
from tutor.store.shared_store import SharedStore
from tutor.store.trouble import TroubleKind

_LOOK_SECONDS: Final = 600.0
"""Between two looks whether a day has begun that has no backup yet."""


class DatabaseWatch:
    """Looks at one worker's door to the database."""

    def __init__(self, store: SharedStore, log: EventLog, metrics: Metrics) -> None:
        self._store, self._log, self._metrics = store, log, metrics
        self._is_full = False
        self._kind: TroubleKind | None = None
        self._brought_in = 0

    def look(self) -> None:
        """Say what is new; asked once a second."""
        store = self._store
        self._metrics.waiting(store.waiting)
        if store.trouble_kind != self._kind:
            self._kind = store.trouble_kind
            self._tell_trouble()
        if (store.lost > 0) is not self._is_full:
            self._is_full = True
            self._log.event("nothing more is kept", waiting=store.waiting)
        if store.brought_in > self._brought_in:
            self._log.event("entries brought in", count=store.brought_in - self._brought_in)
            self._brought_in = store.brought_in

    def _tell_trouble(self) -> None:
        if self._kind is None:
            self._log.event("database back")
        elif self._kind == "away":
            self._log.event("database away", why=self._store.trouble)
        else:
            self._log.event("database trouble", kind=self._kind, why=self._store.trouble)


async def back_up_daily(database: Path, log: EventLog) -> None:
    """Make the backup of each day, for one process of a server: in a thread, until cancelled."""
    leaving = Event()
    loop = asyncio.get_running_loop()

    def make() -> Backup | None:
        return back_up(database, datetime.now().astimezone().date(), leaving.is_set)

    try:
        while True:
            try:
                made = await loop.run_in_executor(None, make)
                if made is not None:
                    log.event("backup made", file=str(made.file))
            except TutorError as error:
                log.event("no backup", why=render(error.text))
            await asyncio.sleep(_LOOK_SECONDS)
    finally:
        leaving.set()
