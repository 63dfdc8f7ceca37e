"""Clients who came in and misbehave in their session; a learner beside them goes on learning."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from asyncssh.packet import String, UInt32

from tests.server.attacker import (
    MEGABYTE,
    Codes,
    Connection,
    Terminal,
    begin_exchange,
    connect,
    connect_deaf,
    end_of,
    learner,
    memory,
    open_terminal,
    stop_reading,
    until,
    while_learning,
)
from tests.server.workshop import CODE, Workshop

pytestmark = pytest.mark.thorough

MANY = 20_000
HUGE = 2**32 - 1


@pytest.fixture
async def neighbour(hostile: Workshop) -> AsyncIterator[Terminal]:
    """A learner who has nothing to do with it."""
    async with learner(hostile.port, "neighbour") as terminal:
        yield terminal


@pytest.fixture
async def attacker(hostile: Workshop) -> AsyncIterator[Connection]:
    """A connection that came in with the code."""
    async with await connect(hostile.port, "mallory") as connection:
        yield connection


async def test_of_two_hundred_sessions_on_one_connection_one_opens(
    hostile: Workshop, attacker: Connection, neighbour: Terminal
):
    before = memory(hostile)
    attempts = [open_terminal(attacker, wait=False) for _ in range(200)]
    results: list[object] = []

    async def attack() -> None:
        results.extend(await asyncio.gather(*attempts, return_exceptions=True))

    await while_learning(neighbour, attack())
    opened = [each for each in results if isinstance(each, Terminal)]
    refused = [each for each in results if isinstance(each, Exception)]
    assert (1, 199) == (len(opened), len(refused))
    assert {"one session a connection: connect again for another"} == {
        getattr(each, "reason", "") for each in refused
    }
    await opened[0].wait_for("not started")
    assert memory(hostile) - before < 20 * MEGABYTE


async def test_twenty_thousand_variables_are_more_than_anybody_has_time_to_send(
    hostile: Workshop, attacker: Connection, neighbour: Terminal
):
    """5 MB at 64 KB/s; the 200 of test_limits come in."""
    before = memory(hostile)
    attempt = asyncio.ensure_future(
        open_terminal(attacker, env={f"LC_{n}": "x" * 200 for n in range(MANY)}, wait=False)
    )
    for _ in range(10):
        await neighbour.answer("\x1b[B")
        await neighbour.answer("\x1b[A")
    assert not attempt.done()
    assert memory(hostile) - before < 10 * MEGABYTE
    attacker.abort()
    await asyncio.gather(attempt, return_exceptions=True)


async def test_names_and_values_of_variables_that_are_no_text_harm_nobody(
    attacker: Connection, neighbour: Terminal
):
    odd = {b"LC_\xff": b"\xfe", b"LANG": b"\x00\x1b[2J" * 9, b"TERM_PROGRAM": b"x" * 30_000}
    terminal = await open_terminal(attacker, env=odd)
    await terminal.is_well()
    await neighbour.is_well()


async def test_a_terminal_of_ten_billion_cells_gets_one_of_a_size_that_is_painted(
    hostile: Workshop, attacker: Connection, neighbour: Terminal
):
    before = memory(hostile)
    terminal = await open_terminal(attacker, size=(100_000, 100_000))
    await neighbour.is_well()
    assert memory(hostile) - before < 50 * MEGABYTE
    assert len(terminal.output) < MEGABYTE


async def test_a_storm_of_window_changes_is_few_paintings(
    hostile: Workshop, attacker: Connection, neighbour: Terminal
):
    terminal = await open_terminal(attacker)
    before, painted = memory(hostile), len(terminal.output)

    async def attack() -> None:
        for number in range(2_000):
            terminal.channel.change_terminal_size(20 + number % 300, 5 + number % 100)
        terminal.channel.change_terminal_size(90, 30)
        await terminal.answer("\x1b[B")
        await until(lambda: b"\x1b[30;1H" in terminal.output, "the last size's last row")

    await while_learning(neighbour, attack())
    assert len(terminal.output) - painted < 60 * 50_000
    assert memory(hostile) - before < 60 * MEGABYTE
    await terminal.is_well()


@pytest.mark.parametrize(
    "keys",
    [
        "\x1b[1114112;5u",
        "\x1b[99999999999u",
        "\x1b[" + "9" * 500 + "u",
        "\x1b[;;;;;u\x1b[-1;5u\x1b[1;99999999999999999999u",
        "\x1b[<99999999;99999999;99999999M\x1b[<0;0;0m\x1b[<;;M\x1b[M\x00\x00\x00",
        "\x1b[?2026;99999$y\x1b[?9999999999999;2$y\x1b[99999;99999R",
        "\x1b]0;" + "x" * 400,
        "\x1bP" + "x" * 400 + "\x1b\\",
        "\x00\x01\x02\x7f\x80\xa0\ud7ff\uffff\U0010ffff\u202e\u0300" * 10,
    ],
    ids=["no character", "no number", "500 digits", "empty", "mouse", "answers", "title", "dcs",
         "signs"],
)  # fmt: skip
async def test_keys_that_are_none_are_left_out_and_the_session_goes_on(
    hostile: Workshop, attacker: Connection, neighbour: Terminal, keys: str
):
    terminal = await open_terminal(attacker)
    terminal.channel.write(keys.encode())
    terminal.channel.write(b"\x1b")
    await neighbour.is_well()
    await terminal.answer("\x1b[B")
    assert not terminal.is_closed
    assert not [each for each in hostile.events if each["event"] == "crash"]


async def test_bytes_that_are_no_text_are_left_out_and_the_session_goes_on(attacker: Connection):
    terminal = await open_terminal(attacker)
    terminal.channel.write(bytes(range(128, 256)) * 2)
    await terminal.is_well()


async def test_a_size_that_is_typed_changes_nothing(
    hostile: Workshop, attacker: Connection, neighbour: Terminal
):
    terminal = await open_terminal(attacker)
    before = memory(hostile)
    terminal.channel.write(b"\x1b[48;99999999;99999999;1;1t" * 20)
    await terminal.is_well()
    await neighbour.is_well()
    assert b"\x1b[25;1H" not in terminal.output
    assert memory(hostile) - before < 20 * MEGABYTE


async def test_a_paste_without_an_end_is_refused_and_takes_no_memory(
    hostile: Workshop, attacker: Connection, neighbour: Terminal
):
    terminal = await open_terminal(attacker)
    before = memory(hostile)
    terminal.channel.write(b"\x1b[200~" + b"x" * (10 * MEGABYTE))
    whole = terminal.channel.get_write_buffer_size()
    taken = 200_000

    async def attack() -> None:
        await until(
            lambda: whole - terminal.channel.get_write_buffer_size() > taken, "a part of the paste"
        )

    await while_learning(neighbour, attack())
    assert memory(hostile) - before < 5 * MEGABYTE


async def test_a_paste_that_stops_without_an_end_is_refused_with_a_sentence(attacker: Connection):
    terminal = await open_terminal(attacker)
    terminal.channel.write(b"\x1b[200~" + b"x" * 70_000)
    await terminal.wait_for("nothing of it was taken")
    await terminal.is_well()


async def test_requests_by_the_thousand_whose_answers_nobody_reads_take_no_memory(
    hostile: Workshop, neighbour: Terminal
):
    connection = await connect_deaf(hostile.port, "mallory")
    terminal = await open_terminal(connection, window=HUGE)
    before = memory(hostile)
    stop_reading(connection)

    async def attack() -> None:
        for _ in range(MANY):
            connection.send_packet(80, String(b"x" * 10), b"\x01")
        for number in range(30):
            await neighbour.answer("\x1b[B" if number % 2 else "\x1b[A")

    try:
        await attack()
        assert memory(hostile) - before < 10 * MEGABYTE
        await neighbour.is_well()
    finally:
        connection.abort()
        await end_of(connection)
    assert not terminal.status


async def test_requests_within_an_exchange_of_keys_that_never_ends_take_no_memory(
    hostile: Workshop, neighbour: Terminal
):
    """Its answers wait where no write buffer shows them."""
    connection = await connect(hostile.port, "mallory")
    await open_terminal(connection)
    before, seen = memory(hostile), len(hostile.events)
    begin_exchange(connection)

    def is_let_go() -> bool:
        return any(each.get("why") == "key exchange" for each in hostile.events[seen:])

    async def attack() -> None:
        for _ in range(2 * MANY):
            connection.send_packet(80, String(b"x" * 10), b"\x01")
        await until(is_let_go, "the end of the exchange")

    await while_learning(neighbour, attack())
    assert memory(hostile) - before < 15 * MEGABYTE
    connection.abort()


async def test_a_client_that_stops_reading_is_let_go(hostile: Workshop, neighbour: Terminal):
    connection = await connect_deaf(hostile.port, "mallory")
    terminal = await open_terminal(connection, window=HUGE, size=(300, 120))
    before = memory(hostile)
    seen = len(hostile.events)
    stop_reading(connection)

    def is_let_go() -> bool:
        return any(each["event"] == "stalled" for each in hostile.events[seen:])

    async def attack() -> None:
        size = 0
        while not is_let_go():
            size += 1
            terminal.channel.change_terminal_size(299 + size % 2, 120)
            await asyncio.sleep(0.06)

    await while_learning(neighbour, attack())
    assert memory(hostile) - before < 30 * MEGABYTE
    connection.abort()


async def test_a_connection_without_a_session_is_closed(hostile: Workshop):
    client = Codes([CODE])
    await end_of(await connect(hostile.port, "idle", client=client))
    assert "this server only runs the tutor" in str(client.end)


async def test_a_connection_whose_session_is_over_is_closed(hostile: Workshop):
    connection = await connect(hostile.port, "quitter")
    terminal = await open_terminal(connection)
    terminal.channel.close()
    await end_of(connection)
    assert terminal.is_closed


@pytest.mark.parametrize("request_name", ["shell", "pty-req", "exec"])
async def test_a_second_request_in_a_session_starts_nothing(
    hostile: Workshop, attacker: Connection, request_name: str
):
    seen = len(hostile.events)
    terminal = await open_terminal(attacker)
    more: dict[str, Callable[[], tuple[bytes, ...]]] = {
        "shell": lambda: (),
        "exec": lambda: (String(b"id"),),
        "pty-req": lambda: (
            String(b"dumb"), *map(UInt32, (10**5, 10**5, 0, 0)), String(b""),
        ),
    }  # fmt: skip
    for _ in range(50):
        terminal.channel._send_request(request_name.encode(), *more[request_name]())
    await terminal.is_well()
    sessions = [each for each in hostile.events[seen:] if each["event"] == "session"]
    assert 1 == len(sessions)
