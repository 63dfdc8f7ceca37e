"""Writes the files of a release, by the program as it stands: `python -m tests.written_by FOLDER`.

FOLDER is new: `tests/written_by/0.3` for release 0.3. What the files are stands in its README.md.
PostgreSQL is needed. Takes half a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from shutil import copy, copytree
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.store.postgres import PASSWORD, USER, PostgresServer, programs
from tests.tui.labs import open_lab
from tests.written_by.classes import a_class, room_after
from tests.written_by.labs import labs
from tests.written_by.learners import (
    FILE,
    ROOT,
    fresh_files,
    in_the_middle,
    killed,
    locked,
    waiting,
)
from tests.written_by.reading import MADE_WITH, class_read, events_read, lab_read, learners_read
from tests.written_by.workshops import hold
from tutor.engine.descent.run import run
from tutor.engine.lab.state_code import encode
from tutor.lesson.catalog import Catalog, load_catalog
from tutor.lesson.folders import find_lesson_folders
from tutor.store.model import LOCAL_LEARNER
from tutor.store.opening import open_store
from tutor.store.settings import change_settings
from tutor.tui.screens.lab_menus import MAKERS

README: Final = """\
# Files written by Nabla {nabla}

Every file here was written by the program itself (its stores, player, engine, exporters and
server parts), by

    python -m tests.written_by {folder}

as the program stood at {commit},
the last commit before it that changed `tutor/` or `lessons/`.

They are never written anew, whatever the program becomes: they stand for what learners and
workshops have on their disks. The tests beside this folder open each with the code of today, on a
copy. A later release adds a folder of its own beside this one, by the same command.

Each `read.json` holds what the program that wrote the files read in them: entries, the place and
the parameters in each lesson, the reviews to come. The program of today may read more there, never
less and nothing else.

- `versions.json`: the versions that wrote all this. Pictures are compared where plotext and NumPy
  are these.
- `settings.json`: a learner's settings, both chosen.
- `progress/fresh-*/`: a new file in which nothing was done, one for each order in which the program
  makes the two indexes of its journal.
- `progress/middle-*/`: two weeks of a learner, on each of these: a lesson finished, others in the
  middle, answers of every kind of step, reviews, resets of all and of single lessons, hints, a
  solution, other numbers, half a program, a guess not yet meant.
- `progress/killed/`: the file of a program that was killed, with SQLite's log as it stood.
- `progress/waiting/`: a file that another process kept locked, and beside it what waits for it.
- `workshop/sqlite/`: a workshop's database after a class: learners, events, keys, writers; and what
  a process could not write (`unwritten-*.jsonl`) that was killed while the database was locked.
- `workshop/postgresql/`: the same class in PostgreSQL {postgresql}, as plain SQL by
  `pg_dump --inserts`, and what a process left that was killed while the server was down.
- `class/`: the events of another class, every kind that there is, as `tutor/room/wire.py` writes
  them, and the class that they fold to at four moments.
- `labs.json`: thirty state codes, each with what it holds, its run's end and its first picture.
- `exports/`: one of each kind: progress and a lesson of `progress/middle-1`, the lab of the 23rd
  code, the room of `workshop/sqlite`.

An `unwritten-*.jsonl` names in its first line the database that it belongs to, by the place where
it lay; whoever moves the database changes that line.
"""


def write_all(folder: Path) -> None:
    """Write the files into a new folder."""
    folder.mkdir(parents=True)
    catalog = load_catalog(find_lesson_folders())
    with TemporaryDirectory() as scratch:
        _progress(catalog, folder / "progress", Path(scratch))
        change_settings(folder / "settings.json", language="zh", run_programs=True)
        _on_sqlite(catalog, folder / "workshop" / "sqlite", Path(scratch) / "sqlite")
        _on_postgresql(catalog, folder / "workshop" / "postgresql", Path(scratch) / "postgresql")
    _class(catalog, folder / "class")
    found = [lab_read(encode(lab)) for lab in labs()]
    _write(folder / "labs.json", found)
    _exports(folder, folder / "exports")
    made = _versions()
    _write(folder / MADE_WITH, made)
    words = README.format(**made, folder=_named(folder))
    (folder / "README.md").write_text(words, encoding="utf-8")


def _write(file: Path, value: object) -> None:
    """Write JSON of which a person can read the lines."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")


def _write_lines(file: Path, values: list[dict[str, Any]]) -> None:
    lines = [json.dumps(each, ensure_ascii=False) for each in values]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _progress(catalog: Catalog, folder: Path, scratch: Path) -> None:
    for number, fresh in enumerate(fresh_files(scratch), 1):
        copytree(fresh.parent, folder / f"fresh-{number}")
        _read_into(catalog, folder / f"fresh-{number}" / FILE)
        copytree(fresh.parent, folder / f"middle-{number}")
        with closing(open_store(folder / f"middle-{number}" / FILE).store) as store:
            in_the_middle(catalog, store)
        _read_into(catalog, folder / f"middle-{number}" / FILE)
    copytree(fresh.parent, folder / "waiting")
    _write(folder / "waiting" / "read.json", waiting(catalog, folder / "waiting" / FILE))
    (folder / "killed").mkdir()
    _write(folder / "killed" / "read.json", killed(folder / "killed" / FILE))


def _read_into(catalog: Catalog, file: Path) -> None:
    with closing(open_store(file).store) as store:
        _write(file.with_name("read.json"), learners_read(catalog, store, LOCAL_LEARNER))


def _on_sqlite(catalog: Catalog, folder: Path, scratch: Path) -> None:
    database = scratch / "workshop.sqlite3"
    scratch.mkdir()
    read = hold(catalog, f"sqlite:///{database}", scratch, lambda: locked(database))
    copytree(scratch, folder)
    _write(folder / "read.json", read)


def _on_postgresql(catalog: Catalog, folder: Path, scratch: Path) -> None:
    folder.mkdir(parents=True)
    scratch.mkdir()
    server = PostgresServer()
    try:
        name = server.new_database()
        read = hold(catalog, server.url(name), scratch, lambda: _down(server))
        (folder / "workshop.sql").write_text(_dumped(server, name), encoding="utf-8")
    finally:
        server.remove()
    for file in scratch.iterdir():
        copy(file, folder)
    _write(folder / "read.json", read)


@contextmanager
def _down(server: PostgresServer) -> Iterator[None]:
    server.kill()
    yield
    server.start()


def _dumped(server: PostgresServer, name: str) -> str:
    program = programs() / "pg_dump"
    where = ["--host=127.0.0.1", f"--port={server.port}", f"--username={USER}", name]
    how = ["--inserts", "--no-owner", "--no-privileges"]
    done = subprocess.run(
        [str(program), *how, *where], env=os.environ | {"PGPASSWORD": PASSWORD}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def _class(catalog: Catalog, folder: Path) -> None:
    folder.mkdir()
    told, moments = a_class(catalog)
    _write_lines(folder / "events.jsonl", events_read(told.events))
    folded = [
        {"after": last, "now": now.isoformat()} | class_read(room_after(told.events, last), now)
        for last, now in moments
    ]
    _write(folder / "read.json", folded)


@dataclass(frozen=True)
class _Program:
    """The program at a learner's or an instructor's prompt, on copies of the files here."""

    home: Path

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "tutor", *arguments], cwd=self.home, check=True, text=True,
            capture_output=True,
            env=os.environ | {"NABLA_HOME": str(self.home), "NABLA_LANG": "en",
                              "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        return done.stdout


def _exports(files: Path, folder: Path) -> None:
    folder.mkdir()
    with TemporaryDirectory() as home:
        copy(files / "progress" / "middle-1" / FILE, home)
        copytree(files / "workshop" / "sqlite", home, dirs_exist_ok=True)
        nabla = _Program(Path(home))
        _write_text(folder / "progress.jsonl", nabla("progress", "--export", "-"))
        for language in ("en", "zh"):
            text = nabla("--lang", language, "export", "derivative", "-")
            _write_text(folder / f"lesson-{language}.md", text)
        for name, options in (("room", []), ("room-anonymous", ["--anonymous"])):
            database = f"sqlite:///{home}/workshop.sqlite3"
            nabla("room", "export", "--database", database, *options)
            for ending in (".csv", ".md"):
                Path(home, f"nabla-room{ending}").rename(folder / f"{name}{ending}")
    asyncio.run(_lab_exports(folder))


def _write_text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


async def _lab_exports(folder: Path) -> None:
    lab = list(labs())[22]
    async with open_lab(lab) as (_, screen):
        picture = screen.app.export_screenshot(title="Nabla")
    for ending, make in MAKERS.items():
        _write_text(folder / f"lab{ending}", make(lab, run(lab.setup), picture))


def _versions() -> Mapping[str, str]:
    commit = subprocess.run(
        ["git", "log", "-1", "--format=%H", "--", "tutor", "lessons"], cwd=ROOT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    libraries = {
        name.lower(): version(name) for name in ("plotext", "NumPy", "SQLAlchemy", "Textual")
    }
    return {
        "nabla": version("nabla-tutor"), "commit": commit.stdout.strip(),
        "python": platform.python_version(), "postgresql": programs().parent.name, **libraries,
    }  # fmt: skip


def _named(folder: Path) -> str:
    absolute = folder.resolve()
    return str(absolute.relative_to(ROOT)) if absolute.is_relative_to(ROOT) else absolute.name


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.written_by", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    write_all(parser.parse_args().folder)
