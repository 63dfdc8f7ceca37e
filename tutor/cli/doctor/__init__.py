"""The command `doctor`: what works here and what does not, each with its mend.

A check is one function and one line. It may find anything missing or broken: what it raises becomes
its line, so that the command itself never fails.
"""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from textwrap import wrap
from typing import Final, NamedTuple

from tutor import __version__
from tutor.cli.argparse_words import wrapped
from tutor.cli.doctor.finding import Finding, Outcome, Surroundings
from tutor.cli.doctor.terminal import measuring
from tutor.i18n import ENGLISH, Message, Session, begin_session, message, render, session_language
from tutor.visible import print_visible

_FORMAT: Final = 1
"""Of the report in JSON: it goes up when a key goes or means something else."""
_COLUMNS: Final = 80
_TITLE: Final = 14
_SIGNS: Final = {
    Outcome.GOOD: ("✓", "ok"),
    Outcome.NOTE: ("-", "-"),
    Outcome.WARNING: ("!", "!"),
    Outcome.WRONG: ("✗", "X"),
}


class Check(NamedTuple):
    """One thing that is examined, by a function of a module that is loaded for it."""

    title: Message
    module: str
    function: str


CHECKS: Final[Mapping[str, Check]] = {
    "nabla": Check(message("Nabla"), "installation", "nabla"),
    "system": Check(message("System"), "installation", "system"),
    "packages": Check(message("Packages"), "installation", "packages"),
    "private_names": Check(message("Optimisations"), "installation", "private_names"),
    "terminal": Check(message("Terminal"), "terminal", "terminal"),
    "colours": Check(message("Colours"), "terminal", "colours"),
    "encoding": Check(message("Encoding"), "terminal", "encoding"),
    "signs": Check(message("Signs"), "terminal", "ambiguous_signs"),
    "braille": Check(message("Braille"), "terminal", "braille"),
    "chinese": Check(message("Chinese"), "terminal", "chinese"),
    "language": Check(message("Language"), "learner", "language"),
    "settings": Check(message("Settings"), "learner", "settings"),
    "data": Check(message("Data folder"), "learner", "data_folder"),
    "progress": Check(message("Progress"), "learner", "progress"),
    "backups": Check(message("Backups"), "learner", "backups"),
    "programs": Check(message("Programs"), "learner", "programs"),
    "postgresql": Check(message("PostgreSQL"), "installation", "postgresql"),
    "ssh": Check(message("ssh"), "installation", "ssh"),
}
"""What is examined, in the order of the report; the names are the keys of the JSON."""


def examine(options: Namespace) -> int:
    """Print what was found; return 1 where something that is needed does not work."""
    as_text = options.format == "text"
    ascii_only = as_text and _choose_words(ascii_only=options.ascii)
    with measuring(os.environ) as widths:
        around = Surroundings(os.environ, options.language, widths)
        findings = {name: examined(check, around) for name, check in CHECKS.items()}
    if as_text:
        _print_text(findings, ascii_only=ascii_only)
    else:
        print_visible(json.dumps(as_json(findings), indent=2, ensure_ascii=True))
    return int(_fails(findings))


def examined(check: Check, around: Surroundings) -> Finding:
    """Return what a check found; an error of its own is a finding, too."""
    try:
        module = import_module(f"tutor.cli.doctor.{check.module}")
        function: Callable[[Surroundings], Finding] = getattr(module, check.function)
        return function(around)
    except Exception as error:
        return Finding(
            Outcome.WRONG,
            message("cannot be examined ({reason})", reason=f"{type(error).__name__}: {error}"),
            message("install Nabla anew with pip, as its README says"),
        )


def _fails(findings: Mapping[str, Finding]) -> bool:
    return any(each.outcome is Outcome.WRONG for each in findings.values())


def as_json(findings: Mapping[str, Finding]) -> object:
    """Return the report for programs: no secrets, and the home folder as ~."""
    report = {
        "format": _FORMAT,
        "nabla": __version__,
        "works": not _fails(findings),
        "checks": {
            name: {
                "outcome": found.outcome,
                "words": render(found.words),
                "mend": None if found.mend is None else render(found.mend),
                "facts": found.facts,
            }
            for name, found in findings.items()
        },
    }
    return _without_home(report)


def _without_home(value: object) -> object:
    """Return the value with ~ for the home folder in every string of it."""
    if isinstance(value, str):
        return tilde(value)
    if isinstance(value, Mapping):
        return {name: _without_home(each) for name, each in value.items()}
    if isinstance(value, list):
        return list(map(_without_home, value))
    return value


def tilde(text: str) -> str:
    """Return text with ~ for the home folder of whoever runs the program."""
    home = str(Path("~").expanduser())
    if len(home) < 2:  # unknown, or the root of all
        return text
    return re.sub(rf"{re.escape(home)}(?![\w.-])", "~", text)


def _choose_words(*, ascii_only: bool) -> bool:
    """Speak what the output can take, before anything is said; return whether it is ASCII alone."""
    ascii_only = ascii_only or not _can_print("✓×")
    if ascii_only:
        _spell_in_ascii()
    if session_language() != ENGLISH and not _can_print("中"):
        begin_session(Session(ENGLISH))  # question marks help nobody
    return ascii_only


def _print_text(findings: Mapping[str, Finding], *, ascii_only: bool) -> None:
    for name, found in findings.items():
        for line in _lines(render(CHECKS[name].title), found, ascii_only=ascii_only):
            print_visible(line)
    print_visible(render(_summary(findings)))


def _can_print(signs: str) -> bool:
    try:
        signs.encode(sys.stdout.encoding or "ascii")
    except UnicodeError:
        return False
    return True


def _spell_in_ascii() -> None:
    try:
        from tutor.charts.ascii_art import speak_ascii  # noqa: PLC0415 - may not load
    except ImportError:
        return
    speak_ascii()


def _lines(title: str, found: Finding, *, ascii_only: bool) -> Iterator[str]:
    """Yield the lines of one finding: its words, then its mend, in the second column."""
    sign = f"{_SIGNS[found.outcome][ascii_only]:<{1 + ascii_only}}"
    head = f"{sign} {title}{' ' * (_TITLE - _width(title))}"
    room = _columns() - _width(head)
    paragraphs = [found.words, *([] if found.mend is None else [found.mend])]
    arrow = "" if found.mend is None else render("→ ")
    for number, words in enumerate(paragraphs):
        lead = arrow if number else ""
        for line in _wrapped(tilde(render(words)), room - _width(lead)):
            yield head + lead + line
            head, lead = " " * _width(head), " " * _width(lead)


def _summary(findings: Mapping[str, Finding]) -> Message:
    if _fails(findings):
        return message("Something that Nabla needs does not work here.")
    if any(each.outcome is Outcome.WARNING for each in findings.values()):
        return message("Nabla works here; some of it could be better.")
    return message("All is well.")


def _columns() -> int:
    try:
        return max(40, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError):
        return _COLUMNS


def _width(text: str) -> int:
    try:
        from rich.cells import cell_len  # noqa: PLC0415 - may be missing
    except ImportError:
        return len(text)
    return cell_len(text)


def _wrapped(text: str, width: int) -> list[str]:
    try:
        return list(wrapped(text, width))
    except ImportError:
        return wrap(text, width)
