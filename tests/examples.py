"""How many examples a property is tried on: the one place that says it.

    @examples(300)
    @given(setups())
    def test_no_setup_raises(setup): ...

The usual run tries a third of them, drawn anew each time; `pytest -m thorough` tries all, of every
property.
"""

from __future__ import annotations

from typing import Final

from hypothesis import settings

USUAL: Final = "usual"
THOROUGH: Final = "thorough"
_SHARE: Final = 3
_MOST: Final = 100
"""Examples of a property that does not say how many."""

# An example may take as long as a busy machine lets it.
settings.register_profile(USUAL, deadline=None, max_examples=_MOST // _SHARE)
settings.register_profile(THOROUGH, deadline=None, max_examples=_MOST)


def examples(most: int) -> settings:
    """Try a property on so many examples where the run is thorough, on a share of them else."""
    is_thorough = settings().max_examples == _MOST
    return settings(max_examples=most if is_thorough else -(-most // _SHARE))
