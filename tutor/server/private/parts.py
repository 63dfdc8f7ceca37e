"""Textual's reading of keys, and its hold on the streams of the process."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, Protocol, cast

from textual.app import App
from textual.message import Message

from tutor.server.plain_keys import PlainKeys
from tutor.server.private import KEEPS_STREAMS, READS_KEYS, is_on


class KeyParser(Protocol):
    """Makes messages of what a terminal sends."""

    def feed(self, data: str) -> Iterable[Message]:
        """Take characters."""

    def tick(self) -> Iterable[Message]:
        """Take a pause: what waits for the rest of a sequence waits no more."""


def new_parser() -> KeyParser:
    """Return Textual's own parser, or a plain one."""
    if not is_on(READS_KEYS):
        return PlainKeys()
    from textual._xterm_parser import XTermParser  # noqa: PLC0415 - where it is there

    return XTermParser()


def keep_streams(app: App[Any]) -> None:
    """Let an app leave sys.stdout and sys.stderr as they are now.

    Textual puts streams of its own in their place while an app runs; of several apps the last to
    leave would put back what another has long closed.
    """
    if is_on(KEEPS_STREAMS):
        app._capture_stdout = cast("Any", sys.stdout)
        app._capture_stderr = cast("Any", sys.stderr)
