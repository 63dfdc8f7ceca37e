"""The terminal program: theme, language, first screen; navigation opens the others."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.driver import Driver
from textual.events import Event, Key, Resize
from textual.filter import LineFilter, Monochrome
from textual.notifications import SeverityLevel

from tutor.charts.ascii_art import is_ascii
from tutor.i18n import ENGLISH, LANGUAGES, message, render
from tutor.tui.commands import APP_COMMANDS, CLASS_COMMANDS, bindings
from tutor.tui.keys import meant
from tutor.tui.line_filters import TEXT_ALONE, limits
from tutor.tui.navigation import Navigation
from tutor.tui.private.lean_textual import do_without_caches, new_stylesheet
from tutor.tui.private.quiet_crash import QuietCrash
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.tutor_screen import LanguageChosen, LessonChosen, TutorScreen
from tutor.tui.services import Services, Start
from tutor.tui.terminal import GroundTold, PasteRefused, clamp, guarded
from tutor.tui.themes import Look
from tutor.tui.type_ahead import TypeAhead
from tutor.visible import visible

if TYPE_CHECKING:
    from tutor.tui.classroom import Classroom


class TutorApp(QuietCrash[None], inherit_bindings=False):
    """Nabla in a terminal."""

    TITLE = "Nabla"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = bindings((*APP_COMMANDS, *CLASS_COMMANDS))

    def __init__(
        self,
        services: Services,
        start: Start | None = None,
        *,
        dark: bool = True,
        language: str = ENGLISH,
    ) -> None:
        do_without_caches()
        super().__init__()
        self.stylesheet = new_stylesheet(self.get_css_variables())
        self.opens_first = start or Start()
        self.type_ahead = TypeAhead(self, self._take_event)
        self.navigation = Navigation(self, services, self.type_ahead, language)
        self.classroom: Classroom | None = None
        self.look = Look(self, services.theme, services.keep_theme, dark=dark)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line goes through, last what the terminal cannot show."""
        filters = super().get_line_filters()
        if self.no_color:  # our own NoColor takes the place of greys
            filters = [each for each in filters if not isinstance(each, Monochrome)]
        return [TEXT_ALONE, *filters, *self._limits]

    @cached_property
    def _limits(self) -> Sequence[LineFilter]:
        return limits(ascii_only=is_ascii(), no_color=self.no_color)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 — Textual's signature
    ) -> None:
        """Show words at the edge of the screen: as they are, never as Textual's markup."""
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)

    def copy_to_clipboard(self, text: str) -> None:
        """Give the terminal's clipboard text alone: what is pasted next may be a shell's line."""
        super().copy_to_clipboard(visible(text))

    async def on_event(self, event: Event) -> None:
        """Take what happens; what is typed while something opens waits."""
        if isinstance(event, Resize):
            size = clamp(*event.size)
            event = event if size == event.size else Resize(size, size)
        if not self.type_ahead.keeps(event):
            await self._take_event(event)

    async def _take_event(self, event: Event) -> None:
        """Take an event whose turn it is, a key as it was meant.

        In a text field the sign stays as it was typed; whoever reads the text folds it.
        """
        if isinstance(event, Key) and not event.is_forwarded:
            field = self.focused
            if field is None or not field.check_consume_key(event.key, event.character):
                event = meant(event)
            screen = self.screen
            if isinstance(screen, TutorScreen):
                screen.prepare_for_key(event)
        await super().on_event(event)

    def on_load(self) -> None:
        """Speak this learner's language in every task of this app, before any is begun."""
        self.navigation.begin()

    def get_default_screen(self) -> HomeScreen:
        """Return the map, with the states to come; unseen where something else is asked for."""
        home = self.navigation.first_screen()
        home.set_class(self.opens_first.is_elsewhere, "-unseen")
        return home

    async def on_mount(self) -> None:
        """Leave in good order when the terminal goes away; paint first, then read the progress.

        Who has never been asked for a language sees nothing before that question.
        """
        self.leave_on_signals()
        if self.opens_first.asks_language:
            from tutor.tui.screens.language import LanguageScreen  # noqa: PLC0415 — once in a life

            await self.push_screen(LanguageScreen(self.navigation.language))
        else:
            self._begin_soon()

    def leave_on_signals(self) -> None:
        """Leave in good order when the terminal or the system asks for it."""
        loop = asyncio.get_running_loop()
        for name in ("SIGHUP", "SIGTERM"):
            if hasattr(signal, name):
                loop.add_signal_handler(getattr(signal, name), self.exit)

    @on(LanguageChosen)
    async def begin_in_language(self, chosen: LanguageChosen) -> None:
        """Go on in the language that was chosen."""
        await self.navigation.speak(chosen.language)
        await self.pop_screen()
        self._begin_soon()

    async def action_quit(self) -> None:
        """Leave; where answers are in memory alone, offer another file for them first."""
        store = self.navigation.at_hand.store
        if store is None or (store.tried.done() and not store.unwritten):
            self.exit()
        else:
            from tutor.tui.screens.unwritten import leave  # noqa: PLC0415 — hardly ever

            self.run_worker(leave(self, store), group="leave", exclusive=True)

    async def action_switch_language(self) -> None:
        """Say everything in the next language; the learner stays where they are."""
        languages = list(LANGUAGES)
        following = (languages.index(self.navigation.language) + 1) % len(languages)
        await self.navigation.speak(languages[following])
        if self.classroom is not None:
            await self.classroom.show_line()
        await self.navigation.refresh_map()

    def _begin_soon(self) -> None:
        """Paint, then begin; what is typed before the screen that was asked for is for it."""
        if self.opens_first.is_elsewhere:
            self.type_ahead.hold()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        # Not `_open_first()`: who leaves at once would leave a coroutine that nobody awaits.
        self.run_worker(self._open_first, exclusive=True)  # type: ignore[arg-type]  # None: Never

    async def _open_first(self) -> None:
        """Show the learner's states and, where one was asked for, open a lesson."""
        await self.navigation.refresh_map()
        if self.opens_first.is_elsewhere:
            await self.type_ahead.finish(partial(self.navigation.open_first, self.opens_first))
        self.call_after_refresh(self.navigation.services.opened)
        if self.navigation.services.room is not None:
            from tutor.tui.classroom import Classroom  # noqa: PLC0415 — in a workshop only

            self.classroom = Classroom(
                self, self.navigation.services.room, self.navigation, self.navigation.open_lab
            )
            await self.classroom.join(opens_projector=self.opens_first.projector)

    @on(HomeScreen.ContinueChosen)
    def continue_lesson(self) -> None:
        """Go on where the learner was."""
        self.type_ahead.open(self.navigation.continue_lesson)

    @on(LessonChosen)
    def open_lesson(self, chosen: LessonChosen) -> None:
        """Open a lesson of the map, or the next one."""
        self.type_ahead.open(partial(self.navigation.open_lesson, chosen))

    @on(HomeScreen.ReviewChosen)
    def open_review(self) -> None:
        """Ask what is due for review."""
        self.type_ahead.open(self.navigation.open_review)

    @on(HomeScreen.ProgressChosen)
    def open_progress(self) -> None:
        """Show what the learner did."""
        self.type_ahead.open(self.navigation.open_progress)

    def action_show_help(self) -> None:
        """Show every key."""
        from tutor.tui.screens.help import HelpScreen  # noqa: PLC0415 — not on the first screen

        if not isinstance(self.screen, HelpScreen):
            own = self.screen.OWN_COMMANDS if isinstance(self.screen, TutorScreen) else ()
            self.push_screen(HelpScreen(own, CLASS_COMMANDS if self.classroom else ()))

    def action_show_glossary(self) -> None:
        """Show the words of the course."""
        self.navigation.open_glossary()

    def action_open_lab(self) -> None:
        """Open the lab; from a lesson, on this step's setting."""
        if isinstance(self.screen, TutorScreen) and not self.screen.is_lab:
            self.navigation.open_lab(self.screen.lab())

    async def action_in_class(self, action: str) -> None:
        """Carry out a command of the class."""
        if self.classroom is not None:
            await self.classroom.do(action)

    async def on_key(self, event: Key) -> None:
        """Refuse learners the keys of those who teach, with a word."""
        if self.classroom is not None and isinstance(self.screen, TutorScreen):
            self.classroom.refuse_teaching(event.key)

    def on_unmount(self) -> None:
        """Leave the class."""
        self.leave_class()

    def leave_class(self) -> None:
        """Take part in the class no more; may be called twice."""
        if self.classroom is not None:
            self.classroom.leave()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the lab wherever it is not open already, and a class's keys in a class."""
        if action == "in_class":
            return self.classroom is not None and self.classroom.offers(*map(str, parameters))
        if action == "open_lab":
            return not isinstance(self.screen, TutorScreen) or not self.screen.is_lab
        return super().check_action(action, parameters)

    def action_toggle_theme(self) -> None:
        """Take the next theme, and keep it."""
        trouble = self.look.turn()
        if trouble:
            self.notify(render(trouble), severity="warning", timeout=10)

    @on(GroundTold)
    def follow_ground(self, told: GroundTold) -> None:
        """Fit the colour that the terminal says it writes on, unless a theme was chosen."""
        self.look.follow(told)

    @property
    def asks_ground(self) -> bool:
        """Whether the terminal is asked which colour it writes on."""
        return self.look.asks_ground

    @on(PasteRefused)
    def say_no_paste(self) -> None:
        """Say that nothing of a paste was taken."""
        refusal = message("The paste was too long, or did not end: nothing of it was taken.")
        self.notify(render(refusal), severity="warning")

    def get_driver_class(self) -> type[Driver]:
        """Return Textual's driver, guarded from what a terminal may send."""
        return guarded(super().get_driver_class(), self)
