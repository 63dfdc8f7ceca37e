"""The private parts of Textual that the server uses are all still there."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import pytest
import textual
from textual.app import App

import tutor.server

PARTS = {
    "textual._ansi_sequences": {"SYNC_START": str, "SYNC_END": str},
    "textual._compositor": {
        "CompositorUpdate": ("render_segments",),
        "LayoutUpdate": ("strips", "region"),
        "ChopsUpdate": ("chops", "spans", "chop_ends"),
    },
    "textual._xterm_parser": {"XTermParser": ("feed", "tick")},
    "textual.app": {
        "App": ("_display", "_begin_batch", "_capture_stdout", "_capture_stderr", "_driver")
    },
    "textual.driver": {"Driver": ("_app", "_size", "_loop", "process_message", "send_message")},
    "textual.messages": {"InBandWindowResize": ()},
}
"""Modules, what the server takes from them, and the attributes of it that it relies on."""
KNOWS_PRIVATE_PARTS = {"driver.py", "input.py", "painting.py"}


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module, names in PARTS.items() for name in names]
)
def test_a_part_is_there(module: str, name: str):
    part = getattr(import_module(module), name)
    wanted = PARTS[module][name]
    if isinstance(wanted, tuple):
        source = inspect.getsource(part)
        assert [] == [each for each in wanted if not hasattr(part, each) and each not in source]
    else:
        assert isinstance(part, wanted)


def test_frames_are_displayed_as_they_were():
    """`PaintsChanges` takes these arguments, and what Textual itself does with a frame."""
    assert ["self", "screen", "renderable"] == list(inspect.signature(App._display).parameters)
    source = inspect.getsource(App._display)
    assert "isinstance(renderable, CompositorUpdate)" in source
    assert "renderable.render_segments(console)" in source


def test_no_other_module_of_the_server_knows_private_parts():
    found = {
        path.name
        for path in Path(tutor.server.__file__).parent.glob("*.py")
        if "textual._" in path.read_text(encoding="utf-8")
    }
    assert found <= KNOWS_PRIVATE_PARTS
    assert textual.__version__.startswith("8.")
