"""A name is somebody's: who comes back is asked for the PIN that was shown, whatever the client."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncssh
import pytest

from tests.server.clients import ON_MAP, Typist, connected, terminal
from tests.server.seats import Seat
from tests.server.workshop import CODE, Workshop
from tests.store.entries import attempt
from tutor.cli.arguments import parse
from tutor.player.room_feed import RoomFeed
from tutor.room.events import NameFreed
from tutor.room.room import INSTRUCTOR
from tutor.server.admission.access import Access
from tutor.server.admission.authentication import PIN_NEEDED, Admission, TutorServer
from tutor.server.admission.connections import Accepted, Learner
from tutor.server.admission.fair_queue import WrongCodes
from tutor.server.admission.pins import DIGITS, Pins, hashed, is_pin, new_pin
from tutor.server.options import Limits
from tutor.store.model import ResumePoint
from tutor.store.shared_store import open_shared_store

SHOWN = re.compile(r"Your PIN for the name (\S+) is (\d+)")
WRONG = "no PIN"


def test_a_pin_is_kept_hashed_and_each_under_a_salt_of_its_own():
    pin = new_pin()
    assert re.fullmatch(rf"\d{{{DIGITS}}}", pin)
    kept = hashed(pin)
    assert pin not in kept.split(":")
    assert kept != hashed(pin)
    assert is_pin(f" {pin[:2]} {pin[2:]}\n", kept)
    assert not is_pin(f"{(int(pin) + 1) % 10**DIGITS:0{DIGITS}}", kept)


@pytest.mark.parametrize("kept", ["", "scrypt:x:y:z", "scrypt:8192:AA==:AA==", None])
def test_what_is_damaged_is_nobodys_pin(kept: str | None):
    """None: the beginning of a sound one, which is salted anew in each process."""
    assert not is_pin("1234", hashed("1234")[:-4] if kept is None else kept)


async def test_five_wrong_pins_of_a_name_slow_down_that_name_alone():
    told: list[tuple[str, int]] = []
    wrong = WrongCodes(5, lambda name, count: told.append((name, count)), rate=0.1)
    for _ in range(5):
        assert 0.0 == wrong.wait_of("ana")
        wrong.add("ana")
    assert wrong.wait_of("ana") > 0
    assert 0.0 == wrong.wait_of("bo")
    assert [("ana", 5)] == told


class Kept:
    """What is kept of a PIN, for `Pins` to ask for; and what was compared with it."""

    def __init__(self, pin: str) -> None:
        self.pin: str | None = hashed(pin)
        self.looked_at: list[str] = []

    def pin_of(self, _name: str) -> str | None:
        return self.pin

    async def ask(self, question: Callable[..., object], *of: str) -> object:
        """Answer in a while, as a database does."""
        await asyncio.sleep(0)
        if question is is_pin:
            self.looked_at.append(of[0])
        return question(*of)

    def pins(self) -> Pins:
        return Pins(self, self.ask, lambda *_: None)  # type: ignore[arg-type]


@pytest.mark.parametrize("strangers", [1, 60])
async def test_pins_of_a_name_that_come_at_once_are_looked_at_one_by_one_and_few_of_them(
    strangers: int, monkeypatch: pytest.MonkeyPatch
):
    """Who says the right one behind them is neither refused nor waits for them all."""
    monkeypatch.setattr("tutor.server.admission.pins._RATE", 1000.0)
    kept = Kept("1234")
    pins = kept.pins()
    for _ in range(6):
        assert await pins.is_right("ana", "0000", "1.1.1.1") is False
    kept.looked_at.clear()
    burst = [
        pins.is_right("ana", f"{number + 2000}", f"1.1.1.{number % strangers}")
        for number in range(60)
    ]
    *wrong, right = await asyncio.gather(*burst, pins.is_right("ana", "1234", "2.2.2.2"))
    assert right is True
    assert [False] * 60 == wrong
    assert ["2059", "1234"] == kept.looked_at


async def test_a_pin_that_could_not_be_compared_is_neither_right_nor_wrong():
    kept = Kept("1234")
    pins = kept.pins()
    assert await pins.is_asked("ana")
    kept.pin = None
    assert await pins.is_right("ana", "1234", "1.1.1.1") is None
    assert [] == kept.looked_at


class Deaf:
    """Stands for what takes note of a connection; keeps who came in."""

    def __init__(self) -> None:
        self.learners: list[Learner] = []

    def count(self, learner: Learner) -> None:
        self.learners.append(learner)

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_, **__: None


async def test_the_spelling_of_which_the_pin_was_asked_for_stays_whoever_comes_in_meanwhile():
    deaf, spellings = Deaf(), ["Ana"]
    admission = Admission(
        access=Access("code", code=CODE), limits=Limits(), pins=Kept("1234").pins(),
        wrong_codes=WrongCodes(5, lambda *_: None), spelling_of=lambda _: spellings[-1],
        connections=deaf, log=deaf, metrics=deaf, new_session=deaf.session,
    )  # fmt: skip  # type: ignore[arg-type]
    door = TutorServer(admission, Accepted(number=1, address="1.1.1.1"))
    door.begin_auth("ana")
    door.get_kbdint_challenge("ana", "", "")
    assert await door.validate_kbdint_response("ana", [CODE])
    spellings.append("ana")
    assert await door.validate_kbdint_response("ana", ["1234"]) is True
    door.auth_completed()
    assert [("Ana", True)] == [(each.name, each.is_proved) for each in deaf.learners]


# --- through the door


class Answers(Typist):
    """Answers each question with the next of its answers."""

    def __init__(self, *answers: str) -> None:
        super().__init__()
        self._answers = list(answers)
        self.asked_for: list[str] = []
        self.told = ""

    def kbdint_auth_requested(self) -> str | None:
        return "" if self._answers else None

    def kbdint_challenge_received(
        self, _name: str, _text: str, _lang: str, prompts: list[tuple[str, bool]]
    ) -> list[str]:
        self.asked_for += [words for words, _ in prompts]
        return [self._answers.pop(0) for _ in prompts]

    def password_auth_requested(self) -> str | None:
        return self._answers.pop(0) if self._answers else None

    def auth_banner_received(self, msg: str, lang: str) -> None:  # noqa: ARG002
        self.told += msg


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    workshop = Workshop(tmp_path_factory.mktemp("pins"), "--penalty", "0", pins=True)
    yield workshop
    workshop.close()


@asynccontextmanager
async def enters(workshop: Workshop, name: str, client: Typist, method: str):
    async with connected(workshop, name, client, preferred_auth=method) as connection:
        screen = await terminal(connection)
        await screen.wait_for(ON_MAP)
        yield screen


async def first_pin(workshop: Workshop, name: str, client: Typist | None = None) -> str:
    """Come in for the first time; return the PIN that is shown."""
    async with connected(workshop, name, client) as connection:
        _, seat = await connection.create_session(
            lambda: Seat(name, 100, 30), term_type="xterm-256color", term_size=(100, 30),
            encoding=None,
        )  # fmt: skip
        await seat.wait_for(lambda seen: SHOWN.search(_flat(seen.text)))
        found = SHOWN.search(_flat(seat.text))
        assert found
        assert name == found[1]
        return found[2]


def _flat(text: str) -> str:
    return re.sub(r"[\s│▌▐┃|]+", " ", text)


async def test_who_comes_back_is_asked_one_question_more(guarded: Workshop):
    pin = await first_pin(guarded, "one")
    client = Answers(CODE, pin)
    async with enters(guarded, "one", client, "keyboard-interactive") as screen:
        assert b"Your PIN" not in screen.seen
    assert ["Workshop code: ", "PIN of this name: "] == client.asked_for


async def test_a_password_holds_code_and_pin(guarded: Workshop):
    pin = await first_pin(guarded, "two")
    async with enters(guarded, "two", Answers(f"{CODE} {pin}"), "password"):
        pass


async def test_the_code_alone_as_a_password_is_told_what_is_missing(guarded: Workshop):
    pin = await first_pin(guarded, "three")
    client = Answers(CODE, f"{CODE} {pin}")
    async with enters(guarded, "three", client, "password"):
        assert PIN_NEEDED.template in client.told


@pytest.mark.parametrize("method", ["keyboard-interactive", "password"])
async def test_a_wrong_pin_opens_nothing_and_leads_to_no_other_prompt(
    guarded: Workshop, method: str
):
    name = f"wrong-{method[0]}"
    pin = await first_pin(guarded, name)
    other = f"{(int(pin) + 1) % 10**DIGITS:0{DIGITS}}"
    answers = [f"{CODE} {other}"] * 2 if method == "password" else [CODE, other, CODE, other]
    client = Answers(*answers)
    with pytest.raises(asyncssh.PermissionDenied):
        async with enters(guarded, name, client, f"{method},keyboard-interactive,password"):
            pass
    assert bool(client.asked_for) == (method != "password")


async def test_capitals_make_no_other_name(guarded: Workshop):
    pin = await first_pin(guarded, "four")
    client = Answers(CODE, pin)
    async with enters(guarded, "FOUR", client, "keyboard-interactive"):
        pass
    assert 2 == len(client.asked_for)


async def test_openssh_asks_for_the_pin_too(guarded: Workshop):
    pin = await first_pin(guarded, "five")
    with guarded.ssh("five") as learner:
        learner.wait_for("Workshop code:")
        learner.type(f"{CODE}\r")
        learner.wait_for("PIN of this name:")
        learner.type(f"{pin}\r")
        learner.wait_for("not started")


async def test_a_name_that_was_freed_comes_in_by_the_code_and_has_a_new_pin(guarded: Workshop):
    await first_pin(guarded, "six")
    store = open_shared_store(guarded.database)
    store.release_name("six")
    store.close()
    assert await first_pin(guarded, "six")


class Frees(Answers):
    """Has the name freed while its PIN is asked for."""

    def __init__(self, workshop: Workshop, name: str) -> None:
        super().__init__(CODE, WRONG)
        self._workshop, self._of = workshop, name

    def kbdint_challenge_received(
        self, _name: str, _text: str, _lang: str, prompts: list[tuple[str, bool]]
    ) -> list[str]:
        if self.asked_for:
            store = open_shared_store(self._workshop.database)
            store.release_name(self._of)
            store.close()
        return super().kbdint_challenge_received(_name, _text, _lang, prompts)


async def test_a_pin_that_was_not_compared_proves_no_name(guarded: Workshop):
    """Who comes in with it is given a PIN, as everybody who comes first."""
    await first_pin(guarded, "nine")
    assert await first_pin(guarded, "nine", Frees(guarded, "nine"))


async def test_who_teaches_frees_a_name_from_the_room_and_nobody_else(guarded: Workshop):
    await first_pin(guarded, "eight")
    store = open_shared_store(guarded.database)
    feed = RoomFeed(store)
    feed.tell("eight", NameFreed("eight"))
    feed.tell(INSTRUCTOR, NameFreed("seven and a half"))
    assert store.flush(60)
    guarded.wait_for_event("name freed", name="seven and a half")
    assert store.pin_of("eight")
    feed.tell(INSTRUCTOR, NameFreed("eight"))
    assert store.flush(60)
    guarded.wait_for_event("name freed", name="eight")
    assert store.pin_of("eight") is None
    store.close()


async def test_wrong_pins_in_numbers_are_logged(guarded: Workshop):
    await first_pin(guarded, "seven")
    for _ in range(5):
        with pytest.raises(asyncssh.PermissionDenied):
            async with enters(guarded, "seven", Answers(CODE, WRONG), "keyboard-interactive"):
                pass
    assert 5 == guarded.wait_for_event("wrong pins", name="seven")["count"]


# --- names of old


def test_names_that_differ_in_capitals_are_found_and_joined(tmp_path: Path):
    store = open_shared_store(f"sqlite:///{tmp_path / 'w.sqlite3'}")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for hours, name in enumerate(("Ana", "ana", "bo")):
        store.enter(name)
        store.progress.record_attempt(attempt(hours, learner=name))
        store.progress.save_resume(
            ResumePoint(learner=name, lesson="gradients/derivative", step=f"at-{name}",
                        completed=hours, total=9, done=False, at=now + timedelta(hours=hours))
        )  # fmt: skip
    assert store.flush(60)
    assert [["Ana", "ana"]] == [sorted(each) for each in store.alike()]
    store.rename("Ana", "ana")
    assert [] == list(store.alike())
    records = store.database.records("ana")
    assert 2 == len(records.attempts)
    assert ["at-ana"] == [each.step for each in records.points]
    store.close()


@pytest.mark.parametrize(
    "arguments", [["forget"], ["free"], ["rename", "ana"], ["names", "ana"], ["export", "ana"]]
)
def test_the_names_of_a_command_are_as_many_as_it_takes(arguments: list[str]):
    from tutor.cli import room
    from tutor.errors import UsageError

    with pytest.raises(UsageError, match="rename takes two"):
        room.run_room_command(parse(["room", *arguments]))
