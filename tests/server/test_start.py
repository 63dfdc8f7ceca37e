"""How a workshop begins, and what keeps it from beginning; what it says of itself."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from time import monotonic

import pytest

from tests.server.workshop import CODE, Serve
from tests.terminal import TIMEOUT
from tutor.server.admission.ssh_options import open_host_keys
from tutor.server.options import Limits


def nabla(*options: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tutor", "serve", "--folder", str(folder), *options],
        capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "COLUMNS": "200"},
    )  # fmt: skip


def test_check_tries_the_settings_and_leaves(tmp_path: Path):
    done = nabla("--check", "--port", "0", folder=tmp_path)
    assert (0, "All is well: the workshop can begin.\n") == (done.returncode, done.stdout)


def test_a_port_in_use_is_said_with_the_mend(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = nabla("--check", "--port", port, folder=tmp_path)
    assert 1 == done.returncode
    assert f"port {port}" in done.stderr
    assert "choose another --port" in done.stderr


def test_a_host_key_that_others_may_read_is_refused(tmp_path: Path):
    open_host_keys(tmp_path)
    (tmp_path / "host_key").chmod(0o644)
    done = nabla("--check", "--port", "0", folder=tmp_path)
    assert 1 == done.returncode
    assert "others may read the host key" in done.stderr


def test_the_host_key_is_made_once_and_for_its_owner(tmp_path: Path):
    first = [each.get_fingerprint() for each in open_host_keys(tmp_path)]
    assert first == [each.get_fingerprint() for each in open_host_keys(tmp_path)]
    files = ["host_key", "host_key_ecdsa"]
    assert files == sorted(each.name for each in tmp_path.iterdir())
    assert {0o600} == {(tmp_path / each).stat().st_mode & 0o777 for each in files}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--auth", "open", "--host", "0.0.0.0"], "add --i-know"),
        (["--code", "abc"], "the code is too short"),
        (["--keys", "some"], "--keys works with --auth key alone"),
        (["--port", "70000"], "there is no port 70000"),
        (["--sessions", "0"], "--sessions cannot be 0"),
        (["--proxy-from", "home"], "home is no network"),
    ],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused(options: list[str], words: str, tmp_path: Path):
    done = nabla("--check", *options, folder=tmp_path)
    assert 2 == done.returncode
    assert words in done.stderr


def test_what_is_counted_can_be_read_on_loopback(serve: Serve):
    workshop = serve("--metrics", "0", "--workers", "2")
    port = workshop.wait_for_event("metrics")["port"]
    workshop.wait_for_event("worker ready", worker=1)
    workshop.wait_for_event("worker ready", worker=2)
    assert "ok\n" == _page(f"http://127.0.0.1:{port}/healthz")
    with workshop.enter() as terminal:
        terminal.press("f1")
        terminal.wait_for("Everywhere")
        # The workers tell their numbers from time to time, each in its turn.
        counted = (
            "nabla_sessions 1.0",
            'nabla_authentications_total{result="code ok"} 1.0',
            "nabla_start_seconds_count 1.0",
            "nabla_key_to_output_seconds_count",
        )
        end = monotonic() + TIMEOUT
        while lacking := set(counted) - _said(counted, f"http://127.0.0.1:{port}/metrics"):
            assert monotonic() < end, lacking
    with pytest.raises(urllib.error.HTTPError):
        _page(f"http://127.0.0.1:{port}/etc/passwd")


def _said(words: Sequence[str], address: str) -> set[str]:
    page = _page(address)
    return {each for each in words if each in page}


def _page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return str(answer.read().decode())


def test_every_limit_is_an_option_with_its_default():
    said = subprocess.run(
        [sys.executable, "-m", "tutor", "serve", "--help"],
        capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "COLUMNS": "300"},
    ).stdout  # fmt: skip
    options = [each.partition("\n\n")[0] for each in said.split("\n  --")[1:]]
    said_of = {each.split()[0]: " ".join(each.split()) for each in options}
    for each in fields(Limits):
        default = getattr(Limits(), each.name)
        line = said_of[each.name.replace("_", "-")]
        assert line.endswith(")" if default is None else f"({default:g})"), line


def test_the_log_can_be_lines_for_people(serve: Serve):
    workshop = serve("--log", "text")
    with workshop.enter("li wei"):
        pass
    assert 0 == workshop.stop()
    found = [line for line in workshop.noise if ' session name="li wei" sessions=1' in line]
    assert 1 == len(found)
    assert found[0].startswith("20")


def test_a_port_for_the_metrics_in_use_is_said_before_anybody_comes(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = nabla("--check", "--port", "0", "--metrics", port, folder=tmp_path)
    assert 1 == done.returncode
    assert f"cannot serve --metrics on port {port}" in done.stderr


def test_no_secret_is_in_the_log(serve: Serve):
    workshop = serve()
    with workshop.ssh("ana") as terminal:
        terminal.wait_for("Workshop code:")
        terminal.type("my-wrong-code\r")
        terminal.wait_for(lambda shown: shown.text.count("Workshop code:") == 2)
        terminal.type(f"{CODE}\r")
        terminal.wait_for("not started")
        terminal.press("enter")
        terminal.wait_for("n Next")
        terminal.type("my keystrokes")
        terminal.press("f1")
        terminal.wait_for("Everywhere")
    key = (workshop.home / "server" / "host_key").read_text().splitlines()[1]
    workshop.stop()
    logged = json.dumps(workshop.events) + "".join(workshop.noise)
    assert "entered" in logged
    assert CODE not in logged
    assert [] == [each for each in ("my-wrong-code", "keystrokes", key) if each in logged]
