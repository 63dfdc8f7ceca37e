"""Several machines, one workshop: PostgreSQL behind them, HAProxy before them."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.server.workshop import Workshop, on_map
from tests.store.postgres import PASSWORD, PostgresServer, wait_until

CONFIGURATION = """\
defaults
    mode tcp
    timeout connect 5s
    timeout client 1h
    timeout server 1h

frontend workshop
    bind 127.0.0.1:{port}
    default_backend nodes

backend nodes
    balance leastconn
    option redispatch
    server one 127.0.0.1:{one} check inter 200 send-proxy-v2
    server two 127.0.0.1:{two} check inter 200 send-proxy-v2
"""


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.remove()


def test_a_learner_cut_off_from_one_machine_goes_on_at_the_other(
    postgres: PostgresServer, tmp_path: Path
):
    haproxy = shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if haproxy is None:
        pytest.skip("skipped: haproxy not installed")
    database = postgres.new_database()
    options = ["--database", postgres.url(database), "--proxy-from", "127.0.0.1"]
    nodes = [Workshop(tmp_path, *options), Workshop(tmp_path, *options)]
    port = free_port()
    settings = tmp_path / "haproxy.cfg"
    settings.write_text(CONFIGURATION.format(port=port, one=nodes[0].port, two=nodes[1].port))
    line = nodes[0].known_hosts.read_text().replace(str(nodes[0].port), str(port))
    line = line.replace(str(nodes[1].port), str(port))
    for node in nodes:
        node.known_hosts.write_text(line)
    balancer = subprocess.Popen([haproxy, "-f", settings, "-db"], stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        with nodes[0].enter("ana", port=port) as terminal:
            here = next(node for node in nodes if _serves(node, "ana"))
            there = next(node for node in nodes if node is not here)
            terminal.press("enter")
            terminal.wait_for("n Next")
            terminal.press("s")
            terminal.wait_for("step 2 of")
            written = "SELECT 1 FROM resume_points WHERE learner = 'ana' AND step <> 'tilt'"
            wait_until(lambda: bool(postgres.run(written, database)))
            here.close()
            terminal.wait_for_exit()
        with nodes[0].enter("ana", port=port) as again:
            assert on_map(again)
            again.press("enter")
            again.wait_for("step 2 of")
        assert _serves(there, "ana")
    finally:
        balancer.terminate()
        balancer.wait()
        for node in nodes:
            node.close()


def _serves(node: Workshop, name: str) -> bool:
    return any(each["event"] == "session" and each["name"] == name for each in node.events)


def test_a_database_that_was_away_has_everything_when_it_is_back(
    postgres: PostgresServer, tmp_path: Path
):
    database = postgres.new_database()
    workshop = Workshop(tmp_path, "--database", postgres.url(database))
    try:
        with workshop.enter("ana", columns=120, rows=36) as terminal:
            postgres.kill()
            terminal.press("enter")
            terminal.wait_for("n Next")
            terminal.press("s")
            terminal.wait_for("step 2 of")
            workshop.wait_for_event("database away")
            terminal.press("f1")
            terminal.wait_for("In a lesson")
            postgres.start()
            workshop.wait_for_event("database back")
            # A batch whose answer was lost goes first, and alone.
            entries = "SELECT step FROM journal WHERE learner = 'ana'"
            wait_until(lambda: len(postgres.run(entries, database)) == 1)
    finally:
        workshop.close()


def test_a_server_killed_while_its_database_is_away_loses_nothing(
    postgres: PostgresServer, tmp_path: Path
):
    url = postgres.url(postgres.new_database())
    workshop = Workshop(tmp_path / "one", "--database", url, "--folder", str(tmp_path / "data"))
    try:
        with workshop.enter("ana", columns=120, rows=36) as terminal:
            postgres.kill()
            workshop.wait_for_event("database away")
            terminal.press("enter")
            terminal.wait_for("n Next")
            terminal.press("s")
            terminal.wait_for("step 2 of")
            workshop.close()
    finally:
        workshop.close()
    postgres.start()
    again = Workshop(tmp_path / "two", "--database", url, "--folder", str(tmp_path / "data"))
    try:
        again.wait_for_event("entries brought in")
        with again.enter("ana", columns=120, rows=36) as terminal:
            terminal.press("enter")
            terminal.wait_for("step 2 of")
        assert PASSWORD not in str(workshop.events + again.events)
    finally:
        again.close()


@pytest.mark.thorough
def test_a_class_goes_on_while_the_database_is_away_for_half_a_minute(
    postgres: PostgresServer, tmp_path: Path
):
    database = postgres.new_database()
    workshop = Workshop(tmp_path, "--database", postgres.url(database))
    try:
        with (
            workshop.enter("ana", columns=120, rows=36) as ana,
            workshop.enter("ben", columns=120, rows=36) as ben,
        ):
            for each in (ana, ben):
                each.press("enter")
                each.wait_for("n Next")
            postgres.kill()
            began, skipped = monotonic(), 1
            while monotonic() - began < 30:  # the outage that the design promises to bear
                skipped += skipped < 9
                for each in (ana, ben):
                    if skipped < 9:
                        each.press("f4")
                        each.wait_for(f"step {skipped} of")
                    each.press("f1")
                    each.wait_for("In a lesson")
                    each.press("escape")
                    each.wait_until_gone("In a lesson")
            postgres.start()
            workshop.wait_for_event("database back")
            with workshop.enter("cleo"):
                pass
        counts = postgres.run("SELECT learner, count(*) FROM journal GROUP BY 1", database)
        assert {"ana", "ben"} <= {learner for learner, count in counts if count >= 7}
    finally:
        workshop.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def wait_for_port(port: int) -> None:
    """Wait until somebody listens."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=60).close()
        except ConnectionRefusedError:
            continue
        return
