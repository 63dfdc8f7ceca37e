"""A line of the log is one line of text, whatever is in it: names, reasons, exceptions."""

from __future__ import annotations

import json
import logging
import os

import pytest

from tests.hostile_text import PRINTED, obeyed
from tutor.server.log import EventLog, take_over_libraries


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_line_of_the_log_is_text_alone(form):
    reading, writing = os.pipe()
    log = EventLog(form, descriptor=writing)
    log.event("entered", name=PRINTED, reason=f"a\n{PRINTED}", blank="\u115f", number=1)
    log.crash(ValueError(PRINTED), name=PRINTED)
    take_over_libraries(log)
    logging.getLogger("asyncssh").error("bad packet %s", PRINTED)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        written = file.read()
    assert 3 == written.count(b"\n") == len(written.splitlines())
    assert b"PLANTED" in written
    assert set() == obeyed(written)
    if form == "json":
        entered = json.loads(written.splitlines()[0])
        assert (PRINTED, "\u115f") == (entered["name"], entered["blank"])
