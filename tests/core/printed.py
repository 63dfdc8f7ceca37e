"""Comparing with published figures: to half a unit of the last digit that was printed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np


def agrees(printed: str, actual: float) -> bool:
    """Say whether `actual`, rounded to as many digits, prints as `printed` does."""
    figure = Decimal(printed)
    exponent = figure.as_tuple().exponent
    assert isinstance(exponent, int)
    half = Decimal(1).scaleb(exponent) / 2
    return bool(np.isfinite(actual)) and abs(Decimal(float(actual)) - figure) <= half


def all_agree(printed: str, actual: Iterable[float]) -> bool:
    """`agrees` for numbers that are separated by spaces, in order."""
    figures, values = printed.split(), np.ravel(np.asarray(actual)).tolist()
    assert len(figures) == len(values)
    return all(agrees(figure, value) for figure, value in zip(figures, values, strict=True))
