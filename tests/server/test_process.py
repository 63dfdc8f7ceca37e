"""Many apps in one process: what one does, no other notices."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as ScreenColor

import tutor
from tests.server.clients import HELP, IN_HELP, ON_MAP, is_well, terminal
from tests.server.served import Served
from tutor.server.process.serve import prepare_environment
from tutor.server.terminal.served_app import ServedApp
from tutor.server.terminal.sgr import FewerColours, fewer


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    served = Served(tmp_path)
    yield served
    await served.close()
    gc.unfreeze()


async def test_an_app_that_fails_says_an_error_id_and_harms_nobody(
    served: Served, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    def fail(self: ServedApp) -> None:
        if self.is_unlucky:
            raise RuntimeError("the sky fell")
        original(self)

    original = ServedApp.action_show_help
    monkeypatch.setattr(ServedApp, "is_unlucky", True, raising=False)
    monkeypatch.setattr(ServedApp, "action_show_help", fail)
    screen = await terminal(await served.connect("ana"))
    neighbour = await terminal(await served.connect("ben"))
    await screen.wait_for(ON_MAP)
    await neighbour.wait_for(ON_MAP)
    screen.press(HELP)
    await asyncio.wait_for(screen.is_over.wait(), 60)
    assert b"Something went wrong, error " in screen.seen
    assert b"Your progress is saved" in screen.seen
    assert b"the sky fell" not in screen.seen
    assert screen.seen.index(b"\x1b[?1049l") < screen.seen.index(b"Something went wrong")
    monkeypatch.setattr(ServedApp, "is_unlucky", False, raising=False)
    assert await is_well(neighbour)


async def test_stdout_is_the_processes_own_whoever_leaves_first(served: Served):
    streams = sys.stdout, sys.stderr
    screens = [await terminal(await served.connect(name)) for name in ("ana", "ben")]
    for each in screens:
        await each.wait_for(ON_MAP)
    assert streams == (sys.stdout, sys.stderr)
    for each in screens:
        each.press(b"q")
        await asyncio.wait_for(each.is_over.wait(), 60)
    assert streams == (sys.stdout, sys.stderr)


async def test_two_languages_share_a_process(served: Served):
    chinese = await terminal(await served.connect("lan"), env={"LANG": "zh_CN.UTF-8"})
    english = await terminal(await served.connect("ana"), env={"LANG": "en_GB.UTF-8"})
    await chinese.wait_for("未开始".encode())
    await english.wait_for(ON_MAP)
    await english.wait_for(IN_HELP, english.press(HELP))
    await chinese.wait_for("任何地方".encode(), chinese.press(HELP))


async def test_keys_go_on_where_textual_leaves_our_call_lying(
    served: Served, monkeypatch: pytest.MonkeyPatch
):
    """As it does on a screen that another covers before it was painted; sizes go on, too."""
    screen = await terminal(await served.connect("ida"))
    await screen.wait_for(ON_MAP)
    monkeypatch.setattr(ServedApp, "call_after_refresh", lambda *_: True)
    for _ in range(3):
        screen.channel.change_terminal_size(90, 28)
        assert await is_well(screen)
        screen.channel.change_terminal_size(100, 30)
        assert await is_well(screen)


def test_what_textual_reads_at_its_import_is_set_before(monkeypatch: pytest.MonkeyPatch):
    names = ("TEXTUAL_FPS", "TEXTUAL_ANIMATIONS", "TEXTUAL_DEBUG", "NO_COLOR", "ESCDELAY", "HOME")
    monkeypatch.setattr(os, "environ", dict.fromkeys(names, "1"))
    prepare_environment()
    assert {"HOME": "1", "ESCDELAY": "50", "TEXTUAL_ANIMATIONS": "none"} == os.environ


def test_nothing_that_all_sessions_share_is_touched():
    """The working directory, the locale, NumPy's own generator, names in builtins."""
    touched = re.compile(
        r"os\.chdir|setlocale|gettext\.install|np\.random\.(?!default_rng|Generator|PCG64)"
    )
    found = [
        f"{file.name}: {line}"
        for file in Path(tutor.__file__).parent.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if touched.search(line)
    ]
    assert [] == found


def test_a_style_has_as_many_colours_as_each_terminal():
    style = Style(color=Color.from_rgb(11, 23, 30), bold=True)
    assert style == fewer(style, ColorSystem.TRUECOLOR)
    for system in (ColorSystem.EIGHT_BIT, ColorSystem.STANDARD, ColorSystem.EIGHT_BIT):
        colour = fewer(style, system).color
        assert colour is not None
        assert system.value >= colour.type.value - 0 or colour.is_default
    assert fewer(style, ColorSystem.STANDARD).bold


def test_a_divider_on_a_dark_ground_is_seen_with_sixteen_colours():
    dark = Style(color="#24283b", bgcolor="#1a1b26")
    divider, words = FewerColours(ColorSystem.STANDARD).apply(
        [Segment("│", dark), Segment("▄", dark)], ScreenColor(0, 0, 0)
    )
    assert divider.style is not None
    assert divider.style.color != divider.style.bgcolor
    assert words.style == fewer(dark, ColorSystem.STANDARD)
