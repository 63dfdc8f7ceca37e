"""The lab's screen: keys and clicks in, the next state of the lab out to picture and settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.getters import query_one
from textual.widgets import Footer, Input

from tutor.engine.lab import events as ev
from tutor.engine.lab.lab_run import LabState, advance, begin, step_of
from tutor.engine.lab.objectives import objective_of, window_of
from tutor.engine.lab.presets import preset
from tutor.engine.lab.rules import rule_at
from tutor.engine.lab.setup import Curve, Lab, View
from tutor.engine.lab.state_code import encode
from tutor.engine.lab.words import read_off
from tutor.i18n import message
from tutor.tui.commands import LAB_COMMANDS, bindings
from tutor.tui.screens import lab_menus
from tutor.tui.screens.lab_formula import gradient_words, remark_on
from tutor.tui.screens.lab_pick import LabPickScreen
from tutor.tui.screens.lab_playback import Playback
from tutor.tui.screens.lab_runs import LabRuns, words_on
from tutor.tui.screens.lab_scene import (
    Scene,
    frame_of,
    halving_step,
    legend_of,
    look_step,
    scene_of,
)
from tutor.tui.screens.lab_work import LongWork
from tutor.tui.screens.tutor_screen import TooSmall, TutorScreen
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.lab_bar import LabBar
from tutor.tui.widgets.lab_chart import LabChart
from tutor.tui.widgets.lab_choice import LabChoice, Option
from tutor.tui.widgets.lab_controls import coordinate_moved, moved_steps
from tutor.tui.widgets.lab_field import LabField
from tutor.tui.widgets.lab_picture import LabPicture
from tutor.tui.widgets.lab_settings import CURVES, PAGES, VIEWS, LabNow, LabSettings
from tutor.tui.widgets.lab_tabs import LabTabs
from tutor.tui.widgets.lab_track import LabTrack
from tutor.tui.widgets.parameter_control import ParameterControl

_RULE_PAGE = 1


class LabScreen(TutorScreen[None]):
    """Everything unlocked. The lab is a value; this screen shows it and turns keys into events."""

    OWN_COMMANDS = LAB_COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = bindings(LAB_COMMANDS)
    AUTO_FOCUS = ""

    bar = query_one(LabBar)
    picture = query_one(LabPicture)
    tabs = query_one(LabTabs)
    settings = query_one(LabSettings)

    def __init__(self, lab: Lab | None = None) -> None:
        super().__init__()
        self.state: LabState = begin(lab)
        self._first = self.state.lab
        self._work = LongWork(self)
        self._runs = LabRuns(self._work)
        self._playback = Playback(self, self._show_played)
        self._scene: Scene | None = None
        self._from_here = False
        self._preset = ""
        self._is_stale = False

    def compose(self) -> ComposeResult:
        """Lay out the bar, the picture, the pages of settings and the footer."""
        yield TooSmall()
        yield LabBar()
        with Container(id="lab"):
            yield LabPicture()
            yield LabTabs(PAGES)
            yield LabSettings(*lab_menus.choices(), self._now())
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Show the lab, with η in focus."""
        self._turn_to_page(_RULE_PAGE)
        self._follow()
        self.call_after_refresh(self._focus_first)

    def on_unmount(self) -> None:
        """Nobody wants what is still being computed."""
        self._playback.stop()
        self._work.cancel()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew; there may be room for more charts."""
        super().on_resize(event)
        self.call_after_refresh(self._follow)

    # --- the state

    def take(self, event: ev.Event) -> bool:
        """Move the lab on by an event and show it; return whether it was taken."""
        self.state = advance(self.state, event)
        self._refresh()
        return not self.state.problem

    def _refresh(self) -> None:
        """Show the state when what is waiting has been heard: only the newest is drawn."""
        if not self._is_stale:
            self._is_stale = True
            self.call_later(self._follow)

    def _follow(self) -> None:
        """Show the state, as far as it is computed."""
        self._is_stale = False
        if not self.is_attached or not self.size.width:
            return
        lab = self.state.lab
        self._scene = scene_of(self.state, self._runs) or self._scene
        if self._scene is not None:
            more = self.picture.has_room_for_more
            frame = frame_of(self._scene, self._runs, self.state.problem, with_more=more)
            self.picture.show(frame)
            self.settings.say_legend(legend_of(self._scene))
        self.picture.main.cursor = lab.cursor
        self.picture.track.is_playing = self._playback.is_playing
        self.picture.track.speed = self._playback.speed
        own = objective_of(lab.setup)
        self.bar.formula = f"f = {own.formula}"
        if lab.cursor is not None:
            self.bar.reading = read_off(lab.setup, lab.cursor)
        self.settings.show(self._now())
        self._say_code()

    def _now(self) -> LabNow:
        lab = self.state.lab
        return LabNow(
            lab=lab,
            window=window_of(lab.setup),
            formula=objective_of(lab.setup).source_formula,
            rule_step=look_step(lab) if self._from_here else 0,
            from_here=self._from_here,
            preset=self._preset,
        )

    def _say_code(self) -> None:
        """Keep the state code up to date, but for the frames of a playback."""
        if not self._playback.is_playing:
            self._field("state").show(encode(self.state.lab))

    def _field(self, name: str) -> LabField:
        return self.query_one(f"#field-{name}", LabField)

    def _focus_first(self) -> None:
        self.set_focus(self.settings.first_field())

    # --- the rule

    @property
    def _from_step(self) -> int | None:
        return step_of(self.state.lab) if self._from_here else None

    def _change(self, name: str, value: float | str) -> None:
        """Set what a control stands for."""
        if name in ("x0", "x1"):
            point = coordinate_moved(self.state.lab.setup, name, float(value))
            self.take(ev.StartMoved(point))
        elif name == "steps":
            self.take(ev.StepsChanged(int(value)))
        else:
            self.take(ev.RuleChanged(name, value, self._from_step))

    def _value(self, name: str) -> float:
        setup = self.state.lab.setup
        if name in ("x0", "x1"):
            return setup.start[int(name[1])]
        if name == "steps":
            return float(setup.steps)
        return float(getattr(rule_at(setup, self._from_step or 0), name))

    @on(ParameterControl.Changed)
    def set_number(self, changed: ParameterControl.Changed) -> None:
        """A number was set."""
        self._change(changed.name, changed.value)
        changed.parameter.problem = self.state.problem

    @on(ParameterControl.Turned)
    def turn_number(self, turned: ParameterControl.Turned) -> None:
        """A number was turned by key or wheel."""
        value = self._value(turned.name)
        if turned.name == "steps":
            self._change("steps", moved_steps(value, turned.ticks))
        else:
            self._change(turned.name, turned.parameter.spec.moved(value, turned.ticks))

    @on(LabChoice.Chosen)
    def choose(self, chosen: LabChoice.Chosen) -> None:
        """An option was chosen."""
        self._choose(chosen.name, chosen.key)

    def _choose(self, name: str, key: str) -> None:
        match name:
            case "objective":
                self._take_objective(key)
            case "scope":
                self._from_here = key == "here"
                self._refresh()
            case "view":
                self.take(ev.ViewChosen(cast(View, key)))
            case "curve":
                self.take(ev.CurveChosen(cast(Curve, key)))
            case "preset":
                self._take_preset(key)
            case _:
                self.take(ev.RuleChanged(name, key, self._from_step))

    @on(LabChoice.ListAsked)
    def open_list(self, asked: LabChoice.ListAsked) -> None:
        """All options of a row are to be seen."""
        if asked.name == "objective":
            self.action_pick_objective()
        elif asked.name == "preset":
            self.action_pick_preset()
        else:
            self._pick(lab_menus.choice_menu(asked.choice), partial(self._choose, asked.name))

    def _pick(self, menu: LabPickScreen, take: Callable[[str], object]) -> None:
        """Show a list and do with the pick what is to be done."""

        def taken(key: str | None) -> None:
            if key is not None:
                take(key)

        self.app.push_screen(menu, taken)

    def _take_objective(self, name: str) -> None:
        self._preset = ""
        if name == lab_menus.FORMULA:
            self._turn_to_page(0)
            self.call_after_refresh(self._field("formula").input.focus)
        elif self.take(ev.ObjectiveChosen(name)):
            self._say_gradient()

    def _take_preset(self, name: str) -> None:
        if self.take(ev.PresetChosen(name)):
            self._preset = name
            self.settings.say_preset(preset(name).sentence)
            self._say_gradient()

    # --- formula and state code

    @on(LabField.Typed)
    def check_entry(self, typed: LabField.Typed) -> None:
        """Say at once what is to be said of an entry."""
        field = typed.field
        if field.name == "formula":
            field.remark, field.is_problem = remark_on(self.state, typed.entry)
        else:
            tried = advance(self.state, ev.SetupOpened(typed.entry))
            opens = message("Enter opens this lab.")
            field.remark, field.is_problem = tried.problem or opens, bool(tried.problem)

    @on(LabField.Entered)
    def take_entry(self, entered: LabField.Entered) -> None:
        """Take a formula or a state code, if it can be read."""
        field = entered.field
        event = ev.FormulaTyped if field.name == "formula" else ev.SetupOpened
        if self.take(event(entered.entry)):
            self._preset = ""
            self._say_gradient()
            self._focus_first()
        field.remark, field.is_problem = (
            self.state.problem or field.remark,
            bool(self.state.problem),
        )

    def _say_gradient(self) -> None:
        setup = self.state.lab.setup
        field = self._field("formula")
        field.remark, field.is_problem = gradient_words(objective_of(setup), setup.start), False

    def on_paste(self, event: events.Paste) -> None:
        """A state code may be pasted anywhere."""
        if event.text.strip().startswith("nabla"):
            event.stop()
            self.take(ev.SetupOpened(event.text))

    # --- charts

    @on(ChartView.Picked)
    def pick_on_chart(self, place: ChartView.Picked) -> None:
        """A place was clicked: on the function the start, on a curve the step, on a sweep η."""
        view = cast(LabChart, place.view)
        lab = self.state.lab
        if view.name == "main" and lab.view != "slices":
            self._start_at(view.tidy(place.x, place.y))
        elif view.name == "curve" and lab.curve == "sweep":
            self._change("learning_rate", float(f"{place.x:.3g}"))
        elif view.name != "main":
            self._look_at(round(place.x))

    def _start_at(self, point: tuple[float, ...]) -> None:
        self.take(ev.StartMoved(point[: len(self.state.lab.setup.start)]))

    @on(LabChart.CursorMoved)
    def move_cursor(self, moved: LabChart.CursorMoved) -> None:
        """An arrow key moved the cursor."""
        point = (moved.x, moved.y)[: len(self.state.lab.setup.start)]
        self.take(ev.CursorMoved(point))

    @on(LabChart.CursorTaken)
    def take_cursor(self) -> None:
        """The run is to start where the cursor stands."""
        if self.state.lab.cursor is not None:
            self._start_at(self.state.lab.cursor)

    @on(LabChart.MouseMoved)
    def read_under_mouse(self, moved: LabChart.MouseMoved) -> None:
        """Tell value and gradient under the mouse."""
        lab = self.state.lab
        if moved.view.name != "main" or lab.view == "slices" or lab.cursor is not None:
            return
        place = moved.place and moved.place[: len(lab.setup.start)]
        self.bar.reading = read_off(lab.setup, place) if place else ""

    # --- playback

    def _show_played(self, step: int) -> None:
        steps = self.state.lab.setup.steps
        if step >= steps:
            self._playback.stop()
        self.take(ev.StepLooked(min(step, steps)))

    def _look_at(self, step: int) -> None:
        self._playback.go_to(step)
        self.take(ev.StepLooked(step))

    @on(LabTrack.Scrubbed)
    def scrub(self, scrubbed: LabTrack.Scrubbed) -> None:
        """Another step is to be looked at."""
        self._look_at(scrubbed.step)

    @on(LabTrack.PlayPressed)
    def action_play_or_pause(self) -> None:
        """Play from here (from the start, if it is the end), or pause."""
        if self._playback.is_playing:
            self._playback.stop()
        else:
            step = step_of(self.state.lab)
            self._playback.play(0 if step >= self.state.lab.setup.steps else step)
        self._refresh()

    @on(LabTrack.SpeedPressed)
    def action_next_speed(self) -> None:
        """Play faster; after the fastest comes the slowest."""
        self._playback.next_speed()
        self._refresh()

    def action_step_forward(self) -> None:
        """Look one step on."""
        self._playback.stop()
        self.take(ev.StepTurned(1))

    def action_step_back(self) -> None:
        """Look one step back."""
        self._playback.stop()
        self.take(ev.StepTurned(-1))

    @on(LongWork.PieceReady)
    def take_piece(self, ready: LongWork.PieceReady) -> None:
        """A thread has computed something."""
        progress = self._runs.take(ready.kind)
        if progress is not None:
            self.picture.say_progress(words_on(progress))
        else:
            self._refresh()

    @on(LongWork.Ended)
    def note_end(self, ended: LongWork.Ended) -> None:
        """A thread has ended; another may begin."""
        self._work.end(ended.kind)
        self._refresh()

    # --- commands

    def action_halve_rate(self) -> None:
        """Halve η from this step on; at the end of the run, from where it would have helped."""
        self.take(ev.EtaHalvedFrom(halving_step(self._scene) if self._scene else None))

    def action_toggle_from_here(self) -> None:
        """Let changes apply to the whole run, or from this step on."""
        self._choose("scope", "run" if self._from_here else "here")

    def action_pin_run(self) -> None:
        """Keep this run as a ghost."""
        self.take(ev.RunPinned())

    def action_clear_ghosts(self) -> None:
        """Let the ghosts go."""
        self.take(ev.GhostsCleared())

    def action_toggle_beside(self) -> None:
        """Keep this run beside, or let it go."""
        self.take(ev.BesideToggled())

    def action_swap_sides(self) -> None:
        """Turn the run beside, and keep this one there."""
        self.take(ev.SidesSwapped())

    def action_compare_optimizers(self) -> None:
        """Let the other optimizers walk from the same start."""
        self.take(ev.OptimizersCompared())

    def action_next_view(self) -> None:
        """Show the function in the next way."""
        self._choose("view", _after(self.state.lab.view, VIEWS))

    def action_next_curve(self) -> None:
        """Show the next curve."""
        self._choose("curve", _after(self.state.lab.curve, CURVES))

    def action_use_cursor(self) -> None:
        """Put the cursor on the chart, at the start."""
        lab = self.state.lab
        self.take(ev.CursorMoved(lab.cursor or lab.setup.start))
        self.picture.main.focus()

    def action_pick_objective(self) -> None:
        """Show the list of objectives."""
        menu = lab_menus.objective_menu(self.state.lab.setup.objective)
        self._pick(menu, self._take_objective)

    def action_pick_preset(self) -> None:
        """Show the list of presets."""
        self._pick(lab_menus.preset_menu(self._preset), self._take_preset)

    def action_copy_state(self) -> None:
        """Put the state code into the clipboard, where the terminal allows it."""
        code = encode(self.state.lab)
        self.app.copy_to_clipboard(code)
        field = self._field("state")
        field.show(code)
        field.remark = message(
            "Copied, if the terminal allows it; or: nabla lab '…' with this code."
        )
        field.is_problem = False
        self._turn_to_page(len(PAGES) - 1)

    def action_reset_lab(self) -> None:
        """Back to how the lab was opened."""
        self.take(ev.SetupTaken(self._first.setup))

    def action_undo_change(self) -> None:
        """Take the last change back."""
        self.take(ev.ChangeUndone())

    def action_next_page(self) -> None:
        """Show the next page of settings."""
        self._open_page(self.tabs.page + 1)

    def action_previous_page(self) -> None:
        """Show the page before."""
        self._open_page(self.tabs.page - 1)

    @on(LabTabs.PagePicked)
    def open_picked_page(self, picked: LabTabs.PagePicked) -> None:
        """A page was clicked."""
        self._open_page(picked.page)

    def _open_page(self, page: int) -> None:
        self._turn_to_page(page % len(PAGES))
        self.call_after_refresh(lambda: self.set_focus(self.settings.first_of_page()))

    def _turn_to_page(self, page: int) -> None:
        self.tabs.page = self.settings.page = page

    def action_leave_field(self) -> None:
        """Leave the field or the chart; else stop what is being computed; else leave the lab."""
        if isinstance(self.focused, Input | LabChart):
            self.take(ev.CursorMoved(None))
            self.bar.reading = ""
            self._focus_first()
        elif not self._runs.give_up():
            self.dismiss(None)


def _after(key: str, options: Sequence[Option]) -> str:
    keys = [option.key for option in options]
    return keys[(keys.index(key) + 1) % len(keys)]
