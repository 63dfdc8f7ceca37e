"""Says in the log and in the metrics how the database is, as it changes."""

from __future__ import annotations

from tutor.server.log import EventLog
from tutor.server.metrics import Metrics
from tutor.store.shared_store import SharedStore
from tutor.store.trouble import TroubleKind


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
