"""Each widget, mounted alone in a five-line app, takes plain data and answers with messages."""

from __future__ import annotations

import numpy as np
import pytest
from textual.content import Content
from textual.widgets import Input

from tests.tui.apps import FiveLineApp, until
from tutor.charts.chart import Axis, AxisRange, Chart, Line
from tutor.engine.lesson.controls import Control
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.choice_question import ChoiceQuestion
from tutor.tui.widgets.confidence_row import ConfidenceRow
from tutor.tui.widgets.number_question import NumberQuestion
from tutor.tui.widgets.parameter_control import ParameterControl
from tutor.tui.widgets.prose import Prose
from tutor.tui.widgets.step_bar import StepBar

RATE = Control(name="learning_rate", label="η", start=0.1, low=1e-4, high=10.0, log=True)


class Hearing(FiveLineApp):
    """Keeps what its widget says."""

    def on_parameter_control_changed(self, event: ParameterControl.Changed) -> None:
        self.heard.append(event.value)

    def on_parameter_control_turned(self, event: ParameterControl.Turned) -> None:
        self.heard.append(event.ticks)

    def on_choice_question_taken(self, event: ChoiceQuestion.Taken) -> None:
        self.heard.append(event.place)

    def on_confidence_row_handed_in(self, event: ConfidenceRow.HandedIn) -> None:
        self.heard.append(event.confidence)

    def on_number_question_entered(self, event: NumberQuestion.Entered) -> None:
        self.heard.append(event.entered)

    def on_chart_view_picked(self, event: ChartView.Picked) -> None:
        self.heard.append((round(event.x), round(event.y)))

    def on_step_bar_step_picked(self, event: StepBar.StepPicked) -> None:
        self.heard.append(event.index)


def parameter() -> list[ParameterControl]:
    return [ParameterControl(RATE, 0.1, label_width=2)]


@pytest.mark.parametrize(
    ("key", "ticks"), [("left", -1), ("right", 1), ("shift+left", -10), ("shift+right", 10)]
)
async def test_arrow_keys_ask_for_steps(key, ticks):
    app = Hearing(parameter)
    async with app.run_test(size=(60, 4)) as pilot:
        await pilot.press("tab", key)
        assert [ticks] == app.heard


@pytest.mark.parametrize(
    ("typed", "value"), [("0.5", 0.5), ("1e-3", 1e-3), ("1/4", 0.25), ("５", 5.0)]
)
async def test_a_typed_value_is_asked_for_on_enter(typed, value):
    app = Hearing(parameter)
    async with app.run_test(size=(60, 4)) as pilot:
        await pilot.press("tab", *typed)
        assert [] == app.heard
        await pilot.press("enter")
        assert [value] == app.heard


async def test_escape_leaves_a_half_typed_value():
    app = Hearing(parameter)
    async with app.run_test(size=(60, 4)) as pilot:
        await pilot.press("tab", "7", "escape")
        control = app.query_one(ParameterControl)
        assert (None, 0.1, []) == (control.entry, control.value, app.heard)


async def test_a_click_on_the_track_asks_for_the_value_there():
    """The left end is the lowest value, the right end the highest, on a logarithmic track."""
    app = Hearing(parameter)
    async with app.run_test(size=(60, 4)) as pilot:
        await pilot.click(ParameterControl, offset=(58, 0))
        await pilot.click(ParameterControl, offset=(16, 0))
        assert 10.0 == app.heard[0]
        assert 1e-3 > app.heard[-1]


async def test_the_wheel_turns_by_single_steps():
    app = Hearing(parameter)
    async with app.run_test(size=(60, 4)) as pilot:
        control = app.query_one(ParameterControl)
        await pilot._post_mouse_events([_wheel_up()], widget=control, offset=(30, 0))
        assert [1] == app.heard


def _wheel_up():
    from textual.events import MouseScrollUp

    return MouseScrollUp


async def test_no_choice_is_taken_by_enter_alone():
    app = Hearing(lambda: [ChoiceQuestion([Content("up"), Content("down")], None)])
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("tab", "enter", "enter")
        assert [] == app.heard
        await pilot.press("2")
        await pilot.press("down", "enter")
        assert [1, 0] == app.heard


async def test_the_choice_taken_carries_a_mark_beside_its_colour():
    app = Hearing(lambda: [ChoiceQuestion([Content("up"), Content("down")], (1, False))])
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.pause()
        prompts = [str(option.prompt) for option in app.query_one(ChoiceQuestion).options]
        assert ["  1  up", "✗ 2  down"] == prompts


async def test_no_guess_is_handed_in_by_enter_alone():
    app = Hearing(lambda: [ConfidenceRow()])
    async with app.run_test(size=(60, 4)) as pilot:
        await pilot.press("tab", "enter", "enter")
        assert [] == app.heard
        await pilot.press("right", "right", "enter")
        assert ["medium"] == app.heard


async def test_an_empty_field_hands_nothing_in():
    app = Hearing(lambda: [NumberQuestion("", "km", "")])
    async with app.run_test(size=(60, 4)) as pilot:
        app.query_one(Input).focus()
        await pilot.press("enter", "space", "enter", "7", "enter")
        assert [" 7"] == app.heard


async def test_a_click_on_a_chart_gives_the_place_in_data_units():
    chart = Chart("f", Axis("x", AxisRange(0, 10)), Axis("y", AxisRange(0, 4)),
                  (Line(np.array([0.0, 10.0]), np.array([0.0, 4.0]), "curve"),))  # fmt: skip
    app = Hearing(lambda: [ChartView("curve")])
    async with app.run_test(size=(80, 20)) as pilot:
        view = app.query_one(ChartView)
        view.chart = chart
        await pilot.pause()
        await until(pilot, lambda: view.picture is not None)
        column, row = view.picture.area.to_cell(5.0, 2.0)
        await pilot.click(ChartView, offset=(column, row))
        assert [(5, 2)] == app.heard


async def test_a_click_on_a_mark_of_the_bar_picks_its_step():
    def bar() -> list[StepBar]:
        step_bar = StepBar()
        step_bar.title, step_bar.marks = "Lesson", ("done", "open", "open")
        return [step_bar]

    app = Hearing(bar)
    async with app.run_test(size=(60, 4)) as pilot:
        text = str(app.query_one(StepBar).render())
        await pilot.click(StepBar, offset=(1 + text.index("○") + 2, 0))
        assert [2] == app.heard


@pytest.mark.parametrize("width", range(24, 60))
async def test_a_space_stands_between_the_title_of_the_bar_and_its_marks(width):
    def bar() -> list[StepBar]:
        step_bar = StepBar()
        step_bar.title, step_bar.subtitle, step_bar.marks = "A lesson", "A step", ("open",) * 3
        return [step_bar]

    app = Hearing(bar)
    async with app.run_test(size=(width, 4)):
        assert " ◉ ○ ○ " in str(app.query_one(StepBar).render())


async def test_prose_is_as_high_as_its_wrapped_lines():
    app = FiveLineApp(lambda: [Prose("one two three four\n\n$\\eta$ five")])
    async with app.run_test(size=(12, 10)) as pilot:
        await pilot.pause()
        assert 4 == app.query_one(Prose).size.height
