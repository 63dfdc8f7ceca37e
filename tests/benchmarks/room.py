"""A class of 300: what the instructor's screen and the database pay for it.

A made-up class that is led answers and moves on, each learner every twenty seconds, in two
processes' worth of readers and writers on one database, SQLite's and PostgreSQL's. Counted are all
statements of the room (reads, writes, signs of life); timed are the way of an event from one
process into the other, and a refresh of the instructor's screen at 200×60, from the room's value to
the whole frame painted.
"""

from __future__ import annotations

import asyncio
import gc
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine, event

from tests.benchmarks.report import Row
from tests.store.postgres import PostgresServer
from tutor.lesson.catalog import Catalog, load_catalog
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.misconceptions import MISCONCEPTIONS
from tutor.player.room_feed import RoomFeed
from tutor.player.room_member import RoomMember
from tutor.room import events as ev
from tutor.room.events import Happened
from tutor.room.room import INSTRUCTOR
from tutor.store.opening import Opening, open_in_memory
from tutor.store.shared_store import SharedStore, open_shared_store
from tutor.tui.app import TutorApp
from tutor.tui.screens.room import RoomScreen
from tutor.tui.services import Services

LEARNERS: Final = 300
EACH_SECONDS: Final = 20.0
"""Between two things that a learner does."""
PROCESSES: Final = 2
REFRESH_MS, STATEMENTS, SEEN_MS = 50.0, 30.0, 1500.0
"""The targets."""


def run(quick: bool) -> list[Row]:
    """Return what a class of 300 costs."""
    rows = []
    for name, database in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        with database() as url:
            if url is None:
                continue
            found = asyncio.run(_measured(url, 6.0 if quick else 30.0, 20 if quick else 100))
        room = f"room of 300, {name}"
        rows += [
            _row(f"{room}: refresh of the screen, median", found.refresh_ms, "ms", REFRESH_MS),
            _row(f"{room}: refresh of the screen, p95", found.refresh_p95_ms, "ms", REFRESH_MS),
            _row(f"{room}: statements a second", found.statements, "", STATEMENTS),
            _row(f"{room}: seen by another process, worst", found.seen_ms, "ms", SEEN_MS),
        ]
    return rows


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'workshop.db'}"


@contextmanager
def _postgres() -> Iterator[str | None]:
    """Yield the URL of a new database; None where there is no PostgreSQL."""
    try:
        server = PostgresServer()
    except pytest.skip.Exception:
        yield None
        return
    try:
        yield server.url(server.new_database())
    finally:
        server.remove()


@dataclass(frozen=True, slots=True)
class _Found:
    refresh_ms: float
    refresh_p95_ms: float
    statements: float
    seen_ms: float


def _row(name: str, value: float, unit: str, limit: float | None) -> Row:
    return Row(
        name=name, ours=f"{value:.4g} {unit}".strip(), peer="", theirs="", ratio="",
        target="" if limit is None else f"≤ {limit:g} {unit}".strip(),
        reached=None if limit is None else value <= limit,
        ours_ms=value if unit == "ms" else None,
    )  # fmt: skip


async def _measured(url: str, seconds: float, refreshes: int) -> _Found:
    with _stores(url) as stores:
        feeds = [RoomFeed(store) for store in stores]
        catalog = load_catalog(find_lesson_folders())
        names = [f"learner {number:03}" for number in range(LEARNERS)]
        for number, name in enumerate(names):
            feeds[number % PROCESSES].enter(name)
        await asyncio.to_thread(_flush, stores)
        readers = [asyncio.create_task(feed.run()) for feed in feeds]
        try:
            statements, seen = await _work(seconds, feeds, names, catalog)
            async with _room_screen(feeds[0], catalog) as screen:
                await _refreshes(screen, 3)  # the first lay out and load
                gc.freeze()  # as `nabla room` does once it has loaded the course
                times = await _refreshes(screen, refreshes)
        finally:
            for reader in readers:
                reader.cancel()
    return _Found(
        statistics.median(times) * 1e3, sorted(times)[int(0.95 * len(times))] * 1e3,
        statements, max(seen) * 1e3,
    )  # fmt: skip


@contextmanager
def _stores(url: str) -> Iterator[list[SharedStore]]:
    stores = [open_shared_store(url) for _ in range(PROCESSES)]
    try:
        yield stores
    finally:
        for store in stores:
            store.close()


def _flush(stores: list[SharedStore]) -> None:
    for store in stores:
        store.flush()


async def _work(
    seconds: float, feeds: list[RoomFeed], names: list[str], catalog: Catalog
) -> tuple[float, list[float]]:
    """Let the class work; return the statements a second, and how long each probe was under way."""
    chance = random.Random(5)
    seen: list[float] = []
    probes: dict[str, float] = {}

    def look(happened: Sequence[Happened]) -> None:
        now = time.perf_counter()
        known = {each.who for each in happened if isinstance(each.event, ev.Answered)}
        seen.extend(now - probes.pop(who) for who in known & set(probes))

    feeds[0].subscribe(look)
    others = [name for number, name in enumerate(names) if number % PROCESSES]
    with _counted() as count:
        began, pause = time.perf_counter(), EACH_SECONDS / LEARNERS
        while time.perf_counter() - began < seconds:
            who = chance.choice(names)
            told = _something(chance, catalog)
            if who in others and isinstance(told, ev.Answered):
                probes.setdefault(who, time.perf_counter())
            feeds[names.index(who) % PROCESSES].tell(who, told)
            await asyncio.sleep(pause)
        statements = len(count) / (time.perf_counter() - began)
    await asyncio.sleep(2.0)
    return statements, seen


def _something(chance: random.Random, catalog: Catalog) -> ev.Event:
    lesson = catalog.lessons[0]
    step = chance.choice(lesson.steps[:4])
    if chance.random() < 0.5:
        return ev.Moved(lesson.id, step.id)
    wrong = chance.random() < 0.4
    return ev.Answered(
        lesson.id, step.id, step.kind, "1", not wrong,
        chance.choice(list(MISCONCEPTIONS)) if wrong else None, choice=chance.randrange(4),
    )  # fmt: skip


@contextmanager
def _counted() -> Iterator[list[str]]:
    """Count every statement of every engine."""
    said: list[str] = []

    def note(*arguments: object) -> None:
        said.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@asynccontextmanager
async def _room_screen(feed: RoomFeed, catalog: Catalog) -> AsyncIterator[RoomScreen]:
    opening: Future[Opening] = Future()
    opening.set_result(Opening(open_in_memory(), None))
    services = Services(
        catalog=catalog, open_progress=lambda: opening, learner=INSTRUCTOR,
        now=lambda: datetime.now(UTC), new_seed=lambda: 5, room=RoomMember(feed, INSTRUCTOR),
    )  # fmt: skip
    app = TutorApp(services)
    feed.tell(INSTRUCTOR, ev.LeadTaken())
    feed.tell(INSTRUCTOR, ev.Led(catalog.lessons[0].id, catalog.lessons[0].steps[1].id))
    async with app.run_test(size=(200, 60)) as pilot:
        while not isinstance(app.screen, RoomScreen):
            await pilot.pause()
        yield app.screen


async def _refreshes(screen: RoomScreen, count: int) -> list[float]:
    """Return the seconds from the room's value to the painted frame, after each change of it."""
    times = []
    chance = random.Random(7)
    member, catalog = screen.leading.member, screen.leading.catalog
    feed = member._feed
    for _ in range(count):
        feed.tell(f"learner {chance.randrange(LEARNERS):03}", _something(chance, catalog))
        feed.flush()
        await asyncio.sleep(0.05)
        await feed.read()
        began = time.perf_counter()
        screen.show_room()
        screen._compositor.render_update(full=True)
        times.append(time.perf_counter() - began)
    return times
