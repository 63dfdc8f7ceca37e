"""What else a client may want of an SSH server: none of it is here, and it is told so."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.server.clients import raw, rest_of
from tests.server.workshop import CODE, Serve, Workshop, with_askpass
from tutor.server.admission.authentication import ONLY_THE_TUTOR as ONLY


def test_commands_are_refused(workshop: Workshop):
    done = workshop.run("exec", [], ["id"])
    assert (1, "") == (done.returncode, done.stdout)
    assert ONLY in done.stderr


def test_a_shell_without_a_terminal_gets_the_lessons_as_lines(workshop: Workshop):
    done = workshop.run("shell", ["-T"], input="1\nquit\n")
    assert 0 == done.returncode
    assert "Step 1 of" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("program", [["sftp", "-P"], ["scp", "-P"], ["scp", "-O", "-P"]])
def test_files_are_neither_given_nor_taken(workshop: Workshop, program: list[str], tmp_path: Path):
    import subprocess

    name, *options = program
    workshop.run("warm", [], ["id"])  # writes the program that knows the code
    where = "files@127.0.0.1"
    what = [where] if name == "sftp" else [f"{where}:/etc/passwd", str(tmp_path)]
    done = subprocess.run(
        [name, "-F", "none", "-o", "StrictHostKeyChecking=yes",
         "-o", f"UserKnownHostsFile={workshop.known_hosts}", *options, str(workshop.port), *what],
        capture_output=True, text=True, check=False, timeout=60, start_new_session=True,
        env=with_askpass(workshop.home / "askpass"),
    )  # fmt: skip
    assert 0 != done.returncode
    assert ONLY in done.stderr
    assert not (tmp_path / "passwd").exists()


def test_ports_are_not_forwarded(workshop: Workshop):
    with socket.create_server(("127.0.0.1", 0)) as target:
        port = target.getsockname()[1]
        done = workshop.run("ports", ["-W", f"127.0.0.1:{port}"])
        assert 0 != done.returncode
        assert ONLY in done.stderr
        target.setblocking(False)
        with pytest.raises(BlockingIOError):
            target.accept()


def test_no_port_of_the_server_is_opened_for_a_client(workshop: Workshop):
    options = ["-N", "-R", "0:127.0.0.1:9", "-o", "ExitOnForwardFailure=yes"]
    assert "forwarding failed" in workshop.run("remote", options).stderr


def test_neither_agent_nor_display_is_forwarded(workshop: Workshop):
    with workshop.enter("agent", "-A", "-X") as terminal:
        terminal.press("q")
        assert 0 == terminal.wait_for_exit()


def test_garbage_before_the_banner_is_closed(workshop: Workshop):
    with raw(workshop) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + b"\x00" * 70_000)
        rest_of(connection)
    with workshop.enter("after-garbage"):
        pass


def test_a_thousand_connections_that_are_dropped_leave_nothing(serve: Serve):
    workshop = serve()
    for _ in range(1_000):
        raw(workshop).close()
    workshop.wait_until(
        lambda events: 1_000 == sum(each["event"] == "not entered" for each in events)
    )
    with workshop.ssh("after-drop") as terminal:
        terminal.wait_for("Workshop code:")
        terminal.type(f"{CODE}\r")
        terminal.wait_for("not started")
