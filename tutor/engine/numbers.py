"""Numbers in words: short, with a true minus sign, honest about what is not a number."""

from __future__ import annotations

import math
from collections.abc import Iterable

from tutor.i18n import message, render

_WRITTEN_OUT = 4
"""How many digits before the point are written out, however few are asked for."""


def show(value: float, digits: int = 4) -> str:
    """Return `value` to so many significant digits, as prose has it.

    Few digits are no reason for an exponent: 146 to two of them is 150, not 1.5e2.

    >>> show(-2.4), show(1e-49), show(float("inf")), show(25.0), show(0.1 + 0.2), show(146.3, 2)
    ('−2.4', '1e−49', '∞', '25', '0.3', '150')
    """
    if math.isnan(value):
        return render(message("not a number"))
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value + 0.0:.{digits}g}".replace("e+", "e")
    mantissa, e, exponent = text.partition("e")
    if e and 0 < int(exponent) < _WRITTEN_OUT:
        text = f"{float(text):.0f}"
    elif e:
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")


def signed(value: float, digits: int = 4) -> str:
    """Return `value` in brackets where its sign would run into an operator.

    >>> signed(-3.0), signed(3.0)
    ('(−3)', '3')
    """
    text = show(value, digits)
    return f"({text})" if text.startswith("−") else text


def show_point(values: Iterable[float], digits: int = 4) -> str:
    """Return a point or vector as the course writes it; a single number without brackets.

    >>> show_point([-3.0, 4.0]), show_point([2.5])
    ('(−3, 4)', '2.5')
    """
    shown = [show(value, digits) for value in values]
    return shown[0] if len(shown) == 1 else "(" + ", ".join(shown) + ")"


def whole_number(text: str) -> int | None:
    """Return the number of a choice or line, None where a file holds something else."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def whole_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of a kept answer such as `2,1,3`; none where it is no such thing."""
    found = [whole_number(part) for part in text.split(",")]
    return tuple(number for number in found if number is not None) if None not in found else ()
