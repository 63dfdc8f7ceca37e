"""The words of a step: prose, question, what is said to the answer, hints, solution."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widget import Widget

from tutor.engine.kinds.questions import (
    Arrangement,
    Choices,
    FaultyLine,
    Listing,
    NumberEntry,
    Question,
    Selection,
)
from tutor.engine.lesson.view import StepView
from tutor.i18n import Text, message, render
from tutor.lesson.markdown import escaped
from tutor.player.player import MARK
from tutor.tui.widgets.choice_question import ChoiceQuestion
from tutor.tui.widgets.line_question import LineQuestion
from tutor.tui.widgets.number_question import NumberQuestion
from tutor.tui.widgets.order_question import OrderQuestion
from tutor.tui.widgets.prose import Prose, line_content


class WordsPane(VerticalScroll, can_focus=False):
    """Shows what is read of a step, and follows it."""

    DEFAULT_CSS = """
    WordsPane {
        height: auto; padding: 0 1;
        & > Prose { margin-bottom: 1; }
        & > #notice { color: $text-warning; }
        & > OrderQuestion { padding: 0; }
        & > #how { color: $text-muted; }
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

    aside: reactive[Text] = reactive("", init=False)
    """What is said of a key that means nothing, until something happens."""
    skip_key = ""
    """The key that goes on without an answer, as the row of keys shows it."""

    def __init__(self, view: StepView) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        """Lay out the step."""
        words = self._view.words
        if words.title:
            yield Prose(f"**{words.title}**", id="title")
        yield Prose(_body(self._view), id="body")
        yield Prose(id="worked", classes="-empty")
        yield from self._question()
        for name in ("notice", "verdict", "hints", "solution"):
            yield Prose(id=name, classes="aside -empty")

    def _question(self) -> ComposeResult:
        match self._view.question:
            case Choices() as asked:
                yield ChoiceQuestion(list(map(line_content, asked.texts)), asked.taken)
            case Selection() as asked:
                yield ChoiceQuestion(list(map(line_content, asked.texts)), selection=asked)
                yield Prose(id="how", classes="-empty")
            case Arrangement():
                yield OrderQuestion()
                yield Prose(id="how", classes="-empty")
            case NumberEntry() as asked:
                yield NumberQuestion(asked.entered, asked.unit, self._view.words.notice)
            case FaultyLine():
                yield LineQuestion()

    def on_mount(self) -> None:
        """Fill in the words."""
        self._follow_view()

    async def show(self, view: StepView) -> None:
        """Show another step, or what is new of the same; done when it is laid out."""
        old, self._view = self._view, view
        self.aside = ""
        if old.problem_id != view.problem_id:
            await self.recompose()
        elif (old.words, old.question) == (view.words, view.question):
            return
        self._follow_view()

    def watch_compact(self) -> None:
        """Make room, or use it again."""
        self._follow_view()

    def watch_aside(self) -> None:
        """Say it, or no more."""
        self._follow_view()

    def watch_unwritten(self) -> None:
        """Mark the answer, or take the mark away."""
        self._follow_view()

    def _follow_view(self) -> None:
        if not self.children:
            return
        words, question = self._view.words, self._view.question
        for title in self.query("#title"):
            title.display = not self.compact
        in_field = isinstance(question, NumberEntry)
        self._say("worked", words.worked)
        self._say("notice", "" if in_field else self._notice())
        self._say("verdict", "" if in_field and words.notice else self._verdict())
        self._say("hints", numbered(words.hints))
        self._say("solution", render(words.solution))
        for choices in self.query(ChoiceQuestion):
            choices.taken = question.taken if isinstance(question, Choices) else None
            choices.selection = question if isinstance(question, Selection) else None
            choices.compact = self.compact
        for rows in self.query(OrderQuestion):
            _follow_rows(rows, question)
        for how in self.query("#how"):
            self._say(str(how.id), _how_to_answer(question))
        for field in self.query(NumberQuestion):
            field.problem = words.notice
            field.entered = question.entered if isinstance(question, NumberEntry) else ""
        for program in self.query(LineQuestion):
            _follow_program(program, words.listing, question)

    def _say(self, name: str, markup: str) -> None:
        prose = self.query_one(f"#{name}", Prose)
        prose.markup = markup
        prose.set_class(not markup, "-empty")

    def _notice(self) -> str:
        """Return what is said of the answer before it is judged; it may be in, and held back."""
        words = self._view.words
        notice = render(words.notice or self.aside)
        if words.may_skip and self.skip_key:
            notice = f"{notice} {render(message('{key} skips this step.', key=self.skip_key))}"
        return f"{notice} {self._mark()}".strip() if notice and self._view.holds_back else notice

    def _mark(self) -> str:
        return f"*{render(MARK)}*" if self.unwritten else ""

    def _verdict(self) -> str:
        """Return the feedback and the explanation, once there is something to say."""
        said = self._view.words.said
        if said is None or said.is_right is None:
            return said.after if said else ""
        verdict = self.query_one("#verdict")
        verdict.set_class(said.is_right, "-right")
        verdict.set_class(not said.is_right, "-wrong")
        mark = "✓" if said.is_right else "✗"
        first = f"**{mark} {render(said.words)}** {self._mark()}".rstrip()
        text = f"{first} {render(said.feedback).strip()}"
        return f"{text}\n\n{said.after}" if said.after else text

    def first_field(self) -> Widget | None:
        """Return what to focus: the question, if the step has one."""
        questions = self.query("ChoiceQuestion, NumberQuestion Input, LineQuestion, OrderQuestion")
        return questions.first(Widget) if questions else None


def _body(view: StepView) -> str:
    """Return the prose with the code that belongs to it; what is asked about stands apart."""
    body, listing = view.words.body, view.words.listing
    if listing is None or isinstance(view.question, FaultyLine):
        return body
    marked = [
        ("▸ " if number in listing.focus else "  ") + line if listing.focus else line
        for number, line in enumerate(listing.lines, start=1)
    ]
    return "\n".join([body, "", "```python", *marked, "```"])


def _how_to_answer(question: Question) -> str:
    """Return which keys answer, as long as there is something to answer."""
    match question:
        case Selection(is_open=True):
            return render(message("Space or a digit marks, Enter hands in."))
        case Arrangement(is_open=True):
            words = message("↑ ↓ choose a row, Shift+↑ ↓ or < > move it, Enter hands in.")
            return escaped(render(words))
        case _:
            return ""


def _follow_rows(rows: OrderQuestion, asked: Question) -> None:
    if isinstance(asked, Arrangement):
        rows.items, rows.beside, rows.is_right = asked.items, asked.beside, asked.is_right


def _follow_program(program: LineQuestion, listing: Listing | None, asked: Question) -> None:
    if listing is not None:
        program.lines, program.printed = listing.lines, listing.printed
        program.is_mended = listing.is_mended
    if isinstance(asked, FaultyLine) and asked.taken is not None:
        program.taken = asked.taken


def numbered(hints: Sequence[str]) -> str:
    """Return hints as a numbered list."""
    return "\n".join(f"{number}. {hint}" for number, hint in enumerate(hints, start=1))
