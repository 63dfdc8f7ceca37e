"""The commands for authors of lessons: `check`, `new`, `pack`."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from tutor.authoring.check import run_check
from tutor.authoring.new_lesson import write_new_lesson
from tutor.authoring.pack import write_pack
from tutor.authoring.proved import Proved, kept_file
from tutor.i18n import message, plural, render
from tutor.visible import print_visible


def check_lessons(options: Namespace) -> int:
    """Print everything that is wrong with lesson files; 1 where something is."""
    proved = Proved(runs=options.prove, file=kept_file())
    return run_check(options.paths, sys.stdout, options.format, proved)


def write_lesson(options: Namespace) -> int:
    """Write a lesson that works, for its author to change."""
    identity = write_new_lesson(options.file)
    print_visible(
        render(message("{file} is written: the lesson {id}.", file=options.file, id=identity))
    )
    print_visible(render(message("See it:   nabla preview {file}", file=options.file)))
    print_visible(render(message("Prove it: nabla check {file}", file=options.file)))
    return 0


def make_pack(options: Namespace) -> int:
    """Write a project that pip installs, with the lessons of a folder."""
    pack = write_pack(options.folder, options.name, options.to)
    made = plural("{folder} is written: a pack with {count} lesson.",
                  "{folder} is written: a pack with {count} lessons.",
                  pack.lessons, folder=pack.folder)  # fmt: skip
    print_visible(render(made))
    print_visible(render(message("Install it: pip install {folder}", folder=_as_path(pack.folder))))
    print_visible(render(message("See it:     nabla list")))
    return 0


def _as_path(folder: Path) -> Path | str:
    """Return a folder as pip takes it for one, and not for a name to look up."""
    return folder if folder.is_absolute() else f"./{folder.as_posix()}"
