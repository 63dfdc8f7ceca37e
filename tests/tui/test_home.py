"""The course map: states, Continue, and what could not be loaded."""

from __future__ import annotations

import shutil
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import OptionList, Static

from tests.course import course
from tests.tui.apps import BOTH_LANGUAGES, NOON, at_rest, lesson_screen, tutor_app, until
from tutor.authoring.new_lesson import write_new_lesson
from tutor.engine.lesson import events as ev
from tutor.lesson.catalog import Catalog, load_catalog
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.heads import read_heads
from tutor.player.player import Player
from tutor.store.progress_store import ProgressStore
from tutor.tui.screens import home
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.services import Unbuilt


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


async def test_a_key_of_an_input_method_is_the_key_that_was_meant(store):
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        app.post_message(Key("fullwidth_question_mark", "？"))
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))


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
        assert ["gradients", "slopes"] == [
            row.strip() for row in rows(app)[1:] if "not started" not in row
        ]
        await pilot.press("end", "enter")
        assert "slopes/ramps" == (await lesson_screen(pilot)).run.lesson.id


@pytest.mark.parametrize("language", BOTH_LANGUAGES)
async def test_every_row_is_one_line_at_every_width(store, language):
    """From the narrowest terminal to 200 columns, with every state that a lesson can have."""
    work_through(store, "gradients/checking-gradients", ev.NextAsked())
    app = tutor_app(store, language=language)
    async with app.run_test(size=(200, 24)) as pilot:
        await until(pilot, lambda: app.screen.course_map.continue_at is not None)
        shown = app.screen.course_map
        states = ("not-started", "under-way", "done", "unknown")
        for length in range(1, 4):
            entries = tuple(
                replace(entry, state=states[i % len(states)], step=12, due=i % length)
                for i, entry in enumerate(shown.entries)
            )
            app.screen.course_map = replace(shown, entries=entries)
            for room in range(52, 200):
                layout = home._RowLayout.of(entries, room)
                assert {True} == {layout.row(each).cell_length <= room for each in entries}
                assert 1 == len({layout.row(each).cell_length for each in entries})


@pytest.mark.parametrize("width", [60, 80, 99, 100, 103, 106, 120, 200])
async def test_our_course_is_listed_whole(store, width):
    """No row breaks, and none is out of sight from 24 lines on, or 25 below 100 columns."""
    app = tutor_app(store)
    async with app.run_test(size=(width, 24 if width >= 100 else 25)) as pilot:
        await until(pilot, lambda: "not started" in rows(app)[-1] or "○" in rows(app)[-1])
        await at_rest(pilot)
        listed = app.screen.lessons
        separator = 1
        assert listed.option_count + separator == listed.virtual_size.height
        assert listed.virtual_size.height <= listed.size.height


async def test_the_chosen_lesson_is_in_sight_where_the_list_is_longer(store):
    app = tutor_app(store)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: app.screen.course_map.continue_at is not None)
        await pilot.press("end")
        await at_rest(pilot)
        listed = app.screen.lessons
        assert listed.virtual_size.height - listed.size.height == round(listed.scroll_y)


@pytest.mark.parametrize(
    ("typed", "lesson"),
    [
        ("2", "numerical-differentiation"),
        ("13", "beyond-plain-descent"),
        ("1 enter", "derivative"),
        ("1", "derivative"),
        ("12", "checking-gradients"),
        ("99", "chain-rule"),
    ],
)
async def test_a_number_opens_its_lesson(store, typed, lesson):
    """Two digits, or Enter, or a moment in which no second digit comes."""
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.course_map.continue_at is not None)
        keys = typed.split()
        await pilot.press(*keys[0], *keys[1:])
        assert f"gradients/{lesson}" == (await lesson_screen(pilot)).run.lesson.id


async def test_a_number_that_no_lesson_has_opens_none(store):
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.course_map.continue_at is not None)
        await pilot.press("0", "0")
        await at_rest(pilot)
        assert isinstance(app.screen, HomeScreen)


async def test_a_lesson_that_cannot_be_built_is_on_the_map_until_that_is_known(store, lessons):
    """Its head can be read. Who opens it meanwhile stays on the map, which then says why."""
    file = lessons / "gradients" / "01-derivative.yaml"
    file.write_text(file.read_text("utf-8").replace("kind: choice", "kind: chioce"), "utf-8")
    building: Future[Catalog] = Future()
    unbuilt = Unbuilt(lambda language: read_heads([lessons], language), lambda: building)
    app = tutor_app(store, catalog=unbuilt)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: any("The derivative" in row for row in rows(app)))
        assert "" == notice(app)
        await pilot.press("down", "enter")
        building.set_result(load_catalog([lessons]))
        await until(pilot, lambda: "01-derivative.yaml" in notice(app))
        await at_rest(pilot)
        assert isinstance(app.screen, HomeScreen)
        assert not any("The derivative" in row for row in rows(app))
        assert app.failure is None
