"""The limits of those who come in: wrong codes, keys, silence, a crowd at once."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

import asyncssh
import pytest

from tests.server.attacker import begin_exchange
from tests.server.clients import (
    ON_MAP,
    Typist,
    connect_by_key,
    connected,
    is_well,
    raw,
    rest_of,
    terminal,
)
from tests.server.workshop import Serve, Workshop


async def test_a_wrong_code_waits_and_nobody_else_does(serve: Serve):
    workshop = serve("--penalty", "3600")
    wrong = asyncio.create_task(_enter(workshop, "guesser", Typist("wrong-code", most=2)))
    async with connected(workshop, "ana") as connection:
        screen = await terminal(connection)
        await screen.wait_for(ON_MAP)
        assert await is_well(screen)
    assert not wrong.done()
    wrong.cancel()
    await asyncio.gather(wrong, return_exceptions=True)


async def _enter(workshop: Workshop, name: str, typist: Typist) -> None:
    async with connected(workshop, name, typist):
        pass


async def test_who_offers_too_many_keys_is_sent_away(serve: Serve, tmp_path: Path):
    keys = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(10)]
    allowed = tmp_path / "allowed.pub"
    keys[0].write_public_key(allowed)
    workshop = serve(
        "--auth", "key", "--key-offers", "3", "--tries", "50", "--keys", str(allowed), code=None
    )
    with pytest.raises(asyncssh.PermissionDenied, match="key offers"):
        await connect_by_key(workshop, "mallory", keys[1:])
    workshop.wait_for_event("rejected", why="key offers")
    async with await connect_by_key(workshop, "ana", [keys[1], keys[0]]) as connection:
        await (await terminal(connection)).wait_for(ON_MAP)


def test_a_client_that_is_gone_without_a_word_is_let_go(serve: Serve):
    workshop = serve("--keepalive-seconds", "0.2")
    with workshop.enter("ben") as neighbour, workshop.enter("ana") as silent:
        silent.signal(signal.SIGSTOP)
        workshop.wait_for_event("left", name="ana")
        workshop.wait_for_event("disconnected", reason="ConnectionLost")
        neighbour.press("f1")
        neighbour.wait_for("Everywhere")
        silent.kill()


async def test_of_many_who_come_at_once_some_wait_with_a_sentence(serve: Serve):
    """All ask while the server stands still, so that it finds them all at once."""
    workshop = serve("--starting", "1")
    async with AsyncExitStack() as stack:
        connections = [
            await stack.enter_async_context(connected(workshop, f"ana{number}"))
            for number in range(6)
        ]
        workshop.process.send_signal(signal.SIGSTOP)
        asked = [asyncio.create_task(terminal(each)) for each in connections]
        await asyncio.sleep(0)
        workshop.process.send_signal(signal.SIGCONT)
        screens = await asyncio.gather(*asked)
        for each in screens:
            await each.wait_for(ON_MAP)
    waited = [b"one moment, please" in each.seen for each in screens]
    assert (True, False) == (any(waited), all(waited))


async def test_who_comes_in_again_and_again_waits_and_the_others_do_not(serve: Serve):
    workshop = serve("--again-seconds", "600")
    for _ in range(2):
        async with connected(workshop, "ana") as connection:
            await (await terminal(connection)).wait_for(ON_MAP)
    async with connected(workshop, "ana") as connection, connected(workshop, "ben") as other:
        third = await terminal(connection)
        await third.wait_for(b"one moment, please")
        await (await terminal(other)).wait_for(ON_MAP)
        assert ON_MAP not in third.seen


async def test_an_exchange_of_keys_that_does_not_end_is_ended(serve: Serve):
    workshop = serve("--login-seconds", "0.5")
    async with connected(workshop, "mallory") as connection, connected(workshop, "ana") as other:
        screen, neighbour = await terminal(connection), await terminal(other)
        await screen.wait_for(ON_MAP)
        await neighbour.wait_for(ON_MAP)
        begin_exchange(connection)
        await asyncio.to_thread(workshop.wait_for_event, "rejected", why="key exchange")
        assert await is_well(neighbour)


async def test_a_client_may_change_its_keys(workshop: Workshop):
    async with connected(workshop, "rekey", rekey_bytes=500) as connection:
        screen = await terminal(connection)
        await screen.wait_for(ON_MAP)
        for _ in range(4):
            assert await is_well(screen)


def test_one_who_comes_in_and_asks_for_nothing_is_sent_away(serve: Serve):
    workshop = serve("--login-seconds", "0.5")
    done = workshop.run("nobody", ["-N"])
    assert 0 != done.returncode
    assert "this server only runs the tutor" in done.stderr


def test_a_full_workshop_counts_learners_over_all_workers(serve: Serve):
    workshop = serve("--workers", "2", "--sessions", "3")
    workshop.wait_for_event("worker ready", worker=1)
    workshop.wait_for_event("worker ready", worker=2)
    inside = [workshop.enter(name) for name in ("ana", "ben", "cleo")]
    with workshop.ssh("dora") as late:
        late.wait_for("Workshop code:")
        late.type("test-2345\r")
        late.wait_for("The workshop is full just now")
        assert 1 == late.wait_for_exit()
    for each in inside:
        each.close()


def test_nobody_comes_in_any_more_once_the_workshop_ends(serve: Serve):
    workshop = serve("--stop-seconds", "600")
    with workshop.enter("ana") as inside:
        at_prompt = workshop.ssh("ben")
        at_prompt.wait_for("Workshop code:")
        workshop.process.send_signal(signal.SIGTERM)
        inside.wait_for("restarts in a moment")
        at_prompt.type("test-2345\r")
        at_prompt.wait_for("The workshop restarts")
        assert 1 == at_prompt.wait_for_exit()
        late = subprocess.run(
            workshop.command("cleo"), capture_output=True, text=True, check=False, timeout=60
        )
        assert "Connection refused" in late.stderr
        inside.press("f1")
        inside.wait_for("Everywhere")
        at_prompt.close()
    assert 0 == workshop.stop()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("encryption_algs", "aes128-cbc"),
        ("encryption_algs", "3des-cbc"),
        ("kex_algs", "diffie-hellman-group14-sha256"),
        ("mac_algs", "hmac-sha1"),
        ("server_host_key_algs", "ssh-rsa"),
        ("compression_algs", "zlib@openssh.com"),
    ],
)
async def test_weak_algorithms_are_not_spoken(workshop: Workshop, setting: str, value: str):
    more = {"encryption_algs": ["aes256-ctr"]} if setting == "mac_algs" else {}
    with pytest.raises((asyncssh.KeyExchangeFailed, asyncssh.ConnectionLost)):
        async with connected(workshop, "old", **{setting: [value]}, **more):
            pass


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("kex_algs", "mlkem768x25519-sha256"),
        ("kex_algs", "curve25519-sha256"),
        ("kex_algs", "curve25519-sha256@libssh.org"),
        ("kex_algs", "ecdh-sha2-nistp256"),
        ("encryption_algs", "chacha20-poly1305@openssh.com"),
        ("encryption_algs", "aes128-gcm@openssh.com"),
        ("encryption_algs", "aes256-gcm@openssh.com"),
        ("encryption_algs", "aes256-ctr"),
    ],
)
async def test_todays_algorithms_are_spoken(workshop: Workshop, setting: str, value: str):
    try:
        async with connected(workshop, "new", **{setting: [value]}) as connection:
            assert connection.get_extra_info("username") == "new"
    except ValueError as error:  # this computer's OpenSSL has no ML-KEM
        pytest.skip(f"skipped: {error}")


async def test_an_rsa_key_signs_with_sha2_alone(serve: Serve):
    workshop = serve("--auth", "key", code=None)
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    with pytest.raises(asyncssh.PermissionDenied):
        await _connect_by_rsa(workshop, key, "ssh-rsa")
    async with await _connect_by_rsa(workshop, key, "rsa-sha2-256"):
        pass


async def _connect_by_rsa(
    workshop: Workshop, key: asyncssh.SSHKey, algorithm: str
) -> asyncssh.SSHClientConnection:
    return await asyncssh.connect(
        "127.0.0.1", workshop.port, username="ana", known_hosts=None, config=None, agent_path=None,
        client_keys=[key], signature_algs=[algorithm],
    )  # fmt: skip


def test_a_client_without_a_word_is_counted_as_late(serve: Serve):
    workshop = serve("--login-seconds", "0.2")
    with raw(workshop) as connection:
        rest_of(connection)
    workshop.wait_for_event("not entered")


def test_four_servers_on_one_database_all_come_up(tmp_path: Path):
    """Nobody is first: the tables, the host key and the port are each made by one of them."""
    shared = tmp_path / "shared"
    shared.mkdir()
    with ThreadPoolExecutor(4) as together:
        servers = list(
            together.map(
                lambda number: Workshop(tmp_path / f"server{number}", "--folder", str(shared)),
                range(4),
            )
        )
    try:
        assert 4 == len({each.port for each in servers})
        assert 1 == len({each.said.rpartition("SHA256:")[2].split()[0] for each in servers})
        for number, each in enumerate(servers):
            with each.enter(f"ana{number}"):
                pass
    finally:
        for each in servers:
            each.close()
