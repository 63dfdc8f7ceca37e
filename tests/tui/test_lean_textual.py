"""What makes Textual lighter changes nothing that is seen, and still has its hold in Textual."""

from __future__ import annotations

import gc
import weakref

import pytest
from rich.segment import Segment
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.strip import Strip

from tests.tui.apps import at_rest, lesson_screen, tutor_app, until
from tutor.tui.app import TutorApp
from tutor.tui.private.lean_textual import SharedStylesheet, do_without_caches


def _ours_and_textuals(node: DOMNode, textuals: Stylesheet) -> tuple[object, object]:
    """Return the rules that a node has, and those that Textual alone would give it."""
    ours = dict(node.styles.base.get_rules())
    textuals.apply(node)
    return ours, dict(node.styles.base.get_rules())


@pytest.mark.parametrize("step", ["tilt", "what-it-says"])
@pytest.mark.parametrize("dark", [True, False])
async def test_every_widget_has_the_style_that_textual_gives_it(store, step, dark):
    """A style that was worked out for another app is the one that this app would work out."""
    for _ in range(2):
        app = tutor_app(store, f"gradients/derivative#{step}", dark=dark)
        async with app.run_test(size=(120, 36)) as pilot:
            await lesson_screen(pilot)
            await pilot.press("tab")
            await _compare_all(app, pilot)


async def _compare_all(app: TutorApp, pilot: Pilot[None]) -> None:
    await pilot.pause()
    textuals = Stylesheet(variables=app.get_css_variables())
    textuals.source = app.stylesheet.source.copy()
    textuals.parse()
    nodes = [node for screen in app.screen_stack for node in screen.walk_children()]
    assert len(nodes) > 20
    for node in nodes:
        ours, theirs = _ours_and_textuals(node, textuals)
        assert theirs == ours, node


async def test_apps_share_their_rules(store):
    """Of two apps with the same theme and screens the second parses nothing."""
    rules = []
    for _ in range(2):
        app = tutor_app(store)
        async with app.run_test() as pilot:
            await at_rest(pilot)
            rules.append(app.stylesheet.rules)
    assert rules[0] is rules[1]


async def test_a_theme_is_ones_own(store):
    """One app changes to the light theme; another, open at the same time, stays dark."""
    ours, theirs = tutor_app(store), tutor_app(store)
    async with ours.run_test(), theirs.run_test() as pilot:
        dark = ours.screen.styles.background
        await pilot.press("t")
        await pilot.pause()
        ours.stylesheet.update(ours.screen)
        assert ours.screen.styles.background == dark
        assert theirs.screen.styles.background != dark


def test_variables_that_change_are_parsed_anew():
    """The same source with other variables comes to other rules, and back."""
    sheet = SharedStylesheet(variables={"ink": "red"})
    sheet.add_source("Label { color: $ink; }")
    colors = []
    for ink in ("red", "blue", "red"):
        sheet.set_variables({"ink": ink})
        sheet.reparse()
        colors.append(sheet.rules[0].styles.color.hex)
    assert colors == ["#FF0000", "#0000FF", "#FF0000"]


def test_rows_carry_no_caches():
    """A row that was cropped and divided has kept nothing of it."""
    do_without_caches()
    strip = Strip([Segment("gradient")])
    assert strip.crop(0, 4).text == "grad"
    assert [part.text for part in strip.divide([4, 8])] == ["grad", "ient"]
    assert not strip._crop_cache
    assert not strip._divide_cache
    assert Strip([])._filter_cache is strip._filter_cache


async def test_a_step_that_was_left_leaves_nothing(store):
    """The words of a step are gone with it, though they were looked up by their names."""
    app = tutor_app(store, "gradients/derivative#what-it-says")
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await lesson_screen(pilot)
        verdict = weakref.ref(screen.words.query_one("#verdict"))
        at = screen.run.index
        await pilot.press("s")
        await until(pilot, lambda: screen.run.index > at)

        def is_gone() -> bool:
            gc.collect()
            return verdict() is None

        await until(pilot, is_gone)
