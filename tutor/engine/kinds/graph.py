"""A computational graph with its numbers: the gradients are filled in from right to left.

One gradient is asked after the other. A right one is kept by how many are filled in: all values
are computed anew from the graph. A wrong one is told by the rule that was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from tutor.charts.graph_drawing import draw_graph
from tutor.core.arrays import Floats
from tutor.core.graph import Node, Part, Pass, Slip, parts_to_fill, same, slips, walk
from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.number import BLANK
from tutor.engine.kinds.questions import GradientEntry
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import Advanced, LessonRun, StepState, answered, with_state
from tutor.engine.numbers import show, show_point, signed, whole_number
from tutor.errors import TutorError
from tutor.i18n import Message, Text, message, render
from tutor.lesson.grading import Verdict, read_number
from tutor.lesson.graph_rules import ordered_nodes, value_of_input
from tutor.lesson.markdown import escaped
from tutor.lesson.model import GraphStep
from tutor.typed import folded

WITHIN: Final = 0.02
"""Of the largest entry of a gradient: who computes with rounded numbers is right."""
_SIGNS: Final = {"add": "+", "subtract": "−", "multiply": "×", "divide": "/", "square": "sq",
                 "half-square": "sq/2", "sigmoid": "sig", "log": "ln", "matmul": "@",
                 "softmax-cross-entropy": "CE"}  # fmt: skip
_FORMULAS: Final = {"add": "{} + {}", "subtract": "{} − {}", "multiply": "{} · {}",
                    "divide": "{} / {}", "square": "{}²", "half-square": "{}² / 2",
                    "exp": "exp({})", "log": "ln({})", "sigmoid": "sigmoid({})",
                    "relu": "relu({})", "matmul": "{} @ {}",
                    "softmax-cross-entropy": "CE(softmax({}), {})"}  # fmt: skip
_IN_LINE: Final = 3
"""Entries of a vector that stand in its node; longer ones, and matrices, stand below."""
_LINE: Final = 66
"""Cells of a line of numbers that stand below."""
_FILLED: Final = "filled"


class GraphKind(Kind[GraphStep]):
    """An answer is kept with the place of its gradient: `2: -0.5`."""

    def kept_values(self, step: GraphStep, saved: Mapping[str, object]) -> dict[str, float]:
        """Return how many gradients were filled in."""
        filled = saved.get(_FILLED)
        if isinstance(filled, int | float) and 0 < filled <= len(parts_of(step)):
            return {_FILLED: int(filled)}
        return {}

    def take(self, step: GraphStep, event: ev.Event, run: LessonRun) -> Advanced:
        """Take the gradient that is asked for, again as long as it is wrong."""
        if not isinstance(event, ev.NumberAnswered) or run.state.outcome == "done":
            return run, ()
        filled, parts = _filled(run.state), parts_of(step)
        try:
            verdict = judge(step, parts[filled], event.entered)
        except TutorError as error:
            return with_state(run, problem=error.text), ()
        kept = f"{filled}: {event.entered.strip()}"
        if not verdict.correct:
            return answered(run, verdict, kept, settles=False)
        values = {_FILLED: filled + 1}
        if filled + 1 == len(parts):
            return answered(with_state(run, values=values), verdict, kept, settles=True)
        run = with_state(run, values=values, answer=kept, verdict=verdict,
                         tries=run.state.tries + 1)  # fmt: skip
        return run, (ev.ResumeMoved(at_once=True),)

    def event_of(self, answer: str, _confidence: ev.Confidence) -> ev.Event | None:
        """Return the gradient that was typed."""
        return ev.NumberAnswered(answer.partition(": ")[2] or answer)

    def answered_again(
        self, step: GraphStep, saved: Mapping[str, object], run: LessonRun
    ) -> LessonRun:
        """Return the run with the last answer judged anew, at the place that it was for."""
        answer = saved.get("answer")
        place = _place_of(answer) if isinstance(answer, str) else None
        if place is None or place > _filled(run.state) or place >= len(parts_of(step)):
            return run
        run = with_state(run, values={_FILLED: place} if place else {})
        return super().answered_again(step, saved, run)

    def missing(self, _step: GraphStep, state: StepState) -> Text:
        """Return how to answer."""
        if state.verdict is not None and state.verdict.correct:
            return message("There are gradients left: type the next one and press Enter.")
        return message("Type the gradient that is asked for and press Enter.")

    def question(self, step: GraphStep, run: LessonRun) -> GradientEntry:
        """Return what was typed last for this gradient, which is asked, and the graph in words."""
        state, parts = run.state, parts_of(step)
        place = _filled(state)
        typed = state.answer or ""
        is_for_this = _place_of(typed) == place
        is_asked = place < len(parts) and not state.solution_shown
        asked = _asked(step, parts[place]) if is_asked else ""
        return GradientEntry(typed.partition(": ")[2] if is_for_this else "", "", asked,
                             tuple(_listed(step, state)))  # fmt: skip

    def worked(self, step: GraphStep, run: LessonRun) -> str:
        """Return the graph with its numbers and the gradients that are filled in."""
        asked = render(self.question(step, run).asked)
        drawn = "\n".join(["```", *drawing(step, run.state), "```"])
        return f"{drawn}\n\n**{asked}**" if asked else drawn

    def has_solution(self, _step: GraphStep) -> bool:
        """Return that there always is one."""
        return True

    def computed(self, step: GraphStep, _names: Mapping[str, float]) -> Text:
        """Return all gradients."""
        passed = pass_of(step)
        said = (f"{_name(passed, part)} = {_shown(passed.gradient(part))}"
                for part in parts_of(step))  # fmt: skip
        return message("{value}.", value=", ".join(said))

    def in_markdown(self, step: GraphStep, answer: str) -> str:
        """Return the gradient and what was typed for it."""
        place, parts = _place_of(answer), parts_of(step)
        typed = answer.partition(": ")[2]
        if place is None or place >= len(parts):
            return escaped(answer)
        return escaped(f"{_name(pass_of(step), parts[place])} = {typed}")

    def judged(self, step: GraphStep, answer: str, _names: Mapping[str, float]) -> Verdict | None:
        """Return the verdict on a gradient of the lesson as it is now."""
        place, parts = _place_of(answer), parts_of(step)
        if place is None or place >= len(parts):
            return None
        try:
            return judge(step, parts[place], answer.partition(": ")[2])
        except TutorError:
            return None


def pass_of(step: GraphStep) -> Pass:
    """Return all numbers of a step's graph (TutorError where they cannot be computed)."""
    nodes = tuple(Node(each.name, each.rule, each.of) for each in ordered_nodes(step))
    return _walked(tuple(step.inputs.items()), nodes)


@lru_cache(maxsize=64)
def _walked(inputs: tuple[tuple[str, str], ...], nodes: tuple[Node, ...]) -> Pass:
    values = {name: np.array(value_of_input(each), dtype=np.float64) for name, each in inputs}
    return walk(values, nodes)


def parts_of(step: GraphStep) -> tuple[Part, ...]:
    """Return the gradients to fill in, in order; none where the graph cannot be computed."""
    try:
        return parts_to_fill(pass_of(step), step.fixed)
    except TutorError:
        return ()


def judge(step: GraphStep, part: Part, entered: str) -> Verdict:
    """Return what a typed gradient is worth (TutorError where it is none)."""
    passed = pass_of(step)
    right = passed.gradient(part)
    value = _read(entered, right)
    if same(value, right, WITHIN):
        return Verdict(True, _why(passed, part))
    words = {"source": part.source, "target": part.target or "", "last": passed.last}
    for slip, wrong in slips(passed, part):
        if same(value, wrong, WITHIN):
            what = "sign" if slip == "sign" else "chain"
            return Verdict(False, replace(_said(passed, part, slip), arguments=words), what)
    if value.shape != right.shape:
        return Verdict(False, _of_shape(part, right), "G4")
    return Verdict(False, _where_to_look(passed, part), "chain")


def _read(entered: str, right: Floats) -> Floats:
    """Return a typed gradient: a number, or rows apart by `;`."""
    if not right.ndim:
        return np.array(read_number(entered)[0])
    rows = folded(entered).strip("[] ").replace("],", ";").split(";")
    numbers = [[read_number(each)[0] for each in row.replace(",", " ").strip("[] ").split()]
               for row in rows]  # fmt: skip
    if len({len(row) for row in numbers}) != 1 or not numbers[0]:
        raise TutorError(message("Type rows of equal length, with ; between them: 1 0; 0 1"))
    return np.array(numbers[0] if right.ndim == 1 and len(numbers) == 1 else numbers)


_FORGOTTEN: Final[Mapping[Slip, Message]] = {
    "wrong-value": message("{target} has another local derivative where {source} was on the way "
                           "forward. How fast does {target} grow with {source} there?"),
    "no-sum": message("{source} goes on by several ways. What they bring back adds up."),
    "whole-sum": message("That is what all ways bring to {source}. Only the one by {target} is "
                         "asked here."),
    "other-edge": message("{target} goes on by several ways: what comes from the right is the sum "
                          "of all of them."),
    "no-upstream": message("That is the local derivative of {target} alone. What comes to "
                           "{target} from the right?"),
    "no-local": message("That is what comes to {target} from the right, handed on as it is. How "
                        "fast does {target} grow with {source}?"),
    "one-row": message("{source} has its part in every row of {target}. What the rows bring back "
                       "adds up."),
    "added": message("Both numbers are right, but rates that drive one another do not add up."),
    "sign": message("The size is right. Does {last} grow or shrink when {source} grows?"),
    "transpose": message("These are the numbers, but lying on their side: the gradient has a row "
                         "for each row of {source}."),
    "no-target": message("That is the softmax of {source}. The targets have their part in it, "
                         "too."),
    "other-factor": message("You multiplied by {source} itself. When {source} grows by 1, by how "
                            "much does {target} grow?"),
    "forward": message("That is the number of {source} on the way forward. How fast does {last} "
                       "change with it?"),
}  # fmt: skip


_SIGN_OF_WAY: Final = message("The size is right. By way of {target} alone, does {last} grow or "
                              "shrink when {source} grows?")  # fmt: skip


def _said(passed: Pass, part: Part, slip: Slip) -> Message:
    """Return the words for a slip: one way may pull against what all of them do."""
    is_one_of_several = part.target is not None and len(passed.edges_of(part.source)) > 1
    return _SIGN_OF_WAY if slip == "sign" and is_one_of_several else _FORGOTTEN[slip]


def _of_shape(part: Part, right: Floats) -> Text:
    if right.ndim == 1:
        return message("A gradient has as many numbers as its value: {source} has {count}.",
                       source=part.source, count=right.size)  # fmt: skip
    return message("A gradient has the shape of its value: {source} is {shape}.",
                   source=part.source, shape=_shape(right))  # fmt: skip


def _where_to_look(passed: Pass, part: Part) -> Text:
    if part.target is None:
        return message("Add up what the ways of {source} bring back.", source=part.source)
    given = passed.totals[part.target]
    if given.ndim:
        return message("Take what comes to {target} from the right, and ask which entries of "
                       "{target} an entry of {source} moves.",
                       source=part.source, target=part.target)  # fmt: skip
    return message("{given} comes to {target} from the right. How fast does {target} grow with "
                   "{source}?", given=show(float(given)), source=part.source,
                   target=part.target)  # fmt: skip


def _why(passed: Pass, part: Part) -> Text:
    """Return how a right gradient comes about."""
    value = passed.gradient(part)
    if value.ndim or (part.target and passed.totals[part.target].ndim):
        return message("{name} is {value}.", name=_name(passed, part), value=_shown(value))
    if part.target is None:
        ways = [float(passed.by_edge[edge]) for edge in passed.edges_of(part.source)]
        words = " + ".join([show(ways[0]), *map(signed, ways[1:])])
        return message("{name} = {sum} = {value}.", name=_name(passed, part), sum=words,
                       value=show(float(value)))  # fmt: skip
    given = float(passed.totals[part.target])
    if not given:
        return message("Nothing comes from the right, so nothing goes on: 0.")
    return message("{given} from the right, times the local {local}: {value}.", given=show(given),
                   local=show(float(value) / given), value=show(float(value)))  # fmt: skip


# --- what is seen


def drawing(step: GraphStep, state: StepState) -> tuple[str, ...]:
    """Return the graph in lines of cells, with what is filled in so far."""
    try:
        passed = pass_of(step)
    except TutorError as error:
        return (render(error.text),)
    rules = {node.name: _SIGNS.get(node.rule, node.rule) for node in passed.nodes}
    labels = {
        name: (_head(name, rules.get(name), value), _tail(step, passed, name, state))
        for name, value in passed.values.items()
    }
    lines = draw_graph(labels, {node.name: node.of for node in passed.nodes})
    return *lines, *_below(step, passed, state)


def _head(name: str, rule: str | None, value: Floats) -> str:
    words = f"{name} {_brief(value)}"
    return words if rule is None else f"({rule}) {words}"


def _tail(step: GraphStep, passed: Pass, name: str, state: StepState) -> str:
    """Return the line of gradients under a node: what each way brings, and their sum."""
    if name == passed.last:
        return "∂ 1"
    parts = parts_of(step)
    own = [parts.index(part) for part in parts if part.source == name]
    if not own:
        return ""
    cells = [_cell(passed, parts, place, state) for place in own]
    if len(cells) == 1:
        return f"∂ {cells[0]}"
    return f"∂ {' + '.join(cells[:-1])} = {cells[-1]}"


def _cell(passed: Pass, parts: tuple[Part, ...], place: int, state: StepState) -> str:
    if place < _filled(state) or state.solution_shown:
        return _brief(passed.gradient(parts[place]))
    return BLANK if place == _filled(state) else "?"


def _below(step: GraphStep, passed: Pass, state: StepState) -> Iterator[str]:
    """Yield the numbers that have no room in their nodes."""
    large = [f"{name} = {_shown(value)}" for name, value in passed.values.items()
             if _is_large(value)]  # fmt: skip
    yield from _side_by_side(large)
    seen = parts_of(step) if state.solution_shown else parts_of(step)[: _filled(state)]
    yield from _side_by_side([f"{_name(passed, part)} = {_shown(passed.gradient(part))}"
                              for part in seen if _is_large(passed.gradient(part))])  # fmt: skip


def _side_by_side(words: Sequence[str]) -> Iterator[str]:
    line = ""
    for each in words:
        if line and len(line) + len(each) > _LINE:
            yield line
            line = ""
        line = f"{line}    {each}" if line else each
    if line:
        yield line


def _listed(step: GraphStep, state: StepState) -> Iterator[Text]:
    """Yield the graph in sentences, from left to right, and the gradients that are filled in."""
    try:
        passed = pass_of(step)
    except TutorError as error:
        yield error.text
        return
    made = {node.name: node for node in passed.nodes}
    for name, value in passed.values.items():
        if (node := made.get(name)) is None:
            yield message("{name} = {value}, given", name=name, value=_shown(value))
        else:
            yield f"{name} = {_FORMULAS[node.rule].format(*node.of)} = {_shown(value)}"
    for place, part in enumerate(parts_of(step)):
        if place < _filled(state) or state.solution_shown:
            yield f"{_name(passed, part)} = {_shown(passed.gradient(part))}"


def _asked(step: GraphStep, part: Part) -> Text:
    passed = pass_of(step)
    name, value = f"∂{passed.last}/∂{part.source}", passed.gradient(part)
    if value.ndim == 1:
        return message("Now {name}: {count} numbers, such as 1 0 0.5.", name=name,
                       count=value.size)  # fmt: skip
    if value.ndim:
        return message("Now {name}: {shape}, rows with ; between them, such as 1 0; 0 1.",
                       name=name, shape=_shape(value))  # fmt: skip
    if part.target is None:
        return message("Now {name}: all its ways together?", name=name)
    if len(passed.edges_of(part.source)) > 1:
        return message("Now {name}, only by way of {target}?", name=name, target=part.target)
    return message("Now {name}?", name=name)


def _name(passed: Pass, part: Part) -> str:
    name = f"∂{passed.last}/∂{part.source}"
    if part.target is None or len(passed.edges_of(part.source)) == 1:
        return name
    return f"{name} ({part.source} → {part.target})"


def _is_large(value: Floats) -> bool:
    return value.size > _IN_LINE or (value.ndim > 1 and len(value) > 1)


def _brief(value: Floats) -> str:
    if not value.ndim or _is_large(value):
        return _shape(value) if value.ndim else _shown(value)
    return show_point(value.reshape(-1), 2)


def _shown(value: Floats) -> str:
    if not value.ndim:
        return show(float(value))
    if value.ndim == 1:
        return show_point(value, 3)
    return "; ".join(" ".join(show(float(each), 3) for each in row) for row in value)


def _shape(value: Floats) -> str:
    return " × ".join(map(str, value.shape))


def _filled(state: StepState) -> int:
    return int(state.values.get(_FILLED, 0))


def _place_of(answer: str) -> int | None:
    place, colon, _ = answer.partition(": ")
    return whole_number(place) if colon else None
