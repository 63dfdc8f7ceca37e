"""The course map: states, Continue, and what could not be loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual.widgets import OptionList, Static

from tests.course import course
from tests.tui.apps import NOON, lesson_screen, tutor_app, until
from tutor.authoring.new_lesson import write_new_lesson
from tutor.engine import events as ev
from tutor.lesson.catalog import find_lesson_folders, load_catalog
from tutor.player.player import Player
from tutor.store.progress_store import ProgressStore
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.home import HomeScreen


@pytest.fixture
def lessons(tmp_path: Path) -> Path:
    """Return a copy of the project's lessons, to be broken."""
    folder = tmp_path / "lessons"
    shutil.copytree(find_lesson_folders()[0], folder)
    return folder


def rows(app) -> list[str]:
    options = app.screen.query_one(OptionList)
    return [str(options.get_option_at_index(i).prompt) for i in range(options.option_count)]


def notice(app) -> str:
    return str(app.screen.query_one("#notice", Static).render())


def work_through(store: ProgressStore, lesson_id: str, *events: ev.Event) -> None:
    lesson = course().lesson(lesson_id)
    player = Player(lesson, store, learner="ana", now=lambda: NOON, seed=1)
    for event in events:
        player.send(event)


async def test_continue_opens_the_step_where_the_learner_was(store):
    work_through(store, "gradients/gradient", ev.StepOpened("aim"), ev.HintAsked())
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Continue: The gradient" in rows(app)[0])
        await pilot.press("enter")
        assert "aim" == (await lesson_screen(pilot)).run.step.id


async def test_continue_waits_for_the_progress_rather_than_open_the_wrong_lesson(store):
    """Enter pressed before the progress is read opens where the learner was all the same."""
    work_through(store, "gradients/gradient", ev.StepOpened("aim"), ev.HintAsked())
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.post_message(HomeScreen.ContinueChosen())
        assert "gradients/gradient" == (await lesson_screen(pilot)).run.lesson.id


async def test_a_finished_lesson_begins_at_its_first_step_again(store):
    steps = course().lesson("derivative").steps
    work_through(store, "derivative", *[ev.StepSkipped(), ev.NextAsked()] * len(steps))
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: any("done" in row for row in rows(app)))
        await pilot.press("down", "enter")
        assert 0 == (await lesson_screen(pilot)).run.index


async def test_a_broken_lesson_is_left_out_and_named(store, lessons):
    """The good lessons open; the notice names file, line and mend."""
    broken = lessons / "gradients" / "05-gradient-descent.yaml"
    broken.write_text(broken.read_text("utf-8").replace("minutes:", "minuts:", 1), "utf-8")
    app = tutor_app(store, catalog=load_catalog([lessons]))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "05-gradient-descent.yaml:2: has no minutes" in notice(app))
        assert "add the key minutes" in notice(app)
        assert not any("Gradient descent" in row for row in rows(app))
        await pilot.press("enter")
        assert "gradients/derivative" == (await lesson_screen(pilot)).run.lesson.id


async def test_without_any_lesson_the_map_says_where_it_looked(store, tmp_path):
    app = tutor_app(store, catalog=load_catalog([tmp_path / "nowhere"]))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        assert "nowhere" in notice(app)
        assert "No lessons" in rows(app)[0]


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_opens_over_everything_and_closes(store, key):
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def test_each_course_has_its_head_where_there_are_several(store, tmp_path):
    """Heads are passed over by the cursor; the lessons under them open."""
    write_new_lesson(tmp_path / "slopes" / "ramps.yaml")
    catalog = load_catalog([*find_lesson_folders(), tmp_path])
    app = tutor_app(store, catalog=catalog)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "not started" in rows(app)[-1])
        assert ["gradients", "slopes"] == [row.strip() for row in rows(app) if " min" not in row][
            1:
        ]
        await pilot.press("end", "enter")
        assert "slopes/ramps" == (await lesson_screen(pilot)).run.lesson.id
