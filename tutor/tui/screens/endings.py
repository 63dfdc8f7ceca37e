"""Words in a box over what has ended: how a lesson or a review went, and where to go from there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Final, Generic, Literal, TypeAlias, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from tutor.errors import TutorError
from tutor.i18n import Message, message, render
from tutor.player.files import may_write_files, write_files
from tutor.player.lesson_export import export_lesson, export_name
from tutor.player.player import Playing
from tutor.player.recap import Mark, Recap
from tutor.player.schedule import Review

T = TypeVar("T")
Way: TypeAlias = Literal["map", "next", "open", "stay"]
"""Where to: the map, the next lesson, the first step that is not done, back to the last one."""

_MARKS: Final[dict[Mark, tuple[str, str]]] = {
    "done": ("● ", "$text-success"),
    "left": ("◌ ", "$text-warning"),
    "open": ("○ ", ""),
    "": ("  ", ""),
}


class BoxedScreen(ModalScreen[T], Generic[T]):
    """Shows `words`; the keys are those of each screen of this kind."""

    DEFAULT_CSS = """
    BoxedScreen { align: center middle; }
    BoxedScreen > VerticalScroll {
        width: 66; max-width: 100%; height: auto; max-height: 100%; padding: 0 2;
        background: $panel; border: round $primary; scrollbar-size-vertical: 1;
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out the words."""
        with VerticalScroll():
            yield Static(self.words(), markup=False)

    def words(self) -> Content:
        """Return what stands in the box."""
        raise NotImplementedError


class EndScreen(BoxedScreen[Way]):
    """What was achieved, what comes back when, and what is next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,m,f7,q", "go('map')", "Map"),
        Binding("n,ctrl+n", "go('next')", "Next lesson"),
        Binding("o", "go('open')", "Open step"),
        Binding("b,ctrl+b,escape", "go('stay')", "Back"),
        Binding("e,f12", "export", "Export"),
    ]

    def __init__(self, recap: Recap, export: Callable[[], None]) -> None:
        super().__init__()
        self._recap = recap
        self._export = export

    def words(self) -> Content:
        """Return the recap and the keys."""
        recap = self._recap
        parts = [Content.styled(render(recap.ended), "bold"), Content("")]
        parts += [Content.assemble(_MARKS[mark], render(words)) for mark, words in recap.achieved]
        for part in recap.parts:
            parts += [Content(""), Content.styled(render(part.heading), "$text-muted")]
            parts += [Content(f"  {render(line)}") for line in part.lines]
        if recap.next_words is not None:
            parts += [Content(""), Content.styled(render(recap.next_words), "bold $text-primary")]
        keys = "   ".join(map(render, self._keys()))
        return Content("\n").join([*parts, Content(""), Content.styled(keys, "$text-muted")])

    def _keys(self) -> list[Message]:
        return [
            *([message("n: next lesson")] if self.may("next") else []),
            message("Enter: the map"),
            message("b: back"),
            *([message("o: first not done")] if self.may("open") else []),
            *([message("e: export")] if may_write_files() else []),
        ]

    def may(self, way: str) -> bool:
        """Whether there is anything that way."""
        ways = {"next": self._recap.following, "open": self._recap.first_open}
        return ways.get(way, way) is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is: in a workshop no file is written."""
        if action == "export":
            return may_write_files()
        return all(self.may(str(way)) for way in parameters)

    def action_export(self) -> None:
        """Write what was done into a file."""
        self._export()

    def action_go(self, way: Way) -> None:
        """Leave the box, to where that is."""
        self.dismiss(way)


class NothingDueScreen(BoxedScreen[bool]):
    """Says when the next question comes back; gives back whether to practise anyway."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,v,ctrl+r", "practise", "Practise"),
        Binding("escape,m,f7,q", "close", "Map"),
    ]

    def __init__(self, review: Review) -> None:
        super().__init__()
        self._review = review

    def words(self) -> Content:
        """Return the sentence and what can be done."""
        keys = message("Enter: practise anyway   Esc: the map")
        if not self._review.items:
            keys = message("Esc: the map")
        return Content.assemble(
            (render(message("Nothing is due now.")), "bold"), "\n\n",
            render(self._review.next_words), "\n\n", (render(keys), "$text-muted"),
        )  # fmt: skip

    def action_practise(self) -> None:
        """Ask what comes next, before its time."""
        self.dismiss(bool(self._review.items))

    def action_close(self) -> None:
        """To the map."""
        self.dismiss(False)


def write_lesson(screen: Screen[Any], player: Playing) -> None:
    """Write what the learner did in the lesson into a new file, and say where it is."""
    text = export_lesson(player.run, player.attempts(), player.now().astimezone(), player.view_of)
    try:
        written = write_files(Path.cwd(), {".md": text}, export_name(player.run))
    except TutorError as error:
        screen.notify(render(error.text), severity="error", timeout=10)
    else:
        screen.notify(render(written), timeout=10)
