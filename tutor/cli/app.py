"""The commands that open the app: the map, a lesson at a step, or the lab."""

from __future__ import annotations

from argparse import Namespace

from tutor.cli.lessons import find_lesson, our_catalog
from tutor.cli.output import require_terminal
from tutor.errors import TutorError, UsageError
from tutor.i18n import message, render


def open_map(options: Namespace) -> int:
    """Open the course map."""
    return _open(options, None)


def open_lesson(options: Namespace) -> int:
    """Open a lesson, where it was left or at the step that was named."""
    return _open(options, _find_step(options.lesson))


def _open(options: Namespace, start_at: str | None) -> int:
    """Open the map or a lesson, on a screen or in lines."""
    if options.plain:
        from tutor.bootstrap import run_plain  # noqa: PLC0415 - not for --help

        return run_plain(start_at, ascii_only=options.ascii)
    require_terminal()
    from tutor.bootstrap import run_app  # noqa: PLC0415 - imports the app

    return run_app(start_at, ascii_only=options.ascii, ask_language=options.ask_language)


def open_lab(options: Namespace) -> int:
    """Open the lab, on the setting of a state code where one is given."""
    from tutor.engine.descent.setup import Lab  # noqa: PLC0415 - not for --help
    from tutor.engine.lab.state_code import decode  # noqa: PLC0415 - imports the numerical core

    if options.plain:
        raise UsageError(message("the lab has no plain mode: leave --plain out"))
    try:
        lab = Lab() if options.state is None else decode(options.state)
    except TutorError as error:
        raise UsageError(error.text) from error
    require_terminal()
    from tutor.bootstrap import run_app  # noqa: PLC0415 - imports the app

    return run_app(lab=lab, ascii_only=options.ascii, ask_language=options.ask_language)


def open_review(options: Namespace) -> int:
    """Open the review: what is due, one question after another."""
    if options.plain:
        from tutor.bootstrap import run_plain  # noqa: PLC0415 - not for --help

        return run_plain(review=True, ascii_only=options.ascii)
    require_terminal()
    from tutor.bootstrap import run_app  # noqa: PLC0415 - imports the app

    return run_app(review=True, ascii_only=options.ascii, ask_language=options.ask_language)


def _find_step(text: str) -> str:
    """Return `lesson-id` or `lesson-id#step-id` for what the learner typed."""
    name, has_step, step = text.partition("#")
    lesson = find_lesson(our_catalog(), name)
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
