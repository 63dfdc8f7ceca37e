"""The preview follows the file, keeps the author's place, and writes nobody's progress."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.apps import NOON, until
from tutor.authoring.new_lesson import write_new_lesson
from tutor.lesson.catalog import Catalog
from tutor.lesson.loader import load_lesson
from tutor.store.opening import Opening, open_in_memory
from tutor.tui.preview import PreviewApp
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.screens.preview import PreviewScreen
from tutor.tui.services import Services


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    file = tmp_path / "ramps.yaml"
    write_new_lesson(file)
    return file


def preview(file: Path) -> PreviewApp:
    progress: Future[Opening] = Future()
    progress.set_result(Opening(open_in_memory(), None))
    services = Services(
        catalog=Catalog(()), open_progress=lambda: progress, learner="author", now=lambda: NOON,
        new_seed=lambda: 0,
    )  # fmt: skip
    return PreviewApp(services, file)


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


async def shown(pilot: Pilot[None], holds: Callable[[LessonScreen], bool]) -> LessonScreen:
    """Return the lesson's screen once it is there and as it should be."""

    def is_there() -> bool:
        screen = pilot.app.screen
        return isinstance(screen, LessonScreen) and screen.is_mounted and holds(screen)

    await until(pilot, is_there)
    screen = pilot.app.screen
    assert isinstance(screen, LessonScreen)
    return screen


async def test_a_saved_change_is_shown_at_the_same_step_with_its_parameters(lesson: Path):
    app = preview(lesson)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(pilot, lambda s: s.run.index == 0)
        await pilot.press("f4")
        await until(pilot, lambda: screen.run.index == 1)
        await pilot.press("1", "enter")
        await until(pilot, lambda: screen.run.state.values["slope"] == 1.0)
        change(lesson, "Only graze it", "Graze it")
        screen = await shown(pilot, lambda s: s.run.step.title == "Graze it")
        assert (1, 1.0) == (screen.run.index, screen.run.state.values["slope"])


async def test_an_error_stands_in_place_of_the_step_until_it_is_mended(lesson: Path):
    app = preview(lesson)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(pilot, lambda s: s.run.index == 0)
        await pilot.press("f4")
        await until(pilot, lambda: screen.run.index == 1)
        change(lesson, "minutes: 10", "minutes: ten")
        await until(pilot, lambda: isinstance(app.screen, PreviewScreen))
        first = app.screen
        assert isinstance(first, PreviewScreen)
        assert "ramps.yaml:9" in first._words().plain
        assert "write digits alone" in first._words().plain
        change(lesson, "minutes: ten", "minutes: 12")
        again = await shown(pilot, lambda s: s.run.lesson.minutes == 12)
        assert 1 == again.run.index


async def test_a_step_that_is_gone_leaves_the_author_near_it(lesson: Path):
    app = preview(lesson)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(pilot, lambda s: s.run.index == 0)
        await pilot.press("f4")
        await until(pilot, lambda: screen.run.index == 1)
        change(lesson, "id: graze", "id: touch")
        again = await shown(pilot, lambda s: s.run.lesson.steps[1].id == "touch")
        assert "touch" == again.run.step.id


async def test_the_lesson_opens_again_after_it_was_left(lesson: Path):
    app = preview(lesson)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, lambda s: s.run.index == 0)
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(app.screen, PreviewScreen))
        await pilot.press("enter")
        await shown(pilot, lambda s: s.run.index == 0)


TRANSLATION = """\
translates: {id}
language: zh
title: 坡道
"""


async def test_the_translation_beside_it_is_shown_and_watched(lesson: Path):
    translation = lesson.with_suffix(".zh.yaml")
    translation.write_text(TRANSLATION.format(id=load_lesson(lesson).id), "utf-8")
    app = preview(translation)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, lambda screen: screen.run.lesson.title == "坡道")
        change(translation, "坡道", "斜坡")
        await shown(pilot, lambda screen: screen.run.lesson.title == "斜坡")
        await pilot.press("f10")
        await shown(pilot, lambda screen: screen.run.lesson.title == "Ramps")
        assert app.is_running


async def test_no_key_of_a_lesson_ends_the_preview(lesson: Path, monkeypatch):
    monkeypatch.chdir(lesson.parent)  # one of the keys writes a file
    app = preview(lesson)
    titles = ["How steep is it?"]

    def is_shown(screen: LessonScreen) -> bool:
        return screen.run.lesson.steps[0].title == titles[-1]

    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("f10", "z", "question_mark", "t", "m", "s", "e", "l", "b"):
            await shown(pilot, is_shown)
            await pilot.press(key)
            titles.append(f"After {key}?")
            change(lesson, *titles[-2:])
        await shown(pilot, is_shown)
