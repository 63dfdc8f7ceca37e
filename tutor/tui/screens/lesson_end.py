"""The end of a lesson: what was solved, what is still open, and where to go."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from tutor.engine.lesson_run import LessonRun
from tutor.i18n import message, render
from tutor.player.files import may_write_files
from tutor.tui.screens.boxed import BoxedScreen


class LessonEndScreen(BoxedScreen[str | None]):
    """Gives back the step to open again, or None for the map."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,m,f7,q", "leave", "Map"),
        Binding("o", "open_first", "Open step"),
        Binding("b,escape", "stay", "Back"),
        Binding("e,f12", "export", "Export"),
    ]

    def __init__(self, run: LessonRun, export: Callable[[], None]) -> None:
        super().__init__()
        self._export = export
        outcomes = {step.id: _outcome(run, step.id) for step in run.lesson.steps}
        self._run = run
        self._counts = {kind: list(outcomes.values()).count(kind) for kind in _KINDS}
        unsolved = [step for step, outcome in outcomes.items() if outcome != "done"]
        self._first_unsolved = unsolved[0] if unsolved else None

    def words(self) -> Content:
        """Return the summary."""
        title = message("You have come to the end of “{title}”.", title=self._run.lesson.title)
        done = message("{done} of {total} steps done", done=self._counts["done"],
                       total=len(self._run.lesson.steps))  # fmt: skip
        parts: list[str | tuple[str, str]] = [
            (render(title), "bold"), "\n\n", ("● ", "$text-success"), render(done),
        ]  # fmt: skip
        if self._counts["skipped"]:
            skipped = message("{n} skipped, or with the solution seen", n=self._counts["skipped"])
            parts += ["\n", ("◌ ", "$text-warning"), render(skipped)]
        if self._counts["open"]:
            parts += ["\n○ ", render(message("{n} still open", n=self._counts["open"]))]
        return Content.assemble(*parts, "\n\n", (self._keys(), "$text-muted"))

    def _keys(self) -> str:
        keys = render(message("Enter: the map   b: back"))
        if may_write_files():
            keys = f"{keys}   {render(message('e: export'))}"
        if self._first_unsolved is None:
            return keys
        return f"{keys}   {render(message('o: the first of these'))}"

    def action_leave(self) -> None:
        """To the map."""
        self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no export where no file is written: in a workshop."""
        if action == "export":
            return may_write_files()
        return super().check_action(action, parameters)

    def action_export(self) -> None:
        """Write what was done into a file."""
        self._export()

    def action_open_first(self) -> None:
        """To the first step that is not done."""
        if self._first_unsolved is not None:
            self.dismiss(self._first_unsolved)

    def action_stay(self) -> None:
        """Back to the last step."""
        self.dismiss(self._run.step.id)


_KINDS = ("done", "skipped", "open")


def _outcome(run: LessonRun, step: str) -> str:
    return run.states[step].standing if step in run.states else "open"
