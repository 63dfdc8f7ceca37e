"""A class of real SSH clients with different habits, and an instructor who follows a script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from tests.server.seats import Seat, seated
from tests.server.workshop import Workshop
from tests.terminal import Terminal
from tutor.lesson.catalog import load_catalog
from tutor.lesson.folders import find_lesson_folders

HABITS: Final = ("quick", "stuck", "wrong", "silent", "comes and goes")
RIGHT: Final = "At minute 5 she moves"
AVERAGE: Final = "Over the first five"
HEIGHT: Final = "By minute 5 she has come"
EXACTLY: Final = "In the minute that follows"
_AT_ONCE: Final = 4
"""Learners who come in at the same moment: more only wait for each other."""


@dataclass
class Person:
    """A learner with a habit."""

    name: str
    habit: str
    seat: Seat
    room: AsyncExitStack = field(default_factory=AsyncExitStack)
    """Closed, it hangs up."""

    def choose(self, words: str) -> None:
        """Take the choice that begins so: each learner has them in an order of their own."""
        row = next(line for line in self.seat.lines if words in line)
        self.seat.press(row.split(words)[0].strip(" ○●›▌│✗✓·")[0])


class ScriptedClass:
    """Everybody who is there."""

    def __init__(self, workshop: Workshop, teacher: Terminal) -> None:
        self.workshop, self.teacher = workshop, teacher
        self.people: list[Person] = []

    async def come_in(self, count: int) -> None:
        """Let so many learners come in, a few at a time."""
        doors = asyncio.Semaphore(_AT_ONCE)

        async def one(name: str, habit: str) -> Person:
            async with doors:
                return await self._enter(name, habit)

        habits = list(islice(cycle(HABITS), count))
        names = [f"{habit.split()[0]}{number:02}" for number, habit in enumerate(habits)]
        self.people = list(await asyncio.gather(*map(one, names, habits)))

    async def _enter(self, name: str, habit: str) -> Person:
        stack = AsyncExitStack()
        seat = await stack.enter_async_context(seated(self.workshop, name))
        await seat.wait_for("not started")
        return Person(name, habit, seat, stack)

    async def leave(self, person: Person) -> None:
        """Let somebody's connection break."""
        await person.room.aclose()

    async def come_back(self, person: Person) -> None:
        """Let somebody come in again, who is led to where the class is."""
        stack = AsyncExitStack()
        person.seat = await stack.enter_async_context(seated(self.workshop, person.name))
        person.room = stack

    async def go_home(self) -> None:
        """Close every connection."""
        for person in self.people:
            await person.room.aclose()

    def of(self, *habits: str) -> list[Person]:
        """Return the learners with these habits."""
        return [person for person in self.people if person.habit in habits]

    async def all_see(
        self, condition: str | Callable[[Seat], object], people: Sequence[Person] | None = None
    ) -> None:
        """Wait until it is on the screens of all."""
        seen = self.people if people is None else people
        await asyncio.gather(*(person.seat.wait_for(condition) for person in seen))

    async def teacher_sees(self, condition: str | Callable[[Terminal], object]) -> None:
        """Wait until it is on the instructor's screen, while all others go on."""
        await asyncio.to_thread(self.teacher.wait_for, condition)

    async def bring_to(self, step: str) -> None:
        """Bring everyone to a step (`gradients/derivative#tilt`), from the top of the list."""
        await self.teacher_presses("B", "Bring everyone to")
        self.teacher.press("home", *["down"] * steps().index(step), "enter")
        await asyncio.to_thread(self.teacher.wait_until_gone, "Bring everyone to")

    async def teacher_presses(self, key: str, then: str) -> None:
        """Press a key and wait for what it does."""
        self.teacher.press(key)
        await self.teacher_sees(then)

    async def teacher_types(self, key: str, title: str, text: str) -> None:
        """Press a key, and type a line into what it asks."""
        await self.teacher_presses(key, title)
        self.teacher.type(f"{text}\r")
        await asyncio.to_thread(self.teacher.wait_until_gone, "Enter takes it")

    async def teacher_finds(self, person: Person) -> None:
        """Put the cursor on a learner, by the search."""
        await self.teacher_presses("/", "/ Search f1 Help")
        self.teacher.type(person.name)
        await self.teacher_sees(lambda seen: _only(seen, person, self.people))
        await self.teacher_presses("enter", "M To one")

    async def teacher_leaves_search(self) -> None:
        """Show all learners again."""
        self.teacher.press("escape")
        await self.teacher_sees(lambda seen: len(_found(seen, self.people)) == len(self.people))


def _only(seen: Terminal, person: Person, people: Sequence[Person]) -> bool:
    typed = any(row.strip() == person.name for row in _roster(seen))
    return typed and _found(seen, people) == [person.name]


def _found(seen: Terminal, people: Sequence[Person]) -> list[str]:
    rows = _roster(seen)
    return [each.name for each in people if any(f" {each.name} " in row for row in rows)]


def _roster(seen: Terminal) -> list[str]:
    return [line.split("│")[0] for line in seen.lines[1:-1]]


def steps() -> list[str]:
    """Return every step in the order of the list."""
    catalog = load_catalog(find_lesson_folders())
    return [f"{lesson.id}#{step.id}" for lesson in catalog.lessons for step in lesson.steps]


def make_key(folder: Path) -> Path:
    """Return a new private key; its public one stands beside it."""
    import asyncssh

    key = folder / "instructor"
    private = asyncssh.generate_private_key("ssh-ed25519")
    private.write_private_key(str(key))
    private.write_public_key(f"{key}.pub")
    key.chmod(0o600)
    return key
