"""Clients who have not come in: they guess, they stall, they talk nonsense, they come and go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncssh
import pytest
from asyncssh.auth import MSG_USERAUTH_INFO_RESPONSE
from asyncssh.packet import String, UInt32

from tests.server.attacker import (
    LOOPBACK,
    MEGABYTE,
    Codes,
    Connection,
    Terminal,
    connect,
    learner,
    memory,
    raw,
    rest_of,
    sockets,
    stop_reading,
    until,
    userauth_request,
    while_learning,
)
from tests.server.workshop import CODE, Workshop
from tests.terminal import TIMEOUT

pytestmark = pytest.mark.thorough

TRIES = 6
BANNER = b"SSH-2.0-Attacker\r\n"
KBDINT = b"keyboard-interactive", String(""), String("")


@pytest.fixture
async def neighbour(hostile: Workshop) -> AsyncIterator[Terminal]:
    """A learner who has nothing to do with it."""
    async with learner(hostile.port, "neighbour") as terminal:
        yield terminal


class Prompted(asyncssh.SSHClient):
    """Stands at the prompt, from where a test goes on by itself."""

    def __init__(self) -> None:
        self.connection: Connection
        self.is_prompted = False
        self.is_lost = False
        self.why: Exception | None = None

    def connection_made(self, conn: Connection) -> None:
        """Keep the connection."""
        self.connection = conn

    def connection_lost(self, exc: Exception | None) -> None:
        """Keep the reason."""
        self.is_lost, self.why = True, exc

    def kbdint_auth_requested(self) -> str:
        """Ask for the prompt."""
        return ""

    async def kbdint_challenge_received(
        self,
        name: str,  # noqa: ARG002 - asyncssh's signature, here and below
        instructions: str,  # noqa: ARG002
        lang: str,  # noqa: ARG002
        prompts: list[tuple[str, bool]],  # noqa: ARG002
    ) -> list[str]:
        """Say nothing, as long as the connection lasts."""
        self.is_prompted = True
        await asyncio.Event().wait()
        return []


async def to_prompt(port: int, name: str) -> Prompted:
    """Connect, up to the prompt for the code."""
    client = Prompted()
    options = asyncssh.SSHClientConnectionOptions(
        username=name, known_hosts=None, config=None, client_keys=None, agent_path=None,
        client_factory=lambda: client,
    )  # fmt: skip
    loop = asyncio.get_running_loop()
    await loop.create_connection(
        lambda: asyncssh.SSHClientConnection(loop, options), LOOPBACK, port
    )
    await until(lambda: client.is_prompted or client.is_lost, "the prompt")
    return client


def response(client: Prompted, code: str) -> None:
    """Answer the prompt, without waiting for anything."""
    client.connection.send_packet(MSG_USERAUTH_INFO_RESPONSE, UInt32(1), String(code))


async def test_of_five_hundred_wrong_codes_on_one_connection_six_are_looked_at(
    hostile: Workshop, neighbour: Terminal
):
    client = Codes([f"wrong-{number}" for number in range(500)])

    async def attack() -> None:
        with pytest.raises(asyncssh.Error):
            await connect(hostile.port, "guesser", client=client)

    await while_learning(neighbour, attack())
    assert TRIES == client.typed


async def test_wrong_codes_sent_all_at_once_are_six_as_well(hostile: Workshop, neighbour: Terminal):
    seen = len(hostile.events)
    client = await to_prompt(hostile.port, "guesser")
    for number in range(500):
        response(client, f"wrong-{number}")
    response(client, CODE)
    await until(lambda: client.is_lost, "the end of the connection")
    await neighbour.is_well()

    def logged(field: str, value: str) -> bool:
        return any(each.get(field) == value for each in hostile.events[seen:])

    await until(lambda: logged("event", "not entered"), "its end in the log")
    assert logged("why", "tries") or logged("reason", "ProtocolError")  # not asked for so many
    assert not logged("event", "entered")


async def test_wrong_codes_over_many_connections_let_nobody_in_and_others_learn(
    hostile: Workshop, neighbour: Terminal
):
    before, seen = memory(hostile), len(hostile.events)

    async def guess() -> None:
        client = Codes([f"wrong-{number}" for number in range(TRIES)])
        with pytest.raises(asyncssh.Error):
            await connect(hostile.port, "guesser", client=client)

    async def attack() -> None:
        for _ in range(3):
            await asyncio.gather(*(guess() for _ in range(10)))

    await while_learning(neighbour, attack())
    names = {each.get("name") for each in hostile.events[seen:] if each["event"] == "entered"}
    assert "guesser" not in names
    assert memory(hostile) - before < 20 * MEGABYTE


async def test_the_code_does_not_open_another_name_that_was_given_meanwhile(hostile: Workshop):
    seen = len(hostile.events)
    client = await to_prompt(hostile.port, "mallory")
    response(client, CODE)
    response(client, "wrong")
    userauth_request(client.connection, "instructor", *KBDINT)
    response(client, CODE)
    await until(
        lambda: any(each.get("why") == "name" or each["event"] == "entered"
                    for each in hostile.events[seen:]),
        "an answer",
    )  # fmt: skip
    client.connection.abort()
    names = {each["name"] for each in hostile.events[seen:] if each["event"] == "entered"}
    assert names <= {"mallory"}


async def test_a_storm_of_names_and_methods_ends_the_connection(
    hostile: Workshop, neighbour: Terminal
):
    client = await to_prompt(hostile.port, "many")
    for number in range(200):
        userauth_request(client.connection, f"name{number}", *KBDINT)
    await until(lambda: client.is_lost, "the end of the connection")
    await neighbour.is_well()


async def test_requests_whose_answers_nobody_reads_take_no_memory_before_the_code(
    hostile: Workshop, neighbour: Terminal
):
    client = await to_prompt(hostile.port, "deaf")
    before, seen = memory(hostile), len(hostile.events)
    stop_reading(client.connection)

    def ended() -> list[dict[str, object]]:
        return [each for each in hostile.events[seen:] if each["event"] == "not entered"]

    async def attack() -> None:
        for _ in range(20_000):
            userauth_request(client.connection, "deaf", b"none")
        await until(lambda: len(ended()) > 0, "the end of the time to come in")

    await while_learning(neighbour, attack())
    assert memory(hostile) - before < 10 * MEGABYTE
    client.connection.abort()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (" ", "Come in under a name"),
        ("instructor", "instructor's key alone"),
        (" Ｉｎｓｔｒｕｃｔｏｒ ".casefold(), "instructor's key alone"),
    ],
)
async def test_names_that_nobody_can_have_are_refused_with_a_sentence(
    hostile: Workshop, name: str, words: str
):
    client = Codes([CODE])
    with pytest.raises(asyncssh.Error):
        await connect(hostile.port, name, client=client)
    assert words in client.banner
    assert 0 == client.typed


@pytest.mark.parametrize(
    "name",
    [b"\xff\xfe", b"ana\x00", b"ana\x1b[2J", "ana\u202e".encode(), b"x" * 5_000],
    ids=["no text", "nul", "control", "bidi", "long"],
)  # fmt: skip
async def test_names_that_are_no_names_get_a_closed_connection(
    hostile: Workshop, neighbour: Terminal, name: bytes
):
    client = await to_prompt(hostile.port, "odd")
    userauth_request(client.connection, name, *KBDINT)
    await until(lambda: client.is_lost, "the end of the connection")
    await neighbour.is_well()


async def test_a_long_name_is_kept_short(hostile: Workshop):
    async with learner(hostile.port, "long" * 200):
        name = hostile.wait_for_event("session", name="long" * 8)["name"]
    assert 32 == len(str(name))


@pytest.mark.parametrize(
    "data",
    [
        b"\x00" * 100_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 500 + b"\n",
        b"SSH-1.5-Old\r\n",
        b"SSH-2.0-" + b"x" * 10_000 + b"\r\n",
        b"hello\r\n" * 3_000,
        BANNER + b"\xff\xff\xff\xff" * 1_000,
        BANNER + b"\x00\x00\x00\x00\x00" * 1_000,
        BANNER + b"\x00\x00\x00\x0c\x0a\x15" + b"\x00" * 10,
    ],
    ids=["nought", "http", "tls", "ssh1", "long", "lines", "huge packet", "empty packets",
         "newkeys"],
)  # fmt: skip
async def test_garbage_instead_of_a_handshake_gets_a_closed_connection(
    hostile: Workshop, neighbour: Terminal, data: bytes
):
    before = memory(hostile)
    reader, writer = await raw(hostile.port)
    answer = asyncio.ensure_future(rest_of(reader))
    writer.write(data)
    got = await answer
    writer.close()
    assert got[:80].startswith(b"SSH-2.0-Nabla") or not got
    assert len(got) < 10_000
    await neighbour.is_well()
    assert memory(hostile) - before < 10 * MEGABYTE


@pytest.mark.parametrize("said", [b"", b"SSH-2.0", BANNER], ids=["nothing", "half", "banner"])
async def test_who_goes_no_further_is_sent_away_when_the_time_to_come_in_is_over(
    hostile: Workshop, neighbour: Terminal, said: bytes
):
    waiting = [await raw(hostile.port, said) for _ in range(30)]
    await neighbour.is_well()
    async with asyncio.timeout(TIMEOUT):
        await asyncio.gather(*(rest_of(reader) for reader, _ in waiting))
    for _, writer in waiting:
        writer.close()


async def test_a_handshake_one_byte_at_a_time_is_sent_away_as_well(
    hostile: Workshop, neighbour: Terminal
):
    reader, writer = await raw(hostile.port)
    end = asyncio.ensure_future(rest_of(reader))
    for byte in BANNER * 1_000:
        if end.done() or writer.is_closing():
            break
        writer.write(bytes([byte]))
        await asyncio.sleep(0.05)
    await end
    writer.close()
    await neighbour.is_well()


async def test_connections_that_come_and_go_leave_nothing_behind(
    hostile: Workshop, neighbour: Terminal
):
    open_before, before = sockets(hostile), memory(hostile)

    async def come_and_go(number: int) -> None:
        _, writer = await raw(hostile.port, BANNER[: number % (len(BANNER) + 1)])
        writer.transport.abort()

    async def attack() -> None:
        for first in range(0, 200, 20):
            await asyncio.gather(*(come_and_go(first + number) for number in range(20)))

    await while_learning(neighbour, attack())
    await until(lambda: sockets(hostile) <= open_before, "the end of the sockets")
    assert memory(hostile) - before < 15 * MEGABYTE
    async with learner(hostile.port, "after") as terminal:
        await terminal.is_well()
