"""Messages that wait for their language.

Lower layers say *what* happened as a `Message`: an English template, which is also the
id that a translator's catalogue is keyed by, and its arguments. The words are made late,
by `render`, in the language of the session that shows them: one process serves learners
of several languages, so nothing here is global but the context variable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, TypeAlias

ENGLISH: Final = "en"
LANGUAGES: Final = {ENGLISH: "English", "zh": "中文"}
"""The languages of the program and the course, with their own names."""

_translate: ContextVar[Callable[[str], str]] = ContextVar("translate", default=lambda text: text)
_spell: ContextVar[Callable[[str], str]] = ContextVar("spell", default=lambda text: text)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence of the program, not yet in any language."""

    template: str
    arguments: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return render(self)


Text: TypeAlias = str | Message
"""Words for a person: a lesson author's own (`str`) or the program's (`Message`)."""


def message(template: str, /, **arguments: object) -> Message:
    """Return the message with this English template; `{name}` takes the argument `name`.

    >>> str(message("step {k}: the loss is {loss:.3g}", k=12, loss=0.001234))
    'step 12: the loss is 0.00123'
    """
    return Message(template, arguments)


def render(text: Text) -> str:
    """Return the words of `text` in the language of the running session."""
    if isinstance(text, str):
        return spelled(text)
    return spelled(_translate.get()(text.template).format(**text.arguments))


def spelled(words: str) -> str:
    """Return words as the session's terminal can show them: mathematics in ASCII, where it must."""
    return _spell.get()(words)


def use_translation(translate: Callable[[str], str]) -> None:
    """Render every later message of this context (a session's task) through `translate`."""
    _translate.set(translate)


def use_spelling(spell: Callable[[str], str]) -> None:
    """Put every later word of this context through `spell`."""
    _spell.set(spell)
