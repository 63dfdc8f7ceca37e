"""Messages that wait for their language.

Lower layers say *what* happened as a `Message`: an English template, which is also the
id that a translator's catalogue is keyed by, and its arguments. The words are made late,
by `render`, in the language of the session that shows them: one process serves learners
of several languages, so nothing here is global but the context variable.

The catalogues stand in `tutor/locale`; `tutor/README.md` tells how to bring one up to date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Final, TypeAlias

from tutor.visible import visible

if TYPE_CHECKING:
    from gettext import GNUTranslations

ENGLISH: Final = "en"
LANGUAGES: Final = {ENGLISH: "English", "zh": "中文"}
"""The languages of the program and the course, with their own names."""
LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a terminal says its language: the first that is set counts."""

_SET_APART: Final = {"zh"}
"""The languages that put a space between their own characters and Latin letters or numbers."""
_LIKE_LETTERS: Final = frozenset("()[]|√∂∇−±∞°%")
"""What belongs to formulas and numbers, beside letters and digits."""

_spell: ContextVar[Callable[[str], str]] = ContextVar("spell", default=lambda text: text)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence of the program, not yet in any language."""

    template: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    many: str | None = None
    """The template for other numbers than one, where the argument `count` decides."""

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


def plural(one: str, many: str, /, count: int, **arguments: object) -> Message:
    """Return the message for `count` things, in the words that its language has for so many.

    >>> [str(plural("{count} step", "{count} steps", count)) for count in (0, 1)]
    ['0 steps', '1 step']
    """
    return Message(one, {"count": count, **arguments}, many)


def render(text: Text) -> str:
    """Return the words of `text` in the language of the running session."""
    if isinstance(text, str):
        return spelled(text)
    template = _template(text)
    if session_language() in _SET_APART:
        return spelled(_filled_in_chinese(template, text.arguments))
    return spelled(template.format(**text.arguments))


def spelled(words: str) -> str:
    """Return words as the session's terminal can show them: mathematics in ASCII, where it must.

    Words from outside are in them: what a terminal would obey is shown as what it is.
    """
    return _spell.get()(visible(words))


def use_spelling(spell: Callable[[str], str]) -> None:
    """Put every later word of this context through `spell`."""
    _spell.set(spell)


@dataclass(slots=True)
class Session:
    """The language that one learner reads, seen by all tasks of their session alike."""

    language: str = ENGLISH


_session: ContextVar[Session | None] = ContextVar("session", default=None)


def begin_session(session: Session) -> None:
    """Render every later message of this context, and of tasks begun in it, for this session."""
    _session.set(session)


def session_language() -> str:
    """Return the language of the running session: English before one has begun."""
    session = _session.get()
    return ENGLISH if session is None else session.language


def locale_language(environment: Mapping[str, str]) -> str:
    """Return the language that a terminal's locale variables ask for, as far as we speak it.

    >>> locale_language({"LANG": "zh_TW.UTF-8"}), locale_language({"LANG": "de_DE.UTF-8"})
    ('zh', 'en')
    """
    named = (environment.get(each) for each in LOCALE_VARIABLES)
    name = next(filter(None, named), "")
    return "zh" if name.lower().startswith(("zh", "chinese")) else ENGLISH


def _template(text: Message) -> str:
    catalogue = _catalogue(session_language())
    if text.many is None:
        return text.template if catalogue is None else catalogue.gettext(text.template)
    count = text.arguments["count"]
    if catalogue is None or not isinstance(count, int):
        return text.template if count == 1 else text.many
    return catalogue.ngettext(text.template, text.many, count)


@cache
def _catalogue(language: str) -> GNUTranslations | None:
    """Return the program's words in a language; None for English, and where there are none."""
    if language == ENGLISH:
        return None
    import gettext  # noqa: PLC0415 - not for English

    folder = Path(__file__).parent / "locale"
    try:
        return gettext.translation("nabla", folder, [language])
    except OSError:
        return None


def _filled_in_chinese(template: str, arguments: Mapping[str, object]) -> str:
    """Return the template filled in, with a space where a formula meets a character, and no other.

    What an argument is, `损失` or `f`, is only known now: the template `{what}大于 {value}` gives
    `损失大于 1`, but `f 大于 1`. What stands in the template or in an argument is left as it is.
    """
    filled = ""
    for words, name, shape, conversion in Formatter().parse(template):
        filled = _joined(filled, words)
        if name is not None:
            how = (f"!{conversion}" if conversion else "") + (f":{shape}" if shape else "")
            filled = _joined(filled, f"{{{name}{how}}}".format(**arguments))
    return filled


def _joined(left: str, right: str) -> str:
    if _is_character(left.removesuffix(" ")[-1:]) and _is_character(right.removeprefix(" ")[:1]):
        return left.removesuffix(" ") + right.removeprefix(" ")
    ends = left[-1:], right[:1]
    meet = any(map(_is_character, ends)) and any(map(_is_like_a_letter, ends))
    return f"{left} {right}" if meet else left + right


def _is_character(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _is_like_a_letter(sign: str) -> bool:
    return (sign.isalnum() and not _is_character(sign)) or sign in _LIKE_LETTERS
