"""The terminal program: theme, first screen, and the services it is given."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.filter import LineFilter

from tutor.charts.ascii_art import is_ascii
from tutor.i18n import ENGLISH, LANGUAGES, Session, Text, begin_session, message, plural, render
from tutor.lesson.catalog import Catalog
from tutor.player.course_map import course_map
from tutor.player.schedule import Review, review_of
from tutor.store.opening import Opening
from tutor.store.progress_store import ProgressStore
from tutor.tui.commands import APP_COMMANDS, bindings
from tutor.tui.line_filters import limits, with_limits
from tutor.tui.quiet_crash import QuietCrash
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.tutor_screen import LanguageChosen, TutorScreen
from tutor.tui.themes import DARK, LIGHT

if TYPE_CHECKING:
    from tutor.engine.lab.lab_run import LabState
    from tutor.engine.lab.setup import Lab
    from tutor.engine.review import ReviewItem
    from tutor.lesson.glossary import Term
    from tutor.player.player import Player
    from tutor.player.programs import Programs
    from tutor.player.progress_report import ProgressReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the program is given from outside."""

    catalog: Catalog
    open_progress: Callable[[], Future[Opening]]
    """Begins to open the learner's progress, beside the screen; called once."""
    learner: str
    now: Callable[[], datetime]
    new_seed: Callable[[], int]
    open_programs: Callable[[], Programs] | None = None
    """Returns what runs the learner's programs; None: they run where they are shut in."""
    keep_language: Callable[[str], Text | None] = lambda _: None
    """Keeps the language for the next start; returns why it cannot."""
    glossary: Callable[[], Sequence[Term]] = tuple
    """Reads the words of the course."""


class TutorApp(QuietCrash[None], inherit_bindings=False):
    """Nabla in a terminal."""

    TITLE = "Nabla"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(APP_COMMANDS)

    def __init__(
        self,
        services: Services,
        *,
        start_at: str | None = None,
        lab: Lab | None = None,
        review: bool = False,
        dark: bool = True,
        language: str = ENGLISH,
        ask_language: bool = False,
    ) -> None:
        super().__init__()
        self._session = Session(language)
        self._asks_language = ask_language
        self._services = services
        self._lab = lab
        self._left_lab: LabState | None = None
        self._start_at = start_at
        self._starts_with_review = review
        self._opening: Future[Opening] | None = None
        self._limits = limits(ascii_only=is_ascii(), no_color=self.no_color)
        self._sandbox: Programs | None = None
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name if dark else LIGHT.name

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line goes through, last what the terminal cannot show."""
        return with_limits(super().get_line_filters(), self._limits)

    def on_load(self) -> None:
        """Speak this learner's language in every task of this app, before any is begun."""
        begin_session(self._session)
        self._catalog = self._services.catalog.in_language(self._session.language)

    def get_default_screen(self) -> HomeScreen:
        """Return the map, with the states to come."""
        return HomeScreen(course_map(self._catalog, None), self._left_out())

    async def on_mount(self) -> None:
        """Leave in good order when the terminal goes away; paint first, then read the progress.

        Who has never been asked for a language sees nothing before that question.
        """
        loop = asyncio.get_running_loop()
        for name in ("SIGHUP", "SIGTERM"):
            if hasattr(signal, name):
                loop.add_signal_handler(getattr(signal, name), self.exit)
        if self._asks_language:
            from tutor.tui.screens.language import LanguageScreen  # noqa: PLC0415 — once in a life

            await self.push_screen(LanguageScreen(self._session.language))
        else:
            self.call_after_refresh(self._begin)

    @on(LanguageChosen)
    async def begin_in_language(self, chosen: LanguageChosen) -> None:
        """Go on in the language that was chosen."""
        await self._speak(chosen.language)
        await self.pop_screen()
        self.call_after_refresh(self._begin)

    async def action_switch_language(self) -> None:
        """Say everything in the next language; the learner stays where they are."""
        languages = list(LANGUAGES)
        await self._speak(languages[(languages.index(self._session.language) + 1) % len(languages)])
        await self._refresh_map()

    async def _speak(self, language: str) -> None:
        self._session.language = language
        self._catalog = self._services.catalog.in_language(language)
        trouble = self._services.keep_language(language)
        if trouble:
            self.notify(render(trouble), severity="warning", timeout=10)
        for screen in self.screen_stack:
            if isinstance(screen, TutorScreen):
                screen.use_catalog(self._catalog)
                await screen.change_language()

    def _begin(self) -> None:
        self.run_worker(self._open_first(), exclusive=True)

    async def _open_first(self) -> None:
        """Show the learner's states and, where one was asked for, open a lesson."""
        await self._refresh_map()
        if self._start_at is not None:
            lesson_id, _, step = self._start_at.partition("#")
            await self._play(lesson_id, step or None)
        elif self._starts_with_review:
            await self.open_review()
        elif self._lab is not None:
            from tutor.tui.screens.lab import LabScreen  # noqa: PLC0415 — NumPy waits for it

            await self.push_screen(LabScreen(self._lab), self._keep_lab)

    async def _progress(self) -> Opening:
        if self._opening is None:
            self._opening = self._services.open_progress()
        return await asyncio.wrap_future(self._opening)

    async def _refresh_map(self) -> None:
        opening = await self._progress()
        progress = opening.store.lesson_progress(self._services.learner)
        due = self._review(opening.store).due_by_lesson
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.course_map = course_map(self._catalog, progress, due)
                trouble = opening.store.trouble or opening.notice
                notices = [self._left_out(), render(trouble) if trouble else ""]
                screen.notice = "\n".join(notice for notice in notices if notice)

    def _left_out(self) -> str:
        """Return the lessons that could not be loaded, in a line or two."""
        lines = []
        if problems := self._catalog.left_out:
            lines.append(
                plural("{count} lesson file left out: {problem} (`nabla check` lists all)",
                       "{count} lesson files left out: {problem} (`nabla check` lists all)",
                       len({problem.file for problem in problems}), problem=problems[0])
            )  # fmt: skip
        if problems := self._catalog.untranslated:
            lines.append(
                plural("{count} lesson is shown in English: {problem}",
                       "{count} lessons are shown in English: {problem}",
                       len({problem.file for problem in problems}), problem=problems[0])
            )  # fmt: skip
        return "\n".join(map(render, lines))

    @on(HomeScreen.ContinueChosen)
    async def continue_lesson(self) -> None:
        """Open the lesson that the map says to go on with, once the progress is read."""
        opening = await self._progress()
        progress = opening.store.lesson_progress(self._services.learner)
        the_map = course_map(self._catalog, progress)
        if the_map.continue_at is not None:
            await self._play(the_map.entries[the_map.continue_at].lesson.id)

    @on(HomeScreen.LessonChosen)
    async def open_lesson(self, chosen: HomeScreen.LessonChosen) -> None:
        """Open a lesson of the map."""
        await self._play(chosen.lesson_id)

    async def _play(self, lesson_id: str, step: str | None = None) -> None:
        """Open a lesson where the learner left it, or on a given step."""
        from tutor.engine.events import StepOpened  # noqa: PLC0415 — NumPy waits for a lesson
        from tutor.player.player import Player  # noqa: PLC0415
        from tutor.tui.screens.lesson import LessonScreen  # noqa: PLC0415

        opening, services = await self._progress(), self._services
        lesson = self._catalog.lesson(lesson_id)
        player = Player(
            lesson, opening.store, learner=services.learner, now=services.now,
            seed=services.new_seed(),
        )  # fmt: skip
        if step is not None:
            player.send(StepOpened(step))
        elif player.run.is_complete:
            player.send(StepOpened(lesson.steps[0].id))
        elif await self._play_after_warm_up(player):
            return
        screen = LessonScreen(player, self._programs())
        await self.push_screen(screen, callback=lambda _: self._back_on_map())

    async def _play_after_warm_up(self, player: Player) -> bool:
        """Open a lesson under its warm-up; return whether there is one."""
        from tutor.player.warm_up import warm_up  # noqa: PLC0415 — NumPy waits for a lesson
        from tutor.tui.screens.lesson import LessonScreen  # noqa: PLC0415
        from tutor.tui.screens.review import WarmUpScreen  # noqa: PLC0415

        opening, services = await self._progress(), self._services
        warm = warm_up(
            player.run.lesson, self._catalog, opening.store,
            learner=services.learner, now=services.now, seed=services.new_seed(),
        )  # fmt: skip
        if warm is None:
            return False
        lesson, first = LessonScreen(player, self._programs()), WarmUpScreen(warm)

        def go(_: None) -> None:
            if not first.goes_on:
                lesson.dismiss(None)

        with self.batch_update():
            await self.push_screen(lesson, callback=lambda _: self._back_on_map())
            await self.push_screen(first, callback=go)
        return True

    def _review(self, store: ProgressStore) -> Review:
        services = self._services
        return review_of(self._catalog, store, services.learner, services.now())

    @on(HomeScreen.ReviewChosen)
    async def open_review(self) -> None:
        """Ask what is due; where nothing is, say when something will be, and offer to practise."""
        opening = await self._progress()
        review = self._review(opening.store)
        if review.due:
            await self._ask(opening.store, review.due)
            return
        from tutor.tui.screens.review_end import NothingDueScreen  # noqa: PLC0415 — NumPy waits

        def go(practises: bool | None) -> None:
            if practises:
                self.run_worker(self._ask(opening.store, review.items))

        await self.push_screen(NothingDueScreen(review), callback=go)

    @on(HomeScreen.ProgressChosen)
    async def open_progress(self) -> None:
        """Show what the learner did."""
        from tutor.player.progress_report import progress_report  # noqa: PLC0415 — if asked
        from tutor.tui.screens.progress import ProgressScreen  # noqa: PLC0415

        opening, services = await self._progress(), self._services

        def report(catalog: Catalog) -> ProgressReport:
            return progress_report(catalog, opening.store, services.learner, services.now())

        await self.push_screen(ProgressScreen(report(self._catalog), report))

    async def _ask(self, store: ProgressStore, items: Sequence[ReviewItem]) -> None:
        from tutor.player.review import AT_MOST, ReviewPlayer  # noqa: PLC0415 — NumPy waits
        from tutor.tui.screens.review import ReviewScreen  # noqa: PLC0415

        services = self._services
        player = ReviewPlayer(
            items[:AT_MOST], store, learner=services.learner, now=services.now,
            seed=services.new_seed(), title=message("Review"),
        )  # fmt: skip
        screen = ReviewScreen(player, lambda: self._review(store), self._programs())
        await self.push_screen(screen, callback=lambda _: self._back_on_map())

    def _programs(self) -> Programs:
        """Return what runs the learner's programs: one for all lessons, so that consent holds."""
        if self._sandbox is None:
            from tutor.player.programs import Programs  # noqa: PLC0415 — with the first lesson

            self._sandbox = (self._services.open_programs or Programs)()
        return self._sandbox

    def _back_on_map(self) -> None:
        self.run_worker(self._refresh_map())

    def action_show_help(self) -> None:
        """Show every key."""
        from tutor.tui.screens.help import HelpScreen  # noqa: PLC0415 — not on the first screen

        if not isinstance(self.screen, HelpScreen):
            own = self.screen.OWN_COMMANDS if isinstance(self.screen, TutorScreen) else ()
            self.push_screen(HelpScreen(own))

    def action_show_glossary(self) -> None:
        """Show the words of the course."""
        from tutor.tui.screens.glossary import GlossaryScreen  # noqa: PLC0415 — only if asked

        self.push_screen(GlossaryScreen(self._services.glossary()))

    def action_open_lab(self) -> None:
        """Open the lab; from a lesson, on this step's setting."""
        from tutor.tui.screens.lab import LabScreen  # noqa: PLC0415 — NumPy waits for it

        if isinstance(self.screen, TutorScreen) and not isinstance(self.screen, LabScreen):
            lab = self.screen.lab()
            left = self._left_lab if lab is None else None
            self.push_screen(LabScreen(lab, left), self._keep_lab)

    def _keep_lab(self, left: LabState | None) -> None:
        """Keep the lab that was left, and say how to come back to it."""
        self._left_lab = left
        if left is None or not left.undo:
            return
        here = isinstance(self.screen, TutorScreen) and self.screen.lab() is None
        self.notify(render(
            message("L opens the lab again as you left it.") if here
            else message("The lab is kept: L on the map opens it as you left it.")
        ))  # fmt: skip

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the lab wherever it is not open already."""
        if action == "open_lab":
            return not isinstance(self.screen, TutorScreen) or not self.screen.is_lab
        return super().check_action(action, parameters)

    def action_toggle_theme(self) -> None:
        """Change between dark and light."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name
