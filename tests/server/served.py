"""A workshop's worker in the process of the test."""

from __future__ import annotations

from pathlib import Path

import asyncssh

from tutor.server.listener import Listener, listen
from tutor.server.options import ServeOptions
from tutor.server.worker import Worker, open_worker


class Served:
    """A worker in this process, and its port."""

    def __init__(self, folder: Path) -> None:
        options = ServeOptions(folder=folder, auth="open", port=0)
        self.worker: Worker = open_worker(options)
        self._listener = Listener(
            listen("127.0.0.1", 0), options, self.worker.take, self.worker.log, self.worker.metrics
        )
        self.connections: list[asyncssh.SSHClientConnection] = []

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
        await self.worker.stop()
