"""Whether the program of today reads in a file what the one read that wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pytest

from tests.store.postgres import PostgresServer
from tests.written_by.reading import FOLDER, MADE_WITH

RELEASES: Final = sorted(file.parent for file in FOLDER.glob(f"*/{MADE_WITH}"))
"""The folders of releases, each with the files that it wrote."""
FIRST: Final = FOLDER / "0.1"
EACH_RELEASE: Final = pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)


def kept(file: Path) -> Any:
    """Return the JSON in a file."""
    return json.loads(file.read_text(encoding="utf-8"))


def kept_lines(file: Path) -> list[Any]:
    """Return the JSON in each line of a file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def differences(then: object, now: object) -> list[str]:
    """Return where today's reading holds less than that of the time, or something else.

    It may hold more: a key that is new is none of the old file's business.
    """
    return list(_differences(then, json.loads(json.dumps(now)), "it"))


def _differences(then: object, now: object, where: str) -> Iterator[str]:
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for key, value in then.items():
            if key in now:
                yield from _differences(value, now[key], f"{where}.{key}")
            else:
                yield f"{where}.{key} is gone"
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, (old, new) in enumerate(zip(then, now, strict=True)):
            yield from _differences(old, new, f"{where}[{number}]")
    elif then != now or type(then) is not type(now):
        yield f"{where} was {then!r:.200} and is {now!r:.200}"


def draws_alike(release: Path) -> bool:
    """Whether the libraries that draw are here those that a release's pictures were made with."""
    made_with = kept(release / MADE_WITH)
    return all(version(name) == made_with[name] for name in ("plotext", "numpy"))


def restore(server: PostgresServer, dump: Path, database: str) -> None:
    r"""Run a dump in an empty database, but for lines that psql alone knows (`\restrict`)."""
    lines = dump.read_text(encoding="utf-8").splitlines()
    server.run("\n".join(line for line in lines if not line.startswith("\\")), database)
