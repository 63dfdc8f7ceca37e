"""Each broken sample lesson gets exactly the problems that its first lines tell."""

from pathlib import Path

import pytest

from tutor.authoring.linter import check_paths

SAMPLES = Path(__file__).parents[1] / "sample_lessons"
BROKEN = sorted((SAMPLES / "broken").glob("*.yaml"))
GOOD = sorted(path for path in SAMPLES.glob("*.yaml") if ".zh." not in path.name)
MARK = "# expected"


@pytest.mark.parametrize("sample", BROKEN, ids=lambda path: path.stem)
def test_a_broken_lesson_is_told_its_line_and_the_mend(sample: Path):
    first_lines = sample.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix(MARK) for line in first_lines if line.startswith(MARK)]
    problems = check_paths([sample])
    assert expected == [str(problem).removeprefix(str(sample)) for problem in problems]
    assert expected


@pytest.mark.parametrize("sample", GOOD, ids=lambda path: path.stem)
def test_a_good_sample_has_no_problem(sample: Path):
    assert () == check_paths([sample])


def test_there_is_a_sample_for_every_kind_of_error():
    assert len(BROKEN) >= 100
