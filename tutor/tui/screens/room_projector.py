"""The class's step for all to see: the question, and once it is open what the class answered."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.charts.chart import Chart
from tutor.engine.kinds.questions import Arrangement
from tutor.engine.lesson.view import StepView
from tutor.i18n import Text, message, plural, render
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import ChoiceStep, Lesson, SelectStep
from tutor.player.class_pictures import LETTERS, answers_chart, lesson_run
from tutor.player.room_member import RoomMember
from tutor.player.room_words import place_words, timer_words
from tutor.room.events import Place
from tutor.room.glance import by_choice, last_answers
from tutor.room.learner import shown
from tutor.tui.commands import LEAVE_ROOM, Command, bindings
from tutor.tui.screens.tutor_screen import TooSmall, TutorScreen
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.prose import Prose

_COMMANDS = (LEAVE_ROOM,)
_TICK = 1.0
"""Of the timer; what happens is shown at once."""


class ProjectorScreen(TutorScreen[None]):
    """For a second screen: no names, no right answer before the instructor opens it."""

    DEFAULT_CSS = """
    ProjectorScreen > #head { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; }
    ProjectorScreen #said { width: 2fr; height: 1fr; padding: 1 2; scrollbar-size-vertical: 1; }
    ProjectorScreen ChartView { width: 3fr; height: 1fr; padding: 1 1 0 0; }
    ProjectorScreen #options { height: auto; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(_COMMANDS)
    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = _COMMANDS
    shows_class_line = False
    AUTO_FOCUS = ""

    def __init__(
        self, member: RoomMember, catalog: Catalog, *, is_of_learner: bool = False
    ) -> None:
        """`is_of_learner`: left by itself when the class's answers are open no more."""
        super().__init__()
        self._member, self._catalog, self._is_of_learner = member, catalog, is_of_learner
        self._shown: object = None

    def compose(self) -> ComposeResult:
        """Lay out the head, the question, the picture and the footer."""
        yield TooSmall()
        yield Static(id="head", markup=False)
        with Container(id="stage"):
            with VerticalScroll(id="said", can_focus=False):
                yield Prose(id="question")
                yield Static(id="options", markup=False)
            yield ChartView("class")
        yield KeyBar()

    def on_mount(self) -> None:
        """Follow the class."""
        self.set_interval(_TICK, self._look)
        self._look()

    def use_catalog(self, catalog: Catalog) -> None:
        """Show the lesson in another language."""
        self._catalog = catalog

    def show_anew(self) -> None:
        """Fill in everything again."""
        self._shown = None
        self._look()

    def class_moved_on(self) -> None:
        """Show what is new."""
        self._look()

    def action_leave_room(self) -> None:
        """Back to the room."""
        self.dismiss(None)

    def _look(self) -> None:
        member = self._member
        if self._is_of_learner and self.is_current and not member.answers_are_open:
            self.dismiss(None)
            return
        room, place = member.room, member.room.class_place(member.now)
        poll = room.lead.poll
        answered = () if place is None else last_answers(room, place)
        state = place, answered, room.lead.opened, room.lead.held, poll, timer_words(member)
        if state == self._shown:
            return
        self._shown = state
        lesson = next((e for e in self._catalog.lessons if place and e.id == place.lesson), None)
        if place is None or lesson is None:
            self._say_head(message("The class has not begun."))
            self._show(None, "", "")
            return
        count = plural("{count} has answered", "{count} have answered", len(answered))
        self._say_head(place_words(self._catalog, place), count if answered else "")
        is_open = place in room.lead.opened
        self._show(self._picture(lesson, place, is_open), *self._words(lesson, place, is_open))

    def _say_head(self, *parts: Text) -> None:
        words = [render(part) for part in (*parts, *timer_words(self._member)) if part]
        self.query_one("#head", Static).update(Content.styled("   ".join(words), "bold"))

    def _show(self, picture: Chart | None, question: str, options: str) -> None:
        self.query_one("#question", Prose).markup = question
        self.query_one("#options", Static).update(options)
        view = self.query_one(ChartView)
        view.chart = picture
        view.display = picture is not None

    def _words(self, lesson: Lesson, place: Place, is_open: bool) -> tuple[str, str]:
        """Return the question and the choices, with how many took each once they are open."""
        run = lesson_run(lesson, place.step)
        if run is None:
            return "", ""
        step = run.step
        lines = [self._choice(step, k, place, is_open) for k in range(_choices(step))]
        asked = StepView(run).question
        if isinstance(asked, Arrangement):
            lines += _rows(asked)
        poll = self._member.room.lead.poll
        if poll is not None:
            lines += ["", shown(poll.question, 200)]
            counts = ["" if poll.is_open else str(count) for count in poll.counts()]
            lines += [f"  {shown(each, 60)}  {n}" for each, n in zip(poll.options, counts,
                                                                      strict=True)]  # fmt: skip
        return StepView(run).words.body, "\n".join(lines)

    def _choice(self, step: object, k: int, place: Place, is_open: bool) -> str:
        assert isinstance(step, ChoiceStep | SelectStep)  # noqa: S101 — `_choices` counted some
        taken = by_choice(self._member.room, place).get(k, ()) if is_open else ()
        mark = "✓" if is_open and step.choices[k].correct else " "
        return f"{mark} {LETTERS[k]}  {step.choices[k].text}  {len(taken) if is_open else ''}"

    def _picture(self, lesson: Lesson, place: Place, is_open: bool) -> Chart | None:
        if is_open:
            return answers_chart(self._member.room, lesson, place.step, truth=True)
        run = lesson_run(lesson, place.step)
        return next(iter(StepView(run).charts), None) if run is not None else None


def _choices(step: object) -> int:
    return len(step.choices) if isinstance(step, ChoiceStep | SelectStep) else 0


def _rows(asked: Arrangement) -> list[str]:
    """Return what is to be arranged, shuffled; beside what it is to stand is named apart."""
    texts = [f"  {text}" for _, text in asked.items]
    return [", ".join(asked.beside), *texts] if asked.beside else texts
