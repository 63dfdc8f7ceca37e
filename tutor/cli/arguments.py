"""The words of the command line: each command, what it takes, what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from tutor import __version__
from tutor.cli.argparse_words import BareFormatter, Parser
from tutor.cli.language import OPTION
from tutor.errors import UsageError
from tutor.i18n import LANGUAGES, Message, message, render
from tutor.typed import nearest

_LESSONS: Final = "--lessons"
_EPILOG: Final = message(
    """\
A lesson is named by its id, its short name or its number: `nabla list` shows them all.
`nabla help` lists what can be looked up: keys, limits, files and more.

environment:
  NABLA_LANG     the language, en or zh, where --lang does not say it
  NABLA_LESSONS  more folders of courses, as --lessons names them
  NABLA_HOME     the folder of your progress, instead of the system's usual one
  NABLA_DEBUG=1  show the traceback of an unexpected error
"""
)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; `run` among them is what to call with them.

    Raises:
        UsageError: The arguments say nothing that can be done.
    """
    _check_command(arguments)
    parser = _parser(arguments)
    options: argparse.Namespace
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        raise parser.refusal(message("there is no {what} here", what=" ".join(unknown)))
    return options


def _parser(arguments: Sequence[str]) -> Parser:
    """Return what reads the arguments: of a command that is not among them, its name alone."""
    parser = Parser(
        prog="nabla",
        description=render(
            message(
                "Learn derivatives, gradients and gradient descent in your terminal. "
                "Without a command, the course map opens."
            )
        ),
        epilog=render(_EPILOG),
    )
    _add_version(parser)
    parser.set_defaults(run=_late("app:open_map"))
    _add_session(parser, default=False)
    _add_lessons(parser, default=None)
    words = parser.add_subparsers(
        title=render(message("commands")), metavar=render(message("COMMAND")), parser_class=Parser
    )
    for name in _COMMANDS:
        _add_command(words, name, whole=name in arguments)
    return parser


def _add_command(
    words: argparse._SubParsersAction[Parser], name: str, *, whole: bool = True
) -> Parser:
    command = _COMMANDS[name]
    summary = render(command.summary)
    own = words.add_parser(name, help=summary, description=summary)
    own.set_defaults(run=_late(command.run))
    if whole:
        command.add_arguments(own)
    # Said before the command or after it: what is not said here leaves what was said there.
    _add_session(own, default=argparse.SUPPRESS)
    _add_lessons(own, default=argparse.SUPPRESS)
    return own


def _late(name: str) -> Callable[[argparse.Namespace], int]:
    """Return a command that imports its module when it is called: no help waits for any."""

    def run(options: argparse.Namespace) -> int:
        status: int = _imported(name)(options)
        return status

    return run


def _imported(name: str) -> Callable[..., Any]:
    """Return a function of this package, called `module:name`."""
    module, function = name.split(":")
    found: Callable[..., Any] = getattr(import_module(f"tutor.cli.{module}"), function)
    return found


def command_names() -> Sequence[str]:
    """Return the commands, in the order of help."""
    return tuple(_COMMANDS)


def command_help(name: str) -> str:
    """Return what `nabla NAME --help` prints."""
    words = Parser(prog="nabla").add_subparsers(parser_class=Parser)
    return _add_command(words, name).format_help()


def help_of_each() -> Iterator[str]:
    """Yield of each command how it is called, what it does, and what it takes of its own."""
    for name, command in _COMMANDS.items():
        own = Parser(
            help_option=False, prog=f"nabla {name}", description=render(command.summary),
            formatter_class=BareFormatter,
        )  # fmt: skip
        command.add_arguments(own)
        yield own.format_help()


def help_of_options() -> str:
    """Return what may be said with every command, and in the environment."""
    every = Parser(
        usage=argparse.SUPPRESS, description=render(message("With every command:")),
        epilog=render(_EPILOG),
    )  # fmt: skip
    _add_version(every)
    _add_session(every, default=False)
    _add_lessons(every, default=None)
    return every.format_help()


def _add_version(parser: Parser) -> None:
    words = render(message("show the version"))
    parser.add_argument("--version", action="version", version=f"nabla {__version__}", help=words)


def _check_command(arguments: Sequence[str]) -> None:
    """Refuse an unknown command with the one that was probably meant."""
    name = _command(arguments)
    if not name or name.startswith("-") or name in _COMMANDS:
        return
    match = nearest(name, _COMMANDS)
    if match is None:
        what = message(
            "there is no command {name}; use one of: {known}",
            name=name,
            known=", ".join(_COMMANDS),
        )
    else:
        what = message("there is no command {name}: did you mean {match}?", name=name, match=match)
    raise UsageError(what)


def _add_session(parser: Parser, *, default: object) -> None:
    """Add what holds for a whole session, whatever its command."""
    group = parser.add_argument_group(render(message("how Nabla shows itself")))
    group.add_argument(
        OPTION, choices=tuple(LANGUAGES), default=argparse.SUPPRESS,
        help=render(message("the language of the program and the course")),
    )  # fmt: skip
    group.add_argument(
        "--plain", action="store_true", default=default,
        help=render(
            message("lines of text and prompts instead of a screen: for screen readers, pipes, "
                    "slow links")
        ),
    )  # fmt: skip
    group.add_argument(
        "--ascii", action="store_true", default=default,
        help=render(message("no signs beyond ASCII but the letters of the lessons")),
    )  # fmt: skip


def _add_lessons(parser: Parser, *, default: object) -> None:
    """Add where lessons are looked for besides Nabla's own."""
    parser.add_argument(
        _LESSONS, action="append", type=Path, metavar="DIR", default=default,
        help=render(message("a folder of courses to show too; may be said several times")),
    )  # fmt: skip


def _command(arguments: Sequence[str]) -> str:
    """Return the first argument that is no option with a value; empty where there is none."""
    words = iter(arguments)
    for word in words:
        if word in (OPTION, _LESSONS):
            next(words, "")
        elif not word.startswith((f"{OPTION}=", f"{_LESSONS}=")):
            return word
    return ""


def _add_nothing(_: Parser) -> None:
    """Some commands take no arguments."""


def _add_lesson(parser: Parser) -> None:
    parser.add_argument(
        "lesson", metavar="LESSON[#STEP]",
        help=render(message("a lesson, and in it a step by id or number")),
    )  # fmt: skip


def _add_state(parser: Parser) -> None:
    parser.add_argument(
        "state", nargs="?", metavar="STATE",
        help=render(message("a state code, nabla1:…, as the lab shows it")),
    )  # fmt: skip


def _add_progress_options(parser: Parser) -> None:
    parser.add_argument(
        "--reset", nargs="?", const="", metavar="LESSON",
        help=render(message("let a lesson (or, with --all, every lesson) begin anew")),
    )  # fmt: skip
    parser.add_argument(
        "--all", action="store_true", help=render(message("with --reset: every lesson"))
    )
    parser.add_argument(
        "--yes", action="store_true", help=render(message("do not ask before resetting all"))
    )
    parser.add_argument(
        "--export", metavar="FILE",
        help=render(message("write your progress to a file (-: print)")),
    )  # fmt: skip
    parser.add_argument(
        "--import",
        dest="import_",
        metavar="FILE",
        help=render(
            message("add the progress in a file to yours; bringing it in twice changes nothing")
        ),
    )
    parser.add_argument(
        "--force", action="store_true", help=render(message("with --export: replace the file"))
    )
    parser.add_argument(
        "--restore",
        nargs="?",
        const="",
        metavar="DAY",
        help=render(
            message(
                "go back to the backup of a day (without one: the newest); what is there now "
                "is kept in a file"
            )
        ),
    )


def _add_export(parser: Parser) -> None:
    parser.add_argument("lesson", metavar="LESSON", help=render(message("a lesson")))
    parser.add_argument(
        "file", nargs="?", metavar="FILE",
        help=render(message("a new file (-: print); else one in the current folder")),
    )  # fmt: skip


def _add_words(parser: Parser) -> None:
    parser.add_argument(
        "words", nargs="*", metavar="WORD",
        help=render(message("part of a term or of its meaning; else all")),
    )  # fmt: skip


def _add_topic(parser: Parser) -> None:
    parser.add_argument(
        "topic", nargs="?", metavar="TOPIC",
        help=render(message("a topic or a command; without one, the list of them")),
    )  # fmt: skip


def _add_paths(parser: Parser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH",
        help=render(message("lesson files or folders of them; without one, Nabla's own lessons")),
    )  # fmt: skip
    parser.add_argument(
        "--prove",
        action="store_true",
        help=render(message("also run what takes long: trainings, gradient checks, programs; what "
                            "holds is kept, and costs nothing the next time")),
    )  # fmt: skip
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help=render(
            message(
                "text: a line for each problem; json: a list of {{file, line, key, message, mend, "
                "severity}} for editors and CI"
            )
        ),
    )


def _add_report(parser: Parser) -> None:
    parser.add_argument(
        "--format", choices=("text", "json"), default="text",
        help=render(message("text: for you; json: to go with a report of a fault")),
    )  # fmt: skip


def _add_file(parser: Parser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help=render(message("a lesson file, NN-name.yaml"))
    )


def _add_pack(parser: Parser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER",
        help=render(message("a course, or a folder of courses")),
    )  # fmt: skip
    parser.add_argument(
        "--name", metavar="NAME",
        help=render(message("what the pack is called, after nabla-lessons- (as the folder)")),
    )  # fmt: skip
    parser.add_argument(
        "--to", type=Path, metavar="FOLDER",
        help=render(message("the folder to write (one with the pack's name, here)")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Command:
    """A word of the command line: what it does and what it takes."""

    run: str
    """Its function, as `module:name` of this package."""
    summary: Message
    add_arguments: Callable[[Parser], None]


def _options(name: str) -> Callable[[Parser], None]:
    """Return what adds options that stand with their command, whose module is imported then."""

    def add(parser: Parser) -> None:
        _imported(name)(parser)

    return add


_COMMANDS: Final[Mapping[str, _Command]] = {
    "run": _Command("app:open_lesson", message("open a lesson"), _add_lesson),
    "lab": _Command(
        "app:open_lab", message("open the lab, where everything can be turned"), _add_state
    ),
    "review": _Command(
        "app:open_review", message("answer again what is due for review"), _add_nothing
    ),
    "list": _Command(
        "lessons:list_lessons", message("list the lessons: id, state, title"), _add_nothing
    ),
    "progress": _Command(
        "progress:show_or_reset",
        message("show, reset, export, import or restore your progress"),
        _add_progress_options,
    ),
    "export": _Command(
        "export:export_lesson", message("write what you did in a lesson as Markdown"), _add_export
    ),
    "glossary": _Command(
        "lessons:show_glossary",
        message("look up the course's terms, English and Chinese"),
        _add_words,
    ),
    "check": _Command(
        "authors:check_lessons", message("check lesson files, as their author"), _add_paths
    ),
    "new": _Command(
        "authors:write_lesson", message("write a lesson that works, to be changed"), _add_file
    ),
    "preview": _Command(
        "app:preview_lesson", message("show a lesson file, anew at each save"), _add_file
    ),
    "pack": _Command(
        "authors:make_pack",
        message("make of lessons a project that pip installs, to share them"),
        _add_pack,
    ),
    "doctor": _Command(
        "doctor:examine",
        message("see what works here, and what to mend where it does not"),
        _add_report,
    ),
    "serve": _Command(
        "serve:serve_workshop",
        message("let others learn here over ssh: a workshop"),
        _options("serve:add_serve_options"),
    ),
    "room": _Command(
        "room:run_room_command",
        message("see and lead a workshop's class; export or delete it"),
        _options("serve:add_room_options"),
    ),
    "help": _Command(
        "help:show_help", message("look something up: keys, limits, files and more"), _add_topic
    ),
}
