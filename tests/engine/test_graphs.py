"""Gradients filled in from right to left: what is drawn, what is said to a slip, what is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.lessons import GRAPH, LESSON
from tutor.engine.kinds.graph import drawing
from tutor.engine.kinds.questions import GradientEntry
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.resume import restore, snapshot
from tutor.engine.lesson.run import LessonRun, StepState
from tutor.engine.lesson.view import StepView
from tutor.i18n import render
from tutor.lesson.model import GraphNode, GraphStep

RIGHT = ("18", "18", "18", "36", "54", "54")
"""Of s, p, x by s, x by p, x in all, y."""
LAYER = GraphStep(
    kind="graph",
    id="layer",
    body="Back?",
    inputs={
        "x": "[[1, 2], [0, 1]]",
        "W": "[[1, 0, -1], [0.5, 1, 2]]",
        "b": "[0.1, 0, 0]",
        "t": "[[1, 0, 0], [0, 0, 1]]",
    },
    nodes=(
        GraphNode(name="m", rule="matmul", of=("x", "W")),
        GraphNode(name="a", rule="add", of=("m", "b")),
        GraphNode(name="L", rule="softmax-cross-entropy", of=("a", "t")),
    ),
    fixed=("x", "t"),
)


def after(*typed: str, step: GraphStep = GRAPH) -> LessonRun:
    run = begin(replace(LESSON, steps=(step,)), seed=3)
    for entry in typed:
        run, _ = advance(run, ev.NumberAnswered(entry))
    return run


def asked(run: LessonRun) -> str:
    question = StepView(run).question
    assert isinstance(question, GradientEntry)
    return render(question.asked)


def test_the_graph_stands_in_cells_with_what_is_filled_in():
    """A value that goes two ways has a place for each of them, and for their sum."""
    assert drawing(GRAPH, after(*RIGHT[:3]).state) == (
        "x 3 ───────────┬──────────┬▸(+) s 9 ─▸(sq) L 81",
        "∂ 18 + ▁▁▁ = ? └┬▸(×) p 6 ┘ ∂ 18      ∂ 1",
        "                │ ∂ 18",
        "y 2 ────────────┘",
        "∂ ?",
    )


def test_one_gradient_is_asked_after_the_other_up_to_the_sum_of_a_branch():
    names = [asked(after(*RIGHT[:count])) for count in range(len(RIGHT) + 1)]
    assert names == [
        "Now ∂L/∂s?",
        "Now ∂L/∂p?",
        "Now ∂L/∂x, only by way of s?",
        "Now ∂L/∂x, only by way of p?",
        "Now ∂L/∂x: all its ways together?",
        "Now ∂L/∂y?",
        "",
    ]


@pytest.mark.parametrize(
    ("filled", "typed", "said"),
    [
        (0, "162", "has another local derivative"),
        (0, "1", "handed on as it is"),
        (0, "-18", "grow or shrink when s grows"),
        (2, "54", "Only the one by s is asked here"),
        (3, "2", "local derivative of p alone"),
        (3, "54", "You multiplied by x itself"),
        (4, "36", "What they bring back adds up"),
        (4, "648", "What they bring back adds up"),
        (5, "2", "on the way forward"),
        (5, "21", "do not add up"),
        (5, "7", "18 comes to p from the right"),
    ],
)
def test_a_slip_is_told_by_the_rule_that_was_forgotten(filled: int, typed: str, said: str):
    run = after(*RIGHT[:filled], typed)
    assert run.state.verdict is not None
    assert not run.state.verdict.correct
    assert said in render(run.state.verdict.feedback)
    assert str(filled) == (run.state.answer or "").partition(":")[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-0.385 0.104 0.282; 0.0764 0.114 -0.19", ""),
        ("[[-0.385, 0.104, 0.282], [0.0764, 0.114, -0.19]]", ""),
        ("-0.385 0.0764; 0.104 0.114; 0.282 -0.19", "lying on their side"),
        ("0.229 0.207 0.564; 0.153 0.228 0.619", "That is the softmax of a"),
        ("1 2", "a is 2 × 3"),
    ],
)
def test_a_matrix_is_typed_in_rows(typed: str, said: str):
    run = after(typed, step=LAYER)
    assert run.state.verdict is not None
    assert run.state.verdict.correct == (not said)
    assert said in render(run.state.verdict.feedback)


def test_a_bias_of_every_row_has_the_sum_of_the_rows():
    rows = "-0.385 0.104 0.282; 0.0764 0.114 -0.19"
    assert "What the rows bring back adds up" in render(
        after(rows, rows, rows, step=LAYER).state.verdict.feedback
    )


@pytest.mark.parametrize("typed", ["", "x", "1 2; 3", ";", "1e999"])
def test_what_is_no_gradient_has_a_sentence_and_counts_for_nothing(typed: str):
    run = after(typed, step=LAYER)
    assert 0 == run.state.tries
    assert run.state.problem


@pytest.mark.parametrize("count", range(len(RIGHT) + 1))
def test_what_is_filled_in_comes_back(count: int):
    run = after(*RIGHT[:count], *["7"] * (count < len(RIGHT)))
    again = restore(run.lesson, snapshot(run), seed=5)
    assert (run.state.values, run.state.outcome) == (again.state.values, again.state.outcome)
    assert drawing(GRAPH, run.state) == drawing(GRAPH, again.state)


def test_the_solution_names_every_gradient():
    run, _ = advance(after("7"), ev.SolutionAsked())
    assert "∂L/∂x (x → s) = 18" in render(StepView(run).solution)
    assert "?" not in "".join(drawing(GRAPH, run.state))


def test_a_graph_that_cannot_be_computed_says_so_and_can_be_passed_over():
    broken = replace(GRAPH, inputs={"x": "1e99", "y": "1e99"})
    run = after(step=replace(broken, nodes=(*GRAPH.nodes[:2],
                GraphNode(name="L", rule="exp", of=("s",)))))  # fmt: skip
    assert "L is not a number, or has no end." in drawing(run.step, StepState())[0]
    assert advance(run, ev.StepSkipped())[0].finished
