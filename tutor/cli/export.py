"""The command `export`: what was done in a lesson, as Markdown."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path

from tutor.cli.lessons import find_lesson, our_catalog
from tutor.cli.records import kept_records
from tutor.engine.lesson.resume import restore
from tutor.errors import TutorError
from tutor.i18n import message, render
from tutor.player import lesson_export as exporting
from tutor.player.files import write_files, write_new
from tutor.store.model import LOCAL_LEARNER
from tutor.visible import print_visible

_STREAM = "-"


def export_lesson(options: Namespace) -> int:
    """Write a lesson, as far as the learner came, into a new file (`-`: print it)."""
    lesson = find_lesson(our_catalog(), options.lesson)

    store = kept_records()
    point = store.resume_point(LOCAL_LEARNER, lesson.id)
    given = [each for each in store.attempts(LOCAL_LEARNER, lesson.id) if not each.in_review]
    store.close()
    if point is None:
        what = message("{lesson} was not begun: `nabla run {lesson}` opens it", lesson=lesson.id)
        raise TutorError(what)
    run = restore(lesson, point.state, 0)
    text = exporting.export_lesson(run, given, datetime.now().astimezone())
    if options.file == _STREAM:
        print_visible(text, end="")
    elif options.file is None:
        print_visible(render(write_files(Path.cwd(), {".md": text}, exporting.export_name(run))))
    else:
        write_new(Path(options.file), text)
        print_visible(render(message("Written: {file}", file=options.file)))
    return 0
