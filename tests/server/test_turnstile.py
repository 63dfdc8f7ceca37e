"""Work for strangers is done one by one, with everybody else's turns between."""

from __future__ import annotations

import asyncio
import time

from tutor.server.admission.fair_queue import FairQueue


async def test_all_pass_through_in_their_order_with_turns_of_the_others_between():
    turnstile, done = FairQueue(), []
    others = asyncio.create_task(_count(done))
    for number in range(5):
        turnstile.pass_through(lambda number=number: done.append(number))
    while 4 not in done:
        await asyncio.sleep(0)
    others.cancel()
    strangers = [each for each in done if each != "other"]
    assert [0, 1, 2, 3, 4] == strangers
    between = [done.index(k + 1) - done.index(k) for k in range(4)]
    assert all(gap > 1 for gap in between)


async def test_the_others_have_longer_than_a_piece_of_work_took():
    turnstile, at = FairQueue(), []
    for _ in range(2):
        turnstile.pass_through(lambda: (at.append(time.monotonic()), _work_for(0.02)))
    while len(at) < 2:
        await asyncio.sleep(0.001)
    assert at[1] - at[0] > 0.05


async def test_work_that_fails_lets_the_next_through():
    turnstile, done = FairQueue(), []
    asyncio.get_running_loop().set_exception_handler(lambda *_: done.append("said"))
    turnstile.pass_through(lambda: None)
    turnstile.pass_through(lambda: 1 / 0)
    turnstile.pass_through(lambda: done.append("next"))
    while "next" not in done:
        await asyncio.sleep(0)
    assert ["said", "next"] == done


async def _count(done: list[object]) -> None:
    while True:
        done.append("other")
        await asyncio.sleep(0)


def _work_for(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
