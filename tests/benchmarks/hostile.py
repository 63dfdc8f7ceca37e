"""What hostile clients get from a workshop, and what a learner beside them feels of it.

Each attack is repeated until a learner beside it has pressed 60 keys, ten a second (one worker, on
loopback, with the attackers in a process of their own). A row says what the attackers
got, the learner's 95th percentile of key to answer during the attack and before it, and how much
memory the server's process took. Target: during at most twice before.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import multiprocessing.connection
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import asyncssh
from asyncssh.packet import String

from tests.benchmarks.report import Row
from tests.server.attacker import (
    MEGABYTE,
    Codes,
    Terminal,
    begin_exchange,
    connect,
    connect_deaf,
    learner,
    memory,
    open_terminal,
    raw,
    rest_of,
    stop_reading,
)
from tests.server.workshop import Workshop
from tutor.server.options import Limits

_PAUSE: Final = 0.1
_QUIET_KEYS: Final = 60
_LONGEST: Final = 15.0
"""Seconds after which an attack that is still held up is broken off."""
_HUGE: Final = 2**32 - 1
_BEGUN: Final = None
"""What an attacker's process says when the attack begins; at its end it says what was got."""

Attack = Callable[[int, Callable[[], None]], Awaitable[str]]
"""Takes the port, and what is to be called where the attack itself begins: most attackers come in
first, like everybody."""


async def wrong_codes(port: int, begin: Callable[[], None]) -> str:
    """500 wrong codes on one connection."""
    begin()
    client = Codes([f"wrong-{number}" for number in range(500)])
    try:
        await connect(port, "guesser", client=client)
    except asyncssh.Error as error:
        return f"{client.typed} tries, then: {error}"
    return "IN"


async def wrong_codes_over_many(port: int, begin: Callable[[], None]) -> str:
    """500 wrong codes over 100 connections."""
    begin()

    async def guess() -> bool:
        try:
            await connect(port, "guesser", client=Codes(["wrong"] * 5))
        except (OSError, asyncssh.Error):
            return False
        return True

    entered = await asyncio.gather(*(guess() for _ in range(100)))
    return f"{sum(entered)} of 100 came in"


async def many_sessions(port: int, begin: Callable[[], None]) -> str:
    """200 sessions on one connection."""
    begin()
    async with await connect(port, "mallory") as connection:
        opened = await asyncio.gather(
            *(open_terminal(connection, wait=False) for _ in range(200)), return_exceptions=True
        )
        refused = [str(each) for each in opened if isinstance(each, Exception)]
        return f"{200 - len(refused)} opened; {refused[0]}"


async def many_variables(port: int, begin: Callable[[], None]) -> str:
    """20,000 environment variables."""
    begin()
    async with await connect(port, "mallory") as connection:
        variables = {f"LC_{number}": "x" * 200 for number in range(20_000)}
        await open_terminal(connection, env=variables)
    return "a session"


async def huge_terminal(port: int, begin: Callable[[], None]) -> str:
    """A terminal of 100,000 × 100,000."""
    begin()
    async with await connect(port, "mallory") as connection:
        terminal = await open_terminal(connection, size=(100_000, 100_000))
        return f"{len(terminal.output) // 1024} KB of paint (300×120)"


async def window_storm(port: int, begin: Callable[[], None]) -> str:
    """20,000 window changes."""
    async with await connect(port, "mallory") as connection:
        terminal = await open_terminal(connection)
        begin()
        painted = len(terminal.output)
        for number in range(20_000):
            terminal.channel.change_terminal_size(20 + number % 300, 5 + number % 100)
        await terminal.answer("\x1b[B")
        await asyncio.sleep(_LONGEST / 2)
        return f"{(len(terminal.output) - painted) // 1024} KB of paint"


async def typed(port: int, begin: Callable[[], None], keys: bytes) -> str:
    """Whatever a hand cannot type."""
    async with await connect(port, "mallory") as connection:
        terminal = await open_terminal(connection)
        begin()
        terminal.channel.write(keys)
        await asyncio.sleep(1)  # what comes in one piece with a malformed key is lost with it
        await terminal.is_well()
    return "nothing; the session goes on"


async def malformed_keys(port: int, begin: Callable[[], None]) -> str:
    """Malformed keys."""
    return await typed(port, begin, b"\x1b[1114112;5u\x1b[99999999999u" * 20)


async def typed_sizes(port: int, begin: Callable[[], None]) -> str:
    """Sizes that are typed."""
    return await typed(port, begin, b"\x1b[48;99999999;99999999;1;1t" * 100)


async def endless_paste(port: int, begin: Callable[[], None]) -> str:
    """A 10 MB paste without an end."""
    async with await connect(port, "mallory") as connection:
        terminal = await open_terminal(connection)
        begin()
        terminal.channel.write(b"\x1b[200~" + b"x" * (10 * MEGABYTE))
        whole = terminal.channel.get_write_buffer_size()
        await asyncio.sleep(_LONGEST / 2)
        taken = whole - terminal.channel.get_write_buffer_size()
        connection.abort()
        return f"{taken // 1024} KB were taken in {_LONGEST / 2:g} s"


async def deaf(port: int, begin: Callable[[], None]) -> str:
    """Reads nothing, with a window of 4 GiB, and asks for paint and answers."""
    connection = await connect_deaf(port, "mallory")
    terminal = await open_terminal(connection, window=_HUGE, size=(300, 120))
    begin()
    stop_reading(connection)
    for number in range(20_000):
        connection.send_packet(80, String(b"x" * 10), b"\x01")
        if number % 200 == 0:
            terminal.channel.change_terminal_size(299 + number // 200 % 2, 120)
            await asyncio.sleep(0.06)
    await asyncio.sleep(2)
    connection.abort()
    return "no more paint; closed after --stalled-seconds"


async def endless_exchange(port: int, begin: Callable[[], None]) -> str:
    """Begins to change the keys, never ends it, and asks for answers."""
    connection = await connect(port, "mallory")
    await open_terminal(connection)
    begin()
    begin_exchange(connection)
    for number in range(40_000):
        connection.send_packet(80, String(b"x" * 10), b"\x01")
        if number % 500 == 0:
            await asyncio.sleep(0.05)
    await connection.wait_closed()
    return "closed after --login-seconds, or 10,000 answers"


async def half_open(port: int, begin: Callable[[], None]) -> str:
    """100 connections that say nothing, half a banner or a banner."""
    begin()
    said = (b"", b"SSH-2.0", b"SSH-2.0-Slow\r\n")
    waiting = [await raw(port, said[number % 3]) for number in range(100)]
    await asyncio.gather(*(rest_of(reader) for reader, _ in waiting))
    for _, writer in waiting:
        writer.close()
    return "closed after --login-seconds"


async def garbage(port: int, begin: Callable[[], None]) -> str:
    """200 connections with garbage for a banner."""
    begin()
    for _ in range(200):
        reader, writer = await raw(port, b"\x00\xff" * 5_000)
        await rest_of(reader)
        writer.close()
    return "closed at once"


async def come_and_go(port: int, begin: Callable[[], None]) -> str:
    """1,000 connections that are dropped."""
    begin()
    for _ in range(1_000):
        _, writer = await raw(port, b"SSH-2.0-Gone\r\n")
        writer.transport.abort()
    return "nothing is left of them"


ATTACKS: Final[tuple[Attack, ...]] = (
    wrong_codes, wrong_codes_over_many, many_sessions, many_variables, huge_terminal, window_storm,
    malformed_keys, typed_sizes, endless_paste, deaf,
    endless_exchange, half_open, garbage, come_and_go,
)  # fmt: skip


def run(quick: bool) -> list[Row]:
    """Return a row for each attack."""
    with tempfile.TemporaryDirectory() as folder:
        options = ("--penalty", "0.2", "--stalled-seconds", "3", "--login-seconds", "5",
                   "--again-seconds", f"{Limits().again_seconds:g}")  # fmt: skip
        workshop = Workshop(Path(folder), *options)
        try:
            return asyncio.run(_rows(workshop, ATTACKS[:3] if quick else ATTACKS))
        finally:
            workshop.close()


async def _rows(workshop: Workshop, attacks: tuple[Attack, ...]) -> list[Row]:
    async with learner(workshop.port, "neighbour") as terminal:
        return [await _row(workshop, terminal, attack) for attack in attacks]


async def _row(workshop: Workshop, terminal: Terminal, attack: Attack) -> Row:
    quiet = [await _key(terminal, number) for number in range(_QUIET_KEYS)]
    memory_before = memory(workshop)
    parent, child = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_attack, args=(attack.__name__, workshop.port, child)
    )
    process.start()
    times, during = 0, list[float]()
    while len(during) < _QUIET_KEYS:
        parent.send(True)
        times += 1
        got = await asyncio.to_thread(parent.recv)
        while got is _BEGUN:
            during.append(await _key(terminal, len(during)))
            got = parent.recv() if parent.poll() else _BEGUN
    parent.send(False)
    await asyncio.to_thread(process.join)
    grown = (memory(workshop) - memory_before) / MEGABYTE
    before_ms, during_ms = _p95(quiet) * 1e3, _p95(during) * 1e3
    return Row(
        name=f"{(attack.__doc__ or '').rstrip('.')}, {times}×",
        ours=f"p95 {during_ms:.0f} ms",
        peer=got,
        theirs=f"{grown:+.1f} MB; quiet p95 {before_ms:.0f} ms",
        ratio=f"{during_ms / before_ms:.2g}×",
        target="≤ 2×",
        reached=during_ms <= 2 * before_ms,
        ours_ms=during_ms,
        peer_ms=before_ms,
    )


async def _key(terminal: Terminal, number: int) -> float:
    await asyncio.sleep(_PAUSE)
    return await terminal.answer("\x1b[A" if number % 2 else "\x1b[B")


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _attack(name: str, port: int, pipe: multiprocessing.connection.Connection) -> None:
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # each send after the end is a warning
    attack: Attack = globals()[name]
    while pipe.recv():
        pipe.send(asyncio.run(_broken_off(attack(port, lambda: pipe.send(_BEGUN)))))


async def _broken_off(attack: Awaitable[str]) -> str:
    try:
        return await asyncio.wait_for(attack, 2 * _LONGEST)
    except (TimeoutError, OSError, asyncssh.Error) as error:
        return f"closed or held up ({type(error).__name__})"
