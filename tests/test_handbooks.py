"""What the handbooks point at is there: links, commands, files, and the names that they give."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.handbooks import ROOT, handbooks
from tutor.cli.arguments import parse

EACH = pytest.mark.parametrize(
    "handbook", handbooks(), ids=lambda path: path.relative_to(ROOT).as_posix()
)
OURS = ROOT / "tutor"
MAINTAINERS = OURS / "README.md"
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_BEFORE = re.compile(r"^(sudo )?(-u \S+ )?(\S+/bin/)?(?=nabla |python -m )")


def prose(handbook: Path) -> str:
    """Return the text without its blocks of code."""
    return _FENCE.sub("", handbook.read_text("utf-8"))


def spans(handbook: Path) -> list[str]:
    """Return the pieces of code within the prose, each on one line."""
    return [" ".join(each.split()) for each in re.findall(r"`([^`]+)`", prose(handbook))]


def anchors(handbook: Path) -> set[str]:
    """Return the names of its headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.*)$", prose(handbook), re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", head.lower()) for head in heads)
    return {each.replace(" ", "-") for each in words}


def links(handbook: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", prose(handbook)))
    return [each for each in found if not each.startswith(("http://", "https://", "mailto:"))]


@EACH
def test_every_link_leads_somewhere(handbook: Path) -> None:
    broken = []
    for link in links(handbook):
        place, _, anchor = link.partition("#")
        target = (handbook.parent / place.replace("%5B", "[").replace("%5D", "]")).resolve()
        target = handbook if not place else target
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert [] == broken


# --- commands


def lines_of_code(handbook: Path) -> Iterator[str]:
    """Yield the commands of its blocks, fenced for the shell or indented, each on one line."""
    shells = [code for kind, code in _FENCE.findall(handbook.read_text("utf-8")) if kind == "sh"]
    indented = re.findall(r"^ {4}(\S[^\n]*)$", prose(handbook), re.MULTILINE)
    for line in [*"\n".join(shells).replace("\\\n", " ").splitlines(), *indented]:
        yield from (each.strip() for each in line.split("&&"))


def commands(handbook: Path) -> list[str]:
    """Return all that begins as our program, or a module of Python, does."""
    said = [_BEFORE.sub("", each) for each in (*lines_of_code(handbook), *spans(handbook))]
    return [each for each in said if re.match(r"(nabla|python -m \S+)( |$)", each)]


def readings(command: str) -> Iterator[list[str]]:
    """Yield a command without what is optional, and with the options among it."""
    command = command.replace("…", "").replace("...", "")
    for keep in (r"", r"\1"):
        taken = re.sub(r"\[(-[^\]]*)\]", keep, command)
        yield shlex.split(re.sub(r"\[[^\]]*\]", "", taken), comments=True)


def is_understood(words: list[str]) -> bool:
    if words[0] == "nabla":
        arguments = words[1:]
    elif words[2] == "tutor":
        arguments = words[3:]
    else:
        return find_spec(words[2]) is not None
    try:
        parse(arguments)
    except SystemExit as left:
        return not left.code
    return True


@EACH
def test_the_program_understands_every_command(handbook: Path) -> None:
    for command in commands(handbook):
        for words in readings(command):
            assert is_understood(words), command


def test_commands_are_found() -> None:
    """Else the test above would guard nothing."""
    assert "python -m tutor new my-course/01-ramps.yaml" in commands(ROOT / "lessons" / "README.md")
    server = commands(OURS / "server" / "README.md")
    assert "nabla room export --folder /var/lib/nabla" in server
    assert any(each.startswith("nabla serve --host 0.0.0.0 --code") for each in server)


# --- files


def is_there(name: str, handbook: Path) -> bool:
    return any((base / name).exists() for base in (handbook.parent, OURS, ROOT))


def files(handbook: Path) -> set[str]:
    """Return what reads as a file or a folder of the project."""
    tops = {each.name for base in (OURS, ROOT) for each in base.iterdir() if each.is_dir()}
    single = {each for each in spans(handbook) if re.fullmatch(r"[\w./-]+", each)}
    return {
        each
        for each in single
        if each.endswith(".py") or ("/" in each and each.partition("/")[0] in tops)
    }


@pytest.mark.parametrize("handbook", [MAINTAINERS, OURS / "server" / "README.md"])
def test_every_file_that_is_named_is_there(handbook: Path) -> None:
    assert set() == {each for each in files(handbook) if not is_there(each, handbook)}


def test_files_are_found() -> None:
    assert {"engine/lesson/advance.py", "room/", "tests/walking.py"} <= files(MAINTAINERS)


def test_the_stations_of_a_key_have_the_functions_that_are_named() -> None:
    section = MAINTAINERS.read_text("utf-8").partition("## The way of one key")[2]
    section = section.partition("\n## ")[0]
    stations = 0
    for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE):
        file, *functions = re.findall(r"`([^`]+)`", row)
        code = (OURS / file).read_text("utf-8")
        for function in functions:
            assert f"def {function.rpartition('.')[2]}(" in code, row
            stations += 1
    assert stations > 8


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("A step kind", r"\bBugStep\b"), ("An optimizer", r"\bAdaGrad\b|\"adagrad\"")],
)
def test_what_must_change_for_one_more_is_named(what: str, pattern: str) -> None:
    """Files that know one of them by name are those that a new one is told to change."""
    told = MAINTAINERS.read_text("utf-8").partition(f"**{what}.**")[2].partition("\n\n")[0]
    knowing = {
        file.relative_to(OURS).as_posix()
        for file in OURS.rglob("*.py")
        if re.search(pattern, file.read_text("utf-8"))
    }
    named = set(re.findall(r"`([\w/]+\.py)`", told)) | {
        file.relative_to(OURS).as_posix()
        for folder in re.findall(r"`([\w/]+/)`", told)
        for file in (OURS / folder).glob("*.py")
    }
    assert len(knowing) > 5
    assert set() == knowing - named
