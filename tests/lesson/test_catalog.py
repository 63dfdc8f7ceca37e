"""The catalog finds the good lessons in order, and leaves the others out with a reason."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.course import course
from tutor.errors import TutorError
from tutor.lesson.catalog import Catalog, load_catalog
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.heads import read_heads

LESSON = """\
format: 1
id: gradients/{id}
title: A lesson
summary: One of several.
requires: [{requires}]
minutes: 5
objectives: [Come after another]
steps:
  - {{id: words, kind: text, body: Words.}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of courses, with the course `gradients` in it."""
    (tmp_path / "gradients").mkdir()
    return tmp_path


def write(folder: Path, file: str, *requires: str) -> Path:
    path = folder / "gradients" / f"{file}.yaml"
    needed = ", ".join(f"gradients/{name}" for name in requires)
    name = file.partition("-")[2]
    path.write_text(LESSON.format(id=name, requires=needed), encoding="utf-8")
    return path


def ids(catalog: Catalog) -> list[str]:
    return [lesson.id.partition("/")[2] for lesson in catalog.lessons]


def left_out(catalog: Catalog) -> list[str]:
    return [
        f"{Path(problem.file).name}: {problem.key_path}: {problem.what}"
        for problem in catalog.left_out
    ]


def test_lessons_come_in_the_order_of_their_files(folder: Path):
    for name in ("04-c", "02-b", "01-a"):
        write(folder, name)
    assert ["a", "b", "c"] == ids(load_catalog([folder]))


def test_a_lesson_comes_after_what_it_requires(folder: Path):
    write(folder, "01-a", "c")
    write(folder, "02-b")
    write(folder, "03-c")
    assert ["b", "c", "a"] == ids(load_catalog([folder]))


def test_a_bad_lesson_is_left_out_and_the_others_stay(folder: Path):
    write(folder, "01-a")
    write(folder, "02-b").write_text("format: [", encoding="utf-8")
    catalog = load_catalog([folder])
    assert ["a"] == ids(catalog)
    assert ["02-b.yaml"] == [Path(problem.file).name for problem in catalog.left_out]


def test_a_lesson_that_requires_an_unknown_one_is_left_out(folder: Path):
    write(folder, "01-a", "nowhere")
    catalog = load_catalog([folder])
    assert [] == ids(catalog)
    assert [
        "01-a.yaml: requires[1]: there is no lesson gradients/nowhere (or it was left out)"
    ] == left_out(catalog)


def test_what_requires_a_lesson_left_out_is_left_out_too(folder: Path):
    write(folder, "01-a", "nowhere")
    write(folder, "02-b", "a")
    write(folder, "03-c")
    catalog = load_catalog([folder])
    assert ["c"] == ids(catalog)
    assert (
        "02-b.yaml: requires[1]: gradients/a was left out, so this lesson is too"
        == left_out(catalog)[1]
    )


def test_a_cycle_is_named(folder: Path):
    write(folder, "01-a", "c")
    write(folder, "02-b", "a")
    write(folder, "03-c", "b")
    assert (
        "01-a.yaml: requires[1]: requires itself: "
        "gradients/a requires gradients/c requires gradients/b requires gradients/a"
        == left_out(load_catalog([folder]))[0]
    )


def test_the_second_lesson_of_one_id_is_left_out(folder: Path):
    first = write(folder, "01-a")
    write(folder, "02-a")
    catalog = load_catalog([folder])
    assert ["a"] == ids(catalog)
    assert [f"02-a.yaml: id: gradients/a is already the id of {first}"] == left_out(catalog)


def test_a_missing_folder_is_a_problem_and_no_crash(tmp_path: Path):
    catalog = load_catalog([tmp_path / "lessons"])
    assert () == catalog.courses
    assert [
        f"{tmp_path / 'lessons'}: there is no such folder of lessons; "
        "check the path, or install Nabla again"
    ] == [str(problem) for problem in catalog.left_out]


@pytest.mark.parametrize("name", ["gradients/learning-rate", "learning-rate", "6", "06"])
def test_a_lesson_is_found_by_id_short_id_or_number(folder: Path, name: str):
    write(folder, "06-learning-rate")
    write(folder, "07-minima")
    assert "gradients/learning-rate" == load_catalog([folder]).lesson(name).id


def test_a_misspelt_lesson_is_answered_with_the_nearest(folder: Path):
    write(folder, "06-learning-rate")
    with pytest.raises(TutorError) as caught:
        load_catalog([folder]).lesson("lerning-rate")
    assert "no lesson is called lerning-rate: did you mean learning-rate?" == str(caught.value)


def test_an_unknown_lesson_is_answered_with_the_way_to_the_list(folder: Path):
    with pytest.raises(TutorError) as caught:
        load_catalog([folder]).lesson("zzz")
    assert "no lesson is called zzz: `list` shows every lesson" == str(caught.value)


def test_the_lessons_of_the_checkout_are_found():
    (folder,) = find_lesson_folders()
    assert (folder / "gradients").is_dir()


def test_the_catalog_needs_neither_numpy_nor_a_screen_nor_a_database():
    program = (
        "import sys\n"
        "from tutor.lesson.catalog import load_catalog\n"
        "from tutor.lesson.folders import find_lesson_folders\n"
        "assert load_catalog(find_lesson_folders()).lessons\n"
        "heavy = {'numpy', 'textual', 'sqlalchemy', 'rich', 'markdown_it', 'unicodeit'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert ("[]\n", "") == (done.stdout, done.stderr)


def translate(folder: Path, file: str, rest: str) -> None:
    path = folder / "gradients" / f"{file}.zh.yaml"
    name = file.partition("-")[2]
    text = f"translates: gradients/{name}\nlanguage: zh\n{rest}"
    path.write_text(text, encoding="utf-8")


def titles(catalog: Catalog) -> list[str]:
    return [lesson.title for lesson in catalog.lessons]


def test_another_language_is_laid_over_the_lessons_that_have_it(folder: Path):
    write(folder, "01-a")
    write(folder, "02-b")
    translate(folder, "01-a", "title: 一课\n")
    english = load_catalog([folder])
    chinese = english.in_language("zh")
    assert (["一课", "A lesson"], "zh", ()) == (
        titles(chinese), chinese.language, chinese.untranslated,
    )  # fmt: skip
    assert "Words." == chinese.lessons[0].steps[0].body
    assert "一课" == chinese.lesson("1").title


def test_the_way_back_to_english_is_the_catalog_itself(folder: Path):
    write(folder, "01-a")
    translate(folder, "01-a", "title: 一课\n")
    english = load_catalog([folder])
    assert english is english.in_language("zh").in_language("en")
    assert english.in_language("zh") == english.in_language("zh").in_language("zh")


def test_a_broken_translation_leaves_the_lesson_in_english_and_says_why(folder: Path):
    write(folder, "01-a")
    translate(folder, "01-a", "title: 一课\ntitel: 一课\n")
    chinese = load_catalog([folder]).in_language("zh")
    assert ["A lesson"] == titles(chinese)
    assert ["titel"] == [problem.key_path for problem in chinese.untranslated]
    assert () == chinese.left_out


@pytest.mark.parametrize("language", ["en", "zh"])
def test_heads_read_without_building_are_those_of_the_built_lessons(language: str):
    built = course(language).heads
    read = read_heads(find_lesson_folders(), language)
    assert built == read
    assert [each.steps for each in built] == [each.steps for each in read]


def test_heads_of_another_order_are_read_and_of_no_lesson_are_not(folder: Path):
    write(folder, "02-b", "c")
    write(folder, "03-c")
    write(folder, "04-d", "gone")
    (folder / "gradients" / "05-e.yaml").write_text("title: [unclosed", encoding="utf-8")
    (folder / "gradients" / "06-f.yaml").write_bytes(b"\xff\xfe\x00")
    os.mkfifo(folder / "gradients" / "07-g.yaml")
    (folder / "gradients" / "08-h.yaml").symlink_to(folder / "nowhere")
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "01-a.yaml").write_text(LESSON.format(id="a", requires=""))
    translate(folder, "02-b", "title: 二\nsteps: {}\n")
    heads = read_heads([folder], "zh")
    assert [("gradients/c", "A lesson", 3), ("gradients/b", "二", 2)] == [
        (each.id, each.title, each.number) for each in heads
    ]
    assert ("words",) == heads[0].steps


def test_a_lesson_with_computed_words_in_its_head_waits_until_it_is_built(folder: Path):
    path = write(folder, "01-a")
    text = path.read_text("utf-8").replace("One of several", "Worth {=eta}")
    path.write_text(text.replace("steps:", "values: {eta: 0.1}\nsteps:"), "utf-8")
    assert () == read_heads([folder])
    assert ["a"] == ids(load_catalog([folder]))
