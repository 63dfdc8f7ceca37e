"""A workshop that runs, and learners who come in with the real OpenSSH client in a terminal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Condition, Thread
from typing import IO, Final

import tests.warm
from tests.terminal import TIMEOUT, Terminal

CODE: Final = "test-2345"
_TREE: Final = Path(__file__).parents[2]
_PORT: Final = re.compile(r"-p (\d+)")


class Workshop:
    """`nabla serve` on a free port of loopback, with its log."""

    def __init__(
        self,
        home: Path,
        *options: str,
        code: str | None = CODE,
        path: Path | None = None,
        pins: bool = False,
    ) -> None:
        """`path` comes first where Python looks for modules; without `pins` names are free."""
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "tutor", "serve", "--port", "0", "--log", "json"]
        command += ["--folder", str(home / "server"), *([] if code is None else ["--code", code])]
        command += [] if pins else ["--no-pin"]
        for option, value in (("--workers", "1"), ("--again-seconds", "0")):
            command += [] if option in options else [option, value]
        self.process, self._stdout, self._stderr = _started(
            [*command, *options], _server_environment(home, path)
        )
        self.events: list[dict[str, object]] = []
        """What the server has logged."""
        self.noise: list[str] = []
        """What else came on its stderr: there should be nothing."""
        self._news = Condition()
        self._reader = Thread(target=self._read_log, daemon=True)
        self._reader.start()
        self.said = self._read_announcement()
        """What the instructor sees."""
        found = _PORT.search(self.said)
        assert found, self.said + "".join(self.noise)
        self.port = int(found[1])
        self.known_hosts = home / "known_hosts"
        self.known_hosts.write_text(self.said.rpartition("known_hosts:")[2].strip() + "\n")

    def _read_announcement(self) -> str:
        lines = []
        for line in self._stdout:
            lines.append(line)
            if "known_hosts" in line:
                break
        return "".join(lines)

    def _read_log(self) -> None:
        for line in self._stderr:
            with self._news:
                try:
                    self.events.append(json.loads(line))
                except ValueError:
                    self.noise.append(line)
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    @property
    def database(self) -> str:
        """The URL of its own database."""
        return f"sqlite:///{self.home / 'server' / 'workshop.sqlite3'}"

    def wait_for_event(self, what: str, count: int = 1, **fields: object) -> dict[str, object]:
        """Return the event, the `count`-th of its kind, when it is logged."""

        def found() -> list[dict[str, object]]:
            return [
                each for each in self.events
                if each["event"] == what and fields.items() <= each.items()
            ]  # fmt: skip

        with self._news:
            assert self._news.wait_for(lambda: len(found()) >= count, TIMEOUT), (
                f"{what} {fields} was not logged: {self.events[-20:]} {self.noise}"
            )
            return found()[count - 1]

    def wait_until(self, holds: Callable[[list[dict[str, object]]], bool]) -> None:
        """Wait until the log is such."""
        with self._news:
            assert self._news.wait_for(lambda: holds(self.events), TIMEOUT), self.events[-20:]

    def command(self, name: str = "ana", *options: str, port: int | None = None) -> list[str]:
        """Return an ssh command that trusts no server but this one and takes no key by itself."""
        return [
            "ssh", "-F", "none", "-p", str(port or self.port),
            "-o", "StrictHostKeyChecking=yes", "-o", f"UserKnownHostsFile={self.known_hosts}",
            "-o", "IdentityAgent=none", "-o", "IdentitiesOnly=yes",
            *options, f"{name}@127.0.0.1",
        ]  # fmt: skip

    def ssh(
        self,
        name: str = "ana",
        *options: str,
        columns: int = 80,
        rows: int = 24,
        env: dict[str, str] | None = None,
        port: int | None = None,
    ) -> Terminal:
        """Connect, up to the prompt for the code."""
        sent = [f"SendEnv={each}" for each in ("LANG", "LC_*", "COLORTERM")]
        asked = [part for each in sent for part in ("-o", each)]
        return Terminal(
            self.command(name, *asked, *options, port=port),
            home=self.home, columns=columns, rows=rows, env=env,
        )  # fmt: skip

    def enter(self, name: str = "ana", *options: str, **settings: object) -> Terminal:
        """Connect, type the code and wait for the map."""
        terminal = self.ssh(name, *options, **settings)  # type: ignore[arg-type]
        terminal.wait_for("Workshop code:")
        terminal.type(f"{CODE}\r")
        terminal.wait_for(on_map)
        return terminal

    def run(
        self, name: str, options: Sequence[str], command: Sequence[str] = (), **settings: object
    ) -> subprocess.CompletedProcess[str]:
        """Run the ssh client without a terminal, to its end, with the code at hand."""
        ask = self.home / "askpass"
        ask.write_text(f"#!/bin/sh\necho {CODE}\n")
        ask.chmod(0o700)
        return subprocess.run(
            [*self.command(name, *options), *command],
            capture_output=True, text=True, timeout=TIMEOUT, check=False,
            env=with_askpass(ask), start_new_session=True, **settings,  # type: ignore[call-overload]
        )  # fmt: skip

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop the server and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(TIMEOUT)
        finally:
            self.close()

    def close(self) -> None:
        """End the server, whatever it does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join()
        for stream in (self._stdout, self._stderr):
            if stream is not None:
                stream.close()


def on_map(terminal: Terminal) -> bool:
    """Whether the course's map, with the learner's progress, is on the screen."""
    words = ("not started", "未开始", "in progress", "done")
    return 1049 in terminal.modes and any(each in terminal.text for each in words)


def with_askpass(ask: Path) -> dict[str, str]:
    """Return an environment in which ssh takes the code from a program."""
    return {
        "PATH": os.environ["PATH"], "HOME": str(ask.parent), "DISPLAY": ":0",
        "SSH_ASKPASS": str(ask), "SSH_ASKPASS_REQUIRE": "force", "LANG": "C.UTF-8",
    }  # fmt: skip


def _started(
    command: Sequence[str], environment: Mapping[str, str]
) -> tuple[tests.warm.Process | subprocess.Popen[str], IO[str], IO[str]]:
    """Return the server, what it prints, and its log."""
    (out, its_out), (err, its_err) = os.pipe(), os.pipe()
    process: tests.warm.Process | subprocess.Popen[str]
    try:
        if tests.warm.can_start(environment):
            nothing = os.open(os.devnull, os.O_RDONLY)
            process = tests.warm.start(command[3:], environment, None, (nothing, its_out, its_err))
            os.close(nothing)
        else:
            process = subprocess.Popen(
                command, stdout=its_out, stderr=its_err, env=environment, start_new_session=True
            )
    finally:
        os.close(its_out)
        os.close(its_err)
    return process, os.fdopen(out, encoding="utf-8"), os.fdopen(err, encoding="utf-8")


def _server_environment(home: Path, path: Path | None) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "NABLA_HOME": str(home / "nabla"),
        "NABLA_LANG": "en",
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(map(str, [*([path] if path else []), _TREE])),
    }


Serve = Callable[..., Workshop]
"""Starts a workshop with options of the command line; it ends with the test."""
