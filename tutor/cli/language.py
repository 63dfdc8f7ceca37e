"""Which language this run of the program speaks, known before anything is said in it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tutor.i18n import ENGLISH, LANGUAGES

OPTION = "--lang"
VARIABLE = "NABLA_LANG"
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


class Choice(NamedTuple):
    """A language, and whether a person chose it: the locale alone is only a guess."""

    language: str
    is_chosen: bool


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Choice:
    """Return the language: `--lang`, else NABLA_LANG, else the learner's setting, else the locale.

    A language that nobody here speaks is passed over; the option's own check refuses it.
    """
    for asked in (_option(arguments), environment.get(VARIABLE)):
        if asked in LANGUAGES:
            return Choice(asked, True)
    from tutor.store.settings import read_settings  # noqa: PLC0415 - only where nothing else says it

    kept = read_settings().settings.language
    if kept in LANGUAGES:
        return Choice(kept, True)
    return Choice(_of_locale(environment), False)


def _option(arguments: Sequence[str]) -> str | None:
    """Return what stands after the last `--lang`, wherever it is."""
    found = None
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if argument == OPTION:
            found = following
        elif argument.startswith(f"{OPTION}="):
            found = argument.partition("=")[2]
    return found


def _of_locale(environment: Mapping[str, str]) -> str:
    name = next((environment[v] for v in _LOCALE_VARIABLES if environment.get(v)), "")
    if not name and sys.platform == "win32":
        import locale  # noqa: PLC0415 - Windows has no such variables

        name = locale.getlocale()[0] or ""
    is_chinese = name.lower().startswith(("zh", "chinese"))
    return "zh" if is_chinese else ENGLISH
