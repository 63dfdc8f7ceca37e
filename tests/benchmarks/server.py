"""A workshop: what a session costs, how soon a key is answered, how a class of sixty comes in.

All learners come from this one process, whose own CPU is told with the rows; the baseline is a
process for each session, the peer textish with the same app (without code, database and limits:
it has none of them), where it is installed: it needs Python 3.12.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypeAlias

import asyncssh

from tests.benchmarks.report import Row
from tests.server.clients import ON_MAP, Screen, Typist, terminal
from tests.server.workshop import CODE, Workshop
from tests.terminal import Terminal

_SIZE: Final = (120, 36)
_LESSON: Final = b"Goal"
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_MEGABYTE: Final = 2**20
_HOLDERS: Final = 8
_ASKED: Final = 20
_OTHERS: Final = 0.3
"""Cores that others may take of the machine while times are measured."""

_Leave: TypeAlias = Callable[[], Awaitable[None]]


def run(quick: bool) -> list[Row]:
    """Return the rows of the workshop."""
    return asyncio.run(_run(10 if quick else 60, 5.0 if quick else 20.0))


async def _run(learners: int, seconds: float) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as home:
        workshop = Workshop(Path(home) / "one", "--workers", "1", "--penalty", "0")
        try:
            rows += await _one_worker(workshop, min(learners, 20), Path(home))
        finally:
            workshop.close()
        workshop = Workshop(Path(home) / "two", "--workers", "2")
        try:
            workshop.wait_for_event("worker ready", worker=1)
            workshop.wait_for_event("worker ready", worker=2)
            rows += await _class(workshop, learners, seconds)
        finally:
            workshop.close()
    return rows


@dataclass(frozen=True, slots=True)
class _Costs:
    """What one more session costs, over a server in which somebody was before."""

    memory: float
    """Bytes on the lesson screen."""
    cpu: float
    """Seconds to open."""


async def _costs(pid: int, port: int, learners: int) -> tuple[_Costs, list[Screen], _Leave]:
    """Let learners come in and open a lesson; return what they cost, and them."""
    connections, screens = await _arrive(port, 1, 0.0)
    await _open_lesson(screens[0])
    await asyncio.sleep(1)
    await _leave(connections)
    await asyncio.sleep(2)
    memory, cpu = memory_of_all([pid]), cpu_of([pid])
    connections, screens = await _arrive(port, learners, 0.0)
    opened = cpu_of([pid])
    for each in screens:
        await _open_lesson(each)
    await asyncio.sleep(1)
    costs = _Costs((memory_of_all([pid]) - memory) / learners, (opened - cpu) / learners)
    return costs, screens, lambda: _leave(connections)


async def _one_worker(workshop: Workshop, learners: int, home: Path) -> list[Row]:
    ours, screens, leave = await _costs(workshop.process.pid, workshop.port, learners)
    sent = []
    for _ in range(10):
        before = screens[0].press(b"\x1b[D")
        await asyncio.sleep(0.3)
        sent.append(len(screens[0].seen) - before)
    if learners > _HOLDERS:
        shares = await _shares(workshop.process.pid, screens[: _HOLDERS + 1])
    else:
        shares = []
    await leave()
    alone = _process_memory(home) / _MEGABYTE
    a_session = ours.memory / _MEGABYTE
    return [
        *await _against_textish(ours, learners, home),
        _row("memory of a process a session (baseline)", "MB", alone, None),
        _row("times less than a process a session", "×", alone / a_session, 15, more=True),
        _row("bytes a parameter change at 120×36", "KB", statistics.median(sent) / 1024, 3),
        *shares,
    ]


async def _shares(pid: int, screens: Sequence[Screen]) -> list[Row]:
    """Return what those who hold a key down cost one who presses now and then."""
    *holders, asker = screens
    quiet = await _ask(asker)
    is_over, machine = asyncio.Event(), _Machine([pid])
    holding = [asyncio.create_task(_hold(each, is_over)) for each in holders]
    await asyncio.sleep(1)
    painted = sum(len(each.seen) for each in holders)
    busy = await _ask(asker)
    painted = sum(len(each.seen) for each in holders) - painted
    is_over.set()
    note = machine.note()
    await asyncio.gather(*holding)
    p50, p95 = 1000 * statistics.median(busy), 1000 * statistics.quantiles(busy, n=20)[-1]
    times = _row(
        f"key → painted beside {len(holders)} who hold one down, p50 against quiet "
        f"({p50:.0f} ms, p95 {p95:.0f} ms; holders {painted / 1024:.0f} KB; {note})",
        "×", statistics.median(busy) / statistics.median(quiet), 2,
    )  # fmt: skip
    return [times if machine.is_ours else replace(times, reached=None)]


async def _ask(screen: Screen) -> list[float]:
    """Return the seconds from some keys, each pressed after a while, to their pictures."""
    found: list[float] = []
    for count in range(_ASKED):
        began, before = time.perf_counter(), screen.press(b"\x1b[D" if count % 2 else b"\x1b[C")
        await screen.wait_for(lambda seen: len(seen) > 100, before)
        found.append(time.perf_counter() - began)
        await asyncio.sleep(0.5)
    return found


async def _hold(screen: Screen, is_over: asyncio.Event) -> None:
    """Hold an arrow key down, half a second each way: 30 keys a second."""
    count = 0
    while not is_over.is_set():
        screen.press(b"\x1b[D" if count // 15 % 2 else b"\x1b[C")
        count += 1
        await asyncio.sleep(1 / 30)


class _Machine:
    """What CPU the machine, the server and this process take from now on."""

    def __init__(self, pids: Sequence[int]) -> None:
        self._pids = pids
        self._before = self._now()

    def _now(self) -> tuple[float, float, float, float]:
        fields = [int(each) for each in Path("/proc/stat").read_text().split()[1:9]]
        busy = (sum(fields) - fields[3] - fields[4]) / _TICKS
        return time.perf_counter(), busy, cpu_of(self._pids), time.process_time()

    def _taken(self) -> tuple[float, float, float]:
        at, *before = self._before
        now, *after = self._now()
        taken = [(new - old) / (now - at) for new, old in zip(after, before, strict=True)]
        return taken[0] - taken[1] - taken[2], taken[1], taken[2]

    @property
    def is_ours(self) -> bool:
        """Whether others leave us the machine: else a time says little."""
        return self._taken()[0] < _OTHERS

    def note(self) -> str:
        """Return what each takes, in cores."""
        others, server, own = self._taken()
        words = f"cores: server {server:.2f}, client {own:.2f}, others {others:.2f}"
        return words if others < _OTHERS else f"BUSY MACHINE, {words}"


async def _against_textish(ours: _Costs, learners: int, home: Path) -> list[Row]:
    """Return what a session costs beside textish with the same app, where it can be had."""
    theirs = await _textish(learners, home) if find_spec("textish") else None
    return [
        _beside(f"memory a session, lesson screen {_SIZE[0]}×{_SIZE[1]}", "MB", 2.5,
                ours.memory / _MEGABYTE, theirs and theirs.memory / _MEGABYTE),
        _beside("CPU to open a session", "ms", 150, 1000 * ours.cpu, theirs and 1000 * theirs.cpu),
    ]  # fmt: skip


async def _textish(learners: int, home: Path) -> _Costs:
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks._textish_app", str(port), str(home / "textish_key"),
        cwd=Path(__file__).parents[2], stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await _until_answered(port)
        costs, _, leave = await _costs(process.pid, port, learners)
        await leave()
        return costs
    finally:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


async def _until_answered(port: int) -> None:
    """Wait until somebody listens there."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


async def _class(workshop: Workshop, learners: int, seconds: float) -> list[Row]:
    pids = [int(str(each["pid"])) for each in workshop.events if each["event"] == "worker ready"]
    began = time.perf_counter()
    connections, screens = await _arrive(workshop.port, learners, 5.0, at_prompt=10.0)
    arrived = time.perf_counter() - began - 10.0
    for each in screens:
        await _open_lesson(each)
    await asyncio.sleep(2)
    used, ours, began = cpu_of(pids), time.process_time(), time.perf_counter()
    await asyncio.sleep(seconds)
    idle = 100 * (cpu_of(pids) - used) / (time.perf_counter() - began)
    found: list[float] = []
    ours, began = time.process_time(), time.perf_counter()
    await asyncio.gather(
        *(_turn(each, k / learners, seconds, found) for k, each in enumerate(screens))
    )
    own = 100 * (time.process_time() - ours) / (time.perf_counter() - began)
    p95 = 1000 * statistics.quantiles(found, n=20)[-1]
    await _leave(connections)
    note = f"{learners} learners, two workers; client's own CPU {own:.0f} % of a core"
    return [
        _row(f"key → painted, p95 ({note})", "ms", p95, 60),
        _row(f"idle CPU of {learners} sessions", "% core", idle, 1.5),
        _row(f"{learners} arrive in 5 s after 10 s at the prompt", "s", arrived, 20),
    ]


async def _turn(screen: Screen, offset: float, seconds: float, found: list[float]) -> None:
    """Turn the parameter once a second, to and fro."""
    await asyncio.sleep(offset)
    for count in range(int(seconds)):
        began = time.perf_counter()
        before = screen.press(b"\x1b[D" if count % 2 else b"\x1b[C")
        await screen.wait_for(lambda seen: len(seen) > 100, before)
        found.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, 1 - found[-1]))


class _Slow(Typist):
    """Stays at the prompt for a while."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def kbdint_challenge_received(self, *_: object) -> list[str]:  # type: ignore[override]
        await asyncio.sleep(self._seconds)
        return [CODE]


async def _arrive(
    port: int, learners: int, within: float, at_prompt: float = 0.0
) -> tuple[list[asyncssh.SSHClientConnection], list[Screen]]:
    """Let learners come in, all within a time; return when all are in the tutor."""

    async def come(number: int) -> tuple[asyncssh.SSHClientConnection, Screen]:
        await asyncio.sleep(within * number / learners)
        connection, _ = await asyncssh.create_connection(
            lambda: _Slow(at_prompt), "127.0.0.1", port, username=f"learner{number}",
            known_hosts=None, config=None, agent_path=None, client_keys=None,
            preferred_auth="keyboard-interactive",
        )  # fmt: skip
        screen = await terminal(connection, _SIZE)
        await screen.wait_for(ON_MAP)
        return connection, screen

    came = await asyncio.gather(*(come(number) for number in range(learners)))
    return [each[0] for each in came], [each[1] for each in came]


async def _open_lesson(screen: Screen) -> None:
    await screen.wait_for(_LESSON, screen.press(b"\r"))


async def _leave(connections: Sequence[asyncssh.SSHClientConnection]) -> None:
    for each in connections:
        each.abort()
        await each.wait_closed()


def _process_memory(home: Path) -> float:
    """Return the memory of the same screen in a process of its own."""
    command = [sys.executable, "-m", "tutor", "run", "1"]
    with Terminal(command, home=home, columns=_SIZE[0], rows=_SIZE[1]) as alone:
        alone.wait_for("Goal")
        return memory_of_all([alone.process.pid])


def memory_of_all(pids: Sequence[int]) -> float:
    """Return the bytes that are in memory for these processes alone, or in proportion."""
    total = 0
    for pid in pids:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 1024 * total


def cpu_of(pids: Sequence[int]) -> float:
    """Return the seconds of CPU that processes have used."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def _beside(name: str, unit: str, target: float, ours: float, theirs: float | None) -> Row:
    """Return a row with the peer's number, or why there is none."""
    row = _row(name, unit, ours, target)
    if theirs is None:
        return replace(row, peer="textish", theirs="not measured: needs textish on Python 3.12")
    return replace(
        row, peer="textish", theirs=f"{theirs:.4g} {unit}", ratio=f"{ours / theirs:.3g}× as much"
    )


def _row(name: str, unit: str, ours: float, target: float | None, *, more: bool = False) -> Row:
    sign = "≥" if more else "≤"
    reached = None if target is None else (ours >= target if more else ours <= target)
    return Row(
        name=name, ours=f"{ours:.4g} {unit}", peer="", theirs="", ratio="",
        target="" if target is None else f"{sign} {target:g} {unit}", reached=reached,
    )  # fmt: skip
