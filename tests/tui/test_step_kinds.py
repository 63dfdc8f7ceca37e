"""Steps of the sample lesson, answered by key on the lesson screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.apps import in_memory, lesson_screen, sample_catalog, tutor_app, until
from tutor.engine.kinds.choice import choice_order
from tutor.engine.kinds.ordering import order_of
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.widgets.choice_question import ChoiceQuestion
from tutor.tui.widgets.confidence_row import ConfidenceRow
from tutor.tui.widgets.line_question import LineQuestion
from tutor.tui.widgets.order_question import OrderQuestion
from tutor.tui.widgets.parameter_control import ParameterControl


@asynccontextmanager
async def at(
    step: str, lesson: str = "gradients/sample"
) -> AsyncIterator[tuple[Pilot[None], LessonScreen]]:
    """Open a sample lesson at a step."""
    with in_memory() as store:
        app = tutor_app(store, f"{lesson}#{step}", catalog=sample_catalog())
        async with app.run_test(size=(80, 24)) as pilot:
            yield pilot, await lesson_screen(pilot)


async def test_a_bug_is_found_by_arrows_and_enter_and_seen_mended():
    async with at("twice-as-large") as (pilot, screen):
        program = screen.query_one(LineQuestion)
        await until(pilot, lambda: screen.focused is program)
        assert ("20.0",) == program.printed
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: screen.run.state.tries == 1)
        assert (2, False) == program.taken
        await pilot.press("down", "enter")
        await until(pilot, lambda: screen.run.state.outcome == "done")
        assert (("10.0",), (3, True)) == (program.printed, program.taken)


async def test_all_that_apply_are_marked_by_space_digit_and_mouse_and_handed_in_by_enter():
    async with at("descends", "gradients/kinds") as (pilot, screen):
        question = screen.query_one(ChoiceQuestion)
        await until(pilot, lambda: screen.focused is question)
        await pilot.press("enter")
        await until(pilot, lambda: "Mark all that apply" in str(screen.run.state.problem))
        order = choice_order(screen.run, screen.run.step)
        await pilot.press("down", "down", "space", str(order.index(0) + 1))
        wanted = {f"choice{order[1]}", "choice0"} if order[1] else set()
        await until(pilot, lambda: set(screen.run.state.values) == wanted)
        assert 1 == question.highlighted
        for at_most in (0, 1, 2, 3):
            if (f"choice{at_most}" in screen.run.state.values) != (at_most < 2):
                await pilot.press(str(order.index(at_most) + 1))
        await until(pilot, lambda: set(screen.run.state.values) == {"choice0", "choice1"})
        await pilot.press("enter")
        await until(pilot, lambda: screen.run.state.outcome == "done")


async def test_a_click_marks_and_hands_nothing_in():
    async with at("descends", "gradients/kinds") as (pilot, screen):
        question = screen.query_one(ChoiceQuestion)
        await until(pilot, lambda: screen.focused is question and question.region.height == 4)
        await pilot.click(question, offset=(8, 2))
        order = choice_order(screen.run, screen.run.step)
        await until(pilot, lambda: set(screen.run.state.values) == {f"choice{order[2]}"})
        assert 0 == screen.run.state.tries


@pytest.mark.parametrize("step", ["one-step", "which-curve"])
async def test_rows_are_arranged_by_key_and_handed_in_by_enter(step: str):
    async with at(step, "gradients/kinds") as (pilot, screen):
        question = screen.query_one(OrderQuestion)
        await until(pilot, lambda: screen.focused is question)
        await pilot.press("enter")
        await until(pilot, lambda: screen.run.state.tries == 1)
        assert "open" == screen.run.state.outcome
        for place in range(3):
            below = [number for number, _ in question.items].index(place + 1)
            await pilot.press(*["up"] * 3, *["down"] * below, *["<"] * (below - place))
            await until(pilot, lambda at=place: question.items[at][0] == at + 1)
        await pilot.press("enter")
        await until(pilot, lambda: screen.run.state.outcome == "done")
        await until(pilot, lambda: question.is_right)


async def test_enter_with_no_line_under_the_cursor_says_what_is_missing():
    async with at("twice-as-large") as (pilot, screen):
        await until(pilot, lambda: isinstance(screen.focused, LineQuestion))
        await pilot.press("enter")
        await until(pilot, lambda: "line at fault" in str(screen.run.state.problem))


async def test_items_are_sorted_by_key_and_the_order_is_handed_in_with_confidence():
    async with at("sort") as (pilot, screen):
        question = screen.query_one(OrderQuestion)
        await until(pilot, lambda: screen.focused is question)
        while [item for item, _ in question.items] != [2, 1, 3]:
            wanted = next(i for i, item in enumerate((2, 1, 3)) if question.items[i][0] != item)
            below = [item for item, _ in question.items].index((2, 1, 3)[wanted])
            before = question.items
            await pilot.press(*["up"] * 3, *["down"] * below, "shift+up")
            await until(pilot, lambda seen=before: question.items != seen)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(screen.focused, ConfidenceRow))
        await pilot.press("3")
        await until(pilot, lambda: screen.run.state.outcome == "done")
        assert (2, 1, 3) == order_of(screen.run.state.values)
        assert screen.run.state.verdict.correct


async def test_a_number_of_the_run_is_guessed_by_turning_its_line():
    async with at("how-high") as (pilot, screen):
        await until(pilot, lambda: isinstance(screen.focused, ParameterControl))
        await pilot.press("2", ".", "5", "enter", "enter")
        await until(pilot, lambda: isinstance(screen.focused, ConfidenceRow))
        await pilot.press("１")
        await until(pilot, lambda: screen.run.state.outcome == "done")
        assert screen.run.state.verdict.correct


async def test_another_problem_has_other_numbers_and_the_field_is_empty_again():
    async with at("factor") as (pilot, screen):
        await until(pilot, lambda: isinstance(screen.focused, Input))
        assert "▁▁▁" in str(screen.query_one("#worked").render())
        await pilot.press(*"0.8", "enter")
        await until(pilot, lambda: screen.run.state.outcome == "done")
        assert "|1 − 2 · 0.1| = 0.8" == str(screen.query_one("#worked").render()).strip()
        await until(pilot, lambda: screen.focused is None)
        await pilot.press("a")
        await until(pilot, lambda: screen.run.state.variant > 0)
        await until(pilot, lambda: isinstance(screen.focused, Input))
        assert "" == screen.query_one(Input).value
        assert "η = 0.1 " not in str(screen.query_one("#body").render())


async def test_gradients_are_typed_one_after_the_other_and_the_field_is_empty_after_a_right_one():
    async with at("backward", "gradients/kinds") as (pilot, screen):
        await until(pilot, lambda: isinstance(screen.focused, Input))
        await pilot.press(*"162", "enter")
        await until(pilot, lambda: screen.run.state.tries == 1)
        assert "162" == screen.query_one(Input).value
        await pilot.press("ctrl+u", *"2*9", "enter")
        await until(pilot, lambda: screen.run.state.values == {"filled": 1})
        await until(pilot, lambda: screen.query_one(Input).value == "")
        assert "∂ 18" in str(screen.query_one("#worked").render())
        for entry in ("18", "18", "36", "54", "54"):
            before = screen.run.state.tries
            await pilot.press(*entry, "enter")
            await until(pilot, lambda seen=before: screen.run.state.tries > seen)
        await until(pilot, lambda: screen.run.state.outcome == "done")
