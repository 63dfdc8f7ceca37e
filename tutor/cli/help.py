"""The command `help`: a topic, a command, or the list of what can be looked up."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from typing import Final

from tutor.charts.ascii_art import to_ascii
from tutor.cli.argparse_words import help_width
from tutor.cli.arguments import command_help, command_names
from tutor.cli.help_layout import Block, Lines, Rows, laid_out
from tutor.cli.output import have_terminal
from tutor.errors import UsageError
from tutor.i18n import LANGUAGES, Message, Session, begin_session, message, render, use_spelling
from tutor.typed import nearest
from tutor.visible import print_visible, visible


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to look up."""

    name: Message
    """A word that is typed; in each language one of its own, and all of them are understood."""
    summary: Message
    """A sentence for the list of topics, and the first line of this one."""

    def blocks(self) -> Sequence[Block]:
        """Return what is told of it."""
        from tutor.cli.topics import BLOCKS  # noqa: PLC0415 - imports the terminal program

        return BLOCKS[self.name.template]()


TOPICS: Final[Iterable[Topic]] = (
    Topic(message("keys"), message("Every key, by where it works.")),
    Topic(message("lessons"), message("How a lesson goes, and where lessons come from.")),
    Topic(message("lab"), message("The lab, where everything can be turned.")),
    Topic(message("review"), message("Questions that come back, at growing gaps.")),
    Topic(message("progress"), message("What you did; to another computer, and anew.")),
    Topic(message("exports"), message("What can be written into files, and where.")),
    Topic(message("class"), message("Learning with others: a workshop over ssh.")),
    Topic(message("languages"), message("English and Chinese (说中文).")),
    Topic(message("terminal"), message("Sizes, colours, ASCII, and lines in place of a screen.")),
    Topic(message("files"), message("Where your progress and your settings are.")),
    Topic(message("formulas"), message("What may be typed as a formula, and how it is read.")),
    Topic(message("limits"), message("How much there may be, and what your programs may do.")),
    Topic(message("commands"), message("Each command with its options.")),
)  # fmt: skip


def show_help(options: Namespace) -> int:
    """Show what is known of a topic or a command; without one, what there is to look up."""
    if options.ascii:
        use_spelling(to_ascii)
    text = help_text(options.topic)
    if options.plain:
        print_visible(text, end="")
    else:
        show_paged(text)
    return 0


def help_text(typed: str | None, width: int | None = None) -> str:
    """Return what `nabla help` shows of a topic or command, in lines of `width` cells.

    Without a width, of as many as help has in this terminal.

    Raises:
        UsageError: There is no such topic and no such command.
    """
    width = help_width() if width is None else width
    if not typed or typed.isspace():
        return laid_out(_index(command_names()), width)
    topic = _topics().get(typed.casefold())
    command = typed.casefold() if topic is None else topic.name.template
    own = [Lines(command_help(command))] if command in command_names() else []
    if topic is not None:
        return laid_out([topic.summary, *topic.blocks(), *own], width)
    if not own:
        raise UsageError(_unknown(typed, command_names()))
    return laid_out(own, width)


def _index(commands: Iterable[str]) -> Iterator[Block]:
    yield message("`nabla help TOPIC` tells all of one of these:")
    yield Rows([(", ".join(names_of(topic)), topic.summary) for topic in TOPICS])
    yield message(
        "`nabla help COMMAND`, or `nabla COMMAND --help`, tells what a command takes: {commands}.",
        commands=", ".join(commands),
    )


def names_of(topic: Topic) -> list[str]:
    """Return the words for a topic: that of the session's language, then English."""
    return list(dict.fromkeys((render(topic.name), topic.name.template)))


def _topics() -> dict[str, Topic]:
    """Return each topic by its names in every language."""
    return {
        _said_in(language, topic.name).casefold(): topic
        for topic in TOPICS
        for language in LANGUAGES
    }


def _said_in(language: str, words: Message) -> str:
    def say() -> str:
        begin_session(Session(language))
        return render(words)

    return copy_context().run(say)


def _unknown(typed: str, commands: Iterable[str]) -> Message:
    known = ", ".join(render(topic.name) for topic in TOPICS)
    match = nearest(typed.casefold(), [*_topics(), *commands])
    if match is None:
        return message(
            "there is no topic {topic}; use one of: {known}, or the name of a command",
            topic=typed, known=known,
        )  # fmt: skip
    return message(
        "there is no topic {topic}: did you mean {match}? Topics: {known}",
        topic=typed, match=match, known=known,
    )  # fmt: skip


_NO_PAGERS: Final = ("", "cat")
_CANNOT_START: Final = (126, 127)
"""What a shell answers for a command that is not there, or is none."""


def show_paged(text: str) -> None:
    """Print the text; through $PAGER, else `less` or `more`, where it is longer than the screen.

    Nothing is paged into a pipe or a file, nor where the terminal cannot move its cursor
    (TERM=dumb), nor where PAGER is `cat` or empty.
    """
    text = visible(text)  # a pager lets colours through
    pager = _pager()
    if pager is None or _fits(text) or not _paged_by(pager, text):
        print_visible(text, end="")


def _pager() -> str | None:
    """Return the command line of the pager; None where nothing is to be paged."""
    if not have_terminal(sys.stdin, sys.stdout) or os.environ.get("TERM", "dumb") == "dumb":
        return None
    named = os.environ.get("PAGER")
    if named is not None:
        return None if named.strip() in _NO_PAGERS else named
    if sys.platform == "win32":
        return None  # its `more` garbles what is not ASCII
    return shutil.which("less") or shutil.which("more")


def _fits(text: str) -> bool:
    return text.count("\n") < shutil.get_terminal_size().lines


def _paged_by(pager: str, text: str) -> bool:
    """Return whether the pager took the text: it may also be left before its end."""
    encoding = sys.stdout.encoding
    environment = {"LESS": "FRX", **os.environ}  # as git does: colours, and no screen of its own
    if encoding.lower().replace("-", "") == "utf8":
        environment.setdefault("LESSCHARSET", "utf-8")
    sys.stdout.flush()
    with _no_interrupts():
        process = subprocess.Popen(  # noqa: S602 - PAGER is a command line with options
            pager, shell=True, stdin=subprocess.PIPE, env=environment
        )
        assert process.stdin is not None  # noqa: S101 - a pipe
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(text.encode(encoding, "replace"))
        return process.wait() not in _CANNOT_START


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Leave Ctrl+C to the pager: it stops a search there, and must not end us before it."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, lambda *_: None)  # not ignored: the pager would inherit that
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
