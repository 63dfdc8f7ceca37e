"""Offers another file, before leaving, for answers that could not be written."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tutor.errors import TutorError
from tutor.i18n import message, render
from tutor.player.player import BEING_WRITTEN, PATIENCE
from tutor.player.unwritten import command, keep_elsewhere, loss, offer, proposed_file, written
from tutor.store.progress_store import ProgressStore


class UnwrittenScreen(ModalScreen[str | None]):
    """A path to type. Gives the sentence that says what was written, None where nothing was."""

    DEFAULT_CSS = """
    UnwrittenScreen { align: center middle; }
    UnwrittenScreen > Vertical {
        width: 76; max-width: 100%; height: auto; padding: 0 2;
        background: $panel; border: round $warning;
    }
    UnwrittenScreen #refused { color: $text-error; display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c,ctrl+q", "leave", "Leave", priority=True)
    ]

    refused = query_one("#refused", Static)

    def __init__(self, store: ProgressStore) -> None:
        super().__init__()
        self._store = store

    def compose(self) -> ComposeResult:
        """Lay out what is lost, why, and the field with a file that could be written."""
        words = (
            self._store.trouble or "",
            offer(self._store),
        )
        keys = message("Enter writes the file and leaves. Esc, or an empty field, leaves without.")
        with Vertical():
            yield Static(
                Content.styled(render(loss(self._store) or ""), "bold $text-warning"), markup=False
            )
            for sentence in words:
                yield Static(render(sentence), markup=False)
            yield Input(str(proposed_file(self._store) or ""), compact=True)
            yield Static(id="refused", markup=False)
            yield Static(Content.styled(render(keys), "$text-muted"), markup=False)

    @on(Input.Submitted)
    def write(self, field: Input.Submitted) -> None:
        """Write the file and leave; say beside the field why it cannot be written."""
        typed = field.value.strip()
        if not typed:
            self.action_leave()
            return
        try:
            path = keep_elsewhere(self._store, typed)
        except TutorError as error:
            self.refused.update(render(error.text))
            self.refused.display = True
        else:
            self.dismiss(f"{render(written(path))}\n{command(path)}")

    def action_leave(self) -> None:
        """Leave without."""
        self.dismiss(None)


async def leave(app: App[None], store: ProgressStore) -> None:
    """Leave once everything is written, or offer another file for what cannot be.

    What was written where stands in the terminal afterwards.
    """
    retried = asyncio.wrap_future(store.retry_beside())
    await asyncio.wait({retried}, timeout=PATIENCE)
    if not retried.done():
        app.notify(render(BEING_WRITTEN))
        await retried
    if not store.unwritten:
        app.exit()
    elif not isinstance(app.screen, UnwrittenScreen):
        app.push_screen(UnwrittenScreen(store), lambda written: app.exit(message=written))
