"""A workshop's database, SQLite and PostgreSQL alike: nodes share progress, names and events."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.store.entries import DERIVATIVE, NOON, attempt, point
from tests.store.postgres import wait_until
from tutor.player.unwritten import unwritten_words
from tutor.store import schema, workshop_database
from tutor.store.model import NewEvent
from tutor.store.shared_store import SharedStore

Nodes = Callable[[str], SharedStore]

WRITER = """
import sys
from tests.store.entries import DERIVATIVE, attempt, point
from tutor.store.shared_store import open_shared_store
from tutor.store.model import NewEvent

url, learner, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.stdin.readline()  # all begin together
store = open_shared_store(url)
store.enter(learner)
for number in range(count):
    store.progress.record_attempt(attempt(number, learner=learner), point(number, learner=learner))
    store.append_event(NewEvent(workshop="w", learner=learner, kind="turn", data={"n": number}))
    store.flush(20)
print(store.close(20))
"""


def start_node(url: str, learner: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, learner, str(count)],
        cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def event(kind: str = "hand", **changes: object) -> NewEvent:
    values: dict[str, object] = {"workshop": "w", "learner": "ana", "kind": kind}
    return NewEvent(**(values | changes))  # type: ignore[arg-type]


def test_progress_written_by_one_node_is_read_by_another(url: str, nodes: Nodes) -> None:
    one, other = nodes(url), nodes(url)
    one.enter("ana")
    one.progress.record_attempt(attempt(0), point(0))
    one.progress.reset("ana", "gradients/gradient", NOON)
    assert one.flush()
    assert other.enter("ana").notice is None
    assert one.progress.records("ana") == other.progress.records("ana")
    assert ([attempt(0)], point(0)) == (
        other.progress.attempts("ana"),
        other.progress.resume_point("ana", DERIVATIVE),
    )


def test_a_reset_on_one_node_counts_on_another(url: str, nodes: Nodes) -> None:
    one, other = nodes(url), nodes(url)
    one.progress.record_attempt(attempt(0), point(0))
    one.progress.reset("ana", None, NOON + timedelta(hours=1))
    one.progress.record_attempt(attempt(1), point(1))
    assert one.flush()
    other.enter("ana")
    assert ([attempt(1)], point(1)) == (
        other.progress.attempts("ana"),
        other.progress.resume_point("ana", DERIVATIVE),
    )


def test_who_left_is_forgotten_and_found_again(url: str, nodes: Nodes) -> None:
    node = nodes(url)
    node.enter("ana")
    node.progress.record_attempt(attempt(0))
    node.flush()
    node.leave("ana")
    assert [] == node.progress.attempts("ana")
    node.enter("ana")
    assert [attempt(0)] == node.progress.attempts("ana")


def test_a_learner_with_two_sessions_is_known_until_the_second_leaves(
    url: str, nodes: Nodes
) -> None:
    node = nodes(url)
    node.enter("ana")
    node.enter("ana")
    node.progress.record_attempt(attempt(0))
    node.leave("ana")
    assert [attempt(0)] == node.progress.attempts("ana")


def test_two_processes_writing_at_once_lose_nothing(url: str, nodes: Nodes) -> None:
    """They also both make the tables: they start on an empty database at the same moment."""
    writers = [start_node(url, learner, 15) for learner in ("ana", "ben")]
    assert ["0\n", "0\n"] == [writer.communicate("go\n")[0] for writer in writers]
    node = nodes(url)
    for learner in ("ana", "ben"):
        node.enter(learner)
        assert list(range(15)) == [a.at.second for a in node.progress.attempts(learner)]
        last = node.progress.resume_point(learner, DERIVATIVE)
        assert (14, "turn-h") == (last and last.completed, last and last.step)


def test_nodes_that_start_at_once_migrate_once_between_them(
    url: str, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older database meets six nodes of a newer program; a second run of the step would fail."""
    older = nodes(url)
    older.progress.record_attempt(attempt(0))
    assert older.flush()

    def add_a_table(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE notes (text TEXT)")
        time.sleep(0.3)  # long enough for the others to come into it, were they let

    steps = (*schema.WORKSHOP_MIGRATIONS, add_a_table)
    monkeypatch.setattr(schema, "WORKSHOP_MIGRATIONS", steps)
    monkeypatch.setattr(workshop_database, "KNOWN_WORKSHOP_VERSION", len(steps))
    with ThreadPoolExecutor(6) as together:
        opened = list(together.map(nodes, [url] * 6))
    for node in opened:
        node.enter("ana")
        assert ([attempt(0)], None) == (node.progress.attempts("ana"), node.trouble)


def test_two_nodes_that_poll_see_each_event_once_and_in_one_order(url: str, nodes: Nodes) -> None:
    writers = {name: nodes(url) for name in ("ana", "ben", "cem")}
    readers = [nodes(url), nodes(url)]
    seen: list[list[tuple[int, str | None, object]]] = [[], []]

    def all_seen() -> bool:
        for node, found in zip(readers, seen, strict=True):
            after = found[-1][0] if found else 0
            found += [(e.id, e.learner, e.data["n"]) for e in node.events_after(after, 7)]
        return min(map(len, seen)) >= 60

    for number in range(20):
        for name, node in writers.items():
            node.append_event(event(learner=name, data={"n": number}))
        all_seen()
    wait_until(all_seen)
    assert seen[0] == seen[1]
    assert {who: list(range(20)) for who in writers} == {
        who: [n for _, learner, n in seen[0] if learner == who] for who in writers
    }


def test_an_event_comes_back_with_the_time_of_the_database(url: str, nodes: Nodes) -> None:
    node = nodes(url)
    node.append_event(event(learner=None, data={"step": "π", "x": [1.5, None]}))
    assert node.flush()
    [found] = node.events_after(0)
    assert ("w", None, "hand", {"step": "π", "x": [1.5, None]}) == (
        found.workshop, found.learner, found.kind, found.data,
    )  # fmt: skip
    assert abs(datetime.now(UTC) - found.at) < timedelta(minutes=1)


def test_events_of_one_workshop_can_be_asked_for(url: str, nodes: Nodes) -> None:
    node = nodes(url)
    node.append_event(event("one"))
    node.append_event(event("other", workshop="v"))
    node.append_event(event("two"))
    node.flush()
    assert ["one", "two"] == [e.kind for e in node.events_after(0, workshop="w")]


def test_an_event_whose_data_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        event(data={"run": object()})


def test_the_first_key_of_a_name_owns_it_on_every_node(url: str, nodes: Nodes) -> None:
    one, other = nodes(url), nodes(url)
    assert (True, False, True) == (
        one.claim_name("ana", "SHA256:a"),
        other.claim_name("ana", "SHA256:b"),
        other.claim_name("ana", "SHA256:a"),
    )


def test_a_name_that_nobody_claimed_has_no_owner(url: str, nodes: Nodes) -> None:
    node = nodes(url)
    node.claim_name("ana", "SHA256:a")
    assert ("SHA256:a", None) == (node.owner_of("ana"), node.owner_of("ben"))


def test_a_released_name_can_be_claimed_by_another_key(url: str, nodes: Nodes) -> None:
    node = nodes(url)
    node.claim_name("ana", "SHA256:a")
    node.release_name("ana")
    assert node.claim_name("ana", "SHA256:b")


def test_of_a_deleted_learner_nothing_is_left(url: str, nodes: Nodes) -> None:
    node = nodes(url)
    for learner in ("ana", "ben"):
        node.progress.record_attempt(attempt(0, learner=learner), point(0, learner=learner))
        node.append_event(event(learner=learner))
        node.claim_name(learner, learner)
    node.flush()
    node.delete_learner("ana")
    assert ([], None) == (
        node.progress.attempts("ana"),
        node.progress.resume_point("ana", DERIVATIVE),
    )
    node.enter("ana")
    assert [] == node.progress.attempts("ana")
    assert ["ben"] == [e.learner for e in node.events_after(0)]
    assert (True, False) == (node.claim_name("ana", "new"), node.claim_name("ben", "new"))


def test_with_a_workshop_go_its_events_and_those_who_were_in_no_other(
    url: str, nodes: Nodes
) -> None:
    node = nodes(url)
    for learner in ("ana", "ben"):
        node.progress.record_attempt(attempt(0, learner=learner))
        node.append_event(event(learner=learner))
    node.append_event(event(learner="ben", workshop="v"))
    node.flush()
    assert ("ana",) == node.delete_workshop("w")
    node.enter("ana")
    node.enter("ben")
    assert ([], 1) == (node.progress.attempts("ana"), len(node.progress.attempts("ben")))
    assert ["v"] == [e.workshop for e in node.events_after(0)]


def test_the_number_of_a_deleted_event_is_not_used_again(url: str, nodes: Nodes) -> None:
    node = nodes(url)
    node.append_event(event())
    node.flush()
    [first] = node.events_after(0)
    node.delete_workshop("w")
    node.append_event(event())
    node.flush()
    [second] = node.events_after(0)
    assert second.id > first.id


def test_old_events_are_purged_and_progress_stays(url: str, nodes: Nodes) -> None:
    node = nodes(url)
    node.enter("ana")
    node.progress.record_attempt(attempt(0))
    node.append_event(event())
    node.flush()
    assert (0, 1) == (node.purge(timedelta(days=1)), node.purge(timedelta(seconds=-5)))
    node.enter("ana")
    assert ([attempt(0)], 0) == (node.progress.attempts("ana"), len(node.events_after(0)))


def test_text_that_a_database_cannot_keep_harms_nobody(url: str, nodes: Nodes) -> None:
    node = nodes(url)
    node.progress.record_attempt(attempt(0, answer="a\0b\ud800"), point(0, state={"t": "\ud800"}))
    node.append_event(event(data={"text": "\0\udfff"}))
    node.progress.record_attempt(attempt(1))
    assert node.flush()
    node.enter("ana")
    assert ["a\N{REPLACEMENT CHARACTER}b?", "answer 1"] == [
        a.answer for a in node.progress.attempts("ana")
    ]


def test_a_moved_point_does_not_go_back_when_what_waited_elsewhere_is_written(
    url: str, nodes: Nodes
) -> None:
    one, other = nodes(url), nodes(url)
    one.progress.save_resume(point(5))
    one.flush()
    other.progress.save_resume(point(3))
    other.flush()
    one.enter("ana")
    assert point(5) == one.progress.resume_point("ana", DERIVATIVE)


def test_a_receipt_is_done_when_its_answer_is_in_the_database(nodes: Nodes, url: str) -> None:
    node = nodes(url)
    with node.queue.held():
        receipt = node.progress.hand_in(attempt(0), point(0))
        assert (False, 1) == (receipt.done(), node.progress.unwritten_by("ana"))
    receipt.result()
    assert 0 == node.progress.unwritten_by("ana")
    assert [] == node.progress.loss("ana")


def test_what_the_database_refuses_is_told_as_lost(
    nodes: Nodes, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = nodes(url)
    write = node.database.rows.write

    def choose(number: int, items: Sequence[Any], *, again: bool) -> None:
        if any(getattr(each, "answer", "") == "answer 0" for each in items):
            raise ValueError("the driver cannot send this")
        write(number, items, again=again)

    monkeypatch.setattr(node.database.rows, "write", choose)
    refused, written = node.progress.hand_in(attempt(0)), node.progress.hand_in(attempt(1))
    written.result()
    assert not refused.done()
    assert ["1 answer of yours could not be kept and is lost."] == list(
        map(str, node.progress.loss("ana"))
    )
    assert "is lost" in " ".join(map(str, unwritten_words(node)))
