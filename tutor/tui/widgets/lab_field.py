"""A labelled text field of the lab; beside or under it stands what is to be said of the entry."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import set_cell_size
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Label, Static

from tutor.i18n import Text, render


class _CodeInput(Input):
    """A text field that leaves a pasted state code, often of several lines, to the lab."""

    def on_paste(self, event: events.Paste) -> None:
        """Keep a state code out of the entry."""
        if event.text.strip().startswith("nabla"):
            event.prevent_default()


class LabField(Vertical):
    """A row `formula [x0**2 + x1**2   ]`, and under it a remark: good news or a problem."""

    DEFAULT_CSS = """
    LabField {
        height: auto; width: 1fr; padding: 0 1;
        & > Horizontal { height: 1; }
        & Label { width: auto; margin-right: 1; }
        & Input { width: 1fr; background: $boost; }
        & > .remark { height: auto; max-height: 4; width: 1fr; color: $text-success; }
        & > .remark.-problem { color: $text-error; }
    }
    """

    input = query_one(Input)

    @dataclass
    class Typed(Message):
        """The entry is another: it may be checked, it is not meant yet."""

        field: LabField
        entry: str

        @property
        def control(self) -> LabField:
            """The field."""
            return self.field

    @dataclass
    class Entered(Message):
        """The entry is meant."""

        field: LabField
        entry: str

        @property
        def control(self) -> LabField:
            """The field."""
            return self.field

    @dataclass
    class Left(Message):
        """The field was left; what was typed there and not meant is forgotten."""

        field: LabField

        @property
        def control(self) -> LabField:
            """The field."""
            return self.field

    def __init__(
        self,
        name: str,
        label: Text,
        placeholder: Text = "",
        *,
        label_width: int = 0,
    ) -> None:
        super().__init__(name=name, id=f"field-{name}")
        self._label = set_cell_size(render(label), label_width)
        self._placeholder = render(placeholder)
        self._remark_rows = 1

    def compose(self) -> ComposeResult:
        """Lay out the row and the remark."""
        with Horizontal():
            yield Label(self._label, markup=False)
            yield _CodeInput(placeholder=self._placeholder, compact=True, select_on_focus=True)
        yield Static(markup=False, classes="remark")

    @property
    def entry(self) -> str:
        """What stands in the field."""
        return self.input.value

    def show(self, entry: str) -> None:
        """Put an entry into the field that nobody typed, unless somebody is typing there."""
        if not self.input.has_focus and entry != self.input.value:
            with self.prevent(Input.Changed):
                self.input.value = entry

    def suggest(self, entry: str) -> None:
        """Show an entry that anything typed replaces; unlike `show`, this costs no new layout."""
        self.show("")
        self.input.placeholder = entry

    @property
    def suggested(self) -> str:
        """What stands in the field while nothing is typed."""
        return str(self.input.placeholder)

    def say(self, remark: Text, is_problem: bool = False) -> None:
        """Say something of the entry under the field: good news, or what is wrong."""
        line = self.query_one(".remark", Static)
        line.set_class(is_problem, "-problem")
        words = Content(render(remark) or " ")
        rows = words.get_height({}, max(1, line.size.width))
        line.update(words, layout=rows != self._remark_rows)
        self._remark_rows = rows

    @on(Input.Changed)
    def _hear_typing(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self, event.value))

    @on(Input.Blurred)
    def _hear_leaving(self, event: Input.Blurred) -> None:
        event.stop()
        if self.app.app_focus:
            self.post_message(self.Left(self))

    @on(Input.Submitted)
    def _hear_enter(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.post_message(self.Entered(self, event.value.strip()))
