"""All sessions of one process: what they share, from the lessons to the end."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter
from typing import Final

from tutor.i18n import message, render
from tutor.lesson.catalog import load_every_lesson
from tutor.lesson.folders import use_lessons
from tutor.player.room_feed import RoomFeed
from tutor.player.unwritten import unwritten_words
from tutor.room.events import Happened, NameFreed
from tutor.room.wire import Row
from tutor.server import private as of_server
from tutor.server.admission.access import Access, access_for
from tutor.server.admission.authentication import Admission, TutorServer
from tutor.server.admission.connections import Accepted, Connections
from tutor.server.admission.fair_queue import StartQueue, Turns, WrongCodes
from tutor.server.admission.presence import Presence
from tutor.server.admission.roster import OtherRosters, digest_of
from tutor.server.admission.ssh_options import HostKeys, open_host_keys, ssh_options
from tutor.server.log import EventLog, take_over_libraries, take_over_room
from tutor.server.metrics import Metrics
from tutor.server.options import ServeOptions
from tutor.server.private.connection import take_odd_names
from tutor.server.process.database_watch import DatabaseWatch
from tutor.server.tasks import Background
from tutor.server.terminal.driver import prepare_process
from tutor.server.terminal.served_app import AppFactory
from tutor.server.terminal.session import SessionServices, TerminalSession
from tutor.store.shared_store import SharedStore, open_shared_store
from tutor.tui import private as of_screens
from tutor.visible import print_visible

_LOOK_SECONDS: Final = 1.0
_THREADS: Final = 4


def open_worker(options: ServeOptions, number: int = 1) -> Worker:
    """Return a worker with everything that it needs, on the running loop.

    Raises:
        TutorError: A setting cannot work.
    """
    prepare_process()
    take_odd_names()
    worker = Worker(
        options,
        number=number,
        access=access_for(options),
        host_keys=open_host_keys(options.folder),
        store=open_shared_store(
            options.database_url, patient=True, spill=options.folder, most=options.limits.waiting
        ),
        log=EventLog(options.log, worker=number if options.workers > 1 else None),
    )
    for name in (*of_screens.switched_off(), *of_server.switched_off()):
        worker.log.event("not as tested", library=name.library, name=name.path)
    gc.collect()
    gc.freeze()  # what is loaded stays: a full collection would look at all of it again and again
    return worker


class Worker:
    """One process full of learners."""

    def __init__(
        self,
        options: ServeOptions,
        *,
        number: int,
        access: Access,
        host_keys: HostKeys,
        store: SharedStore,
        log: EventLog,
    ) -> None:
        self._limits, self.log, self.metrics = options.limits, log, Metrics()
        self._access = access
        take_over_libraries(log)
        take_over_room(log)
        self._store = store
        self._database_thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._background = Background(log.crash)
        self._connections = Connections(
            options.limits, ssh_options(host_keys, options.limits),
            background=self._background, log=log, metrics=self.metrics,
        )  # fmt: skip
        self.presence = Presence(
            options, places=options.places_of(number), store=store,
            executor=self._database_thread, background=self._background, log=log,
            metrics=self.metrics,
        )  # fmt: skip
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="worker")
        asyncio.get_running_loop().set_default_executor(self._threads)
        self._database_watch = DatabaseWatch(store, log, self.metrics)
        self._room = RoomFeed(
            store, workshop=options.workshop, executor=self._database_thread,
            lead_seconds=options.limits.lead_seconds,
        )  # fmt: skip
        self._rosters = OtherRosters(
            digest_of(access.roster), options.workshop, store.append_event,
            self._tell_of_other_roster,
        )  # fmt: skip
        self._room.on_other = self._hear
        self._room.subscribe(self._take_news)
        if access.roster is not None and number == 1:
            self._rosters.tell()
        self._room.on_forgotten = self.presence.end_forgotten
        use_lessons(options.lessons)
        apps = AppFactory(options.limits, load_every_lesson(), self._room)
        self._sessions = SessionServices(
            limits=options.limits, presence=self.presence, starts=StartQueue(options.limits),
            turns=Turns(),
            log=log, metrics=self.metrics, spawn=self._background.spawn, apps=apps,
        )  # fmt: skip
        self._admission = Admission(
            access=access, limits=options.limits, connections=self._connections,
            spelling_of=self._spelling_of,
            pins=self.presence.pins,
            wrong_codes=WrongCodes(options.limits.sessions, self._tell_of_guessing),
            log=log, metrics=self.metrics, new_session=partial(TerminalSession, self._sessions),
        )  # fmt: skip
        self._background.spawn(self._look_after())
        self._background.spawn(self._room.run())

    def take(self, connected: socket.socket, visit: Accepted) -> None:
        """Serve an accepted connection."""
        self._connections.take(connected, visit, partial(TutorServer, self._admission))

    def _spelling_of(self, name: str) -> str:
        """Return the spelling of a name that is known here, whatever its capitals.

        Names that a workshop's database has in two spellings stay two.
        """
        if listed := self._access.listed(name):
            return listed.name
        known = [*self.presence.names, *self._room.room.learners]
        if name in known:
            return name
        folded = name.casefold()
        return next((each for each in known if each.casefold() == folded), name)

    def _hear(self, row: Row) -> None:
        """Take what the other processes tell that is no event of the room."""
        self.presence.hear(row)
        if self._room.is_ready:  # else it is of long ago
            self._rosters.hear(row)

    def _take_news(self, news: Sequence[Happened]) -> None:
        """Free the names that those who teach have freed."""
        for each in news:
            may = self._room.room.may(each.who, each.event, each.at)
            if isinstance(each.event, NameFreed) and may:
                self._background.spawn(self.presence.free(each.event.name))

    def _tell_of_other_roster(self) -> None:
        """Let the log and the instructors know that another server has another list of names."""
        self.log.event("another list")
        self.presence.tell_instructors(
            message("Another server of this database lets in by another list of names: give all "
                    "the same --roster, or a --workshop of their own.")
        )  # fmt: skip

    def _tell_of_guessing(self, address: str, count: int) -> None:
        """Let the log and the instructors know that somebody guesses the code."""
        self.log.event("wrong codes", address=address, count=count)
        self.presence.tell_instructors(
            message("{count} wrong codes came from {address}: somebody may be guessing.",
                    count=count, address=address)
        )  # fmt: skip

    # --- time

    async def _look_after(self) -> None:
        """Once a second, for all sessions at once: idle ones, silent ones, the database."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _LOOK_SECONDS
            await asyncio.sleep(_LOOK_SECONDS)
            self.metrics.lagged(max(0.0, loop.time() - due))
            self.presence.end_idle(perf_counter())
            self._connections.end_stalled_exchanges(loop.time())
            self._database_watch.look()

    # --- the end

    async def wind_down(self, at_once: asyncio.Event) -> bool:
        """Tell all learners, wait until they have left or the time is over, and end.

        Return whether everything is in the database.
        """
        self.presence.close()
        self.presence.tell_of_stop()
        gone = asyncio.create_task(self.presence.wait_until_empty())
        hurry = asyncio.create_task(at_once.wait())
        seconds = self._limits.stop_seconds
        await asyncio.wait({gone, hurry}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        hurry.cancel()
        return await self.stop()

    async def stop(self, grace: float = 5.0) -> bool:
        """End all sessions in good order, then all connections, then what is left.

        Return whether everything is in the database; else say on stderr what is not.
        """
        await self.presence.send_home(grace)
        await self._connections.close()
        self._background.cancel()
        loop = asyncio.get_running_loop()
        lost = await loop.run_in_executor(self._database_thread, self._store.close)
        if lost:
            self.log.event("entries lost", count=lost)
        if self._store.waiting > 0:
            self.log.event("entries kept in a file", count=self._store.waiting)
        self._database_thread.shutdown(wait=False)
        self._threads.shutdown(wait=False, cancel_futures=True)
        unwritten = unwritten_words(self._store)
        if unwritten:
            print_visible(f"nabla: {' '.join(map(render, unwritten))}", to=sys.stderr)
        return not unwritten
