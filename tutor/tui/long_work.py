"""Long computations, each in a thread of its own, that end when nobody wants them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.message import Message
from textual.message_pump import MessagePump

from tutor.errors import TutorError
from tutor.i18n import Text

_places: ContextVar[AbstractContextManager[object] | None] = ContextVar("places", default=None)


def share_places(places: AbstractContextManager[object]) -> None:
    """Let computations begun in this context wait for a place (a semaphore) among others'."""
    _places.set(places)


@dataclass(eq=False)
class _Job:
    """What is wanted, and whether it still is."""

    key: Hashable
    pieces: Callable[[], Iterator[Any]]
    is_cancelled: bool = False
    waiting: Any = None
    """The newest piece that the screen has not taken yet."""


class LongWork:
    """At most one thread of a kind; whoever wants something else waits until it has noticed.

    The threads are daemons: a computation that nothing can interrupt does not keep the program
    from ending.
    """

    @dataclass
    class PieceReady(Message, bubble=False):
        """A result, or a part of one, can be taken with `take`."""

        kind: str

    @dataclass
    class Ended(Message, bubble=False):
        """The work is done, was cancelled, was refused (`problem` says why) or failed."""

        kind: str
        key: Hashable
        problem: Text = ""
        failure: Exception | None = None

    def __init__(self, target: MessagePump) -> None:
        self._target = target
        self._running: dict[str, _Job] = {}
        self._next: dict[str, _Job] = {}
        self._lock = threading.Lock()

    def want(self, kind: str, key: Hashable, pieces: Callable[[], Iterator[Any]]) -> None:
        """See to it that this is computed; what else of the kind was wanted is not any more."""
        running = self._running.get(kind)
        if running is not None and running.key == key and not running.is_cancelled:
            self._next.pop(kind, None)
            return
        job = _Job(key, pieces)
        if running is None:
            self._start(kind, job)
        else:
            running.is_cancelled = True
            self._next[kind] = job

    def cancel(self, kind: str | None = None) -> bool:
        """Stop the work of one kind or of all; return whether there was any."""
        kinds = list(self._running) if kind is None else [kind]
        found = False
        for each in kinds:
            self._next.pop(each, None)
            running = self._running.get(each)
            if running is not None and not running.is_cancelled:
                running.is_cancelled = found = True
        return found

    def wanted(self) -> list[tuple[str, Hashable]]:
        """Return what is under way or waits, by kind and key."""
        running = {kind: job.key for kind, job in self._running.items() if not job.is_cancelled}
        waiting = {kind: job.key for kind, job in self._next.items()}
        return list({**running, **waiting}.items())

    def take(self, kind: str) -> tuple[Hashable, Any] | None:
        """Return the newest piece with its key; None where it is not wanted any more."""
        running = self._running.get(kind)
        if running is None or running.is_cancelled:
            return None
        with self._lock:
            piece, running.waiting = running.waiting, None
        return None if piece is None else (running.key, piece)

    def end(self, ended: Ended) -> None:
        """Take note of an end; begin what has been wanted meanwhile. What failed is raised."""
        if ended.failure is not None:
            raise ended.failure
        self._running.pop(ended.kind, None)
        job = self._next.pop(ended.kind, None)
        if job is not None:
            self._start(ended.kind, job)

    def _start(self, kind: str, job: _Job) -> None:
        self._running[kind] = job
        # In the context of the session: its language, and whether it may write files.
        work = partial(copy_context().run, self._work, kind, job)
        threading.Thread(target=work, name=kind, daemon=True).start()

    def _work(self, kind: str, job: _Job) -> None:
        problem: Text = ""
        failure: Exception | None = None
        try:
            with _places.get() or nullcontext():
                self._work_through(kind, job)
        except TutorError as error:
            problem = error.text
        except Exception as error:
            failure = error
        self._target.post_message(self.Ended(kind, job.key, problem, failure))

    def _work_through(self, kind: str, job: _Job) -> None:
        for piece in () if job.is_cancelled else job.pieces():
            if job.is_cancelled:
                break
            self._hand_over(kind, job, piece)

    def _hand_over(self, kind: str, job: _Job, piece: Any) -> None:
        """Leave a piece for the screen; tell it only if it has taken the one before."""
        with self._lock:
            is_untaken, job.waiting = job.waiting is not None, piece
        if not is_untaken:
            self._target.post_message(self.PieceReady(kind))
