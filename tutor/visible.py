r"""Signs that a terminal would obey, or nobody would see, as what they are: `\x1b`, `\u202e`.

What comes from outside (what programs print, names, lesson files, paths, arguments) is text. A
control character in it would colour the screen, name the window or fill the clipboard; a sign that
turns the direction of writing would show other words than were written. They are shown as Python
spells them, which is ASCII and what whoever wrote a program typed. Accents, signs of all scripts
and the selectors that belong to a sign stay.
"""

from __future__ import annotations

import re
import sys
from typing import Final, TextIO

_FORMATS: Final = (
    r"\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
"""Those of category Cf: they turn, join and part what stands around them, and take no cell."""
_BLANKS: Final = r"\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2028\u2029\u3164\uffa0"
"""Line ends that are none to a terminal, and letters that show nothing."""
_NO_SIGNS: Final = (
    r"\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\ufff8\ufffe\uffff\U000f0000-\U0010ffff"
)
"""Halves of pairs, which cannot even be written, and private ones, of which fonts differ."""
_ANY: Final = rf"\x00-\x08\x0b-\x1f\x7f-\x9f{_FORMATS}{_BLANKS}{_NO_SIGNS}"
_CHOOSES: Final = (
    r"(?<![\xa9\xae\u1000-\u109f\u1800-\u18af\u2010-\u303f\u3200-\uabff\uf900-\ufaff\U0001f000-\U0001faff"
    r"\U00020000-\U0003ffff])[\ufe00-\ufe0f\U000e0100-\U000e01ef](?!\u20e3)"
)
"""A selector that chooses the shape of no sign: behind a letter, nobody sees that it is there."""
UNSEEN: Final = re.compile(rf"[\t\n{_ANY}]|{_CHOOSES}")
"""What may not stand on one line as it is."""
_UNSEEN_BUT_LAYOUT: Final = re.compile(f"[{_ANY}]|{_CHOOSES}")


_FEW_SIGNS: Final = ("linux", "vt100", "vt102", "vt220", "ansi", "cons25")
"""Terminals whose fonts lack braille, arrows and the signs of mathematics, by how they begin."""


def writes_utf8(encoding: str | None) -> bool:
    """Whether an encoding, by any of its names, is UTF-8."""
    return (encoding or "").lower().replace("-", "").replace("_", "") == "utf8"


def shows_signs(terminal: str | None, encoding: str | None) -> bool:
    """Whether a terminal of this kind (TERM) shows more signs than ASCII has."""
    return writes_utf8(encoding) and not (terminal or "").lower().startswith(_FEW_SIGNS)


def visible(text: str) -> str:
    r"""Return words that may have lines and columns: line ends and tabs stay.

    >>> visible("A\x1b]0;title\x07B\nC")
    'A\\x1b]0;title\\x07B\nC'
    """
    return _UNSEEN_BUT_LAYOUT.sub(_spelled_out, text)


def visible_line(text: str) -> str:
    r"""Return words that stand on one line: a line end in them is no more than a sign.

    >>> visible_line("no\u202eat\n")
    'no\\u202eat\\n'
    """
    return UNSEEN.sub(_spelled_out, text)


def is_visible_line(text: str) -> bool:
    r"""Whether the words may stand on one line as they are: what `visible_line` would not change.

    >>> is_visible_line("η = 0.1"), is_visible_line("no\u202eat")
    (True, False)
    """
    return UNSEEN.search(text) is None


def visible_json(text: str) -> str:
    r"""Return JSON that says the same: outside its strings, none of these signs can stand.

    >>> visible_json('{"name": "\u202e\U000e0041"}')
    '{"name": "\\u202e\\udb40\\udc41"}'
    """
    if text.isascii() and text.isprintable():  # nearly always; told much sooner than by a search
        return text
    return _UNSEEN_BUT_LAYOUT.sub(_spelled_in_json, text)


def print_visible(text: str = "", *, to: TextIO | None = None, end: str = "\n") -> None:
    """Print text to a stream, by default standard output; nothing else in Nabla calls `print`."""
    print(visible(text), file=to or sys.stdout, end=end)


def _spelled_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


def _spelled_in_json(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
