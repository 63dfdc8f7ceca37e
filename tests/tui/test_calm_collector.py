"""The garbage collector waits while the program starts, then leaves alone what has come to stay."""

from __future__ import annotations

import gc
import sys
from types import ModuleType

import pytest

from tutor.tui.calm_collector import CalmCollector


@pytest.fixture(autouse=True)
def _collector_as_it_was():
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_before_the_first_screen_is_open():
    with CalmCollector() as collector:
        assert not gc.isenabled()
        collector.rest()
        assert gc.isenabled()


def test_what_is_there_by_then_is_left_out_of_the_rounds():
    with CalmCollector() as collector:
        collector.rest()
        assert 100 > len(gc.get_objects())
    assert 0 == gc.get_freeze_count()


def test_only_a_newly_loaded_part_of_the_program_is_kept(monkeypatch: pytest.MonkeyPatch):
    """A screen that is opened again brings nothing that stays."""
    with CalmCollector() as collector:
        collector.rest()
        kept = gc.get_freeze_count()
        garbage = [[] for _ in range(1000)]
        collector.rest()
        assert kept == gc.get_freeze_count()
        monkeypatch.setitem(sys.modules, "newly_loaded", ModuleType("newly_loaded"))
        collector.rest()
        assert kept + len(garbage) <= gc.get_freeze_count()


def test_the_collector_is_as_before_when_the_program_ends():
    with CalmCollector():
        pass
    assert (True, 0) == (gc.isenabled(), gc.get_freeze_count())
