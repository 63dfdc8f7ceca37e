"""All sessions of one process: takes sockets, runs apps, keeps the limits."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property, partial
from random import SystemRandom
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, TypeVar

import asyncssh

from tutor.i18n import Message, locale_language, message, plural
from tutor.lesson.catalog import Catalog, find_lesson_folders, load_catalog
from tutor.lesson.glossary import Term, load_glossary
from tutor.player.room_feed import RoomFeed
from tutor.player.room_member import RoomMember
from tutor.server.access import Access, access_for
from tutor.server.connection import TutorServer
from tutor.server.driver import prepare_process
from tutor.server.host_key import open_host_key
from tutor.server.log import EventLog, take_over_libraries
from tutor.server.metrics import Metrics
from tutor.server.options import Limits, ServeOptions
from tutor.server.programs import ServedPrograms
from tutor.server.visit import Learner, Visit
from tutor.store.opening import Opening
from tutor.store.shared_store import SharedStore, open_shared_store
from tutor.store.trouble import StorageError
from tutor.store.workshop import NewEvent, WorkshopEvent
from tutor.tui.services import Services

if TYPE_CHECKING:
    from tutor.server.served_app import ServedApp
    from tutor.server.session import TerminalSession

_LOOK_SECONDS: Final = 1.0
_EMPTY_LOOK: Final = 0.05
_CLOSE_SECONDS: Final = 2.0
"""That clients have to close their connections themselves at the end."""
_THREADS: Final = 4

_EVENTS_AT_ONCE: Final = 500
ENTERED: Final = "entered"
"""The kind of the event by which all workers and machines know who is where."""

ELSEWHERE: Final = message("You came in from another terminal: this one was closed.")
CLOSING: Final = message("The workshop restarts; your progress is saved.")

T = TypeVar("T")


def open_worker(options: ServeOptions, number: int = 1) -> Worker:
    """Return a worker with everything that it needs, on the running loop.

    Raises:
        TutorError: A setting cannot work.
    """
    prepare_process()
    worker = Worker(
        options,
        access=access_for(options),
        host_key=open_host_key(options.folder),
        store=open_shared_store(options.database_url, patient=True),
        log=EventLog(options.log, worker=number if options.workers > 1 else None),
        metrics=Metrics(),
    )
    gc.collect()
    gc.freeze()  # what is loaded stays: a full collection would look at all of it again and again
    return worker


class Worker:
    """One process full of learners."""

    def __init__(
        self,
        options: ServeOptions,
        *,
        access: Access,
        host_key: asyncssh.SSHKey,
        store: SharedStore,
        log: EventLog,
        metrics: Metrics,
    ) -> None:
        self.options, self.access, self.log, self.metrics = options, access, log, metrics
        take_over_libraries(log)
        self._store = store
        self._database_thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._last_event = 0
        self._ssh = ssh_options(host_key, options.limits)
        self._sessions: dict[str, TerminalSession] = {}
        self._entered: Counter[tuple[str, str]] = Counter()
        self._connections: set[asyncssh.SSHServerConnection] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._most = -(-options.limits.sessions // max(1, options.workers))
        self._starting = asyncio.Semaphore(options.limits.starting)
        self._places = asyncio.Semaphore(options.limits.programs)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="worker")
        asyncio.get_running_loop().set_default_executor(self._threads)
        self._catalog: Catalog = load_catalog(find_lesson_folders())
        self._is_closed = self._is_away = False
        self._room = RoomFeed(store, workshop=options.workshop, executor=self._database_thread)
        self.spawn(self._look_after())
        self.spawn(self._room.run())

    @cached_property
    def _glossary(self) -> tuple[Term, ...]:
        return load_glossary(find_lesson_folders())

    # --- connections

    def take(self, connected: socket.socket, visit: Visit) -> None:
        """Serve an accepted connection."""
        self.log.event("connected", visit=visit.number, address=visit.address)
        self.spawn(self._serve(connected, visit))

    async def _serve(self, connected: socket.socket, visit: Visit) -> None:
        try:
            connection = await asyncssh.run_server(
                connected,
                config=None,
                options=self._ssh,
                server_factory=partial(TutorServer, self, visit),
            )
        except Exception as error:  # whatever a client can provoke: not all are asyncssh's own
            self.log.event("not entered", visit=visit.number, reason=type(error).__name__)
            connected.close()
            visit.ended()
            return
        self._connections.add(connection)
        try:
            await connection.wait_closed()
        finally:
            self._connections.discard(connection)
            visit.ended()

    def reject(self, visit: Visit, why: str) -> None:
        """Count and log a refusal."""
        self.metrics.rejected(why)
        self.log.event("rejected", visit=visit.number, address=visit.address, why=why)

    def count_connection(self, learner: Learner) -> None:
        """Count a connection that has entered, by address and name: a class shares addresses."""
        self._entered[learner.address, learner.name] += 1

    def forget_connection(self, learner: Learner) -> None:
        """A connection that had entered is gone."""
        self._entered[learner.address, learner.name] -= 1
        self._entered += Counter()  # forgets those at nought

    def may_connect(self, learner: Learner) -> bool:
        """Whether a learner has not more connections than allowed, this one counted."""
        return self._entered[learner.address, learner.name] <= self.options.limits.per_learner

    async def _in_database(self, call: Callable[..., T], *arguments: object) -> T:
        """Ask the database in a thread of its own: one that is away holds no screen up."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._database_thread, partial(call, *arguments))

    # --- sessions

    async def enter(self, session: TerminalSession) -> Message | None:
        """Let a session in, or return why not. An older one of the same name gives way."""
        learner = session.learner
        refusal = self._why_full(learner) or await self._claim_name(learner)
        if refusal is not None:
            return refusal
        older = self._sessions.get(learner.name)
        self._sessions[learner.name] = session
        if older is not None:
            older.leave(ELSEWHERE)
        session.opening = await self._in_database(self._store.enter, learner.name)
        self._store.append_event(
            NewEvent(
                workshop=self.options.workshop, learner=learner.name, kind=ENTERED,
                data={"session": session.id},
            )
        )  # fmt: skip
        self._count(session, "session")
        return None

    def _why_full(self, learner: Learner) -> Message | None:
        if self._is_closed:
            return CLOSING
        if learner.name in self._sessions or len(self._sessions) < self._most:
            return None
        self.metrics.rejected("full")
        self.log.event("full", name=learner.name)
        return message("The workshop is full just now: try again in a few minutes.")

    async def _claim_name(self, learner: Learner) -> Message | None:
        """Let the name belong to its learner's key; return why it cannot."""
        key = learner.is_bound_to
        if key is None:
            return None
        try:
            is_theirs = await self._in_database(self._store.claim_name, learner.name, key)
        except StorageError as error:
            self.log.event("database away", why=str(error))
            return message("The workshop's database is away: try again in a minute.")
        if is_theirs:
            return None
        self.metrics.rejected("name of another key")
        self.log.event("name of another key", name=learner.name, key=key)
        return message(
            "This name belongs to another key: choose another name, or name your key with ssh -i."
        )

    def _count(self, session: TerminalSession, what: str) -> None:
        self.metrics.sessions(len(self._sessions))
        self.log.event(what, name=session.learner.name, sessions=len(self._sessions))

    def left(self, session: TerminalSession) -> None:
        """Take a session out."""
        name = session.learner.name
        if self._sessions.get(name) is session:
            del self._sessions[name]
        if session.opening is not None:
            self.spawn(self._in_database(self._store.leave, name))
            self._count(session, "left")

    def reject_stalled(self, session: TerminalSession) -> None:
        """Count a client that reads nothing."""
        self.metrics.rejected("stalled")
        self.log.event("stalled", name=session.learner.name)

    async def begin_start(self, say_wait: Callable[[], None]) -> Callable[[], None]:
        """Wait for a place among those that start; return what gives it back, once."""
        if self._starting.locked():
            say_wait()
        await self._starting.acquire()
        held = [self._starting]

        def leave() -> None:
            while held:
                held.pop().release()

        return leave

    def new_app(self, learner: Learner, opening: Opening, environment: dict[str, str]) -> ServedApp:
        """Return a learner's tutor, not running yet, for a terminal that says this of itself."""
        from tutor.server.colours import color_system  # noqa: PLC0415 - Textual's settings first
        from tutor.server.served_app import ServedApp  # noqa: PLC0415 - Textual's settings first

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
        """Once a second, for all sessions at once: idle ones, news of others, the database."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _LOOK_SECONDS
            await asyncio.sleep(_LOOK_SECONDS)
            self.metrics.lagged(max(0.0, loop.time() - due))
            now = perf_counter()
            for session in list(self._sessions.values()):
                self._end_if_idle(session, now)
            await self._look_at_events()
            if (self._store.trouble is None) is self._is_away:
                self._is_away = not self._is_away
                self.log.event("database away" if self._is_away else "database back")

    async def _look_at_events(self) -> None:
        """End the sessions whose learners came in at another worker or machine."""
        while True:
            events = await self._in_database(
                partial(self._store.events_after, self._last_event, workshop=self.options.workshop)
            )
            for event in events:
                self._last_event = event.id
                if event.kind == ENTERED:
                    self._take_entered(event)
            if len(events) < _EVENTS_AT_ONCE:
                return

    def _take_entered(self, event: WorkshopEvent) -> None:
        session = self._sessions.get(event.learner or "")
        if session is None:
            return
        if event.data.get("session") == session.id:
            session.is_announced = True
        elif session.is_announced:  # else it is older than ours
            session.leave(ELSEWHERE)

    def _end_if_idle(self, session: TerminalSession, now: float) -> None:
        limits = self.options.limits
        left = session.last_input + 60 * limits.idle_minutes - now
        if left <= 0:
            self.log.event("idle", name=session.learner.name)
            session.leave(message("Nothing was typed for long: come back the same way."))
        elif left <= limits.idle_warning_seconds and not session.is_warned:
            session.is_warned = True
            session.notify(
                plural("Are you still there? Without a key this closes in {count} second.",
                       "Are you still there? Without a key this closes in {count} seconds.",
                       max(1, round(left)))
            )  # fmt: skip

    # --- the end

    def notify_all(self, words: Message) -> None:
        """Show a sentence to everybody."""
        for session in list(self._sessions.values()):
            session.notify(words)

    @property
    def session_count(self) -> int:
        """How many learners are here."""
        return len(self._sessions)

    def close_doors(self) -> None:
        """Let nobody in any more."""
        self._is_closed = True

    async def wait_until_empty(self) -> None:
        """Wait until every learner has left."""
        while self._sessions:
            await asyncio.sleep(_EMPTY_LOOK)

    async def stop(self, grace: float = 5.0) -> None:
        """End all sessions in good order, then all connections, then what is left."""
        for session in list(self._sessions.values()):
            session.leave(CLOSING)
        await self._wait_for(lambda: not self._sessions, grace)
        # A client that is hung up on right after its exit status reports a failure instead of it.
        await self._wait_for(lambda: not self._connections, _CLOSE_SECONDS)
        for connection in list(self._connections):
            connection.close()
        await self._wait_for(lambda: not self._connections, 1.0)
        for connection in list(self._connections):
            connection.abort()
        for task in list(self._tasks):
            if task is not asyncio.current_task():
                task.cancel()
        lost = await self._in_database(self._store.close)
        if lost:
            self.log.event("entries lost", count=lost)
        self._database_thread.shutdown(wait=False)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _wait_for(self, holds: Callable[[], bool], seconds: float) -> None:
        end = perf_counter() + seconds
        while not holds() and perf_counter() < end:
            await asyncio.sleep(0.02)

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something beside all else, and see to its errors."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.log.crash(error)


def ssh_options(host_key: asyncssh.SSHKey, limits: Limits) -> asyncssh.SSHServerConnectionOptions:
    """Return what the server agrees to: today's algorithms, a terminal, nothing else."""
    return asyncssh.SSHServerConnectionOptions(
        config=None,
        server_host_keys=[host_key],
        server_version="Nabla",
        kex_algs=[
            "mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org",
            "ecdh-sha2-nistp256",
        ],
        encryption_algs=[
            "chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com",
            "aes256-ctr",
        ],
        mac_algs=["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"],
        compression_algs=["none"],
        signature_algs=[
            "ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "sk-ecdsa-sha2-nistp256@openssh.com",
            "rsa-sha2-256", "rsa-sha2-512",
        ],
        password_auth=False,
        host_based_auth=False,
        gss_host=None,
        agent_forwarding=False,
        x11_forwarding=False,
        sftp_factory=None,
        allow_scp=False,
        line_editor=False,
        encoding=None,
        rdns_lookup=False,
        tcp_keepalive=True,
        login_timeout=limits.login_seconds,
        keepalive_interval=limits.keepalive_seconds,
        keepalive_count_max=3,
    )  # fmt: skip
