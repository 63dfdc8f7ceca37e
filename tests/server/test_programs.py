"""Programs of learners on the server: shut in or not at all, and few at a time."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.hostile_text import PRINTED, SHORT, Recorded, obeyed
from tests.server.attacker import until
from tests.server.workshop import Serve, Workshop
from tests.terminal import Terminal
from tutor.sandbox.protection import TRIAL, protection
from tutor.store.model import ResumePoint
from tutor.store.shared_store import open_shared_store

LESSON, STEP = "gradients/derivative", "write-secant"
SECANT = "def secant_slope(f, x, h):\n    return (f(x + h) - f(x)) / h\n"
SPY = (
    SECANT
    + """
from pathlib import Path
secret = Path("{file}")
print("can read" if secret.exists() else "sees nothing")
"""
)
ENDLESS = "while True:\n    pass\n"


@pytest.fixture
def needs_bubblewrap() -> None:
    if protection().kind != "bubblewrap":
        pytest.skip("skipped: bubblewrap not installed, or it does not work here")


def with_program(
    workshop: Workshop, name: str, program: str, env: dict[str, str] | None = None
) -> Terminal:
    """Return a learner who stands on the step with a program of their own."""
    store = open_shared_store(f"sqlite:///{workshop.home}/server/workshop.sqlite3")
    store.progress.save_resume(
        ResumePoint(
            learner=name, lesson=LESSON, step=STEP, state=_state(program), completed=9, total=15,
            done=False, at=datetime.now(UTC),
        )
    )  # fmt: skip
    assert 0 == store.close()
    terminal = workshop.enter(name, columns=120, rows=36, env=env)
    terminal.press("enter")
    terminal.wait_for("In Python")
    terminal.wait_for(program.splitlines()[-1])
    return terminal


def _state(program: str) -> dict[str, object]:
    return {"step": STEP, "steps": {STEP: {"code": program, "outcome": "open"}}}


def sandboxes(workshop: Workshop) -> int:
    """Return how many sandboxes of learners the server has begun; its own trial is none."""
    threads = Path(f"/proc/{workshop.process.pid}/task").iterdir()
    children = [pid for each in threads for pid in (each / "children").read_text().split()]
    commands = [Path(f"/proc/{each}/cmdline").read_bytes() for each in children]
    learners = [each for each in commands if not each.endswith(f"{TRIAL}\0".encode())]
    return sum(b"bwrap" in each.partition(b"\0")[0] for each in learners)


@pytest.mark.usefixtures("needs_bubblewrap")
def test_no_byte_of_a_program_or_of_a_terminal_is_obeyed_at_the_other_end(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
):
    """All that a learner's `ssh` brings, and all that comes back to it, from its own pty."""
    monkeypatch.setattr("tests.server.workshop.Terminal", Recorded)
    printed = PRINTED.encode("utf-8", "surrogatepass").hex()
    source = (
        f"p = bytes.fromhex({printed!r})\nprint(p.decode('utf-8', 'surrogatepass'))\n"
        f"import os; os.write(1, bytes(range(128, 256)))\n{SECANT}"
    )
    told = {"TERM": "xterm-256color\x1b]0;P\x07", "COLORTERM": SHORT, "LC_NAME": SHORT}
    workshop = serve()
    terminal = with_program(workshop, "ana", source, told)
    terminal.press("ctrl+r")
    terminal.wait_for(r"\x1b]0;P")
    terminal.type("\x1b]lPLANTED\x1b\\\x1bP>|PLANTED\x1b\\\x1b[?62;4c\x1b[21t\x1b[5n")  # replies
    terminal.press("ctrl+q")
    terminal.wait_for_exit()
    assert isinstance(terminal, Recorded)
    assert set() == obeyed(terminal.sent)
    refused = workshop.run("bo", (), [f"ls {SHORT}"])
    assert "only runs the tutor" in refused.stderr
    assert set() == obeyed(refused.stderr.encode())
    assert [] == workshop.noise


@pytest.mark.usefixtures("needs_bubblewrap")
def test_a_program_runs_shut_in(serve: Serve, tmp_path: Path):
    workshop = serve()
    secret = tmp_path / "secret"
    secret.write_text("the instructor's")
    with with_program(workshop, "ana", SPY.format(file=secret)) as terminal:
        terminal.press("ctrl+r")
        terminal.wait_for("sees nothing")
        terminal.wait_for("Right")
        assert "can read" not in terminal.text.replace('"can read"', "")


def test_without_bubblewrap_the_step_says_that_it_is_closed(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        workshop = serve()
    trace = tmp_path / "ran"
    with with_program(workshop, "ana", f"open({str(trace)!r}, 'w')\n" + SECANT) as terminal:
        terminal.press("ctrl+r")
        terminal.wait_for("Programs cannot be run in this workshop")
    assert shutil.which("ssh"), "the path is back"
    assert not trace.exists()


@pytest.mark.usefixtures("needs_bubblewrap")
def test_of_many_programs_few_run_at_once(serve: Serve):
    workshop = serve("--programs", "1")
    with (
        with_program(workshop, "ana", ENDLESS) as first,
        with_program(workshop, "ben", SECANT) as second,
    ):
        first.press("ctrl+r")
        first.wait_for("Esc stops it")
        asyncio.run(until(lambda: 1 == sandboxes(workshop), "its sandbox"))
        second.press("ctrl+r")
        second.wait_for("Esc stops it")
        assert 1 == sandboxes(workshop)
        first.press("escape")
        first.wait_for("Stopped")
        second.wait_for("Right")


@pytest.mark.usefixtures("needs_bubblewrap")
def test_with_its_learner_a_program_goes(serve: Serve):
    workshop = serve("--programs", "1")
    with with_program(workshop, "ana", ENDLESS) as gone:
        gone.press("ctrl+r")
        gone.wait_for("Esc stops it")
        gone.kill()
    with with_program(workshop, "ben", SECANT) as terminal:
        terminal.press("ctrl+r")
        terminal.wait_for("Right")
