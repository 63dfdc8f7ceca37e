"""The picture of a step: charts, the computed sentence, the worked line, the controls, the goal."""

from __future__ import annotations

from typing import cast

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tutor.engine.kinds.questions import Ordering
from tutor.engine.lesson.view import StepView
from tutor.i18n import Text, message, render
from tutor.lesson.model import ChartName
from tutor.lesson.wrapping import broken
from tutor.player.player import MARK
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.confidence_row import ConfidenceRow
from tutor.tui.widgets.order_question import OrderQuestion
from tutor.tui.widgets.parameter_control import ParameterControl

_TALLEST_CAPTION = 3


class Caption(Static):
    """A line or two under the charts."""

    tallest = 0
    """How many rows it has taken so far in this step."""


class PicturePane(Vertical):
    """Shows what the step's experiment gives, and follows the parameters at once."""

    DEFAULT_CSS = """
    PicturePane {
        height: 1fr; min-height: 14;
        & > #charts { height: 1fr; min-height: 10; layout: horizontal; }
        & > .caption { height: 1; padding: 0 1; }
        & > #update { color: $text-secondary; }
        & > #controls { height: auto; }
        & > .-empty { display: none; }
    }
    """

    unwritten: reactive[bool] = reactive(False, init=False)
    """Whether it is not written yet that the goal is reached."""

    says_keys = False
    """Whether the controls say how they are turned; asked when a step is laid out."""

    def __init__(self, view: StepView) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        """Lay out the step."""
        view = self._view
        if not view.has_picture:
            return
        with Container(id="charts"):
            for name in view.step.charts:
                yield ChartView(name)
        yield Caption(id="sentence", classes="caption", markup=False)
        yield Caption(id="update", classes="caption", markup=False)
        if not view.is_revealed:
            yield from self._controls(view)
        yield Caption(id="goal", classes="caption -empty", markup=False)

    def _controls(self, view: StepView) -> ComposeResult:
        width = max((cell_len(render(spec.label)) for spec, _ in view.controls), default=0)
        with Vertical(id="controls"):
            free = sum(not spec.locked for spec, _ in view.controls)
            for spec, value in view.controls:
                control = ParameterControl(spec, value, label_width=width)
                control.is_alone = free == 1 and not view.is_hidden
                control.set_reactive(ParameterControl.keys, self.says_keys)
                yield control
            if isinstance(view.question, Ordering):
                yield OrderQuestion()
            if view.is_hidden:
                yield ConfidenceRow()

    def on_mount(self) -> None:
        """Fill in what is shown."""
        self._follow_view()

    async def show(self, view: StepView) -> None:
        """Show another step, or what is new of the same; done when it is laid out."""
        old, self._view = self._view, view
        if (old.step.id, old.is_revealed) != (view.step.id, view.is_revealed):
            await self.recompose()
        self._follow_view()

    def _follow_view(self) -> None:
        view = self._view
        self.display = view.has_picture
        if not view.has_picture or not self.children:
            return
        for drawn in self.query(ChartView):
            drawn.chart = view.chart(cast(ChartName, drawn.name))
        values = {spec.name: value for spec, value in view.controls}
        for control in self.query(ParameterControl):
            control.value = values[control.spec.name]
        if isinstance(view.question, Ordering):
            for question in self.query(OrderQuestion):
                question.items = view.question.items
        sentence, update = view.told
        self._say("sentence", render(_how_to_guess(view) or sentence))
        self._say("update", render(update))
        self._show_goal()

    def watch_unwritten(self) -> None:
        """Mark the goal, or take the mark away."""
        if self.children:
            self._show_goal()

    def _show_goal(self) -> None:
        goal = self._view.goal
        if goal is None:
            return
        reached = goal.standing != "open"
        mark, style = ("✓ ", "$text-success bold") if reached else ("◇ ", "$text-warning bold")
        words = render(message("Goal: {goal}", goal=goal.words))
        now = render(goal.now)
        if goal.standing == "left" and now:
            now = render(message("reached before; {now}", now=now))
        parts: list[str | tuple[str, str]] = [(mark + words, style), "  ", (now, "$text-muted")]
        if reached and self.unwritten:
            parts += ["  ", (render(MARK), "$text-warning")]
        line = Content.assemble(*parts)
        self._say("goal", line)

    def _say(self, name: str, words: str | Content) -> None:
        """Show a caption. Within a step its height only grows, so that the chart stands still."""
        caption = self.query_one(f"#{name}", Caption)
        if isinstance(words, str):
            words = broken(words, self.size.width - 2)
        caption.set_class(not words and not caption.tallest, "-empty")
        lines = self._lines_of(words)
        taller = lines > caption.tallest
        if taller:
            caption.tallest = lines
            caption.styles.height = lines
        caption.update(words, layout=taller)

    def _lines_of(self, words: str | Content) -> int:
        if not words:
            return 0
        content = words if isinstance(words, Content) else Content(words)
        return min(_TALLEST_CAPTION, content.get_height({}, max(1, self.size.width - 2)))

    def on_resize(self) -> None:
        """Measure the captions anew."""
        for caption in self.query(Caption):
            caption.tallest = 0
        self._follow_view()

    def first_field(self) -> Widget | None:
        """Return what to focus: the first control that can be turned."""
        for control in self.query(ParameterControl):
            if not control.disabled:
                return control
        questions = self.query(OrderQuestion)
        return questions.first() if questions else None


def _how_to_guess(view: StepView) -> Text:
    """Return how a prediction is made; empty where there is none to make."""
    if not view.is_hidden:
        return ""
    if isinstance(view.question, Ordering):
        return message(
            "Smallest first, by {quantity}: ↑ ↓ choose, Shift+↑ ↓ or < > move, then Enter.",
            quantity=view.question.quantity,
        )
    return message("Place your guess with the arrow keys or a click, then press Enter.")
