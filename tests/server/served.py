"""A workshop's worker in the process of the test."""

from __future__ import annotations

from pathlib import Path

import asyncssh

from tutor.server.admission.listener import Listener, listen
from tutor.server.options import ServeOptions
from tutor.server.process.worker import Worker, open_worker
from tutor.store.shared_store import SharedStore


class Served:
    """A worker in this process, and its port."""

    def __init__(self, folder: Path, database: str | None = None) -> None:
        options = ServeOptions(folder=folder, auth="open", port=0, database=database)
        self.folder, self.url = folder, options.database_url
        self.worker: Worker = open_worker(options)
        self._listener = Listener(
            listen("127.0.0.1", 0), options, self.worker.take, self.worker.log, self.worker.metrics
        )
        self._all_written: bool | None = None
        self.connections: list[asyncssh.SSHClientConnection] = []

    @property
    def store(self) -> SharedStore:
        return self.worker._store

    async def connect(self, name: str) -> asyncssh.SSHClientConnection:
        connection = await asyncssh.connect(
            "127.0.0.1", self._listener.port, username=name, known_hosts=None, config=None,
            client_keys=None, agent_path=None,
        )  # fmt: skip
        self.connections.append(connection)
        return connection

    async def close(self) -> None:
        for each in self.connections:
            each.abort()
        self._listener.close()
        await self.stop()

    async def stop(self) -> bool:
        """End the worker, once; return whether all is written."""
        if self._all_written is None:
            self._all_written = await self.worker.stop()
        return self._all_written
