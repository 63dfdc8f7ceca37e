"""Turns and rates: no connection takes the time of the others."""

from __future__ import annotations

import asyncio
import math
from collections import Counter, deque
from collections.abc import Callable
from heapq import heappop, heappush
from time import thread_time
from typing import Final

from tutor.server.options import Limits


class Bucket:
    """A rate with a burst, of one second unless another is given."""

    def __init__(self, rate: float, now: float, burst: float | None = None) -> None:
        self._rate = rate
        self._burst = self._left = rate if burst is None else burst
        self._at = now

    def refill(self, now: float) -> None:
        """Let time pass."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now

    def take(self, amount: float) -> None:
        """Take an amount; it may go below nothing."""
        self._left -= amount

    @property
    def wait(self) -> float:
        """Seconds until it is no longer empty."""
        return max(0.0, -self._left / self._rate)

    @property
    def is_full(self) -> bool:
        """Whether nothing was taken that has not come back."""
        return self._left >= self._burst

    @property
    def is_empty(self) -> bool:
        """Whether one must wait."""
        return self._left <= 0


class Buckets:
    """A bucket for each of some names; those that are full again are forgotten."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._by_name: dict[str, Bucket] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def refilled(self, name: str) -> Bucket | None:
        """Return a bucket as it is now; None: it is full."""
        bucket = self._by_name.get(name)
        if bucket is not None:
            bucket.refill(asyncio.get_running_loop().time())
        return bucket

    def forget_full(self) -> None:
        """Let time pass, and forget who has waited long enough."""
        now = asyncio.get_running_loop().time()
        for each in self._by_name.values():
            each.refill(now)
        self._by_name = {who: each for who, each in self._by_name.items() if not each.is_full}

    def take(self, name: str) -> Bucket:
        """Take one of a bucket, and return it."""
        self.forget_full()
        now = asyncio.get_running_loop().time()
        bucket = self._by_name.setdefault(name, Bucket(self._rate, now, self._burst))
        bucket.take(1)
        return bucket


_OTHERS_SHARE: Final = 2
_LEAST_REST: Final = 0.001
"""Seconds: what a piece of work begins goes on after it, unmeasured."""


class WrongCodes:
    """Wrong codes by the address that they came from: who guesses in numbers waits their turn.

    A code is looked at once the bucket of its address has something left: of a class that shares
    an address all may mistype once, and from there on a stranger has two guesses a second,
    however many connections they hold.
    """

    RATE: Final = 2.0
    """Wrong codes a second from one address, once the burst is over."""

    def __init__(
        self, burst: int, report: Callable[[str, int], None], *, rate: float = RATE
    ) -> None:
        """`report` is told of an address that used its burst up, and how many it sent so far."""
        self._burst, self._report = burst, report
        self._counts: Counter[str] = Counter()
        self._buckets = Buckets(rate, burst - 1)  # empty as the last of the burst comes

    def wait_of(self, address: str) -> float:
        """Return the seconds until a code from there may be looked at."""
        bucket = self._buckets.refilled(address)
        return max(bucket.wait, _LEAST_REST) if bucket is not None and bucket.is_empty else 0.0

    def add(self, address: str) -> None:
        """Count one."""
        self._buckets.forget_full()
        self._counts = Counter({who: n for who, n in self._counts.items() if who in self._buckets})
        self._buckets.take(address)
        self._counts[address] += 1
        if self._counts[address] % self._burst == 0:
            self._report(address, self._counts[address])


class FairQueue:
    """One for all connections of a process."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Callable[[], object]] = deque()
        self._is_resting = False

    def pass_through(self, work: Callable[[], object]) -> None:
        """Do a piece of work when its turn has come: at once, where nobody waits."""
        self._waiting.append(work)
        if not self._is_resting:
            self._let_one_through()

    def _let_one_through(self) -> None:
        self._is_resting = bool(self._waiting)
        if not self._waiting:
            return
        began = self._loop.time()
        try:
            self._waiting.popleft()()
        finally:
            took = self._loop.time() - began
            rest = max(_OTHERS_SHARE * took, _LEAST_REST)
            self._loop.call_later(rest, self._let_one_through)


_LONGEST_TURN: Final = 0.5
"""Seconds after which the next one begins, whatever has become of a turn: it may wait itself."""

_LEAST_TURN: Final = 0.001
"""Seconds that a turn counts for at least."""


class Turns:
    """Whose keys are worked through and painted: of all sessions of a process, one at a time.

    Who took least of the time comes first (start-time fair queueing): a learner who presses a key
    now and then waits at most for the turn under way, however many others hold theirs down.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[float, float, int, Seat]] = []
        self._count = 0
        self._at_work: Seat | None = None
        self._is_going_on = False
        self._now = 0.0
        """When the turn under way began, by the time that each of those who wanted it has had."""

    def seat(self) -> Seat:
        """Return the place of a session."""
        return Seat(self)

    def ask(self, seat: Seat) -> None:
        """Let a session have its turn: at once, where nobody is at work."""
        seat.begins = max(self._now, seat.had)
        self._count += 1
        heappush(self._waiting, (seat.begins, seat.had, self._count, seat))
        self._go_on()

    def end(self, seat: Seat) -> None:
        """Let the next one begin."""
        if self._at_work is seat:
            self._at_work = None
            self._go_on()

    def _go_on(self) -> None:
        if self._is_going_on:  # a turn that ends as it begins: the loop below takes the next
            return
        self._is_going_on = True
        try:
            while self._waiting and self._at_work is None:
                self._now, _, _, seat = heappop(self._waiting)
                self._at_work = seat
                seat.begin()
        finally:
            self._is_going_on = False


class Seat:
    """One session among those that take turns."""

    def __init__(self, turns: Turns) -> None:
        self._turns, self._loop = turns, asyncio.get_running_loop()
        self._work: Callable[[], None] | None = None
        self._limit: asyncio.TimerHandle | None = None
        self._began = 0.0
        """By the CPU of this thread: what others of the machine take is nobody's turn."""
        self.begins = self.had = 0.0
        """By the time of the turns: when the next one begins, and when the last one ended."""

    def ask(self, work: Callable[[], None]) -> None:
        """Have `work` called when the turn has come; `done` is to be called after it."""
        self._work = work
        self._turns.ask(self)

    def begin(self) -> None:
        """The turn has come."""
        work, self._work = self._work, None
        self._began = thread_time()
        self._limit = self._loop.call_later(_LONGEST_TURN, self.done)
        if work is None:  # the session is over
            self.done()
        else:
            work()

    def done(self) -> None:
        """End the turn, if there is one; what others take of the CPU after it is not its own."""
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
            self.had = self.begins + max(thread_time() - self._began, _LEAST_TURN)
            self._turns.end(self)

    def leave(self) -> None:
        """The session is over."""
        self._work = None
        self.done()


_IN_A_ROW = 2
"""Starts of one learner that need no wait: who quits by mistake comes back at once."""


class StartQueue:
    """The starts of a process: a few at once, and each learner's with a while between."""

    def __init__(self, limits: Limits) -> None:
        self._places = asyncio.Semaphore(limits.starting)
        self._again = limits.again_seconds
        self._learners = Buckets(1 / self._again if self._again > 0 else math.inf, _IN_A_ROW)

    async def begin(self, name: str, say_wait: Callable[[], None]) -> Callable[[], None]:
        """Wait for a place among those that start; return what gives it back, once."""
        wait = self._wait_of(name)
        if wait > 0 or self._places.locked():
            say_wait()
        await asyncio.sleep(wait)
        await self._places.acquire()
        held = [self._places]

        def leave() -> None:
            while held:
                held.pop().release()

        return leave

    def _wait_of(self, name: str) -> float:
        """Return the seconds that a learner must wait, who comes in again and again."""
        if self._again <= 0:
            return 0.0
        return min(self._learners.take(name).wait, self._again)


SLICE: Final = 2_048
"""Bytes that are taken in one turn of the loop: at most sixty packets."""
MOST_UNREAD: Final = 524_288
"""Bytes that may wait for the client to read them; frames are dropped long before."""
_LOOK_AGAIN: Final = 0.05


class Throttle(asyncio.Protocol):
    """A protocol that hands on to another what comes, as fast as `rate` bytes a second."""

    def __init__(
        self,
        protocol: asyncio.Protocol,
        transport: asyncio.Transport,
        rate: float,
        queue: FairQueue,
    ) -> None:
        self._protocol, self._transport = protocol, transport
        self._queue_of_strangers: FairQueue | None = queue
        self._loop = asyncio.get_running_loop()
        self._bucket = Bucket(rate, self._loop.time())
        self._waiting = bytearray()
        self._next: asyncio.Handle | None = None
        self._is_queueing = False

    def let_in(self) -> None:
        """They have proved who they are: their bytes queue no more with those of strangers."""
        self._queue_of_strangers = None

    def data_received(self, data: bytes) -> None:
        """Hand on what may be handed on now, and stop reading while the rest waits."""
        self._waiting += data
        if self._next is None and not self._is_queueing:
            self._queue()

    def _queue(self) -> None:
        """Hand on now, or with strangers when it is their turn."""
        self._next = None
        if self._queue_of_strangers is None:
            self._hand_on()
        else:
            self._is_queueing = True
            self._transport.pause_reading()
            self._queue_of_strangers.pass_through(self._hand_on)

    def _hand_on(self) -> None:
        self._is_queueing = False
        if self._transport.is_closing():
            return
        self._bucket.refill(self._loop.time())
        must_wait = self._bucket.is_empty or self._transport.get_write_buffer_size() > MOST_UNREAD
        if not must_wait:
            part = bytes(self._waiting[:SLICE])
            del self._waiting[:SLICE]
            self._bucket.take(len(part))
            self._protocol.data_received(part)
        if not self._waiting:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()
            self._next = self._loop.call_later(_LOOK_AGAIN if must_wait else 0, self._queue)

    def eof_received(self) -> bool | None:
        """Hand on."""
        return self._protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Hand on; what still waits has nobody to answer to."""
        self._waiting.clear()
        if self._next is not None:
            self._next.cancel()
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """Hand on."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Hand on."""
        self._protocol.resume_writing()
