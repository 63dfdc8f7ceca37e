"""The map of the starts by where each ends, under the walk of a descent."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from tutor.charts.chart import Backdrop, Chart, Layer, Line, Points
from tutor.engine.descent.charts import path_chart
from tutor.engine.descent.lesson_setup import setup_of
from tutor.engine.descent.map_pictures import basin_map
from tutor.engine.descent.maps import Basins, basins
from tutor.engine.descent.numbers import DescentNumbers
from tutor.i18n import message
from tutor.lesson.model import DescentExperiment

_WORK = 150_000
"""Starts times steps of one map: some 60 ms."""
_FEWEST, _MOST = 200, 1800
_WIDE = 2.2
"""Columns for each row: cells of a terminal are twice as high as wide."""


def basin_chart(run: DescentNumbers) -> Chart:
    """Return where each start in the window ends, with the walks of the descent on it."""
    found = _map_of(replace(run.experiment, rivals=(), label=None, start=_any_start(run)))
    backdrop, _ = basin_map(found)
    ground = path_chart(run)
    curve = ground.backdrop.layers if ground.backdrop and run.objective.dimension == 1 else ()
    # The legend belongs to the regions: the names of the walks stand over the path's chart.
    layers = [_unnamed(layer) for layer in ground.layers]
    if run.objective.dimension == 2 and found.ends:
        x0, x1 = np.array(found.ends).T
        layers.insert(0, Points(x0, x1, "minimizer"))
    still = (*(backdrop.layers if backdrop else ()), *curve)
    key = ("basins", backdrop.key if backdrop else None, run.objective.source_formula)
    return replace(
        ground,
        title=message("where each start ends"),
        layers=tuple(layers),
        backdrop=Backdrop(key, still),
        equal_aspect=False,
    )


def _unnamed(layer: Layer) -> Layer:
    return replace(layer, label="") if isinstance(layer, Line | Points) else layer


def _any_start(run: DescentNumbers) -> tuple[float, ...]:
    """The map does not depend on the start: all starts of a setting share one."""
    return (0.0,) * len(run.experiment.start)


@lru_cache(maxsize=8)
def _map_of(experiment: DescentExperiment) -> Basins:
    cells = min(max(_WORK // experiment.steps, _FEWEST), _MOST)
    rows = round(math.sqrt(cells / _WIDE)) if len(experiment.start) == 2 else 1
    columns = cells // rows if rows > 1 else min(cells, 400)
    *_, last = basins(setup_of(experiment, {}), columns, rows)
    return last
