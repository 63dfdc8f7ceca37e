"""What README says is so: its table of keys comes from the commands, its commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tutor.i18n import Message, render
from tutor.tui.commands import (
    APP_COMMANDS,
    CLASS_COMMANDS,
    HOME_COMMANDS,
    LAB_COMMANDS,
    LESSON_COMMANDS,
    MAP_KEYS,
    PARAMETER_KEYS,
    ROOM_COMMANDS,
    ROSTER_KEYS,
    Command,
)

README = Path(__file__).parent.parent / "README.md"


def block(name: str) -> str:
    """Return what stands between the markers of README."""
    between = rf"<!-- {name} -->\n(.*?)<!-- /{name} -->"
    found = re.search(between, README.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def table(commands: Sequence[Command], more: Sequence[tuple[str, Message]] = ()) -> str:
    rows = [(command.key_names, command.help) for command in commands]
    lines = [f"| {keys} | {render(words)} |" for keys, words in (*rows, *more)]
    return "\n".join(["| key | |", "|---|---|", *lines])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("keys", table([*LESSON_COMMANDS, *APP_COMMANDS], PARAMETER_KEYS)),
        ("map-keys", table(HOME_COMMANDS, MAP_KEYS)),
        ("lab-keys", table(LAB_COMMANDS)),
        ("room-keys", table(ROOM_COMMANDS, ROSTER_KEYS)),
        ("class-keys", table(CLASS_COMMANDS)),
    ],
)
def test_the_tables_of_keys_are_the_commands(name, expected):
    """After a change of commands.py: copy the table that this test prints into README."""
    assert expected == block(name).strip(), expected


def test_every_command_that_readme_shows_exists():
    shown = set(re.findall(r"`nabla ([a-z]+)", README.read_text("utf-8")))
    helped = subprocess.run(
        [sys.executable, "-m", "tutor", "--help"], capture_output=True, text=True, check=True
    ).stdout
    listed = set(re.findall(r"^    ([a-z]+) ", helped, re.MULTILINE))
    assert shown == listed
