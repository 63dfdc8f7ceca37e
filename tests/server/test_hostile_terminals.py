"""Terminals that send what no terminal should: the same for one's own and for one over ssh."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest

from tests.server.workshop import Serve
from tests.terminal import Terminal

Door = Callable[[], AbstractContextManager[Terminal]]

MAP = "The derivative"
SIZES = [(5, 24), (1, 1), (0, 0), (80, 1), (400, 120), (65_535, 65_535)]
SENT = [
    "\x1b]11;rgb:ffff/ffff/ffff\x07",
    "\x1b]11;rgb:1212/1212/1212\x1b\\",
    "\x1b]11;rgb:12",
    "\x1b[<0;99999;99999M\x1b[<0;99999;99999m",
    "\x1b[<35;" + "9" * 400 + ";1M",
    "\x1b_" + "x" * 500 + "\x1b\\",
    "\ud800\udfff\x00\x01",
    "\x1b[" + "1;" * 400 + "u",
    "\x1b[200~a paste that never ends",
]


@pytest.fixture(params=["at home", "over ssh"])
def door(request: pytest.FixtureRequest) -> Iterator[Door]:
    """How a terminal is opened on the map."""
    if request.param == "over ssh":
        serve: Serve = request.getfixturevalue("serve")
        workshop = serve()
        yield lambda: workshop.enter("ana", columns=80, rows=24)
        return
    nabla: Callable[[], Terminal] = request.getfixturevalue("nabla")

    def at_home() -> AbstractContextManager[Terminal]:
        terminal = nabla()
        terminal.wait_for(MAP)
        return nullcontext(terminal)

    yield at_home


def test_no_size_and_nothing_that_is_sent_ends_the_program_or_shuts_the_keys_out(door: Door):
    with door() as terminal:
        for size in SIZES:
            terminal.claim_size(*size)
            terminal.press("f9")
        terminal.claim_size(80, 24)
        for sent in SENT:
            terminal.send(sent.encode("utf-8", "surrogatepass"))
            terminal.press("f9")
        terminal.wait_for("nothing of it was taken")
        terminal.press("f1")
        terminal.wait_for("Esc closes this")
