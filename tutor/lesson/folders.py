"""Where lessons come from: Nabla's own, extra folders, and packs that pip installed; their files.

An extra folder holds courses, as `lessons/` does, or is one course. A pack is a distribution with
an entry point of the group `nabla.lessons` that names a package; its folder is such a folder.
Nothing of a pack is run: its folder is found by the record of its installation.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tutor
from tutor.i18n import Message, message
from tutor.lesson.problem import LessonError, Problem

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GLOSSARY_FILE: Final = "glossary.yaml"
"""The words of a course, in its folder."""
GROUP: Final = "nabla.lessons"
VARIABLE: Final = "NABLA_LESSONS"
MAX_BYTES: Final = 1_000_000
"""Of one file."""
_NUMBERED: Final = re.compile(r"(\d+)-")

_extra: ContextVar[tuple[Path, ...]] = ContextVar("extra_lessons", default=())


def use_lessons(folders: Iterable[Path]) -> None:
    """Take lessons from these folders too, in this session."""
    _extra.set(tuple(folders))


def find_lesson_folders() -> tuple[Path, ...]:
    """Return the folder of the project's own lessons: the checkout's, else the wheel's."""
    package = Path(tutor.__file__).parent
    checkout, wheel = package.parent / "lessons", package / "_lessons"
    return (wheel if wheel.is_dir() else checkout,)


def every_lesson_folder(
    problems: list[Problem], environment: Mapping[str, str] | None = None
) -> list[Path]:
    """Return the folders of all places, Nabla's own first, each once; note packs that are gone."""
    listed = (os.environ if environment is None else environment).get(VARIABLE, "")
    folders = [
        *find_lesson_folders(),
        *_extra.get(),
        *(_from_home(name) for name in listed.split(os.pathsep) if name),
        *_packs(problems),
    ]
    once = {folder.absolute(): folder for folder in reversed(folders)}
    return list(reversed(once.values()))


def _from_home(name: str) -> Path:
    """Return the folder of this name; a `~` that no shell has expanded is the home folder."""
    try:
        return Path(name).expanduser()
    except RuntimeError:  # nobody's home
        return Path(name)


def _packs(problems: list[Problem]) -> Iterator[Path]:
    """Yield the folder of each installed pack; note those that cannot be found."""
    from importlib.metadata import entry_points  # noqa: PLC0415 — 15 ms, not for --help

    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        folder = _folder_of(point)
        if folder is None:
            what = message("the lesson pack {name} names {value}, which is not installed",
                           name=point.name, value=point.value)  # fmt: skip
            mend = message("install the pack again, or uninstall it")
            problems.append(Problem(point.name, None, "", what, mend))
        else:
            yield folder


def _folder_of(point: EntryPoint) -> Path | None:
    """Return the folder of the package that an entry point names, without importing it."""
    parts = point.value.partition(":")[0].strip().split(".")
    if point.dist is not None:
        folder = Path(str(point.dist.locate_file("/".join(parts))))
        if folder.is_dir():
            return folder
    return _imported_from(parts)


def _imported_from(parts: list[str]) -> Path | None:
    """Return the folder where Python would find a package: of one installed for its own author."""
    from importlib.util import find_spec  # noqa: PLC0415 — as above

    try:
        spec = find_spec(parts[0])
    except (ImportError, ValueError):
        return None
    places = [] if spec is None else spec.submodule_search_locations or []
    return next((f for p in places if (f := Path(p, *parts[1:])).is_dir()), None)


def every_lesson_file(folders: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    """Yield every lesson file of every course, by name; note folders that are not there."""
    for folder in folders:
        if not folder.is_dir():
            what = message("there is no such folder of lessons")
            problems.append(
                Problem(
                    str(folder), None, "", what, message("check the path, or install Nabla again")
                )
            )
            continue
        for course in courses_in(folder, problems):
            yield from lesson_files(course, problems)


def courses_in(folder: Path, problems: list[Problem]) -> list[Path]:
    """Return a folder of lessons and the folders in it; note where it cannot be looked into."""
    return [folder, *(path for path in _entries(folder, problems) if path.is_dir())]


def lesson_files(course: Path, problems: list[Problem] | None = None) -> list[Path]:
    """Return the lesson files of a course folder, by name; note what keeps a lesson from it.

    A name with a second dot, such as `01-derivative.zh.yaml`, is no lesson of its own, nor is the
    glossary.
    """
    found = []
    problems = [] if problems is None else problems
    for path in _entries(course, problems):
        if path.suffix == ".yml":
            problems.append(wrong_ending(path))
        elif path.suffix == ".yaml" and path.name.count(".") == 1 and path.name != GLOSSARY_FILE:
            found.append(path)
    return found


def wrong_ending(path: Path) -> Problem:
    """Return the problem of a file whose name no lesson has."""
    what = message("ends in .yml, and lessons end in .yaml")
    mend = message("rename it {name}", name=path.with_suffix(".yaml").name)
    return Problem(str(path), None, "", what, mend)


def _entries(folder: Path, problems: list[Problem]) -> list[Path]:
    """Return what stands in a folder, by name; hidden entries are nobody's lessons."""
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        if found:
            found[0].lstat()  # a folder may be listed and yet let nobody in
    except OSError as error:
        what = message("cannot be looked into ({reason})", reason=error.strerror)
        mend = message("check its permissions")
        problems.append(Problem(str(folder), None, "", what, mend))
        return []
    return found


def translation_file(lesson_file: Path, language: str) -> Path:
    """Return where the translation of the lesson in `lesson_file` stands, if there is one."""
    return lesson_file.with_suffix(f".{language}.yaml")


def number_of(lesson_file: Path) -> int | None:
    """Return the number that a lesson's file name starts with, if it does.

    >>> number_of(Path("lessons/gradients/07-choosing-a-rate.yaml"))
    7
    """
    numbered = _NUMBERED.match(lesson_file.name)
    return int(numbered[1]) if numbered else None


def read_file(path: Path) -> str:
    """Return the text of a lesson file of at most `MAX_BYTES`.

    Raises:
        LessonError: the file cannot be read.
    """
    try:
        # A pipe or a device would be waited for, perhaps for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            what = message("is not a file with text in it")
            raise _file_error(path, what, message("delete it, or give it another name"))
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _file_error(path, message("does not exist"), message("check the path")) from None
    except OSError as error:
        what = message("cannot be read ({reason})", reason=error.strerror)
        raise _file_error(path, what, message("check its permissions")) from error
    if len(raw) > MAX_BYTES:
        what = message("is larger than 1 MB")
        raise _file_error(path, what, message("split the lesson; one takes some 10 KB"))
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = message("byte {byte} is not UTF-8", byte=f"0x{raw[error.start]:02X}")
        raise _file_error(path, what, message("save the file as UTF-8"), line) from None


def _file_error(path: Path, what: Message, mend: Message, line: int | None = None) -> LessonError:
    return LessonError([Problem(str(path), line, "", what, mend)])
