"""What is typed or pasted in the lab: numbers, formulas, state codes; taken, or refused beside."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.events import Paste

from tests.tui.apps import until
from tests.tui.labs import BOWL, open_lab, press, settled, words
from tutor.engine.descent.setup import Setup
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.state_code import encode
from tutor.tui.screens.lab_menus import LabCodeScreen


async def test_the_start_is_typed():
    async with open_lab() as (pilot, screen):
        screen.settings.number("x0").focus()
        await press(pilot, screen, *"2.5", "enter")
        assert (2.5, 2.0) == screen.state.lab.setup.start


async def test_a_start_beyond_the_window_can_be_typed_as_it_can_be_clicked():
    async with open_lab() as (pilot, screen):
        row = screen.settings.number("x1")
        row.focus()
        await press(pilot, screen, *"-12.5", "enter")
        assert (-7.0, -12.5) == screen.state.lab.setup.start
        await press(pilot, screen, "right")
        assert pytest.approx(-12.5 + row.spec.tick) == screen.state.lab.setup.start[1]


async def test_a_formula_is_checked_while_it_is_typed_and_taken_on_enter():
    async with open_lab() as (pilot, screen):
        field = screen.settings.field("formula")
        field.input.focus()
        await press(pilot, screen, *"x0**2 + x")
        assert "" == screen.state.lab.setup.formula
        assert field.query_one(".remark").has_class("-problem")
        assert words(screen, "field-formula .remark")
        await press(pilot, screen, "1")
        assert "∇f = (2x₀, 1)" in words(screen, "field-formula .remark")
        await press(pilot, screen, "enter")
        assert "x0**2 + x1" == screen.state.lab.setup.formula


async def test_a_formula_that_cannot_be_run_leaves_the_last_good_chart():
    async with open_lab() as (pilot, screen):
        chart = screen.picture.main.chart
        field = screen.settings.field("formula")
        for entry in ("x0 +* 2", "7", "banana", "log(x - 100)", "1/0"):
            field.input.focus()
            await press(pilot, screen, "ctrl+u", *entry.replace(" ", ""), "enter")
            assert entry.replace(" ", "") == field.entry
            assert BOWL == screen.state.lab.setup
            assert chart is not None
            assert chart.title == screen.picture.main.chart.title
            assert field.query_one(".remark").has_class("-problem"), entry


async def test_a_field_that_is_left_shows_again_what_holds():
    async with open_lab() as (pilot, screen):
        field = screen.settings.field("formula")
        field.input.focus()
        await press(pilot, screen, *"nonsense", "escape")
        assert "x0**2/20 + x1**2" == field.entry
        assert "✓ checked by differences" in words(screen, "field-formula .remark")
        assert screen.is_current


async def test_nonsense_for_eta_is_refused_beside_the_field():
    async with open_lab() as (pilot, screen):
        row = screen.settings.number("learning_rate")
        for entry in ("0/0", "1e999", "--", "0banana"):
            await press(pilot, screen, *entry, "enter")
            assert 0.9 == screen.state.lab.setup.rule.learning_rate
            assert row.problem, entry
            await press(pilot, screen, *"0.9", "enter")
            assert not row.problem


async def test_a_strange_eta_is_run_and_shown():
    async with open_lab() as (pilot, screen):
        for entry, value in (("0", 0.0), ("-0.1", -0.1), ("1e9", 1e9)):
            await press(pilot, screen, *entry, "enter")
            assert value == screen.state.lab.setup.rule.learning_rate
            await press(pilot, screen, "right")
            assert 0 < screen.state.lab.setup.rule.learning_rate < 2000


@pytest.mark.parametrize("opening", ["enter", "equals_sign"])
async def test_letters_are_letters_in_an_opened_entry_and_no_number_is_refused(opening):
    """Beside the field and under the chart; the last good chart stays."""
    async with open_lab() as (pilot, screen):
        view, row = screen.picture.main, screen.settings.number("learning_rate")
        before = view.picture and view.picture.to_text()
        for entry in ("nan", "inf", "abc", "-inf", "nonsense"):
            await press(pilot, screen, opening, *entry, "enter")
            assert BOWL == screen.state.lab.setup
            assert entry.lstrip("-") in str(row.render())
            assert entry.lstrip("-") in words(screen, "sentence")
            assert view.picture is not None
            assert before == view.picture.to_text()
            await press(pilot, screen, *"0.9", "enter")
            assert entry.lstrip("-") not in str(row.render())


async def test_a_focused_number_says_how_letters_are_typed():
    """Wherever the room is not needed for the value under the cursor."""
    async with open_lab(size=(80, 24)) as (pilot, screen):
        assert "= opens the entry" in str(screen.bar.render())
        await press(pilot, screen, "c")
        assert "= opens the entry" not in str(screen.bar.render())


async def test_letters_on_a_row_that_is_not_open_do_nothing_that_undo_cannot_take_back():
    """An n, an O and an n are commands there: the optimizers are compared."""
    async with open_lab(Lab(setup=BOWL, ghosts=(BOWL,))) as (pilot, screen):
        before = screen.state.lab
        await press(pilot, screen, *"nOn")
        assert before.ghosts != screen.state.lab.ghosts
        await press(pilot, screen, "u")
        assert replace(before, step=screen.state.lab.step) == screen.state.lab


async def test_a_pasted_number_is_taken_on_enter_and_pasted_nonsense_is_refused():
    async with open_lab() as (pilot, screen):
        row = screen.settings.number("learning_rate")
        for pasted, eta in (("0.25\n", 0.25), ("nan", 0.25)):
            pilot.app.post_message(Paste(pasted))
            await until(pilot, lambda: row.entry is not None)
            await press(pilot, screen, "enter")
            assert eta == screen.state.lab.setup.rule.learning_rate
        assert "nan" in str(row.problem)


async def test_ctrl_and_f_keys_are_commands_while_a_number_is_typed():
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "2", "ctrl+b")
        assert 29 == screen.state.lab.step


async def test_down_takes_what_is_typed_and_goes_on():
    async with open_lab() as (pilot, screen):
        row = screen.settings.number("learning_rate")
        await press(pilot, screen, *"0.3", "down")
        assert 0.3 == screen.state.lab.setup.rule.learning_rate
        assert screen.focused is not row


async def test_down_stays_on_what_cannot_be_taken():
    async with open_lab() as (pilot, screen):
        row = screen.settings.number("learning_rate")
        await press(pilot, screen, "equals_sign", *"nan", "down")
        assert screen.focused is row
        assert row.problem


async def test_the_state_code_is_shown_and_opens_when_pasted_anywhere():
    other = Lab(setup=Setup(objective="himmelblau", start=(1.0, -2.0), steps=7), step=3)
    async with open_lab() as (pilot, screen):
        assert encode(screen.state.lab) == screen.settings.field("state").suggested
        pilot.app.post_message(Paste(encode(other) + "\n"))
        await settled(pilot, screen)
        assert other == screen.state.lab


async def test_a_code_that_is_cut_short_is_refused_beside_the_field():
    async with open_lab() as (pilot, screen):
        field = screen.settings.field("state")
        field.input.focus()
        field.input.value = encode(Lab())[:-3]
        await press(pilot, screen, "enter")
        assert BOWL == screen.state.lab.setup
        assert field.query_one(".remark").has_class("-problem")


async def test_the_state_code_is_copied_and_shown_whole():
    async with open_lab() as (pilot, screen):
        await press(pilot, screen, "g", "left", "g", "left")
        code = encode(screen.state.lab)
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabCodeScreen))
        assert code == pilot.app.clipboard
        assert code == "".join(words(pilot.app.screen, "code-lines").split())
