"""The row of keys: what it offers, and the mouse on it."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.events import MouseScrollDown
from textual.pilot import Pilot

from tests.tui.apps import until
from tutor.tui import commands as cmd
from tutor.tui.commands import HELP
from tutor.tui.widgets.key_bar import KeyBar


class Keys(App[None]):
    """Hears of keys; `c` does nothing now, `f1` is a second key of `a`."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [  # noqa: RUF012 — Textual reads it from the class
        Binding("a", "hear('a')", "First", tooltip="Does the first."),
        Binding("f1", "hear('a')", "First"),
        Binding("b", "hear('b')", "下一步"),
        Binding("c", "never", "Third"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.bells = 0

    def compose(self) -> ComposeResult:
        yield KeyBar()

    def action_hear(self, what: str) -> None:
        self.heard.append(what)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return None if action == "never" else super().check_action(action, parameters)

    def bell(self) -> None:
        self.bells += 1


async def _bar(pilot: Pilot[None]) -> KeyBar:
    bar = pilot.app.query_one(KeyBar)
    await until(pilot, lambda: bool(bar.keys))
    return bar


def _text(bar: KeyBar) -> str:
    return bar.render().plain


async def test_an_action_stands_there_once_with_its_first_key():
    async with Keys().run_test(size=(60, 20)) as pilot:
        assert "a First b 下一步 c Third" in _text(await _bar(pilot))


async def test_a_click_is_as_good_as_the_key():
    """The second half of a wide character belongs to its key as well."""
    app = Keys()
    async with app.run_test(size=(60, 20)) as pilot:
        bar = await _bar(pilot)
        for key in bar.keys[:2]:
            await pilot.click(KeyBar, offset=(key.end - 1, 0))
        await until(pilot, lambda: app.heard == ["a", "b"])


async def test_a_key_that_does_nothing_now_rings():
    app = Keys()
    async with app.run_test(size=(60, 20)) as pilot:
        bar = await _bar(pilot)
        third = next(key for key in bar.keys if key.description == "Third")
        await pilot.click(KeyBar, offset=(third.start, 0))
        await until(pilot, lambda: app.bells == 1)
        assert not third.enabled


async def test_the_mouse_tells_what_a_key_does():
    async with Keys().run_test(size=(60, 20)) as pilot:
        bar = await _bar(pilot)
        await pilot.hover(KeyBar, offset=(2, 0))
        assert "Does the first." == str(bar.tooltip)
        await pilot.hover(KeyBar, offset=(bar.keys[0].end, 0))
        assert bar.tooltip is None


async def test_the_wheel_turns_a_row_that_is_too_long_and_no_further():
    async with Keys().run_test(size=(20, 20)) as pilot:
        bar = await _bar(pilot)
        assert bar.keys[-1].end > 20
        wheel = MouseScrollDown(bar, 1, 0, 0, 0, 0, False, False, False)
        for _ in range(9):
            bar.post_message(wheel)
        await pilot.pause()
        assert bar.keys[-1].end - bar.keys[bar.first].start <= 20
        assert bar.keys[-1].end - bar.keys[bar.first - 1].start > 20
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: bar.first == 0)


async def test_the_row_is_as_long_as_what_it_shows():
    async with Keys().run_test(size=(60, 20)) as pilot:
        bar = await _bar(pilot)
        assert bar.keys[-1].end == bar.render().cell_length


async def test_where_there_is_no_room_for_all_help_comes_first():
    app = Keys()
    app.bind("h", HELP.action, description="Help")
    async with app.run_test(size=(20, 20)) as pilot:
        bar = await _bar(pilot)
        assert _text(bar).startswith("h Help a First")
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: _text(bar).startswith("a First") and "h Help" in _text(bar))


EVERYWHERE = {
    "app": cmd.APP_COMMANDS, "map": cmd.HOME_COMMANDS, "lesson": cmd.LESSON_COMMANDS,
    "review": cmd.REVIEW_COMMANDS, "warm-up": cmd.WARM_UP_COMMANDS, "lab": cmd.LAB_COMMANDS,
    "progress": cmd.PROGRESS_COMMANDS, "class": cmd.CLASS_COMMANDS, "room": cmd.ROOM_COMMANDS,
}  # fmt: skip
ONE_THING = [
    {"Next", "Step"},  # n: one on
    {"Bring", "Bring here"}, {"Hand", "Hand down"},  # one thing for who learns and who teaches
]  # fmt: skip
"""Words of two commands that are one thing in two places."""


def test_one_letter_means_one_thing_wherever_it_is_a_command():
    meant: dict[str, dict[str, set[str]]] = {}
    for place, commands in EVERYWHERE.items():
        for command in commands:
            for letter in (key for key in command.keys if len(key) == 1 and key.isalpha()):
                meant.setdefault(letter, {}).setdefault(command.label.template, set()).add(place)
    several = {
        letter: words
        for letter, words in meant.items()
        if len(words) > 1 and set(words) not in ONE_THING
    }
    assert {} == several


def test_no_two_commands_of_one_place_share_a_letter():
    for place, commands in EVERYWHERE.items():
        letters = [key for command in (*cmd.APP_COMMANDS, *commands) for key in command.keys
                   if len(key) == 1 and command not in cmd.APP_COMMANDS]  # fmt: skip
        assert len(set(letters)) == len(letters), place
