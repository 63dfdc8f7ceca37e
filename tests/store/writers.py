"""Processes that write progress, to be killed or to get into one another's way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WRITER = """
import sys
from pathlib import Path
from tests.store.entries import attempt, point
from tutor.store.opening import open_store

file, first, count, ending = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
store = open_store(file).store
for number in range(first, first + count):
    store.record_attempt(attempt(number), point(number))
    while store.trouble is not None and ending != "wait for no lock":
        store.retry()
print("written", flush=True)
if ending != "close":
    sys.stdin.read()
store.close()
"""


def start_writer(file: Path, first: int, count: int, ending: str) -> subprocess.Popen[str]:
    """Start a process that writes `count` answers from number `first` on.

    It says "written" and then closes the store ("close") or waits for input ("hang"); with
    "wait for no lock" it does not try again when the file is locked.
    """
    arguments = [str(file), str(first), str(count), ending]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, *arguments],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
