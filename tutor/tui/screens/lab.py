"""The lab's screen: keys and clicks in, the next state of the lab out to its parts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.containers import Container
from textual.css.query import NoMatches
from textual.getters import query_one
from textual.widgets import Input

from tutor.engine.lab import events as ev
from tutor.engine.lab.lab import Lab, LabState, begin, reopened, step_of
from tutor.engine.lab.lab_run import advance
from tutor.engine.lab.state_code import encode
from tutor.i18n import Message, message
from tutor.tui.commands import LAB_COMMANDS, bindings
from tutor.tui.long_work import LongWork
from tutor.tui.screens import lab_menus
from tutor.tui.screens.lab_menus import ask_what_to_export
from tutor.tui.screens.lab_runs import LabRuns, RunProgress, words_on
from tutor.tui.screens.lab_scene import Scene, frame_of, rivals_of, scene_of, where_to_halve
from tutor.tui.screens.tutor_screen import TooSmall, TutorScreen
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.lab_bars import LabBar
from tutor.tui.widgets.lab_chart import LabChart
from tutor.tui.widgets.lab_picture import LabPicture
from tutor.tui.widgets.lab_settings import LabSettings, LabWanted
from tutor.tui.widgets.lab_track import LabTrack, Playback
from tutor.tui.widgets.parameter_control import ParameterControl

_TYPING = message("type a number; = opens the entry, for pi/4 too")
_HUGE_FROM = 160
"""Columns from which the settings have room to breathe."""
ALL_SETTINGS_FROM = 34
"""Rows from which on all settings have room beside the picture."""
CHANGES: Final[Mapping[str, ev.Event]] = MappingProxyType(
    {
        "forward": ev.StepTurned(1), "back": ev.StepTurned(-1), "scope": ev.ScopeToggled(),
        "pin": ev.RunPinned(), "clear_ghosts": ev.GhostsCleared(), "beside": ev.BesideToggled(),
        "swap": ev.SidesSwapped(), "compare": ev.OptimizersCompared(), "view": ev.ViewTurned(),
        "curve": ev.CurveTurned(), "undo": ev.ChangeUndone(), "reset": ev.BegunAnew(),
    }
)  # fmt: skip
"""What the commands `change('…')` do."""


class LabScreen(TutorScreen[LabState]):
    """Holds the lab as a value and shows it on its parts; `take` is the only way to change it."""

    OWN_COMMANDS = LAB_COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = bindings(LAB_COMMANDS)
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 — Textual reads it from the class
        *TutorScreen.VERTICAL_BREAKPOINTS,
        (ALL_SETTINGS_FROM, "-high"),
    ]
    is_lab = True

    bar = query_one(LabBar)
    picture = query_one(LabPicture)
    settings = query_one(LabSettings)

    def __init__(self, lab: Lab | None = None, left: LabState | None = None) -> None:
        """Open on a lab (None: the first setting), or go on with one that was left."""
        super().__init__()
        self.state = begin(lab) if left is None else reopened(left)
        self.runs = LabRuns(LongWork(self))
        self.playback = Playback(self, self._show_played)
        self.scene: Scene | None = None
        self._is_stale = False

    def compose(self) -> ComposeResult:
        """Lay out the bar, the picture, the pages of settings and the footer."""
        yield TooSmall()
        yield LabBar()
        with Container(id="lab"):
            yield LabPicture()
            yield LabSettings(*lab_menus.choices(), lab_menus.menu, self.state)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the lab, with η in focus."""
        self.call_after_refresh(self._follow)
        self.call_after_refresh(lambda: self.set_focus(self.settings.first_field()))

    def show_anew(self) -> None:
        """Show the state on the new widgets."""
        self.call_after_refresh(self._refresh)

    def on_unmount(self) -> None:
        """Nobody wants what is still being computed."""
        self.playback.stop()
        self.runs.cancel()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew; there may be room for more charts."""
        super().on_resize(event)
        self.set_class(event.size.width >= _HUGE_FROM, "-huge")
        self.call_after_refresh(self._refresh)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say of a number how it is typed: letters are commands until its entry is open."""
        self.bar.hint = _TYPING if isinstance(event.widget, ParameterControl) else ""

    def on_paste(self, event: events.Paste) -> None:
        """A state code may be pasted anywhere."""
        if event.text.strip().startswith("nabla"):
            event.stop()
            self.take(ev.SetupOpened(event.text))

    # --- the state, and what is shown of it

    def take(self, event: ev.Event) -> bool:
        """Move the lab on by an event and show it; return whether it was taken."""
        self.state = advance(self.state, event)
        with suppress(NoMatches):  # while everything is laid out in another language
            self.picture.follow(self.state.lab)
        self._refresh()
        return not self.state.problem

    def _refresh(self) -> None:
        """Show the state when what is waiting has been heard: only the newest is drawn."""
        if not self._is_stale:
            self._is_stale = True
            self.call_later(self._follow)

    @property
    def is_settled(self) -> bool:
        """Whether the state is shown and nothing more is being computed."""
        is_shown = not self._is_stale and self.scene is not None
        return is_shown and self.runs.are_there() and self.picture.is_drawn

    def _follow(self) -> None:
        """Show the state, as far as it is computed."""
        self._is_stale = False
        if not self.is_attached or not self.picture.size.width:
            return
        state = self.state
        self.picture.follow(state.lab)
        scene = scene_of(state.lab, self.runs)
        if scene is not None:
            self.scene = scene
            self.picture.show(frame_of(scene, self.runs, state, self.picture.has_room_for_more))
            self.bar.rivals = self.settings.legend.rivals = rivals_of(scene)
        elif words := state.problem or state.remark:
            self.picture.say(words)
        self.bar.follow(state.lab)
        self.picture.track.is_playing = self.playback.is_playing
        self.picture.track.speed = self.playback.speed
        self.settings.show(state, is_playing=self.playback.is_playing)

    # --- what the parts want, and what has been computed

    @on(LabWanted)
    def carry_out(self, wanted: LabWanted) -> None:
        """A part wants something of the lab, and to know whether it could be had."""
        if isinstance(wanted.event, ev.StepLooked):
            self.playback.go_to(wanted.event.step or 0)
        self.take(wanted.event)
        wanted.answer(self.state.problem)

    @on(LabPicture.Read)
    def show_reading(self, read: LabPicture.Read) -> None:
        """Something is to be read off under the cursor or the mouse."""
        self.bar.reading = read.words

    @on(LongWork.PieceReady)
    def take_piece(self, ready: LongWork.PieceReady) -> None:
        """A thread has computed something."""
        piece = self.runs.take(ready.kind)
        if isinstance(piece, RunProgress):
            self.picture.say(words_on(piece))
        elif isinstance(piece, Message):
            self.take(ev.Remarked(piece))
        else:
            self._refresh()

    @on(LongWork.Ended)
    def note_end(self, ended: LongWork.Ended) -> None:
        """A thread has ended; another may begin."""
        self.runs.end(ended)
        if ended.problem:
            self.take(ev.Refused(ended.problem))
        self._refresh()

    def _show_played(self, step: int) -> None:
        if step >= self.state.lab.setup.steps:
            self.playback.stop()
        self.take(ev.StepLooked(step))

    # --- commands

    def action_change(self, name: str) -> None:
        """Do what a command does to the lab."""
        event = CHANGES[name]
        if isinstance(event, ev.StepTurned | ev.BegunAnew):
            self.playback.stop()
        self.take(event)

    @on(LabTrack.PlayPressed)
    def action_play_or_pause(self) -> None:
        """Play from here (from the start, if it is the end), or pause."""
        self.playback.toggle(step_of(self.state.lab), self.state.lab.setup.steps)
        self._refresh()

    @on(LabTrack.SpeedPressed)
    def action_next_speed(self) -> None:
        """Play faster; after the fastest comes the slowest."""
        self.playback.next_speed()
        self._refresh()

    def action_halve_rate(self) -> None:
        """Halve η from this step on; at the end of the run, from where it would have helped."""
        self.take(ev.EtaHalvedFrom(where_to_halve(self.state.lab, self.scene)))

    def action_use_cursor(self) -> None:
        """Put the cursor on the chart, at the start."""
        lab = self.state.lab
        self.take(ev.CursorMoved(lab.cursor or lab.setup.start))
        self.picture.main.focus()

    def action_copy_state(self) -> None:
        """Show the whole state code, and copy it where the terminal allows that."""
        self.app.push_screen(lab_menus.LabCodeScreen(encode(self.state.lab)))

    def action_export_run(self) -> None:
        """Show the list of what can be written into files."""
        if self.scene is not None:
            ask_what_to_export(self.app, self.runs.work, self.scene)

    def action_pick(self, name: str) -> None:
        """Show the list of all that a row can be set to."""
        self.settings.open_list(self.settings.choice(name))

    def action_turn_page(self, by: int) -> None:
        """Show the page of settings after this one, or before it."""
        self.settings.open_page(self.settings.page + by)

    def action_leave_field(self) -> None:
        """Leave the field or the chart; else stop what is being computed; else leave the lab."""
        if isinstance(self.focused, Input | LabChart) or self.state.lab.cursor is not None:
            self.take(ev.CursorMoved(None))
            self.bar.reading = ""
            self.set_focus(self.settings.first_field())
        elif self.runs.give_up():
            words = message("Stopped. The chart shows the run before; u takes the change back.")
            self.take(ev.Remarked(words))
        else:
            self.leave()

    def leave(self) -> AwaitComplete:
        """Give the lab back as it is."""
        return self.dismiss(replace(self.state, problem="", remark=""))
