"""Between the supervisor and a worker: lines of JSON, and accepted sockets beside them."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeAlias

_MOST: Final = 65_536
_MOST_SOCKETS: Final = 64

Line: TypeAlias = dict[str, Any]


class FdPassing:
    """One end of a pair of sockets, on the event loop."""

    def __init__(
        self,
        end: socket.socket,
        take: Callable[[Line, socket.socket | None], None],
        closed: Callable[[], None],
    ) -> None:
        """`take` gets each line, with the socket that came with it; `closed`: the peer is gone."""
        end.setblocking(False)
        self._end, self._take, self._closed = end, take, closed
        self._text = b""
        self._sockets: deque[socket.socket] = deque()
        self._is_closed = False
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(end, self._read)

    def send(self, line: Line, connected: socket.socket | None = None) -> bool:
        """Send a line, and a socket with it; return whether the peer could take it at once."""
        data = json.dumps(line | {"socket": connected is not None}).encode() + b"\n"
        handles = [] if connected is None else [connected.fileno()]
        try:
            sent = socket.send_fds(self._end, [data], handles) if handles else self._end.send(data)
        except OSError:
            return False
        return sent == len(data)

    def close(self) -> None:
        """Neither read nor send any more."""
        if not self._is_closed:
            self._is_closed = True
            self._loop.remove_reader(self._end)
            self._end.close()
            for each in self._sockets:
                each.close()

    def _read(self) -> None:
        with suppress(ConnectionResetError):
            data, handles, _, _ = socket.recv_fds(self._end, _MOST, _MOST_SOCKETS)
            self._sockets.extend(socket.socket(fileno=each) for each in handles)
            if data:
                self._take_lines(data)
                return
        self.close()
        self._closed()

    def _take_lines(self, data: bytes) -> None:
        *lines, self._text = (self._text + data).split(b"\n")
        for each in lines:
            line = json.loads(each)
            self._take(line, self._sockets.popleft() if line.pop("socket") else None)
