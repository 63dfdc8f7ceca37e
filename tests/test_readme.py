"""What README says is so: its table of keys comes from the commands, its commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tutor.i18n import render
from tutor.tui.commands import APP_COMMANDS, LESSON_COMMANDS, PARAMETER_KEYS

README = Path(__file__).parent.parent / "README.md"


def block(name: str) -> str:
    """Return what stands between the markers of README."""
    between = rf"<!-- {name} -->\n(.*?)<!-- /{name} -->"
    found = re.search(between, README.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def key_table() -> str:
    commands = [*LESSON_COMMANDS, *APP_COMMANDS]
    rows = [(command.key_names, render(command.help)) for command in commands]
    rows += [(keys, render(words)) for keys, words in PARAMETER_KEYS]
    return "\n".join(["| key | |", "|---|---|", *(f"| {keys} | {words} |" for keys, words in rows)])


def test_the_table_of_keys_is_the_commands():
    """After a change of commands.py: copy the table that this test prints into README."""
    assert key_table() == block("keys").strip(), key_table()


def test_every_command_that_readme_shows_exists():
    shown = set(re.findall(r"`nabla ([a-z]+)", README.read_text("utf-8")))
    helped = subprocess.run(
        [sys.executable, "-m", "tutor", "--help"], capture_output=True, text=True, check=True
    ).stdout
    listed = set(re.findall(r"^    ([a-z]+) ", helped, re.MULTILINE))
    assert shown == listed
