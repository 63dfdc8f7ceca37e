"""Several workers: one dies, the others go on; learners come back to where they were."""

from __future__ import annotations

import os
import signal

from tests.server.workshop import Serve, on_map


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


def _worker_of(events: list[dict[str, object]], name: str) -> object:
    return next(
        each["worker"] for each in events if each["event"] == "session" and each["name"] == name
    )
