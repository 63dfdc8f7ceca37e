"""What the lab's screen has computed: runs, sweeps and maps, the long ones made beside it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, get_args

import numpy as np

from tutor.engine.descent.maps import Basins, basins
from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.run import Run, run, run_of
from tutor.engine.descent.setup import Setup
from tutor.engine.descent.walk import walk
from tutor.engine.descent.words import describe
from tutor.engine.lab.lab import Curve, Lab
from tutor.engine.lab.pictures import curve_chart, main_chart
from tutor.engine.lab.sweep import Sweep, sweep
from tutor.i18n import Message, Text, message
from tutor.tui.long_work import LongWork

_KEPT = 24
"""Runs that are kept: the present one, ghosts, the one beside, what undo goes back to."""
_QUICK, _QUICK_PLAIN = 2_000, 40_000
"""Steps that take about 20 ms; plain descent has a loop of its own."""
_LONG_FORMULA = 120
"""Characters of a formula that takes clearly longer than the steps around it."""
_RATES: Final = 61
_LOWEST_RATE, _HIGHEST_RATE, _BEYOND_LIMIT = 1e-4, 10.0, 4.0
BASIN_COLUMNS, BASIN_ROWS = 60, 30


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a long run is."""

    done: int
    total: int


class LabRuns:
    """Gives what is asked for if it is there or quickly made; else sees to it that it comes."""

    def __init__(self, work: LongWork) -> None:
        self.work = work
        self._runs: OrderedDict[Setup, Run] = OrderedDict()
        self._parts: dict[str, tuple[Hashable, object]] = {}
        self._given_up: set[tuple[str, Hashable]] = set()

    def have(self, setups: Sequence[Setup]) -> None:
        """See to it that the runs of these setups come, the first of them first.

        What was given up and is not asked for any more may be asked for again.
        """
        self._keep_given_up("run", setups)
        for setup in setups:
            if setup in self._runs:
                self._runs.move_to_end(setup)
            elif is_quick(setup):
                self._keep(setup, run(setup))
            elif ("run", setup) not in self._given_up:
                self.work.want("run", setup, partial(_pieces, setup))
                return
        self.work.cancel("run")

    def run(self, setup: Setup) -> Run | None:
        """Return the run, if it is there."""
        return self._runs.get(setup)

    def sweep(self, setup: Setup) -> Sweep | None:
        """Return as much of the sweep over η as is there; the rest is under way."""
        key = replace(setup, rule=replace(setup.rule, learning_rate=1.0))
        found = self._part("sweep", key, lambda: sweep(setup, rates_for(setup)))
        return found if isinstance(found, Sweep) else None

    def basins(self, setup: Setup) -> Basins | None:
        """Return as much of the map of basins as is there; the rest is under way."""
        key = replace(setup, start=())
        found = self._part("basins", key, lambda: basins(setup, BASIN_COLUMNS, BASIN_ROWS))
        return found if isinstance(found, Basins) else None

    def _part(self, kind: str, key: Hashable, pieces: Callable[[], Iterator[object]]) -> object:
        self._keep_given_up(kind, [key])
        kept = self._parts.get(kind)
        if kept is not None and kept[0] == key:
            return kept[1]
        if (kind, key) not in self._given_up:
            self._parts[kind] = (key, None)
            self.work.want(kind, key, pieces)
        return None

    def forget(self, kind: str) -> None:
        """Stop what is under way and no longer looked at."""
        self._keep_given_up(kind, [])
        if self.work.cancel(kind):
            self._parts.pop(kind, None)

    def _keep_given_up(self, kind: str, keys: Sequence[Hashable]) -> None:
        if self._given_up:
            self._given_up = {each for each in self._given_up if each[0] != kind or each[1] in keys}

    def give_up(self) -> bool:
        """Stop all that is under way; return whether there was anything."""
        for kind, key in self.work.wanted():
            self._given_up.add((kind, key))
        return self.work.cancel()

    def take(self, kind: str) -> RunProgress | Message | None:
        """Take in what a thread has brought; return it if it is to be said."""
        taken = self.work.take(kind)
        if taken is None:
            return None
        key, piece = taken
        if isinstance(piece, Run):
            self._keep(piece.setup, piece)
        elif isinstance(piece, RunProgress | Message):
            return piece
        else:
            self._parts[kind] = (key, piece)
        return None

    def end(self, ended: LongWork.Ended) -> None:
        """Take note that a thread has ended."""
        self.work.end(ended)

    def are_there(self) -> bool:
        """Whether nothing is being computed."""
        return not self.work.wanted()

    def cancel(self) -> None:
        """Stop everything: nobody looks any more."""
        self.work.cancel()

    def _keep(self, setup: Setup, made: Run) -> None:
        self._runs[setup] = made
        while len(self._runs) > _KEPT:
            self._runs.popitem(last=False)


def rates_for(setup: Setup) -> list[float]:
    """Return the η of a sweep: five decades, and more where the limit lies beyond them."""
    one_step = replace(setup, steps=1, branches=(), rule=replace(setup.rule, learning_rate=1.0))
    limit = next(sweep(one_step, [1.0])).limit
    highest = max(_HIGHEST_RATE, _BEYOND_LIMIT * limit if limit is not None else 0.0)
    rates: list[float] = np.geomspace(_LOWEST_RATE, highest, _RATES).tolist()
    return rates


def is_quick(setup: Setup) -> bool:
    """Whether the run can be made between two frames."""
    is_plain = all(
        rule.optimizer == "gradient-descent"
        and rule.gradient == "exact"
        and rule.schedule == "constant"
        for rule in (setup.rule, *(branch.rule for branch in setup.branches))
    )
    weight = 1 + len(objective_of(setup).source_formula) // _LONG_FORMULA
    return setup.steps * weight <= (_QUICK_PLAIN if is_plain else _QUICK)


def _pieces(setup: Setup) -> Iterator[RunProgress | Run]:
    """Yield how far the run is, and at last the run, with all that charts will ask of it."""
    objective, pieces = objective_of(setup), []
    for piece in walk(setup, objective):
        pieces.append(piece)
        yield RunProgress(piece.first, setup.steps)
    made = run_of(setup, objective, pieces)
    _look_through(made)
    yield made


def _look_through(made: Run) -> None:
    """Ask once for all that the screen will ask for: runs and charts keep what they have found."""
    lab = Lab(setup=made.setup)
    describe(made)
    main_chart(lab, made)
    for curve in get_args(Curve):
        if curve != "sweep":
            curve_chart(replace(lab, curve=curve), made)


def words_on(progress: RunProgress) -> Text:
    """Return how far a long run is."""
    return message(
        "Computing: step {done:,} of {total:,}. The chart shows the run before; Esc cancels.",
        done=progress.done, total=progress.total,
    )  # fmt: skip
