"""What README says is so, and what it once said is not lost: it stands where it is looked for.

What README and the handbooks point at (links, commands) is looked for in `test_handbooks.py`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.course import course
from tests.handbooks import ROOT, block, handbooks
from tests.terminal import Terminal
from tutor.cli.arguments import command_help, command_names
from tutor.cli.help import TOPICS, help_text
from tutor.i18n import LANGUAGES, Session, begin_session

README = ROOT / "README.md"
PICTURE = "tests/tui/__snapshots__/test_pictures/test_the_picture_of_readme.svg"
MOST_BYTES = 12 * 1024
NEAR = 400
"""Characters within which the words of a fact stand."""


@pytest.fixture(autouse=True)
def _in_english_on_a_wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    begin_session(Session())
    monkeypatch.setenv("COLUMNS", "100")


# --- README itself


def test_readme_is_short():
    assert len(README.read_bytes()) <= MOST_BYTES


@pytest.mark.parametrize("marker", ["run", "test"])
def test_a_command_stands_between_its_markers(marker):
    """`.ci/run` reads it there, and tries it in a new clone."""
    fence, command, end = block(README, marker).splitlines()
    assert ("```sh", "```") == (fence, end)
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")


def test_the_picture_is_one_that_a_test_compares():
    shown = re.findall(r"!\[[^]]*\]\(([^)]*)\)", README.read_text("utf-8"))
    assert [PICTURE] == shown
    tests = (ROOT / "tests/tui/test_pictures.py").read_text("utf-8")
    assert f"def {Path(PICTURE).stem}(snap_compare" in tests


def test_the_lessons_are_those_of_the_course():
    titles = [lesson.title for lesson in course().lessons]
    rows = re.findall(r"^\| (\d+) \| (.*?) \|", README.read_text("utf-8"), re.MULTILINE)
    assert [(str(n), title) for n, title in enumerate(titles, 1)] == rows


def test_the_first_minute_goes_as_readme_says(nabla):
    with nabla(env={"NABLA_LANG": ""}) as terminal:
        terminal.wait_for("2  中文")
        terminal.press("1")
        terminal.wait_for("Start: The derivative")
        terminal.press("enter")
        terminal.wait_for("◇ Goal")
        _turn_until(terminal, "left", "✓ Goal")
        terminal.press("n")
        terminal.wait_for("step 2 of")
        terminal.press("m")
        terminal.wait_for("Continue: The derivative")
        terminal.press("q")
        assert 0 == terminal.wait_for_exit()


def _turn_until(terminal: Terminal, key: str, wanted: str) -> None:
    for _ in range(100):
        if terminal.shows(wanted):
            return
        slope = re.search(r"your slope\s+(\S+)", terminal.text)
        assert slope is not None
        terminal.press(key)
        before = f"your slope {slope[1]} "
        terminal.wait_for(lambda shown, before=before: before not in shown.text)
    pytest.fail(f"{wanted} never came")


# --- topics that are named


def test_every_topic_that_a_document_names_exists():
    for handbook in handbooks():
        assert [] == _unknown_topics(handbook.read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_that_help_names_exists(language):
    begin_session(Session(language))
    for topic in TOPICS:
        assert [] == _unknown_topics(help_text(topic.name.template))
    begin_session(Session())


def test_a_topic_that_is_not_there_is_found():
    assert ["nonsense"] == _unknown_topics("`nabla help keys`, `nabla\nhelp nonsense`")


def _unknown_topics(text: str) -> list[str]:
    known = {topic.name.template for topic in TOPICS} | set(command_names())
    return [name for name in re.findall(r"nabla\s+help\s+([a-z]+)", text) if name not in known]


# --- the facts of README as it was before its parts went to where they are looked for


@cache
def _places() -> dict[str, str]:
    """Return the text of each place where a fact may stand."""
    changes = ROOT / "CHANGELOG.md"  # what was so, not what is
    files = [*(set(handbooks()) - {changes}), ROOT / "tutor/server/nabla.service"]
    documents = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in files}
    topics = {f"nabla help {t.name.template}": help_text(t.name.template) for t in TOPICS}
    commands = {f"nabla {name} --help": command_help(name) for name in command_names()}
    return {
        name: _plain(text)
        for name, text in {**documents, **topics, **commands, "nabla help": help_text(None)}.items()
    }


def _facts() -> list[str]:
    lines = (ROOT / "tests/facts_of_0_1.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _plain(text: str) -> str:
    """Return a text without case, mark-up and line breaks."""
    return " ".join(re.sub(r"[`*|]", "", text).replace("’", "'").casefold().split())


def _stands_in(fact: str, text: str) -> bool:
    first, *others = (_plain(words) for words in fact.split(" + "))
    return any(
        all(words in text[max(0, found.start() - NEAR) : found.end() + NEAR] for words in others)
        for found in re.finditer(re.escape(first), text)
    )


def test_no_fact_of_readme_0_1_is_lost():
    facts = _facts()
    assert len(facts) > 200
    lost = [fact for fact in facts if not any(_stands_in(fact, t) for t in _places().values())]
    assert [] == lost


@pytest.mark.parametrize(
    ("fact", "text", "stands"),
    [
        ("one", "two three", False),
        ("**Run** it + `now`", "Now, run\nit", True),
        ("one + two", "one " + "x" * NEAR + " two", False),
        ("one + two", "one " + "x" * NEAR + " one two", True),
    ],
)
def test_a_fact_stands_where_its_words_are_near(fact, text, stands):
    assert stands is _stands_in(fact, _plain(text))
