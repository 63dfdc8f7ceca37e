"""The command line: what `nabla` (or `python -m tutor`) understands, and how it fails.

Everything but argparse is imported when a command needs it, so that `--help` and `--version`
come at once and only the app pays for the app.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from contextvars import copy_context
from pathlib import Path
from typing import Final

from tutor.cli.arguments import parse
from tutor.cli.language import choose_language
from tutor.cli.output import accept_any_character, forget_output, say
from tutor.errors import TutorError, UsageError
from tutor.i18n import Message, Session, Text, begin_session, message
from tutor.visible import print_visible

FAILED: Final = 1
USAGE: Final = 2
UNFORESEEN: Final = 70
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, 1 failed, 2 wrongly called."""
    accept_any_character(sys.stdout, sys.stderr)
    if arguments is None:
        _use_one_thread()
    return copy_context().run(_run, sys.argv[1:] if arguments is None else arguments)


def _run(arguments: Sequence[str]) -> int:
    choice = choose_language(arguments, os.environ)
    begin_session(Session(choice.language))
    try:
        options = parse(arguments)
        options.ask_language = not choice.is_chosen
        options.language = choice
        if options.lessons:
            _use_lessons(options.lessons)
        status: int = options.run(options)
        _flush_output()
    except TutorError as error:
        say(error.text)
        return USAGE if isinstance(error, UsageError) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        forget_output()
        return PIPE_CLOSED
    except Exception as error:
        return _full(error) if _is_full(error) else _unforeseen(error)
    return status


def _is_full(error: Exception) -> bool:
    """Whether there is no room for what is printed: a full disk behind `>`."""
    if not isinstance(error, OSError) or error.errno != errno.ENOSPC:
        return False
    try:
        os.write(sys.stdout.fileno(), b"\n")  # what print could not write is forgotten by now
    except OSError:
        return True
    return False


def _full(error: Exception) -> int:
    forget_output()
    reason = getattr(error, "strerror", "")
    say(message("what was printed has no room where it goes ({reason})", reason=reason))
    return FAILED


def _flush_output() -> None:
    """Let a closed pipe show itself here, not at the end; a terminal that is gone is no fault."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        forget_output()


def _use_one_thread() -> None:
    """Keep NumPy from starting a thread on each core, unless the environment asks for them.

    Its matrices are small here (64×50): threads that wait for one another made a training take up
    to five times as long on a busy machine, and are never faster on a quiet one.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _use_lessons(folders: Sequence[Path]) -> None:
    from tutor.lesson.folders import use_lessons  # noqa: PLC0415 - only where it is asked for

    use_lessons(folders)


def _unforeseen(error: Exception) -> int:
    """Say in one line that the program failed, and where its traceback is."""
    if os.environ.get("NABLA_DEBUG"):
        from traceback import format_exception  # noqa: PLC0415 - hardly ever needed

        print_visible("".join(format_exception(error)), to=sys.stderr, end="")
        return UNFORESEEN
    if isinstance(error, ModuleNotFoundError) and _is_foreign(error.name):
        say(_missing(error.name))
        return FAILED
    say(
        message(
            "something went wrong inside Nabla ({kind}). The traceback is in {log}",
            kind=type(error).__name__,
            log=_kept_traceback(error),
        )
    )
    return UNFORESEEN


def _is_foreign(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] != "tutor"


def _missing(package: str | None) -> Message:
    return message(
        "the package {name} is missing in {python}: install Nabla there with pip, "
        "as its README says",
        name=package,
        python=sys.executable,
    )


def _kept_traceback(error: Exception) -> Text:
    from tutor.store.error_log import keep_traceback  # noqa: PLC0415 - hardly ever needed

    try:
        return str(keep_traceback(error))
    except OSError:
        return message("nowhere: no folder could be written; NABLA_DEBUG=1 shows it")
