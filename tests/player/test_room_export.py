"""The export: every answer, harmless in a spreadsheet, and nobody's name where none is wanted."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from tests.course import course
from tests.room.classes import NEXT, NOON, TILT, MadeUpClass, answered, moved
from tests.store.test_reading import calls
from tutor.i18n import Session, begin_session
from tutor.player.room_export import csv_of, files_of, naming, safe_cell
from tutor.room.learner import Given, Learner, Visit
from tutor.room.room import Room

HOSTILE = '=HYPERLINK("http://x")\r\n@SUM|<b>,"\u202e'


def room() -> Room:
    made_up = MadeUpClass("ana", HOSTILE)
    made_up.tell("ana", moved())
    made_up.wait(29)
    made_up.tell("ana", answered(correct=False, misconception="G1", answer="-0.5"))
    made_up.tell("ana", answered(answer="=1+1"), answered(NEXT, choice=1))
    made_up.tell(HOSTILE, answered(correct=False, misconception="G1"))
    return made_up.room


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def exported(*, anonymous: bool = False) -> tuple[list[dict[str, str]], str]:
    files = files_of(room(), course(), anonymous=anonymous)
    return rows(files[".csv"]), files[".md"]


def test_every_answer_is_a_line_with_its_step_its_time_and_its_misconception():
    lines, _ = exported()
    first = next(line for line in lines if line["learner"] == "ana")
    assert (TILT.step, "G1", "false", "30") == (
        first["step"], first["misconception"], first["correct"], first["seconds_on_step"],
    )  # fmt: skip
    assert 4 == len(lines)


def test_ten_times_the_answers_and_stays_take_ten_times_the_calls():
    """Of a learner who went to and fro between two steps."""

    def work(answers: int) -> int:
        moments = [NOON + timedelta(seconds=number) for number in range(answers)]
        places = [(TILT, NEXT)[number % 2] for number in range(answers)]
        ana = Learner(
            "ana",
            visits=tuple(map(Visit, places, moments, moments)),
            answers=tuple(
                Given(at, answered(place)) for at, place in zip(moments, places, strict=True)
            ),
        )
        return calls(lambda: csv_of(Room(learners={"ana": ana}), str, anonymous=False))

    work(1)
    assert work(1000) <= 12 * work(100)


def test_no_cell_is_a_formula_and_no_row_is_broken():
    lines, _ = exported()
    cells = [cell for line in lines for cell in line.values()]
    assert not [cell for cell in cells if cell[:1] in "=+@\t\r" and cell]
    assert {"-0.5", "'=1+1"} <= set(cells)
    assert not [cell for cell in cells if "\n" in cell or "\u202e" in cell]


@given(st.text())
def test_a_cell_of_any_text_begins_with_no_formula_sign_unless_it_is_a_number(text):
    cell = safe_cell(text)
    begins_one = cell[:1] in set("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
    assert not begins_one or float(cell) == float(cell) or "nan" in cell.lower()
    assert "\n" not in cell
    assert "\r" not in cell


def test_an_anonymous_export_holds_no_name_and_no_time_of_day():
    lines, report = exported(anonymous=True)
    text = str(lines) + report
    assert "ana" not in [line["learner"] for line in lines]
    assert "HYPERLINK" not in text
    assert {""} == {line["time"] for line in lines}
    assert "2026" not in text
    assert {"learner 1", "learner 2"} == {line["learner"] for line in lines}


def test_the_report_counts_misconceptions_and_draws_the_answers():
    _, report = exported()
    assert "The gradient points downhill." in report
    assert "## Misconceptions met" in report
    assert "```text" in report


def test_the_report_keeps_its_tables_whole():
    """A bar in a name would open another cell."""
    _, report = exported()
    tables = [line for line in report.splitlines() if line.startswith("|")]
    bars = {line.replace("\\|", "").count("|") for line in tables}
    assert bars == {6, 5}


def test_a_room_without_answers_is_a_report_too():
    files = files_of(Room(), course(), anonymous=False)
    assert [] == rows(files[".csv"])
    assert "0 answers" in files[".md"]


def test_the_report_speaks_the_sessions_language():
    begin_session(Session("zh"))
    try:
        assert "误解" in files_of(room(), course(), anonymous=False)[".md"]
    finally:
        begin_session(Session("en"))


@pytest.mark.parametrize("anonymous", [True, False])
def test_each_learner_has_one_name_in_all_of_it(anonymous):
    found = room()
    called = naming(found, anonymous=anonymous)
    assert 2 == len({line["learner"] for line in rows(csv_of(found, called, anonymous=anonymous))})
