"""The classes of the lesson model in words, for problems of lesson files."""

from __future__ import annotations

from typing import Final

from tutor.i18n import Text, message

_NAMES: Final = (
    message("a lesson"), message("a text step"), message("an experiment step"),
    message("a predict step"), message("a choice step"), message("a number step"),
    message("a bug step"), message("a code step"), message("a slope experiment"),
    message("a gradient experiment"), message("a descent experiment"),
    message("a network experiment"), message("a training experiment"),
    message("a check experiment"), message("a rival"), message("a parameter"), message("a goal"),
    message("a preset"), message("an ordered item"), message("a guess miss"), message("a choice"),
    message("a near miss"), message("a symptom"), message("a line feedback"),
    message("a code check"), message("a code miss"),
)  # fmt: skip


def name_of(record: type) -> Text:
    """Return what an author calls a class of the model: `TextStep` is a text step."""
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in record.__name__).strip()
    words = f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
    return next((name for name in _NAMES if name.template == words), words)
