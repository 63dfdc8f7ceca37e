"""From a key that turns η to the painted frame, in a real terminal of 120×36.

Ours redraws the contour with its path, the loss curve, the sentence, the worked line, the slider
and the goal; the peer is Textual's repaint of one static text over the same screen.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.benchmarks.report import Row, row_of
from tests.benchmarks.static_app import COLUMNS, ROWS, SIGNS
from tests.terminal import Terminal
from tutor.engine.kinds.experiment import goal_progress
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.run import LessonRun
from tutor.i18n import render
from tutor.lesson.catalog import load_catalog
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.model import ExperimentStep

TARGET: Final = 4.0
LESSON, STEP, ETA = "gradients/gradient-descent", "reach-the-floor", "learning_rate"


def run(quick: bool) -> list[Row]:
    """Return our redraw against Textual's repaint, key by key in turns."""
    ours: list[float] = []
    theirs: list[float] = []
    keys = _expected_words(30 if quick else 120)
    tutor = (sys.executable, "-m", "tutor", "run", f"{LESSON}#{STEP}")
    static = (sys.executable, "-m", "tests.benchmarks.static_app")
    with (
        tempfile.TemporaryDirectory() as home,
        Terminal(tutor, home=Path(home), columns=COLUMNS, rows=ROWS) as tutor_screen,
        Terminal(static, home=Path(home), columns=COLUMNS, rows=ROWS) as static_screen,
    ):
        tutor_screen.wait_for("Goal")
        static_screen.wait_for(SIGNS[0])
        for turn, (key, words) in enumerate(keys, start=1):
            ours.append(_time(tutor_screen, key, words))
            theirs.append(_time(static_screen, "right", SIGNS[turn % 2]))
    warm = 10
    name = "η to painted frame, contour, path and loss curve"
    return [row_of(name, ours[warm:], "repaint of a static text", theirs[warm:], TARGET)]


def _time(terminal: Terminal, key: str, words: str) -> float:
    start = time.perf_counter()
    terminal.press(key)
    terminal.wait_for_output(words)
    return time.perf_counter() - start


def _expected_words(count: int) -> list[tuple[str, str]]:
    """Return keys and the last words of the frame that each must paint."""
    lesson = load_catalog(find_lesson_folders()).lesson(LESSON)
    lesson_run, _ = advance(begin(lesson, seed=0), ev.StepOpened(STEP))
    expected = []
    for turn in range(count):
        ticks = 1 if turn % 8 < 4 else -1
        lesson_run, _ = advance(lesson_run, ev.ParameterTurned(ETA, ticks))
        expected.append(("right" if ticks > 0 else "left", _last_words(lesson_run)))
    return expected


def _last_words(lesson_run: LessonRun) -> str:
    step, result = lesson_run.step, lesson_run.state.result
    assert isinstance(step, ExperimentStep)
    assert step.goal is not None
    assert result is not None
    return render(goal_progress(step.goal, result))
