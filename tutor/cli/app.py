"""The commands that open the app: the map, a lesson at a step, or the lab."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from tutor import bootstrap
from tutor.cli.output import require_terminal, speaks_ascii
from tutor.errors import TutorError, UsageError
from tutor.i18n import message, render
from tutor.lesson.problem import mend_by_nearest

if TYPE_CHECKING:
    from tutor.engine.lab.lab import Lab
    from tutor.lesson.catalog import Catalog


def open_map(options: Namespace) -> int:
    """Open the course map."""
    return _open(options)


def open_lesson(options: Namespace) -> int:
    """Open a lesson, where it was left or at the step that was named."""
    from tutor.cli.lessons import our_catalog  # noqa: PLC0415 - the map needs none

    catalog = our_catalog()
    return _open(options, start_at=_find_step(catalog, options.lesson), catalog=catalog)


def open_review(options: Namespace) -> int:
    """Open the review: what is due, one question after another."""
    return _open(options, review=True)


def open_lab(options: Namespace) -> int:
    """Open the lab, on the setting of a state code where one is given."""
    if options.plain:
        raise UsageError(message("the lab has no plain mode: leave --plain out"))
    return _on_screen(options, lab=_lab(options.state))


def _lab(code: str | None) -> Lab:
    from tutor.engine.lab.lab import Lab  # noqa: PLC0415 - imports the numerical core
    from tutor.engine.lab.state_code import decode  # noqa: PLC0415 - as above

    try:
        return Lab() if code is None else decode(code)
    except TutorError as error:
        raise UsageError(error.text) from error


def _open(options: Namespace, **start: Any) -> int:
    """Open the map, a lesson or the review, on a screen or in lines."""
    if not options.plain:
        return _on_screen(options, **start)
    return bootstrap.run_plain(ascii_only=speaks_ascii(options), **start)


def _on_screen(options: Namespace, **start: Any) -> int:
    require_terminal()
    return bootstrap.run_app(
        ascii_only=speaks_ascii(options), ask_language=options.ask_language, **start
    )


def _find_step(catalog: Catalog, text: str) -> str:
    """Return `lesson-id` or `lesson-id#step-id` for what the learner typed."""
    from tutor.cli.lessons import find_lesson  # noqa: PLC0415 - the map needs none

    name, has_step, step = text.partition("#")
    lesson = find_lesson(catalog, name)
    if not has_step:
        return lesson.id
    ids = [each.id for each in lesson.steps]
    if step in ids:
        return f"{lesson.id}#{step}"
    if step.isdecimal() and 1 <= int(step) <= len(ids):
        return f"{lesson.id}#{ids[int(step) - 1]}"
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


def preview_lesson(options: Namespace) -> int:
    """Show a lesson while it is written."""
    require_terminal()
    return bootstrap.run_preview(options.file, ascii_only=speaks_ascii(options))
