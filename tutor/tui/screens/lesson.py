"""The lesson screen: keys in, the next state of the run out to the stage; reviews and warm-ups."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one
from textual.reactive import var
from textual.widgets import Input

from tutor.engine.kinds.code import wanted_program
from tutor.engine.kinds.questions import Program, Question, Settings
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.i18n import Message, message, render
from tutor.lesson.catalog import Catalog
from tutor.player.player import Playing, count_words
from tutor.player.programs import Programs, stopped
from tutor.tui.commands import (
    LESSON_COMMANDS,
    REVIEW_COMMANDS,
    SKIP,
    SKIP_WARM_UP,
    WARM_UP_COMMANDS,
    Command,
    bindings,
)
from tutor.tui.screens.delivery import Delivery, ProgramRuns
from tutor.tui.screens.endings import EndScreen, Way, write_lesson
from tutor.tui.screens.tutor_screen import TWO_COLUMNS_FROM, LessonChosen, TooSmall, TutorScreen
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.confidence_row import ConfidenceRow
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.lesson_stage import Asked, LessonStage
from tutor.tui.widgets.step_bar import StepBar
from tutor.tui.widgets.words_pane import WordsPane

if TYPE_CHECKING:
    from tutor.engine.lab.lab import Lab


def _asks(
    what: ev.Event | Callable[[LessonStage, Question], ev.Event | None],
) -> Callable[[LessonScreen], None]:
    """Return the action that asks for it."""
    return lambda screen: screen.ask(partial(what, screen.stage) if callable(what) else what)


class LessonScreen(TutorScreen[bool]):
    """One lesson, step by step: holds what may be seen as a value; `take` alone changes it."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = bindings(LESSON_COMMANDS)

    view: var[StepView] = var(cast(StepView, None), init=False)
    """What may be seen of the step that the lesson is on."""
    unwritten: var[tuple[str, ...]] = var(())
    """The steps of the answers that are not written yet."""

    bar = query_one(StepBar)
    stage = query_one(LessonStage)
    words = query_one(WordsPane)

    def __init__(
        self, player: Playing, programs: Programs | None = None, catalog: Catalog | None = None
    ) -> None:
        super().__init__()
        self._catalog = Catalog(()) if catalog is None else catalog
        self._programs = ProgramRuns(self, programs or Programs(), self.take)
        self._player = player
        self._delivery = Delivery(self, player, self._show, self._mark)
        self.set_reactive(LessonScreen.view, player.view_of(player.run))

    def compose(self) -> ComposeResult:
        """Lay out the bar, the stage and the footer."""
        yield TooSmall()
        yield StepBar()
        yield LessonStage(self.view, self._player.has_used)
        yield KeyBar()

    @property
    def run(self) -> LessonRun:
        """The lesson as it is shown."""
        return self.view.run

    def on_mount(self) -> None:
        """Show where the learner is."""
        self.show_anew()
        self._focus_step()  # what was typed meanwhile is for it; scrolled once it is laid out
        self.call_after_refresh(self._focus_step)

    def use_catalog(self, catalog: Catalog) -> None:
        """Go on with the same lesson in another language."""
        self._catalog = catalog
        run = self._player.use_catalog(catalog)
        self.set_reactive(LessonScreen.view, self._player.view_of(run))

    def on_unmount(self) -> None:
        """Keep what was turned last."""
        self._player.flush()

    async def watch_view(self, old: StepView, new: StepView) -> None:
        """Hand it down; what is pressed meanwhile waits until it is on the screen."""
        if (old.step.id, old.outcome) != (new.step.id, new.outcome):
            self._lay_out(new.run, self.size.width)
        self.watch_unwritten(self.unwritten)
        self.words.skip_key = self.query_one(KeyBar).name_of(SKIP.action) or SKIP.key_names
        await self.stage.show(new)
        if _offers(old) != _offers(new):
            self.refresh_bindings()
        if _turning_point(old) != _turning_point(new):
            self._focus_step()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew for one column or two."""
        super().on_resize(event)
        self._lay_out(self._player.run, event.size.width)

    def show_anew(self) -> None:
        """Fill in the bar and lay out as before."""
        self._lay_out(self._player.run, self.size.width)

    def _lay_out(self, run: LessonRun, width: int) -> None:
        view = self._player.view_of(run)
        is_alone = not view.has_picture and not isinstance(view.question, Program)
        self.set_class(is_alone, "-words-only")
        self.stage.compact = width < TWO_COLUMNS_FROM
        self.bar.show(run, self.position_words(run), names_step=self.stage.compact)

    def position_words(self, _run: LessonRun) -> Message | None:
        """Return what stands for `step k of n`, where these are no steps of a lesson."""
        return None

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer in the footer only what this step can do now."""
        if action == "turn_view":
            return any(view.shows_heights for view in self.query(ChartView))
        return _offers(self.view).get(action, True)

    def lab(self) -> Lab | None:
        """Return the lab on this step's setting."""
        from tutor.engine.lab.lab import lab_of  # noqa: PLC0415 — for the lab alone

        return lab_of(self._player.run)

    def _focus_step(self) -> None:
        """Focus what the learner needs next: a control, the question, or (answered) nothing."""
        self.set_focus(None if self.view.is_answered else self.stage.first_field())
        self.stage.to_top()

    def prepare_for_key(self, key: events.Key) -> None:
        """Let a digit or an arrow that no field has go to the field of the step."""
        if self.view.outcome != "done" and self.stage.wants(key, self.focused):
            self._focus_step()

    def take(self, event: ev.Event) -> None:
        """Move the lesson on by an event and show it; what comes while an answer waits, waits."""
        self._delivery.take(event)

    def ask(self, asked: Asked) -> None:
        """Take what is asked for, as the learner has left the step."""
        view = self._player.view_of(self._player.run)
        event = asked(view.question) if callable(asked) else asked
        if event is not None:
            self.take(event)

    def _mark(self, unwritten: tuple[str, ...]) -> None:
        self.unwritten = unwritten

    def _show(self) -> None:
        """Show the lesson as it is now."""
        self.look_again()
        self._programs.follow(wanted_program(self._player.run))
        if self._player.run.finished:
            self.show_end()

    def watch_unwritten(self, unwritten: tuple[str, ...]) -> None:
        """Mark what is not written, and the answer beside its verdict."""
        words = count_words(unwritten)
        self.bar.unwritten = render(words) if words else ""
        self.stage.unwritten = self._player.run.step.id in unwritten

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
        write_lesson(self, self._player)

    @on(LessonStage.Happened)
    def take_what_happened(self, told: LessonStage.Happened) -> None:
        """Take what a control says, unless its step has left the screen meanwhile."""
        if told.by.is_attached and told.step == self._player.run.step.id:
            self.ask(told.asked)

    @on(StepBar.StepPicked)
    def open_picked_step(self, mark: StepBar.StepPicked) -> None:
        """A mark of the bar was clicked: open its step, if it was open before."""
        run = self._player.run
        step = run.lesson.steps[mark.index]
        if step.id in run.states:
            self.take(ev.StepOpened(step.id))

    # What keys ask for

    action_next_step = _asks(ev.NextAsked())
    action_previous_step = _asks(ev.BackAsked())
    action_another_problem = _asks(ev.AnotherAsked())
    action_show_hint = _asks(ev.HintAsked())
    action_skip_step = _asks(ev.StepSkipped())
    action_show_solution = _asks(LessonStage.solution)
    action_run_program = _asks(LessonStage.run_program)
    action_reset_parameters = _asks(LessonStage.reset)
    action_undo_change = _asks(LessonStage.undo)
    action_next_preset = _asks(LessonStage.next_preset)
    action_turn_view = _asks(LessonStage.turn_view)

    def action_leave_field(self) -> None:
        """Leave the text field, so that the letters are commands; from the confidence, go back."""
        if isinstance(self.focused, ConfidenceRow):
            self.set_focus(self.stage.first_field())
        elif self._player.run.state.running:
            self.take(ev.CodeRunEnded(self._player.run.step.id, stopped()))
        elif isinstance(self.focused, Input | CodeEditor):
            self.set_focus(None)

    def action_open_map(self) -> None:
        """Back to the map."""
        self.dismiss(None)


class ReviewScreen(LessonScreen):
    """What is due, one question after another."""

    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = REVIEW_COMMANDS

    def position_words(self, run: LessonRun) -> Message:
        """Return which question it is."""
        return message("question {k} of {n}", k=run.index + 1, n=len(run.lesson.steps))


class WarmUpScreen(LessonScreen):
    """Two questions before a lesson; gives back True where the lesson is wanted."""

    BINDINGS: ClassVar[list[BindingType]] = bindings((SKIP_WARM_UP,))
    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = WARM_UP_COMMANDS

    def position_words(self, run: LessonRun) -> Message:
        """Return which question it is."""
        return message("Warm-up {k} of {n}", k=run.index + 1, n=len(run.lesson.steps))

    def show_end(self) -> None:
        """On to the lesson."""
        self.dismiss(True)

    action_skip_warm_up = show_end


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
