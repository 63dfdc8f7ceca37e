"""The command `help`: a topic, a command, or the list of what can be looked up."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextvars import copy_context
from typing import TYPE_CHECKING

from tutor.errors import UsageError
from tutor.i18n import LANGUAGES, Message, Session, begin_session, message, render
from tutor.visible import print_visible

if TYPE_CHECKING:
    from tutor.cli.help_layout import Block
    from tutor.cli.topics import Topic


def show_help(options: Namespace) -> int:
    """Show what is known of a topic or a command; without one, what there is to look up."""
    from tutor.cli.pager import show_paged  # noqa: PLC0415 - not for --help

    if options.ascii:
        _spell_in_ascii()
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
    from tutor.cli.argparse_words import help_width  # noqa: PLC0415
    from tutor.cli.arguments import command_help, command_names  # noqa: PLC0415 - it imports us
    from tutor.cli.help_layout import Lines, laid_out  # noqa: PLC0415

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
    from tutor.cli.help_layout import Rows  # noqa: PLC0415
    from tutor.cli.topics import TOPICS  # noqa: PLC0415

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
    from tutor.cli.topics import TOPICS  # noqa: PLC0415

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
    from tutor.cli.topics import TOPICS  # noqa: PLC0415
    from tutor.lesson.problem import nearest  # noqa: PLC0415 - only after a typing error

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


def _spell_in_ascii() -> None:
    from tutor.charts.ascii_art import to_ascii  # noqa: PLC0415 - only where it is asked for
    from tutor.i18n import use_spelling  # noqa: PLC0415

    use_spelling(to_ascii)
