"""A number's answer is proved a second way, and what nothing proves is warned of."""

import io
import json
from pathlib import Path

import pytest

from tutor.authoring.check import run_check
from tutor.authoring.linter import inspect
from tutor.authoring.rules.proofs import check_proof
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.loader import load_lesson, read_lesson
from tutor.lesson.model import NumberStep

LESSON = """\
format: 1
id: gradients/sample
title: A sample
summary: One number.
minutes: 5
objectives: [Prove it]
steps:
  - id: one
    kind: number
    body: How steep is $x^2$ at 3?
    answer: {answer}
    {more}
"""


def written(folder: Path, answer: str, more: str) -> Path:
    file = folder / "a.yaml"
    file.write_text(LESSON.format(answer=answer, more=more), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "proof",
    [
        "{slope: x**2, at: [3]}",
        "{slope: 'x0**2 + x1', at: [3, 1], along: x0}",
        "{run: {formula: x**2, x: 3}, gives: slope}",
        "{zero: x**2 - 36, between: [0, 10]}",
        "{program: 'sum(2 for turn in range(3))'}",
    ],
)
def test_each_kind_of_proof_agrees_or_contradicts(tmp_path: Path, proof: str):
    right = inspect([written(tmp_path, "2*3", f"proof: {proof}")])
    assert ((), ()) == (right.problems, right.warnings)
    (wrong,) = inspect([written(tmp_path, "2*3.1", f"proof: {proof}")]).problems
    assert "and the answer is 6.2; mend the one that is wrong" in str(wrong)


def test_an_answer_that_nothing_proves_is_warned_of(tmp_path: Path):
    file, out, listed = written(tmp_path, "123456.789", ""), io.StringIO(), io.StringIO()
    assert 0 == run_check([file], out)
    warned, summed = out.getvalue().splitlines()
    assert warned.startswith(f"{file}:11: steps[one].answer: warning: nothing proves this answer; ")
    assert "1 lesson, 1 step: no problems; 1 warning" == summed
    assert 0 == run_check([file], listed, "json")
    assert ["warning"] == [each["severity"] for each in json.loads(listed.getvalue())]


def test_of_an_answer_that_cannot_be_computed_that_alone_is_said(tmp_path: Path):
    found = inspect([written(tmp_path, "2*eta", "")])
    assert ["steps[one].answer"] == [problem.key_path for problem in found.problems]
    assert () == found.warnings


def test_an_answer_in_the_numbers_of_its_experiment_is_computed_already(tmp_path: Path):
    more = "experiment: {formula: x**2, x: 3, h: 1}\n    charts: [curve]"
    assert () == inspect([written(tmp_path, "quotient - 1", more)]).warnings


def test_a_slip_in_any_answer_of_our_lessons_is_found_by_its_proof():
    files = sorted((find_lesson_folders()[0] / "gradients").glob("??-*[a-z].yaml"))
    lessons = [load_lesson(file) for file in files if ".zh." not in file.name]
    steps = [s for lesson in lessons for s in lesson.steps if isinstance(s, NumberStep)]
    by_program = [step for step in steps if hasattr(step.proof, "program")]
    assert 20 < len(steps) - len(by_program)
    for step in steps:
        text = LESSON.format(answer=f"1.2*({step.answer}) + 1", more="")
        slip = read_lesson(text, "a.yaml").steps[0]
        assert isinstance(slip, NumberStep)
        wrong = NumberStep(id=step.id, kind="number", body=step.body, answer=slip.answer,
                           experiment=step.experiment, proof=step.proof)  # fmt: skip
        assert step in by_program or list(check_proof(wrong, "")), step.id


CONTROL = """\
format: 1
id: gradients/sample
title: A sample
summary: One run.
minutes: 5
objectives: [Say why]
steps:
  - id: one
    kind: text
    body: It flies away because $\\eta$ is above 1.
    experiment: {{objective: sphere, start: [-3, 4], learning_rate: 1.1, steps: 20}}
    charts: [loss-curve]
    control:
      - change: {{learning_rate: {eta}}}
        shows: {{quantity: factor, is: below, value: 1}}
"""


@pytest.mark.parametrize(("eta", "count"), [(0.9, 0), (1.05, 1)])
def test_a_control_is_the_run_with_one_thing_changed(tmp_path: Path, eta: float, count: int):
    file = tmp_path / "a.yaml"
    file.write_text(CONTROL.format(eta=eta), encoding="utf-8")
    assert count == len(inspect([file]).problems)
