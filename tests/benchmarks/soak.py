"""A long workshop: does it need more memory, or answer later, at its end than at its start?

`python -m tests.benchmarks.soak [--minutes 30] [--learners 40]`

Learners with habits of their own work over loopback: they turn parameters, go on and back, read
the help, change the size of their window, leave and come again. All of them come from this one
process. Exit status 1 where a session crashed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.benchmarks.server import cpu_of, memory_of_all
from tests.server.clients import HELP, ON_MAP, Screen, connected, terminal
from tests.server.workshop import Workshop

_SIZES: Final = ((80, 24), (120, 36), (100, 30))
_LOOKS: Final = 10
"""How many times the workshop is measured."""
_PAUSE: Final = (0.7, 1.8)
"""Seconds from one key of a learner to the next: from, to."""
_ENTER, _RIGHT, _LEFT, _NEXT, _BACK, _ESCAPE = (
    b"\r",
    b"\x1b[C",
    b"\x1b[D",
    b"\x0e",
    b"\x02",
    b"\x1b",
)
_KEYS: Final = 40
"""The most that a learner presses before something else is done."""
_LESSON: Final = b"Goal"


@dataclass
class Look:
    """What was measured over one part of the time."""

    answers: list[float] = field(default_factory=list)
    """Seconds from each turn of a parameter to the first byte after it."""
    memory: float = 0.0
    cpu: float = 0.0


@dataclass
class Soak:
    """The workshop's pulse."""

    workshop: Workshop
    pids: list[int]
    until: float
    look: Look = field(default_factory=Look)
    comings: int = 0

    @property
    def is_over(self) -> bool:
        """Whether learners go home."""
        return time.monotonic() > self.until

    async def learner(self, number: int) -> None:
        """Work until it is over; leave now and then."""
        habits = random.Random(number)
        await asyncio.sleep(habits.uniform(0, 10))
        while not self.is_over:
            self.comings += 1
            name = f"learner{number}-{self.comings}"
            async with self._seat(name, habits) as screen:
                await screen.wait_for(_LESSON, screen.press(_ENTER))
                await self._turn_to_and_fro(screen, habits)
                await self._wander(screen, habits)
            async with self._seat(name, habits) as screen:
                await self._press(screen, _ENTER)
                await self._wander(screen, habits)

    @asynccontextmanager
    async def _seat(self, name: str, habits: random.Random) -> AsyncIterator[Screen]:
        async with connected(self.workshop, name) as connection:
            screen = await terminal(connection, habits.choice(_SIZES))
            await screen.wait_for(ON_MAP)
            yield screen

    async def _turn_to_and_fro(self, screen: Screen, habits: random.Random) -> None:
        """Turn the first step's parameter: each of these keys is answered, and measured."""
        for count in range(habits.randrange(2, _KEYS)):
            if self.is_over:
                return
            await asyncio.sleep(habits.uniform(*_PAUSE))
            began = time.perf_counter()
            await screen.wait_for(bool, screen.press(_LEFT if count % 2 else _RIGHT))
            self.look.answers.append(time.perf_counter() - began)

    async def _wander(self, screen: Screen, habits: random.Random) -> None:
        for _ in range(habits.randrange(_KEYS)):
            if self.is_over:
                return
            await asyncio.sleep(habits.uniform(*_PAUSE))
            await habits.choices(_HABITS, _WEIGHTS)[0](self, screen, habits)
            screen.seen = screen.seen[-4096:]

    async def _turn(self, screen: Screen, habits: random.Random) -> None:
        await self._press(screen, habits.choice((_LEFT, _RIGHT)))

    async def _go(self, screen: Screen, habits: random.Random) -> None:
        await self._press(screen, habits.choice((_NEXT, _NEXT, _BACK, _ENTER)))

    async def _read_help(self, screen: Screen, _habits: random.Random) -> None:
        await self._press(screen, HELP)
        await asyncio.sleep(1)
        await self._press(screen, _ESCAPE)

    async def _resize(self, screen: Screen, habits: random.Random) -> None:
        screen.channel.change_terminal_size(*habits.choice(_SIZES))

    async def _press(self, screen: Screen, key: bytes) -> None:
        """Press a key; nothing comes of some, such as one at the end of a range."""
        screen.press(key)


Habit = Callable[[Soak, Screen, random.Random], Awaitable[None]]
_HABITS: Final[tuple[Habit, ...]] = (Soak._turn, Soak._go, Soak._read_help, Soak._resize)
_WEIGHTS: Final = (80, 12, 4, 4)


async def soak(workshop: Workshop, learners: int, seconds: float) -> None:
    """Print a line for each look, then what changed."""
    pids = [int(str(each["pid"])) for each in workshop.events if each["event"] == "worker ready"]
    whole = Soak(workshop, pids, time.monotonic() + seconds)
    class_ = asyncio.gather(*(whole.learner(number) for number in range(learners)))
    looks: list[Look] = []
    print("minute  memory  p50     p95     keys/s  core  came")
    for _ in range(_LOOKS):
        whole.look, began, used = Look(), time.monotonic(), cpu_of(pids)
        await asyncio.sleep(seconds / _LOOKS)
        look, took = whole.look, time.monotonic() - began
        look.memory, look.cpu = memory_of_all(pids) / 2**20, (cpu_of(pids) - used) / took
        looks.append(look)
        minute = (seconds - (whole.until - time.monotonic())) / 60
        print(
            f"{minute:6.1f}  {look.memory:4.0f} MB  {_ms(look, 50)}  {_ms(look, 95)}"
            f"  {len(look.answers) / took:6.1f}  {look.cpu:4.2f}  {whole.comings:4d}",
            flush=True,
        )
    await class_
    first, last = looks[1], looks[-1]
    print(f"memory {last.memory - first.memory:+.0f} MB, p95 {_ms(first, 95)} → {_ms(last, 95)}")


def _ms(look: Look, percent: int) -> str:
    return f"{1000 * statistics.quantiles(look.answers, n=100)[percent - 1]:3.0f} ms"


def main() -> int:
    """Hold the workshop."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--learners", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        workshop = Workshop(Path(home), "--workers", "2")
        try:
            workshop.wait_for_event("worker ready", worker=1)
            workshop.wait_for_event("worker ready", worker=2)
            asyncio.run(soak(workshop, options.learners, 60 * options.minutes))
        finally:
            workshop.close()
    crashes = [str(each) for each in workshop.events if each["event"] == "crash"]
    print(*crashes, *workshop.noise, sep="\n")
    print(f"{len(crashes)} sessions crashed; {len(workshop.noise)} lines that are no log")
    return int(bool(crashes or workshop.noise))


if __name__ == "__main__":
    sys.exit(main())
