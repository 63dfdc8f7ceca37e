"""The handbooks of the project: what stands between their markers, and the tables made for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tutor.i18n import Message, render
from tutor.tui.commands import Command

ROOT = Path(__file__).parents[1]


def handbooks() -> tuple[Path, ...]:
    """Return all that is written for people who use, run or change the program."""
    package = [*(ROOT / "tutor").rglob("README.md")]
    return (ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "lessons" / "README.md", *package)


def block(handbook: Path, name: str) -> str:
    """Return what stands between the markers of this name."""
    between = rf"<!-- {name} -->\n(.*?)<!-- /{name} -->"
    found = re.search(between, handbook.read_text("utf-8"), re.DOTALL)
    assert found is not None, name
    return found[1].strip()


def key_table(commands: Sequence[Command], more: Sequence[tuple[str, Message]] = ()) -> str:
    """Return the table of keys that commands, and what controls do with their own, make."""
    rows = [(command.key_names, command.help) for command in commands]
    lines = [f"| {keys} | {render(words)} |" for keys, words in (*rows, *more)]
    return "\n".join(["| key | |", "|---|---|", *lines])
