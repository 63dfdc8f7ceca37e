"""What Prometheus reads: every number that was promised, and right with several workers."""

from __future__ import annotations

import os
import re
import signal
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import asyncssh
import pytest

from tests.server.clients import connect_by_key, raw
from tests.server.workshop import Serve, Workshop
from tests.terminal import TIMEOUT
from tutor.server.metrics import Metrics, outlived

PROMISED = (
    "nabla_sessions",
    "nabla_rejections_total",
    "nabla_authentications_total",
    "nabla_start_seconds",
    "nabla_key_to_output_seconds",
    "nabla_loop_lag_seconds",
    "nabla_memory_bytes",
    "nabla_waiting_entries",
    "nabla_crashes_total",
    "nabla_frames_dropped_total",
)


class Page:
    """The page of one workshop."""

    def __init__(self, workshop: Workshop) -> None:
        self._port = workshop.wait_for_event("metrics")["port"]

    def read(self, path: str = "/metrics") -> str:
        address = f"http://127.0.0.1:{self._port}{path}"
        try:
            with urllib.request.urlopen(address, timeout=TIMEOUT) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return f"{error.code}"

    def number(self, name: str) -> float:
        """Return the number of this name with these labels, 0 where there is none."""
        found = re.search(rf"^{re.escape(name)} ([0-9.e+-]+)$", self.read(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def comes_to(self, name: str, value: float) -> bool:
        """Wait until the number is this: workers tell theirs once a second."""
        self.wait_until(lambda: self.number(name) == value)
        return True

    def wait_until(self, holds: Callable[[], bool]) -> None:
        end = monotonic() + TIMEOUT
        while not holds():
            assert monotonic() < end, self.read()
            sleep(0.05)


def two_workers(serve: Serve, *options: str) -> tuple[Workshop, Page]:
    workshop = serve("--metrics", "0", "--workers", "2", *options)
    workshop.wait_for_event("worker ready", worker=1)
    workshop.wait_for_event("worker ready", worker=2)
    return workshop, Page(workshop)


def test_all_numbers_are_there_and_those_of_two_workers_are_added(serve: Serve):
    workshop, page = two_workers(serve, "--penalty", "0")
    with workshop.enter("ana") as ana, workshop.enter("ben") as ben:
        for each in (ana, ben):
            each.press("f1")
            each.wait_for("Everywhere")
        page.wait_until(lambda: page.number("nabla_key_to_output_seconds_count") >= 2)
        assert page.comes_to("nabla_sessions", 2.0)
        assert page.comes_to('nabla_authentications_total{result="code ok"}', 2.0)
        assert page.comes_to("nabla_start_seconds_count", 2.0)
        assert page.number("nabla_memory_bytes") > 60_000_000
        with workshop.ssh("cleo") as wrong:
            wrong.wait_for("Workshop code:")
            wrong.type("wrong-code\r")
            wrong.wait_for(lambda shown: shown.text.count("Workshop code:") == 2)
        assert page.comes_to('nabla_authentications_total{result="code failed"}', 1.0)
    assert page.comes_to("nabla_sessions", 0.0)
    text = page.read()
    assert [] == [name for name in PROMISED if f"# TYPE {name} " not in text]


def test_what_a_dead_worker_counted_stays_counted_and_its_learners_are_gone(serve: Serve):
    workshop, page = two_workers(serve)
    with workshop.enter("ana"):
        assert page.comes_to("nabla_start_seconds_count", 1.0)
        first = workshop.wait_for_event("worker ready", worker=1)
        os.kill(int(str(first["pid"])), signal.SIGKILL)
        workshop.wait_for_event("worker died", worker=1)
    assert page.comes_to("nabla_sessions", 0.0)
    assert 1.0 == page.number("nabla_start_seconds_count")
    workshop.wait_for_event("worker ready", count=2, worker=1)
    page.wait_until(lambda: page.read("/healthz") == "ok\n")
    assert 1.0 == page.number('nabla_authentications_total{result="code ok"}')


def test_refusals_are_counted_by_their_reasons(serve: Serve):
    workshop = serve("--metrics", "0", "--login-seconds", "0.5", "--per-source", "1")
    page = Page(workshop)
    with raw(workshop), raw(workshop):
        assert page.comes_to('nabla_rejections_total{reason="silent too long"}', 1.0)
        assert page.comes_to('nabla_rejections_total{reason="login time"}', 1.0)


async def test_keys_are_counted_too(serve: Serve, tmp_path: Path):
    listed, other = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    listed.write_public_key(tmp_path / "listed.pub")
    workshop = serve(
        "--metrics", "0", "--auth", "key", "--keys", str(tmp_path / "listed.pub"), code=None
    )
    page = Page(workshop)
    async with await connect_by_key(workshop, "ana", [other, listed]):
        assert page.comes_to('nabla_authentications_total{result="key ok"}', 1.0)
    with pytest.raises(asyncssh.PermissionDenied):
        await connect_by_key(workshop, "ben", [other])
    assert page.comes_to('nabla_authentications_total{result="key failed"}', 1.0)


def test_a_workshop_that_ends_is_not_well(serve: Serve):
    workshop = serve("--metrics", "0", "--stop-seconds", "600")
    page = Page(workshop)
    assert "ok\n" == page.read("/healthz")
    with workshop.enter("ana") as ana:
        workshop.process.send_signal(signal.SIGTERM)
        ana.wait_for("restarts in a moment")
        assert "503" == page.read("/healthz")
        workshop.process.send_signal(signal.SIGTERM)
        ana.wait_for_exit()
    assert 0 == workshop.stop()


def test_a_worker_that_follows_another_goes_on_counting():
    first, second = Metrics(), Metrics()
    for each in (first, second):
        each.rejected("tries")
        each.started(0.3)
        each.sessions(5)
    second.rejected("full")
    past = outlived(outlived({}, first.snapshot()), second.snapshot())
    assert {"tries": 2, "full": 1} == past["rejections"]
    assert (2, 0.6) == (sum(past["start"][0]), past["start"][1])
    assert (0, 0, 0) == (past["sessions"], past["memory"], past["lag"])
