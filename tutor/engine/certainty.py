"""How sure a learner can be of an answer, in the learner's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tutor.i18n import Message, message

CERTAINTY: Final[Mapping[str, Message]] = {
    "low": message("just guessing"),
    "medium": message("fairly sure"),
    "high": message("certain"),
}
"""From guessing to certain."""
