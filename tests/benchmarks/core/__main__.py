"""The numerical core against its peers: `python -m tests.benchmarks.core [--json FILE] [--quick]`.

`--accuracy COUNT` measures that alone: right and wrong by family, ours beside the peers.

The peers come with the `bench` extra (and torch or jax, where they are installed). One process on
one core, one thread for linear algebra; ours and theirs take turns; medians.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

# Before NumPy is imported: it reads them once.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.setdefault("JAX_PLATFORMS", "cpu")


def main() -> int:
    """Measure, print the table, write the JSON; 1 if a target was not reached."""
    from tests.benchmarks.core import (
        derivatives,
        descents,
        formulas,
        gradients,
        imports,
        networks,
    )
    from tests.benchmarks.core.harness import table

    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.core", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    parser.add_argument("--quick", action="store_true", help="fewer turns, fewer cases")
    parser.add_argument(
        "--accuracy", type=int, metavar="COUNT", help="that alone, of so many cases a family"
    )
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    turns = 5 if options.quick else 15
    if options.accuracy:
        rows = derivatives.accuracy(options.accuracy)
    else:
        rows = [
            *gradients.rows(turns),
            *derivatives.rows(turns, 320 if options.quick else 2500),
            *formulas.rows(turns),
            *descents.rows(turns),
            *networks.rows(turns),
            *imports.rows(turns),
        ]
    print(table(rows))
    if options.json:
        options.json.write_text(
            json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n"
        )
    return int(any(row.reached is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
