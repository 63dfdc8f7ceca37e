"""A lesson in lines: asks, sends what was meant to the player, and has said what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tutor.engine.kinds.code import WantedProgram, wanted_program
from tutor.engine.kinds.questions import Settings
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.view import StepView
from tutor.errors import TutorError
from tutor.i18n import Message, Text, message, render, session_language
from tutor.lesson.catalog import Catalog
from tutor.plain import words
from tutor.plain.answers import answered, assignment
from tutor.plain.console import Console, LeftError
from tutor.player.player import MARK, Playing
from tutor.player.programs import Programs, run_now


class PlainLesson:
    """Plays one lesson until it is finished or the learner goes back to the map."""

    def __init__(
        self,
        player: Playing,
        console: Console,
        programs: Programs | None = None,
        name: Text | None = None,
        catalog: Catalog | None = None,
    ) -> None:
        title = player.run.lesson.title
        self._name = message("Lesson: {title}", title=title) if name is None else name
        self._player = player
        self._catalog = Catalog(()) if catalog is None else catalog
        self._programs = programs or Programs()
        self._console = console
        self._at_map = False
        self._trouble: Text = ""
        self._is_marked = False

    @property
    def view(self) -> StepView:
        """What may be seen of the step that the learner is on."""
        return self._player.view_of(self._player.run)

    def play(self) -> bool:
        """Go through the lesson from where the learner is; return whether it was finished.

        Raises:
            LeftError: The learner left the program; what was done is kept.
        """
        self._console.gap()
        self._console.say(self._name)
        self._console.say(message("`help` lists what can be typed."))
        words.say_step(self._console, self.view)
        while not (self._player.run.finished or self._at_map):
            self._tell_what_is_written()
            self._take(self._console.ask(">"))
        return self._player.run.finished

    def _take(self, line: str) -> None:
        """Carry out one line."""
        word, _, rest = line.partition(" ")
        command = _COMMANDS.get(word.lower())
        if command is not None and assignment(self.view, line) is None:
            command.carry_out(self, rest.strip())
            return
        if not line:
            self._go_on()
            return
        try:
            for event in answered(self.view, line, self._console):
                self.send(event)
                if self._player.run.state.problem:
                    return
        except TutorError as error:
            self._console.say(error.text)

    def send(self, event: ev.Event) -> None:
        """Move the lesson on and say what has changed, an answer's verdict once it is written."""
        old, receipts = self.view, self._player.receipts
        answered_before = receipts.last
        run = self._player.send(event)
        new = self.view
        is_written = receipts.last is answered_before or receipts.wait(patiently=not self._trouble)
        self._player.flush()
        self._tell_trouble()
        if run.finished:
            words.say_recap(self._console, self._player.recap(self._catalog))
        elif new.problem_id != old.problem_id:
            words.say_step(self._console, new)
        elif isinstance(event, ev.ParameterChanged) and new.state == old.state:
            words.say_controls(self._console, new)
        else:
            words.say_changes(self._console, old, new, "" if is_written else MARK)
        wanted = wanted_program(run)
        if wanted is not None:
            self.send(_run_program(self._programs, wanted, self._console))

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
        if len(self.view.used_hints) < len(self.view.step.hints):
            self.send(ev.HintAsked())
        else:
            self._console.say(message("There is no further hint."))

    def _solution(self) -> None:
        before = self.view
        if before.solution:
            self._console.say_markup(before.solution)
            return
        self.send(ev.SolutionAsked())
        if self.view == before:
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
        asked = self.view.question
        presets = asked.presets if isinstance(asked, Settings) else ()
        if not presets:
            self._console.say(message("This step has no presets."))
        elif which.isdecimal() and 1 <= int(which) <= len(presets):
            self.send(ev.PresetChosen(int(which) - 1))
        else:
            self._console.say(
                message("Type `preset` and a number from 1 to {count}.", count=len(presets))
            )

    def _again(self) -> None:
        words.say_step(self._console, self.view)

    def _draw(self) -> None:
        if self.view.step.charts:
            words.draw_charts(self._console, self.view)
        else:
            self._console.say(message("This step has no chart."))

    def _look(self) -> None:
        if self.view.step.charts:
            words.say_charts(self._console, self.view)
        else:
            self._console.say(message("This step has no chart."))

    def _other(self) -> None:
        if not self.view.has_another:
            self._console.say(message("This step has no other problem to ask now."))
        else:
            self.send(ev.AnotherAsked())

    def _open_map(self) -> None:
        self._at_map = True

    def _help(self) -> None:
        for name, command in COMMANDS.items():
            words = (*command.short, *([_IN_CHINESE[name]] if session_language() == "zh" else []))
            self._console.say(f"{', '.join((name, *words))}: {render(command.help)}")

    def _quit(self) -> None:
        raise LeftError


def _run_program(programs: Programs, wanted: WantedProgram, console: Console) -> ev.Event:
    """Run a program, after asking for consent where it takes one."""
    protection = asyncio.run(programs.consent_for())
    if protection is not None:
        console.say(message("This step runs the Python that you write yourself."))
        console.say(protection.against, protection.not_against, protection.reason or "")
        console.say(message("May your programs run on this computer? Type yes or no."))
        if console.ask(">").lower() in ("y", "yes", "是"):
            trouble = programs.consent()
            if trouble:
                console.say(trouble)
    return run_now(programs, wanted)


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
_IN_CHINESE: Final[Mapping[str, str]] = {
    "next": "下一步", "back": "上一步", "again": "重说", "look": "看图", "chart": "画图",
    "hint": "提示", "solution": "解答", "skip": "跳过", "reset": "重置", "undo": "撤销",
    "preset": "预设", "other": "换数", "map": "地图", "help": "帮助", "quit": "退出",
}  # fmt: skip
"""What each command is called where Chinese is typed; understood in every language."""
_COMMANDS: Final = {
    word: command
    for name, command in COMMANDS.items()
    for word in (name, *command.short, _IN_CHINESE[name])
}
