r"""The symbols of formulas: one command, one character. The only importer of unicodeit.

unicodeit replaces by prefix, so that `\log` would become ł followed by og: operators are ours, and
it is asked for one whole command at a time.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import unicodeit

OPERATORS: Final = {
    **{
        name: name
        for name in (
            *("log", "ln", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin"),
            *("arccos", "arctan", "lim", "min", "max", "sup", "inf", "det", "dim", "ker"),
            *("sign", "softmax", "mod"),
        )
    },
    "argmin": "arg min",
    "argmax": "arg max",
    "arg": "arg",
}
_OWN: Final = {
    r"\cdot": "·",
    r"\dots": "…",
    r"\ldots": "…",
    r"\cdots": "…",
    r"\prime": "′",
    r"\lvert": "|",
    r"\rvert": "|",
    r"\vert": "|",
    r"\lVert": "‖",
    r"\rVert": "‖",
    r"\Vert": "‖",
    r"\|": "‖",
    r"\langle": "⟨",
    r"\rangle": "⟩",
    r"\varepsilon": "ε",
    r"\epsilon": "ε",
    r"\phi": "φ",
    r"\star": "*",
    r"\ast": "*",
    r"\degree": "°",
    r"\circ": "∘",
    **{f"\\{character}": character for character in "%$#&_"},
}
_UNREADABLE: Final = frozenset("\\{}^_")
_OWN_SUPERSCRIPTS: Final = {"*": "*", "·": "*", "′": "′", "−": "⁻", "∘": "°", "°": "°", "⊤": "ᵀ"}
_OWN_SUBSCRIPTS: Final = {"−": "₋"}


@cache
def symbol(command: str) -> str | None:
    r"""Return the character for a command such as `\eta`, or None."""
    if command in _OWN:
        return _OWN[command]
    return _readable(unicodeit.replace(command), at_most=1)


@cache
def accented(command: str, letter: str) -> str | None:
    r"""Return a letter under an accent: `\hat` and x give x̂; or None."""
    if len(letter) != 1:
        return None
    return _readable(unicodeit.replace(f"{command}{{{letter}}}"), at_most=2)


@cache
def styled(command: str, letters: str) -> str | None:
    r"""Return letters in another style: `\mathbb` and R give ℝ; or None."""
    found = [
        _readable(unicodeit.replace(f"{command}{{{letter}}}"), at_most=1) for letter in letters
    ]
    if not found or not all(found):
        return None
    return "".join(filter(None, found))


def _letter(command: str, letter: str) -> str | None:
    return _readable(unicodeit.replace(f"{command}{{{letter}}}"), at_most=1)


@cache
def superscript(text: str) -> str | None:
    """Return `text` in raised characters, or None where one has none."""
    return _script("^", text, _OWN_SUPERSCRIPTS)


@cache
def subscript(text: str) -> str | None:
    """Return `text` in lowered characters, or None where one has none."""
    return _script("_", text, _OWN_SUBSCRIPTS)


def _script(mark: str, text: str, own: dict[str, str]) -> str | None:
    found = [
        own.get(character) or _readable(unicodeit.replace(f"{mark}{{{character}}}"), at_most=1)
        for character in text
    ]
    return "".join(filter(None, found)) if all(found) else None


def _readable(text: str, at_most: int) -> str | None:
    """Return the replacement if it is one: short, and without LaTeX in it."""
    return text if len(text) <= at_most and not _UNREADABLE & set(text) else None
