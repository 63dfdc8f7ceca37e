"""The authors' guide says what is true."""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import get_args, get_type_hints

import pytest

from tutor.authoring.linter import check_paths
from tutor.authoring.rules.room import MOST_LINES
from tutor.lesson.abilities import Abilities, abilities_of
from tutor.lesson.loader import load_lesson
from tutor.lesson.model import (
    CheckExperiment,
    DescentExperiment,
    GradientExperiment,
    NetworkExperiment,
    SlopeExperiment,
    Step,
    TrainingExperiment,
)
from tutor.lesson.texts import texts_of
from tutor.lesson.translation import load_translation

GUIDE = (Path(__file__).parents[2] / "lessons" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(?!translates)(.*?)```", GUIDE, flags=re.DOTALL)
TRANSLATION = "".join(re.findall(r"```yaml\n(translates.*?)```", GUIDE, flags=re.DOTALL))
COLUMNS = [
    abilities_of(SlopeExperiment(objective="square", x=1.0)),
    abilities_of(GradientExperiment(objective="sphere", point=(1.0, 1.0))),
    abilities_of(DescentExperiment(objective="sphere", start=(1.0, 1.0))),
    abilities_of(NetworkExperiment(weights=((1.0, 1.0, 1.0), (1.0, 1.0, 1.0)))),
    abilities_of(TrainingExperiment(data="digits")),
    abilities_of(CheckExperiment(layers=(3, 4, 2))),
]


def texts_left_in_english(lesson: Path) -> Iterator[str]:
    """Yield the key paths of the texts that the guide's translation leaves out."""
    english = load_lesson(lesson)
    translation = load_translation(lesson.with_suffix(".zh.yaml"), english)
    yield from (t.path for t in texts_of(english, "") if t.path not in translation.texts)


def row(label: str) -> list[str]:
    """Return the cells of the rows that start with `label`, one table after the other."""
    lines = re.findall(rf"^\| {re.escape(label)} \|(.*)\|$", GUIDE, flags=re.MULTILINE)
    return [cell for line in lines for cell in str(line).split(" | ")]


def test_the_examples_of_the_guide_make_a_lesson_without_a_problem(tmp_path: Path):
    head, *steps = EXAMPLES
    lesson = tmp_path / "example.yaml"
    body = "steps:\n" + indent("".join(steps), "  ")
    lesson.write_text(re.sub(r"steps: \[\].*\n", body, head), encoding="utf-8")
    lesson.with_suffix(".zh.yaml").write_text(TRANSLATION, encoding="utf-8")
    assert [] == [str(problem) for problem in check_paths([lesson])]
    own = (
        r"sources\[1\]|steps\[tune\]\.parameters\[1\]\.label|steps\[factor\]\.worked"
        r"|steps\[sort\]\.items\[\d\]\.label|steps\[which-descend\]\.choices\[\d\]\.text"
        r"|steps\[whose-curve\]\.(pairs\[\d\]\.(item|match)|experiment\..*label)"
    )
    assert [] == [path for path in texts_left_in_english(lesson) if not re.fullmatch(own, path)]
    kinds = {get_args(get_type_hints(kind)["kind"])[0] for kind in get_args(Step)}
    assert kinds - {"text"} <= {step.kind for step in load_lesson(lesson).steps}


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("parameters", "parameters"),
        ("charts", "charts"),
        ("`ask`", "asks"),
        ("quantities", "quantities"),
    ],
)
def test_the_guide_names_all_that_an_experiment_can_do(label: str, key: str):
    named = [set(re.findall(r"`([\w-]+)`", cell)) for cell in row(label)]
    assert [set(_names(column, key)) for column in COLUMNS] == named


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("`explain`, `debrief`, `feedback`, `right`, `wrong`", "feedback"),
        ("a hint", "hints"),
        ("a `solution`", "solution"),
        ("the text of a choice", "text"),
    ],
)
def test_the_guide_tells_how_long_a_text_may_be(label: str, key: str):
    assert [str(MOST_LINES[key])] == [cell.strip() for cell in row(label)]


def _names(abilities: Abilities, key: str) -> frozenset[str]:
    names: frozenset[str] = getattr(abilities, key)
    return names


def test_the_first_lesson_of_the_guide_is_right_at_every_stage(tmp_path: Path):
    """Each block of the tutorial is added to the ones before it."""
    stages = re.findall(r"```yml\n(.*?)```", GUIDE, flags=re.DOTALL)
    lesson = tmp_path / "my-course" / "01-ramps.yaml"
    lesson.parent.mkdir()
    for count in range(1, len(stages) + 1):
        lesson.write_text("".join(stages[:count]), encoding="utf-8")
        assert [] == [str(problem) for problem in check_paths([lesson.parent])]
    assert ["text", "choice", "number", "experiment"] == [s.kind for s in load_lesson(lesson).steps]
