"""`nabla serve` from files: its settings, the code that stays, lessons of a workshop's own."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.handbooks import block
from tests.server.seats import seated
from tests.server.workshop import Serve
from tutor.cli.arguments import parse
from tutor.cli.serve import serve_options
from tutor.errors import TutorError
from tutor.server.admission.access import ENOUGH_BITS, bits_of, read_code
from tutor.server.admission.listener import listen
from tutor.server.options import ServeOptions

HANDBOOK = Path(__file__).parents[2] / "tutor" / "server" / "README.md"
PACK = Path(__file__).parents[2] / "lessons"


def options(file: Path, text: str, *said: str) -> ServeOptions:
    file.write_text(text, encoding="utf-8")
    return serve_options(parse(["serve", "--config", str(file), *said]))


EVERY = """\
host = "::1"
port = 2022
workers = 3
folder = "kept"
database = "postgresql+psycopg://a@b/c"
proxy-from = ["10.0.0.0/8"]
auth = "code"
code-file = "/etc/nabla/code"
instructor-key = "keys"
i-know = false
log = "json"
metrics = 9100
workshop = "Tuesday"
lessons = ["own", "/srv/more"]
sessions = 60
penalty = 1
idle-minutes = 12.5
"""


def test_a_file_says_what_the_command_line_says(tmp_path: Path):
    said = options(tmp_path / "nabla.toml", EVERY)
    assert ("::1", 2022, 3, "json", 9100) == (said.host, said.port, said.workers, said.log,
                                             said.metrics)  # fmt: skip
    assert (60, 1.0, 12.5) == (
        said.limits.sessions, said.limits.penalty, said.limits.idle_minutes
    )  # fmt: skip
    assert ("Tuesday", "10.0.0.0/8") == (said.workshop, str(said.proxies[0]))


def test_files_of_a_file_are_beside_it(tmp_path: Path):
    said = options(tmp_path / "nabla.toml", EVERY)
    assert (tmp_path / "kept", tmp_path / "keys") == (said.folder, said.instructor_key)
    assert ((tmp_path / "own", Path("/srv/more")), Path("/etc/nabla/code")) == (
        said.lessons, said.code_file
    )  # fmt: skip


def test_the_command_line_counts_more_wherever_it_stands(tmp_path: Path):
    file = tmp_path / "nabla.toml"
    assert 2222 == options(file, "port = 2022", "--port", "2222").port
    assert 2222 == serve_options(parse(["serve", "--port", "2222", "--config", str(file)])).port


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('port = "22"', "line 2: port: write a whole number"),
        ("sessions = true", "line 2: sessions: write a whole number"),
        ('penalty = "2"', "line 2: penalty: write a number"),
        ("host = 3", "line 2: host: write a text between quotes"),
        ('i-know = "yes"', "line 2: i-know: write true or false"),
        ('proxy-from = "10.0.0.1"', "line 2: proxy-from: write a list"),
        ('auth = "cod"', "cod is not known; use one of: code, key, open"),
        ("sesions = 3", "line 2: sesions: there is no such option: did you mean sessions?"),
        ("proxy_from = []", "did you mean proxy-from?"),
        ("zzz = 1", "there is no such option; `nabla serve --help`"),
        ("[limits]\nsessions = 3", "line 2: limits: there are no sections"),
        ("check = true", "line 2: check: say it on the command line"),
        ("port = 1\nport = 2", "line 3"),
        ("port = = 2", "is no TOML: "),
        ("sessions = 0", "--sessions cannot be 0"),
        ("penalty = nan", "--penalty cannot be nan: use 0 or more"),
        pytest.param(f"penalty = {'1' * 400}", "line 2: penalty: write a number", id="too large"),
        pytest.param(f"penalty = {'1' * 5000}", "is no TOML: ", id="endless digits"),
        pytest.param(f"lessons = {'[' * 5000}", "is no TOML: ", id="endless brackets"),
        ('code-file = "~nobodyhere/f"', "line 2: code-file: ~nobodyhere/f is no path"),
        ('folder = "a\\u0000b"', "line 2: folder: a\\x00b is no path: choose another place"),
        ('lessons = ["a\\u0000b"]', "line 2: lessons: a\\x00b is no path"),
        ('code = "abc"', "the code is too short"),
        ('code = "      "', "the code is too short"),
        ('code = "a b c-d e"', "the code is too short"),
        ('code = "abc-def-2"\ncode-file = "x"', "say two codes"),
        ('auth = "key"\ncode-file = "x"', "--code-file works with --auth code alone"),
        ('workshop = ""', "--workshop takes a name"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(line: str, words: str, tmp_path: Path):
    with pytest.raises(TutorError) as error:
        options(tmp_path / "nabla.toml", f"# a workshop\n{line}\n")
    assert words in str(error.value)


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path):
    file = tmp_path / "nabla.toml"
    file.write_bytes('host = "é"'.encode("latin-1"))
    for each, words in ((file, "is not UTF-8"), (tmp_path / "none.toml", "cannot be read")):
        with pytest.raises(TutorError, match=words):
            serve_options(parse(["serve", "--config", str(each)]))


@pytest.mark.parametrize("host", ["a..b", "a" * 64, "no.such.name.invalid"])
def test_an_address_that_is_none_is_one_sentence(host: str):
    with pytest.raises(TutorError, match=f"cannot listen on {host} port 0 "):
        listen(host, 0)


def test_a_code_file_is_made_once_for_its_owner_and_stays(tmp_path: Path):
    code = read_code(tmp_path / "code")
    assert code == read_code(tmp_path / "code")
    assert ENOUGH_BITS <= bits_of(code)
    assert 0o600 == stat.S_IMODE((tmp_path / "code").stat().st_mode)


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        ("abcd-efgh-23\n", 0o644, "mode 0644.*chmod 600"),
        ("", 0o600, "holds no code"),
        ("--a-b--", 0o600, "holds no code"),
        ("a b c d e", 0o600, "holds no code"),
        ("first-code-2\nsecond-code-3\n", 0o600, "holds no code: write one line"),
    ],
)
def test_a_code_file_that_cannot_be_used_is_one_sentence(
    content: str, mode: int, words: str, tmp_path: Path
):
    file = tmp_path / "code"
    file.write_text(content)
    file.chmod(mode)
    with pytest.raises(TutorError, match=words):
        read_code(file)


def test_a_byte_order_mark_is_no_part_of_a_code(tmp_path: Path):
    file = tmp_path / "code"
    file.write_text("abcd-efgh-23\r\n", encoding="utf-8-sig")
    file.chmod(0o600)
    assert "abcd-efgh-23" == read_code(file)


async def test_a_workshop_has_lessons_of_its_own_and_a_code_that_stays(
    serve: Serve, tmp_path: Path
):
    course = tmp_path / "packs" / "ours"
    course.mkdir(parents=True)
    lesson = sorted((PACK / "gradients").glob("01-*.yaml"))
    text = next(each for each in lesson if each.suffixes == [".yaml"]).read_text("utf-8")
    (course / "01-first.yaml").write_text(
        "\n".join(
            "title: Our own beginning" if line.startswith("title:") else line
            for line in text.replace("gradients/", "ours/").splitlines()
        )
        + "\n"
    )
    file = tmp_path / "nabla.toml"
    file.write_text('lessons = ["packs"]\nworkshop = "ours"\n')
    workshop = serve("--config", str(file))
    async with seated(workshop, "ana", size=(120, 36)) as ana:
        await ana.wait_for("Our own beginning")


def test_the_file_that_the_handbook_shows_is_understood(tmp_path: Path):
    text = block(HANDBOOK, "config").removeprefix("```toml\n").removesuffix("\n```")
    said = options(tmp_path / "nabla.toml", text)
    assert ("Tuesday", 60) == (said.workshop, said.limits.sessions)
