"""The 8×8 handwritten digits that come with the lessons: real data to train on.

They are part of what lessons are made of, and lie beside the code that reads lessons: the core
computes and reads no file, and the engine asks for them by this one function. Where they come
from, and under which licence, says `ATTRIBUTION.md` beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numpy.typing import NDArray

HELD_OUT_EVERY: Final = 4
"""Every so many-th picture is held out: never trained on."""
FULL_INK: Final = 16
"""The largest value of a pixel in the file."""
TRAINED_PICTURES: Final = 1348
"""So many are left to train on; known without reading the file."""


@dataclass(frozen=True, eq=False)
class Digits:
    """Pictures as rows of 64 values from 0 (paper) to 1 (ink), each with its digit."""

    train: NDArray[Any]
    """Shape (1348, 64), read-only, as are all four."""
    train_labels: NDArray[Any]
    """Shape (1348,), the digits 0 to 9."""
    test: NDArray[Any]
    """Shape (449, 64): held out."""
    test_labels: NDArray[Any]
    """Shape (449,)."""


@lru_cache(maxsize=1)
def load_digits() -> Digits:
    """Return the pictures, split for good into trained and held out; read once (3 ms)."""
    # Both are loaded with the first step that trains, not with the course map.
    from importlib.resources import files  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415

    with (files(__name__) / "digits.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        values = stored["pictures"].reshape(-1, 64) / FULL_INK
        labels = stored["labels"].astype(np.intp)
    held_out = np.arange(len(labels)) % HELD_OUT_EVERY == HELD_OUT_EVERY - 1
    parts = (values[~held_out], labels[~held_out], values[held_out], labels[held_out])
    for part in parts:
        part.flags.writeable = False
    return Digits(*parts)
