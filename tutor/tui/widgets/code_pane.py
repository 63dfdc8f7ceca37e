"""The learner's program: the editor, the solution beside it, how the run goes, what it printed."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from tutor.engine.lesson_run import LessonRun, code_of
from tutor.i18n import Text, message, render
from tutor.lesson.code_grading import fault_line
from tutor.lesson.model import CodeStep
from tutor.lesson.programs import Outcome
from tutor.tui.widgets.code_editor import CodeEditor


class CodePane(Vertical):
    """Shows the program of a `code` step and follows its state; empty for every other step."""

    DEFAULT_CSS = """
    CodePane {
        height: 1fr; min-height: 7; padding: 0 1; display: none;
        & > #programs { height: 1fr; min-height: 4; }
        & > #programs > #solution-code { display: none; margin-left: 1; }
        &.-solution > #programs > #solution-code { display: block; }
        &.-roomy > #programs { layout: vertical; }
        &.-roomy > #programs > #solution-code { margin: 1 0 0 0; }
        &.-compact.-solution > #programs > #program { display: none; }
        &.-compact.-solution > #programs > #solution-code { margin-left: 0; }
        & > #code-state { height: 1; color: $text-muted; }
        & > #printed {
            height: auto; max-height: 3; background: $boost; padding: 0 1;
            scrollbar-size-vertical: 1;
        }
        &.-roomy > #printed { max-height: 10; }
        & > .-empty { display: none; }
    }
    """

    compact: reactive[bool] = reactive(False, init=False)
    """Whether there is but one column: then the solution stands in the program's place."""

    @dataclass
    class Changed(Message):
        """The program reads otherwise now."""

        pane: CodePane
        step: str
        source: str

        @property
        def control(self) -> CodePane:
            """The pane."""
            return self.pane

    def __init__(self, run: LessonRun) -> None:
        super().__init__()
        self._run = run
        self._clock: Timer | None = None
        self._seconds = 0

    def compose(self) -> ComposeResult:
        """Lay out the step that the run is on."""
        run = self._run
        if not isinstance(run.step, CodeStep):
            return
        with Horizontal(id="programs"):
            yield CodeEditor(code_of(run.step, run.state), id="program")
            yield CodeEditor(run.step.solution, read_only=True, id="solution-code")
        yield Static(id="code-state", markup=False)
        with VerticalScroll(id="printed", classes="-empty", can_focus=False):
            yield Static(id="printed-words", markup=False)

    def on_mount(self) -> None:
        """Fill in the state."""
        self.watch_compact(self.compact)
        self._follow_state(None)

    async def show(self, run: LessonRun) -> None:
        """Show another step, or the new state of the same; done when it is laid out."""
        old, self._run = self._run, run
        if old.step.id != run.step.id:
            self.remove_class("-solution")
            self._count_seconds(running=False)
            await self.recompose()
            self._follow_state(None)
        else:
            self._follow_state(old)

    @property
    def source(self) -> str:
        """The program as it reads now."""
        return self.query_one("#program", CodeEditor).text

    def back_to_starter(self) -> None:
        """Put the starter in the program's place; undo brings the program back."""
        if isinstance(self._run.step, CodeStep):
            self.query_one("#program", CodeEditor).write_anew(self._run.step.starter)

    def undo(self) -> None:
        """Take back the last change of the program."""
        self.query_one("#program", CodeEditor).undo()

    def toggle_solution(self) -> None:
        """Show the solution, or hide it again."""
        self.toggle_class("-solution")
        self._say_state()

    def first_field(self) -> Widget | None:
        """Return what to focus: the program."""
        programs = self.query("#program")
        return programs.first(Widget) if programs else None

    @on(TextArea.Changed, "#program")
    def tell_change(self, changed: TextArea.Changed) -> None:
        """Tell what was typed; the mark on a line has had its time."""
        changed.stop()
        editor = changed.text_area
        if isinstance(editor, CodeEditor) and editor.text != code_of_run(self._run):
            editor.fault_line = None
            self.post_message(self.Changed(self, self._run.step.id, editor.text))

    def watch_compact(self, compact: bool) -> None:
        """Make room, or use it again."""
        self.set_class(compact, "-compact")
        self.set_class(not compact, "-roomy")

    def _follow_state(self, old: LessonRun | None) -> None:
        step, state = self._run.step, self._run.state
        self.display = isinstance(step, CodeStep)
        if not isinstance(step, CodeStep) or not self.children:
            return
        before = old.state if old is not None else None
        if before is None or before.running != state.running:
            self._count_seconds(running=state.running)
        if state.solution_shown and before is not None and not before.solution_shown:
            self.add_class("-solution")
        if before is None or before.checked is not state.checked:
            self._show_run(step, state.checked)
        self._say_state()

    def _show_run(self, step: CodeStep, outcome: Outcome | None) -> None:
        """Mark the line at fault and show what was printed."""
        line = None if outcome is None else fault_line(step, outcome)
        self.query_one("#program", CodeEditor).fault_line = line
        words = "" if outcome is None else _printed(outcome)
        self.query_one("#printed").set_class(not words, "-empty")
        self.query_one("#printed-words", Static).update(words)

    def _count_seconds(self, *, running: bool) -> None:
        if self._clock is not None:
            self._clock.stop()
        self._seconds = 0
        self._clock = self.set_interval(1.0, self._count_one) if running else None

    def _count_one(self) -> None:
        self._seconds += 1
        self._say_state()

    def _say_state(self) -> None:
        for line in self.query("#code-state").results(Static):
            line.update(render(self._state_words()))

    def _state_words(self) -> Text:
        state = self._run.state
        if state.running:
            return message("Running … {seconds} s. Esc stops it.", seconds=self._seconds)
        if self.has_class("-solution"):
            return message("The solution. F3 hides it; your program is kept.")
        if state.solution_shown:
            return message("Ctrl+R runs it. F3 shows the solution, F5 the starter.")
        return message("Ctrl+R runs it. F5 puts the starter back, Ctrl+Z undoes.")


def code_of_run(run: LessonRun) -> str:
    """Return the learner's program, empty where the step has none."""
    return code_of(run.step, run.state) if isinstance(run.step, CodeStep) else ""


def _printed(outcome: Outcome) -> str:
    words = outcome.printed.rstrip("\n")
    if not words:
        return ""
    lines = render(
        message("It printed: {words}", words=words if "\n" not in words else "\n" + words)
    )
    if outcome.more_printed:
        more = message("… and {count} bytes more", count=outcome.more_printed)
        return f"{lines}\n{render(more)}"
    return lines
