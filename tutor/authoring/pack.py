"""The command `pack`: makes a project that pip installs of a folder of lessons, to share them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from tutor.authoring.linter import Report, inspect
from tutor.errors import TutorError, UsageError
from tutor.i18n import message
from tutor.lesson.folders import GROUP, courses_in, lesson_files
from tutor.lesson.loader import load_lesson
from tutor.lesson.scalars import IDENTIFIER
from tutor.player.files import cannot_write, write_new

_PREFIX: Final = "nabla-lessons-"
_OLDEST: Final = "0.2"
"""The first version with `check --prove`, which a pack's test runs."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A project that was written."""

    folder: Path
    name: str
    """Of the distribution: what pip installs and uninstalls."""
    lessons: int


def write_pack(folder: Path, name: str | None = None, place: Path | None = None) -> Pack:
    """Write a project that pip installs, with the lessons of a course or of a folder of courses.

    Args:
        folder: a course, or a folder of courses; nothing in it is changed.
        name: what the pack is called, after `nabla-lessons-`; else as the folder.
        place: the folder that is written; else one with the pack's name in the working folder.

    Raises:
        TutorError: there are no lessons, they have a problem, or a name is taken.
    """
    short = name or folder.absolute().name
    if not IDENTIFIER.fullmatch(short):
        raise UsageError(message("{name} cannot name a pack: write --name with lower-case words "
                                 "joined by -, such as --name my-course", name=short))  # fmt: skip
    whole = _PREFIX + short
    report = _proven(folder)
    _refuse_installed(whole, folder)
    target = place or Path(whole)
    if target.exists():
        raise TutorError(message("{folder} is there already: name another one with --to",
                                 folder=target))  # fmt: skip
    package = whole.replace("-", "_")
    try:
        _copy_lessons(folder, target / package)
        (target / "tests").mkdir()
    except OSError as error:
        raise cannot_write(target, error) from error
    courses = sorted(each.name for each in (target / package).iterdir())
    words = {"name": whole, "short": short, "package": package, "courses": ", ".join(courses),
             "needs": _oldest_nabla(folder), "group": GROUP}  # fmt: skip
    for file, text in _FILES.items():
        write_new(target / _filled(file, words), _filled(text, words))
    return Pack(target, whole, report.lessons)


def _proven(folder: Path) -> Report:
    """Return what the linter says of the lessons: nothing that is wrong.

    Raises:
        TutorError: it is something, or there are none.
    """
    if not folder.is_dir():
        raise UsageError(message("there is no folder {folder}: name the one with your lessons",
                                 folder=folder))  # fmt: skip
    report = inspect([folder])
    if report.problems:
        raise TutorError(message(
            "the lessons have a problem, and others would meet it: {problem} "
            "(`nabla check {folder}` lists all)", problem=report.problems[0], folder=folder,
        ))  # fmt: skip
    return report


def _refuse_installed(name: str, folder: Path) -> None:
    """Refuse a name that pip knows here already: it would take the place of the other.

    Raises:
        TutorError: it is taken.
    """
    try:
        distribution(name)
    except PackageNotFoundError:
        return
    raise TutorError(message(
        "a pack {name} is installed here already: choose another name, such as "
        "`nabla pack {folder} --name my-{short}`",
        name=name, folder=folder, short=name.removeprefix(_PREFIX),
    ))  # fmt: skip


def _copy_lessons(folder: Path, package: Path) -> None:
    """Copy lessons, translations and glossaries, each course into its folder of the package."""
    package.mkdir(parents=True)
    for course in courses_in(folder, []):
        if not lesson_files(course):
            continue
        own = package / course.absolute().name
        own.mkdir()
        for file in sorted(course.glob("*.yaml")):
            if not file.name.startswith("."):
                shutil.copyfile(file, own / file.name)


def _oldest_nabla(folder: Path) -> str:
    """Return the oldest version that shows all of the lessons, and can prove them."""
    files = (file for course in courses_in(folder, []) for file in lesson_files(course))
    needs = [needed for file in files if (needed := load_lesson(file).needs) is not None]
    return max(
        needs, key=lambda version: [int(part) for part in version.split(".")], default=_OLDEST
    )


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"@(\w+)@", lambda found: words[found[1]], text)


_FILES: Final[Mapping[str, str]] = {
    "pyproject.toml": """\
[build-system]
requires = ["setuptools>=64"]
build-backend = "setuptools.build_meta"

[project]
name = "@name@"
version = "0.1.0"
description = "Lessons for Nabla: @courses@"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["nabla-tutor>=@needs@"]
# authors = [{name = "Your name"}]
# license = "CC-BY-4.0"

[project.optional-dependencies]
test = ["pytest"]

# By this Nabla finds the lessons; nothing of the package is run.
[project.entry-points."@group@"]
@short@ = "@package@"

[tool.setuptools]
packages = ["@package@"]

[tool.setuptools.package-data]
@package@ = ["**/*.yaml"]
""",
    "README.md": """\
# @name@

Lessons for Nabla, the tutor for derivatives and gradient descent in the terminal: @courses@.

Install them where Nabla is, and they stand on its map:

    pip install .

While you write, install the folder itself, so that each change is seen at once:

    pip install -e ".[test]"
    nabla preview @package@/COURSE/NN-LESSON.yaml
    pytest

Raise `version` in `pyproject.toml` before you give away a new one.
""",
    "@package@/__init__.py": '"""Lessons for Nabla, as data: @courses@."""\n',
    "tests/test_lessons.py": '''\
"""The lessons of this pack hold: Nabla's own linter computes every answer and runs every goal."""

import subprocess
import sys
from pathlib import Path

LESSONS = Path(__file__).parents[1] / "@package@"


def test_the_lessons_have_no_problem():
    check = [sys.executable, "-m", "tutor", "check", "--prove", str(LESSONS)]
    done = subprocess.run(check, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
''',
}
"""The files of a pack, with `@words@` to be filled in."""
