"""Runs a workshop: everything from the options to the last learner who left."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from dataclasses import replace
from typing import Final

import asyncssh

from tutor.errors import TutorError
from tutor.i18n import message, render
from tutor.server.access import access_for, new_code
from tutor.server.host_key import fingerprint, known_hosts_line, open_host_key
from tutor.server.listener import Listener, listen
from tutor.server.log import EventLog
from tutor.server.metrics import Metrics
from tutor.server.options import ServeOptions
from tutor.store.opening import open_store
from tutor.store.progress_store import ProgressStore

DATABASE_FILE: Final = "workshop.sqlite3"
_TEXTUAL: Final = {"ESCDELAY": "50", "TEXTUAL_ANIMATIONS": "none"}
"""Settings that Textual reads when it is imported: a lone Esc over SSH waits 50 ms."""


def serve(options: ServeOptions) -> int:
    """Serve a workshop until a signal ends it; return the exit status."""
    prepare_environment()
    options = replace(options, code=options.code or new_code())
    access_for(options)
    key = open_host_key(options.folder)
    listening = listen(options.host, options.port)
    return asyncio.run(_serve_alone(options, key, listening))


def check(options: ServeOptions) -> int:
    """Try the settings, and say that they work.

    Raises:
        TutorError: They do not.
    """
    access_for(options)
    open_host_key(options.folder)
    listen(options.host, options.port).close()
    store = workshop_store(options)
    trouble = store.trouble
    store.close()
    if trouble is not None:
        raise TutorError(trouble)
    print(render(message("All is well: the workshop can begin.")))
    return 0


def prepare_environment() -> None:
    """Make what Textual reads of the environment ours, before it is imported."""
    for name in [*filter(lambda each: each.startswith("TEXTUAL"), os.environ), "NO_COLOR"]:
        os.environ.pop(name, None)
    os.environ.update(_TEXTUAL)


async def _serve_alone(
    options: ServeOptions, key: asyncssh.SSHKey, listening: socket.socket
) -> int:
    from tutor.server.driver import prepare_process  # noqa: PLC0415 - Textual's settings first
    from tutor.server.worker import Worker  # noqa: PLC0415

    prepare_process()
    log, metrics = EventLog(options.log), Metrics()
    worker = Worker(
        options, access=access_for(options), host_key=key, store=workshop_store(options),
        log=log, metrics=metrics,
    )  # fmt: skip
    listener = Listener(listening, options, worker.take, log, metrics)
    announce(options, key, listener.port)
    log.event("listening", host=options.host, port=listener.port)
    await _stop_signal()
    listener.close()
    await worker.stop()
    log.event("stopped")
    return 0


def workshop_store(options: ServeOptions) -> ProgressStore:
    """Open the progress of all learners."""
    return open_store(options.folder / DATABASE_FILE).store


async def _stop_signal() -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    await stop.wait()


def announce(options: ServeOptions, key: asyncssh.SSHKey, port: int) -> None:
    """Print what learners need."""
    host = options.host
    lines = [
        render(message("Learners connect with:  ssh -p {port} yourname@{host}", port=port,
                       host=_reachable(host))),
        *(_code_lines(options)),
        render(message("Host key fingerprint:   {fingerprint}", fingerprint=fingerprint(key))),
        render(message("Line for known_hosts:   {line}",
                       line=known_hosts_line(key, _reachable(host), port))),
    ]  # fmt: skip
    print("\n".join(lines), flush=True)


def _code_lines(options: ServeOptions) -> list[str]:
    if options.auth == "code":
        return [render(message("Workshop code:          {code}", code=options.code))]
    if options.auth == "key":
        return [render(message("Learners come in by their ssh keys."))]
    return [render(message("Anybody may come in: no code is asked for."))]


def _reachable(host: str) -> str:
    """Return the name by which others reach this machine, where we listen everywhere."""
    return socket.gethostname() if host in ("", "0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
