"""Which language this run of the program speaks, known before anything is said in it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tutor.i18n import LANGUAGES, LOCALE_VARIABLES, locale_language
from tutor.store.settings import read_settings

OPTION = "--lang"
VARIABLE = "NABLA_LANG"


class Choice(NamedTuple):
    """A language, and whether a person chose it: the locale alone is only a guess."""

    language: str
    is_chosen: bool
    source: str
    """What says so: an option, a variable, a file."""


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Choice:
    """Return the language: `--lang`, else NABLA_LANG, else the learner's setting, else the locale.

    A language that nobody here speaks is passed over; the option's own check refuses it.
    """
    for source, asked in ((OPTION, _option(arguments)), (VARIABLE, environment.get(VARIABLE))):
        if asked in LANGUAGES:
            return Choice(asked, True, source)
    kept = _kept()
    if kept in LANGUAGES:
        return Choice(kept, True, "settings.json")
    return Choice(_of_locale(environment), False, _said_by(environment))


def _kept() -> str | None:
    try:
        return read_settings().settings.language
    except ImportError:  # the library that finds the folder: who needs it says so, in a language
        return None


def _said_by(environment: Mapping[str, str]) -> str:
    """Return the locale variable that counts, such as `LANG=de_DE.UTF-8`."""
    found = next(filter(environment.get, LOCALE_VARIABLES), LOCALE_VARIABLES[-1])
    return f"{found}={environment.get(found, '')}"


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
    if sys.platform == "win32" and not any(map(environment.get, LOCALE_VARIABLES)):
        import locale  # noqa: PLC0415 - Windows has no such variables

        environment = {"LANG": locale.getlocale()[0] or ""}
    return locale_language(environment)
