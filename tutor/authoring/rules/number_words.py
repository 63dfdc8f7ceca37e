"""The numbers of a text, in digits and in words, in English and in Chinese."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_DIGITS: Final = re.compile(
    r"(?<![\w.])([-−]?)(\d+(?:,\d{3})+|\d+)(\.\d+)?(?:[eE]([-−+]?\d+))?([%万亿]?)", re.ASCII
)
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWER: Final = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_UNITS: Final = {"": 1.0, "%": 1.0, "万": 1e4, "亿": 1e8}

_ENGLISH: Final[dict[str, tuple[float, ...]]] = {
    "zero": (0,), "nothing": (0,), "one": (1,), "once": (1,), "first": (1,), "single": (1,),
    "two": (2,), "twice": (2,), "second": (2,), "both": (2,), "pair": (2,), "double": (2,),
    "half": (1, 2, 0.5), "halves": (1, 2, 0.5), "three": (3,), "third": (1, 3), "triple": (3,),
    "four": (4,), "fourth": (1, 4), "quarter": (1, 4), "five": (5,), "fifth": (1, 5), "six": (6,),
    "sixth": (1, 6), "seven": (7,), "seventh": (1, 7), "eight": (8,), "eighth": (1, 8),
    "nine": (9,), "ninth": (1, 9), "ten": (10,), "tenth": (1, 10), "eleven": (11,),
    "twelve": (12,), "twelfth": (1, 12), "fifteen": (15,), "twenty": (20,), "thirty": (30,),
    "forty": (40,), "fifty": (50,), "fiftieth": (1, 50), "sixty": (60,), "hundred": (100,),
    "hundredth": (1, 100), "thousand": (1000,), "thousandth": (1, 1000), "million": (1e6,),
    "billion": (1e9,),
}  # fmt: skip
_CHINESE_DIGITS: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CHINESE_UNITS: Final = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_CHINESE: Final = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+")
_HALF: Final = "半"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a text."""

    digits: frozenset[float]
    """Those that stand there in digits, without their signs, which words may say."""
    words: frozenset[float]
    """Those that words may mean: `second` is 2, `half` is 1 and 2 and 0.5."""

    @property
    def all(self) -> frozenset[float]:
        """All of them. A 1 may always be said otherwise: `a minute`, `一分钟`."""
        return self.digits | self.words | {1.0}


@lru_cache(maxsize=256)
def numbers_in(text: str) -> Numbers:
    """Return the numbers of a text in either language.

    >>> numbers = numbers_in("From minute 5 to the sixth: 十二 km, 3万")
    >>> sorted(numbers.digits), sorted(numbers.words)
    ([5.0, 30000.0], [1, 2.0, 3.0, 6, 12.0, 10000.0])
    """
    normal = _POWER.sub(lambda found: f"^{found[0].translate(_SUPERSCRIPTS)}", text)
    normal = unicodedata.normalize("NFKC", normal)
    digits = {_value(*found.groups()) for found in _DIGITS.finditer(normal)}
    return Numbers(frozenset(digits), frozenset(_in_words(normal)))


def _value(_sign: str, whole: str, part: str | None, power: str | None, unit: str) -> float:
    exponent = (power or "0").replace("−", "-")
    number = float(f"{whole.replace(',', '')}{part or ''}e{exponent}")
    return number * _UNITS[unit]


def _in_words(text: str) -> set[float]:
    words = {
        value
        for word in re.findall(r"[a-z]+", text.lower())
        for value in _ENGLISH.get(word, _ENGLISH.get(word.rstrip("s"), ()))
    }
    for number in _CHINESE.findall(text):
        words.add(_chinese_value(number))
        words.update(float(_CHINESE_DIGITS[c]) for c in number if c in _CHINESE_DIGITS)
    # 3万 is 30000, and a reader of its English text may find 3 there.
    words.update(float(found) for found in re.findall(r"(\d+)[万亿]", text))
    return words | ({1.0, 2.0, 0.5} if _HALF in text else set())


def _chinese_value(number: str) -> float:
    """Return the value of a Chinese numeral: 二十三 is 23."""
    total = section = digit = 0
    for character in number:
        if character in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[character]
            continue
        unit = _CHINESE_UNITS[character]
        if unit >= _CHINESE_UNITS["万"]:
            total = (total + section + digit) * unit or unit
            section = digit = 0
        else:
            section, digit = section + (digit or 1) * unit, 0
    return float(total + section + digit)
