"""Keys by the names that Textual gives them, and those that an input method's signs stand for.

Where Textual's own parser is not to be had, they are read plainly: signs, the keys that every
terminal has, Ctrl with a letter. No mouse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from textual.events import Key
from textual.keys import KEY_NAME_REPLACEMENTS
from textual.message import Message

from tutor.typed import folded_key

_ESCAPE: Final = "\x1b"
_WHOLE: Final = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O.|[^\[O])", re.DOTALL)
_LONGEST: Final = 32
_MODIFIERS: Final = {"2": "shift+", "3": "alt+", "5": "ctrl+", "6": "ctrl+shift+"}
_MODIFIED: Final = re.compile(r"\x1b\[1;([2356])([ABCDHF])")
_LAST: Final = {"A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end"}
_SEQUENCES: Final = {
    **{_ESCAPE + middle + last: name for middle in "[O" for last, name in _LAST.items()},
    **{f"\x1bO{last}": f"f{number}" for number, last in enumerate("PQRS", 1)},
    **{
        f"\x1b[{code}~": name
        for code, name in {
            1: "home", 2: "insert", 3: "delete", 4: "end", 5: "pageup", 6: "pagedown",
            11: "f1", 12: "f2", 13: "f3", 14: "f4", 15: "f5", 17: "f6", 18: "f7", 19: "f8",
            20: "f9", 21: "f10", 23: "f11", 24: "f12",
        }.items()
    },
    "\x1b[Z": "shift+tab",
}  # fmt: skip
_CONTROLS: Final = {"\r": "enter", "\t": "tab", "\x7f": "backspace", "\x08": "backspace"}


def key_of(sign: str) -> Key:
    """Return the key of a sign that is printed."""
    if sign.isalnum():
        return Key(sign, sign)
    name = unicodedata.name(sign, "").lower().replace("-", "_").replace(" ", "_")
    return Key(KEY_NAME_REPLACEMENTS.get(name, name) or sign, sign)


def meant(event: Key) -> Key:
    """Return the key that was meant: an input method types ？ and １ for ? and 1."""
    typed = event.character
    if typed is None or typed.isascii() or (key := folded_key(typed)) == typed:
        return event
    return key_of(key)


class PlainKeys:
    """Makes keys of characters, however they are cut."""

    def __init__(self) -> None:
        self._begun = ""

    def feed(self, data: str) -> Iterator[Key]:
        """Take characters; a sequence that nobody knows is nothing."""
        for sign in data:
            if self._begun == _ESCAPE and sign == _ESCAPE:
                yield Key("escape", _ESCAPE)
            elif self._begun or sign == _ESCAPE:
                yield from self._go_on(sign)
            else:
                yield _key(sign)

    def _go_on(self, sign: str) -> Iterator[Key]:
        self._begun += sign
        if _WHOLE.fullmatch(self._begun):
            name = _name(self._begun)
            self._begun = ""
            if name:
                yield Key(name, None)
        elif len(self._begun) > _LONGEST:
            self._begun = ""

    def tick(self) -> Iterator[Key]:
        """Take a pause: a lone Esc was the key, and a sequence without its end is nothing."""
        if self._begun == _ESCAPE:
            yield Key("escape", _ESCAPE)
        self._begun = ""


def _name(sequence: str) -> str | None:
    modified = _MODIFIED.fullmatch(sequence)
    if modified:
        return _MODIFIERS[modified[1]] + _LAST[modified[2]]
    if len(sequence) == 2:
        return f"alt+{_key(sequence[1]).key}"
    return _SEQUENCES.get(sequence)


def _key(sign: str) -> Key:
    """Return the key of one sign, by the name that Textual gives it."""
    if sign in _CONTROLS:
        return Key(_CONTROLS[sign], sign)
    if sign < " ":
        return Key(f"ctrl+{chr(ord(sign) + 96)}", sign)
    return key_of(sign)


class KeyParser(Protocol):
    """Makes messages of what a terminal sends."""

    def feed(self, data: str) -> Iterable[Message]:
        """Take characters."""

    def tick(self) -> Iterable[Message]:
        """Take a pause: what waits for the rest of a sequence waits no more."""
