"""All sessions of one process: what they share, from the lessons to the end."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property, partial
from random import SystemRandom
from threading import Semaphore
from time import perf_counter
from typing import TYPE_CHECKING, Final

import asyncssh

from tutor.i18n import locale_language, render
from tutor.lesson.catalog import Catalog, find_lesson_folders, load_catalog
from tutor.lesson.glossary import Term, load_glossary
from tutor.player.room_feed import RoomFeed
from tutor.player.room_member import RoomMember
from tutor.server import private as of_server
from tutor.server.access import Access, access_for
from tutor.server.background import Background
from tutor.server.connection import TutorServer
from tutor.server.database_watch import DatabaseWatch
from tutor.server.doors import Doors
from tutor.server.driver import prepare_process
from tutor.server.host_key import open_host_key
from tutor.server.log import EventLog, take_over_libraries, take_over_room
from tutor.server.metrics import Metrics
from tutor.server.options import ServeOptions
from tutor.server.presence import Presence
from tutor.server.programs import ServedPrograms
from tutor.server.ssh_options import ssh_options
from tutor.server.starts import Starts
from tutor.server.visit import Learner, Visit
from tutor.store.opening import Opening
from tutor.store.shared_store import SharedStore, open_shared_store
from tutor.tui import private as of_screens
from tutor.tui.services import Services
from tutor.visible import print_visible

if TYPE_CHECKING:
    from tutor.server.served_app import ServedApp

_LOOK_SECONDS: Final = 1.0
_THREADS: Final = 4


def open_worker(options: ServeOptions, number: int = 1) -> Worker:
    """Return a worker with everything that it needs, on the running loop.

    Raises:
        TutorError: A setting cannot work.
    """
    prepare_process()
    worker = Worker(
        options,
        number=number,
        access=access_for(options),
        host_key=open_host_key(options.folder),
        store=open_shared_store(
            options.database_url, patient=True, spill=options.folder, most=options.limits.waiting
        ),
        log=EventLog(options.log, worker=number if options.workers > 1 else None),
    )
    _load_screens()
    for name in (*of_screens.switched_off(), *of_server.switched_off()):
        worker.log.event("not as tested", library=name.library, name=name.path)
    gc.collect()
    gc.freeze()  # what is loaded stays: a full collection would look at all of it again and again
    return worker


def _load_screens() -> None:
    """Load what every learner sees, or the first would wait for it."""
    import tutor.server.served_app  # noqa: PLC0415 - Textual's settings first
    import tutor.tui.screens.lesson  # noqa: F401, PLC0415 - Textual's settings first


class Worker:
    """One process full of learners."""

    def __init__(
        self,
        options: ServeOptions,
        *,
        number: int,
        access: Access,
        host_key: asyncssh.SSHKey,
        store: SharedStore,
        log: EventLog,
    ) -> None:
        self.options, self.access, self.log, self.metrics = options, access, log, Metrics()
        take_over_libraries(log)
        take_over_room(log)
        self._store = store
        self._database_thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._background = Background(log.crash)
        self.spawn = self._background.spawn
        self.doors = Doors(
            options.limits, ssh_options(host_key, options.limits),
            background=self._background, log=log, metrics=self.metrics,
        )  # fmt: skip
        self.presence = Presence(
            options, places=options.places_of(number), store=store,
            executor=self._database_thread, background=self._background, log=log,
            metrics=self.metrics,
        )  # fmt: skip
        self.starts = Starts(options.limits)
        self._places = asyncio.Semaphore(options.limits.programs)
        self._computations = Semaphore(options.limits.computations)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="worker")
        asyncio.get_running_loop().set_default_executor(self._threads)
        self._catalog: Catalog = load_catalog(find_lesson_folders())
        self._database_watch = DatabaseWatch(store, log, self.metrics)
        self._room = RoomFeed(
            store, workshop=options.workshop, executor=self._database_thread,
            lead_seconds=options.limits.lead_seconds,
        )  # fmt: skip
        self._room.on_other = self.presence.hear
        self._room.on_forgotten = self.presence.end_forgotten
        self.spawn(self._look_after())
        self.spawn(self._room.run())

    @cached_property
    def _glossary(self) -> tuple[Term, ...]:
        return load_glossary(find_lesson_folders())

    def take(self, connected: socket.socket, visit: Visit) -> None:
        """Serve an accepted connection."""
        self.doors.take(connected, visit, partial(TutorServer, self))

    # --- apps

    def new_app(self, learner: Learner, opening: Opening, environment: dict[str, str]) -> ServedApp:
        """Return a learner's tutor, not running yet, for a terminal that says this of itself."""
        from tutor.server.colours import color_system  # noqa: PLC0415 - Textual's settings first
        from tutor.server.served_app import ServedApp  # noqa: PLC0415 - Textual's settings first
        from tutor.tui.screens.lab_work import share_places  # noqa: PLC0415 - as above

        share_places(self._computations)
        opened: Future[Opening] = Future()
        opened.set_result(opening)
        services = Services(
            catalog=self._catalog,
            open_progress=lambda: opened,
            learner=learner.name,
            now=lambda: datetime.now(UTC),
            new_seed=lambda: SystemRandom().randrange(2**31),
            open_programs=lambda: ServedPrograms(self._places),
            glossary=lambda: self._glossary,
            room=RoomMember(self._room, learner.name, key=learner.is_bound_to or ""),
        )
        language, colours = locale_language(environment), color_system(environment)
        return ServedApp(services, language=language, colours=colours)

    # --- time

    async def _look_after(self) -> None:
        """Once a second, for all sessions at once: idle ones, silent ones, the database."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _LOOK_SECONDS
            await asyncio.sleep(_LOOK_SECONDS)
            self.metrics.lagged(max(0.0, loop.time() - due))
            self.presence.end_idle(perf_counter())
            self.doors.end_stalled_exchanges(loop.time())
            self._database_watch.look()

    # --- the end

    async def stop(self, grace: float = 5.0) -> bool:
        """End all sessions in good order, then all connections, then what is left.

        Return whether everything is in the database; else say on stderr what is not.
        """
        await self.presence.send_home(grace)
        await self.doors.close()
        self._background.cancel()
        loop = asyncio.get_running_loop()
        lost = await loop.run_in_executor(self._database_thread, self._store.close)
        if lost:
            self.log.event("entries lost", count=lost)
        if self._store.waiting > 0:
            self.log.event("entries kept in a file", count=self._store.waiting)
        self._database_thread.shutdown(wait=False)
        self._threads.shutdown(wait=False, cancel_futures=True)
        unwritten = self._store.unwritten()
        if unwritten:
            print_visible(f"nabla: {' '.join(map(render, unwritten))}", to=sys.stderr)
        return not unwritten
