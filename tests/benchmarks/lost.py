"""Is anything lost that a learner saw judged, when everything is killed at any moment?

Each round starts the program, lets learners answer a question with numbers that were never given
before, kills everything with SIGKILL while they answer, and starts it again. Five learners sit in a
workshop of two workers, over SSH, on SQLite and on PostgreSQL (which in every other round dies,
too, and is started again); one sits at a tutor in a terminal. At the end the database is compared
with the screens.

An answer is acknowledged when its verdict stands on the screen without the words that it is not
written yet. Of these, the next start must have each once, as it was given, in its order. What is
promised is this: the death of any of our processes, or of the database server's, takes nothing.
A failure of power or of the kernel is another matter: SQLite in WAL mode with `synchronous =
NORMAL` may then take back its last commits (it never damages the file), the files in which answers
wait are flushed (`fsync`) by one learner's tutor and not by a workshop, and PostgreSQL keeps what
its own settings say.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import asyncssh

from tests.benchmarks.report import Row
from tests.emulator import Emulator
from tests.server.seats import Seat, seated
from tests.server.workshop import Workshop
from tests.store.postgres import PostgresServer
from tests.terminal import Terminal
from tutor.store.model import LOCAL_LEARNER, Attempt, ResumePoint
from tutor.store.opening import open_store
from tutor.store.progress_store import ProgressStore
from tutor.store.shared_store import open_shared_store

_LESSON: Final = "gradients/derivative"
_STEP: Final = "sixth-minute"
_QUESTION: Final = "Your answer"
_NOT_YET: Final = "not written yet"
_FIRST: Final = 30_000
"""Numbers from here on are all wrong in the same way, and shown with all their digits."""
_NAMES: Final = ("ana", "ben", "cem", "dia", "eva")
_MOST: Final = 25
"""A round ends after at most so many answers, and a blink of chance."""
_BLINK: Final = 0.1
"""Seconds."""


@dataclass(slots=True)
class Learner:
    """What one learner has given, and what they were told of it, over all rounds."""

    name: str
    given: list[int] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)

    def next(self, round_: int) -> int:
        """Return a number that was never given: the round, and a count."""
        first = _FIRST + 100 * round_
        self.given.append(first + sum(each >= first for each in self.given))
        return self.given[-1]

    def look(self, screen: Emulator) -> bool:
        """Note it where the verdict on the last answer is painted; say whether it is."""
        last = self.given[-1]
        is_judged = screen.shows(f"{last} is not it") and not screen.shows(_NOT_YET)
        if is_judged and last not in self.acknowledged:
            self.acknowledged.append(last)
        return is_judged


@dataclass(frozen=True, slots=True)
class Found:
    """What the database has of what was acknowledged."""

    acknowledged: int
    lost: Sequence[str]
    doubled: Sequence[str]
    changed: Sequence[str]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is lost, doubled or changed."""
        return not (self.lost or self.doubled or self.changed)


def compared(learners: Iterable[Learner], attempts: Callable[[str], list[Attempt]]) -> Found:
    """Compare what learners saw with what is kept of them."""
    lost, doubled, changed = [], [], []
    people = list(learners)
    for each in people:
        kept = [attempt for attempt in attempts(each.name) if attempt.step == _STEP]
        numbers = Counter(attempt.answer for attempt in kept)
        given = set(map(str, each.given))
        lost += [f"{each.name} {n}" for n in each.acknowledged if str(n) not in numbers]
        doubled += [f"{each.name} {n}" for n, count in numbers.items() if count > 1]
        changed += [f"{each.name} {a}" for a in kept if a.answer not in given or a.correct]
        order = [int(answer) for answer in numbers if answer in given]
        changed += [f"{each.name}: another order"] * (order != sorted(order))
    return Found(sum(len(each.acknowledged) for each in people), lost, doubled, changed)


def _at_the_question(learner: str) -> ResumePoint:
    return ResumePoint(
        learner=learner, lesson=_LESSON, step=_STEP, completed=2, total=14, done=False,
        state={"seed": 1, "step": _STEP, "steps": {}}, at=datetime.now(UTC),
    )  # fmt: skip


# --- a workshop


class KilledWorkshop:
    """A workshop that is killed with everything in it, again and again."""

    def __init__(self, home: Path, postgres: PostgresServer | None, chance: random.Random) -> None:
        self._home, self._postgres, self._chance = home, postgres, chance
        self._url = (
            f"sqlite:///{home}/server/workshop.sqlite3"
            if postgres is None
            else postgres.url(postgres.new_database())
        )
        (home / "server").mkdir(parents=True)
        self.learners = [Learner(name) for name in _NAMES]
        store = open_shared_store(self._url)
        for name in _NAMES:
            store.progress.save_resume(_at_the_question(name))
        assert store.flush(), store.trouble
        store.close()

    async def round(self, number: int) -> None:
        """Start everything, let all answer, kill everything."""
        workshop = await asyncio.to_thread(
            Workshop, self._home, "--workers", "2", "--penalty", "0", "--database", self._url
        )
        acknowledged = sum(len(each.acknowledged) for each in self.learners)
        enough = acknowledged + self._chance.randrange(1, _MOST)
        done = asyncio.Event()

        def heard() -> None:
            if sum(len(each.acknowledged) for each in self.learners) >= enough:
                done.set()

        at_work = [
            asyncio.create_task(_answer(workshop, each, number, heard)) for each in self.learners
        ]
        waiting = asyncio.create_task(done.wait())
        ended, _ = await asyncio.wait([*at_work, waiting], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(self._chance.random() * _BLINK)
        self._kill(workshop, with_database=number % 2 == 1)
        for each in [task for task in ended if task is not waiting]:
            each.result()
        await asyncio.gather(*at_work)
        waiting.cancel()

    def _kill(self, workshop: Workshop, *, with_database: bool) -> None:
        processes = family_of(workshop.process.pid)
        assert len(processes) > 2, "the workers are not there"
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        if self._postgres is not None and with_database:
            self._postgres.crash()
        workshop.close()
        if self._postgres is not None and with_database:
            self._postgres.start()

    def found(self) -> Found:
        """Start once more, and look."""
        store = open_shared_store(self._url, spill=self._home / "server")

        def attempts(learner: str) -> list[Attempt]:
            store.enter(learner)
            return store.progress.attempts(learner)

        try:
            return compared(self.learners, attempts)
        finally:
            store.close()


def family_of(process: int) -> list[int]:
    """Return the processes that this one has started, and those that they have; itself first."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(each for child in children for each in family_of(int(child)))]


async def _answer(
    workshop: Workshop, learner: Learner, number: int, heard: Callable[[], None]
) -> None:
    """Come in, and answer until the connection breaks; read what still came before it did."""
    seat: Seat | None = None
    try:
        async with seated(workshop, learner.name) as seat:
            await seat.wait_for("Continue: ")
            seat.press("enter")
            await seat.wait_for(_QUESTION)
            while True:
                if not _is_empty(seat):
                    seat.press("ctrl+u")  # by itself: a bound key may come after typed ones
                    await seat.wait_for(_is_empty)
                seat.type(f"{learner.next(number)}\r")
                await seat.wait_for(learner.look)
                heard()
    except (AssertionError, OSError, asyncssh.Error):
        if workshop.process.poll() is None:
            raise
        if seat is not None and learner.given:
            learner.look(seat)


def _is_empty(screen: Emulator) -> bool:
    """Whether nothing stands in the field, as after every answer has been rubbed out."""
    row = next((line for line in screen.lines if _QUESTION in line), "")
    return bool(row) and not any(map(str.isdigit, row.partition(_QUESTION)[2]))


def _workshop(home: Path, rounds: int, postgres: PostgresServer | None) -> Found:
    killed = KilledWorkshop(home, postgres, random.Random(rounds))

    async def all_rounds() -> None:
        for number in range(1, rounds + 1):
            await killed.round(number)
            _tell(number, killed.learners)

    asyncio.run(all_rounds())
    return killed.found()


# --- one learner's own tutor


def _tutor(home: Path, rounds: int) -> Found:
    chance, learner = random.Random(rounds), Learner(LOCAL_LEARNER)
    file = home / "nabla" / "progress.sqlite3"
    store = open_store(file).store
    store.save_resume(_at_the_question(LOCAL_LEARNER))
    store.close()
    for number in range(1, rounds + 1):
        command = [sys.executable, "-m", "tutor", "run", _LESSON]
        with Terminal(command, home=home) as terminal:
            _answer_at_home(terminal, learner, number, chance)
        _tell(number, [learner])
    return _kept_at_home(file, learner)


def _answer_at_home(
    terminal: Terminal, learner: Learner, number: int, chance: random.Random
) -> None:
    terminal.wait_for(_QUESTION)
    for _ in range(chance.randrange(1, _MOST // 3)):
        _type_next(terminal, learner, number)
        terminal.wait_for(learner.look)
    _type_next(terminal, learner, number)
    with suppress(AssertionError):  # it is killed at any moment after the key
        terminal.wait_for(learner.look, chance.random() * _BLINK)
    terminal.kill()
    with suppress(AssertionError):
        terminal.wait_for(learner.look)
    learner.look(terminal)


def _type_next(terminal: Terminal, learner: Learner, number: int) -> None:
    if not _is_empty(terminal):
        terminal.press("ctrl+u")  # by itself: a bound key may come after typed ones
        terminal.wait_for(_is_empty)
    terminal.type(f"{learner.next(number)}\r")


def _kept_at_home(file: Path, learner: Learner) -> Found:
    store: ProgressStore = open_store(file).store
    try:
        return compared([learner], store.attempts)
    finally:
        store.close()


# --- all of them


def run(quick: bool) -> list[Row]:
    """Return what was lost, on SQLite, on PostgreSQL and at home."""
    rounds = 3 if quick else 100
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            _row("a learner's own tutor", rounds, _tutor(Path(folder) / "tutor", rounds)),
            _row("a workshop of five, SQLite", rounds, _workshop(Path(folder) / "s", rounds, None)),
        ]
        server = PostgresServer()
        try:
            found = _workshop(Path(folder) / "p", rounds, server)
        finally:
            server.remove()
    return [*rows, _row("a workshop of five, PostgreSQL", rounds, found)]


def _row(name: str, rounds: int, found: Found) -> Row:
    for kind in ("lost", "doubled", "changed"):
        for each in getattr(found, kind):
            print(f"{name}: {kind}: {each}", file=sys.stderr)
    counts = f"{len(found.lost)} lost, {len(found.doubled)} doubled, {len(found.changed)} changed"
    return Row(
        name=f"{name}: of what {rounds} × SIGKILL acknowledged",
        ours=f"{counts} of {found.acknowledged}",
        peer="", theirs="", ratio="", target="0 lost, 0 doubled, 0 changed",
        reached=found.is_whole and found.acknowledged >= rounds,
    )  # fmt: skip


def _tell(number: int, learners: Sequence[Learner]) -> None:
    count = sum(len(each.acknowledged) for each in learners)
    print(f"  round {number}: {count} acknowledged so far", file=sys.stderr)
