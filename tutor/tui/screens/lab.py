"""The lab's screen: keys and clicks in, the next state of the lab out to picture and settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, cast

from textual import on
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.widgets import Input

from tutor.engine.descent.rules import rule_at
from tutor.engine.descent.trouble import halving_step
from tutor.engine.descent.words import read_off
from tutor.engine.lab import events as ev
from tutor.engine.lab.lab_run import step_of
from tutor.engine.lab.state_code import encode
from tutor.engine.numbers import show
from tutor.i18n import message
from tutor.tui.commands import LAB_COMMANDS, bindings
from tutor.tui.screens import lab_menus
from tutor.tui.screens.lab_code import LabCodeScreen
from tutor.tui.screens.lab_export import export_pieces
from tutor.tui.screens.lab_scene import look_step
from tutor.tui.screens.lab_turning import LabTurning
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.lab_chart import LabChart
from tutor.tui.widgets.lab_choice import Option
from tutor.tui.widgets.lab_settings import CURVES, PAGES, VIEWS
from tutor.tui.widgets.lab_tabs import LabTabs
from tutor.tui.widgets.lab_track import LabTrack


class LabScreen(LabTurning):
    """Everything unlocked: keys, clicks and what is typed become events of the lab."""

    OWN_COMMANDS = LAB_COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = bindings(LAB_COMMANDS)
    AUTO_FOCUS = ""

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

    @on(LabChart.CursorLeft)
    def leave_cursor(self) -> None:
        """The focus went to another control; a list over the lab leaves the cursor alone."""
        if self.state.lab.cursor is not None and self.is_current:
            self._take_cursor_away()

    def _take_cursor_away(self) -> None:
        self.take(ev.CursorMoved(None))
        self.bar.reading = ""

    @on(LabChart.MouseMoved)
    def read_under_mouse(self, moved: LabChart.MouseMoved) -> None:
        """Tell value and gradient under the mouse."""
        lab = self.state.lab
        if moved.view.name != "main" or lab.view == "slices":
            return
        if moved.place is None and lab.cursor is not None:
            self._follow_bar()
            return
        place = moved.place and moved.place[: len(lab.setup.start)]
        self.bar.reading = read_off(lab.setup, place) if place else ""

    # --- playback

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

    # --- commands

    def action_halve_rate(self) -> None:
        """Halve η from this step on; at the end of the run, from where it would have helped."""
        step = self._halving_step()
        if self.take(ev.EtaHalvedFrom(step)):
            rate = show(rule_at(self.state.lab.setup, step).learning_rate)
            self._say(message("From step {k} on η is {rate}.", k=step, rate=rate))

    def _halving_step(self) -> int:
        """Return where η is halved; the scene may be an earlier one: keys outrun frames."""
        lab, scene = self.state.lab, self._scene
        if scene is not None and scene.lab.setup == lab.setup:
            return halving_step(scene.run, lab.step)
        return look_step(lab)

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

    def action_copy_state(self) -> None:
        """Show the whole state code, and copy it where the terminal allows that."""
        code = encode(self.state.lab)
        self.app.copy_to_clipboard(code)
        self.app.push_screen(LabCodeScreen(code))

    def action_export_run(self) -> None:
        """Show the list of what can be written into files."""
        self._pick(
            lab_menus.export_menu(), lambda kind: self.call_after_refresh(self._export, kind)
        )

    def _export(self, kind: str) -> None:
        if self._scene is None:
            return
        scene, picture = self._scene, self.app.export_screenshot(title="Nabla")
        pieces = export_pieces(kind, scene.lab, scene.run, picture)
        self._work.want("export", object(), pieces)

    def action_reset_lab(self) -> None:
        """Back to how the lab was opened."""
        self._from_here, self._preset = False, ""
        self._playback.stop()
        self.take(ev.SetupTaken(self._first))

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

    def action_leave_field(self) -> None:
        """Leave the field or the chart; else stop what is being computed; else leave the lab."""
        if isinstance(self.focused, Input | LabChart) or self.state.lab.cursor is not None:
            self._take_cursor_away()
            self._focus_first()
        elif self._runs.give_up():
            self._say(message("Stopped. The chart shows the run before; u takes the change back."))
        else:
            self.leave()

    def leave(self) -> AwaitComplete:
        """Give the lab back as it is."""
        self._runs.give_up()
        self._playback.stop()
        return self.dismiss(replace(self.state, problem="", remark=""))


def _after(key: str, options: Sequence[Option]) -> str:
    keys = [option.key for option in options]
    return keys[(keys.index(key) + 1) % len(keys)]
