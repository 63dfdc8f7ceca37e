"""The program inside a test: real lessons, progress in memory, a fixed clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Final

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget

from tests.course import course
from tutor.engine.lab.lab import Lab
from tutor.i18n import LANGUAGES
from tutor.lesson.catalog import Catalog, load_catalog
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.glossary import load_glossary
from tutor.player.programs import Programs
from tutor.player.room_member import RoomMember
from tutor.store.opening import Opening, open_in_memory
from tutor.store.progress_store import ProgressStore
from tutor.tui.app import TutorApp
from tutor.tui.screens.lab import LabScreen
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.services import Services, Start, Unbuilt

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SAMPLES = Path(__file__).parents[1] / "sample_lessons"
_PATIENCE: Final = 60.0
"""Seconds; however busy the machine is, what takes longer never comes."""
_AT_ONCE: Final = 50
"""Turns of the loop that do not wait."""
_BREATH: Final = 0.01
SIZES = [(80, 24), (120, 36)]
BOTH_LANGUAGES = tuple(LANGUAGES)


@lru_cache
def sample_catalog() -> Catalog:
    """Return the sample lessons, which have a step of every kind, as a course."""
    with TemporaryDirectory() as folder:
        course_folder = Path(folder) / "gradients"
        course_folder.mkdir()
        for number, name in enumerate(("good", "grounds", "kinds"), 1):
            copyfile(SAMPLES / f"{name}.yaml", course_folder / f"0{number}-{name}.yaml")
        return load_catalog([Path(folder)])


@contextmanager
def in_memory() -> Iterator[ProgressStore]:
    store = open_in_memory()
    try:
        yield store
    finally:
        store.close()


def tutor_app(
    store: ProgressStore,
    start_at: str | None = None,
    *,
    catalog: Catalog | Unbuilt | None = None,
    dark: bool = True,
    learner: str = "ana",
    room: RoomMember | None = None,
    language: str = "en",
    lab: Lab | None = None,
    asks_language: bool = False,
    theme: str | None = None,
    keep_theme: Callable[[str], None] = lambda _: None,
    progress: Future[Opening] | None = None,
) -> TutorApp:
    """Return the program with a learner whose choices are always shuffled alike.

    `progress` may still have to come; without it, that of `store` is there.
    """
    opened: Future[Opening] = Future()
    opened.set_result(Opening(store, None))
    services = Services(
        catalog=catalog or course(),
        open_progress=lambda: progress or opened,
        learner=learner,
        now=lambda: NOON,
        new_seed=lambda: 5,
        glossary=lambda: load_glossary(find_lesson_folders()),
        open_programs=lambda: Programs(consented=True),
        room=room,
        theme=theme,
        keep_theme=keep_theme,
    )
    return TutorApp(
        services,
        Start(lesson=start_at, lab=lab, asks_language=asks_language),
        dark=dark,
        language=language,
    )


class FiveLineApp(App[None]):
    """A widget alone: nothing of the tutor around it."""

    def __init__(self, make: Callable[[], Sequence[Widget]]) -> None:
        super().__init__()
        self._make = make
        self.heard: list[object] = []

    def compose(self) -> ComposeResult:
        yield from self._make()


async def lesson_screen(pilot: Pilot[None]) -> LessonScreen:
    """Return the lesson's screen, once it is there and laid out."""
    await until(pilot, lambda: isinstance(pilot.app.screen, LessonScreen))
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, LessonScreen)
    return screen


async def until(
    pilot: Pilot[None], holds: Callable[[], bool], describe: Callable[[], str] = str
) -> None:
    """Let the program work until the condition holds; threads beside it have room to work too.

    Where it never does, `describe` says what is there instead.
    """
    given_up = time.monotonic() + _PATIENCE
    for turn in count():
        if holds():
            return
        if time.monotonic() > given_up:
            break
        await (pilot.pause() if turn < _AT_ONCE else pilot.pause(_BREATH))
    raise AssertionError(f"the condition never held\n{describe()}")


async def at_rest(pilot: Pilot[None]) -> None:
    """Let the program work until nothing is under way: no worker, no message, no computation.

    However busy the machine: what was asked for before has been shown when a callback that was
    asked for after it comes.
    """
    for _ in range(2):
        await until(pilot, lambda: _is_at_rest(pilot.app))
        screen, shown = pilot.app.screen, asyncio.Event()
        screen.call_after_refresh(shown.set)
        while not shown.is_set() and pilot.app.screen is screen:
            await asyncio.sleep(0)


def _is_at_rest(app: App[None]) -> bool:
    screen = app.screen
    if any(worker.is_running for worker in app.workers):
        return False
    if isinstance(screen, LabScreen) and not screen.is_settled:
        return False
    return not any(node.message_queue_size for node in [app, screen, *screen.walk_children()])
