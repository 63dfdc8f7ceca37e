"""Writes tests/core/torch_trajectories.json: paths of PyTorch's own optimizers, in float64.

`python -m tests.benchmarks.core.torch_trajectories`; needs torch. The stored figures let the test
suite compare without it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[2] / "core" / "torch_trajectories.json"
START = (-7.0, 2.0)
STEPS = 60
KEPT = (1, 2, 3, 10, 30, 60)
RATES = {
    "gradient-descent": 0.9,
    "momentum": 0.1,
    "nesterov": 0.1,
    "adagrad": 1.5,
    "rmsprop": 0.1,
    "adam": 0.3,
    "adam with weight decay": 0.3,
    "adamw": 0.3,
    "adamw with more decay": 0.3,
}


def _path(torch: Any, name: str, schedule: str) -> dict[str, list[float]]:
    x = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    rate = RATES[name]
    optimizer = {
        "gradient-descent": lambda: torch.optim.SGD([x], lr=rate),
        "momentum": lambda: torch.optim.SGD([x], lr=rate, momentum=0.9),
        "nesterov": lambda: torch.optim.SGD([x], lr=rate, momentum=0.9, nesterov=True),
        "adagrad": lambda: torch.optim.Adagrad([x], lr=rate),
        "rmsprop": lambda: torch.optim.RMSprop([x], lr=rate),
        "adam": lambda: torch.optim.Adam([x], lr=rate),
        "adam with weight decay": lambda: torch.optim.Adam([x], lr=rate, weight_decay=0.1),
        "adamw": lambda: torch.optim.AdamW([x], lr=rate),
        "adamw with more decay": lambda: torch.optim.AdamW([x], lr=rate, weight_decay=0.3),
    }[name]()
    scheduler = {
        "constant": lambda: None,
        "step": lambda: torch.optim.lr_scheduler.StepLR(optimizer, 7, 0.5),
        "cosine": lambda: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS, 0.01),
    }[schedule]()
    kept = {}
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        (x[0] ** 2 / 20 + x[1] ** 2).backward()
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        if step in KEPT:
            kept[str(step)] = x.detach().tolist()
    return kept


def main() -> int:
    """Run all of them and write the file."""
    import torch

    torch.set_num_threads(1)
    paths = {
        f"{name} {schedule}": _path(torch, name, schedule)
        for name in RATES
        for schedule in ("constant", "step", "cosine")
    }
    head = {"torch": torch.__version__.split("+")[0], "start": START, "rates": RATES}
    TARGET.write_text(json.dumps({**head, "paths": paths}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
