"""A class in a test: several programs in one loop, each process with its own reader."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from textual.pilot import Pilot

from tests.room.memory import MemoryEvents
from tests.tui.apps import at_rest, in_memory, tutor_app, until
from tutor.lesson.catalog import Catalog
from tutor.player.room_feed import RoomFeed
from tutor.player.room_member import RoomMember
from tutor.room.events import Event
from tutor.room.room import INSTRUCTOR
from tutor.tui.app import TutorApp
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.screens.room import RoomScreen

TEACHING, LEARNING = "teaching", "learning"
"""Two processes."""
LESSON = "gradients/derivative"
TILT = f"{LESSON}#tilt"
TILT = f"{LESSON}#tilt"


@dataclass
class Seat:
    """One person's program."""

    member: RoomMember
    app: TutorApp
    pilot: Pilot[None]
    feed: RoomFeed

    @property
    def lesson(self) -> LessonScreen:
        assert isinstance(self.app.screen, LessonScreen)
        return self.app.screen

    @property
    def step(self) -> str:
        return self.lesson.run.step.id

    @property
    def room(self) -> RoomScreen:
        assert isinstance(self.app.screen, RoomScreen)
        return self.app.screen

    @property
    def text(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in strips)

    @property
    def notices(self) -> str:
        return "\n".join(each.message for each in self.app._notifications)


class Classroom:
    """Programs that share a store of events."""

    def __init__(self, stack: AsyncExitStack, catalog: Catalog | None) -> None:
        self.store = MemoryEvents()
        self._catalog = catalog
        self._stack = stack
        self.feeds = {TEACHING: self.store.feed(), LEARNING: self.store.feed()}
        self.seats: list[Seat] = []

    async def seat(
        self,
        name: str,
        start_at: str | None = TILT,
        *,
        size: tuple[int, int] = (80, 24),
    ) -> Seat:
        """Let somebody come in."""
        feed = self.feeds[TEACHING if name == INSTRUCTOR else LEARNING]
        member = RoomMember(feed, name)
        store = self._stack.enter_context(in_memory())
        app = tutor_app(store, start_at, learner=name, room=member, catalog=self._catalog)
        pilot = await self._stack.enter_async_context(app.run_test(size=size))
        seat = Seat(member, app, pilot, feed)
        self.seats.append(seat)
        await self.until(seat, lambda: app.classroom is not None)
        await self.pass_on()
        return seat

    async def instructor(self, *, size: tuple[int, int] = (120, 36)) -> Seat:
        """Let the instructor come in."""
        seat = await self.seat(INSTRUCTOR, None, size=size)
        await self.until(seat, lambda: isinstance(seat.app.screen, RoomScreen))
        return seat

    async def tell(self, who: str, *events: Event) -> None:
        """Let somebody elsewhere do something, and all hear of it."""
        self.store.tell(who, *events)
        await self.pass_on()

    async def pass_on(self) -> None:
        """Let every process read what happened."""
        for seat in self.seats:
            await at_rest(seat.pilot)
        for feed in self.feeds.values():
            feed.flush()
        for feed in self.feeds.values():
            await feed.read()
        for seat in self.seats:
            await at_rest(seat.pilot)
            if isinstance(seat.app.screen, RoomScreen):
                seat.app.screen.show_room()

    async def until(self, seat: Seat, holds: Callable[[], bool]) -> None:
        """Let everybody work until the condition holds."""
        await until(seat.pilot, holds, lambda: seat.text)

    async def see(self, seat: Seat, *words: str) -> None:
        """Wait until the words are on somebody's screen."""
        await self.until(seat, lambda: all(each in seat.text for each in words))


@asynccontextmanager
async def classroom(catalog: Catalog | None = None) -> AsyncIterator[Classroom]:
    async with AsyncExitStack() as stack:
        yield Classroom(stack, catalog)
