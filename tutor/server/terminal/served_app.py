"""The tutor as a workshop serves it: the same app, without what belongs to one's own computer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from random import SystemRandom
from threading import Semaphore
from typing import Final, TextIO, cast

from rich.color import ColorSystem
from textual import events, on
from textual.filter import LineFilter
from textual.widgets import Input, TextArea

import tutor.tui.app
from tutor.charts.ascii_art import cells_to_ascii
from tutor.engine.kinds.code import WantedProgram
from tutor.engine.lesson.events import CodeChecked, CodeRunEnded
from tutor.i18n import locale_language, message, session_language
from tutor.lesson.catalog import Catalog
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.glossary import Term, load_glossary
from tutor.plain.console import Console
from tutor.plain.course import PlainTutor
from tutor.player.files import refuse_files
from tutor.player.programs import Programs
from tutor.player.room_feed import RoomFeed
from tutor.player.room_member import RoomMember
from tutor.server.admission.connections import Learner
from tutor.server.options import Limits
from tutor.server.private.painting import PaintsChanges
from tutor.server.terminal.lines import LineTerminal, in_thread
from tutor.server.terminal.sgr import FewerColours, color_system
from tutor.store.opening import Opening
from tutor.tui.app import TutorApp
from tutor.tui.long_work import share_places
from tutor.tui.services import Services

NO_FILES: Final = message(
    "In a workshop nothing is written to files: they would stand on the server. Your "
    "answers are kept; on your own computer `nabla` exports them."
)


class ServedPrograms(Programs):
    """The programs of one session; all sessions of a worker share the places."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        super().__init__(is_served=True)
        self._places = places

    async def run(self, wanted: WantedProgram) -> CodeChecked | CodeRunEnded:
        """Return what came of a program; it waits until there is a place."""
        async with self._places:
            return await super().run(wanted)


class AppFactory:
    """Makes the tutors of one process, which share their lessons, their room and their places."""

    def __init__(self, limits: Limits, catalog: Catalog, room: RoomFeed) -> None:
        self._catalog, self._room = catalog, room
        self._programs = asyncio.Semaphore(limits.programs)
        share_places(Semaphore(limits.computations))
        import_module("tutor.tui.screens.lesson")  # every learner's, or the first would wait for it

    @cached_property
    def _glossary(self) -> tuple[Term, ...]:
        return load_glossary(find_lesson_folders())

    def new(self, learner: Learner, opening: Opening, environment: dict[str, str]) -> ServedApp:
        """Return a learner's tutor, not running yet, for a terminal that says this of itself."""
        opened: Future[Opening] = Future()
        opened.set_result(opening)
        services = Services(
            catalog=self._catalog,
            open_progress=lambda: opened,
            learner=learner.name,
            now=lambda: datetime.now(UTC),
            new_seed=lambda: SystemRandom().randrange(2**31),
            open_programs=lambda: ServedPrograms(self._programs),
            glossary=lambda: self._glossary,
            room=RoomMember(self._room, learner.name, key=learner.is_bound_to or ""),
        )
        language, colours = locale_language(environment), color_system(environment)
        return ServedApp(services, language=language, colours=colours)

    async def run_plain(
        self,
        learner: Learner,
        opening: Opening,
        terminal: LineTerminal,
        *,
        width: int,
        ascii_only: bool,
    ) -> None:
        """Run the lessons as lines until the learner leaves, in a thread of its own."""
        member = RoomMember(
            self._room, learner.name, key=learner.is_bound_to or "",
            report_by=asyncio.get_running_loop().call_soon_threadsafe,
        )  # fmt: skip
        tutor = PlainTutor(
            catalog=self._catalog.in_language(session_language()),
            store=opening.store,
            learner=learner.name,
            now=lambda: datetime.now(UTC),
            new_seed=lambda: SystemRandom().randrange(2**31),
            console=Console(
                cast("TextIO", terminal), cast("TextIO", terminal), width,
                spell=cells_to_ascii if ascii_only else str,
            ),
            programs=ProgramsFromThread(ServedPrograms(self._programs)),
            member=member,
        )  # fmt: skip
        refuse_files(NO_FILES)
        member.join(lambda _news: None)
        try:
            await in_thread(tutor.run)
        finally:
            member.leave()


class ProgramsFromThread(Programs):
    """A session's programs, run on the server's loop for who waits in another thread."""

    def __init__(self, programs: Programs) -> None:
        super().__init__(is_served=True)
        self._programs, self._loop = programs, asyncio.get_running_loop()

    async def run(self, wanted: WantedProgram) -> CodeChecked | CodeRunEnded:
        """Return what came of a program."""
        there = asyncio.run_coroutine_threadsafe(self._programs.run(wanted), self._loop)
        return await asyncio.wrap_future(there)


class ServedApp(PaintsChanges, TutorApp, inherit_bindings=True):
    """One learner's tutor among many in this process."""

    CSS_PATH = str(Path(tutor.tui.app.__file__).with_name("app.tcss"))

    def on_load(self) -> None:
        """Write no file: it would stand on the server."""
        refuse_files(NO_FILES)

    def __init__(self, services: Services, *, language: str, colours: ColorSystem) -> None:
        super().__init__(services, language=language)
        self.has_few_colours = colours == ColorSystem.STANDARD
        self._colours = () if colours == ColorSystem.TRUECOLOR else (FewerColours(colours),)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line goes through, last the colours of the learner's terminal."""
        return [*super().get_line_filters(), *self._colours]

    def leave_on_signals(self) -> None:
        """Leave signals to the server."""

    @on(events.DescendantFocus)
    def stop_blinking(self, event: events.DescendantFocus) -> None:
        """Keep cursors still: thirty that blink take a tenth of a core."""
        if isinstance(event.widget, Input | TextArea):
            event.widget.cursor_blink = False
