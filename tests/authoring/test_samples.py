"""Each broken sample lesson gets exactly the problems that its first lines tell."""

import shutil
from pathlib import Path

import pytest

from tutor.authoring.linter import check_paths

SAMPLES = Path(__file__).parents[1] / "sample_lessons"
BROKEN = sorted((SAMPLES / "broken").glob("*.yaml"))
GOOD = sorted(path for path in SAMPLES.glob("*.yaml") if ".zh." not in path.name)
MARK = "# expected"


@pytest.mark.parametrize("sample", BROKEN, ids=lambda path: path.stem)
def test_a_broken_lesson_is_told_its_line_and_the_mend(sample: Path, tmp_path: Path):
    """Alone in a folder: what stands beside a lesson is its course, and is read with it."""
    first_lines = sample.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix(MARK) for line in first_lines if line.startswith(MARK)]
    copy = Path(shutil.copy(sample, tmp_path))
    assert expected == [str(each).removeprefix(str(copy)) for each in check_paths([copy])]
    assert expected


@pytest.mark.parametrize("sample", GOOD, ids=lambda path: path.stem)
def test_a_good_sample_has_no_problem(sample: Path):
    assert () == check_paths([sample])


def test_there_is_a_sample_for_every_kind_of_error():
    assert len(BROKEN) >= 100


TRANSLATIONS = sorted((SAMPLES / "broken_translations").glob("*.zh.yaml"))


@pytest.mark.parametrize("sample", TRANSLATIONS, ids=lambda path: path.name.partition(".")[0])
def test_a_broken_translation_is_told_its_line_and_the_mend(sample: Path, tmp_path: Path):
    """Each stands for a translation of `translated.yaml`."""
    lesson = tmp_path / sample.name.replace(".zh", "")
    shutil.copy(SAMPLES / "translated.yaml", lesson)
    copy = Path(shutil.copy(sample, tmp_path))
    first_lines = sample.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix(MARK) for line in first_lines if line.startswith(MARK)]
    assert expected == [str(each).removeprefix(str(copy)) for each in check_paths([lesson])]
    assert expected


def test_a_translation_without_a_lesson_is_told(tmp_path: Path):
    course = tmp_path / "gradients"
    course.mkdir()
    shutil.copy(SAMPLES / "good.yaml", course / "01-sample.yaml")
    orphan = Path(shutil.copy(SAMPLES / "good.zh.yaml", course / "02-sample.zh.yaml"))
    expected = f"{orphan}: there is no lesson 02-sample.yaml beside it; name it as the lesson is "
    assert [f"{expected}named"] == [str(problem) for problem in check_paths([tmp_path])]


def test_a_translation_that_is_named_is_checked_with_its_lesson(tmp_path: Path):
    shutil.copy(SAMPLES / "translated.yaml", tmp_path / "a.yaml")
    broken = SAMPLES / "broken_translations" / "title-missing.zh.yaml"
    copy = Path(shutil.copy(broken, tmp_path / "a.zh.yaml"))
    assert ["title"] == [problem.key_path for problem in check_paths([copy])]
