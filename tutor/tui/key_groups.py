"""The keys by where they do something: what the help screen and `nabla help keys` both show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from tutor.i18n import Message, Text, message
from tutor.tui.commands import (
    APP_COMMANDS,
    CLASS_COMMANDS,
    HOME_COMMANDS,
    LAB_COMMANDS,
    LESSON_COMMANDS,
    PARAMETER_KEYS,
    PROGRESS_COMMANDS,
    ROOM_COMMANDS,
    ROSTER_KEYS,
    ROW_COMMANDS,
    SKIP_WARM_UP,
    Command,
)

Row: TypeAlias = tuple[Text, Message]
"""Keys, and what they do."""


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys that work in one place."""

    title: Message
    rows: tuple[Row, ...]


def rows_of(commands: Iterable[Command]) -> tuple[Row, ...]:
    """Return the keys of commands, as people write them, with what they do."""
    return tuple((command.key_names, command.help) for command in commands)


ON_MAP: Final = KeyGroup(message("On the map"), rows_of((*ROW_COMMANDS, *HOME_COMMANDS)))
IN_LESSON: Final = KeyGroup(message("In a lesson"), rows_of(LESSON_COMMANDS))
ON_CONTROL: Final = KeyGroup(message("On a parameter or a guess"), PARAMETER_KEYS)
IN_WARM_UP: Final = KeyGroup(message("In the warm-up before a lesson"), rows_of((SKIP_WARM_UP,)))
ON_PROGRESS: Final = KeyGroup(message("On the progress screen"), rows_of(PROGRESS_COMMANDS))
IN_LAB: Final = KeyGroup(message("In the lab"), rows_of(LAB_COMMANDS))
IN_CLASS: Final = KeyGroup(message("In a class"), rows_of(CLASS_COMMANDS))
IN_ROOM: Final = KeyGroup(message("In the room"), (*ROSTER_KEYS, *rows_of(ROOM_COMMANDS)))
EVERYWHERE: Final = KeyGroup(message("Everywhere"), rows_of(APP_COMMANDS))
EVERY_GROUP: Final = (
    ON_MAP, IN_LESSON, ON_CONTROL, IN_WARM_UP, ON_PROGRESS, IN_LAB, IN_CLASS, IN_ROOM, EVERYWHERE,
)  # fmt: skip
