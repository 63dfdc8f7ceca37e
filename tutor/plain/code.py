"""A program in plain mode: typed line by line, run, and what it printed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

from tutor.engine import events as ev
from tutor.engine.lesson_run import LessonRun, code_of
from tutor.engine.wanted_program import WantedProgram
from tutor.i18n import Text, message
from tutor.lesson.model import CodeStep
from tutor.plain.console import Console
from tutor.player.programs import Programs, run_now

_END: Final = "."
_RUN: Final = "run"


def ask_for_program(_run: LessonRun, _step: CodeStep) -> tuple[Text, ...]:
    """Return how a program is typed."""
    return (
        message("Type it line by line, anew; a line with a dot alone ends and runs it."),
        message("`run` runs it as it stands."),
    )


def take_program(run: LessonRun, step: CodeStep, line: str, console: Console) -> Iterator[ev.Event]:
    """Yield the program that begins with `line`."""
    if line == _RUN:
        yield ev.CodeSubmitted(code_of(step, run.state))
        return
    lines = [line]
    while lines[-1].strip() != _END:
        lines.append(console.ask_raw("..."))
    yield ev.CodeSubmitted("\n".join([*lines[:-1], ""]))


def say_code(console: Console, run: LessonRun) -> None:
    """Say the learner's program as it stands."""
    if isinstance(run.step, CodeStep):
        lines = code_of(run.step, run.state).splitlines()
        console.say_lines(f"{number:2}  {line}" for number, line in enumerate(lines, start=1))


def say_printed(console: Console, run: LessonRun) -> None:
    """Say what the last run printed."""
    checked = run.state.checked
    if checked is None or not checked.printed:
        return
    console.say(message("It printed:"))
    console.say_lines(f"    {line}" for line in checked.printed.splitlines())
    if checked.more_printed:
        console.say(message("… and {count} bytes more", count=checked.more_printed))


def run_program(programs: Programs, wanted: WantedProgram, console: Console) -> ev.Event:
    """Run a program, after asking for consent where it takes one."""
    protection = asyncio.run(programs.consent_for())
    if protection is not None:
        console.say(message("This step runs the Python that you write yourself."))
        console.say(protection.against, protection.not_against, protection.reason or "")
        console.say(message("May your programs run on this computer? Type yes or no."))
        if console.ask(">").lower() in ("y", "yes", "是"):
            trouble = programs.consent()
            if trouble:
                console.say(trouble)
    return run_now(programs, wanted)
