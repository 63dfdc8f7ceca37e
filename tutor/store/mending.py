"""Puts a mended copy in the place of a damaged file, in steps that the next start can finish.

The copy is made under a name that says nothing. Whole and on the disk, it is renamed to
`progress.mended-DATE.sqlite3`: with that the mending is decided. Then the damaged file's log and
the file itself get their names for keeps, and the copy takes its place. Whoever opens progress
finishes first what a killed tutor has decided (`put_in_place`). The damaged file is in its place
until the copy takes it in one move, so nobody who starts meanwhile finds none, and begins anew.

All of it is done under a lock that ends with the process.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_MENDED: Final = ".mended-"
_BROKEN: Final = ".broken-"
_PARTS: Final = ("-wal", "-shm", "-journal")


def new_copy(file: Path) -> Path:
    """Return where a copy is to be made; what was left of an earlier one is removed."""
    fresh = file.with_suffix(f".new{file.suffix}")
    for ending in ("", *_PARTS):
        _beside(fresh, ending).unlink(missing_ok=True)
    return fresh


def decide_mending(fresh: Path, kept: Path) -> None:
    """Let the copy, which is whole, be what takes the place of the file; `kept` is for the old."""
    fresh.replace(kept.with_name(kept.name.replace(_BROKEN, _MENDED)))


def decided(file: Path) -> list[Path]:
    """Return the copies that are to take the place of the file: one, or none."""
    return sorted(file.parent.glob(f"{file.stem}{_MENDED}*{file.suffix}"))


def put_in_place(copy: Path, file: Path) -> Path:
    """Let a decided copy take the file's place; return what the damaged file is called."""
    kept = copy.with_name(copy.name.replace(_MENDED, _BROKEN))
    for ending in _PARTS:
        part = _beside(file, ending)
        if part.exists():
            part.replace(_untaken(_beside(kept, ending)))
    _give_second_name(file, kept)
    copy.replace(file)
    return kept


def _give_second_name(file: Path, name: Path) -> None:
    """Let the file be called `name`, too, or so alone where a file has one name."""
    try:
        if not (name.exists() and name.samefile(file)):
            os.link(file, _untaken(name))
    except FileNotFoundError:  # its log was all there was; or it has the name already
        return
    except OSError:
        file.replace(_untaken(name))


def _untaken(path: Path) -> Path:
    """Return a name that no file has: nothing that was kept is written over."""
    while path.exists():
        path = path.with_name(f"{path.name}~")
    return path


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
