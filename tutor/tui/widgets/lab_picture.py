"""The lab's picture: its charts, the computed sentence, the worked line, the playback row."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from tutor.charts.chart import Chart
from tutor.i18n import Text, message, render
from tutor.tui.widgets.lab_chart import LabChart
from tutor.tui.widgets.lab_track import LabTrack
from tutor.tui.widgets.plain_words import broken

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
    """Takes a frame and shows it; clicks come out as the charts' and the track's messages."""

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
