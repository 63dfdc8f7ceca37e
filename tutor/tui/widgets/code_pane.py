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

from tutor.engine.kinds.questions import Program
from tutor.engine.lesson.view import StepView
from tutor.i18n import Text, message, render
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

    says_keys = False
    """Whether the keys of the editor itself are said, too."""

    def __init__(self, view: StepView) -> None:
        super().__init__()
        self._view = view
        self._clock: Timer | None = None
        self._seconds = 0

    def compose(self) -> ComposeResult:
        """Lay out the step."""
        program = self._program
        if program is None:
            return
        with Horizontal(id="programs"):
            editor = CodeEditor(program.source, id="program")
            editor.go_to_gap()
            yield editor
            yield CodeEditor(program.solution, read_only=True, id="solution-code")
        yield Static(id="code-state", markup=False)
        with VerticalScroll(id="printed", classes="-empty", can_focus=False):
            yield Static(id="printed-words", markup=False)

    def on_mount(self) -> None:
        """Fill in what is shown."""
        self.watch_compact(self.compact)
        self._follow_program(None)

    async def show(self, view: StepView) -> None:
        """Show another step, or what is new of the same; done when it is laid out."""
        before, old, self._view = self._program, self._view, view
        if old.step.id != view.step.id:
            self.remove_class("-solution")
            self._count_seconds(running=False)
            await self.recompose()
            self._follow_program(None)
        else:
            self._follow_program(before)

    @property
    def _program(self) -> Program | None:
        asked = self._view.question
        return asked if isinstance(asked, Program) else None

    @property
    def source(self) -> str:
        """The program as it reads now."""
        return self.query_one("#program", CodeEditor).text

    def back_to_starter(self) -> None:
        """Put the starter in the program's place; undo brings the program back."""
        if self._program is not None:
            self.query_one("#program", CodeEditor).write_anew(self._program.starter)

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
        known = self._program.source if self._program is not None else ""
        if isinstance(editor, CodeEditor) and editor.text != known:
            editor.fault_line = None
            self.post_message(self.Changed(self, self._view.step.id, editor.text))

    def watch_compact(self, compact: bool) -> None:
        """Make room, or use it again."""
        self.set_class(compact, "-compact")
        self.set_class(not compact, "-roomy")

    def _follow_program(self, before: Program | None) -> None:
        program = self._program
        self.display = program is not None
        if program is None or not self.children:
            return
        if before is None or before.running != program.running:
            self._count_seconds(running=program.running)
        if program.solution_shown and before is not None and not before.solution_shown:
            self.add_class("-solution")
        if before is None or before.checked is not program.checked:
            self._show_run(program)
        self._say_state()

    def _show_run(self, program: Program) -> None:
        """Mark the line at fault and show what was printed."""
        self.query_one("#program", CodeEditor).fault_line = program.fault_line
        words = "" if program.checked is None else _printed(program.checked)
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
        program = self._program
        if program is not None and program.running:
            return message("Running … {seconds} s. Esc stops it.", seconds=self._seconds)
        if self.has_class("-solution"):
            return message("The solution. F3 hides it; your program is kept.")
        if program is not None and program.solution_shown:
            return message("Ctrl+R runs it. F3 shows the solution, F5 the starter.")
        if self.says_keys:
            return message("Ctrl+R runs it. Tab indents, Esc leaves the field; F5: the starter.")
        return message("Ctrl+R runs it. F5 puts the starter back, Ctrl+Z undoes.")


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
