"""The lab in a real terminal of 120×36: η to painted frame, playback, long runs, idle.

Ours redraws contour, path of 200 steps, loss curve, sentence, worked line and settings; the peer
is Textual's repaint of one static text over the same screen.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.benchmarks.report import Row, row_of
from tests.benchmarks.static_app import COLUMNS, ROWS, SIGNS
from tests.terminal import Terminal
from tutor.engine.descent.run import run as run_setup
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab.events import PartTurned
from tutor.engine.lab.lab import Lab, LabState, begin
from tutor.engine.lab.lab_run import advance
from tutor.engine.lab.state_code import encode
from tutor.engine.numbers import show

_WARM: Final = 10
_BEAT, _SHIFTS = 1 / 60, 7
_REDRAW_TARGET, _LONG_TARGET = 3.0, 1.5
_FRAMES: Final = 30.0
_BOWL: Final = Setup(
    objective="elongated-bowl", start=(-7.0, 2.0), rule=Rule(learning_rate=0.1), steps=200
)


def run(quick: bool) -> list[Row]:
    """Return the rows of the lab's screen."""
    return [
        _redraw(30 if quick else 120),
        _held_key(15 if quick else 90),
        _long_run(20 if quick else 60),
        _playback(150 if quick else 500),
        _idle(1.0 if quick else 4.0),
    ]


@contextmanager
def _open(setup: Setup) -> Iterator[Terminal]:
    """Open the lab on a setup and wait for its first frame."""
    command = (sys.executable, "-m", "tutor", "lab", encode(setup))
    with (
        tempfile.TemporaryDirectory() as home,
        Terminal(command, home=Path(home), columns=COLUMNS, rows=ROWS) as terminal,
    ):
        terminal.wait_for(f"step {setup.steps} of {setup.steps}")
        terminal.wait_for("checked by differences")
        yield terminal


@contextmanager
def _static() -> Iterator[Terminal]:
    command = (sys.executable, "-m", "tests.benchmarks.static_app")
    with (
        tempfile.TemporaryDirectory() as home,
        Terminal(command, home=Path(home), columns=COLUMNS, rows=ROWS) as terminal,
    ):
        terminal.wait_for(SIGNS[0])
        yield terminal


def _time(terminal: Terminal, key: str, words: str, turn: int = 0) -> float:
    """Return how long it takes from a key to its frame.

    Frames come at Textual's own beat: `turn` shifts the key against it, so that none is favoured.
    """
    time.sleep(_BEAT * (turn % _SHIFTS) / _SHIFTS)
    start = time.perf_counter()
    terminal.press(key)
    terminal.wait_for_output(words)
    return time.perf_counter() - start


def _redraw(count: int) -> Row:
    ours: list[float] = []
    theirs: list[float] = []
    with _open(_BOWL) as lab, _static() as static:
        for turn, (key, words) in enumerate(_expected_words(count), start=1):
            ours.append(_time(lab, key, words, turn))
            theirs.append(_time(static, "right", SIGNS[turn % 2], turn))
    name = "lab: η to painted frame, path of 200 steps"
    peer = "repaint of a static text"
    return row_of(name, ours[_WARM:], peer, theirs[_WARM:], _REDRAW_TARGET)


def _expected_words(count: int) -> list[tuple[str, str]]:
    """Return keys and the last words of the frame that each must paint: where the run ends."""
    state, expected = begin(Lab(setup=_BOWL)), []
    for turn in range(count):
        ticks = 1 if turn % 8 < 4 else -1
        state = _turned(state, ticks)
        expected.append(("right" if ticks > 0 else "left", _last_words(state.lab.setup)))
    return expected


def _turned(state: LabState, ticks: int) -> LabState:
    return advance(state, PartTurned("learning_rate", ticks))


def _last_words(setup: Setup) -> str:
    return f"{show(float(run_setup(setup).points[-1][-1]))})"


def _rest(terminal: Terminal, seconds: float) -> None:
    """Wait as a terminal does: what is written meanwhile is read."""
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        next(iter(terminal._output(left)), None)


def _held_key(count: int) -> Row:
    """A key held for `count` repeats at 30 a second: from the last of them to its frame."""
    late: list[float] = []
    single: list[float] = []
    with _open(_BOWL) as lab:
        state = begin(Lab(setup=_BOWL))
        for turn in range(6):
            ticks = -1 if turn % 2 else 1
            key = "right" if ticks > 0 else "left"
            for repeat in range(count):
                state = _turned(state, ticks if repeat % 3 else -ticks)
                lab.press(key if repeat % 3 else ("left" if ticks > 0 else "right"))
                _rest(lab, 1 / 30)
            for found in (late, single):
                state = _turned(state, ticks)
                found.append(_time(lab, key, _last_words(state.lab.setup), turn))
                _rest(lab, 0.3)
    return row_of("lab: last frame of a key held 3 s", late, "a single key", single, 3.0)


def _long_run(count: int) -> Row:
    """A step back in a run of 10⁶ steps against one of 10³."""
    times: dict[int, list[float]] = {1_000: [], 1_000_000: []}
    for steps, found in times.items():
        setup = Setup(objective="rosenbrock", start=(-1.2, 1.0), steps=steps,
                      rule=Rule(learning_rate=1e-3))  # fmt: skip
        with _open(setup) as lab:
            for back in range(1, count):
                words = f"step {steps - back:>{len(str(steps))}} of"
                found.append(_time(lab, "b", words, back))
    name = "lab: a step back in 10⁶ steps"
    return row_of(name, times[1_000_000][_WARM:], "in 10³ steps", times[1_000][_WARM:],
                  _LONG_TARGET)  # fmt: skip


def _playback(steps: int) -> Row:
    """Played faster than frames come: how many of the steps were painted, a second."""
    setup = Setup(objective="rosenbrock", start=(-1.2, 1.0), steps=steps,
                  rule=Rule(learning_rate=1e-3))  # fmt: skip
    with _open(setup) as lab:
        for slower, faster in ((10, 30), (30, 100)):
            lab.click_on(f"{slower} steps/s")
            lab.wait_for(f"{faster} steps/s")
        start = time.perf_counter()
        lab.press("space")
        painted = _steps_painted(lab, steps)
        elapsed = time.perf_counter() - start
    rate = len(painted) / elapsed
    return Row(
        name="lab: playback, frames painted a second", ours=f"{rate:.1f}", peer="wanted",
        theirs=f"{_FRAMES:g}", ratio=f"{rate / _FRAMES:.2f}", target="≥ 1",
        reached=rate >= _FRAMES,
    )  # fmt: skip


def _steps_painted(terminal: Terminal, steps: int) -> set[int]:
    """Return the steps that were painted from the first of the playback to the last."""
    painted: set[int] = set()
    unread = ""
    for chunk in terminal._output(60.0):
        unread += re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", chunk.decode("utf-8", "replace"))
        for found in re.findall(rf"step +(\d+) of {steps}", unread):
            if painted or int(found) < steps:
                painted.add(int(found))
        if steps in painted:
            break
        unread = unread[-40:]
    return painted


def _idle(seconds: float) -> Row:
    with _open(_BOWL) as lab:
        time.sleep(0.5)
        before = _cpu_seconds(lab.process.pid)
        time.sleep(seconds)
        used = _cpu_seconds(lab.process.pid) - before
    share = used / seconds
    return Row(
        name="lab: processor time while idle", ours=f"{share:.2%}", peer="of one core",
        theirs="", ratio="", target="≤ 1%", reached=share <= 0.01,
    )  # fmt: skip


def _cpu_seconds(pid: int) -> float:
    fields: Sequence[str] = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
