"""The words of the command line: each command, what it takes, what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from tutor import __version__
from tutor.cli.app import open_lab, open_lesson, open_map, open_review
from tutor.cli.lessons import check_lessons, list_lessons
from tutor.cli.progress import show_or_reset
from tutor.errors import UsageError
from tutor.i18n import message

_EPILOG: Final = """\
A lesson is named by its id, its short name or its number: `nabla list` shows them all.

environment:
  NABLA_HOME     the folder of your progress, instead of the system's usual one
  NABLA_DEBUG=1  show the traceback of an unexpected error
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; `run` among them is what to call with them.

    Raises:
        UsageError: The arguments say nothing that can be done.
    """
    _check_command(arguments)
    return _parser().parse_args(arguments)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other error."""

    def error(self, text: str) -> NoReturn:
        """Raise what is wrong instead of leaving the program."""
        raise UsageError(
            message("{text}; `{prog} --help` shows what can be said", text=text, prog=self.prog)
        )


def _parser() -> _Parser:
    parser = _Parser(
        prog="nabla",
        description="Learn derivatives, gradients and gradient descent in your terminal. "
        "Without a command, the course map opens.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"nabla {__version__}")
    parser.set_defaults(run=open_map)
    _add_session(parser, default=False)
    words = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for name, command in _COMMANDS.items():
        own = words.add_parser(
            name, help=command.summary, description=command.summary, allow_abbrev=False
        )
        own.set_defaults(run=command.run)
        command.add_arguments(own)
        # Said before the command or after it: what is not said here leaves what was said there.
        _add_session(own, default=argparse.SUPPRESS)
    return parser


def _check_command(arguments: Sequence[str]) -> None:
    """Refuse an unknown command with the one that was probably meant."""
    if not arguments or arguments[0].startswith("-") or arguments[0] in _COMMANDS:
        return
    from tutor.lesson.problem import nearest  # noqa: PLC0415 - only after a typing error

    match = nearest(arguments[0], _COMMANDS)
    if match is None:
        what = message(
            "there is no command {name}; use one of: {known}",
            name=arguments[0],
            known=", ".join(_COMMANDS),
        )
    else:
        what = message(
            "there is no command {name}: did you mean {match}?", name=arguments[0], match=match
        )
    raise UsageError(what)


def _add_session(parser: argparse.ArgumentParser, *, default: object) -> None:
    """Add what holds for a whole session, whatever its command."""
    group = parser.add_argument_group("how Nabla shows itself")
    group.add_argument(
        "--plain",
        action="store_true",
        default=default,
        help="lines of text and prompts instead of a screen: for screen readers, pipes, slow links",
    )
    group.add_argument(
        "--ascii",
        action="store_true",
        default=default,
        help="no signs beyond ASCII but the letters of the lessons",
    )


def _add_nothing(_: argparse.ArgumentParser) -> None:
    """Some commands take no arguments."""


def _add_lesson(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "lesson", metavar="LESSON[#STEP]", help="a lesson, and in it a step by id or number"
    )


def _add_state(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "state", nargs="?", metavar="STATE", help="a state code, nabla1:…, as the lab shows it"
    )


def _add_progress_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reset",
        nargs="?",
        const="",
        metavar="LESSON",
        help="let a lesson (or, with --all, every lesson) begin anew",
    )
    parser.add_argument("--all", action="store_true", help="with --reset: every lesson")
    parser.add_argument("--export", metavar="FILE", help="write your progress to a file (-: print)")
    parser.add_argument(
        "--import",
        dest="import_",
        metavar="FILE",
        help="add the progress in a file to yours; bringing it in twice changes nothing",
    )
    parser.add_argument("--force", action="store_true", help="with --export: replace the file")
    parser.add_argument("--yes", action="store_true", help="do not ask before resetting all")


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="lesson files or folders of them; without one, Nabla's own lessons",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="text: a line for each problem; json: a list of {file, line, key, message, mend, "
        "severity} for editors and CI",
    )


@dataclass(frozen=True, slots=True)
class _Command:
    """A word of the command line: what it does and what it takes."""

    run: Callable[[argparse.Namespace], int]
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]


_COMMANDS: Final[Mapping[str, _Command]] = {
    "run": _Command(open_lesson, "open a lesson", _add_lesson),
    "lab": _Command(open_lab, "open the lab, where everything can be turned", _add_state),
    "review": _Command(open_review, "answer again what is due for review", _add_nothing),
    "list": _Command(list_lessons, "list the lessons: id, state, title", _add_nothing),
    "progress": _Command(
        show_or_reset, "show, reset, export or import your progress", _add_progress_options
    ),
    "check": _Command(check_lessons, "check lesson files, as their author", _add_paths),
}
