"""What learners have on their disks from earlier releases: opened, resumed, brought in whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from tests.course import course
from tests.written_by.comparing import EACH_RELEASE, RELEASES, differences, kept
from tests.written_by.learners import FILE, AtWork, Clock, work
from tests.written_by.reading import SIX_WEEKS_LATER, learners_read
from tutor.i18n import Session, begin_session
from tutor.player.lesson_export import export_lesson
from tutor.store.exchange import Records, read_entries
from tutor.store.model import LOCAL_LEARNER
from tutor.store.opening import open_in_memory, open_store
from tutor.store.progress_store import ProgressStore
from tutor.store.settings import Settings, read_settings

EACH_FOLDER = pytest.mark.parametrize(
    "folder",
    [folder for release in RELEASES for folder in sorted((release / "progress").iterdir())],
    ids=lambda path: f"{path.parents[1].name}-{path.name}",
)
_GIVEN = re.compile(r"^\d+\. .*([✓✗])", re.MULTILINE)
"""An answer in a lesson's export."""

Reopen = Callable[[], ProgressStore]


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    """The files of a folder, where they may be written to."""
    return Path(copytree(folder, tmp_path / "copied"))


@pytest.fixture
def opened(copied: Path) -> Iterator[Reopen]:
    """Open the copy, as often as wanted, each time as the next start of the program."""
    stores: list[ProgressStore] = []

    def start() -> ProgressStore:
        for store in stores:
            store.close()
        opening = open_store(copied / FILE)
        assert opening.notice is None
        stores.append(opening.store)
        return opening.store

    yield start
    for store in stores:
        store.close()


def lost(folder: Path, store: ProgressStore) -> list[str]:
    return differences(kept(folder / "read.json"), learners_read(course(), store, LOCAL_LEARNER))


@EACH_FOLDER
def test_every_answer_place_parameter_and_review_is_read_as_it_was(folder: Path, opened: Reopen):
    """The second time as well: what waited beside the file, or in its log, is there once."""
    for _ in range(2):
        assert [] == lost(folder, opened())


@EACH_FOLDER
def test_what_waits_is_taken_in_and_its_files_go(folder: Path, copied: Path, opened: Reopen):
    opened().close()
    assert [] == [each.name for each in copied.iterdir() if "waiting" in each.name]


@EACH_FOLDER
def test_a_learner_works_on_and_nothing_of_before_is_lost(folder: Path, opened: Reopen):
    untouched = course().lessons[-1].id
    store = opened()
    before = store.attempts(LOCAL_LEARNER)
    work(AtWork(course(), store, Clock(SIX_WEEKS_LATER)).player(untouched), 3)
    made = store.attempts(LOCAL_LEARNER, untouched)
    store = opened()
    assert made
    assert [*before, *made] == store.attempts(LOCAL_LEARNER)
    assert 3 == store.lesson_progress(LOCAL_LEARNER)[untouched].completed


@EACH_RELEASE
def test_the_settings_hold(release: Path):
    reading = read_settings(release / "settings.json")
    assert (Settings(language="zh", run_programs=True), None) == reading


def brought_in(release: Path, store: ProgressStore) -> int:
    text = (release / "exports" / "progress.jsonl").read_text(encoding="utf-8")
    elsewhere = Records.of(read_entries(text, LOCAL_LEARNER, "progress.jsonl"))
    return len(store.bring_in(LOCAL_LEARNER, elsewhere).entries)


@EACH_RELEASE
def test_an_exported_course_is_brought_in_whole_and_once(release: Path, store: ProgressStore):
    folder = release / "progress" / "middle-1"
    entries = kept(folder / "read.json")["entries"]
    assert (len(entries), 0) == (brought_in(release, store), brought_in(release, store))
    assert [] == lost(folder, store)


@pytest.mark.parametrize("folder", [release / "progress" / "middle-1" for release in RELEASES])
def test_an_export_holds_nothing_that_its_file_has_not(folder: Path, opened: Reopen):
    assert 0 == brought_in(folder.parents[1], opened())


@EACH_RELEASE
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_lessons_document_tells_of_the_same_answers(release: Path, language: str):
    """Its words and charts may have changed since."""
    with closing(open_in_memory()) as store:
        brought_in(release, store)
        player = AtWork(course().in_language(language), store, Clock()).player(
            course().lessons[0].id
        )
        begin_session(Session(language))
        try:
            text = export_lesson(player.run, player.attempts(), datetime.now(UTC))
        finally:
            begin_session(Session())
    then = (release / "exports" / f"lesson-{language}.md").read_text(encoding="utf-8")
    assert _GIVEN.findall(then) == _GIVEN.findall(text) != []
