"""The review and the warm-up, by key: what is asked, what is kept, what is said at the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.widgets import Static

from tests.course import course
from tests.tui.apps import NOON, lesson_screen, tutor_app, until
from tutor.lesson.model import ChoiceStep
from tutor.player.schedule import review_of
from tutor.store.model import Attempt
from tutor.tui.screens.endings import EndScreen, NothingDueScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.lesson import LessonScreen, ReviewScreen, WarmUpScreen
from tutor.tui.screens.progress import ProgressScreen
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.step_bar import StepBar

DERIVATIVE = "gradients/derivative"
CHOICES = [step for step in course().lesson(DERIVATIVE).steps if isinstance(step, ChoiceStep)][:2]


def miss(store, step, *, days_ago=2, correct=False):
    store.record_attempt(
        Attempt(
            learner="ana", lesson=DERIVATIVE, step=step.id, kind=step.kind, answer="0",
            correct=correct, at=NOON - timedelta(days=days_ago),
        )
    )  # fmt: skip


def words(screen) -> str:
    return "\n".join(str(each.render()) for each in screen.query(Static))


def key_of(screen, *, correct=True):
    """Return the digit of a right (or wrong) choice of the step on the screen."""
    from tutor.engine.kinds.choice import choice_order

    step = screen.run.step
    order = choice_order(screen.run, step)
    return next(str(k) for k, i in enumerate(order, 1) if step.choices[i].correct is correct)


async def screen_of(pilot, kind):
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await pilot.pause()
    return pilot.app.screen


async def test_the_map_says_how_many_are_due(store):
    for step in CHOICES:
        miss(store, step)
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "review due: 2" in words(app.screen))


@pytest.mark.parametrize("key", ["v", "ctrl+r"])
async def test_a_review_asks_what_is_due_and_says_what_comes_back_when(store, key):
    miss(store, CHOICES[0])
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await screen_of(pilot, HomeScreen)
        await pilot.press(key)
        screen = await screen_of(pilot, ReviewScreen)
        assert "question 1 of 1" == screen.query_one(StepBar).position
        await pilot.press(key_of(screen))
        await until(pilot, lambda: screen.run.may_continue)
        await pilot.press("n")
        end = await screen_of(pilot, EndScreen)
        assert "1 of 1 right at the first try" in words(end)
        assert "1 × in 3 days" in words(end)
        await pilot.press("enter")
        await screen_of(pilot, HomeScreen)
        await until(pilot, lambda: "review due" not in words(app.screen))


async def test_a_miss_in_a_review_comes_back_tomorrow_and_leaves_the_lesson_where_it_was(store):
    miss(store, CHOICES[0])
    before = store.lesson_progress("ana")
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await screen_of(pilot, HomeScreen)
        await pilot.press("v")
        screen = await screen_of(pilot, ReviewScreen)
        await pilot.press(key_of(screen, correct=False))
        await until(pilot, lambda: screen.run.state.tries == 1)
        await pilot.press("s")
        end = await screen_of(pilot, EndScreen)
        assert "1 missed" in words(end)
        assert "1 × tomorrow" in words(end)
    assert before == store.lesson_progress("ana")
    assert store.resume_point("ana", DERIVATIVE) is None


async def test_with_nothing_due_it_says_when_and_offers_to_practise(store):
    miss(store, CHOICES[0], days_ago=0)
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await screen_of(pilot, HomeScreen)
        await pilot.press("v")
        offer = await screen_of(pilot, NothingDueScreen)
        assert "The next question comes back tomorrow." in words(offer)
        await pilot.press("enter")
        assert CHOICES[0].body == (await screen_of(pilot, ReviewScreen)).run.step.body


async def test_with_nothing_answered_yet_there_is_nothing_to_practise(store):
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await screen_of(pilot, HomeScreen)
        await pilot.press("v")
        assert "Nothing to review yet" in words(await screen_of(pilot, NothingDueScreen))
        await pilot.press("enter")
        await screen_of(pilot, HomeScreen)


async def test_a_lesson_begins_with_two_questions_of_earlier_ones(store):
    for step in CHOICES:
        miss(store, step, correct=True, days_ago=0)
    app = tutor_app(store, "gradients/gradient")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await screen_of(pilot, WarmUpScreen)
        assert "Warm-up 1 of 2" == screen.query_one(StepBar).position
        for _ in CHOICES:
            here = screen.run.index
            await pilot.press(key_of(screen))
            await until(pilot, lambda: screen.run.may_continue)
            await pilot.press("n")
            await until(pilot, lambda here=here: screen.run.finished or screen.run.index > here)
            await pilot.pause()
        await until(pilot, lambda: not isinstance(app.screen, WarmUpScreen))
        assert "gradients/gradient" == (await lesson_screen(pilot)).run.lesson.id
    assert [True, True] == [a.in_review for a in store.attempts("ana")[2:]]


@pytest.mark.parametrize("key", ["j", "ctrl+l"])
async def test_one_key_leaves_the_warm_up_for_the_lesson(store, key):
    miss(store, CHOICES[0])
    app = tutor_app(store, "gradients/gradient")
    async with app.run_test(size=(80, 24)) as pilot:
        await screen_of(pilot, WarmUpScreen)
        await pilot.press(key)
        await until(pilot, lambda: type(app.screen) is LessonScreen)


async def test_from_the_warm_up_the_map_is_one_key_away(store):
    miss(store, CHOICES[0])
    app = tutor_app(store, "gradients/gradient")
    async with app.run_test(size=(80, 24)) as pilot:
        await screen_of(pilot, WarmUpScreen)
        await pilot.press("m")
        await screen_of(pilot, HomeScreen)
    assert store.resume_point("ana", "gradients/gradient") is None


async def test_a_lesson_that_was_begun_and_a_step_that_was_named_have_no_warm_up(store):
    miss(store, CHOICES[0])
    app = tutor_app(store, "gradients/gradient#aim")
    async with app.run_test(size=(80, 24)) as pilot:
        await lesson_screen(pilot)
        assert type(app.screen) is LessonScreen
    again = tutor_app(store, "gradients/gradient")
    async with again.run_test(size=(80, 24)) as pilot:
        await lesson_screen(pilot)
        assert type(again.screen) is LessonScreen


def test_what_is_under_review_is_the_same_for_every_reader(store):
    miss(store, CHOICES[0])
    at = NOON + timedelta(days=1)
    assert review_of(course(), store, "ana", at) == review_of(course(), store, "ana", at)


@pytest.mark.parametrize("key", ["i", "ctrl+p"])
async def test_the_progress_opens_from_the_map_and_closes(store, key):
    miss(store, CHOICES[0])
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await screen_of(pilot, HomeScreen)
        await pilot.press(key)
        screen = await screen_of(pilot, ProgressScreen)
        assert "1 due of 1 under review." in words(screen)
        await pilot.press("escape")
        await screen_of(pilot, HomeScreen)


async def test_the_footer_of_a_warm_up_fits_with_all_that_a_step_can_offer(store):
    for step in CHOICES:
        miss(store, step)
    app = tutor_app(store, "gradients/gradient")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await screen_of(pilot, WarmUpScreen)
        await pilot.press("s")
        await until(pilot, lambda: screen.run.index == 1)
        await pilot.press(key_of(screen, correct=False))
        await until(pilot, lambda: screen.run.state.tries == 1)
        footer = screen.query_one(KeyBar)
        await until(pilot, lambda: "Lesson" in [key.description for key in footer.keys])
        assert footer.keys[-1].end <= 80
