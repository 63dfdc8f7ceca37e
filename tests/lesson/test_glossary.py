"""The words of the course: every one in both languages, found by a part of it."""

from __future__ import annotations

import re

import pytest

from tests.course import course
from tutor.authoring.linter import check_paths
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.glossary import found_terms, glossary_files, load_glossary, read_glossary
from tutor.lesson.problem import LessonError

TERMS = load_glossary(find_lesson_folders())
COURSE = range(1, 14)
"""The numbers of the course's thirteen lessons."""
GOOD = """\
format: 1
terms:
  - {term: slope, zh: 斜率, lesson: 1, meaning: How steep., meaning_zh: 陡峭程度。}
"""


def names(found):
    return [term.term for term in found]


def test_the_course_has_a_glossary_that_can_be_read():
    (file,) = glossary_files(find_lesson_folders())
    assert len(TERMS) == len(read_glossary(file.read_text("utf-8"), str(file)).terms) >= 45


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.term)
def test_each_term_has_one_sentence_in_each_language(term):
    assert re.fullmatch(r"[^.]+\.", term.meaning)
    assert re.fullmatch(r"[^。]+。", term.meaning_zh)
    assert re.search(r"[\u4e00-\u9fff]", term.zh)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.term)
def test_each_term_names_a_lesson_of_the_course(term):
    assert term.lesson in COURSE


def test_the_terms_stand_in_the_order_of_the_lessons():
    lessons = [term.lesson for term in TERMS]
    assert sorted(lessons) == lessons


def test_every_lesson_introduces_some_terms():
    numbers = set(course().numbers.values())
    assert numbers <= {term.lesson for term in TERMS}


@pytest.mark.parametrize(
    ("typed", "first"),
    [("Gradient", "gradient"), ("  学习率 ", "learning rate"), ("鞍", "saddle point"),
     ("probabilities", "softmax function"), ("舍入", "rounding error")],
)  # fmt: skip
def test_a_part_of_a_name_or_a_meaning_finds_the_term(typed, first):
    assert first == names(found_terms(TERMS, typed))[0]


def test_an_empty_search_finds_all_and_a_strange_one_nothing():
    assert TERMS == found_terms(TERMS, " ")
    assert () == found_terms(TERMS, "xyzzy")


def test_no_term_is_found_twice():
    found = names(found_terms(TERMS, "gradient"))
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("term: slope", "word: slope"), "glossary.yaml:3: terms[1]: has no term"),
        (("lesson: 1", "lesson: 0"), "glossary.yaml:3: terms[1].lesson"),
        (("format: 1", "format: 2"), "glossary.yaml:1: format"),
    ],
)
def test_check_names_what_is_wrong_with_a_glossary(tmp_path, change, problem):
    file = tmp_path / "glossary.yaml"
    file.write_text(GOOD.replace(*change), "utf-8")
    assert any(problem in str(each) for each in check_paths([file])), check_paths([file])


def test_a_term_that_stands_twice_is_refused():
    line = GOOD.splitlines()[-1]
    with pytest.raises(LessonError) as raised:
        read_glossary(GOOD + line.replace("斜率", "坡度") + "\n", "glossary.yaml")
    (problem,) = raised.value.problems
    assert "glossary.yaml:4: terms[2].term: slope stands here twice" in str(problem)


def test_check_looks_into_the_folder_of_a_course_too(tmp_path):
    (tmp_path / "glossary.yaml").write_text("format: 1\n", "utf-8")
    assert any("glossary.yaml" in str(each) for each in check_paths([tmp_path]))
