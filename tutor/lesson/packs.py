"""Where lessons come from: Nabla's own, extra folders, and packs that pip installed.

An extra folder holds courses, as `lessons/` does, or is one course. A pack is a distribution with
an entry point of the group `nabla.lessons` that names a package; its folder is such a folder.
Nothing of a pack is run: its folder is found by the record of its installation.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tutor.i18n import message
from tutor.lesson.catalog import Catalog, find_lesson_folders, load_catalog
from tutor.lesson.problem import Problem

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "nabla.lessons"
VARIABLE: Final = "NABLA_LESSONS"

_extra: ContextVar[tuple[Path, ...]] = ContextVar("extra_lessons", default=())


def use_lessons(folders: Iterable[Path]) -> None:
    """Take lessons from these folders too, in this session."""
    _extra.set(tuple(folders))


def load_every_lesson(environment: Mapping[str, str] | None = None) -> Catalog:
    """Return the lessons of all places, Nabla's own first; what clashes or is broken is left out.

    The extra folders are those of `use_lessons`, then those that NABLA_LESSONS lists.
    """
    problems: list[Problem] = []
    return load_catalog(every_lesson_folder(problems, environment), problems)


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
