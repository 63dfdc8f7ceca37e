"""The libraries of the `bench` extra, where they are installed."""

from __future__ import annotations

import importlib
from types import ModuleType


def library(name: str) -> ModuleType | None:
    """Return a library, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
