"""Words made ready for cells, and in ASCII for terminals that know only that, with its strokes.

Two ways: `to_ascii` spells a sign in as many letters as it takes (η as eta), before a text is
wrapped; `cells_to_ascii` replaces sign by sign in the same room (─ by -), when all is laid out.
Letters that ASCII lacks, and the signs of Chinese prose, stay: they are the lesson's own words.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len

from tutor.i18n import Text, render, spelled, use_spelling

_SPELT = str.maketrans(
    {
        "∇": "grad ", "∂": "d", "η": "eta", "λ": "lambda", "α": "alpha", "β": "beta", "θ": "theta",
        "ε": "eps", "δ": "delta", "Δ": "Delta", "π": "pi", "−": "-", "–": "-", "—": "-", "×": "x",
        "·": "*", "∞": "inf", "≤": "<=", "≥": ">=", "≈": "~", "→": "->", "←": "<-", "…": "...",
        "’": "'", "‘": "'", "“": '"', "”": '"', "√": "sqrt", "‖": "||", "½": "1/2", "′": "'",
        "²": "^2", "³": "^3", "≠": "!=", "°": " deg", "±": "+-", "•": "*", "∈": " in ",
        "◎": "@", "✓": "+", "✗": "x", "∘": "o", "∑": "sum", "⋅": "*", "⟨": "<", "⟩": ">",
    }
)  # fmt: skip
_FRAME = str.maketrans("│─┌┐└┘├┤┬┴┼", "|-+++++++++")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("━═╌╍┄┅┈┉╴╶╸╺╼╾", "="), **dict.fromkeys("┃║╎╏┆┇┊┋╵╷╹╻", "|"),
        **dict.fromkeys("▏▎▍▌▐▕", "|"), **dict.fromkeys("▁▂▃", "_"), **dict.fromkeys("▔▀", "-"),
        **dict.fromkeys("⎛⎜⎝⎡⎢⎣", "("), **dict.fromkeys("⎞⎟⎠⎤⎥⎦", ")"),
        **dict.fromkeys("→▶▸►⟩›»❯", ">"), **dict.fromkeys("←◀◂◄⟨‹«❮", "<"),
        **dict.fromkeys("↑▲▴⭡△", "^"), **dict.fromkeys("↓▼▾▽", "v"), **dict.fromkeys("↗↙", "/"),
        **dict.fromkeys("↖↘", "\\"), **dict.fromkeys("◐◑", "%"), **dict.fromkeys("○◦", "o"),
        **dict.fromkeys("◇◆", "-"), "●": "*", "◉": "@", "◌": ".", "∇": "V",
        **dict.fromkeys("✓✔", "+"), **dict.fromkeys("✗✕✖✘×", "x"),
        **dict.fromkeys("★☆✦", "*"), "↵": "<", "⏎": "<", "␣": "_", "…": ".", "√": "v", "∞": "8",
        "≤": "<", "≥": ">", "≠": "!", "²": "2", "³": "3", "‖": "|", "½": "5", "°": "o", "•": "-",
        "§": "S", "±": "+", "∘": "o", "⋅": "*", "∑": "S", "∏": "P", "∈": "e", "⌃": "^", "⇧": "^",
    }
)  # fmt: skip
_DOT_HEIGHTS = ((3, 2, 1, 0), (3, 2, 1, 0))
_DOT_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


def to_ascii(text: str) -> str:
    """Spell mathematics in ASCII (x₀ as x0, η as eta); letters that it lacks stay as they are."""
    if text.isascii():
        return text
    return "".join(map(_spelt, text))


def speak_ascii() -> None:
    """Spell every later word of this context in ASCII."""
    use_spelling(to_ascii)


@lru_cache(maxsize=4096)
def _spelt(character: str) -> str:
    if character.isascii() or unicodedata.east_asian_width(character) in "WF":
        return character
    plain = unicodedata.normalize("NFKD", character.translate(_SPELT)).translate(_SPELT)
    return "".join(
        part if part.isascii() or unicodedata.category(part)[0] == "L" else _sign(part)
        for part in plain
        if not unicodedata.combining(part)
    )


def is_ascii() -> bool:
    """Return whether this session's words are to be spelt in ASCII."""
    return spelled("−") == "-"


def words(text: Text, *, ascii_only: bool) -> str:
    """Return a text of the chart on one line."""
    line = " ".join(render(text).split())
    return to_ascii(line) if ascii_only else line


def shorten(text: str, width: int, *, ascii_only: bool) -> str:
    """Return `text` cut to `width` cells, with an ellipsis where something was cut."""
    if cell_len(text) <= width:
        return text
    ellipsis = "..." if ascii_only else "…"
    kept = text
    while kept and cell_len(kept) + len(ellipsis) > width:
        kept = kept[:-1]
    return kept.rstrip() + ellipsis if kept else ""


def cells_to_ascii(text: str) -> str:
    """Return a text of the same width without signs beyond ASCII."""
    if text.isascii():
        return text
    return "".join(map(_cell, text))


@lru_cache(maxsize=4096)
def _cell(character: str) -> str:
    """Return the ASCII sign most like a character, which takes as many cells."""
    if character.isascii() or unicodedata.east_asian_width(character) in "WF":
        return character
    if unicodedata.category(character)[0] in "LM":
        return character
    if 0x2800 <= ord(character) < 0x2900:
        return stroke_to_ascii(ord(character) - 0x2800) if character != "\u2800" else " "
    spelt = _spelt(character)
    sign = spelt if len(spelt) == 1 else _sign(character)
    return sign * cell_len(character)


def _sign(character: str) -> str:
    """Return one ASCII sign for a mark, a piece of a frame or a track, or a question mark."""
    found = character.translate(_FRAME).translate(_SIGNS)
    if found.isascii():
        return found
    # Box drawing and blocks that the tables do not name: what they look like from afar.
    if 0x2500 <= ord(character) < 0x2580:
        return "+"
    return "#" if 0x2580 <= ord(character) < 0x25A0 else "?"


def frame_to_ascii(character: str) -> str:
    """Return the ASCII character for a piece of a frame; others stay as they are."""
    return character.translate(_FRAME)


@lru_cache(maxsize=256)
def stroke_to_ascii(code: int) -> str:
    """Return the ASCII character that looks most like the braille dots `code` (1..255)."""
    if code == 255:
        return "#"
    left, right = (
        [height for bit, height in zip(bits, heights, strict=True) if code & bit]
        for bits, heights in zip(_DOT_BITS, _DOT_HEIGHTS, strict=True)
    )
    heights = left + right
    if max(heights) - min(heights) < 2:
        return "_.-'"[round(sum(heights) / len(heights) - 0.1)]
    if not left or not right:
        return "|"
    rise = sum(right) / len(right) - sum(left) / len(left)
    if abs(rise) < 1:
        return "|"
    return "/" if rise > 0 else "\\"
