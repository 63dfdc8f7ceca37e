"""Makes a learner's name safe to show, to log and to keep."""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 32

INSTRUCTOR: Final = "instructor"
"""The name that only the instructor's key opens."""

_KEPT: Final = frozenset("LMNPSZ")
"""Letters, marks, numbers, punctuation, symbols, blanks; no controls, no bidi marks."""


def clean_name(typed: str) -> str:
    r"""Return the name without control and bidi characters, in one line; it may be empty.

    >>> clean_name("ana\x1b[2J\u202e"), clean_name("  Li  Wei ")
    ('ana[2J', 'Li Wei')
    """
    composed = unicodedata.normalize("NFKC", typed)
    kept = "".join(
        " " if unicodedata.category(each)[0] == "Z" else each
        for each in composed
        if unicodedata.category(each)[0] in _KEPT
    )
    return " ".join(kept.split())[:LONGEST].rstrip()
