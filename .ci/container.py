"""Builds the container of a workshop, and lets a few learners take a lesson in it.

`python .ci/container.py`, from the checkout, with a Python that has asyncssh. Where no container
engine runs, it says so and is done.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import asyncssh

TREE = Path(__file__).parents[1]
FILE = TREE / "tutor" / "server" / "Containerfile"
LEARNERS = 5
CODE = "container-2345"
ENTERED = 60
"""Tries, a second apart, to reach the server that starts."""


def engine() -> str | None:
    """Return the program of an engine that answers."""
    for name in filter(shutil.which, ("podman", "docker")):
        if subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0:
            return name
    return None


def said(*command: str) -> str:
    """Return what a command prints; where it fails, so do we."""
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()


async def learn(port: int, name: str) -> None:
    """Come in by the code as a password, open the first lesson as lines, and leave."""
    for left in reversed(range(ENTERED)):
        try:
            connection = await asyncssh.connect(
                "127.0.0.1", port, username=name, password=CODE, known_hosts=None, config=None,
                client_keys=None, agent_path=None, preferred_auth="password",
            )  # fmt: skip
            break
        except (OSError, asyncssh.ConnectionLost):
            if not left:
                raise
            await asyncio.sleep(1)
    async with connection:
        done = await connection.run("plain", input="1\nquit\n")
    if "Step 1 of" not in str(done.stdout):
        raise SystemExit(f"{name} saw no lesson: {done.stdout} {done.stderr}")


async def hold_class(port: int) -> None:
    """Let all learn at once."""
    await asyncio.gather(*(learn(port, f"learner{number}") for number in range(LEARNERS)))


def main() -> int:
    """Build, try the settings, hold a class, stop."""
    program = engine()
    if program is None:
        print("no container engine runs here: the container is not built, this is skipped")
        return 0
    said(program, "build", "-t", "nabla-ci", "-f", str(FILE), str(TREE))
    print(said(program, "run", "--rm", "nabla-ci", "--check"))
    container = said(
        program, "run", "-d", "-p", "127.0.0.1::2222", "nabla-ci", "--code", CODE,
        "--stop-seconds", "1",
    )  # fmt: skip
    try:
        port = int(said(program, "port", container, "2222/tcp").rpartition(":")[2])
        asyncio.run(hold_class(port))
        said(program, "stop", "-t", "60", container)
        status = said(program, "inspect", "-f", "{{.State.ExitCode}}", container)
    finally:
        said(program, "rm", "-f", container)
    print(f"{LEARNERS} learners took a lesson; the server ended with status {status}")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
