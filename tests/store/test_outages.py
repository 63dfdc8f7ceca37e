"""A PostgreSQL that goes away and comes back: nothing is lost, doubled or out of order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.store.entries import DERIVATIVE, NOON, attempt, point
from tests.store.postgres import PostgresServer, wait_until
from tutor.errors import TutorError
from tutor.store import shared_store
from tutor.store.model import NewEvent
from tutor.store.shared_store import SharedStore, open_shared_store
from tutor.store.trouble import StorageError

Nodes = Callable[[str], SharedStore]


@pytest.fixture
def url(postgres: PostgresServer, database: str) -> str:
    """The URL of an empty database in PostgreSQL."""
    return postgres.url(database)


@pytest.fixture
def restored(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """A server that runs again when the test is over."""
    yield postgres
    postgres.kill()
    postgres.start()


def event(number: int) -> NewEvent:
    return NewEvent(workshop="w", learner="ana", kind="turn", data={"n": number})


def answers(node: SharedStore, learner: str = "ana") -> list[int]:
    return [each.at.second for each in node.progress.attempts(learner)]


def recovered(node: SharedStore) -> bool:
    node.progress.retry()
    return node.flush(0.2)


def test_a_server_killed_between_writes_loses_and_doubles_nothing(
    url: str, nodes: Nodes, restored: PostgresServer
) -> None:
    node = nodes(url)
    node.enter("ana")
    for number in range(9):
        if number == 3:
            restored.kill()
        node.progress.record_attempt(attempt(number), point(number))
        node.append_event(event(number))
        if number == 5:
            wait_until(lambda: node.trouble is not None)
            assert (list(range(6)), point(5)) == (
                answers(node), node.progress.resume_point("ana", DERIVATIVE),
            )  # fmt: skip
            restored.start()
    wait_until(lambda: recovered(node))
    other = nodes(url)
    other.enter("ana")
    assert (list(range(9)), point(8), list(range(9))) == (
        answers(other),
        other.progress.resume_point("ana", DERIVATIVE),
        [e.data["n"] for e in other.events_after(0)],
    )


def test_during_an_outage_no_call_fails_and_everybody_is_told(
    url: str, nodes: Nodes, restored: PostgresServer
) -> None:
    node = nodes(url)
    node.enter("ana")
    restored.kill()
    node.progress.record_attempt(attempt(0))
    wait_until(lambda: node.trouble is not None)
    assert "does not answer" in str(node.trouble)
    assert "What you do is kept" in str(node.progress.trouble)
    assert "What you did earlier cannot be shown" in str(node.enter("ben").notice)
    assert ([], [0]) == (list(node.events_after(0)), answers(node))
    with pytest.raises(StorageError, match="does not answer"):
        node.claim_name("ana", "SHA256:a")


def test_recording_does_not_wait_for_a_server_that_says_nothing(
    url: str, nodes: Nodes, postgres: PostgresServer
) -> None:
    """The server has stopped in the middle: it takes connections and answers nothing."""
    node = nodes(url)
    postgres.pause()
    try:
        for number in range(20):
            node.progress.record_attempt(attempt(number), point(number))
            node.append_event(event(number))
        assert (list(range(20)), 60) == (answers(node), node.waiting)
    finally:
        postgres.resume()
    wait_until(lambda: recovered(node))
    assert list(range(20)) == [e.data["n"] for e in nodes(url).events_after(0)]


def test_who_enters_while_the_server_is_frozen_is_let_in_all_the_same(
    url: str, nodes: Nodes, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = nodes(url)
    monkeypatch.setattr(shared_store, "LONGEST_QUESTION", 0.2)
    postgres.pause()
    try:
        assert "cannot be shown" in str(node.enter("ana").notice)
    finally:
        postgres.resume()
    wait_until(lambda: recovered(node))


def test_a_name_known_here_keeps_its_key_during_an_outage(
    url: str, nodes: Nodes, restored: PostgresServer
) -> None:
    node = nodes(url)
    node.claim_name("ana", "SHA256:a")
    restored.kill()
    assert (True, False, "SHA256:a") == (
        node.claim_name("ana", "SHA256:a"),
        node.claim_name("ana", "SHA256:b"),
        node.owner_of("ana"),
    )


def test_who_enters_during_an_outage_is_brought_in_afterwards(
    url: str, nodes: Nodes, restored: PostgresServer
) -> None:
    earlier = nodes(url)
    earlier.progress.record_attempt(attempt(0))
    earlier.flush()
    node = nodes(url)
    restored.kill()
    node.enter("ana")
    node.progress.record_attempt(attempt(1))
    assert [1] == answers(node)
    restored.start()
    wait_until(lambda: recovered(node))
    wait_until(lambda: answers(node) == [0, 1])


def test_who_leaves_and_returns_during_an_outage_goes_on_from_memory(
    url: str, nodes: Nodes, restored: PostgresServer
) -> None:
    node = nodes(url)
    node.enter("ana")
    restored.kill()
    node.progress.record_attempt(attempt(0), point(0))
    wait_until(lambda: node.trouble is not None)
    node.leave("ana")
    node.enter("ana")
    assert ([0], point(0)) == (answers(node), node.progress.resume_point("ana", DERIVATIVE))


def test_a_connection_that_is_killed_is_replaced(
    url: str, nodes: Nodes, postgres: PostgresServer, database: str
) -> None:
    node = nodes(url)
    for number in range(3):
        node.progress.record_attempt(attempt(number))
        assert node.flush()
        postgres.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{database}' AND pid <> pg_backend_pid()"
        )
    wait_until(lambda: recovered(node))
    node.enter("ana")
    wait_until(lambda: node.trouble is None)
    node.enter("ana")
    assert [0, 1, 2] == answers(node)


def test_a_write_whose_answer_was_lost_is_not_written_again(
    url: str, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks after the commit and before the server says so."""
    node = nodes(url)
    node.enter("ana")
    write, broken = node.database.rows.write, []

    def write_and_break(*given: object, **named: object) -> None:
        write(*given, **named)  # type: ignore[arg-type]
        if not broken:
            broken.append(True)
            raise OSError("the connection is gone")

    monkeypatch.setattr(node.database.rows, "write", write_and_break)
    node.progress.record_attempt(attempt(0))
    wait_until(lambda: bool(broken))
    node.progress.record_attempt(attempt(1))
    wait_until(lambda: recovered(node))
    node.enter("ana")
    assert [0, 1] == answers(node)


def test_one_entry_that_the_database_refuses_holds_up_no_other(
    url: str, nodes: Nodes, postgres: PostgresServer, database: str
) -> None:
    node = nodes(url)
    postgres.run("ALTER TABLE journal ADD CHECK (answer <> 'answer 1')", database)
    for number in range(4):
        node.progress.record_attempt(attempt(number))
    assert node.flush()
    node.enter("ana")
    assert ([0, 2, 3], 1) == (answers(node), node.refused)


def test_too_many_connections_are_waited_out(
    url: str, nodes: Nodes, postgres: PostgresServer, database: str
) -> None:
    node = nodes(postgres.ordinary_url(database))
    postgres.run(f"ALTER DATABASE {database} CONNECTION LIMIT 0")
    postgres.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{database}' AND pid <> pg_backend_pid()"
    )
    node.progress.record_attempt(attempt(0))
    wait_until(lambda: "takes no more connections" in str(node.trouble))
    postgres.run(f"ALTER DATABASE {database} CONNECTION LIMIT -1")
    wait_until(lambda: recovered(node))
    node.enter("ana")
    assert [0] == answers(node)


def test_a_database_that_turns_read_only_is_waited_out(
    url: str, nodes: Nodes, postgres: PostgresServer, database: str
) -> None:
    """As after a failover, when one is still connected to the old server."""
    node = nodes(url)
    postgres.run(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    postgres.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{database}' AND pid <> pg_backend_pid()"
    )
    node.progress.record_attempt(attempt(0))
    wait_until(lambda: "can only be read" in str(node.trouble))
    postgres.run(
        f"BEGIN; SET LOCAL default_transaction_read_only = off; SET TRANSACTION READ WRITE; "
        f"ALTER DATABASE {database} RESET default_transaction_read_only; COMMIT"
    )
    wait_until(lambda: recovered(node))
    node.enter("ana")
    assert [0] == answers(node)


def test_a_learner_who_went_on_elsewhere_stays_there_when_the_cut_off_node_returns(
    url: str, nodes: Nodes, restored: PostgresServer
) -> None:
    """The place that waited here is older than the one that another node has written since."""
    cut_off, other = nodes(url), nodes(url)
    with cut_off.queue.held():
        cut_off.progress.record_attempt(attempt(3), point(3))
        other.progress.record_attempt(attempt(5), point(5))
        assert other.flush()
    assert cut_off.flush()
    other.enter("ana")
    assert (point(5), {3, 5}) == (
        other.progress.resume_point("ana", DERIVATIVE),
        set(answers(other)),
    )


def test_the_times_of_a_node_with_a_wrong_clock_are_put_right(url: str, nodes: Nodes) -> None:
    right, wrong = nodes(url), nodes(url)
    clock = wrong.database.rows.now
    wrong.database.rows.now = lambda: clock() + timedelta(hours=3)
    wrong.progress.save_resume(point(0, lesson="gradients/gradient", at=NOON + timedelta(hours=3)))
    assert wrong.flush()
    right.progress.save_resume(point(60))
    assert right.flush()
    right.enter("ana")
    lessons = right.progress.lesson_progress("ana")
    assert DERIVATIVE == max(lessons.values(), key=lambda each: each.at).lesson


def test_a_closed_store_leaves_no_row_of_its_process(
    url: str, nodes: Nodes, postgres: PostgresServer, database: str
) -> None:
    node = nodes(url)
    node.progress.record_attempt(attempt(0))
    assert node.flush()
    query = "SELECT batch FROM writers"
    assert [(1,)] == postgres.run(query, database)
    assert (0, []) == (node.close(), postgres.run(query, database))


def test_what_cannot_be_written_before_the_end_is_counted(
    url: str, restored: PostgresServer
) -> None:
    node = open_shared_store(url)
    restored.kill()
    node.progress.record_attempt(attempt(0), point(0))
    wait_until(lambda: node.trouble is not None)
    assert 2 == node.close(0.1)


def test_a_patient_worker_starts_before_its_database(url: str, restored: PostgresServer) -> None:
    restored.kill()
    with pytest.raises(TutorError, match="does not answer"):
        open_shared_store(url)
    node = open_shared_store(url, patient=True)
    node.enter("ana")
    node.progress.record_attempt(attempt(0))
    restored.start()
    wait_until(lambda: recovered(node))
    assert 0 == node.close()
