"""A tutor killed between any two changes of files: nothing is lost, doubled or left for ever.

What changes files (rename, unlink, fsync, COMMIT) is counted in a process of its own, which ends
right before change k, for every k until it comes through.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.store.entries import DERIVATIVE, attempt, point
from tests.store.test_unusable_files import locked
from tutor.store.opening import open_store
from tutor.store.outbox import Outbox, read_outbox, waiting_files
from tutor.store.progress_store import ProgressStore

KILLED = """
import os, sys
from pathlib import Path
from sqlalchemy.engine import default

file, last, what = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
done = 0

def counted(change):
    def change_or_die(*arguments, **options):
        global done
        if done == last:
            os._exit(9)
        done += 1
        return change(*arguments, **options)
    return change_or_die

from tests.store.entries import attempt
from tutor.store.opening import open_store
from tutor.store.outbox import Outbox
for name in ("replace", "rename", "unlink"):
    setattr(Path, name, counted(getattr(Path, name)))
os.fsync = counted(os.fsync)
default.DefaultDialect.do_commit = counted(default.DefaultDialect.do_commit)
if what == "open":
    open_store(file).store.close()
else:
    outbox = Outbox(file)
    for size in (1, 2):
        outbox.keep([attempt(number) for number in range(size)])
        print(size, flush=True)
"""


def kill_before(change: int, file: Path, what: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(file), str(change), what],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip


def beside(file: Path) -> list[str]:
    return [part.name for part in file.parent.iterdir() if not part.name.endswith(("-wal", "-shm"))]


def test_a_tutor_killed_while_it_brings_in_what_waits(tmp_path: Path) -> None:
    for change in count():
        file = tmp_path / str(change) / "progress.sqlite3"
        store = open_store(file).store
        store.record_attempt(attempt(0), point(0))
        with locked(file):
            store.record_attempt(attempt(1), point(1))
            store.record_attempt(attempt(2), point(2))
            store.close()
        ended = kill_before(change, file, "open")
        again = open_store(file).store
        assert [attempt(0), attempt(1), attempt(2)] == again.attempts("ana"), change
        assert point(2) == again.resume_point("ana", DERIVATIVE)
        again.close()
        assert ["progress.sqlite3"] == beside(file), change
        if ended.returncode == 0:
            break
        assert 9 == ended.returncode, ended.stderr
    assert change > 2


def test_a_tutor_killed_while_it_keeps_what_waits(tmp_path: Path) -> None:
    for change in count():
        file = tmp_path / str(change) / "progress.sqlite3"
        file.parent.mkdir()
        ended = kill_before(change, file, "keep")
        said = len(ended.stdout.split())
        store = open_store(file).store
        found = store.attempts("ana")
        assert [attempt(number) for number in range(len(found))] == found
        assert said <= len(found) <= said + 1
        store.close()
        assert ["progress.sqlite3"] == beside(file), change
        if ended.returncode == 0:
            break
    assert change > 2


def test_an_outbox_that_grows_while_it_is_brought_in_loses_nothing(
    file: Path, opened: Callable[[], ProgressStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tutor puts a longer one in its place after it was read and before it is removed."""
    file.parent.mkdir()
    outbox = Outbox(file)
    outbox.keep([attempt(0)])
    monkeypatch.setattr(
        "tutor.store.bringing_in.remove_written", grown_before_removal(outbox, attempt(1))
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
