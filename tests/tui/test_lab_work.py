"""Long work: one thread of a kind, newest wish first, and nothing lost of what fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextvars import ContextVar, copy_context
from queue import Queue
from threading import Event, Semaphore

import pytest
from textual.app import App

from tests.tui.apps import until
from tutor.engine.descent.setup import Setup
from tutor.errors import TutorError
from tutor.tui.long_work import LongWork, share_places
from tutor.tui.screens.lab_runs import LabRuns, is_quick, rates_for


class Worker(App[None]):
    """Keeps what its work brings."""

    def __init__(self) -> None:
        super().__init__()
        self.work = LongWork(self)
        self.taken: list[object] = []
        self.ended: list[LongWork.Ended] = []

    def on_long_work_piece_ready(self, event: LongWork.PieceReady) -> None:
        self.taken.append(self.work.take(event.kind))

    def on_long_work_ended(self, event: LongWork.Ended) -> None:
        self.ended.append(event)
        if event.failure is None:
            self.work.end(event)


def brings(*pieces: object) -> Iterator[object]:
    yield from pieces


async def test_the_last_piece_always_arrives():
    app = Worker()
    async with app.run_test() as pilot:
        app.work.want("sweep", "key", lambda: brings(*range(1, 1000)))
        await until(pilot, lambda: bool(app.ended))
        assert ("key", 999) == [each for each in app.taken if each][-1]


async def test_another_wish_waits_until_the_first_has_noticed():
    """The pieces of what is not wanted any more are dropped."""
    app = Worker()
    gate = threading.Event()

    def slow() -> Iterator[int]:
        gate.wait(60)
        yield 1
        yield 2

    async with app.run_test() as pilot:
        app.work.want("run", "old", slow)
        app.work.want("run", "new", lambda: brings("piece"))
        assert [("run", "new")] == app.work.wanted()
        gate.set()
        await until(pilot, lambda: len(app.ended) == 2)
        assert [("new", "piece")] == [each for each in app.taken if each]


async def test_the_same_wish_again_changes_nothing():
    app = Worker()
    gate = threading.Event()

    def slow() -> Iterator[int]:
        gate.wait(60)
        yield 1

    async with app.run_test() as pilot:
        app.work.want("run", "key", slow)
        app.work.want("run", "key", slow)
        gate.set()
        await until(pilot, lambda: bool(app.ended))
        assert [("key", 1)] == [each for each in app.taken if each]
        assert [] == app.work.wanted()


async def test_a_refusal_comes_as_a_problem_and_a_failure_as_itself():
    app = Worker()

    def refuses() -> Iterator[int]:
        yield 1
        raise TutorError("too large")

    def fails() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    async with app.run_test() as pilot:
        app.work.want("a", 1, refuses)
        app.work.want("b", 2, fails)
        await until(pilot, lambda: len(app.ended) == 2)
        found = {each.kind: (each.problem, type(each.failure)) for each in app.ended}
        assert {"a": ("too large", type(None)), "b": ("", ZeroDivisionError)} == found


async def test_only_runs_of_a_few_milliseconds_are_made_at_once():
    assert is_quick(Setup(steps=10_000))
    assert not is_quick(Setup(steps=1_000_000))
    app = Worker()
    async with app.run_test():
        runs = LabRuns(app.work)
        runs.have([Setup(steps=7)])
        made = runs.run(Setup(steps=7))
        assert made is not None
        assert 7 == made.steps_done
        runs.have([Setup(steps=1_000_000)])
        assert [("run", Setup(steps=1_000_000))] == app.work.wanted()
        app.work.cancel()


def test_the_sweep_reaches_beyond_the_largest_safe_rate():
    """0.01x² + 0.1x has λ = 0.02, so the limit is 100."""
    rates = rates_for(Setup(objective="shallow-parabola", start=(15.0,)))
    assert pytest.approx([1e-4, 400.0]) == [rates[0], rates[-1]]


class Target:
    """Takes messages of threads."""

    def __init__(self) -> None:
        self.messages: Queue[object] = Queue()

    def post_message(self, message: object) -> bool:
        self.messages.put(message)
        return True


def test_work_is_done_in_the_context_in_which_it_was_asked_for():
    """There, a served session says that no file may be written."""
    whose: ContextVar[str] = ContextVar("whose")
    target = Target()
    work = LongWork(target)  # type: ignore[arg-type]
    whose.set("ana")
    work.want("run", 1, lambda: iter([whose.get()]))
    target.messages.get(timeout=60)
    assert (1, "ana") == work.take("run")


def test_work_waits_for_a_place_among_others():
    places = Semaphore(1)
    target = Target()
    work = LongWork(target)  # type: ignore[arg-type]
    began: Queue[str] = Queue()
    go_on = Event()

    def pieces(name: str) -> Iterator[str]:
        began.put(name)
        go_on.wait(60)
        yield name

    def ask() -> None:
        share_places(places)
        work.want("one", 1, lambda: pieces("one"))
        assert "one" == began.get(timeout=60)
        work.want("two", 2, lambda: pieces("two"))

    copy_context().run(ask)
    assert not places.acquire(blocking=False)
    assert began.empty()
    go_on.set()
    assert "two" == began.get(timeout=60)
