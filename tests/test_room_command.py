"""`nabla room`: export, forget, delete; both ask first."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.player.room_feed import RoomFeed
from tutor.room import events as ev
from tutor.store.model import Attempt
from tutor.store.shared_store import SharedStore, open_shared_store

LESSON, STEP = "gradients/derivative", "what-it-says"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database of a workshop in which ana and bo gave an answer, and bo was written to."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'workshop.db'}"
    store = open_shared_store(url)
    feed = RoomFeed(store)
    feed.tell("instructor", ev.LeadTaken())
    for name in ("ana", "bo"):
        store.enter(name)
        feed.enter(name)
        feed.tell(name, ev.Answered(LESSON, STEP, "choice", "0", False, "rise-is-slope", choice=0))
        store.progress.record_attempt(attempt(name))
    feed.tell("instructor", ev.Said("Well done", "bo"))
    feed.tell("instructor", ev.Said("Thank bo, all"))
    assert store.flush()
    store.close()
    return url


def attempt(learner: str) -> Attempt:
    return Attempt(
        learner=learner, lesson=LESSON, step=STEP, kind="choice", answer="0", correct=False,
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def reopened(url: str) -> SharedStore:
    return open_shared_store(url)


def test_the_export_writes_two_files_and_never_over_others(url, capsys):
    assert 0 == main(["room", "export", "--database", url])
    assert 0 == main(["room", "export", "--anonymous", "--database", url])
    assert {"nabla-room.csv", "nabla-room.md", "nabla-room-2.csv", "nabla-room-2.md"} <= {
        file.name for file in Path.cwd().iterdir()
    }
    assert "ana" in Path("nabla-room.csv").read_text("utf-8")
    assert "ana" not in Path("nabla-room-2.csv").read_text("utf-8")
    assert "nabla-room-2.csv" in capsys.readouterr().out


def test_forgetting_a_learner_deletes_answers_progress_and_what_was_said_to_them(url, capsys):
    assert 0 == main(["room", "forget", "bo", "--yes", "--database", url])
    assert "bo is deleted" in capsys.readouterr().out
    store = reopened(url)
    kept = store.events_after(0)
    assert {"ana", "instructor"} == {event.learner for event in kept if event.learner}
    assert ["Thank bo, all"] == [event.data["text"] for event in kept if event.kind == "said"]
    store.enter("bo")
    assert [] == store.progress.attempts("bo")
    store.close()


@pytest.mark.parametrize(
    "words",
    [
        ["forget", "--yes", "--database", "URL", "bo"],
        ["--database", "URL", "forget", "bo ", "--yes"],
        ["--yes", "forget", "--database=URL", "--", "bo"],
    ],
)
def test_options_stand_where_one_likes(url, capsys, words):
    assert 0 == main(["room", *(each.replace("URL", url) for each in words)])
    assert "bo is deleted" in capsys.readouterr().out


def test_a_name_that_begins_with_a_dash_stands_behind_two(url, capsys):
    assert 1 == main(["room", "forget", "--yes", "--database", url, "--", "-bo"])
    assert "no learner is called -bo" in capsys.readouterr().err


def test_what_a_server_could_not_write_any_more_is_forgotten_with_its_learner(url, nabla_home):
    nabla_home.mkdir()
    monitor = open_shared_store(url, spill=nabla_home)
    monitor.enter("bo")
    monitor.queue.backlog.keep()
    with monitor.queue.held():
        monitor.progress.record_attempt(attempt("bo"))
        monitor.queue._stopping = True  # it is killed
        monitor.queue.backlog.close()
    monitor.close(0)
    assert 1 == len(list(nabla_home.glob("unwritten-*")))
    assert 0 == main(["room", "forget", "bo", "--yes", "--database", url])
    assert [] == list(nabla_home.glob("unwritten-*"))
    store = open_shared_store(url, spill=nabla_home)
    store.enter("bo")
    assert [] == store.progress.attempts("bo")
    store.close()


def test_nothing_is_deleted_without_a_word(url, capsys):
    assert 2 == main(["room", "forget", "bo", "--database", url])
    assert 2 == main(["room", "delete", "--database", url])
    assert "--yes" in capsys.readouterr().err
    store = reopened(url)
    assert {"ana", "bo", "instructor"} == {event.learner for event in store.events_after(0)}
    store.close()


@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("n", 7), ("", 7)])
def test_deleting_asks_first(url, monkeypatch, capsys, answer, left):
    monkeypatch.setattr("tutor.cli.output.have_terminal", lambda *_: True)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    assert 0 == main(["room", "delete", "--database", url])
    store = reopened(url)
    assert left == len([event for event in store.events_after(0) if event.learner])
    store.close()


@pytest.mark.parametrize(
    "new", ["Jose\u0301", "Ａｎｎａ", "x" * 33, "bo", "instructor", "Instructor"]
)
def test_no_name_is_given_under_which_nobody_can_come_in(url, capsys, new):
    assert 2 == main(["room", "rename", "bo", new, "--yes", "--database", url])
    assert "is no new name: write another one of up to 32 signs" in capsys.readouterr().err
    store = reopened(url)
    assert {"ana", "bo", "instructor"} == {event.learner for event in store.events_after(0)}
    store.close()


def test_an_unknown_learner_is_refused_with_the_one_that_was_meant(url, capsys):
    assert 1 == main(["room", "forget", "anna", "--yes", "--database", url])
    assert "ana" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [["forget"], ["export", "ana"], ["--anonymous"], ["--yes"], ["export", "--projector"]],
)
def test_options_that_say_nothing_together_are_refused(wrong, capsys):
    assert 2 == main(["room", *wrong])
    assert capsys.readouterr().err


def test_where_there_is_no_workshop_the_mend_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NABLA_HOME", str(tmp_path))
    assert 1 == main(["room", "export"])
    assert "nabla serve" in capsys.readouterr().err
