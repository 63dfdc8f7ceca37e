"""A lesson file becomes a lesson, or an error that names every fault."""

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tutor.lesson.loader import load_lesson, load_source, read_lesson
from tutor.lesson.model import DescentExperiment, ExperimentStep, Goal, NumberStep, TextStep
from tutor.lesson.problem import LessonError

SAMPLES = Path(__file__).parents[1] / "sample_lessons"
SHORT = """\
format: 1
id: gradients/short
title: Short
summary: The smallest lesson.
minutes: 1
objectives: [Read it]
steps:
  - {id: end, kind: text, body: The end.}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lesson.yaml"


def complaint(path: Path) -> str:
    with pytest.raises(LessonError) as caught:
        load_lesson(path)
    return str(caught.value).removeprefix(str(path))


def test_a_step_is_read_into_its_class():
    lesson = load_lesson(SAMPLES / "good.yaml")
    kinds = "text predict experiment number choice bug predict predict code"
    assert kinds.split() == [step.kind for step in lesson.steps]
    assert isinstance(lesson.steps[0], TextStep)


def test_an_experiment_is_told_by_its_own_key():
    step = load_lesson(SAMPLES / "good.yaml").steps[2]
    assert isinstance(step, ExperimentStep)
    expected = DescentExperiment(objective="sphere", start=(-3.0, 4.0), steps=20)
    assert expected == step.experiment


def test_a_number_of_yaml_1_2_is_a_number_and_is_stands_for_is_():
    step = load_lesson(SAMPLES / "good.yaml").steps[2]
    assert isinstance(step, ExperimentStep)
    assert Goal(quantity="loss", is_="below", value=1e-3, within_steps=20) == step.goal


def test_a_formula_stays_the_text_of_its_author():
    step = load_lesson(SAMPLES / "good.yaml").steps[3]
    assert isinstance(step, NumberStep)
    assert ("abs(1 - 2*0.1)", "1 - 0.1") == (step.answer, step.near_misses[0].value)


@pytest.mark.parametrize("word", ["no", "off", "1:30", "null", "2026-01-01", "0x10"])
def test_no_word_of_a_title_is_turned_into_something_else(word: str):
    assert word == read_lesson(SHORT.replace("Short", word), "f").title


def test_a_minus_sign_may_be_a_real_one():
    text = (SAMPLES / "good.yaml").read_text(encoding="utf-8").replace("[-3, 4]", "[−3, 4]")
    step = read_lesson(text, "f").steps[2]
    assert isinstance(step, ExperimentStep)
    assert isinstance(step.experiment, DescentExperiment)
    assert (-3.0, 4.0) == step.experiment.start


def test_every_fault_is_reported_and_the_first_is_the_error():
    with pytest.raises(LessonError) as caught:
        load_lesson(SAMPLES / "broken" / "three-faults.yaml")
    assert [8, 15, 23] == [problem.line for problem in caught.value.problems]
    assert str(caught.value).endswith("write digits alone, such as 20 (and 2 more)")


def test_a_byte_order_mark_does_not_hurt(file: Path):
    file.write_bytes(b"\xef\xbb\xbf" + SHORT.encode())
    assert "Short" == load_lesson(file).title


def test_windows_line_ends_do_not_hurt(file: Path):
    file.write_bytes(SHORT.replace("\n", "\r\n").encode())
    assert load_lesson(file) == read_lesson(SHORT, "f")


def test_a_file_of_2_mb_is_refused_unread(file: Path):
    file.write_bytes(b"# padding\n" * 200_000)
    assert ": is larger than 1 MB; split the lesson; one takes some 10 KB" == complaint(file)


def test_a_byte_that_is_not_utf_8_is_named_with_its_line(file: Path):
    file.write_bytes(SHORT.encode().replace(b"Short", b"Sh\xf6rt"))
    assert ":3: byte 0xF6 is not UTF-8; save the file as UTF-8" == complaint(file)


def test_a_file_that_is_not_there_says_so(file: Path):
    assert ": does not exist; check the path" == complaint(file)


def test_a_folder_is_no_lesson(tmp_path: Path):
    assert ": is not a file with text in it; delete it, or give it another name" == complaint(
        tmp_path
    )


def test_the_place_of_every_key_is_known():
    source = load_source(SAMPLES / "good.yaml")
    line = source.lines["steps[swing].choices[2].feedback"]
    assert "further away" in source.text.splitlines()[line - 1]


def problems_in(text: str) -> list[str]:
    try:
        read_lesson(text, "f.yaml")
    except LessonError as error:
        return [str(problem) for problem in error.problems]
    return []


LETTERS = st.sampled_from([*"abc019.-:,#|>[]{}&*!%@$\"'\\~?é梯\t\n ", "\x07", "\ud800", "1e999"])


@given(st.lists(st.tuples(st.floats(0, 1), LETTERS), min_size=1, max_size=4))
def test_a_damaged_lesson_is_a_lesson_or_an_error_that_names_its_faults(
    damages: list[tuple[float, str]],
):
    text = (SAMPLES / "good.yaml").read_text(encoding="utf-8")
    for place, letter in damages:
        at = int(place * len(text))
        text = text[:at] + letter + text[at + 1 :]
    assert all(told.startswith("f.yaml:") for told in problems_in(text))


@pytest.mark.parametrize("key", ["format", "needs"])
def test_a_number_of_any_length_ends_in_a_problem(key: str):
    """Python turns no text of more than 4,300 digits into a number."""
    with pytest.raises(LessonError) as refused:
        read_lesson(f"{key}: {'9' * 5000}\n", "f.yaml")
    (said,) = (str(each) for each in refused.value.problems if each.key_path == key)
    assert said.startswith(f"f.yaml:1: {key}: '{'9' * 37}...' is not ")
