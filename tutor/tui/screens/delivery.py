"""What a lesson's screen hands on: events to the player; programs, if they may run here, too."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.timer import Timer
from textual.widgets import Static
from textual.worker import Worker

from tutor.engine.kinds.code import WantedProgram
from tutor.engine.lesson.events import Event
from tutor.i18n import Text, message, render
from tutor.player.player import Playing
from tutor.player.programs import Programs
from tutor.sandbox.protection import Protection

_KEYS_REST: Final = 0.3
"""Seconds without a change after which turned parameters are kept on disk."""
_RETRY: Final = 5.0
"""Seconds between tries to write what could not be written."""


class Delivery:
    """Hands events to the player, and has them shown: an answer when it is written, or soon.

    What comes while an answer waits, waits.
    """

    def __init__(
        self,
        screen: Screen[Any],
        player: Playing,
        show: Callable[[], None],
        mark: Callable[[tuple[str, ...]], None],
    ) -> None:
        """`show` shows the lesson as it is now, `mark` the steps of answers not written yet."""
        self._screen, self._player = screen, player
        self._show, self._mark = show, mark
        self._coming: deque[Event] = deque()
        self._patience: Timer | None = None
        self._retries: Timer | None = None
        self._rest: Timer | None = None
        self._trouble: Text = ""

    def take(self, event: Event) -> None:
        """Move the lesson on by an event and show it."""
        self._coming.append(event)
        self._go_on()

    def _show_now(self) -> None:
        """Show the lesson, and keep what was turned when the keys rest."""
        self.follow_receipts()
        self._show()
        if self._player.run.finished:
            return
        if self._rest is not None:
            self._rest.stop()
        self._rest = self._screen.set_timer(_KEYS_REST, self._player.flush)

    def follow_receipts(self) -> None:
        """Mark the answers that are not written yet; say why, once that is known."""
        unwritten, trouble = self._player.receipts.unwritten, self._player.trouble
        self._mark(unwritten)
        if trouble and not self._trouble:
            self._screen.notify(render(trouble), severity="warning", timeout=10)
        self._trouble = trouble
        if unwritten and self._retries is None:
            self._retries = self._screen.set_interval(_RETRY, self._retry)
        elif self._retries is not None and not unwritten:
            self._retries.stop()
            self._retries = None

    def _go_on(self) -> None:
        while self._coming and self._patience is None:
            self._send(self._coming.popleft())

    def _send(self, event: Event) -> None:
        receipts = self._player.receipts
        before = receipts.last
        self._player.send(event)
        if receipts.last is not before and receipts.last is not None:
            receipts.last.add_done_callback(self._written)
            if not receipts.last.done() and not self._player.trouble:
                self._patience = self._screen.set_timer(receipts.patience, self._end_patience)
                return
        self._show_now()

    def _written(self, _: Future[None]) -> None:
        """Called by whichever thread has written an answer."""
        if self._screen.is_attached:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                self._screen.call_later(self._answer_was_written)

    def _answer_was_written(self) -> None:
        last = self._player.receipts.last
        if self._patience is not None and last is not None and last.done():
            self._end_patience()
        else:
            self.follow_receipts()

    def _end_patience(self) -> None:
        """Show the answer that was waited for, and go on with what came meanwhile."""
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
            self._show_now()
            self._go_on()

    def _retry(self) -> None:
        self._player.retry()
        self.follow_receipts()


class ProgramRuns:
    """Runs programs beside a screen, which stays free; leaving the step stops its program."""

    def __init__(
        self, screen: Screen[Any], programs: Programs, take: Callable[[Event], None]
    ) -> None:
        self._screen = screen
        self._programs = programs
        self._take = take
        self._wanted: WantedProgram | None = None
        self._worker: Worker[None] | None = None

    def follow(self, wanted: WantedProgram | None) -> None:
        """Run what is wanted now, and nothing else."""
        if wanted == self._wanted:
            return
        if self._worker is not None:
            self._worker.cancel()
        self._wanted, self._worker = wanted, None
        if wanted is not None:
            self._worker = self._screen.run_worker(partial(self._run, wanted), group="program")

    async def _run(self, wanted: WantedProgram) -> None:
        await self._ask_consent()
        event = await self._programs.run(wanted)
        if self._wanted == wanted:
            self._wanted = self._worker = None  # it is over: nothing is left to stop
            self._take(event)

    async def _ask_consent(self) -> None:
        protection = await self._programs.consent_for()
        if protection is None:
            return
        if await self._screen.app.push_screen_wait(ConsentScreen(protection)):
            trouble = self._programs.consent()
            if trouble:
                self._screen.notify(render(trouble), severity="warning", timeout=10)


class ConsentScreen(ModalScreen[bool]):
    """Says what the program is kept from and what not. Nothing but a clear yes is one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape,q", "answer(False)", "No"),
    ]

    def __init__(self, protection: Protection) -> None:
        super().__init__()
        self._protection = protection

    def compose(self) -> ComposeResult:
        """Lay the question out."""
        found = self._protection
        title = render(message("May your programs run on this computer?"))
        words = [
            message("This step runs the Python that you write yourself."),
            found.against,
            found.not_against,
            *([found.reason] if found.reason is not None else []),
            message("y: yes, from now on   n: no, not now"),
        ]
        with Vertical(id="consent"):
            yield Static(Content.styled(title, "bold $text-primary"), markup=False)
            for sentence in words:
                yield Static(render(sentence), markup=False)

    def action_answer(self, answer: bool) -> None:
        """Hand the answer back."""
        self.dismiss(answer)
