"""The events of a class fold to the same class, and are written as they were."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.written_by.classes import room_after
from tests.written_by.comparing import EACH_RELEASE, differences, kept, kept_lines
from tests.written_by.reading import class_read, row_of
from tutor.room.wire import data_of, happened, kind_of


@EACH_RELEASE
def test_the_events_of_a_class_fold_to_the_same_roster_lead_and_glance(release: Path):
    rows = [row_of(line) for line in kept_lines(release / "class" / "events.jsonl")]
    for then in kept(release / "class" / "read.json"):
        now = datetime.fromisoformat(then["now"])
        told = {"after": then["after"], "now": then["now"]}
        assert [] == differences(then, told | class_read(room_after(rows, then["after"]), now))


@EACH_RELEASE
def test_every_event_is_understood_and_would_be_written_again_as_it_was(release: Path):
    for line in kept_lines(release / "class" / "events.jsonl"):
        read = happened(row_of(line))
        assert read is not None
        assert line["kind"] == kind_of(read.event)
        assert [] == differences(line["data"], data_of(read.event))
