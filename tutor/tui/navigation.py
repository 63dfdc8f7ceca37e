"""Opens the screens: what each needs is imported and read only when it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import App

from tutor.errors import TutorError
from tutor.i18n import Session, begin_session, message, plural, render
from tutor.player.course_map import course_map
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.tutor_screen import LessonChosen, TutorScreen, say_anew
from tutor.tui.services import AtHand, Services, Start
from tutor.tui.type_ahead import TypeAhead

if TYPE_CHECKING:
    from tutor.engine.lab.lab import Lab, LabState
    from tutor.engine.lesson.review import ReviewItem
    from tutor.lesson.catalog import Catalog
    from tutor.player.player import Playing
    from tutor.player.programs import Programs
    from tutor.player.progress_report import ProgressReport
    from tutor.player.schedule import Review
    from tutor.store.progress_store import ProgressStore


class Navigation:
    """Takes one learner from the map to lessons, reviews and back, with the progress at hand."""

    def __init__(
        self, app: App[None], services: Services, type_ahead: TypeAhead, language: str
    ) -> None:
        self._app = app
        self._type_ahead = type_ahead
        self.services = services
        self._session = Session(language)
        self._left_lab: LabState | None = None
        self._sandbox: Programs | None = None
        self.at_hand = AtHand(services, self._session)

    # --- the language

    def begin(self) -> None:
        """Speak this learner's language in every task of the app, before any is begun."""
        begin_session(self._session)

    @property
    def language(self) -> str:
        """The language that is spoken."""
        return self._session.language

    async def speak(self, language: str) -> None:
        """Say everything in a language, and keep it; the learner stays where they are."""
        self._session.language = language
        self.at_hand.retell()
        trouble = self.services.keep_language(language)
        if trouble:
            self._app.notify(render(trouble), severity="warning", timeout=10)
        for screen in self._app.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.show_titles(course_map(self.at_hand.heads, None))
            elif isinstance(screen, TutorScreen) and self.at_hand.catalog is not None:
                screen.use_catalog(self.at_hand.catalog)
            if isinstance(screen, TutorScreen):
                await say_anew(screen)

    # --- the map and the lessons

    def first_screen(self) -> HomeScreen:
        """Return the map, with the states where they can be read at once, else to come."""
        catalog = self.at_hand.catalog
        notice = "" if catalog is None else left_out(catalog)
        return HomeScreen(course_map(self.at_hand.heads, self.at_hand.places()), notice)

    async def open_first(self, start: Start) -> None:
        """Open what was asked for at the start, over the map that nobody has seen yet."""
        if start.lesson is not None:
            lesson_id, _, step = start.lesson.partition("#")
            await self.play(lesson_id, step or None)
        elif start.review:
            await self.open_review()
        elif start.lab is not None:
            await self.open_lab(start.lab)
        home = self._app.screen_stack[0]
        if isinstance(home, HomeScreen):
            home.unveil()

    async def refresh_map(self) -> None:
        """Show on the map where the learner is, and what is due."""
        opening, catalog = await self.at_hand.progress(), await self.at_hand.built()
        progress = opening.store.lesson_progress(self.services.learner)
        due = self._review(catalog, opening.store).due_by_lesson
        for screen in self._app.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.course_map = course_map(catalog.heads, progress, due)
                trouble = opening.store.trouble or opening.notice
                notices = [left_out(catalog), render(trouble) if trouble else ""]
                screen.notice = "\n".join(notice for notice in notices if notice)

    async def continue_lesson(self) -> None:
        """Open the lesson that the map says to go on with, once the progress is read."""
        opening, catalog = await self.at_hand.progress(), await self.at_hand.built()
        progress = opening.store.lesson_progress(self.services.learner)
        the_map = course_map(catalog.heads, progress)
        if the_map.continue_at is not None:
            await self.play(the_map.entries[the_map.continue_at].lesson.id)

    async def open_lesson(self, chosen: LessonChosen) -> None:
        """Open a lesson from the map, or in place of the one that has come to its end."""
        if chosen.instead_of is None:
            await self.play(chosen.lesson_id)
        elif self._app.screen is chosen.instead_of:
            with self._app.batch_update():  # no map in between
                await self._app.pop_screen()
                await self.play(chosen.lesson_id)

    async def play(self, lesson_id: str, step: str | None = None) -> None:
        """Open a lesson where the learner left it, or on a given step."""
        from tutor.engine.lesson.events import StepOpened  # noqa: PLC0415 — NumPy waits for a lesson
        from tutor.player.player import Player  # noqa: PLC0415
        from tutor.tui.screens.lesson import LessonScreen  # noqa: PLC0415

        opening, catalog, services = (
            await self.at_hand.progress(),
            await self.at_hand.built(),
            self.services,
        )
        try:
            lesson = catalog.lesson(lesson_id)
        except TutorError:
            return  # its head could be read and it could not be built: the map says why by now
        room = services.room
        player: Playing
        player = alone = Player(
            lesson, opening.store, learner=services.learner, now=services.now,
            seed=services.new_seed(), observer=None if room is None else room.observe,
        )  # fmt: skip
        if room is not None:
            from tutor.player.room_player import RoomPlayer  # noqa: PLC0415 — in a workshop only

            player = RoomPlayer(alone, room)
        if step is not None:
            player.send(StepOpened(step))
        elif player.run.is_complete:
            player.send(StepOpened(lesson.steps[0].id))
        elif await self._play_after_warm_up(player):
            return
        screen = LessonScreen(player, self.programs(), catalog)
        await self._app.push_screen(screen, callback=lambda _: self._back_on_map())
        self._app.call_after_refresh(services.opened)

    async def _play_after_warm_up(self, player: Playing) -> bool:
        """Open a lesson under its warm-up; return whether there is one."""
        from tutor.player.review import warm_up  # noqa: PLC0415 — NumPy waits for a lesson
        from tutor.tui.screens.lesson import LessonScreen, WarmUpScreen  # noqa: PLC0415

        opening, catalog, services = (
            await self.at_hand.progress(),
            await self.at_hand.built(),
            self.services,
        )
        warm = warm_up(
            player.run.lesson, catalog, opening.store,
            learner=services.learner, now=services.now, seed=services.new_seed(),
        )  # fmt: skip
        if warm is None:
            return False
        lesson, first = LessonScreen(player, self.programs(), catalog), WarmUpScreen(warm)

        def go(goes_on: bool | None) -> None:
            if not goes_on:
                lesson.dismiss(None)

        with self._app.batch_update():
            await self._app.push_screen(lesson, callback=lambda _: self._back_on_map())
            await self._app.push_screen(first, callback=go)
        return True

    async def go_to(self, lesson_id: str, step: str) -> None:
        """Bring the learner to a step, from wherever they are; what they were at is kept."""
        from tutor.engine.lesson.events import StepOpened  # noqa: PLC0415 — NumPy waits for a lesson
        from tutor.tui.screens.lesson import LessonScreen  # noqa: PLC0415

        if lesson_id not in {lesson.id for lesson in (await self.at_hand.built()).lessons}:
            return

        def lesson_on_top() -> LessonScreen | None:
            screen = self._app.screen
            if type(screen) is LessonScreen and screen.run.lesson.id == lesson_id:
                return screen
            return None

        await self._type_ahead.opened()
        while len(self._app.screen_stack) > 1 and lesson_on_top() is None:
            await self._leave_screen()
        screen = lesson_on_top()
        if screen is None:
            await self.play(lesson_id, step)
        elif screen.run.step.id != step:
            screen.take(StepOpened(step))

    async def _leave_screen(self) -> None:
        """Take the screen on top away, as its own key would."""
        from tutor.tui.screens.lab import LabScreen  # noqa: PLC0415 — in a workshop only

        if isinstance(self._app.screen, LabScreen):
            await self._app.screen.leave()
        else:
            await self._app.pop_screen()

    def _review(self, catalog: Catalog, store: ProgressStore) -> Review:
        from tutor.player.schedule import review_of  # noqa: PLC0415 — behind the first screen

        return review_of(catalog, store, self.services.learner, self.services.now())

    # --- the review, the report, the words, the lab

    async def open_review(self) -> None:
        """Ask what is due; where nothing is, say when something will be, and offer to practise."""
        opening, catalog = await self.at_hand.progress(), await self.at_hand.built()
        review = self._review(catalog, opening.store)
        if review.due:
            await self._ask(catalog, opening.store, review.due)
            return
        from tutor.tui.screens.endings import NothingDueScreen  # noqa: PLC0415 — NumPy waits

        def go(practises: bool | None) -> None:
            if practises:
                self._type_ahead.open(partial(self._ask, catalog, opening.store, review.items))

        await self._app.push_screen(NothingDueScreen(review), callback=go)

    async def open_progress(self) -> None:
        """Show what the learner did."""
        from tutor.player.progress_report import progress_report  # noqa: PLC0415 — if asked
        from tutor.tui.screens.progress import ProgressScreen  # noqa: PLC0415

        opening, services = await self.at_hand.progress(), self.services

        def report(catalog: Catalog) -> ProgressReport:
            return progress_report(catalog, opening.store, services.learner, services.now())

        await self._app.push_screen(ProgressScreen(report(await self.at_hand.built()), report))

    async def _ask(
        self, catalog: Catalog, store: ProgressStore, items: Sequence[ReviewItem]
    ) -> None:
        from tutor.player.review import AT_MOST, ReviewPlayer  # noqa: PLC0415 — NumPy waits
        from tutor.tui.screens.lesson import ReviewScreen  # noqa: PLC0415

        services = self.services
        player = ReviewPlayer(
            items[:AT_MOST], store, learner=services.learner, now=services.now,
            seed=services.new_seed(), title=message("Review"),
        )  # fmt: skip
        screen = ReviewScreen(player, self.programs(), catalog)
        await self._app.push_screen(screen, callback=lambda _: self._back_on_map())

    def open_glossary(self) -> None:
        """Show the words of the course."""
        from tutor.tui.screens.glossary import GlossaryScreen  # noqa: PLC0415 — only if asked

        self._app.push_screen(GlossaryScreen(self.services.glossary()))

    def open_lab(self, lab: Lab | None = None) -> Awaitable[None]:
        """Open the lab on a setting; without one, as it was left. It may be waited for."""
        from tutor.tui.screens.lab import LabScreen  # noqa: PLC0415 — NumPy waits for it

        left = self._left_lab if lab is None else None
        self._app.call_after_refresh(self.services.opened)
        return self._app.push_screen(LabScreen(lab, left), self._keep_lab)

    def _keep_lab(self, left: LabState | None) -> None:
        """Keep the lab that was left, and say how to come back to it."""
        self._left_lab = left
        if left is None or not left.undo:
            return
        screen = self._app.screen
        here = isinstance(screen, TutorScreen) and screen.lab() is None
        self._app.notify(render(
            message("L opens the lab again as you left it.") if here
            else message("The lab is kept: L on the map opens it as you left it.")
        ))  # fmt: skip

    def programs(self) -> Programs:
        """Return what runs the learner's programs: one for all lessons, so that consent holds."""
        if self._sandbox is None:
            from tutor.player.programs import Programs  # noqa: PLC0415 — with the first lesson

            self._sandbox = (self.services.open_programs or Programs)()
        return self._sandbox

    def _back_on_map(self) -> None:
        self._app.run_worker(self.refresh_map())


def left_out(catalog: Catalog) -> str:
    """Return the lessons that could not be loaded, in a line or two."""
    lines = []
    if problems := catalog.left_out:
        lines.append(
            plural("{count} lesson file left out: {problem} (`nabla check` lists all)",
                   "{count} lesson files left out: {problem} (`nabla check` lists all)",
                   len({problem.file for problem in problems}), problem=problems[0])
        )  # fmt: skip
    if problems := catalog.untranslated:
        lines.append(
            plural("{count} lesson is shown in English: {problem}",
                   "{count} lessons are shown in English: {problem}",
                   len({problem.file for problem in problems}), problem=problems[0])
        )  # fmt: skip
    return "\n".join(map(render, lines))
