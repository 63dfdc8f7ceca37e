"""What the store promises while all is well: in a file, and in the databases of a workshop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import cast

import pytest

from tests.store.entries import NOON, attempt, point
from tests.store.postgres import PostgresServer
from tutor.store.model import Attempt, ResumePoint
from tutor.store.opening import open_in_memory, open_store
from tutor.store.progress_store import ProgressStore
from tutor.store.shared_store import SharedStore

LATER = NOON + timedelta(hours=1)
DERIVATIVE = "gradients/derivative"


class SeenElsewhere:
    """A workshop's progress, written by one node and always read by another, anew."""

    def __init__(self, writer: SharedStore, reader: SharedStore) -> None:
        self._writer, self._reader = writer, reader

    def __getattr__(self, name: str) -> object:
        for learner in ("ana", "ben"):
            assert self._writer.flush()
            self._reader.enter(learner)
        return getattr(self._reader.progress, name)

    def record_attempt(self, attempt: Attempt, resume: ResumePoint | None = None) -> None:
        self._writer.progress.record_attempt(attempt, resume)
        assert self._writer.flush()

    def save_resume(self, point: ResumePoint) -> None:
        self._writer.progress.save_resume(point)

    def reset(self, learner: str, lesson: str | None, at: datetime) -> None:
        self._writer.progress.reset(learner, lesson, at)


@pytest.fixture(params=["file", "sqlite", pytest.param("postgresql", marks=pytest.mark.thorough)])
def opened(
    request: pytest.FixtureRequest, file: Path, nodes: Callable[[str], SharedStore]
) -> Iterator[Callable[[], ProgressStore]]:
    """Open the store, as often as wanted, each time as another tutor or another node would."""
    stores: list[ProgressStore] = []

    def open_file() -> ProgressStore:
        stores.append(open_store(file).store)
        return stores[-1]

    def open_nodes() -> ProgressStore:
        return cast(ProgressStore, SeenElsewhere(nodes(url), nodes(url)))

    url = ""
    if request.param == "sqlite":
        url = f"sqlite:///{file}"
    elif request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.url(request.getfixturevalue("database"))
    yield open_nodes if url else open_file
    for store in stores:
        store.close()


def test_an_attempt_comes_back_as_it_was_recorded(store: ProgressStore) -> None:
    given = attempt(answer="¼ – 'π'\n", correct=None, misconception="D1", confidence="sure")
    store.record_attempt(given)
    assert [given] == store.attempts("ana")


def test_attempts_come_oldest_first(store: ProgressStore) -> None:
    for number in range(3):
        store.record_attempt(attempt(number))
    assert ["answer 0", "answer 1", "answer 2"] == [a.answer for a in store.attempts("ana")]


def test_attempts_of_another_lesson_are_left_out_when_one_is_named(store: ProgressStore) -> None:
    store.record_attempt(attempt(0))
    store.record_attempt(attempt(1, lesson="gradients/gradient"))
    assert [attempt(0)] == store.attempts("ana", DERIVATIVE)


def test_a_resume_point_comes_back_with_its_state(store: ProgressStore) -> None:
    given = point(state={"h": 0.5, "x": [1.0, -2.0], "guess": None, "text": "π"})
    store.save_resume(given)
    assert given == store.resume_point("ana", DERIVATIVE)


def test_a_lesson_that_was_not_begun_has_no_resume_point(store: ProgressStore) -> None:
    assert store.resume_point("ana", DERIVATIVE) is None


def test_the_last_saved_resume_point_counts(store: ProgressStore) -> None:
    store.save_resume(point(1))
    store.save_resume(point(2))
    assert point(2) == store.resume_point("ana", DERIVATIVE)


def test_learners_do_not_see_one_another(store: ProgressStore) -> None:
    store.record_attempt(attempt(), point())
    assert ([], None, {}) == (
        store.attempts("ben"),
        store.resume_point("ben", DERIVATIVE),
        store.lesson_progress("ben"),
    )


def test_lesson_progress_counts_attempts_and_misconceptions(store: ProgressStore) -> None:
    store.record_attempt(attempt(0, misconception="D1"))
    store.record_attempt(attempt(1, misconception="D1"))
    store.record_attempt(attempt(2, correct=True), point(2))
    progress = store.lesson_progress("ana")[DERIVATIVE]
    assert (3, {"D1": 2}) == (progress.attempts, progress.misconceptions)


def test_lesson_progress_tells_where_the_learner_is(store: ProgressStore) -> None:
    store.save_resume(point(4, done=True))
    progress = store.lesson_progress("ana")[DERIVATIVE]
    assert ("turn-h", 4, 9, True, point(4).at, 0) == (
        progress.step, progress.completed, progress.total, progress.done, progress.at,
        progress.attempts,
    )  # fmt: skip


def test_attempts_without_a_resume_point_still_show_as_progress(store: ProgressStore) -> None:
    """The point may have been in a part of the file that could not be read."""
    store.record_attempt(attempt(5))
    progress = store.lesson_progress("ana")[DERIVATIVE]
    assert ("guess-slope", 0, 1) == (progress.step, progress.completed, progress.attempts)


def test_a_reset_lets_only_its_lesson_begin_anew(store: ProgressStore) -> None:
    store.record_attempt(attempt(0), point(0))
    store.record_attempt(
        attempt(1, lesson="gradients/gradient"), point(1, lesson="gradients/gradient")
    )
    store.reset("ana", DERIVATIVE, LATER)
    assert ["gradients/gradient"] == list(store.lesson_progress("ana"))


def test_a_reset_of_all_lets_every_lesson_of_this_learner_begin_anew(store: ProgressStore) -> None:
    store.record_attempt(attempt(0), point(0))
    store.record_attempt(attempt(1, learner="ben"), point(1, learner="ben"))
    store.reset("ana", None, LATER)
    assert ([], None, [attempt(1, learner="ben")]) == (
        store.attempts("ana"),
        store.resume_point("ana", DERIVATIVE),
        store.attempts("ben"),
    )


def test_what_comes_after_a_reset_counts_even_when_the_clock_was_set_back(
    store: ProgressStore,
) -> None:
    store.record_attempt(attempt(0), point(0))
    store.reset("ana", DERIVATIVE, LATER)
    store.record_attempt(attempt(1), point(1))
    assert ([attempt(1)], point(1)) == (
        store.attempts("ana"),
        store.resume_point("ana", DERIVATIVE),
    )


def test_a_resume_point_saved_again_unchanged_after_a_reset_counts(store: ProgressStore) -> None:
    store.save_resume(point(0))
    store.reset("ana", None, LATER)
    store.save_resume(point(0))
    assert point(0) == store.resume_point("ana", DERIVATIVE)


def test_everything_is_there_when_the_store_is_opened_again(
    opened: Callable[[], ProgressStore],
) -> None:
    first = opened()
    first.record_attempt(attempt(0), point(0))
    first.close()
    again = opened()
    assert ([attempt(0)], point(0)) == (
        again.attempts("ana"),
        again.resume_point("ana", DERIVATIVE),
    )


def test_two_tutors_on_one_file_see_what_the_other_wrote(
    opened: Callable[[], ProgressStore],
) -> None:
    one, other = opened(), opened()
    one.record_attempt(attempt(0))
    other.record_attempt(attempt(1))
    one.record_attempt(attempt(2))
    assert [0, 1, 2] == [a.at.second for a in other.attempts("ana")]


def test_a_moment_in_another_time_zone_comes_back_as_the_same_moment(
    store: ProgressStore,
) -> None:
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
    store.record_attempt(attempt(at=tokyo))
    assert (NOON, timedelta(0)) == (
        store.attempts("ana")[0].at,
        store.attempts("ana")[0].at.utcoffset(),
    )


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        attempt(at=datetime(2026, 11, 23, 12, 0))


def test_a_state_that_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        point(state={"run": object()})


def test_a_closed_store_can_be_closed_again(store: ProgressStore) -> None:
    store.close()
    store.close()
    assert store.trouble is None


def test_a_store_in_memory_works_alike_and_writes_no_file() -> None:
    store = open_in_memory()
    store.record_attempt(attempt(0), point(0))
    assert ([attempt(0)], point(0), None) == (
        store.attempts("ana"),
        store.resume_point("ana", DERIVATIVE),
        store.trouble,
    )
    store.close()
