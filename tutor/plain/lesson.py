"""A lesson in lines: asks, sends what was meant to the player, and has said what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tutor.engine import events as ev
from tutor.engine.another import next_variant
from tutor.engine.wanted_program import wanted_program
from tutor.errors import TutorError
from tutor.i18n import Message, Text, message, render
from tutor.lesson.model import ExperimentStep
from tutor.plain import step_words, words
from tutor.plain.answers import answered, assignment
from tutor.plain.code import run_program
from tutor.plain.console import Console, LeftError
from tutor.player.player import Playing
from tutor.player.programs import Programs
from tutor.player.receipts import MARK


class PlainLesson:
    """Plays one lesson until it is finished or the learner goes back to the map."""

    def __init__(
        self,
        player: Playing,
        console: Console,
        programs: Programs | None = None,
        name: Text | None = None,
    ) -> None:
        title = player.run.lesson.title
        self._name = message("Lesson: {title}", title=title) if name is None else name
        self._player = player
        self._programs = programs or Programs()
        self._console = console
        self._at_map = False
        self._trouble: Text = ""
        self._is_marked = False

    def play(self) -> bool:
        """Go through the lesson from where the learner is; return whether it was finished.

        Raises:
            LeftError: The learner left the program; what was done is kept.
        """
        run = self._player.run
        self._console.gap()
        self._console.say(self._name)
        self._console.say(message("`help` lists what can be typed."))
        step_words.say_step(self._console, run)
        while not (self._player.run.finished or self._at_map):
            self._tell_what_is_written()
            self._take(self._console.ask(">"))
        return self._player.run.finished

    def _take(self, line: str) -> None:
        """Carry out one line."""
        word, _, rest = line.partition(" ")
        command = _COMMANDS.get(word.lower())
        if command is not None and assignment(self._player.run, line) is None:
            command.carry_out(self, rest.strip())
            return
        if not line:
            self._go_on()
            return
        try:
            for event in answered(self._player.run, line, self._console):
                self.send(event)
                if self._player.run.state.problem:
                    return
        except TutorError as error:
            self._console.say(error.text)

    def send(self, event: ev.Event) -> None:
        """Move the lesson on and say what has changed, an answer's verdict once it is written."""
        old, receipts = self._player.run, self._player.receipts
        answered_before = receipts.last
        new = self._player.send(event)
        is_written = receipts.last is answered_before or receipts.wait(patiently=not self._trouble)
        self._player.flush()
        self._tell_trouble()
        if new.finished:
            words.say_end(self._console, new)
        elif (new.step.id, new.state.variant) != (old.step.id, old.state.variant):
            step_words.say_step(self._console, new)
        elif isinstance(event, ev.ParameterChanged) and new.state == old.state:
            words.say_controls(self._console, new)
        else:
            step_words.say_changes(self._console, old, new, "" if is_written else MARK)
        wanted = wanted_program(new)
        if wanted is not None:
            self.send(run_program(self._programs, wanted, self._console))

    def _tell_trouble(self) -> None:
        trouble = self._player.trouble
        if trouble and not self._trouble:
            self._console.say(trouble)
        self._trouble = trouble

    def _tell_what_is_written(self) -> None:
        """Say that what was marked is written, once it is; else let it be tried again."""
        self._tell_trouble()
        unwritten = self._player.receipts.unwritten
        if unwritten:
            self._player.retry()
        elif self._is_marked:
            self._console.say(message("All your answers are written now."))
        self._is_marked = bool(unwritten)

    # --- the commands

    def _go_on(self) -> None:
        if self._player.run.may_continue:
            self.send(ev.NextAsked())
        else:
            self._console.say(message("Answer first, or type `skip` to go on without an answer."))

    def _go_back(self) -> None:
        if self._player.run.index == 0:
            self._console.say(message("This is the first step."))
        else:
            self.send(ev.BackAsked())

    def _hint(self) -> None:
        run = self._player.run
        if run.state.hints < len(run.step.hints):
            self.send(ev.HintAsked())
        else:
            self._console.say(message("There is no further hint."))

    def _solution(self) -> None:
        run = self._player.run
        if run.state.solution_shown:
            words.say_solution(self._console, run)
            return
        self.send(ev.SolutionAsked())
        if self._player.run == run:
            self._console.say(message("This step has no solution to show."))

    def _skip(self) -> None:
        if self._player.run.may_continue:
            self._go_on()
        else:
            self.send(ev.StepSkipped())

    def _reset(self) -> None:
        self._unless_unchanged(ev.ParametersReset())

    def _undo(self) -> None:
        self._unless_unchanged(ev.ChangeUndone())

    def _unless_unchanged(self, event: ev.Event) -> None:
        before = self._player.run.state.values
        self.send(event)
        if self._player.run.state.values == before:
            self._console.say(message("There is nothing to take back."))

    def _preset(self, which: str) -> None:
        step = self._player.run.step
        presets = step.presets if isinstance(step, ExperimentStep) else ()
        if not presets:
            self._console.say(message("This step has no presets."))
        elif which.isdecimal() and 1 <= int(which) <= len(presets):
            self.send(ev.PresetChosen(int(which) - 1))
        else:
            self._console.say(
                message("Type `preset` and a number from 1 to {count}.", count=len(presets))
            )

    def _again(self) -> None:
        step_words.say_step(self._console, self._player.run)

    def _draw(self) -> None:
        if self._player.run.step.charts:
            words.draw_charts(self._console, self._player.run)
        else:
            self._console.say(message("This step has no chart."))

    def _look(self) -> None:
        if self._player.run.step.charts:
            words.say_charts(self._console, self._player.run)
        else:
            self._console.say(message("This step has no chart."))

    def _other(self) -> None:
        if next_variant(self._player.run) is None:
            self._console.say(message("This step has no other problem to ask now."))
        else:
            self.send(ev.AnotherAsked())

    def _open_map(self) -> None:
        self._at_map = True

    def _help(self) -> None:
        for name, command in COMMANDS.items():
            self._console.say(f"{', '.join((name, *command.short))}: {render(command.help)}")

    def _quit(self) -> None:
        raise LeftError


@dataclass(frozen=True, slots=True)
class Command:
    """A word that can be typed at any step."""

    short: tuple[str, ...]
    help: Message
    carry_out: Callable[[PlainLesson, str], None]


def _without_rest(action: Callable[[PlainLesson], None]) -> Callable[[PlainLesson, str], None]:
    return lambda lesson, _rest: action(lesson)


COMMANDS: Final[Mapping[str, Command]] = {
    "next": Command(("n", "Enter"), message("go on, once this step is answered"),
                    _without_rest(PlainLesson._go_on)),
    "back": Command(("b",), message("go back a step; answers stay"),
                    _without_rest(PlainLesson._go_back)),
    "again": Command(("a",), message("say this step again"), _without_rest(PlainLesson._again)),
    "look": Command(("l",), message("tell the charts in words again"),
                    _without_rest(PlainLesson._look)),
    "chart": Command(("c",), message("draw the charts with ASCII signs"),
                     _without_rest(PlainLesson._draw)),
    "hint": Command(("h",), message("say the next hint; each says a little more"),
                    _without_rest(PlainLesson._hint)),
    "solution": Command(("o",), message("say the solution, after a tried answer"),
                        _without_rest(PlainLesson._solution)),
    "skip": Command(("s",), message("go on without an answer"), _without_rest(PlainLesson._skip)),
    "reset": Command(("r",), message("put every parameter back to its start value"),
                     _without_rest(PlainLesson._reset)),
    "undo": Command(("u",), message("take back the last change"),
                    _without_rest(PlainLesson._undo)),
    "preset": Command(("p",), message("with a number: take that ready-made setting"),
                      PlainLesson._preset),
    "other": Command(("x",), message("after the answer: ask the same with other numbers"),
                     _without_rest(PlainLesson._other)),
    "map": Command(("m",), message("back to the list of lessons; nothing is lost"),
                   _without_rest(PlainLesson._open_map)),
    "help": Command(("?",), message("list what can be typed"), _without_rest(PlainLesson._help)),
    "quit": Command(("q",), message("leave; the next start goes on at this step"),
                    _without_rest(PlainLesson._quit)),
}  # fmt: skip
_COMMANDS: Final = {
    word: command for name, command in COMMANDS.items() for word in (name, *command.short)
}
