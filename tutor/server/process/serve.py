"""Runs a workshop: everything from the options to the last learner who left."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from tutor.i18n import message, render
from tutor.lesson.catalog import load_every_lesson
from tutor.lesson.folders import use_lessons
from tutor.sandbox.cgroup import given_folder
from tutor.server import private as of_server
from tutor.server.admission.access import (
    ENOUGH_BITS,
    access_for,
    bits_of,
    new_code,
    read_code,
)
from tutor.server.admission.connections import Accepted
from tutor.server.admission.listener import Listener, listen
from tutor.server.admission.ssh_options import (
    HostKeys,
    fingerprint,
    known_hosts_line,
    open_host_keys,
)
from tutor.server.log import EventLog
from tutor.server.metrics import Metrics, Snapshot, try_port
from tutor.server.options import ServeOptions
from tutor.server.process.database_watch import back_up_daily
from tutor.server.process.supervisor import Supervisor
from tutor.server.tasks import Background, StopSignals
from tutor.store.shared_store import alike_words, open_shared_store
from tutor.store.trouble import StorageError
from tutor.store.workshop_database import database_file
from tutor.tui import private as of_screens
from tutor.visible import print_visible

if sys.platform != "win32":
    import resource
if TYPE_CHECKING:
    from tutor.server.process.metrics_page import MetricsPage

_TEXTUAL: Final = {"ESCDELAY": "50", "TEXTUAL_ANIMATIONS": "none"}
"""Settings that Textual reads when it is imported: a lone Esc over SSH waits 50 ms."""


def serve(options: ServeOptions) -> int:
    """Serve a workshop until a signal ends it; return the exit status.

    Raises:
        TutorError: A setting cannot work.
    """
    prepare_environment()
    options = _with_code(options)
    if weakness := _weakness(options):
        print_visible(f"nabla: {weakness}", to=sys.stderr)
    options = replace(options, code=options.code or new_code())
    keys, notes = _try(options)
    for note in notes:
        print_visible(f"nabla: {note}", to=sys.stderr)
    listening = listen(options.host, options.port)
    given_folder()  # while this process is alone: then each program can have a control group
    return asyncio.run(_serve(options, keys, listening))


def check(options: ServeOptions) -> int:
    """Try the settings, and say that they work.

    Raises:
        TutorError: They do not.
    """
    options = _with_code(options)
    _, notes = _try(options)
    listen(options.host, options.port).close()
    for line in (*_what_is_off(), *filter(None, [_weakness(options)]), *notes):
        print_visible(line)
    print_visible(render(message("All is well: the workshop can begin.")))
    return 0


def _with_code(options: ServeOptions) -> ServeOptions:
    """Return the options with the code that stands in a file, where one was named."""
    file = options.code_file
    return options if file is None else replace(options, code=read_code(file))


def _left_out(options: ServeOptions) -> list[str]:
    """Return a sentence for each lesson of the folders asked for that cannot be shown."""
    if not options.lessons:
        return []
    use_lessons(options.lessons)
    left_out = load_every_lesson().left_out
    return [render(message("left out: {problem}", problem=problem)) for problem in left_out]


def _what_is_off() -> list[str]:
    """Return a sentence for each private name of a library that is not as tested."""
    prepare_environment()
    off = (*of_screens.switched_off(), *of_server.switched_off())
    return [render(name.trouble()) for name in off]


def _try(options: ServeOptions) -> tuple[HostKeys, list[str]]:
    """Try everything that can fail before anybody comes; return what is to be said of it, too."""
    access_for(options)
    keys = open_host_keys(options.folder)
    store = open_shared_store(options.database_url)
    notes: list[str] = []
    with suppress(StorageError):
        notes += [render(alike_words(group)) for group in store.alike()]
    store.close()
    if options.metrics is not None:
        try_port(options.metrics)
    return keys, [*notes, *_left_out(options)]


def prepare_environment() -> None:
    """Make what Textual reads of the environment ours, before it is imported; allow many files."""
    for name in [*filter(lambda each: each.startswith("TEXTUAL"), os.environ), "NO_COLOR"]:
        os.environ.pop(name, None)
    os.environ.update(_TEXTUAL)
    if sys.platform != "win32":
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != hard:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _serve(options: ServeOptions, keys: HostKeys, listening: socket.socket) -> int:
    log, metrics = EventLog(options.log), Metrics()
    stop = StopSignals(signal.SIGTERM, signal.SIGINT)
    crew = await (_begin_alone if options.workers == 1 else _begin_workers)(options, log, metrics)
    page = await _open_page(options, metrics, crew, log, stop)
    listener = Listener(listening, options, crew.place, log, metrics)
    announce(options, keys, listener.port)
    log.event("listening", host=options.host, port=listener.port)
    background = Background(log.crash)
    if database := database_file(options.database_url):
        background.spawn(back_up_daily(database, log))
    await stop.asked.wait()
    log.event("stopping")
    background.cancel()
    listener.close()
    all_written = await crew.end(stop.at_once)
    if page is not None:
        page.close()
    log.event("stopped")
    return 0 if all_written else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crew:
    """Who serves: this process alone, or several workers."""

    place: Callable[[socket.socket, Accepted], None]
    snapshots: Callable[[], list[Snapshot]]
    is_well: Callable[[], bool]
    end: Callable[[asyncio.Event], Awaitable[bool]]
    """Returns whether everything that was done is in the database."""


async def _begin_alone(options: ServeOptions, _log: EventLog, _metrics: Metrics) -> _Crew:
    from tutor.server.process.worker import open_worker  # noqa: PLC0415 - Textual's settings first

    worker = open_worker(options)
    return _Crew(
        place=worker.take,
        snapshots=lambda: [worker.metrics.snapshot()],
        is_well=lambda: True,
        end=worker.wind_down,
    )


async def _begin_workers(options: ServeOptions, log: EventLog, metrics: Metrics) -> _Crew:
    supervisor = Supervisor(options, log, metrics)
    await supervisor.wait_until_ready()
    return _Crew(
        place=supervisor.place,
        snapshots=supervisor.snapshots,
        is_well=lambda: supervisor.is_well,
        end=supervisor.stop,
    )


async def _open_page(
    options: ServeOptions, metrics: Metrics, crew: _Crew, log: EventLog, stop: StopSignals
) -> MetricsPage | None:
    if options.metrics is None:
        return None
    from tutor.server.process.metrics_page import MetricsPage  # noqa: PLC0415 - only where asked for

    page = MetricsPage(
        lambda: [metrics.snapshot(), *crew.snapshots()],
        lambda: crew.is_well() and not stop.asked.is_set(),
    )
    log.event("metrics", port=await page.open(options.metrics))
    return page


def announce(options: ServeOptions, keys: HostKeys, port: int) -> None:
    """Print what learners need."""
    host = options.host
    lines = [
        render(message("Learners connect with:  ssh -p {port} yourname@{host}", port=port,
                       host=_reachable(host))),
        *(_code_lines(options)),
        *(
            render(message("Host key fingerprint:   {fingerprint}", fingerprint=fingerprint(key)))
            for key in keys
        ),
        render(message("Line for known_hosts:   {line}",
                       line=known_hosts_line(keys[0], _reachable(host), port))),
    ]  # fmt: skip
    print_visible("\n".join(lines))
    sys.stdout.flush()


def _weakness(options: ServeOptions) -> str | None:
    """Return what is to be said of a code that is easy to guess."""
    if options.auth != "code" or not options.code or bits_of(options.code) >= ENOUGH_BITS:
        return None
    return render(message(
        "The code is easy to guess ({bits} bits): choose a longer one with letters and digits, or "
        "leave --code out.",
        bits=bits_of(options.code),
    ))  # fmt: skip


def _code_lines(options: ServeOptions) -> list[str]:
    if options.auth == "code":
        return [render(message("Workshop code:          {code}", code=options.code))]
    if options.auth == "key":
        return [render(message("Learners come in by their ssh keys."))]
    return [render(message("Anybody may come in: no code is asked for."))]


def _reachable(host: str) -> str:
    """Return the name by which others reach this machine, where we listen everywhere."""
    with suppress(ValueError):
        if not host or ip_address(host).is_unspecified:
            return socket.gethostname()
    return host
