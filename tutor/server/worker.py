"""All sessions of one process: takes sockets, runs apps, keeps the limits."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property, partial
from random import SystemRandom
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import asyncssh

from tutor.i18n import Message, locale_language, message, plural
from tutor.lesson.catalog import Catalog, find_lesson_folders, load_catalog
from tutor.lesson.glossary import Term, load_glossary
from tutor.server.access import Access
from tutor.server.connection import TutorServer
from tutor.server.log import EventLog
from tutor.server.metrics import Metrics
from tutor.server.options import Limits, ServeOptions
from tutor.server.programs import ServedPrograms
from tutor.server.visit import Learner, Visit
from tutor.store.opening import Opening
from tutor.store.progress_store import ProgressStore
from tutor.tui.services import Services

if TYPE_CHECKING:
    from tutor.server.served_app import ServedApp
    from tutor.server.session import TerminalSession

_LOOK_SECONDS: Final = 1.0
_THREADS: Final = 4


class Worker:
    """One process full of learners."""

    def __init__(
        self,
        options: ServeOptions,
        *,
        access: Access,
        host_key: asyncssh.SSHKey,
        store: ProgressStore,
        log: EventLog,
        metrics: Metrics,
    ) -> None:
        self.options, self.access, self.log, self.metrics = options, access, log, metrics
        self._store = store
        self._ssh = ssh_options(host_key, options.limits)
        self._sessions: dict[str, TerminalSession] = {}
        self._owners: dict[str, str] = {}
        self._connections: set[asyncssh.SSHServerConnection] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._most = -(-options.limits.sessions // max(1, options.workers))
        self._starting = asyncio.Semaphore(options.limits.starting)
        self._places = asyncio.Semaphore(options.limits.programs)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="worker")
        asyncio.get_running_loop().set_default_executor(self._threads)
        self._catalog: Catalog = load_catalog(find_lesson_folders())
        self._is_stopping = False
        self.spawn(self._look_after())

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
        except (OSError, asyncssh.Error) as error:
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

    async def owner_of(self, name: str) -> str | None:
        """Return the fingerprint of the key that a name belongs to."""
        return self._owners.get(name)

    def bind(self, learner: Learner) -> None:
        """Let a name belong to the key that proved it first."""
        if learner.is_bound_to is not None:
            self._owners.setdefault(learner.name, learner.is_bound_to)

    # --- sessions

    async def enter(self, session: TerminalSession) -> Message | None:
        """Let a session in, or return why not. An older one of the same name gives way."""
        name = session.learner.name
        older = self._sessions.get(name)
        if older is None and len(self._sessions) >= self._most:
            self.metrics.rejected("full")
            self.log.event("full", name=name)
            return message("The workshop is full just now: try again in a few minutes.")
        self._sessions[name] = session
        if older is not None:
            older.leave(message("You came in from another terminal: this one was closed."))
        self.metrics.sessions(len(self._sessions))
        self.log.event("session", name=name, sessions=len(self._sessions))
        return None

    def left(self, session: TerminalSession) -> None:
        """Take a session out."""
        name = session.learner.name
        if self._sessions.get(name) is session:
            del self._sessions[name]
        self.metrics.sessions(len(self._sessions))
        self.log.event("left", name=name, sessions=len(self._sessions))

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

    def new_app(self, learner: Learner, environment: dict[str, str]) -> ServedApp:
        """Return a learner's tutor, not running yet, for a terminal that says this of itself."""
        from tutor.server.colours import color_system  # noqa: PLC0415 - Textual's settings first
        from tutor.server.served_app import ServedApp  # noqa: PLC0415 - Textual's settings first

        opening: Future[Opening] = Future()
        opening.set_result(Opening(self._store, None))
        services = Services(
            catalog=self._catalog,
            open_progress=lambda: opening,
            learner=learner.name,
            now=lambda: datetime.now(UTC),
            new_seed=lambda: SystemRandom().randrange(2**31),
            open_programs=lambda: ServedPrograms(self._places),
            glossary=lambda: self._glossary,
        )
        language, colours = locale_language(environment), color_system(environment)
        return ServedApp(services, language=language, colours=colours)

    # --- time

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            now = perf_counter()
            for session in list(self._sessions.values()):
                self._end_if_idle(session, now)

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

    async def stop(self, grace: float = 5.0) -> None:
        """End all sessions in good order, then all connections, then what is left."""
        for session in list(self._sessions.values()):
            session.leave(message("The workshop restarts; your progress is saved."))
        await self._wait_for(lambda: not self._sessions, grace)
        for connection in list(self._connections):
            connection.close()
        await self._wait_for(lambda: not self._connections, 1.0)
        for connection in list(self._connections):
            connection.abort()
        for task in list(self._tasks):
            if task is not asyncio.current_task():
                task.cancel()
        self._store.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _wait_for(self, holds: Callable[[], bool], seconds: float) -> None:
        end = perf_counter() + seconds
        while not holds() and perf_counter() < end:
            await asyncio.sleep(0.02)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something beside all else, and see to its errors."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
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
