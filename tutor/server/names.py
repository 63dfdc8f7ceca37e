"""Makes a learner's name safe to show, to log and to keep."""

from __future__ import annotations

import unicodedata
from typing import Final

from tutor.visible import is_visible_line

LONGEST: Final = 32

INSTRUCTOR: Final = "instructor"
"""The name that only the instructor's key opens."""

_KEPT: Final = frozenset("LMNPSZ")
"""Letters, marks, numbers, punctuation, symbols, blanks; no controls, no bidi marks.

Nor any of these that nobody sees: with one, a second `ana` would look like the first.
"""


def clean_name(typed: str) -> str:
    r"""Return the name without control and bidi characters, in one line; it may be empty.

    >>> clean_name("ana\x1b[2J\u202e"), clean_name("  Li  Wei ")
    ('ana[2J', 'Li Wei')
    """
    composed = unicodedata.normalize("NFKC", typed)
    kept = "".join(
        " " if unicodedata.category(each)[0] == "Z" else each
        for each in composed
        if unicodedata.category(each)[0] in _KEPT and is_visible_line(each)
    )
    return " ".join(kept.split())[:LONGEST].rstrip()
