"""Pictures for terminals that know only ASCII: spelt words, and and strokes for dots."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SPELT = str.maketrans(
    {
        "∇": "grad ", "∂": "d", "η": "eta", "λ": "lambda", "α": "alpha", "β": "beta", "θ": "theta",
        "ε": "eps", "δ": "delta", "Δ": "Delta", "π": "pi", "−": "-", "–": "-", "—": "-", "×": "x",
        "·": "*", "∞": "inf", "≤": "<=", "≥": ">=", "≈": "~", "→": "->", "←": "<-", "…": "...",
        "’": "'", "‘": "'", "“": '"', "”": '"', "√": "sqrt", "‖": "||", "½": "1/2", "′": "'",
        "²": "^2", "³": "^3",
    }
)  # fmt: skip
_FRAME = str.maketrans("│─┌┐└┘├┤┬┴┼", "|-+++++++++")
_DOT_HEIGHTS = ((3, 2, 1, 0), (3, 2, 1, 0))
_DOT_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


def to_ascii(text: str) -> str:
    """Spell mathematics in ASCII (x₀ as x0, η as eta); letters that it lacks stay as they are."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPELT)).translate(_SPELT)
    return "".join(
        character if character.isascii() or unicodedata.category(character)[0] == "L" else "?"
        for character in plain
        if not unicodedata.combining(character)
    )


def frame_to_ascii(character: str) -> str:
    """Return the ASCII character for a piece of a frame; others stay as they are."""
    return character.translate(_FRAME)


@lru_cache(maxsize=256)
def stroke_to_ascii(code: int) -> str:
    """Return the ASCII character that looks most like the braille dots `code` (1..255)."""
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
