"""The words of a step: prose, question, what is said to the answer, hints, solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widget import Widget

from tutor.engine.bugs import printed_lines, program_lines
from tutor.engine.lesson_run import LessonRun, StepState, choice_order, names_of
from tutor.engine.solutions import solution_of
from tutor.engine.verdict_words import verdict_words
from tutor.engine.worked import worked_line
from tutor.i18n import render
from tutor.lesson.model import BugStep, ChoiceStep, CodeStep, ExperimentStep, NumberStep, TextStep
from tutor.player.receipts import MARK
from tutor.tui.widgets.choice_question import ChoiceQuestion
from tutor.tui.widgets.line_question import LineQuestion
from tutor.tui.widgets.number_question import NumberQuestion
from tutor.tui.widgets.prose import Prose, line_content


class WordsPane(VerticalScroll, can_focus=False):
    """Shows the words of the step that a run is on, and follows its state."""

    DEFAULT_CSS = """
    WordsPane {
        height: auto; padding: 0 1;
        & > Prose { margin-bottom: 1; }
        & > #notice { color: $text-warning; }
        & > #worked { color: $text-secondary; padding-left: 2; }
        & > .aside { border-left: thick $secondary; padding-left: 1; }
        & > #verdict.-right { border-left: thick $success; }
        & > #verdict.-wrong { border-left: thick $error; }
        & > .-empty { display: none; }
    }
    """

    compact: reactive[bool] = reactive(False, init=False)
    """Whether there is but one column, so that room is short."""
    unwritten: reactive[bool] = reactive(False, init=False)
    """Whether what was answered here is not written yet."""

    def __init__(self, run: LessonRun) -> None:
        super().__init__()
        self._run = run

    def compose(self) -> ComposeResult:
        """Lay out the step that the run is on."""
        step = self._run.step
        if step.title:
            yield Prose(f"**{step.title}**", id="title")
        yield Prose(_body(step), id="body")
        yield Prose(id="worked", classes="-empty")
        yield from self._question()
        for name in ("notice", "verdict", "hints", "solution"):
            yield Prose(id=name, classes="aside -empty")

    def _question(self) -> ComposeResult:
        run = self._run
        state = run.state
        match run.step:
            case ChoiceStep() as step:
                texts = [line_content(step.choices[i].text) for i in choice_order(run, step)]
                yield ChoiceQuestion(texts, self._taken())
            case NumberStep() as step:
                yield NumberQuestion(state.answer or "", step.unit or "", state.problem)
            case BugStep():
                yield LineQuestion()

    def on_mount(self) -> None:
        """Fill in the state."""
        self._follow_state()

    async def show(self, run: LessonRun) -> None:
        """Show another step, or the new state of the same; done when it is laid out."""
        old, self._run = self._run, run
        if (old.step.id, old.state.variant) != (run.step.id, run.state.variant):
            await self.recompose()
        elif _words_of(old.state) == _words_of(run.state):
            return
        self._follow_state()

    def watch_compact(self) -> None:
        """Make room, or use it again."""
        self._follow_state()

    def watch_unwritten(self) -> None:
        """Mark the answer, or take the mark away."""
        self._follow_state()

    def _follow_state(self) -> None:
        if not self.children:
            return
        step, state = self._run.step, self._run.state
        answers_here = isinstance(step, NumberStep)
        for title in self.query("#title"):
            title.display = not self.compact
        self._say("worked", worked_line(self._run))
        self._say("notice", "" if answers_here else self._notice())
        is_code = isinstance(step, CodeStep)  # its solution stands beside it
        solved = state.solution_shown and state.outcome != "done" and not is_code
        helped = state.outcome == "done" or solved
        unread = answers_here and bool(state.problem)
        self._say("verdict", "" if solved or unread else self._verdict())
        self._say("hints", "" if helped else _ladder(step.hints[: state.hints]))
        self._say("solution", render(solution_of(step, names_of(state))) if solved else "")
        for question in self.query(ChoiceQuestion):
            question.taken = self._taken()
            question.compact = self.compact
        for field in self.query(NumberQuestion):
            field.problem = state.problem
        for program in self.query(LineQuestion):
            self._follow_program(program)

    def _follow_program(self, program: LineQuestion) -> None:
        step, state = self._run.step, self._run.state
        if not isinstance(step, BugStep):
            return
        mended = state.outcome == "done" or state.solution_shown
        program.lines = program_lines(step, mended=mended)
        program.printed = printed_lines(step, mended=mended)
        program.is_mended = mended
        if state.solution_shown:
            program.taken = (step.fault_line, True)
        elif state.verdict is not None:
            program.taken = (int(state.answer or 0), state.verdict.correct)

    def _say(self, name: str, markup: str) -> None:
        prose = self.query_one(f"#{name}", Prose)
        prose.markup = markup
        prose.set_class(not markup, "-empty")

    def _notice(self) -> str:
        """Return what is said of the answer before it is judged; it may be in, and held back."""
        problem = render(self._run.state.problem)
        is_in = self._run.state.answer is not None and self._run.state.verdict is None
        return f"{problem} {self._mark()}".strip() if problem and is_in else problem

    def _mark(self) -> str:
        return f"*{render(MARK)}*" if self.unwritten else ""

    def _verdict(self) -> str:
        """Return the feedback and the explanation, once there is something to say."""
        step, state = self._run.step, self._run.state
        if isinstance(step, ExperimentStep):
            return (step.debrief or "") if state.outcome == "done" and step.goal else ""
        if state.verdict is None:
            return step.explain or "" if state.outcome == "skipped" else ""
        verdict = self.query_one("#verdict")
        verdict.set_class(state.verdict.correct, "-right")
        verdict.set_class(not state.verdict.correct, "-wrong")
        mark = "✓" if state.verdict.correct else "✗"
        first = f"**{mark} {render(verdict_words(self._run))}** {self._mark()}".rstrip()
        text = f"{first} {render(state.verdict.feedback).strip()}"
        explained = step.explain if state.outcome != "open" else None
        return f"{text}\n\n{explained}" if explained else text

    def _taken(self) -> tuple[int, bool] | None:
        run = self._run
        if isinstance(run.step, ChoiceStep) and run.state.solution_shown:
            right = [i for i, choice in enumerate(run.step.choices) if choice.correct]
            return choice_order(run, run.step).index(right[0]), True
        if not isinstance(run.step, ChoiceStep) or run.state.verdict is None:
            return None
        place = choice_order(run, run.step).index(int(run.state.answer or 0))
        return place, run.state.verdict.correct

    def first_field(self) -> Widget | None:
        """Return what to focus: the question, if the step has one."""
        questions = self.query("ChoiceQuestion, NumberQuestion Input, LineQuestion")
        return questions.first(Widget) if questions else None


def _body(step: TextStep | object) -> str:
    body: str = getattr(step, "body", "")
    if not isinstance(step, TextStep) or step.code is None:
        return body
    marked = [
        ("▸ " if number in step.focus else "  ") + line if step.focus else line
        for number, line in enumerate(step.code.splitlines(), start=1)
    ]
    return "\n".join([body, "", "```python", *marked, "```"])


def _words_of(state: StepState) -> StepState:
    """Return the part of a state that this pane shows: a turned parameter changes nothing here."""
    return replace(state, values={}, undo=(), result=None, code=None, checked=None)


def _ladder(hints: Sequence[str]) -> str:
    """Return the hints opened so far as a numbered list."""
    rungs = (" ".join(hint.split()) for hint in hints)
    return "\n".join(f"{number}. {rung}" for number, rung in enumerate(rungs, start=1))
