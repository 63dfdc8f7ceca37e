"""The lines of a program: taken by arrows and Enter, or by mouse."""

from __future__ import annotations

from tests.tui.apps import FiveLineApp
from tutor.tui.widgets.line_question import LineQuestion


class Hearing(FiveLineApp):
    """Keeps what its widget says."""

    def on_line_question_taken(self, event: LineQuestion.Taken) -> None:
        self.heard.append(event.line)

    def on_line_question_undecided(self) -> None:
        self.heard.append("undecided")


def program() -> list[LineQuestion]:
    question = LineQuestion()
    question.lines = ["def f(x):", "    return x + 1", "", "print(f(1))"]
    question.printed = ["2"]
    return [question]


async def test_a_line_is_taken_by_arrows_and_enter():
    app = Hearing(program)
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.press("tab", "down", "down", "enter", "up", "enter", "end", "enter")
        assert [2, 1, 4] == app.heard


async def test_enter_alone_takes_nothing():
    app = Hearing(program)
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.press("tab", "enter")
        assert ["undecided"] == app.heard


async def test_a_line_is_taken_by_a_click():
    app = Hearing(program)
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.click(LineQuestion, offset=(8, 1))
        assert [2] == app.heard


async def test_what_is_printed_is_no_line_to_take():
    app = Hearing(program)
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.click(LineQuestion, offset=(3, 5))
        assert [] == app.heard


async def test_a_mended_program_takes_no_line_more():
    app = Hearing(program)
    async with app.run_test(size=(60, 8)) as pilot:
        app.query_one(LineQuestion).is_mended = True
        await pilot.press("tab", "down", "enter")
        assert [] == app.heard


async def test_the_lines_are_numbered_and_the_taken_one_is_marked():
    app = Hearing(program)
    async with app.run_test(size=(60, 8)):
        question = app.query_one(LineQuestion)
        question.taken = (2, False)
        rows = str(question.render()).splitlines()
        assert ["  1 │ def f(x):", "✗ 2 │     return x + 1", "  3 │ "] == rows[:3]
        assert ["It prints:", "  2"] == rows[4:6]


async def test_an_open_question_says_how_to_answer_and_a_mended_one_does_not():
    app = Hearing(program)
    async with app.run_test(size=(60, 8)):
        question = app.query_one(LineQuestion)
        assert "then Enter" in question.render().plain
        question.is_mended = True
        assert "then Enter" not in question.render().plain
