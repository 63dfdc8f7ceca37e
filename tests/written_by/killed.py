"""A program that is killed: `python -m tests.written_by.killed FILE|URL [FOLDER]`.

With a file: a learner works through some steps. With the URL of a workshop's database and a
folder: a learner works, says so, and works on after a line on standard input (the database is away
by then). Either prints what it reads of its learner; then it is killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from tests.store.postgres import wait_until
from tests.written_by.learners import MONDAY, AtWork, Clock, work
from tests.written_by.reading import learners_read
from tutor.lesson.catalog import Catalog, load_catalog
from tutor.lesson.folders import find_lesson_folders
from tutor.store.model import LOCAL_LEARNER
from tutor.store.opening import open_store
from tutor.store.shared_store import open_shared_store

WHO = "dan"


def at_home(catalog: Catalog, file: Path) -> None:
    """Work on one's own computer."""
    ana = AtWork(catalog, open_store(file).store, Clock())
    ana.work(catalog.lessons[0].id, 3)
    ana.work(catalog.lessons[1].id, 2)
    print(json.dumps(learners_read(catalog, ana.store, LOCAL_LEARNER)), flush=True)


def in_a_workshop(catalog: Catalog, url: str, folder: Path) -> None:
    """Work in a workshop whose database goes away."""
    store = open_shared_store(url, spill=folder)
    store.enter(WHO)
    dan = AtWork(catalog, store.progress, Clock(MONDAY), WHO)
    player = dan.player(catalog.lessons[0].id)
    work(player, 4)
    assert store.flush()
    print("written", flush=True)
    sys.stdin.readline()
    work(player, 4)
    wait_until(lambda: store.trouble is not None)
    store.progress.reset(WHO, catalog.lessons[1].id, dan.clock())
    work(player, 2)
    print(json.dumps(learners_read(catalog, store.progress, WHO)), flush=True)


if __name__ == "__main__":
    course = load_catalog(find_lesson_folders())
    if len(sys.argv) > 2:
        in_a_workshop(course, sys.argv[1], Path(sys.argv[2]))
    else:
        at_home(course, Path(sys.argv[1]))
    os.kill(os.getpid(), signal.SIGKILL)
