"""The file that a course travels in: round trips, and every fault named with its line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from tests.store.entries import NOON, attempt, point
from tutor.errors import TutorError
from tutor.store.exchange import FORMAT, read_entries, write_entries
from tutor.store.model import Attempt, Reset, ResumePoint

HEADER = '{"nabla": "progress", "format": 1}\n'
ATTEMPT = json.loads(write_entries([attempt()]).splitlines()[1])
POINT = json.loads(write_entries([point()]).splitlines()[1])

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
moments = st.datetimes(
    datetime(1990, 1, 1),
    datetime(2100, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
attempts = st.builds(
    Attempt, learner=st.just("ana"), lesson=texts, step=texts,
    kind=texts.filter(lambda kind: kind != "reset"), answer=texts,
    correct=st.sampled_from([True, False, None]), misconception=st.none() | texts,
    confidence=st.none() | texts, at=moments,
)  # fmt: skip
points = st.builds(
    ResumePoint, learner=st.just("ana"), lesson=texts, step=texts,
    state=st.dictionaries(texts, st.none() | st.booleans() | st.integers() | texts, max_size=3),
    completed=st.integers(0, 99), total=st.integers(0, 99), done=st.booleans(), at=moments,
)  # fmt: skip
resets = st.builds(Reset, learner=st.just("ana"), lesson=st.none() | texts, at=moments)
entries = st.lists(attempts | points | resets, max_size=6)


@given(entries)
def test_what_is_written_is_read_again(given_entries):
    assert tuple(given_entries) == read_entries(write_entries(given_entries), "ana", "file")


@given(st.text() | st.text().map(lambda text: HEADER + text))
def test_no_text_brings_anything_but_entries_or_one_sentence(text):
    assert "\n" not in refusal(text)


def refusal(text):
    try:
        read_entries(text, "ana", "file")
    except TutorError as error:
        return str(error)
    return ""


def test_the_entries_become_those_of_whoever_reads_them():
    (read,) = read_entries(write_entries([attempt(learner="ana")]), "ben", "file")
    assert attempt(learner="ben") == read


def test_no_learner_is_named_in_the_file():
    assert "ana" not in write_entries([attempt(learner="ana"), point(learner="ana")])


def line(values, **changes):
    return HEADER + "\n" + json.dumps(values | changes)


def without(values, key):
    return HEADER + "\n" + json.dumps({k: v for k, v in values.items() if k != key})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "file holds no progress of Nabla's: name a file that `nabla progress --export` wrote"),
        ("id: gradients/derivative", "file holds no progress of Nabla's"),
        ("[1]", "file holds no progress of Nabla's"),
        (HEADER.replace("1", "2"), "file is from a newer Nabla (format 2, this one knows 1)."),
        (HEADER.replace("1", "0"), "file:1: format must be 1"),
        (HEADER.replace("1", "true"), "file:1: format must be 1"),
        (HEADER + '{"entry": "att', "file:2: is not JSON; was the file cut or edited?"),
        (HEADER + "[]", "file:2: must be an object in braces"),
        (line({"entry": "answer"}), "file:3: entry must be one of: attempt, resume, reset"),
        (line({}), "file:3: entry must be one of: attempt, resume, reset"),
        (without(ATTEMPT, "step"), "file:3: the key step is missing"),
        (line(ATTEMPT, colour="blue"), 'file:3: there is no key "colour"'),
        (line(ATTEMPT, learner="eve"), 'file:3: there is no key "learner"'),
        (line(ATTEMPT, **{"two\nlines": 1}), 'file:3: there is no key "two\\nlines"'),
        (line(ATTEMPT, step=7), "file:3: step must be a text"),
        (line(ATTEMPT, lesson=None), "file:3: lesson must be a text"),
        (line(ATTEMPT, kind="reset"), "file:3: kind must be a kind of step"),
        (line(ATTEMPT, answer="\ud800"), "file:3: answer must be a text"),
        (line(ATTEMPT, correct="yes"), "file:3: correct must be true, false or null"),
        (line(ATTEMPT, confidence=1), "file:3: confidence must be a text or null"),
        (line(ATTEMPT, at="noon"), "file:3: at must be a time with a time zone"),
        (line(ATTEMPT, at="2026-01-01T12:00:00"), "file:3: at must be a time with a time zone"),
        (line(POINT, state=[1]), "file:3: state must be an object in braces"),
        (line(POINT, completed=-1), "file:3: completed must be a whole number from 0 on"),
        (line(POINT, total=True), "file:3: total must be a whole number from 0 on"),
        (line(POINT, done=1), "file:3: done must be true or false"),
    ],
)
def test_each_fault_is_named_with_its_line_and_key(text, words):
    with pytest.raises(TutorError) as raised:
        read_entries(text, "ana", "file")
    assert str(raised.value).startswith(words)


def test_a_reset_of_every_lesson_has_no_lesson():
    given_reset = Reset(learner="ana", lesson=None, at=NOON)
    text = write_entries([given_reset])
    assert '"lesson": null' in text
    assert (given_reset,) == read_entries(text, "ana", "file")


def test_the_format_is_in_the_first_line():
    first = write_entries([]).splitlines()[0]
    assert {"nabla": "progress", "format": FORMAT} == json.loads(first)
