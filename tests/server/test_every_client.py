"""The clients that people have: each comes in, by the code as a prompt and as a password.

They ask for lessons as lines, so that one server and no screen are enough for all of them. What is
not installed is skipped: dbclient (Debian's dropbear-bin), plink (putty-tools), paramiko,
ssh2-python (libssh2) and ssh-python (libssh) from PyPI, ssh2 for node where NODE_PATH leads to it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import asyncssh
import pytest

from tests.server.workshop import CODE, Workshop, with_askpass
from tests.terminal import TIMEOUT, Terminal
from tutor.server.admission.ssh_options import fingerprint

HOST = "127.0.0.1"
Visit = Callable[[Workshop, str], str]
"""Comes in under a name, asks for lines, leaves, and returns what was shown."""


def run(
    command: Sequence[str], environment: dict[str, str] | None = None, said: str = "quit\n"
) -> str:
    done = subprocess.run(
        command, input=said, capture_output=True, text=True, timeout=TIMEOUT, check=False,
        env=environment, start_new_session=True,
    )  # fmt: skip
    return done.stdout + done.stderr


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"skipped: {name} is not installed")
    return found


def openssh(*options: str, hosts: str = "known_hosts") -> Visit:
    def visit(workshop: Workshop, name: str) -> str:
        ask = workshop.home / "askpass-of-all"
        if not ask.exists():
            ask.write_text(f"#!/bin/sh\necho {CODE}\n")
            ask.chmod(0o700)
        given = [part for each in options for part in ("-o", each)]
        trusting = ["-o", f"UserKnownHostsFile={workshop.home / hosts}"]
        command = workshop.command(name, *given)
        if hosts != "known_hosts":
            command[1:1] = [*trusting, "-o", "StrictHostKeyChecking=accept-new"]
        return run([*command, "plain"], with_askpass(ask))

    return visit


def dropbear(workshop: Workshop, name: str) -> str:
    home = workshop.home / "dropbear"
    home.mkdir(exist_ok=True)
    environment = {**os.environ, "HOME": str(home), "DROPBEAR_PASSWORD": CODE}
    where = ["-y", "-y", "-p", str(workshop.port), f"{name}@{HOST}"]
    return run([program("dbclient"), *where, "plain"], environment)


def putty(workshop: Workshop, name: str) -> str:
    words = workshop.said.split("SHA256:")[1].split()[0]
    environment = {**os.environ, "HOME": str(workshop.home)}
    trusting = ["-hostkey", f"SHA256:{words}", "-no-antispoof", "-batch"]
    who = ["-P", str(workshop.port), "-l", name, "-pw", CODE, HOST]
    return run([program("plink"), "-ssh", *trusting, *who, "plain"], environment)


def paramiko_by(method: str, *disabled: str) -> Visit:
    def visit(workshop: Workshop, name: str) -> str:
        paramiko = pytest.importorskip("paramiko", reason="skipped: paramiko is not installed")
        without = {"keys": disabled}
        transport = paramiko.Transport((HOST, workshop.port), disabled_algorithms=without)
        try:
            transport.start_client(timeout=TIMEOUT)
            if method == "password":
                transport.auth_password(name, CODE, fallback=False)
            else:
                transport.auth_interactive(name, lambda _title, _text, asked: [CODE] * len(asked))
            channel = transport.open_session(timeout=TIMEOUT)
            channel.set_combine_stderr(True)
            channel.exec_command("plain")
            channel.sendall(b"quit\n")
            return channel.makefile("rb").read().decode()
        finally:
            transport.close()

    return visit


def libssh2_by(method: str) -> Visit:
    def visit(workshop: Workshop, name: str) -> str:
        session_of = pytest.importorskip("ssh2.session", reason="skipped: no ssh2-python")
        with socket.create_connection((HOST, workshop.port), TIMEOUT) as connected:
            session = session_of.Session()
            session.handshake(connected)
            by = {"password": "userauth_password", "prompt": "userauth_keyboardinteractive"}
            getattr(session, by[method])(name, CODE)
            channel = session.open_session()
            channel.execute("plain")
            channel.write(b"quit\n")
            return _all_of(lambda: channel.read()[1])

    return visit


def libssh_by(method: str) -> Visit:
    def visit(workshop: Workshop, name: str) -> str:
        session_of = pytest.importorskip("ssh.session", reason="skipped: no ssh-python")
        from ssh import options

        session = session_of.Session()
        session.options_set(options.HOST, HOST)
        session.options_set(options.USER, name)
        session.options_set_port(workshop.port)
        session.connect()
        if method == "password":
            session.userauth_password(name, CODE)
        else:
            session.userauth_kbdint(name, "")
            session.userauth_kbdint_setanswer(0, CODE.encode())
            session.userauth_kbdint(name, "")
        channel = session.channel_new()
        channel.open_session()
        channel.request_exec("plain")
        channel.write(b"quit\n")
        return _all_of(lambda: channel.read()[1])

    return visit


def _all_of(read: Callable[[], bytes]) -> str:
    found = b""
    while part := read():
        found += part
    return found.decode()


NODE = """
const { Client } = require('ssh2');
const [port, username, code, way] = process.argv.slice(1);
const client = new Client();
client.on('ready', () => client.exec('plain', (error, stream) => {
  if (error) throw error;
  stream.on('close', () => client.end()).pipe(process.stdout);
  stream.write('quit\\n');
}));
client.on('keyboard-interactive', (name, text, lang, prompts, answer) =>
  answer(prompts.map(() => code)));
const how = way === 'password' ? { password: code } : { tryKeyboard: true };
client.connect({ host: '127.0.0.1', port: Number(port), username, ...how });
"""


def node_by(method: str) -> Visit:
    def visit(workshop: Workshop, name: str) -> str:
        node = program("node")
        if run([node, "-e", "require('ssh2')"]):
            pytest.skip("skipped: node has no ssh2 (NODE_PATH)")
        return run([node, "-e", NODE, str(workshop.port), name, CODE, method])

    return visit


CLIENTS: dict[str, Visit] = {
    "OpenSSH, prompt": openssh("PreferredAuthentications=keyboard-interactive"),
    "OpenSSH, password": openssh("PreferredAuthentications=password"),
    "OpenSSH, ECDSA host key": openssh("HostKeyAlgorithms=ecdsa-sha2-nistp256", hosts="new_hosts"),
    "OpenSSH of 2014": openssh(
        "KexAlgorithms=curve25519-sha256@libssh.org,ecdh-sha2-nistp256",
        "Ciphers=aes128-gcm@openssh.com,aes256-ctr", "MACs=hmac-sha2-256-etm@openssh.com",
        "HostKeyAlgorithms=ssh-ed25519",
    ),
    "OpenSSH of RHEL, FIPS": openssh(
        "KexAlgorithms=ecdh-sha2-nistp256", "Ciphers=aes256-ctr,aes256-gcm@openssh.com",
        "HostKeyAlgorithms=ecdsa-sha2-nistp256", hosts="new_hosts",
    ),
    "Dropbear": dropbear,
    "PuTTY": putty,
    "paramiko, prompt": paramiko_by("prompt"),
    "paramiko, password": paramiko_by("password"),
    "paramiko, ECDSA host key": paramiko_by("password", "ssh-ed25519"),
    "libssh2, prompt": libssh2_by("prompt"),
    "libssh2, password": libssh2_by("password"),
    "libssh, prompt": libssh_by("prompt"),
    "libssh, password": libssh_by("password"),
    "node ssh2, prompt": node_by("prompt"),
    "node ssh2, password": node_by("password"),
}  # fmt: skip


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_comes_in_and_reads_the_lessons(workshop: Workshop, client: str):
    name = "".join(each for each in client.casefold() if each.isalnum())
    seen = CLIENTS[client](workshop, name)
    assert "Nabla: the lessons" in seen, seen
    assert "Your progress is saved" in seen
    workshop.wait_for_event("entered", name=name, by="code")


def test_dropbear_takes_a_terminal_too(workshop: Workshop):
    where = ["-y", "-y", "-p", str(workshop.port), f"dina@{HOST}"]
    with Terminal([program("dbclient"), *where], home=workshop.home) as terminal:
        terminal.wait_for("Workshop code:")
        terminal.type(f"{CODE}\r")
        terminal.wait_for("not started")
        assert 1049 in terminal.modes


def test_a_wrong_code_leads_to_no_other_kind_of_prompt(workshop: Workshop):
    ask, asked = workshop.home / "wrong-of-all", workshop.home / "asked"
    ask.write_text(f'#!/bin/sh\necho "$1" >> {asked}\necho wrong-code\n')
    ask.chmod(0o700)
    seen = run([*workshop.command("wrong"), "plain"], with_askpass(ask))
    assert "Permission denied (keyboard-interactive)" in seen
    assert {"Workshop code:"} == {
        each.split(") ")[-1].strip() for each in asked.read_text().splitlines()
    }


def test_the_instructor_never_comes_in_by_a_password(workshop: Workshop):
    seen = openssh("PreferredAuthentications=password,keyboard-interactive")(workshop, "instructor")
    assert "Permission denied" in seen or "not let in" in seen
    assert "the lessons" not in seen


def test_lines_in_a_terminal_are_edited_and_shown(workshop: Workshop):
    with workshop.ssh("lina", env={"TERM": "dumb"}) as terminal:
        terminal.wait_for("Workshop code:")
        terminal.type(f"{CODE}\r")
        terminal.wait_for("`quit` leaves.")
        terminal.type("first-lesx\x7f\x7f\x7f\x7f\x1b[A1\x15")
        terminal.type("quitt\x7f\r")
        terminal.wait_for("Your progress is saved")
        assert 0 == terminal.wait_for_exit()
        assert 1049 not in terminal.modes
        assert "> quit" in terminal.text


def test_a_command_with_a_terminal_is_told_to_leave_it_out(workshop: Workshop):
    done = workshop.run("corin", ("-tt",), ("ls",))
    assert 1 == done.returncode
    assert "leave the command out" in done.stdout + done.stderr


def test_a_second_session_of_a_shared_connection_is_told(workshop: Workshop, tmp_path: Path):
    shared = ("-o", f"ControlPath={tmp_path / 'c'}")
    first = Terminal(
        workshop.command("marta", "-o", "ControlMaster=yes", *shared), home=workshop.home
    )
    with first:
        first.wait_for("Workshop code:")
        first.type(f"{CODE}\r")
        first.wait_for("not started")
        done = workshop.run("marta", shared, ("plain",))
        assert 1 == done.returncode
        assert "connect again with -o ControlPath=none" in done.stderr
        first.press("f1")
        first.wait_for("Everywhere")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ana😀", "leave 😀 out"),
        ("Instructor", "looks like instructor"),
        ("instruсtor", "mixes alphabets"),
        ("1nstruct0r", "looks like instructor"),
    ],
)
def test_a_name_that_nobody_can_have_is_refused_with_a_sentence(
    workshop: Workshop, name: str, words: str
):
    seen = openssh()(workshop, name)
    assert words in seen, seen
    assert "the lessons" not in seen


def test_other_capitals_are_the_same_learner_and_both_are_told(workshop: Workshop):
    with workshop.enter("Casey") as older, workshop.enter("casey") as newer:
        newer.wait_for("This name was in use")
        assert 0 == older.wait_for_exit()
        assert "You came in from another terminal" in older.text
        assert "If it was not you, take another name" in older.text
    assert not [each for each in workshop.events if each.get("name") == "casey"]


def test_the_announced_fingerprints_are_those_of_both_keys(workshop: Workshop):
    for file in ("host_key", "host_key_ecdsa"):
        key = asyncssh.read_private_key(workshop.home / "server" / file)
        assert fingerprint(key) in workshop.said
