"""What people type for the keys of the program, folded once, at the door.

An input method gives full-width signs, a book gives real minus signs, a web page gives spaces that
do not break: for a reader of this program they are one key. Everything that is typed (fields,
answers, formulas, keys, commands) is folded here before it is read, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SIGNS: Final = {
    "-": "−–‒‐‑﹣—―",
    "*": "×·⋅∙•∗✕✖",
    "/": "÷∕⁄",
    ".": "。｡",
    ",": "、､",
    "'": "‘’",
    '"': "“”",
    "[": "【〔",
    "]": "】〕",
    "|": "∣│",
    " ": "\u3000\u00a0\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B))),
}  # fmt: skip
_FOLDED: Final[dict[int, str]] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{ord(sign): key for key, signs in _SIGNS.items() for sign in signs},
}
_DASH: Final = "——"
"""What an input method gives for one minus."""
_LAST_STOP: Final = re.compile(r"[。｡．](?=\s*\Z)")
"""An ideographic full stop is a decimal point between digits, and ends a sentence at the end."""


def folded(text: str) -> str:
    """Return `text` with each sign that stands for a key spelt as that key; as long as before.

    >>> folded("（x0－１）×２")
    '(x0-1)*2'
    """
    if text.isascii():
        return text
    return _LAST_STOP.sub(" ", text.replace(_DASH, " -")).translate(_FOLDED)


def folded_key(character: str) -> str:
    """Return the key that one character stands for: 。 is the point of a number that begins.

    >>> folded_key("？"), folded_key("。")
    ('?', '.')
    """
    return folded(character + "0")[:-1]


def nearest(word: str, known: Iterable[str], alike: float = 0.7) -> str | None:
    """Return the known word most like `word`, or None where none is alike (1: the same)."""
    # Only a mistake pays for difflib: its import takes as long as reading a lesson.
    from difflib import get_close_matches  # noqa: PLC0415

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=alike)), None)
