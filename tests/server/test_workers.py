"""Several workers: one dies, the others go on; learners come back to where they were."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.server.workshop import Serve, on_map
from tutor.store.model import ResumePoint
from tutor.store.shared_store import open_shared_store


def test_a_learner_of_a_killed_worker_comes_back(serve: Serve):
    workshop = serve("--workers", "2")
    first = workshop.wait_for_event("worker ready", worker=1)
    workshop.wait_for_event("worker ready", worker=2)
    names = ["ana", "ben"]
    terminals = {name: workshop.enter(name) for name in names}
    of_first = [name for name in names if _worker_of(workshop.events, name) == 1]
    assert 1 == len(of_first), "the least-loaded worker takes the second"
    os.kill(int(str(first["pid"])), signal.SIGKILL)
    lost, kept = of_first[0], next(name for name in names if name not in of_first)
    assert 0 != terminals[lost].wait_for_exit()
    terminals[kept].press("f1")
    terminals[kept].wait_for("Everywhere")
    workshop.wait_for_event("worker died", worker=1)
    with workshop.enter(lost) as again:
        assert on_map(again)
    for each in terminals.values():
        each.close()


def test_a_dead_worker_is_begun_anew(serve: Serve):
    workshop = serve("--workers", "2")
    first = workshop.wait_for_event("worker ready", worker=1)
    os.kill(int(str(first["pid"])), signal.SIGKILL)
    workshop.wait_for_event("worker ready", count=2, worker=1)


def test_the_newest_session_of_a_name_wins_over_one_at_another_worker(serve: Serve):
    workshop = serve("--workers", "2")
    workshop.wait_for_event("worker ready", worker=1)
    workshop.wait_for_event("worker ready", worker=2)
    with workshop.enter("ana") as older, workshop.enter("ana") as newer:
        older.wait_for("You came in from another terminal")
        assert 0 == older.wait_for_exit()
        newer.press("f1")
        newer.wait_for("Everywhere")
    workers = {each["worker"] for each in workshop.events if each["event"] == "session"}
    assert {1, 2} == workers


def test_a_workshop_of_workers_stops_in_good_order(serve: Serve):
    workshop = serve("--workers", "2", "--stop-seconds", "1")
    with workshop.enter("ana") as terminal:
        workshop.process.send_signal(signal.SIGTERM)
        terminal.wait_for("restarts in a moment")
        assert 0 == terminal.wait_for_exit()
        assert "Your progress is saved" in terminal.text
        assert 1000 not in terminal.modes
    assert 0 == workshop.stop()
    assert [] == workshop.noise


def test_a_workshop_of_workers_that_leaves_answers_unwritten_says_so_by_its_status(
    serve: Serve, tmp_path: Path
):
    """Another program locks the database while a learner answers, until after the end."""
    database = tmp_path / "workshop.sqlite3"
    url = f"sqlite:///{database}"
    store = open_shared_store(url)
    store.progress.save_resume(
        ResumePoint(
            learner="ana", lesson="gradients/derivative", step="sixth-minute",
            state={"step": "sixth-minute"}, completed=2, total=12, done=False,
            at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )  # fmt: skip
    store.close()
    workshop = serve("--workers", "2", "--database", url, "--stop-seconds", "1")
    with workshop.enter("ana") as terminal, closing(sqlite3.connect(database)) as other:
        terminal.press("enter")
        terminal.wait_for("Your answer")
        other.execute("BEGIN IMMEDIATE")
        terminal.type("900\r")
        terminal.wait_for("(not written yet)")
        assert 1 == workshop.stop()
        (kept,) = (workshop.home / "server").glob("unwritten-*.jsonl")
        noise = "".join(workshop.noise)
        assert f"1 answer is not written. It waits in {kept}" in noise
        assert "Another program has locked" in noise


def _worker_of(events: list[dict[str, object]], name: str) -> object:
    return next(
        each["worker"] for each in events if each["event"] == "session" and each["name"] == name
    )
