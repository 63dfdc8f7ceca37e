"""The lab on the screen, without its keys: the state, what is computed of it, what is shown."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.getters import query_one

from tutor.engine.descent.objectives import objective_of, window_of
from tutor.engine.descent.words import read_off
from tutor.engine.lab import events as ev
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.lab_run import LabState, advance, begin
from tutor.engine.lab.presets import preset
from tutor.engine.lab.state_code import encode
from tutor.i18n import Message, Text, message
from tutor.tui.screens import lab_menus
from tutor.tui.screens.lab_formula import gradient_words
from tutor.tui.screens.lab_playback import Playback
from tutor.tui.screens.lab_runs import LabRuns, RunProgress, words_on
from tutor.tui.screens.lab_scene import Scene, frame_of, legend_of, look_step, scene_of
from tutor.tui.screens.lab_surfaces import LabSurfaces
from tutor.tui.screens.lab_work import LongWork
from tutor.tui.screens.tutor_screen import TooSmall, TutorScreen
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.lab_bar import LabBar
from tutor.tui.widgets.lab_chart import LabChart
from tutor.tui.widgets.lab_field import LabField
from tutor.tui.widgets.lab_picture import LabPicture
from tutor.tui.widgets.lab_settings import PAGES, LabNow, LabNumber, LabSettings
from tutor.tui.widgets.lab_tabs import LabTabs

_RULE_PAGE = 1
_AS_LEFT = message("The lab as you left it; r begins anew.")
_TYPING = message("type a number; = opens the entry, for pi/4 too")
_HUGE_FROM = 160
"""Columns from which the settings have room to breathe."""
ALL_SETTINGS_FROM = 34
"""Rows from which on all settings have room beside the picture."""


class LabBase(TutorScreen[LabState]):
    """Holds the lab as a value and shows it; `take` is the only way to change it."""

    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 — Textual reads it from the class
        *TutorScreen.VERTICAL_BREAKPOINTS,
        (ALL_SETTINGS_FROM, "-high"),
    ]

    is_lab = True

    bar = query_one(LabBar)
    picture = query_one(LabPicture)
    tabs = query_one(LabTabs)
    settings = query_one(LabSettings)

    def __init__(self, lab: Lab | None = None, left: LabState | None = None) -> None:
        """Open on a lab (None: the first setting), or go on with one that was left."""
        super().__init__()
        self.state: LabState = left or begin(lab)
        self._first = begin(lab).lab.setup
        self._work = LongWork(self)
        self._runs = LabRuns(self._work)
        self._surfaces = LabSurfaces(self)
        self._playback = Playback(self, self._show_played)
        self._scene: Scene | None = None
        self._from_here = False
        self._preset = ""
        self._problem: Text = ""
        self._note: Text = _AS_LEFT if left is not None and left.undo else ""
        self._is_stale = False
        self._page = _RULE_PAGE
        self._shown_ground: tuple[str, str] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the bar, the picture, the pages of settings and the footer."""
        yield TooSmall()
        yield LabBar()
        with Container(id="lab"):
            yield LabPicture()
            yield LabTabs(PAGES)
            yield LabSettings(*lab_menus.choices(), self._now())
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the lab, with η in focus."""
        self._turn_to_page(self._page)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._follow()
        self._focus_first()

    def show_anew(self) -> None:
        """Show the state on the new widgets."""
        self._shown_ground = None
        self._turn_to_page(self._page)
        self.call_after_refresh(self._refresh)

    def on_unmount(self) -> None:
        """Nobody wants what is still being computed."""
        self._playback.stop()
        self._work.cancel()
        self._surfaces.cancel()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew; there may be room for more charts."""
        super().on_resize(event)
        self.set_class(event.size.width >= _HUGE_FROM, "-huge")
        self.call_after_refresh(self._refresh)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say of a number how it is typed: letters are commands until its entry is open."""
        is_number = isinstance(event.widget, LabNumber)
        self.bar.hint = _TYPING if is_number else ""

    def take(self, event: ev.Event) -> bool:
        """Move the lab on by an event and show it; return whether it was taken."""
        before, self.state = self.state.lab, advance(self.state, event)
        if self._preset and not _is_still(self._preset, event, before, self.state.lab):
            self._preset = ""
        self._problem, self._note = self.state.problem, self.state.remark
        self._refresh()
        return not self.state.problem

    def _say(self, words: Text) -> None:
        """Say something before the sentence about the run, until the next key."""
        self._note = words
        self._refresh()

    def _refresh(self) -> None:
        """Show the state when what is waiting has been heard: only the newest is drawn."""
        if not self._is_stale:
            self._is_stale = True
            self.call_later(self._follow)

    def _follow(self) -> None:
        """Show the state, as far as it is computed."""
        self._is_stale = False
        if not self.is_attached or not self.picture.size.width:
            return
        scene = scene_of(self.state.lab, self._runs)
        if scene is not None:
            self._scene = scene
            more = self.picture.has_room_for_more
            said = {"problem": self._problem, "note": self._note}
            self.picture.show(frame_of(scene, self._runs, **said, with_more=more))
            self._surfaces.fetch(self.picture.charts)
            self.settings.say_legend(legend_of(scene))
        elif self._problem or self._note:
            self.picture.say(self._problem or self._note)
        self._follow_bar()
        self._follow_playback()
        self.settings.show(self._now())
        if not self._problem:
            self.settings.forget_problems()
        self._follow_fields()

    def _follow_bar(self) -> None:
        lab = self.state.lab
        self.bar.formula = f"f = {objective_of(lab.setup).formula}"
        self.picture.main.cursor = lab.cursor
        if lab.cursor is not None:
            self.bar.reading = read_off(lab.setup, lab.cursor)

    def _follow_playback(self) -> None:
        self.picture.track.is_playing = self._playback.is_playing
        self.picture.track.speed = self._playback.speed

    def _follow_fields(self) -> None:
        """Keep the gradient and the state code up to date, except while frames are played."""
        setup = self.state.lab.setup
        if self._playback.is_playing:
            return
        self._field("state").suggest(encode(self.state.lab))
        if self._shown_ground != (ground := (setup.objective, setup.formula)):
            self._shown_ground = ground
            self._field("formula").say(gradient_words(objective_of(setup), setup.start))

    def _now(self) -> LabNow:
        lab = self.state.lab
        return LabNow(
            lab=lab,
            window=window_of(lab.setup),
            formula=objective_of(lab.setup).source_formula,
            rule_step=look_step(lab),
            from_here=self._from_here,
            preset=self._preset,
        )

    def _field(self, name: str) -> LabField:
        return self.query_one(f"#field-{name}", LabField)

    def _focus_first(self) -> None:
        self.set_focus(self.settings.first_field())

    def _turn_to_page(self, page: int) -> None:
        self._page = self.tabs.page = self.settings.page = page

    # --- long work

    @on(LongWork.PieceReady)
    def take_piece(self, ready: LongWork.PieceReady) -> None:
        """A thread has computed something."""
        if self._surfaces.is_own(ready.kind):
            self._surfaces.deliver(ready.kind, self.picture.charts)
            return
        piece = self._runs.take(ready.kind)
        if isinstance(piece, RunProgress):
            self.picture.say(words_on(piece))
        elif isinstance(piece, Message):
            self._say(piece)
        else:
            self._refresh()

    @on(LabChart.SurfaceMissing)
    def fetch_surface(self, missing: LabChart.SurfaceMissing) -> None:
        """A chart is to be painted, in a new size or other colours perhaps."""
        self._surfaces.fetch([missing.view])

    @on(LongWork.Ended)
    def note_end(self, ended: LongWork.Ended) -> None:
        """A thread has ended; another may begin."""
        if ended.failure is not None:
            raise ended.failure
        if self._surfaces.is_own(ended.kind):
            self._surfaces.end(ended.kind)
            return
        self._work.end(ended.kind)
        if ended.problem:
            self._problem = ended.problem
        self._refresh()

    # --- playback

    def _show_played(self, step: int) -> None:
        steps = self.state.lab.setup.steps
        if step >= steps:
            self._playback.stop()
        self.take(ev.StepLooked(min(step, steps)))

    def _look_at(self, step: int) -> None:
        self._playback.go_to(step)
        self.take(ev.StepLooked(step))


def _is_still(name: str, event: ev.Event, before: Lab, after: Lab) -> bool:
    """Whether the lab, played with since, is still about the preset of this name."""
    own = preset(name).setup
    if isinstance(event, ev.ChangeUndone) and before.setup == own != after.setup:
        return False
    if isinstance(event, ev.SetupOpened) and before != after:
        return False
    return (own.objective, own.formula) == (after.setup.objective, after.setup.formula)
