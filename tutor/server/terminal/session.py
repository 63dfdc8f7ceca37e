"""One learner's terminal: the SSH session, and the app that runs in it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

import asyncssh
from textual.geometry import Size

from tutor.i18n import Message, Session, begin_session, locale_language, message, render
from tutor.server.admission.authentication import ONLY_THE_TUTOR
from tutor.server.admission.connections import Learner
from tutor.server.admission.fair_queue import StartQueue, Turns
from tutor.server.admission.presence import TOOK_OVER, Presence
from tutor.server.log import EventLog
from tutor.server.metrics import Metrics
from tutor.server.options import Limits
from tutor.server.private.connection import WaitingBytes, unsent_bytes
from tutor.server.terminal.driver import MOST, SshDriver, Wire, serve_app
from tutor.server.terminal.lines import LineTerminal
from tutor.server.terminal.output import Pipe, TerminalOutput
from tutor.server.terminal.served_app import AppFactory, ServedApp
from tutor.store.opening import Opening
from tutor.tui.terminal import clamp
from tutor.visible import shows_signs

_COMMANDS: Final = ("", "plain", "plain --ascii")
"""What may be asked for: the tutor, or its lessons as lines of text."""
_DUMB: Final = "dumb"
"""The TERM of what can only print lines."""
_REFUSED: Final = 1
_LOST: Final = 1
"""Exit status where answers end with the server."""
_FAILED: Final = 70
_LEAVE_SECONDS: Final = 5.0
"""That an app may take to end."""
_SETTLED_SECONDS: Final = 1.0
"""After the first picture: what is said before the map stands is not shown."""
_SHOWN_SECONDS: Final = 20
"""For which a sentence stands."""
_CLOSE_SECONDS: Final = 3.0
"""That the client may take to close the connection after its session."""
_WAIT_SECONDS: Final = 20.0
"""From the opened channel to the request for a shell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionServices:
    """What all sessions of a process share."""

    limits: Limits
    presence: Presence
    starts: StartQueue
    turns: Turns
    log: EventLog
    metrics: Metrics
    spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
    apps: AppFactory


class TerminalSession(asyncssh.SSHServerSession[bytes]):
    """What asyncssh tells of one channel, and what runs there."""

    def __init__(
        self,
        services: SessionServices,
        connection: asyncssh.SSHServerConnection,
        learner: Learner,
    ) -> None:
        self._services, self._connection = services, connection
        self.learner = learner
        self.id = secrets.token_hex(8)
        self.opening: Opening | None = None
        self.new_pin: str | None = None
        self.has_entered = self.is_announced = self.is_warned = self.took_over = False
        self.last_input = perf_counter()
        self.output: TerminalOutput | None = None
        self._channel: asyncssh.SSHServerChannel[bytes]
        self._terminal: str | None = None
        self._size = Size(80, 24)
        self._command: str | None = None
        """What was asked for; empty: the tutor, None: something that we do not have."""
        self._lines: LineTerminal | None = None
        self._app: ServedApp | None = None
        self._driver: SshDriver | None = None
        self._task: asyncio.Task[None] | None = None
        self._last_words: Message | None = None
        self._is_gone = False
        self._waits = asyncio.get_running_loop().call_later(_WAIT_SECONDS, connection.abort)

    # --- what the client says

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Keep the channel."""
        self._channel = chan

    def pty_requested(
        self,
        term_type: str | None,
        term_size: tuple[int, int, int, int],
        _term_modes: Mapping[int, int],
    ) -> bool:
        """Take the terminal."""
        self._terminal = term_type or "xterm"
        self._size = clamp(*term_size[:2], MOST)
        return True

    def shell_requested(self) -> bool:
        """Run the tutor."""
        self._command = ""
        return True

    def exec_requested(self, command: str) -> bool:
        """Take a command: there is but one, `plain`."""
        self._command = command.strip()
        return True

    def subsystem_requested(self, _subsystem: str) -> bool:
        """Take a subsystem (sftp), to say that there are none."""
        return True

    def session_started(self) -> None:
        """Begin."""
        self._waits.cancel()
        if self._command not in _COMMANDS:
            self._channel.write_stderr(f"{ONLY_THE_TUTOR}\r\n".encode())
            self._end(_REFUSED)
            return
        self.output = TerminalOutput(self._pipe(), self._services.limits.stalled_seconds)
        if self._command or self._terminal in (None, _DUMB):
            self._lines = LineTerminal(
                self.output.write_always,
                is_terminal=self._terminal is not None,
                pause=self._channel.pause_reading,
                resume=self._channel.resume_reading,
            )
        self._task = self._services.spawn(self._run(self.output))

    def terminal_size_changed(
        self, width: int, height: int, _pixwidth: int, _pixheight: int
    ) -> None:
        """Take a new size of the window."""
        self._size = clamp(width, height, MOST)
        if self._driver is not None:
            self._driver.resize(width, height)

    def data_received(self, data: bytes, _datatype: asyncssh.DataType) -> None:
        """Take what the learner does."""
        self.last_input = perf_counter()
        self.is_warned = False
        if self._lines is not None:
            self._lines.feed(data)
        elif self._driver is not None and self.output is not None:
            self.output.asked_at = self.output.asked_at or asyncio.get_running_loop().time()
            self._driver.feed(data)

    def eof_received(self) -> bool:
        """Without input nobody learns: leave, where lines came once they are answered."""
        if self._lines is not None:
            self._lines.end_input()
            return True
        self.leave()
        return False

    def break_received(self, _msec: int) -> bool:
        """Let a break be."""
        return True

    def connection_lost(self, _exc: Exception | None) -> None:
        """The learner is gone; what was done is kept already."""
        self._is_gone = True
        self._waits.cancel()
        if self.output is not None:
            self.output.close()
        self.leave()
        asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self._connection.close)

    # --- what the server says

    def notify(self, words: Message, seconds: float = _SHOWN_SECONDS) -> None:
        """Show a sentence in the learner's tutor."""
        app = self._app
        if app is not None and app.is_running:
            app.call_later(lambda: app.notify(render(words), timeout=seconds, severity="warning"))
        elif self._lines is not None:
            self._lines.say(words)

    def leave(self, last_words: Message | None = None) -> None:
        """Let the app end in good order, and end it where it does not."""
        self._last_words = self._last_words or last_words
        task, app = self._task, self._app
        if task is None or task.done():
            return
        if self._lines is not None:
            self._lines.close()
        if self._lines is not None or (app is not None and app.is_running):
            if app is not None:
                app.exit()
            asyncio.get_running_loop().call_later(_LEAVE_SECONDS, task.cancel)
        else:
            task.cancel()

    def abort(self) -> None:
        """Close the connection now."""
        self._connection.abort()

    # --- the app

    async def _run(self, output: TerminalOutput) -> None:
        environment = self._environment()
        begin_session(Session(locale_language(environment)))
        status, ending = _REFUSED, list[Message]()
        try:
            presence = self._services.presence
            refusal = await presence.enter(self)
            if refusal is not None:
                ending = [refusal, *filter(None, [self._words_of_pin()])]
            if self.opening is not None:
                status, words = await self._run_tutor(output, self.opening, environment)
                if not self._is_gone:
                    ending = await presence.last_words(self.learner, words)
                    ending += filter(None, [self._words_of_pin()])
                    if presence.loses_answers(self.learner):
                        status = _LOST
        except asyncio.CancelledError:
            ending = [] if self._last_words is None else [self._last_words]
        except Exception as error:
            status, ending = _FAILED, [self._crashed(error)]
        finally:
            self._services.metrics.frames_dropped(output.dropped)
            self._services.presence.left(self)
            self._say(*ending)
            self._end(status)

    async def _run_tutor(
        self, output: TerminalOutput, opening: Opening, environment: dict[str, str]
    ) -> tuple[int, Message | None]:
        began = perf_counter()
        leave_start = await self._services.starts.begin(
            self.learner.name,
            lambda: self._say(message("Many are coming in just now: one moment, please.")),
        )

        def has_started() -> None:
            leave_start()
            self._services.metrics.started(perf_counter() - began)
            if pin := self._words_of_pin():
                asyncio.get_running_loop().call_later(_SETTLED_SECONDS, self.notify, pin, 60)
            if self.took_over:
                asyncio.get_running_loop().call_later(_SETTLED_SECONDS, self.notify, TOOK_OVER)

        if self._lines is not None:
            has_started()
            await self._services.apps.run_plain(
                self.learner, opening, self._lines,
                width=self._size.width, ascii_only=self._wants_ascii(environment),
            )  # fmt: skip
            return 0, self._last_words
        output.on_first_frame(has_started)
        output.on_answer(self._services.metrics.answered)
        try:
            app = self._app = self._services.apps.new(self.learner, opening, environment)
            serve_app(app, self._wire(output))
            await app.run_async(size=(self._size.width, self._size.height))
        finally:
            leave_start()
            if self._app is not None:
                self._app.leave_class()  # however it ended
        if app.failure is not None:
            return _FAILED, self._crashed(app.failure)
        return 0, self._last_words

    def _pipe(self) -> Pipe:
        channel, connection = self._channel, self._connection
        deferred = WaitingBytes(connection)
        return Pipe(
            write=channel.write,
            unread=lambda: channel.get_write_buffer_size() + unsent_bytes(connection) + deferred(),
            give_up=self._give_up,
        )

    def _wire(self, output: TerminalOutput) -> Wire:
        def attach(driver: SshDriver) -> None:
            self._driver = driver

        return Wire(
            output=output,
            limits=self._services.limits,
            seat=self._services.turns.seat(),
            pause=self._channel.pause_reading,
            resume=self._channel.resume_reading,
            attach=attach,
        )

    def _environment(self) -> dict[str, str]:
        """Return what the client says of its terminal and language, and nothing else."""
        sent = self._channel.get_environment()
        own = {name: value for name, value in sent.items() if _is_wanted(name)}
        return own | {"TERM": self._terminal or "xterm"}

    def _wants_ascii(self, environment: Mapping[str, str]) -> bool:
        """Whether signs beyond ASCII cannot be shown: it was said, or locale or terminal say so."""
        said = [environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")]
        locale = next(filter(None, said), "utf-8").lower()
        encoding = "utf-8" if "utf-8" in locale or "utf8" in locale else locale
        shows = shows_signs(environment.get("TERM"), encoding)
        return not shows or (self._command or "").endswith("--ascii")

    def _words_of_pin(self) -> Message | None:
        if self.new_pin is None:
            return None
        return message(
            "Your PIN for the name {name} is {pin}. Write it down: you are asked for it when you "
            "come back.",
            name=self.learner.name, pin=self.new_pin,
        )  # fmt: skip

    def _crashed(self, error: BaseException) -> Message:
        self._services.metrics.crashed()
        error_id = self._services.log.crash(error, name=self.learner.name)
        return message(
            "Something went wrong, error {id}: tell the instructor the number if it happens again.",
            id=error_id,
        )

    def _give_up(self) -> None:
        self._services.metrics.rejected("stalled")
        self._services.log.event("stalled", name=self.learner.name)
        self.abort()

    def _say(self, *sentences: Message) -> None:
        if self.output is not None and sentences:
            self.output.write_always("".join(f"{render(each)}\r\n" for each in sentences))

    def _end(self, status: int) -> None:
        if not self._is_gone:
            with suppress(OSError):
                self._channel.exit(status)
            asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self._connection.close)


def _is_wanted(name: str) -> bool:
    return name in ("LANG", "COLORTERM", "TERM_PROGRAM") or name.startswith("LC_")
