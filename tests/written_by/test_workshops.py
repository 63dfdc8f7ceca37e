"""A workshop's database of an earlier release, and what a killed process left beside it."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest

from tests.course import course
from tests.store.postgres import PostgresServer
from tests.written_by.comparing import EACH_RELEASE, differences, kept, restore
from tests.written_by.reading import events_read, learners_read
from tutor.player.room_export import COLUMNS, csv_of, naming
from tutor.player.room_feed import RoomFeed
from tutor.room.room import Room
from tutor.store.shared_store import SharedStore, open_shared_store
from tutor.store.workshop_database import parse_url, place_of


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def folder(release: Path, kind: str, tmp_path: Path) -> Path:
    """A copy of what a workshop left."""
    return Path(copytree(release / "workshop" / kind, tmp_path / "copied"))


@pytest.fixture
def url(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    """The URL of the workshop's database, which lies elsewhere now; the files beside it know."""
    url = f"sqlite:///{folder}/workshop.sqlite3"
    if kind == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        name: str = request.getfixturevalue("database")
        restore(server, folder / "workshop.sql", name)
        url = server.url(name)
    for file in folder.glob("unwritten-*"):
        head, *rest = file.read_text(encoding="utf-8").splitlines()
        moved = json.loads(head) | {"database": place_of(parse_url(url))}
        file.write_text("\n".join([json.dumps(moved), *rest, ""]), encoding="utf-8")
    return url


@pytest.fixture
def node(url: str, folder: Path) -> Iterator[SharedStore]:
    """A process that opens the database."""
    store = open_shared_store(url, spill=folder)
    yield store
    store.close()


def lost(release: Path, kind: str, store: SharedStore) -> list[str]:
    """Return what of the learners, the events and the keys is not there as it was."""
    then = kept(release / "workshop" / kind / "read.json")
    for name in then["learners"]:
        store.enter(name)
    now = {
        "learners": {
            name: learners_read(course(), store.progress, name) for name in then["learners"]
        },
        "events": events_read(store.events_after(0)),
        "keys": {name: store.owner_of(name) for name in then["keys"]},
    }
    return differences(then, now)


@EACH_RELEASE
def test_learners_events_and_keys_are_there_and_what_was_unwritten_once(
    release: Path, kind: str, url: str, folder: Path, node: SharedStore
):
    assert 0 < node.brought_in
    assert [] == list(folder.glob("unwritten-*"))
    assert [] == lost(release, kind, node)
    with closing(open_shared_store(url, spill=folder)) as other:
        assert 0 == other.brought_in
        assert [] == lost(release, kind, other)


@EACH_RELEASE
def test_a_file_that_comes_back_is_not_written_twice(
    release: Path, kind: str, url: str, folder: Path, tmp_path: Path
):
    """Whoever brought it in died before the file went: the writers in the database know."""
    spare = Path(copytree(folder, tmp_path / "spare"))
    open_shared_store(url, spill=folder).close()
    with closing(open_shared_store(url, spill=spare)) as again:
        assert 0 == again.brought_in
        assert [] == lost(release, kind, again)


def room_of(store: SharedStore) -> Room:
    feed = RoomFeed(store)
    asyncio.run(feed.read())
    return feed.room


def rows(text: str, *without: str) -> list[dict[str, str]]:
    return [
        {name: cell for name, cell in row.items() if name not in without}
        for row in csv.DictReader(text.splitlines())
    ]


@EACH_RELEASE
@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_rooms_table_says_of_each_answer_what_it_said(
    release: Path, kind: str, node: SharedStore
):
    room = room_of(node)
    then = rows((release / "exports" / "room.csv").read_text(encoding="utf-8"))
    now = rows(csv_of(room, naming(room, anonymous=False), anonymous=False))
    assert [] == differences(then, now)
    assert set(COLUMNS) >= set(then[0])


@EACH_RELEASE
@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_anonymous_table_differs_by_names_and_times_alone(
    release: Path, kind: str, node: SharedStore
):
    room = room_of(node)
    then = (release / "exports" / "room-anonymous.csv").read_text(encoding="utf-8")
    now = csv_of(room, naming(room, anonymous=True), anonymous=True)
    unnamed = [sorted(rows(text, "learner"), key=str) for text in (then, now)]
    assert [] == differences(*unnamed)
    assert {""} == {row["time"] for row in rows(then)}
