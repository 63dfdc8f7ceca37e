"""A chart in its pane: the picture at the pane's size, the place under the mouse, picking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tutor.charts.ascii_art import is_ascii
from tutor.charts.chart import Chart, Role, Viewpoint
from tutor.charts.marks import MARKS
from tutor.charts.palette import CONTRAST, DARK, LIGHT, MONO, VIVID, Palette, without_grounds
from tutor.charts.picture import RGB, Picture, Span
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.engine.numbers import show_point
from tutor.i18n import message

PALETTES: Final[Mapping[str, Palette]] = MappingProxyType(
    {"nabla-vivid": VIVID, "nabla-contrast": CONTRAST}
)
"""Of the themes that have colours of their own for charts; the others have those of their kind."""
_DEGREES: Final = 5.0
"""That a key turns a surface."""
_LEAP: Final = 6
"""Times as far with Shift."""
_DRAG: Final = 3.0
"""Degrees for a cell that the mouse is dragged."""


class ChartView(Widget):
    """Shows a `Chart`; the renderer keeps what does not change between two pictures."""

    DEFAULT_CSS = """
    ChartView { width: 1fr; height: 1fr; min-height: 10; }
    """

    SMALLEST: ClassVar = Size(20, 6)
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(f"{shift}{key}", f"turn({right * n}, {up * n})", "Turn", show=False)
            for key, right, up in (("left", -1, 0), ("right", 1, 0), ("up", 0, 1), ("down", 0, -1))
            for shift, n in (("", 1), ("shift+", _LEAP))
        ),
        Binding("home", "face", "As before", show=False),
    ]
    FOCUS_KEY: ClassVar = "Tab"
    """Which key brings the focus here, as people write it."""

    chart: reactive[Chart | None] = reactive(None)
    """What is drawn."""
    wants_space: reactive[bool | None] = reactive(None)
    """Whether a chart of heights is to be seen as a surface in space; None: as it says itself."""
    viewpoint: reactive[Viewpoint] = reactive(Viewpoint())
    """From where a surface in space is seen."""
    under_mouse: reactive[str] = reactive("")
    """The place under the mouse, in data units."""

    @dataclass
    class Picked(Message):
        """A place of the chart was clicked, in data units."""

        view: ChartView
        x: float
        y: float

        @property
        def control(self) -> ChartView:
            """The view."""
            return self.view

    def __init__(self, name: str) -> None:
        super().__init__(name=name, classes="chart")
        self._renderer = ChartRenderer(ascii_only=is_ascii())
        self._drawn: tuple[object, ...] = ()
        self.picture: Picture | None = None
        """What is drawn now; None where there is no room or nothing to draw."""
        self._strips: list[Strip] = []
        self._ground = Style()
        self._look: tuple[object, ...] = ()
        self._drag: tuple[float, float] | None = None
        """Where the mouse that turns a surface was last."""
        self._was_dragged = False
        self._finished: dict[int, tuple[Strip, Strip]] = {}
        """Rows as they are drawn, and as they are shown."""

    @property
    def shows_heights(self) -> bool:
        """Whether it can be seen as a surface in space, and as a map."""
        return self.chart is not None and self.chart.is_landscape

    @property
    def is_in_space(self) -> bool:
        """Whether what is shown is a surface in space."""
        if self.chart is None or not self.shows_heights:
            return False
        return self.chart.viewpoint is not None if self.wants_space is None else self.wants_space

    @property
    def shown(self) -> Chart | None:
        """The chart as it is seen from here."""
        if self.chart is None or not self.is_in_space:
            return self.chart and replace(self.chart, viewpoint=None)
        keys = message("← → turn, ↑ ↓ tilt (Shift: more), Home as before, Tab leaves; or drag")
        if not self.has_focus:
            keys = message("{key}, then ← → ↑ ↓ turn it; or drag", key=self.FOCUS_KEY)
        return replace(self.chart, viewpoint=self.viewpoint, foot=keys)

    def watch_chart(self) -> None:
        """A new chart is drawn when the screen is next painted, not before."""
        self.can_focus = self.takes_focus
        self.refresh()

    def watch_wants_space(self) -> None:
        """The same chart is drawn the other way."""
        self.can_focus = self.takes_focus
        self.refresh()

    @property
    def takes_focus(self) -> bool:
        """Whether keys do something here."""
        return self.is_in_space

    def watch_under_mouse(self, place: str) -> None:
        """Show the place where it covers nothing of the picture."""
        self.tooltip = Content(place) if place else None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows in `crop`; the picture is drawn once for all of them.

        Rows are kept between pictures: Textual's own way styles each of them anew.
        """
        self._draw()
        filters, background = self.get_line_filters(), self.background_colors[1]
        if self.gutter or self.opacity < 1 or self.styles.tint.a:
            return super().render_lines(crop)
        if self._look != (look := (*filters, background, self.size)):
            self._look, self._finished = look, {}
        rows = [self._finish(y, filters, background) for y in crop.line_range]
        left, right = crop.column_span
        return rows if crop.width == self.size.width else [row.crop(left, right) for row in rows]

    def _finish(self, y: int, filters: Sequence[LineFilter], background: Color) -> Strip:
        """Return a row as the terminal can show it."""
        drawn = self.render_line(y)
        last = self._finished.get(y)
        if last is None or last[0] is not drawn:
            row = drawn.adjust_cell_length(self.size.width, self._ground)
            segments = list(row)
            for each in filters:
                segments = each.apply(segments, background)
            last = self._finished[y] = (drawn, Strip(segments, row.cell_length))
        return last[1]

    def render_line(self, y: int) -> Strip:
        """Return a row of the picture."""
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self._ground)

    def _draw(self) -> None:
        """Draw the picture, unless it is drawn already."""
        seen = (self.viewpoint, self.has_focus) if self.is_in_space else ()
        wanted = (self.chart, self.size, self._palette, self.rich_style, seen)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        last, old, ground = self.picture, self._strips, self._ground
        self._ground = self.rich_style
        if (chart := self.shown) is None or not self._has_room:
            self.picture, self._strips = None, []
            return
        self.picture = self._renderer.render(
            chart, self.size.width, self.size.height, self._palette
        )
        rows = self.picture.rows
        kept = dict(zip(last.rows, old, strict=True)) if last and ground == self._ground else {}
        self._strips = [kept.get(row) or self._strip(row) for row in rows]

    def _strip(self, row: Sequence[Span]) -> Strip:
        segments = [Segment(span.text, self._ground + _style(span)) for span in row]
        return Strip(segments, self.size.width)

    @property
    def _has_room(self) -> bool:
        return self.size.width >= self.SMALLEST.width and self.size.height >= self.SMALLEST.height

    @property
    def _palette(self) -> Palette:
        return palette_of(self.app)

    def action_turn(self, right: int, up: int) -> None:
        """Turn a surface in space."""
        if self.is_in_space:
            self.viewpoint = self.viewpoint.moved(right * _DEGREES, up * _DEGREES)

    def action_face(self) -> None:
        """See a surface in space from where it was seen first."""
        self.viewpoint = Viewpoint()

    def _place(self, event: events.MouseEvent) -> tuple[float, float] | None:
        return None if self.picture is None else self.picture.place_at(event.x, event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell the place under the mouse; with the button down, pick it, or turn a surface."""
        if self._drag is not None:
            self._drag_to(event.screen_x, event.screen_y)
            return
        place = self._place(event)
        self.under_mouse = show_point(place, 3) if place else ""
        if place and event.button == 1 and not self.is_in_space:
            self.post_message(self.Picked(self, *place))

    def _drag_to(self, x: float, y: float) -> None:
        across, down = (now - then for now, then in zip((x, y), self._drag or (x, y), strict=True))
        if across or down:
            self._drag, self._was_dragged, self.under_mouse = (x, y), True, ""
            self.viewpoint = self.viewpoint.moved(_DRAG * across, _DRAG * down)

    def on_leave(self) -> None:
        """Forget the place."""
        self.under_mouse = ""

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Pick the place that was clicked; a surface in space may be dragged first."""
        if self.is_in_space:
            self._drag, self._was_dragged = (event.screen_x, event.screen_y), False
            self.capture_mouse()
        elif place := self._place(event):
            self.post_message(self.Picked(self, *place))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Pick the place of a surface that was clicked, if it was not dragged."""
        if self._drag is None:
            return
        self._drag = None
        self.release_mouse()
        if not self._was_dragged and (place := self._place(event)):
            self.post_message(self.Picked(self, *place))


def palette_of(app: App[Any]) -> Palette:
    """Return the colours of charts on this app's ground."""
    if app.no_color:
        return MONO
    theme = app.current_theme
    full = PALETTES.get(theme.name, DARK if theme.dark else LIGHT)
    return without_grounds(full) if _has_few_colours(app) else full


def sample_of(role: Role, app: App[Any]) -> tuple[str, str]:
    """Return the mark of a role as charts show it, with its style: for what is said beside them."""
    mark = MARKS[role].ascii_point if is_ascii() else MARKS[role].point
    color = _color(palette_of(app).color(role))
    return mark, f"bold {color}" if color else "bold"


def _has_few_colours(app: App[Any]) -> bool:
    """Whether the terminal has 16 colours or fewer: an app that is served says so itself."""
    by_console = app.console.color_system in (None, "standard", "windows")
    return bool(getattr(app, "has_few_colours", by_console))


@lru_cache(maxsize=512)
def _style_of(color: RGB | None, background: RGB | None, bold: bool) -> Style:
    return Style(color=_color(color), bgcolor=_color(background), bold=bold or None)


def _style(span: Span) -> Style:
    return _style_of(span.color, span.background, span.bold)


def _color(rgb: RGB | None) -> str | None:
    return None if rgb is None else "#{:02x}{:02x}{:02x}".format(*rgb)
