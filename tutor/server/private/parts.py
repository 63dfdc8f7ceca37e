"""What an app of Textual needs to run for a terminal that is not the process's own."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import Any, Protocol, cast

from rich.console import Console
from textual.app import App
from textual.message import Message

from tutor.server.plain_keys import PlainKeys
from tutor.server.private import KEEPS_STREAMS, OWN_ENVIRONMENT, READS_KEYS, is_on


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


def new_console(environment: dict[str, str]) -> Console:
    """Return a console that writes nowhere, for a terminal with this environment."""
    own: dict[str, Any] = {"_environ": environment} if is_on(OWN_ENVIRONMENT) else {}
    return Console(
        color_system="truecolor",  # what the terminal lacks, `colours` takes out
        file=io.StringIO(),
        markup=True,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        force_terminal=True,
        safe_box=False,
        soft_wrap=False,
        **own,
    )
