"""The lesson screen: keys, focus, and that nothing said to one step reaches another."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.course import course
from tests.tui.apps import at_rest, lesson_screen, tutor_app, until
from tutor.engine.lesson import events as ev
from tutor.tui.commands import LESSON_COMMANDS
from tutor.tui.screens.endings import EndScreen
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.screens.tutor_screen import TooSmall
from tutor.tui.terminal import GroundTold
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.choice_question import ChoiceQuestion
from tutor.tui.widgets.confidence_row import ConfidenceRow
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.parameter_control import ParameterControl
from tutor.tui.widgets.prose import Prose

NUMBER = "gradients/derivative#sixth-minute"
CHOICE = "gradients/derivative#what-it-says"
TILT = "gradients/derivative#tilt"
GUESS = "gradients/gradient-descent#first-step"


@pytest.mark.parametrize(
    ("step", "kind"), [(NUMBER, Input), (CHOICE, ChoiceQuestion), (TILT, ParameterControl)]
)
async def test_the_focus_is_where_the_learner_goes_on(store, step, kind):
    app = tutor_app(store, step)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: isinstance(screen.focused, kind))


async def test_every_letter_is_typed_into_a_field_and_moves_nothing(store):
    """A text field swallows the letters of all commands."""
    letters = [key for command in LESSON_COMMANDS for key in command.keys if len(key) == 1]
    app = tutor_app(store, NUMBER)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: isinstance(screen.focused, Input))
        await pilot.press(*letters, "question_mark", "q", "t")
        assert "".join(letters) + "?qt" == screen.query_one(Input).value
        assert "sixth-minute" == screen.run.step.id


async def test_the_second_keys_work_inside_a_field(store):
    """F2 hints, F4 skips, Ctrl+B goes back, F1 helps, F7 leads to the map."""
    app = tutor_app(store, NUMBER)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: isinstance(screen.focused, Input))
        await pilot.press("f2")
        await until(pilot, lambda: screen.run.state.hints == 1)
        await pilot.press("f4")
        await until(pilot, lambda: screen.run.step.id == "wide-secant")
        await pilot.press("ctrl+b")
        await until(pilot, lambda: screen.run.step.id == "sixth-minute")
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def test_escape_leaves_the_field_and_the_letters_are_commands_again(store):
    app = tutor_app(store, NUMBER)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: isinstance(screen.focused, Input))
        await pilot.press("escape", "h")
        await until(pilot, lambda: screen.run.state.hints == 1)


async def test_the_footer_offers_only_what_the_step_can_do(store):
    app = tutor_app(store, CHOICE)
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await lesson_screen(pilot)
        offered = {binding.action for _, binding, on, _ in screen.active_bindings.values() if on}
        assert "show_hint" in offered
        assert "next_preset" not in offered
        assert screen.query_one(KeyBar).display


async def test_leaving_to_the_map_and_coming_back_keeps_the_parameters(store):
    app = tutor_app(store, TILT)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: isinstance(screen.focused, ParameterControl))
        await pilot.press("left", "left")
        await until(pilot, lambda: screen.run.state.values["slope"] < 0.305)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("enter")
        assert 0.3 == pytest.approx((await lesson_screen(pilot)).run.state.values["slope"])


async def test_a_resize_keeps_the_step_and_redraws_the_chart_to_its_room(store):
    app = tutor_app(store, TILT)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        narrow = screen.query_one(ChartView).size
        await pilot.resize_terminal(160, 50)
        await until(pilot, lambda: screen.query_one(ChartView).size.height > narrow.height)
        await pilot.resize_terminal(30, 8)
        await until(pilot, lambda: screen.query_one(TooSmall).display)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: screen.query_one(ChartView).size == narrow)
        assert "tilt" == screen.run.step.id
        assert isinstance(screen.focused, ParameterControl), "the focus is where it was"


async def test_escape_at_the_confidence_goes_back_to_the_guess(store):
    app = tutor_app(store, GUESS)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: isinstance(screen.focused, ParameterControl))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(screen.focused, ConfidenceRow))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(screen.focused, ParameterControl))


async def test_a_digit_without_a_field_goes_to_the_steps_field(store):
    """Tab is never the only way back into a field."""
    app = tutor_app(store, NUMBER)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: isinstance(screen.focused, Input))
        await pilot.press("escape", "7")
        await until(pilot, lambda: screen.query_one(Input).value == "7")


async def test_enter_on_no_choice_says_what_is_missing(store):
    app = tutor_app(store, CHOICE)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: isinstance(screen.focused, ChoiceQuestion))
        await pilot.press("enter")
        await until(pilot, lambda: "number" in str(screen.run.state.problem))


async def test_the_end_of_a_lesson_counts_what_was_done_and_leads_to_what_is_open(store):
    """After the last step: a summary; o opens the first step that is not done."""
    app = tutor_app(store, "gradients/derivative#what-it-says")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        screen.take(ev.StepOpened(screen.run.lesson.steps[-1].id))
        screen.take(ev.StepSkipped())
        await until(pilot, lambda: isinstance(app.screen, EndScreen))
        await pilot.press("o")
        await until(pilot, lambda: app.screen is screen)
        assert "tilt" == screen.run.step.id


def ended(screen) -> None:
    """Leave the last step of the lesson on the screen."""
    screen.take(ev.StepOpened(screen.run.lesson.steps[-1].id))
    screen.take(ev.NextAsked() if screen.run.may_continue else ev.StepSkipped())


async def test_n_at_the_end_goes_to_the_next_lesson_in_place_of_this_one(store):
    app = tutor_app(store, "gradients/derivative#what-it-says")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        ended(screen)
        await until(pilot, lambda: isinstance(app.screen, EndScreen))
        assert "Next: Numerical differentiation" in app.screen.words().plain
        await pilot.press("n")
        await until(
            pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen is not screen
        )
        assert "gradients/numerical-differentiation" == app.screen.run.lesson.id
        assert [HomeScreen, LessonScreen] == [*map(type, app.screen_stack)]


async def test_after_the_last_lesson_of_the_course_there_is_no_next_one(store):
    app = tutor_app(store, course().lessons[-1].id)
    async with app.run_test(size=(80, 24)) as pilot:
        ended(await lesson_screen(pilot))
        await until(pilot, lambda: isinstance(app.screen, EndScreen))
        end = app.screen
        assert "next" not in end.words().plain.lower()
        await pilot.press("n")
        await at_rest(pilot)
        assert app.screen is end
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


@pytest.mark.parametrize("dark", [True, False])
async def test_the_chart_follows_the_theme(store, dark):
    app = tutor_app(store, TILT, dark=dark)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        view = screen.query_one(ChartView)
        await until(pilot, lambda: view.picture is not None)
        before = view.picture
        await pilot.press("t")
        await until(pilot, lambda: view.picture is not before)
        colours = [{s.color for row in p.rows for s in row} for p in (before, view.picture)]
        assert colours[0].isdisjoint(colours[1] - {None})


@pytest.mark.parametrize("key", ["e", "f12"])
async def test_export_writes_a_new_file_each_time_and_says_where(store, key, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = tutor_app(store, CHOICE)
    async with app.run_test(size=(80, 24)) as pilot:
        await lesson_screen(pilot)
        await pilot.press(key, key)
        await until(pilot, (tmp_path / "nabla-derivative-2.md").exists)
        await until(pilot, lambda: len(app._notifications) == 2)
        said = [notice.message for notice in app._notifications]
        assert f"Written: nabla-derivative.md in {tmp_path}" in said
    assert (tmp_path / "nabla-derivative.md").read_text("utf-8").startswith("# The derivative")


NEWCOMERS = ("up", "down", "plus", "minus", "space", "enter", "t", "less_than_sign", "right")


@pytest.mark.parametrize("key", NEWCOMERS)
async def test_no_key_that_a_newcomer_presses_is_dead(store, key):
    """What was turned, what is said or how it looks: something on the screen answers."""
    app = tutor_app(store, TILT)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: isinstance(screen.focused, ParameterControl))

        def answers() -> tuple[object, ...]:
            notice = str(screen.query_one("#notice", Prose).markup)
            return dict(screen.run.state.values), notice, app.theme

        before = answers()
        await pilot.press(key)
        await until(pilot, lambda: answers() != before)


async def test_the_keys_on_the_line_lead_a_newcomer_to_the_goal_in_two_presses(store):
    app = tutor_app(store, TILT)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: isinstance(screen.focused, ParameterControl))
        control = screen.query_one(ParameterControl)
        await until(
            pilot, lambda: "← → turn · Shift ten · or type a number" in str(control.render())
        )
        await pilot.press("shift+left", "left")
        await until(pilot, lambda: screen.run.state.outcome == "done")


async def test_a_control_says_its_keys_until_one_was_used_ever(store):
    async def row_of(step: str) -> str:
        app = tutor_app(store, step)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await lesson_screen(pilot)
            await until(pilot, lambda: isinstance(screen.focused, ParameterControl))
            words = str(screen.query_one(ParameterControl).render())
            await pilot.press("shift+left", "left")
            await until(pilot, lambda: bool(screen.run.state.undo))
        return words

    assert "turn" in await row_of(TILT)
    assert "turn" not in await row_of("gradients/gradient-descent#climb")


async def test_a_minus_with_a_number_after_it_begins_that_number(store):
    app = tutor_app(store, TILT)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: isinstance(screen.focused, ParameterControl))
        await pilot.press("minus")
        await until(pilot, lambda: screen.run.state.values == {"slope": 0.31})
        await pilot.press(*"0.05", "enter")
        await until(pilot, lambda: screen.run.state.values == {"slope": -0.05})


async def test_a_refusal_names_the_key_that_the_row_of_keys_shows(store):
    app = tutor_app(store, TILT)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        await until(pilot, lambda: "s Skip" in str(screen.query_one(KeyBar).render()))
        await pilot.press("n")
        said = "Reach the goal first. s skips this step."
        await until(pilot, lambda: said == screen.query_one("#notice", Prose).markup)


async def test_the_theme_follows_the_terminal_until_one_is_chosen_and_that_one_is_kept(store):
    kept: list[str] = []
    app = tutor_app(store, keep_theme=kept.append)
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.asks_ground
        app.post_message(GroundTold(is_light=True))
        await until(pilot, lambda: not app.current_theme.dark)
        app.post_message(GroundTold(is_light=False))  # a second answer is none to our question
        await pilot.press("t")
        await until(pilot, lambda: app.current_theme.dark)
        assert ["vivid"] == kept
        app.post_message(GroundTold(is_light=True))
        await at_rest(pilot)
        assert app.current_theme.dark


@pytest.mark.parametrize("chosen", ["light", "dark", "vivid", "contrast", "of another version"])
async def test_the_theme_that_was_chosen_is_there_from_the_start(store, chosen):
    app = tutor_app(store, theme=chosen, dark=chosen != "dark")
    async with app.run_test(size=(80, 24)):
        assert (chosen != "light") == app.current_theme.dark
        assert (chosen == "of another version") == app.asks_ground
