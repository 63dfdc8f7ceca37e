"""The lab's picture: its charts, the computed sentence, the worked line, the playback row.

What is clicked on them or pointed at becomes what is wanted of the lab.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static

from tutor.charts.chart import Chart
from tutor.charts.plotext_renderer import Ahead, Kept
from tutor.engine.descent.words import read_off
from tutor.engine.lab import events as ev
from tutor.engine.lab.lab import Lab
from tutor.i18n import Text, message, render
from tutor.lesson.wrapping import broken
from tutor.tui.long_work import LongWork
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.lab_chart import LabChart
from tutor.tui.widgets.lab_settings import LabWanted
from tutor.tui.widgets.lab_track import LabTrack

_FOUR_CHARTS_FROM = (110, 44)
"""Columns and rows of a picture with room for two charts more."""
_STACKED_FROM = (60, 26)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabFrame:
    """What the picture shows. A chart of None leaves the one that is there."""

    main: Chart | None = None
    curve: Chart | None = None
    more: tuple[Chart, ...] = ()
    """Two charts more, where `has_room_for_more`."""
    sentence: Text = ""
    problem: Text = ""
    """Why the last change was not taken; it stands in place of the sentence."""
    note: Text = ""
    """What else is to be said; it stands before the sentence."""
    update: Text = ""
    step: int = 0
    steps: int = 1
    branches: tuple[int, ...] = ()


class LabPicture(Vertical):
    """Takes a frame and shows it; clicks come out as what is wanted of the lab."""

    DEFAULT_CSS = """
    LabPicture {
        height: 1fr; width: 1fr;
        & > #lab-charts { height: 1fr; min-height: 10; layout: horizontal; }
        & > .caption { padding: 0 1; width: 1fr; }
        & > #sentence { height: 3; }
        & > #update { height: 2; color: $text-secondary; }
        & .more { display: none; }
        & #main-chart { margin-right: 1; }
        &.-stacked > #lab-charts { layout: vertical; }
        &.-stacked #main-chart { height: 3fr; }
        &.-stacked #curve-chart { height: 2fr; }
        &.-four > #lab-charts { layout: grid; grid-size: 2 2; }
        &.-four .more { display: block; }
    }
    """

    track = query_one(LabTrack)
    main = query_one("#main-chart", LabChart)
    curve = query_one("#curve-chart", LabChart)

    @dataclass
    class Read(Message):
        """Something is to be read off under the cursor or the mouse; empty: no more."""

        words: Text

    def __init__(self) -> None:
        super().__init__()
        self._lab = Lab()
        self._surfaces = LongWork(self)

    @property
    def charts(self) -> list[LabChart]:
        """All charts, also those for which there is no room now."""
        return list(self.query(LabChart))

    def compose(self) -> ComposeResult:
        """Lay out charts, captions and the track."""
        with Container(id="lab-charts"):
            yield LabChart("main")
            yield LabChart("curve")
            yield LabChart("more-0")
            yield LabChart("more-1")
        yield Static(id="sentence", classes="caption", markup=False)
        yield Static(id="update", classes="caption", markup=False)
        yield LabTrack()

    def on_resize(self, event: events.Resize) -> None:
        """Place the charts as the room allows."""
        size = (event.size.width, event.size.height)
        four = all(has >= needs for has, needs in zip(size, _FOUR_CHARTS_FROM, strict=True))
        stacked = all(has >= needs for has, needs in zip(size, _STACKED_FROM, strict=True))
        self.set_class(four, "-four")
        self.set_class(stacked and not four, "-stacked")

    @property
    def has_room_for_more(self) -> bool:
        """Whether four charts are shown."""
        return self.has_class("-four")

    def follow(self, lab: Lab) -> None:
        """Take note of a lab, which may not be computed yet: what is clicked is about it."""
        self._lab = lab
        self.main.cursor = lab.cursor

    def show(self, frame: LabFrame) -> None:
        """Show a frame; what has not changed is not painted again."""
        charts = (frame.main, frame.curve, *frame.more)
        for view, chart in zip(self.charts, charts, strict=False):
            if chart is not None:
                view.chart = chart
        self._say(frame)
        self.query_one("#update", Static).update(Content(render(frame.update)), layout=False)
        self.track.steps, self.track.step = frame.steps, frame.step
        self.track.branches = frame.branches
        self._fetch(self.charts)

    def _say(self, frame: LabFrame) -> None:
        if frame.problem:
            self._say_in_lines(frame.problem, "$text-error")
        elif frame.note:
            self._say_in_lines(
                message("{words} {change}", words=frame.note, change=frame.sentence),
                "$text-accent", len(render(frame.note)),
            )  # fmt: skip
        else:
            self._say_in_lines(frame.sentence)

    def _say_in_lines(self, words: Text, style: str = "", styled: int | None = None) -> None:
        """Say something under the charts; `style` is that of its first `styled` characters."""
        caption = self.query_one("#sentence", Static)
        lines = Content(broken(render(words), caption.content_size.width))
        caption.update(lines.stylize(style, 0, styled) if style else lines, layout=False)

    def say(self, words: Text) -> None:
        """Say something in place of the sentence, while the charts stay."""
        self._say_in_lines(words)

    # --- surfaces: sampled beside the screen, which takes up to 120 ms; the last good chart stays

    @property
    def is_drawn(self) -> bool:
        """Whether every chart stands on its own surface, and none is being drawn."""
        missing = any(view.missing() for view in self.charts if view.is_attached)
        return not missing and not self._surfaces.wanted()

    def _fetch(self, views: Iterable[LabChart]) -> None:
        """Begin what these charts miss; what they miss no longer is stopped."""
        for view in views:
            ahead = view.missing()
            if ahead is None:
                self._surfaces.cancel(view.name)
            else:
                self._surfaces.want(view.name or "", ahead.key, partial(_drawn, ahead))

    @on(LabChart.SurfaceMissing)
    def fetch_surface(self, missing: LabChart.SurfaceMissing) -> None:
        """A chart is to be painted, in a new size or other colours perhaps."""
        self._fetch([missing.view])

    @on(LongWork.PieceReady)
    def keep_surface(self, ready: LongWork.PieceReady) -> None:
        """Give a surface to the chart that misses it."""
        taken = self._surfaces.take(ready.kind)
        if taken is not None:
            next(view for view in self.charts if view.name == ready.kind).keep(*taken)

    @on(LongWork.Ended)
    def note_end(self, ended: LongWork.Ended) -> None:
        """Begin what has been wanted meanwhile."""
        self._surfaces.end(ended)

    def on_unmount(self) -> None:
        """Nobody wants what is still being drawn."""
        self._surfaces.cancel()

    # --- what is clicked and pointed at

    @on(ChartView.Picked)
    def pick(self, place: ChartView.Picked) -> None:
        """A place was clicked: on the function the start, on a curve the step, on a sweep η."""
        view, lab = cast(LabChart, place.view), self._lab
        if view.name == "main" and lab.view != "slices":
            self._start_at(view.tidy(place.x, place.y))
        elif view.name == "curve" and lab.curve == "sweep":
            rate = float(f"{place.x:.3g}")
            self.post_message(LabWanted(ev.PartSet("learning_rate", rate)))
        elif view.name != "main":
            self.post_message(LabWanted(ev.StepLooked(round(place.x))))

    @on(LabTrack.Scrubbed)
    def scrub(self, scrubbed: LabTrack.Scrubbed) -> None:
        """Another step is to be looked at."""
        self.post_message(LabWanted(ev.StepLooked(scrubbed.step)))

    def _start_at(self, point: tuple[float, ...]) -> None:
        self.post_message(LabWanted(ev.StartMoved(point[: len(self._lab.setup.start)])))

    @on(LabChart.CursorMoved)
    def move_cursor(self, moved: LabChart.CursorMoved) -> None:
        """An arrow key moved the cursor."""
        point = (moved.x, moved.y)[: len(self._lab.setup.start)]
        self.post_message(LabWanted(ev.CursorMoved(point)))

    @on(LabChart.CursorTaken)
    def take_cursor(self) -> None:
        """The run is to start where the cursor stands."""
        if self._lab.cursor is not None:
            self._start_at(self._lab.cursor)

    @on(LabChart.CursorLeft)
    def leave_cursor(self) -> None:
        """The focus went to another control; a list over the lab leaves the cursor alone."""
        if self._lab.cursor is not None and self.screen.is_current:
            self.post_message(LabWanted(ev.CursorMoved(None)))
            self.post_message(self.Read(""))

    @on(LabChart.MouseMoved)
    def read_under_mouse(self, moved: LabChart.MouseMoved) -> None:
        """Tell value and gradient under the mouse; where it has left, under the cursor."""
        lab = self._lab
        if moved.view.name != "main" or lab.view == "slices":
            return
        place = moved.place and moved.place[: len(lab.setup.start)]
        at = place or lab.cursor
        self.post_message(self.Read(read_off(lab.setup, at) if at else ""))


def _drawn(ahead: Ahead) -> Iterator[Kept]:
    yield ahead.draw()
