"""Learners at their own computers: what the program keeps of them, in every state it leaves."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from tests.walking import answer
from tests.written_by.reading import learners_read
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import LessonRun
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import NumberStep
from tutor.player.player import Player, Playing
from tutor.player.review import AT_MOST, ReviewPlayer, warm_up
from tutor.player.schedule import review_of
from tutor.store.model import LOCAL_LEARNER
from tutor.store.opening import open_store
from tutor.store.progress_store import ProgressStore

ROOT: Final = Path(__file__).parents[2]
FILE: Final = "progress.sqlite3"
MONDAY: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
_PROCESSES: Final = 40
"""In which the order of the indexes is looked for: one in six has the rarer one."""
_INDEXES: Final = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL"

OPEN: Final = """
import sys
from pathlib import Path
from tutor.store.opening import open_store
open_store(Path(sys.argv[1])).store.close()
"""


class Clock:
    """A learner's clock: it moves on by twenty seconds at each look."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=20)
        return self.at

    def sleep(self, days: float) -> None:
        """Let days go by."""
        self.at += timedelta(days=days)


class AtWork:
    """One learner with one store."""

    def __init__(
        self, catalog: Catalog, store: ProgressStore, clock: Clock, learner: str = LOCAL_LEARNER
    ) -> None:
        self.catalog, self.store, self.clock, self.learner = catalog, store, clock, learner

    def player(self, lesson: str, *, seed: int = 5) -> Player:
        """Open a lesson."""
        return Player(
            self.catalog.lesson(lesson), self.store, learner=self.learner, now=self.clock, seed=seed
        )

    def work(self, lesson: str, steps: int | None = None) -> Player:
        """Work so many steps of a lesson (None: all), each answered wrong first, then right."""
        player = self.player(lesson)
        work(player, steps)
        return player

    def look_back(self, *, rightly: int) -> None:
        """Sit down to what is due; of the questions, this many are answered rightly."""
        items = review_of(self.catalog, self.store, self.learner, self.clock()).due[:AT_MOST]
        play_review(
            ReviewPlayer(items, self.store, learner=self.learner, now=self.clock, seed=7,
                         title="Review"),
            rightly,
        )  # fmt: skip

    def warm_up(self, lesson: str) -> None:
        """Answer the two questions before a lesson."""
        player = warm_up(
            self.catalog.lesson(lesson), self.catalog, self.store, learner=self.learner,
            now=self.clock, seed=7,
        )  # fmt: skip
        assert player is not None
        play_review(player, 1)


def work(player: Playing, steps: int | None = None) -> None:
    """Answer so many steps (None: to the end), wrong first where the step is a question."""
    for _ in count() if steps is None else range(steps):
        if player.run.finished:
            return
        if player.run.step.is_question:
            answer_step(player, right=False)
            if player.run.state.outcome == "open":
                answer_step(player, right=True)
        player.send(ev.NextAsked())


def answer_step(player: Playing, *, right: bool) -> None:
    """Give an answer to the step."""
    for event in answers(player.run, right=right):
        if right and player.run.state.outcome == "done":
            return  # a goal may be reached by the first of several parameters
        player.send(event)


def answers(run: LessonRun, *, right: bool) -> Iterator[ev.Event]:
    """Yield the events of an answer."""
    for move in answer(run, right=right):
        yield from move.events


def play_review(player: ReviewPlayer, rightly: int) -> None:
    """Answer every question once."""
    for number in range(len(player.items)):
        answer_step(player, right=number < rightly)
        player.send(ev.NextAsked() if player.run.state.outcome != "open" else ev.StepSkipped())


# --- the files


def in_the_middle(catalog: Catalog, store: ProgressStore) -> None:
    """Two weeks of a learner: a lesson done, four begun, reviews, resets, things left half done."""
    clock = Clock()
    ana = AtWork(catalog, store, clock)
    ids = [lesson.id for lesson in catalog.lessons]
    ana.work(ids[3], 4)
    store.reset(LOCAL_LEARNER, None, clock())  # all that was done so far does not count
    ana.work(ids[0])
    clock.sleep(1.4)
    ana.look_back(rightly=4)
    ana.warm_up(ids[1])
    ana.work(ids[1], 15)
    _turn(ana.player(ids[1]))
    clock.sleep(3.2)
    ana.look_back(rightly=99)
    ana.work(ids[2], 13)
    ana.work(ids[4], 5)
    _ask_for_help(ana)
    ana.work(ids[5], 3)
    store.reset(LOCAL_LEARNER, ids[5], clock())
    ana.work(ids[5], 2)
    ana.work(ids[6], 1)
    store.reset(LOCAL_LEARNER, ids[6], clock())  # begun, reset, and not begun again
    clock.sleep(8)
    ana.look_back(rightly=9)
    _leave_half_done(ana, ids[3])


def _turn(player: Player) -> None:
    """Go back to an experiment, and leave one of its parameters elsewhere."""
    steps = player.run.lesson.steps
    player.send(ev.StepOpened(next(step.id for step in steps if step.kind == "experiment")))
    for name in list(player.run.state.values)[:1]:
        player.send(ev.ParameterTurned(name, 3))
    player.flush()


def _ask_for_help(ana: AtWork) -> None:
    """Miss a number, take hints, see the solution, ask for other numbers."""
    lesson, step = next(
        (lesson.id, step.id)
        for lesson in ana.catalog.lessons[1:]
        for step in lesson.steps
        if isinstance(step, NumberStep) and step.variants and len(step.hints) > 1
    )
    player = ana.player(lesson)
    player.send(ev.StepOpened(step))
    answer_step(player, right=False)
    for event in (ev.HintAsked(), ev.HintAsked(), ev.SolutionAsked(), ev.AnotherAsked()):
        player.send(event)
    answer_step(player, right=False)
    player.flush()


def _leave_half_done(ana: AtWork, lesson: str) -> None:
    """Skip a question, begin a program, move a guess, and go away."""
    player = ana.player(lesson)
    kinds = {step.kind: step.id for step in player.run.lesson.steps}
    player.send(ev.StepOpened(kinds["choice"]))
    answer_step(player, right=False)
    player.send(ev.StepSkipped())
    player.send(ev.StepOpened(kinds["code"]))
    player.send(ev.CodeChanged("def mine(x):\n    # η — half done\n    return x"))
    player.send(ev.StepOpened(kinds["predict"]))
    for name, value in player.run.state.values.items():
        player.send(ev.ParameterChanged(name, value + 0.25))
    player.flush()


def index_order(file: Path) -> tuple[str, ...]:
    """Return the indexes of a file in the order in which they were made."""
    with closing(sqlite3.connect(file)) as connection:
        return tuple(name for (name,) in connection.execute(_INDEXES))


def fresh_files(folder: Path) -> Sequence[Path]:
    """Return a new file for each order of the indexes that processes of the program make."""
    found: dict[tuple[str, ...], Path] = {}
    for number in range(_PROCESSES):
        file = folder / f"fresh-{number}" / FILE
        subprocess.run([sys.executable, "-c", OPEN, str(file)], cwd=ROOT, check=True)
        found.setdefault(index_order(file), file)
    return list(found.values())


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Keep every other process from writing to a SQLite file."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def waiting(catalog: Catalog, file: Path) -> dict[str, Any]:
    """Work while another holds the file, and leave while it still does; return what was read."""
    store = open_store(file).store
    ana = AtWork(catalog, store, Clock(MONDAY + timedelta(days=21)))
    for number in (0, 2):
        ana.work(catalog.lessons[number].id, 2)
    with locked(file):
        ana.work(catalog.lessons[6].id, 2)
        store.reset(LOCAL_LEARNER, catalog.lessons[2].id, ana.clock())
        read = learners_read(catalog, store, LOCAL_LEARNER)
        store.close()
    return read


def killed(file: Path) -> Any:
    """Let a program be killed that works on the file; return what it had read."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.written_by.killed", str(file)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    return json.loads(done.stdout)
