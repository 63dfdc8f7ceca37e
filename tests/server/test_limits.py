"""Every limit, tripped: who trips it is told or let go, and the others do not notice."""

from __future__ import annotations

import asyncio

import asyncssh
import pytest

from tests.server.clients import (
    HELP,
    IN_HELP,
    ON_MAP,
    connected,
    is_well,
    memory_of,
    raw,
    rest_of,
    terminal,
)
from tests.server.workshop import CODE, Serve, Workshop
from tutor.server.admission.authentication import _MOST_TOLD
from tutor.server.admission.fair_queue import WrongCodes
from tutor.server.admission.max_startups import MaxStartups
from tutor.server.options import Limits

MEGABYTE = 2**20


def test_a_full_workshop_says_so(serve: Serve):
    workshop = serve("--sessions", "1")
    with workshop.enter("ana"), workshop.ssh("ben") as late:
        late.wait_for("Workshop code:")
        late.type(f"{CODE}\r")
        late.wait_for("The workshop is full just now")
        assert 1 == late.wait_for_exit()


def test_who_types_nothing_for_long_is_warned_and_let_go(serve: Serve):
    workshop = serve("--idle-minutes", "0.02")
    with workshop.enter("ana") as terminal:
        terminal.wait_for("Are you still there?")
        terminal.wait_for("Nothing was typed for long")
        assert 0 == terminal.wait_for_exit()
        assert 1000 not in terminal.modes


def test_a_handshake_that_takes_too_long_is_ended(serve: Serve):
    workshop = serve("--login-seconds", "0.3")
    with raw(workshop) as connection:
        assert rest_of(connection).startswith(b"SSH-2.0-")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_who_opens_connections_and_says_nothing_shuts_nobody_out(serve: Serve, workers: str):
    workshop = serve("--per-source", "2", "--workers", workers)
    with raw(workshop) as oldest, raw(workshop), raw(workshop):
        rest_of(oldest)  # it is hung up on
        workshop.wait_for_event("rejected", why="silent too long")
        with workshop.enter("ana"):
            pass


def test_one_address_may_hold_only_so_many_who_type_the_code():
    gate, hung_up = MaxStartups(Limits(per_source=2)), []
    first = gate.begin("10.0.0.1", lambda: hung_up.append("first"))
    gate.begin("10.0.0.1", lambda: hung_up.append("second"))
    assert gate.silent_for_longest("10.0.0.1") is first
    first.has_spoken()
    oldest = gate.silent_for_longest("10.0.0.1")
    assert oldest is not None
    oldest.drop()
    assert ["second"] == hung_up
    gate.begin("10.0.0.1").has_spoken()
    assert gate.silent_for_longest("10.0.0.1") is None
    assert "too many from one address" == gate.why_not("10.0.0.1")
    assert gate.why_not("10.0.0.2") is None


async def test_who_guesses_the_code_in_numbers_waits_and_is_told_of():
    told = []
    wrong = WrongCodes(3, lambda *which: told.append(which))
    assert 0 == wrong.wait_of("10.0.0.1")
    for _ in range(6):
        wrong.add("10.0.0.1")
    assert wrong.wait_of("10.0.0.1") > 0
    assert [("10.0.0.1", 3), ("10.0.0.1", 6)] == told
    assert 0 == wrong.wait_of("10.0.0.2")


def test_from_the_full_number_at_the_prompt_on_all_are_refused(serve: Serve):
    workshop = serve("--unauthenticated-start", "2", "--unauthenticated-full", "2")
    with raw(workshop), raw(workshop), raw(workshop) as third:
        assert b"too many are at the door" in rest_of(third)


def test_a_rising_share_is_refused_between_start_and_full():
    gate = MaxStartups(Limits(sessions=10))
    shares = [gate.share_refused(waiting) for waiting in (19, 20, 30, 40)]
    assert [0.0, 0.3, 0.65, 1.0] == pytest.approx(shares)


def test_an_address_that_has_entered_holds_no_place_at_the_prompt():
    gate = MaxStartups(Limits(per_source=1))
    startup = gate.begin("10.0.0.1")
    assert gate.why_not("10.0.0.1")
    startup.end()
    startup.end()
    assert gate.why_not("10.0.0.1") is None
    assert 0 == gate.waiting


async def test_two_hundred_sessions_on_one_connection_are_one(workshop: Workshop):
    async with connected(workshop, "many") as connection:
        screen = await terminal(connection)
        for _ in range(_MOST_TOLD):
            assert 1 == (await connection.run("plain")).exit_status
        for _ in range(199 - _MOST_TOLD):
            with pytest.raises(asyncssh.ChannelOpenError, match="one session a connection"):
                await terminal(connection)
        await screen.wait_for(ON_MAP)
        assert await is_well(screen)


async def test_one_name_may_hold_only_so_many_connections(workshop: Workshop):
    async with (
        connected(workshop, "greedy"),
        connected(workshop, "greedy"),
        connected(workshop, "greedy"),
        connected(workshop, "greedy") as fourth,
    ):
        with pytest.raises(asyncssh.ChannelOpenError, match="too many connections of one name"):
            await terminal(fourth)


async def test_variables_beyond_the_limit_are_passed_over(workshop: Workshop):
    async with connected(workshop, "vars") as connection:
        variables = {"LANG": "zh_CN.UTF-8"} | {f"LC_{number}": "x" * 200 for number in range(200)}
        screen = await terminal(connection, env=variables)
        await screen.wait_for("退出".encode())


async def test_only_language_and_colours_are_taken_from_variables(workshop: Workshop):
    async with connected(workshop, "sly") as connection:
        sent = {"NABLA_LANG": "zh", "NABLA_HOME": "/", "TEXTUAL_DRIVER": "x:y", "LANG": "en_GB"}
        screen = await terminal(connection, env=sent)
        await screen.wait_for(ON_MAP)


@pytest.mark.thorough
async def test_twenty_thousand_variables_end_the_connection(workshop: Workshop):
    async with connected(workshop, "flood-vars") as flood, connected(workshop, "by3") as other:
        neighbour = await terminal(other)
        await neighbour.wait_for(ON_MAP)
        before = memory_of(workshop)
        variables = {f"LC_{number}": "x" * 200 for number in range(20_000)}
        with pytest.raises((asyncssh.Error, OSError)):
            await terminal(flood, env=variables)
        workshop.wait_for_event("rejected", why="variables")
        assert await is_well(neighbour)
        assert memory_of(workshop) - before < 15 * MEGABYTE


@pytest.mark.thorough
async def test_the_window_is_never_larger_than_can_be_painted(workshop: Workshop):
    async with connected(workshop, "wide") as connection:
        screen = await terminal(connection, (100_000, 100_000))
        await screen.wait_for(b"\x1b[120;1H")
        assert b"\x1b[121;" not in screen.seen
        for size in range(5_000):
            screen.channel.change_terminal_size(40 + size % 100_000, 100_000 - size)
        assert await is_well(screen)
        assert b"\x1b[121;" not in screen.seen


async def test_a_terminal_may_claim_any_size(workshop: Workshop):
    """The storm of them is thorough."""
    async with connected(workshop, "broad") as connection:
        screen = await terminal(connection, (100_000, 100_000))
        await screen.wait_for(b"\x1b[120;1H")
        screen.channel.change_terminal_size(0, 0)
        await screen.wait_for("here are 20×5".encode())
        assert b"\x1b[121;" not in screen.seen


async def test_malformed_keys_and_typed_window_sizes_do_nothing(workshop: Workshop):
    async with connected(workshop, "keys") as connection:
        screen = await terminal(connection)
        await screen.wait_for(ON_MAP)
        before = memory_of(workshop)
        screen.press(b"\x1b[1114112;5u\x1b[99999999999u\x1b[48;99999999;99999999;1;1t")
        screen.press(b"\x1b[<0;99999999;99999999M\xff\xfe\x1b[000000000000000000000000000000m")
        assert await is_well(screen)
        assert memory_of(workshop) - before < 30 * MEGABYTE


async def test_a_malformed_key_takes_no_key_beside_it_away(workshop: Workshop):
    async with connected(workshop, "beside") as connection:
        screen = await terminal(connection)
        await screen.wait_for(ON_MAP)
        await screen.wait_for(IN_HELP, screen.press(b"\x1b[1114112;5u" + HELP))


async def test_a_paste_that_does_not_end_is_given_up(workshop: Workshop):
    async with connected(workshop, "paste") as connection, connected(workshop, "by") as other:
        screen, neighbour = await terminal(connection), await terminal(other)
        await screen.wait_for(ON_MAP)
        await neighbour.wait_for(ON_MAP)
        before = memory_of(workshop)
        screen.press(b"\x1b[200~" + b"p" * 10 * MEGABYTE)
        assert await is_well(neighbour)
        assert memory_of(workshop) - before < 15 * MEGABYTE


async def test_a_client_that_reads_nothing_is_let_go(serve: Serve):
    workshop = serve("--stalled-seconds", "0.5")
    small = raw(workshop, SO_RCVBUF=4096)
    async with (
        connected(workshop, "deaf", sock=small) as connection,
        connected(workshop, "by") as other,
    ):
        screen = await terminal(connection, (300, 120), window=2**32 - 1)
        neighbour = await terminal(other)
        await screen.wait_for(ON_MAP)
        before = memory_of(workshop)
        connection._transport.pause_reading()
        stalled = asyncio.create_task(asyncio.to_thread(workshop.wait_for_event, "stalled"))
        while not stalled.done():
            screen.press(b"t")
            await asyncio.sleep(0.1)  # a few whole screens fill the pipe; more only cost the server
        assert memory_of(workshop) - before < 20 * MEGABYTE
        await neighbour.wait_for(IN_HELP, neighbour.press(HELP))


async def test_keys_come_no_faster_than_a_person_types(workshop: Workshop):
    """A flood waits at its sender; the neighbour's keys are heard meanwhile."""
    async with connected(workshop, "flood") as connection, connected(workshop, "by2") as other:
        screen, neighbour = await terminal(connection), await terminal(other)
        await screen.wait_for(ON_MAP)
        await neighbour.wait_for(ON_MAP)
        before = memory_of(workshop)
        screen.press(b"\x1b[B\x1b[A" * 200_000)
        assert await is_well(neighbour)
        assert memory_of(workshop) - before < 15 * MEGABYTE
