"""Who gets in, and who does not."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import asyncssh
import pytest

from tests.server.clients import ON_MAP, Typist, connect_by_key, connected, terminal
from tests.server.workshop import CODE, Serve, Workshop, on_map
from tutor.i18n import render
from tutor.room.learner import clean_name
from tutor.server.admission.access import Access, bits_of, new_code


def make_key(folder: Path, name: str) -> Path:
    file = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file], check=True)
    return file


def test_a_wrong_code_is_asked_again(workshop: Workshop):
    with workshop.ssh("paul") as terminal:
        terminal.wait_for("Workshop code:")
        terminal.type("wrong-code\r")
        terminal.wait_for(lambda shown: shown.text.count("Workshop code:") == 2)
        terminal.type(f"{CODE}\r")
        terminal.wait_for(on_map)


@pytest.mark.parametrize("typed", ["TEST-2345", "test2345", " test 2345 "])
def test_dashes_blanks_and_capitals_of_the_code_do_not_matter(typed: str):
    assert Access("code", code=CODE).is_code(typed, "ana")


def test_a_code_that_is_easy_to_guess_is_told_from_one_that_is_not():
    assert all(bits_of(each) < 40 for each in ("123456", "aaaaaaaaaaaa", "abcdef", "1234-5678"))
    assert all(bits_of(each) >= 40 for each in (new_code(), CODE, "correct horse"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ana", None), ("анна", None), ("李伟", None), ("Ana Maria", None), ("instructor", None),
        ("INSTRUCTOR", "looks like instructor"), ("in-struct0r", "looks like instructor"),
        ("instruсtor", "mixes alphabets"), ("anа", "mixes alphabets"),
        ("ana😀", "leave 😀 out"), ("ana\u202e", "leave \\u202e out"), ("", "Come in under a name"),
    ],
)  # fmt: skip
def test_a_name_that_looks_like_anothers_is_refused(name: str, words: str | None):
    access = Access("code", code=CODE, instructors=frozenset({"a key"}))
    refusal = access.why_not(clean_name(name), name)
    assert (words is None) == (refusal is None)
    assert words is None or words in render(refusal or "")


def test_each_new_code_is_another():
    assert 100 == len({new_code() for _ in range(100)})


async def test_five_hundred_wrong_codes_end_after_six(serve: Serve):
    workshop = serve("--penalty", "0")
    typist = Typist("wrong-code", most=500)
    with pytest.raises(asyncssh.Error):
        async with connected(workshop, typist=typist):
            pass
    assert 6 == typist.asked
    workshop.wait_for_event("rejected", why="tries")


def test_keys_alone_do_not_open_a_workshop_with_a_code(workshop: Workshop, tmp_path: Path):
    key = make_key(tmp_path, "key")
    done = subprocess.run(
        [*workshop.command("quin", "-i", str(key), "-o", "BatchMode=yes")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert 255 == done.returncode
    assert "Permission denied" in done.stderr


def test_with_keys_a_name_belongs_to_the_first_that_used_it(serve: Serve, tmp_path: Path):
    workshop = serve("--auth", "key", code=None)
    first, second = make_key(tmp_path, "first"), make_key(tmp_path, "second")
    with workshop.ssh("ana", "-i", str(first)) as terminal:
        terminal.wait_for(on_map)
    with workshop.ssh("ana", "-i", str(second)) as terminal:
        assert 1 == terminal.wait_for_exit()
        assert "This name belongs to another key" in terminal.text
    with workshop.ssh("ben", "-i", str(second)) as terminal:
        terminal.wait_for(on_map)


async def test_a_name_is_opened_by_the_key_that_signed_and_by_no_other_that_was_offered(
    serve: Serve,
):
    """Mallory shows the owner's public key, and signs with her own."""
    workshop = serve("--auth", "key", code=None)
    owner, own = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    async with await connect_by_key(workshop, "ana", [owner]) as connection:
        await (await terminal(connection)).wait_for(ON_MAP)
    (borrowed,) = asyncssh.load_keypairs(own)
    borrowed.public_data = owner.public_data
    async with await connect_by_key(workshop, "ana", [borrowed, own]) as connection:
        screen = await terminal(connection)
        await asyncio.wait_for(screen.is_over.wait(), 60)
        assert b"This name belongs to another key" in screen.seen
    found = [each["key"] for each in workshop.events if each["event"] == "entered"]
    assert [owner.get_fingerprint(), own.get_fingerprint()] == found


def test_with_a_list_of_keys_no_other_comes_in(serve: Serve, tmp_path: Path):
    listed, other = make_key(tmp_path, "listed"), make_key(tmp_path, "other")
    workshop = serve("--auth", "key", "--keys", str(listed.with_suffix(".pub")), code=None)
    with workshop.ssh("ana", "-i", str(other)) as terminal:
        assert 255 == terminal.wait_for_exit()
    with workshop.ssh("ana", "-i", str(listed)) as terminal:
        terminal.wait_for(on_map)


def test_the_instructor_comes_in_by_key_and_never_by_the_code(serve: Serve, tmp_path: Path):
    key = make_key(tmp_path, "key")
    workshop = serve("--instructor-key", str(key.with_suffix(".pub")))
    with workshop.ssh("instructor") as terminal:
        assert 255 == terminal.wait_for_exit()
        assert "Workshop code" not in terminal.text
    with workshop.ssh("instructor", "-i", str(key)) as terminal:
        terminal.wait_for("0 learners here")
        terminal.wait_for(lambda shown: 1049 in shown.modes)


def test_an_open_workshop_asks_nothing(serve: Serve):
    workshop = serve("--auth", "open", code=None)
    with workshop.ssh("ana") as terminal:
        terminal.wait_for(on_map)


@pytest.mark.parametrize(
    ("clean", "typed"),
    [
        ("ana", "ana"), ("李伟", "李伟"), ("ana maria", "  ana   maria "),
        ("ana[31m", "ana\x1b[31m"), ("anaroot", "ana\u202eroot\u200f"), ("", "\x00\u2066"),
        ("a" * 32, "a" * 500),
    ],
)  # fmt: skip
def test_names_are_one_clean_line(clean: str, typed: str):
    assert clean == clean_name(typed)


def test_a_name_with_bidi_marks_neither_enters_nor_harms(workshop: Workshop):
    with workshop.ssh("ana\u202eroot") as terminal:
        assert 255 == terminal.wait_for_exit()
    assert "\u202e" not in str(workshop.events)
    with workshop.enter("rosa"):
        pass
