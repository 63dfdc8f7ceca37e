"""What one check of `nabla doctor` found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from tutor.cli.language import Choice
from tutor.i18n import Message, Text


class Outcome(StrEnum):
    """How a check went; the values are those of the report in JSON."""

    GOOD = "good"
    NOTE = "note"
    """Not needed, or not to be known here."""
    WARNING = "warning"
    """Nabla works, but less well."""
    WRONG = "wrong"
    """Something needed does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report, and the mend where something is not right."""

    outcome: Outcome
    words: Text
    mend: Text | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    """The same for programs, in no language: values that JSON knows."""


class Widths(NamedTuple):
    """What the terminal said of the cells that signs take; None where it gave no answer."""

    ambiguous: int | None = None
    braille: int | None = None
    wide: int | None = None
    not_asked: Message | None = None
    """Why it was not asked or did not answer."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the checks look at, besides what they try themselves."""

    environment: Mapping[str, str]
    language: Choice
    widths: Widths
