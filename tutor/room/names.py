"""Names and texts of others: short, on one line, and none climbs over its neighbours."""

from __future__ import annotations

import unicodedata
from typing import Final

from tutor.visible import visible_line

_MARKS_ON_ONE: Final = 2
"""Accents that one letter may carry: more would climb over the lines above."""
LONGEST_NAME: Final = 32


def shown(text: str, longest: int = LONGEST_NAME) -> str:
    r"""Return a text on one line with every sign in it visible; blank ones as `?`.

    >>> print(shown("ana\x1b[2J\u202e\n=1+1"))
    ana\x1b[2J\u202e =1+1
    """
    kept: list[str] = []
    marks = 0
    for sign in " ".join(text[: 8 * longest].split()):
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks <= _MARKS_ON_ONE:
            kept.append(sign)
    words = visible_line("".join(kept))
    return (words if len(words) <= longest else words[: longest - 1] + "…") or "?"
