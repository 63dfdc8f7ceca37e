"""One line an event: for people, or for machines. No code, no key, no keystroke is in it."""

from __future__ import annotations

import json
import logging
import os
import secrets
import traceback
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, Literal

from tutor.visible import is_visible_line, visible_line

_KEPT_TRACEBACK: Final = 8_000


class EventLog:
    """Writes to a descriptor of its own: what happens to `sys.stderr` does not matter."""

    def __init__(
        self,
        form: Literal["text", "json"] = "text",
        *,
        worker: int | None = None,
        descriptor: int | None = None,
    ) -> None:
        self._form, self._worker = form, worker
        self._descriptor = os.dup(2) if descriptor is None else descriptor

    def event(self, what: str, /, **fields: object) -> None:
        """Write one line."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        said = {"worker": self._worker, **fields}
        said = {name: value for name, value in said.items() if value is not None}
        if self._form == "json":
            line = json.dumps({"at": now, "event": what, **said}, default=str)
        else:
            words = (f"{name}={_one_word(value)}" for name, value in said.items())
            line = " ".join([now, what, *words])
        self._write(line)

    def crash(self, error: BaseException, /, **fields: object) -> str:
        """Write an error with its traceback (without values) and return its id."""
        error_id = secrets.token_hex(2).upper()
        trace = "".join(traceback.format_exception(error))[-_KEPT_TRACEBACK:]
        self.event("crash", error=error_id, kind=type(error).__name__, trace=trace, **fields)
        return error_id

    def _write(self, line: str) -> None:
        with suppress(OSError):  # nobody reads the log any more: learners go on
            os.write(self._descriptor, visible_line(line).encode() + b"\n")


class _Libraries(logging.Handler):
    """Writes what libraries have to say as lines of the log."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(logging.ERROR)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        if record.exc_info is not None and record.exc_info[1] is not None:
            self._log.crash(record.exc_info[1], by=record.name)
        else:
            self._log.event("trouble", by=record.name, what=record.getMessage())


def take_over_libraries(log: EventLog) -> None:
    """Let errors of asyncio and asyncssh be lines of the log.

    Their warnings are about clients that are gone ("socket.send() raised exception", a line for
    each answer): one client could fill a disk with them.
    """
    for name in ("asyncio", "asyncssh"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.ERROR)
        logger.handlers = [_Libraries(log)]
        logger.propagate = False


class _Room(logging.Handler):
    """Writes what is refused in the room, and what goes wrong there, as lines of the log."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        if record.exc_info is not None and record.exc_info[1] is not None:
            self._log.crash(record.exc_info[1], by=record.name)
        elif isinstance(record.args, Mapping):
            self._log.event("refused", **record.args)


def take_over_room(log: EventLog) -> None:
    """Let what learners try that only instructors may do be lines of the log."""
    logger = logging.getLogger("tutor.room")
    logger.handlers = [_Room(log)]
    logger.propagate = False


def _one_word(value: object) -> str:
    text = str(value)
    is_one = text and text.isprintable() and " " not in text and is_visible_line(text)
    return text if is_one else json.dumps(text)
