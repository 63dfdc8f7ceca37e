"""The command line: what `nabla` (or `python -m tutor`) understands.

Everything but argparse is imported when a command needs it, so that `--help` and `--version`
come at once and only the app pays for the app.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NoReturn

from tutor import __version__
from tutor.errors import TutorError, UsageError
from tutor.i18n import Message, message, render

if TYPE_CHECKING:
    from tutor.lesson.catalog import Catalog
    from tutor.player.course_map import MapEntry
    from tutor.store.model import LessonProgress
    from tutor.store.progress_store import ProgressStore

FAILED: Final = 1
USAGE: Final = 2
UNFORESEEN: Final = 70
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141

_EPILOG: Final = """\
A lesson is named by its id, its short name or its number: `nabla list` shows them all.

environment:
  NABLA_HOME     the folder of your progress, instead of the system's usual one
  NABLA_DEBUG=1  show the traceback of an unexpected error
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, 1 failed, 2 wrongly called."""
    _accept_any_character(sys.stdout, sys.stderr)
    try:
        status = _run(sys.argv[1:] if arguments is None else arguments)
        print(end="", flush=True)  # a closed pipe shows itself here, not at the end
    except UsageError as error:
        return _complain(error.text, USAGE)
    except TutorError as error:
        return _complain(error.text, FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return PIPE_CLOSED
    except Exception as error:
        return _unforeseen(error)
    return status


def _run(arguments: Sequence[str]) -> int:
    _check_command(arguments)
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    return command(options)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other error."""

    def error(self, text: str) -> NoReturn:
        """Raise what is wrong instead of leaving the program."""
        command = self.prog.partition(" ")[2]
        helped = f"nabla {command} --help" if command else "nabla --help"
        raise UsageError(
            message("{text}; `{helped}` shows what can be said", text=text, helped=helped)
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
    parser.set_defaults(command=_open_map)
    words = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for name, command in _COMMANDS.items():
        own = words.add_parser(
            name, help=command.summary, description=command.summary, allow_abbrev=False
        )
        own.set_defaults(command=command.run)
        command.add_arguments(own)
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


def _add_nothing(_: argparse.ArgumentParser) -> None:
    pass


def _add_lesson(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "lesson", metavar="LESSON[#STEP]", help="a lesson, and in it a step by id or number"
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
    parser.add_argument("--yes", action="store_true", help="do not ask before resetting all")


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="lesson files or folders of them; without one, Nabla's own lessons",
    )


# --- the app


def _open_map(_: argparse.Namespace) -> int:
    _require_terminal()
    from tutor.bootstrap import run_app  # noqa: PLC0415 - imports the app

    return run_app(None)


def _open_lesson(options: argparse.Namespace) -> int:
    start_at = _find_step(options.lesson)
    _require_terminal()
    from tutor.bootstrap import run_app  # noqa: PLC0415 - imports the app

    return run_app(start_at)


def _require_terminal() -> None:
    if not _have_terminal(sys.stdin, sys.stdout, sys.stderr):
        raise UsageError(
            message(
                "the lessons need a terminal for input and output: start Nabla in a terminal "
                "window, without a pipe or a redirection"
            )
        )


def _have_terminal(*streams: IO[str] | None) -> bool:
    """Whether each of the streams is a terminal; one that the shell has closed is None."""
    return all(stream is not None and stream.isatty() for stream in streams)


def _find_step(text: str) -> str:
    """Return `lesson-id` or `lesson-id#step-id` for what the learner typed."""
    name, has_step, step = text.partition("#")
    catalog = _catalog()
    try:
        lesson = catalog.lesson(name)
    except TutorError as error:
        raise UsageError(error.text) from error
    if not has_step:
        return lesson.id
    ids = [each.id for each in lesson.steps]
    if step in ids:
        return f"{lesson.id}#{step}"
    if step.isdecimal() and 1 <= int(step) <= len(ids):
        return f"{lesson.id}#{ids[int(step) - 1]}"
    from tutor.lesson.problem import mend_by_nearest  # noqa: PLC0415 - only after a typing error

    mend = mend_by_nearest(step, ids)
    raise UsageError(
        message(
            "{lesson} has no step {step}: {mend}, or a number from 1 to {count}",
            lesson=lesson.id,
            step=step,
            mend=render(mend),
            count=len(ids),
        )
    )


# --- list, progress, check


def _list(_: argparse.Namespace) -> int:
    entries = _map_entries(_catalog(), _progress())
    _print_table([(e.lesson.id, render(e.state_words), render(e.lesson.title)) for e in entries])
    return 0


def _show_or_reset_progress(options: argparse.Namespace) -> int:
    if options.reset is None:
        if options.all or options.yes:
            raise UsageError(message("--all and --yes go with --reset: say what to reset"))
        return _show_progress()
    if options.all == bool(options.reset):
        raise UsageError(message("--reset takes either a lesson or --all"))
    return _reset_all(options.yes) if options.all else _reset_lesson(options.reset)


def _show_progress() -> int:
    progress = _progress()
    header = ("lesson", "state", "steps done", "attempts", "misconceptions met")
    entries = _map_entries(_catalog(), progress)
    rows = [_progress_row(entry, progress.get(entry.lesson.id)) for entry in entries]
    known = {entry.lesson.id for entry in entries}
    rows += [
        (lost.lesson, "not in this course", "", str(lost.attempts), _met(lost))
        for lost in progress.values()
        if lost.lesson not in known
    ]
    _print_table([header, *rows])
    return 0


def _progress_row(entry: MapEntry, progress: LessonProgress | None) -> tuple[str, ...]:
    total = len(entry.lesson.steps)
    if progress is None:
        return (entry.lesson.id, render(entry.state_words), f"0 of {total}", "0", "")
    done = f"{min(progress.completed, total)} of {total}"
    state = render(entry.state_words)
    return (entry.lesson.id, state, done, str(progress.attempts), _met(progress))


def _met(progress: LessonProgress) -> str:
    return ", ".join(f"{name} ×{count}" for name, count in sorted(progress.misconceptions.items()))


def _reset_lesson(name: str) -> int:
    store = _open_store()
    lesson = name if name in _begun(store) else _lesson_id(name)
    return _reset(store, lesson, f"{lesson} begins anew.")


def _reset_all(sure: bool) -> int:
    question = "Let every lesson begin anew? Your answers stay on disk but no longer count. [y/N] "
    if not sure and not _confirm(question):
        print("Nothing was reset.")
        return 0
    return _reset(_open_store(), None, "Every lesson begins anew.")


def _confirm(question: str) -> bool:
    if not _have_terminal(sys.stdin, sys.stdout):
        raise UsageError(
            message("resetting every lesson needs your word: add --yes, or run it in a terminal")
        )
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


def _reset(store: ProgressStore, lesson: str | None, outcome: str) -> int:
    from datetime import UTC, datetime  # noqa: PLC0415 - only a reset needs the clock

    from tutor.store.model import LOCAL_LEARNER  # noqa: PLC0415

    store.reset(LOCAL_LEARNER, lesson, datetime.now(UTC))
    store.close()
    if store.trouble is not None:
        raise TutorError(message("nothing was reset: {trouble}", trouble=render(store.trouble)))
    print(outcome)
    return 0


def _check(options: argparse.Namespace) -> int:
    from tutor.authoring.check import run_check  # noqa: PLC0415 - imports the numerical core

    return run_check(options.paths, sys.stdout)


# --- what the commands share


def _catalog() -> Catalog:
    """Return the lessons; say on stderr what was left out of them."""
    from tutor.lesson.catalog import find_lesson_folders, load_catalog  # noqa: PLC0415

    catalog = load_catalog(find_lesson_folders())
    for problem in catalog.left_out:
        _say(message("left out: {problem}", problem=str(problem)))
    return catalog


def _lesson_id(name: str) -> str:
    try:
        return _catalog().lesson(name).id
    except TutorError as error:
        raise UsageError(error.text) from error


def _map_entries(catalog: Catalog, progress: Mapping[str, LessonProgress]) -> tuple[MapEntry, ...]:
    from tutor.player.course_map import course_map  # noqa: PLC0415 - not for --help

    return course_map(catalog, progress).entries


def _progress() -> Mapping[str, LessonProgress]:
    """Return what the learner did; a look at it makes no file."""
    from tutor.store.location import progress_file  # noqa: PLC0415 - not for --help

    if not any(progress_file().parent.glob("progress.sqlite3*")):
        return {}
    store = _open_store()
    begun = _begun(store)
    store.close()
    return begun


def _begun(store: ProgressStore) -> Mapping[str, LessonProgress]:
    from tutor.store.model import LOCAL_LEARNER  # noqa: PLC0415

    return store.lesson_progress(LOCAL_LEARNER)


def _open_store() -> ProgressStore:
    """Return the learner's progress; say on stderr what is the matter with the file."""
    from tutor.store.opening import open_store  # noqa: PLC0415 - not for --help

    opening = open_store()
    if opening.notice is not None:
        _say(opening.notice)
    return opening.store


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows in columns as wide as their widest cell on the screen."""
    from rich.cells import cell_len  # noqa: PLC0415 - not for --help

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        print("  ".join(cells).rstrip())


# --- words for errors


def _say(words: Message | str) -> None:
    print(f"nabla: {render(words)}", file=sys.stderr)


def _complain(words: Message | str, status: int) -> int:
    _say(words)
    return status


def _unforeseen(error: Exception) -> int:
    """Say in one line that the program failed, and where its traceback is."""
    if os.environ.get("NABLA_DEBUG"):
        raise error
    if isinstance(error, ModuleNotFoundError) and _is_foreign(error.name):
        return _complain(
            message(
                "the package {name} is missing in {python}: install Nabla there with pip, "
                "as its README says",
                name=error.name,
                python=sys.executable,
            ),
            FAILED,
        )
    from tutor.store.error_log import keep_traceback  # noqa: PLC0415 - hardly ever needed

    try:
        log = str(keep_traceback(error))
    except OSError:
        log = "nowhere: no folder could be written; NABLA_DEBUG=1 shows it"
    return _complain(
        message(
            "something went wrong inside Nabla ({kind}); your progress is kept. "
            "The traceback is in {log}",
            kind=type(error).__name__,
            log=log,
        ),
        UNFORESEEN,
    )


def _is_foreign(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] != "tutor"


def _accept_any_character(*streams: object) -> None:
    """Print a question mark, rather than fail, for what the terminal's encoding lacks."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _forget_output() -> None:
    """Keep the interpreter from complaining at its end about a pipe that was closed."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


@dataclass(frozen=True, slots=True)
class _Command:
    """A word of the command line: what it does and what it takes."""

    run: Callable[[argparse.Namespace], int]
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]


_COMMANDS: Final[Mapping[str, _Command]] = {
    "run": _Command(_open_lesson, "open a lesson", _add_lesson),
    "list": _Command(_list, "list the lessons: id, state, title", _add_nothing),
    "progress": _Command(
        _show_or_reset_progress, "show or reset your progress", _add_progress_options
    ),
    "check": _Command(_check, "check lesson files, as their author", _add_paths),
}
