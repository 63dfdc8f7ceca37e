"""A program killed before any change of files: nothing is lost, doubled, changed or left for ever.

The table has every place where files are changed while the scenarios work. The usual run kills at
the first change of each place, the thorough one at every single change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from tests.store.entries import attempt
from tests.store.kill_scenarios import SCENARIOS
from tests.store.killing import Killer
from tutor.store.outbox import Outbox, read_outbox, waiting_files
from tutor.store.progress_store import ProgressStore

PLACES: Final = {
    "a first start": (
        "create progress.sqlite3", "create progress.sqlite3-journal",
        "write progress.sqlite3-journal", "fsync progress.sqlite3-journal", "fsync home",
        "write progress.sqlite3", "fsync progress.sqlite3", "unlink progress.sqlite3-journal",
        "create progress.sqlite3-wal", "create progress.sqlite3-shm",
        "truncate progress.sqlite3-shm", "write progress.sqlite3-shm",
        "write progress.sqlite3-wal", "fsync progress.sqlite3-wal", "truncate progress.sqlite3",
        "unlink progress.sqlite3-shm", "unlink progress.sqlite3-wal",
    ),
    "answers wait": (
        "create progress.waiting-*.json.*.new", "write progress.waiting-*.json.*.new",
        "fsync progress.waiting-*.json.*.new", "rename progress.waiting-*.json.*.new",
        "truncate progress.waiting-*.json", "write progress.waiting-*.json",
        "fsync progress.waiting-*.json",
    ),
    "what waits is brought in": (
        "rename progress.waiting-*.done", "unlink progress.waiting-*.done",
        "rename progress.waiting-*.json",
    ),
    "a damaged file": (
        "create progress.mending",
        "create progress.new.sqlite3",
        "create progress.new.sqlite3-journal", "write progress.new.sqlite3-journal",
        "fsync progress.new.sqlite3-journal", "write progress.new.sqlite3",
        "fsync progress.new.sqlite3", "unlink progress.new.sqlite3-journal",
        "rename progress.new.sqlite3", "rename progress.sqlite3-wal", "link progress.sqlite3",
        "rename progress.mended-DATE.sqlite3",
    ),
    "settings": (
        "create settings.json.*.new", "write settings.json.*.new", "fsync settings.json.*.new",
        "rename settings.json.*.new",
    ),
    "broken settings": (
        "rename settings.json",
    ),
    "a workshop": (
        "create workshop.sqlite3", "create workshop.sqlite3-journal",
        "write workshop.sqlite3-journal", "fsync workshop.sqlite3-journal",
        "write workshop.sqlite3", "fsync workshop.sqlite3", "unlink workshop.sqlite3-journal",
        "create workshop.sqlite3-wal", "create workshop.sqlite3-shm",
        "truncate workshop.sqlite3-shm", "write workshop.sqlite3-shm",
        "write workshop.sqlite3-wal", "fsync workshop.sqlite3-wal", "truncate workshop.sqlite3",
        "unlink workshop.sqlite3-shm", "unlink workshop.sqlite3-wal",
    ),
    "a workshop spills": (
        "create unwritten-*.new", "write unwritten-*.new", "rename unwritten-*.new",
        "write unwritten-*.jsonl",
    ),
    "a workshop spills and goes on": (
        "unlink unwritten-*.jsonl",
    ),
    "a host key": (
        "create host_key.new", "truncate host_key.new", "write host_key.new",
        "fsync host_key.new", "rename host_key.new",
        "create host_key_ecdsa.new", "truncate host_key_ecdsa.new", "write host_key_ecdsa.new",
        "fsync host_key_ecdsa.new", "rename host_key_ecdsa.new",
    ),
}  # fmt: skip
"""Where files are changed in each scenario, without what an earlier one has."""

ROWS: Final = [(scenario, place) for scenario, places in PLACES.items() for place in places]


@pytest.fixture(scope="session")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    """An interpreter that forks for each kill."""
    killer = Killer(tmp_path_factory.mktemp("killed"))
    if killer.why_not is not None:
        pytest.skip(killer.why_not)
    yield killer
    killer.close()


@pytest.mark.parametrize(("scenario", "place"), ROWS, ids=[": before ".join(row) for row in ROWS])
def test_nothing_is_lost_by_a_kill(killer: Killer, scenario: str, place: str) -> None:
    outcome = killer.kill(scenario, place)
    assert outcome.killed, f"{scenario}: there is no {place} any more"
    assert "" == outcome.wrong


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_table_has_every_place(killer: Killer, scenario: str) -> None:
    outcome = killer.kill(scenario, count=None)
    assert set() == set(outcome.places) - {place for _, place in ROWS}
    assert (False, "") == (outcome.killed, outcome.wrong)


@pytest.mark.thorough
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nothing_is_lost_by_a_kill_at_any_change(killer: Killer, scenario: str) -> None:
    wrong = []
    for change in count():
        outcome = killer.kill(scenario, count=change)
        if outcome.wrong:
            wrong.append(f"{change}, before {outcome.places[-1]}: {outcome.wrong}")
        if not outcome.killed:
            break
    assert [] == wrong
    assert change >= max(1, len(PLACES.get(scenario, ())))  # at each place once or more


def test_an_outbox_that_grows_while_it_is_brought_in_loses_nothing(
    file: Path, opened: Callable[[], ProgressStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tutor puts a longer one in its place after it was read and before it is removed."""
    file.parent.mkdir()
    outbox = Outbox(file)
    outbox.keep([attempt(0)])
    monkeypatch.setattr(
        "tutor.store.outbox.remove_written", grown_before_removal(outbox, attempt(1))
    )
    assert [attempt(0), attempt(1)] == opened().attempts("ana")
    assert [] == waiting_files(file)


def test_an_outbox_that_is_set_aside_between_two_answers_is_kept_anew(file: Path) -> None:
    """Its tutor has it open when another one brings it in and removes it."""
    file.parent.mkdir()
    outbox = Outbox(file)
    outbox.keep([attempt(0)])
    (waiting,) = waiting_files(file)
    waiting.unlink()
    assert 2 == outbox.keep([attempt(0), attempt(1)])
    assert [attempt(0), attempt(1)] == read_outbox(waiting)


@pytest.mark.parametrize("torn", ['{"entry": "Att', '{"entry": "Attempt"}\n{'])
def test_what_a_full_disk_took_half_of_is_written_over(file: Path, torn: str) -> None:
    file.parent.mkdir()
    outbox = Outbox(file)
    outbox.keep([attempt(0)])
    (waiting,) = waiting_files(file)
    with waiting.open("a") as opened:
        opened.write(torn)
    assert 3 == outbox.keep([attempt(0), attempt(1), attempt(2)])
    assert [attempt(0), attempt(1), attempt(2)] == read_outbox(waiting)


def grown_before_removal(outbox: Outbox, later: object) -> Callable[[Path, int], bool]:
    from tutor.store.outbox import remove_written

    grown: list[int] = []

    def remove(file: Path, number: int) -> bool:
        if not grown:
            grown.append(outbox.keep([*(read_outbox(file) or []), later]))  # type: ignore[list-item]
        return remove_written(file, number)

    return remove


def test_what_nabla_0_1_set_aside_and_did_not_write_is_brought_in_once(
    file: Path, opened: Callable[[], ProgressStore]
) -> None:
    file.parent.mkdir()
    outbox = Outbox(file)
    outbox.keep([attempt(0), attempt(1)])
    (waiting,) = waiting_files(file)
    stranded = waiting.rename(waiting.with_suffix(".done"))
    copy = stranded.read_bytes()
    assert [attempt(0), attempt(1)] == opened().attempts("ana")
    other = stranded.with_name("progress.waiting-other.done")
    other.write_bytes(copy)
    assert [attempt(0), attempt(1)] == opened().attempts("ana")
