"""The commands for authors of lessons: `check`, `new`."""

from __future__ import annotations

import sys
from argparse import Namespace

from tutor.authoring.check import run_check
from tutor.authoring.new_lesson import write_new_lesson
from tutor.i18n import message, render
from tutor.visible import print_visible


def check_lessons(options: Namespace) -> int:
    """Print everything that is wrong with lesson files; 1 where something is."""
    return run_check(options.paths, sys.stdout, options.format)


def write_lesson(options: Namespace) -> int:
    """Write a lesson that works, for its author to change."""
    identity = write_new_lesson(options.file)
    print_visible(
        render(message("{file} is written: the lesson {id}.", file=options.file, id=identity))
    )
    print_visible(render(message("See it:   nabla preview {file}", file=options.file)))
    print_visible(render(message("Prove it: nabla check {file}", file=options.file)))
    return 0
