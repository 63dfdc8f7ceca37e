"""Names and texts of others, so that no screen and no table is harmed by them."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, bidi and other format characters, halves of pairs, private ones, line ends."""
_MARKS_ON_ONE: Final = 2
"""Accents that one letter may carry: more would climb over the lines above."""
LONGEST_NAME: Final = 32


def shown(text: str, longest: int = LONGEST_NAME) -> str:
    r"""Return a text on one line without what would break a screen; blank ones as `?`.

    >>> shown("ana\x1b[2J\u202e\n=1+1")
    'ana [2J =1+1'
    """
    kept: list[str] = []
    marks = 0
    for sign in text[: 8 * longest]:
        category = unicodedata.category(sign)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in _UNSEEN:
            kept.append(" ")
        elif marks <= _MARKS_ON_ONE:
            kept.append(sign)
    words = " ".join("".join(kept).split())
    return (words if len(words) <= longest else words[: longest - 1] + "…") or "?"
