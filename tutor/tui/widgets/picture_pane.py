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

from tutor.engine.goals import goal_is_met, goal_progress, goal_sentence
from tutor.engine.lesson_run import LessonRun, controls_of, guess_of, is_ordering
from tutor.engine.ordering import labels_in
from tutor.engine.showing import how_to_guess, is_revealed, shown_chart, shown_words
from tutor.i18n import message, render
from tutor.lesson.grading import parse_number
from tutor.lesson.model import ChartName, ExperimentStep, PredictStep
from tutor.player.receipts import MARK
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.confidence_row import ConfidenceRow
from tutor.tui.widgets.order_question import OrderQuestion
from tutor.tui.widgets.parameter_control import ParameterControl
from tutor.tui.widgets.plain_words import broken

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

    def __init__(self, run: LessonRun) -> None:
        super().__init__()
        self._run = run

    def compose(self) -> ComposeResult:
        """Lay out the step that the run is on."""
        run = self._run
        if run.step.experiment is None:
            return
        with Container(id="charts"):
            for name in run.step.charts:
                yield ChartView(name)
        yield Caption(id="sentence", classes="caption", markup=False)
        yield Caption(id="update", classes="caption", markup=False)
        if not is_revealed(run):
            yield from self._controls(run)
        yield Caption(id="goal", classes="caption -empty", markup=False)

    def _controls(self, run: LessonRun) -> ComposeResult:
        specs = controls_of(run.step)
        width = max((cell_len(render(spec.label)) for spec in specs), default=0)
        with Vertical(id="controls"):
            for spec in specs:
                yield ParameterControl(
                    spec, run.state.values[spec.name], parse_number, label_width=width
                )
            if is_ordering(run.step):
                yield OrderQuestion()
            if isinstance(run.step, PredictStep):
                yield ConfidenceRow()

    def on_mount(self) -> None:
        """Fill in the state."""
        self._follow_state()

    async def show(self, run: LessonRun) -> None:
        """Show another step, or the new state of the same; done when it is laid out."""
        old, self._run = self._run, run
        if _layout_of(old) != _layout_of(run):
            await self.recompose()
        self._follow_state()

    def _follow_state(self) -> None:
        run = self._run
        self.display = run.step.experiment is not None
        if run.state.result is None or not self.children:
            return
        for view in self.query(ChartView):
            view.chart = shown_chart(run, cast(ChartName, view.name))
        for control in self.query(ParameterControl):
            control.value = run.state.values[control.spec.name]
        for question in self.query(OrderQuestion):
            question.items = _items_of(run)
        sentence, update = shown_words(run)
        self._say("sentence", render(how_to_guess(run) or sentence))
        self._say("update", render(update))
        self._show_goal(run)

    def watch_unwritten(self) -> None:
        """Mark the goal, or take the mark away."""
        if self.children:
            self._show_goal(self._run)

    def _show_goal(self, run: LessonRun) -> None:
        if not isinstance(run.step, ExperimentStep) or run.step.goal is None:
            return
        goal, reached = run.step.goal, run.state.outcome == "done"
        mark, style = ("✓ ", "$text-success bold") if reached else ("◇ ", "$text-warning bold")
        words = render(message("Goal: {goal}", goal=goal_sentence(goal, run.step.experiment)))
        result = run.state.result
        now = "" if result is None else render(goal_progress(goal, result))
        if reached and now and result is not None and not goal_is_met(goal, result):
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
        self._follow_state()

    def first_field(self) -> Widget | None:
        """Return what to focus: the first control that can be turned."""
        for control in self.query(ParameterControl):
            if not control.disabled:
                return control
        questions = self.query(OrderQuestion)
        return questions.first() if questions else None


def _layout_of(run: LessonRun) -> tuple[str, bool]:
    return run.step.id, is_revealed(run)


def _items_of(run: LessonRun) -> tuple[tuple[int, str], ...]:
    step = run.step
    return tuple(labels_in(step, guess_of(step, run.state))) if is_ordering(step) else ()
