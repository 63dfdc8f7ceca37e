"""The lesson on the screen, without its keys: the run, its panes, its end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.getters import query_one
from textual.reactive import var
from textual.widget import Widget

from tutor.engine.kinds.code import wanted_program
from tutor.engine.kinds.questions import Program, Settings
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.errors import TutorError
from tutor.i18n import render
from tutor.lesson.catalog import Catalog
from tutor.player.player import Playing
from tutor.player.programs import Programs
from tutor.player.receipts import count_words
from tutor.tui.commands import SKIP
from tutor.tui.screens.delivery import Delivery, ProgramRuns
from tutor.tui.screens.endings import EndScreen, Way
from tutor.tui.screens.tutor_screen import TWO_COLUMNS_FROM, LessonChosen, TooSmall, TutorScreen
from tutor.tui.widgets.code_pane import CodePane
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.picture_pane import PicturePane
from tutor.tui.widgets.step_bar import StepBar
from tutor.tui.widgets.words_pane import WordsPane

if TYPE_CHECKING:
    from tutor.engine.lab.lab import Lab

_WITH_CONTROLS = ("experiment", "predict")
_WITH_PROGRAMS = ("code",)
"""The kinds of steps in which something is turned, and in which a program is written."""


class LessonBase(TutorScreen[bool]):
    """Holds what may be seen as a value and shows it; `take` is the only way to change it."""

    AUTO_FOCUS = ""

    view: var[StepView] = var(cast(StepView, None), init=False)
    """What may be seen of the step that the lesson is on."""
    unwritten: var[tuple[str, ...]] = var(())
    """The steps of the answers that are not written yet."""

    bar = query_one(StepBar)
    words = query_one(WordsPane)
    picture = query_one(PicturePane)
    code = query_one(CodePane)

    def __init__(
        self, player: Playing, programs: Programs | None = None, catalog: Catalog | None = None
    ) -> None:
        super().__init__()
        self._catalog = Catalog(()) if catalog is None else catalog
        self._programs = ProgramRuns(self, programs or Programs(), self.take)
        self._player = player
        self._delivery = Delivery(self, player, self._show, self._mark)
        self._preset = -1
        self.set_reactive(LessonBase.view, player.view_of(player.run))

    def compose(self) -> ComposeResult:
        """Lay out the bar, the two panes and the footer."""
        yield TooSmall()
        yield StepBar()
        with Container(id="stage"):
            yield WordsPane(self.view)
            picture, code = PicturePane(self.view), CodePane(self.view)
            picture.says_keys = not self._player.has_used(_WITH_CONTROLS)
            code.says_keys = not self._player.has_used(_WITH_PROGRAMS)
            yield picture
            yield code
        yield KeyBar()

    @property
    def run(self) -> LessonRun:
        """The lesson as it is shown."""
        return self.view.run

    def on_mount(self) -> None:
        """Show where the learner is."""
        self._follow_bar(self._player.run)
        self._focus_step()  # what was typed meanwhile is for it; scrolled once it is laid out
        self.call_after_refresh(self._focus_step)

    def use_catalog(self, catalog: Catalog) -> None:
        """Go on with the same lesson in another language."""
        self._catalog = catalog
        run = self._player.use_catalog(catalog)
        self.set_reactive(LessonBase.view, self._player.view_of(run))

    def show_anew(self) -> None:
        """Fill in the bar and lay out as before."""
        self._follow_bar(self._player.run)

    def on_unmount(self) -> None:
        """Keep what was turned last."""
        self._player.flush()

    async def watch_view(self, old: StepView, new: StepView) -> None:
        """Hand it down; what is pressed meanwhile waits until it is on the screen."""
        if (old.step.id, old.outcome) != (new.step.id, new.outcome):
            self._follow_bar(new.run)
        self.watch_unwritten(self.unwritten)
        if old.step.id != new.step.id:
            self.picture.says_keys = not self._player.has_used(_WITH_CONTROLS)
            self.code.says_keys = not self._player.has_used(_WITH_PROGRAMS)
        self.words.skip_key = self.query_one(KeyBar).name_of(SKIP.action) or SKIP.key_names
        await self.words.show(new)
        await self.picture.show(new)
        await self.code.show(new)
        if _offers(old) != _offers(new):
            self.refresh_bindings()
        if old.step.id != new.step.id:
            self._preset = -1
        if _turning_point(old) != _turning_point(new):
            self._focus_step()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew for one column or two."""
        super().on_resize(event)
        self._follow_layout(self._player.run, event.size.width)

    def _follow_layout(self, run: LessonRun, width: int) -> None:
        compact = width < TWO_COLUMNS_FROM
        view = self._player.view_of(run)
        is_alone = not view.has_picture and not isinstance(view.question, Program)
        self.set_class(is_alone, "-words-only")
        self.words.compact = self.code.compact = compact
        self.bar.title = run.lesson.title
        self.bar.subtitle = (run.step.title or "") if compact else ""

    def _follow_bar(self, run: LessonRun) -> None:
        self._follow_layout(run, self.size.width)
        self.bar.index = run.index
        self.bar.marks = tuple(
            run.states[step.id].standing if step.id in run.states else "open"
            for step in run.lesson.steps
        )

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer in the footer only what this step can do now."""
        return _offers(self.view).get(action, True)

    def lab(self) -> Lab | None:
        """Return the lab on this step's setting."""
        from tutor.engine.lab.lab import lab_of  # noqa: PLC0415 — for the lab alone

        return lab_of(self._player.run)

    def _focus_step(self) -> None:
        """Focus what the learner needs next: a control, the question, or (answered) nothing."""
        field = None if self.view.is_answered else self._first_field()
        self.set_focus(field)
        self.query_one("#stage").scroll_home(animate=False)
        self.words.scroll_home(animate=False)

    def _first_field(self) -> Widget | None:
        fields = (pane.first_field() for pane in (self.picture, self.words, self.code))
        return next((field for field in fields if field is not None), None)

    def take(self, event: ev.Event) -> None:
        """Move the lesson on by an event and show it; what comes while an answer waits, waits."""
        self._delivery.take(event)

    def _mark(self, unwritten: tuple[str, ...]) -> None:
        self.unwritten = unwritten

    def _show(self) -> None:
        """Show the lesson as it is now."""
        self._delivery.follow_receipts()
        run = self._player.run
        self.view = self._player.view_of(run)
        self._programs.follow(wanted_program(run))
        if run.finished:
            self.show_end()
        else:
            self._delivery.keep_soon()

    def watch_unwritten(self, unwritten: tuple[str, ...]) -> None:
        """Mark what is not written, and the answer beside its verdict."""
        words = count_words(unwritten)
        self.bar.unwritten = render(words) if words else ""
        is_here = self._player.run.step.id in unwritten
        self.words.unwritten = self.picture.unwritten = is_here

    def look_again(self) -> None:
        """Show the step as it may be seen now: what is held back may be another than before."""
        self.view = self._player.view_of(self._player.run)

    def show_end(self) -> None:
        """Say what was achieved, and ask where to go."""
        recap = self._player.recap(self._catalog)

        def go(where: Way | None) -> None:
            if where == "next" and recap.following is not None:
                self.post_message(LessonChosen(recap.following.id, self))
            elif where == "open" and recap.first_open is not None:
                self.take(ev.StepOpened(recap.first_open))
            elif where == "stay":
                self.take(ev.StepOpened(self.run.step.id))
            else:
                self.dismiss(None)

        self.app.push_screen(EndScreen(recap, self.action_export_lesson), go)

    def action_export_lesson(self) -> None:
        """Write what the learner did in the lesson into a new file, and say where it is."""
        from tutor.player.files import write_files  # noqa: PLC0415 — only where it is asked for
        from tutor.player.lesson_export import export_lesson, export_name  # noqa: PLC0415

        player = self._player
        text = export_lesson(
            player.run, player.attempts(), player.now().astimezone(), player.view_of
        )
        try:
            written = write_files(Path.cwd(), {".md": text}, export_name(player.run))
        except TutorError as error:
            self.notify(render(error.text), severity="error", timeout=10)
            return
        self.notify(render(written), timeout=10)


def _turning_point(view: StepView) -> tuple[tuple[str, int], bool]:
    """Return what, when it changes, moves the focus."""
    return view.problem_id, view.outcome != "open" or view.may_continue


def _offers(view: StepView) -> dict[str, bool]:
    """Return which actions the step on the screen can do now."""
    asked = view.question
    return {
        "previous_step": view.run.index > 0,
        "show_hint": view.has_hint,
        "show_solution": view.has_solution,
        "skip_step": not view.may_continue,
        "another_problem": view.has_another,
        "run_program": isinstance(asked, Program) and not asked.running,
        "next_preset": isinstance(asked, Settings) and bool(asked.presets),
    }
