"""Commands on a row, with their keys; a click does what the key does."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from tutor.i18n import render
from tutor.tui.commands import Command


class LabActions(Static):
    """`g Ghost  x No ghosts  s Beside`: each opens the screen's action of its command."""

    DEFAULT_CSS = """
    LabActions { height: 1; width: 1fr; padding: 0 1; link-style: none; link-color: $text; }
    """

    def __init__(self, commands: Iterable[Command]) -> None:
        super().__init__(Content("  ").join(map(_link, commands)), markup=False)


def _link(command: Command) -> Content:
    return Content.from_markup(
        f"[@click=screen.{command.action}][b $text-accent]$key[/] $label[/]",
        key=command.key_names.partition(",")[0],
        label=render(command.label),
    )
