"""Names that would break a table, a report or a spreadsheet, from the ssh client to the files."""

from __future__ import annotations

import csv
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from tests.server.scripted_class import make_key
from tests.server.seats import seated
from tests.server.workshop import Serve

NAMES = {
    "=1+1": "=1+1",
    "@cmd=2": "@cmd=2",
    "a|b![x](y)": "a|b![x](y)",
    "x" * 90: "x" * 32,
}
"""What a client says, and what it is called."""


async def test_hostile_names_harm_neither_the_roster_nor_the_files(serve: Serve, tmp_path: Path):
    key = make_key(tmp_path)
    workshop = serve("--instructor-key", f"{key}.pub")
    async with AsyncExitStack() as stack:
        for name in NAMES:
            seat = await stack.enter_async_context(seated(workshop, name))
            await seat.wait_for("not started")
            seat.press("enter")
            await seat.wait_for("step 1 of")
            seat.press("n")
        teacher = stack.enter_context(
            workshop.ssh("instructor", "-i", str(key), columns=160, rows=36)
        )
        teacher.wait_for(lambda seen: all(f" {name[:16]}" in seen.text for name in NAMES.values()))
    database = workshop.home / "server" / "workshop.sqlite3"
    for name in NAMES.values():
        answer(str(database), name)
    exported = subprocess.run(
        [sys.executable, "-m", "tutor", "room", "export", "--database", f"sqlite:///{database}"],
        cwd=tmp_path, check=True, capture_output=True, text=True,
        env={"NABLA_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin"},
    )  # fmt: skip
    assert "nabla-room.csv" in exported.stdout
    rows = list(csv.reader((tmp_path / "nabla-room.csv").read_text("utf-8").splitlines()))
    assert {"'=1+1", "'@cmd=2", "a|b![x](y)", "x" * 32} == {row[0] for row in rows[1:]}
    assert {len(rows[0])} == {len(row) for row in rows}
    report = (tmp_path / "nabla-room.md").read_text("utf-8")
    (row,) = [line for line in report.splitlines() if "![x]" in line or "!\\[x" in line]
    assert "![x](y)" not in row
    assert "a\\|b" in row


def answer(file: str, name: str) -> None:
    """Let somebody have answered, as their session would have told."""
    from tutor.player.room_feed import RoomFeed
    from tutor.room import events as ev
    from tutor.store.shared_store import open_shared_store

    store = open_shared_store(f"sqlite:///{file}")
    told = ev.Answered("gradients/derivative", "what-it-says", "choice", "=2", False, choice=1)
    feed = RoomFeed(store)
    feed.tell(name, told)
    feed.flush()
    assert store.flush()
    store.close()
