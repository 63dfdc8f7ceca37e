"""Items in a row each, chosen and moved by key and by mouse."""

from __future__ import annotations

from tests.tui.apps import FiveLineApp
from tutor.tui.widgets.order_question import OrderQuestion


class Hearing(FiveLineApp):
    """Keeps what its widget says, and moves the items as the engine would."""

    def on_order_question_moved(self, event: OrderQuestion.Moved) -> None:
        self.heard.append((event.item, event.by))
        items = list(event.question.items)
        place = next(n for n, (item, _) in enumerate(items) if item == event.item)
        items.insert(place + event.by, items.pop(place))
        event.question.items = tuple(items)

    def on_order_question_settled(self) -> None:
        self.heard.append("settled")


class HardOfHearing(FiveLineApp):
    """Keeps what its widget says, and has not answered yet."""

    def on_order_question_moved(self, event: OrderQuestion.Moved) -> None:
        self.heard.append((event.item, event.by))


def question() -> list[OrderQuestion]:
    order = OrderQuestion()
    order.items = ((2, "two"), (1, "one"), (3, "three"))
    return [order]


async def test_shift_and_an_arrow_move_the_chosen_item_and_the_choice_goes_with_it():
    app = Hearing(question)
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("tab", "shift+down", "shift+down", "up", "shift+up")
        assert [(2, 1), (2, 1), (3, -1)] == app.heard


async def test_a_held_key_moves_one_item_though_the_new_order_comes_late():
    app = HardOfHearing(question)
    async with app.run_test(size=(40, 6)) as pilot:
        order = app.query_one(OrderQuestion)
        order.action_move(1)
        order.action_move(1)
        await pilot.pause()
        assert [(2, 1), (2, 1)] == app.heard


async def test_an_item_at_the_end_stays_there():
    app = Hearing(question)
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("tab", "shift+up")
        assert [] == app.heard


async def test_enter_means_the_order():
    app = Hearing(question)
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("tab", "enter")
        assert ["settled"] == app.heard


async def test_an_item_is_dragged_by_the_mouse():
    app = Hearing(question)
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.mouse_down(OrderQuestion, offset=(4, 0))
        await pilot.hover(OrderQuestion, offset=(4, 2))
        await pilot.mouse_up(OrderQuestion, offset=(4, 2))
        assert [(2, 2)] == app.heard


async def test_the_rows_are_numbered():
    app = Hearing(question)
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("tab", "down")
        rows = str(app.query_one(OrderQuestion).render()).splitlines()
        assert ["  1  two", "▸ 2  one", "  3  three"] == rows
