"""Who may come in by a list of names, and what is wrong with a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from tests.server.clients import ON_MAP, connected, terminal
from tests.server.test_pins import Answers, enters
from tests.server.workshop import CODE, Serve
from tutor.errors import TutorError
from tutor.room.learner import clean_name
from tutor.server.admission.access import Access, access_for
from tutor.server.admission.roster import OtherRosters, digest_of, read_roster
from tutor.server.options import ServeOptions
from tutor.store.model import NewEvent

OWN = "ana-9r4w-kd"


def roster(file: Path, text: str | bytes, access: Access | None = None):
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster(file, (access or Access("code", code=CODE)).why_not)


def test_names_and_codes_are_read_as_spreadsheets_write_them(tmp_path: Path):
    lines = (
        "\ufeff# Tuesday",
        "",
        "Ana , ana-9r4w-kd",
        "李薇\tlw-2345-67",
        "Bo  Li;bo-9876-54",
        "Jun,",
        "王芳，wf-2345-67",
    )
    found = roster(tmp_path / "list", "\r\n".join(lines))
    assert ["Ana", "李薇", "Bo Li", "Jun", "王芳"] == [each.name for each in found.values()]
    codes = [OWN, "lw-2345-67", "bo-9876-54", None, "wf-2345-67"]
    assert codes == [each.code for each in found.values()]


@pytest.mark.parametrize("name", ["Jose\u0301", "Ａｎｎａ", "Ana\u3000Li", "x" * 40])
def test_who_is_listed_comes_in_however_the_list_spells_the_name(name: str, tmp_path: Path):
    access = Access("code", code=CODE)
    access.roster = roster(tmp_path / "list", f"{name}, {OWN}\n", access)
    assert access.why_not(clean_name(name), name) is None
    assert access.is_code(OWN, clean_name(name))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ana\nBo\n\nANA\n", "line 4: ANA stands in line 1 already"),
        ("ana, abc\n", "line 1: the code of ana is too short"),
        ("ana, a b c d e\n", "line 1: the code of ana is too short"),
        ("ana, abc-def-1, 7\n", "line 1: write a name, or a name, a comma and a code"),
        ("ana\n1nstruct0r\n", "line 2: The name looks like instructor"),
        ("ana\ninstructor\n", "line 2: The name instructor opens by"),
        ("ana\n, abcdef-1\n", "line 2: Come in under a name"),
        ("ana\nb\u202eo\n", "line 2: A name is made of letters"),
        ("\n# nobody\n", "lists nobody"),
        ("Zoë\n".encode("utf-16"), "is not UTF-8"),
        ("Zoë\n".encode("latin-1"), "is not UTF-8"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_with_its_line(
    text: str | bytes, words: str, tmp_path: Path
):
    with pytest.raises(TutorError, match=words):
        roster(tmp_path / "list", text)


def test_a_list_that_is_not_there_is_one_sentence(tmp_path: Path):
    with pytest.raises(TutorError, match="cannot be read"):
        read_roster(tmp_path / "none", Access("code").why_not)


def test_codes_of_a_list_need_the_code(tmp_path: Path):
    (tmp_path / "list").write_text(f"ana, {OWN}\n")
    options = ServeOptions(folder=tmp_path, auth="key", roster=tmp_path / "list")
    with pytest.raises(TutorError, match="work with --auth code alone"):
        access_for(options)


async def test_who_is_listed_comes_in_by_the_code_that_is_theirs(serve: Serve, tmp_path: Path):
    (tmp_path / "list").write_text(f"Ana, {OWN}\nBo\n")
    workshop = serve("--roster", str(tmp_path / "list"), "--penalty", "0", pins=True)
    for _ in range(2):  # her code is hers: no PIN is asked for
        for method in ("password", "keyboard-interactive"):
            async with enters(workshop, "ANA", Answers(OWN), method):
                pass
    workshop.wait_for_event("entered", name="Ana")
    async with connected(workshop, "bo") as connection:
        await (await terminal(connection)).wait_for(ON_MAP)
    for name, code in (("ana", CODE), ("bo", OWN), ("zoe", CODE)):
        client = Answers(code)
        with pytest.raises(asyncssh.PermissionDenied):
            async with enters(workshop, name, client, "password"):
                pass
        assert ("not on the list" in client.told) == (name == "zoe")


# --- two lists on one database


@dataclass
class Told:
    """An event as another server hears it."""

    kind: str
    data: Mapping[str, object]


def test_servers_with_different_lists_hear_of_each_other_once(tmp_path: Path):
    said: list[str] = []
    wire: list[NewEvent] = []

    def server(name: str, text: str) -> OtherRosters:
        digest = digest_of(roster(tmp_path / name, text) if text else None)
        report: Callable[[], None] = lambda: said.append(name)  # noqa: E731
        return OtherRosters(digest, "w", wire.append, report)

    servers = [server("one", "ana\nBo\n"), server("same", "Bo\nana\n"), server("none", "")]
    servers[0].tell()
    while wire:
        event = wire.pop(0)
        for each in servers:
            each.hear(Told(event.kind, event.data))  # type: ignore[arg-type]
    assert ["none", "one", "same"] == sorted(said)
