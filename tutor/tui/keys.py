"""Keys by the names that Textual gives them, and those that an input method's signs stand for."""

from __future__ import annotations

import unicodedata

from textual.events import Key
from textual.keys import KEY_NAME_REPLACEMENTS

from tutor.typed import folded_key


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
