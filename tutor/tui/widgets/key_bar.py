"""The last row: the keys that work now.

Textual's own footer makes a widget, with a task of its own, for each key: together they are more
than half of a screen's widgets. This is one for all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from tutor.tui.commands import HELP

_GAP = 1


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it does."""

    action: str
    key: str
    name: str
    """As it is shown."""
    description: str
    tooltip: str
    enabled: bool
    start: int = 0
    """Its first cell."""

    @property
    def end(self) -> int:
        """Return the cell after its last."""
        return self.start + cell_len(self.name) + cell_len(self.description) + 1

    def content(self, ground: str) -> Content:
        """Return what is shown."""
        dim = "" if self.enabled else " dim"
        return Content.assemble(
            (self.name, f"$footer-key-foreground bold{dim}{ground}"),
            (f" {self.description}", f"$footer-description-foreground{dim}{ground}"),
        )


class KeyBar(Widget, can_focus=False):
    """Shows the keys of the screen; a click on one is as good as the key."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; width: 100%; text-wrap: nowrap; text-overflow: clip;
        color: $footer-foreground; background: $footer-background;
    }
    """

    _ON: ClassVar = " on $block-hover-background"

    keys: reactive[tuple[Key, ...]] = reactive(())
    """The keys, from left to right. Where there is no room for all, help comes first."""
    under_mouse: reactive[Key | None] = reactive(None)
    """The key that the mouse points to."""
    first: reactive[int] = reactive(0)
    """The key at the left edge: the wheel turns a row that is too long."""

    _is_due = False
    _all: tuple[Key, ...] = ()

    def render(self) -> Content:
        """Return the row."""
        shown = self.keys[self.first :]
        row = [key.content(self._ON if key == self.under_mouse else "") for key in shown]
        return Content(" " * _GAP).join(row)

    def on_mount(self) -> None:
        """Follow the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def on_unmount(self) -> None:
        """Follow it no longer."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if screen.app.app_focus and screen is self.screen and not self._is_due:
            self._is_due = True
            self.call_after_refresh(self._take_keys)

    def _take_keys(self) -> None:
        self._is_due = False
        if self.is_attached:
            self._all = self._keys_of(self.screen.active_bindings.values())
            self.keys = self._row()

    def name_of(self, action: str) -> str:
        """Return the key that does an action now, as it is shown; empty where none does."""
        return next((each.name for each in self._all if each.action == action), "")

    def _row(self) -> tuple[Key, ...]:
        """Return the keys where they stand."""
        row = _laid_out(self._all)
        if not row or row[-1].end <= self.size.width:
            return row
        return _laid_out(sorted(self._all, key=lambda each: each.action != HELP.action))

    def _keys_of(self, bindings: Iterable[ActiveBinding]) -> tuple[Key, ...]:
        """Return a key for each action that is shown: the first that does it."""
        first: dict[str, ActiveBinding] = {}
        for each in bindings:
            if each.binding.show:
                first.setdefault(each.binding.action, each)
        return tuple(
            Key(
                each.binding.action, each.binding.key, self.app.get_key_display(each.binding),
                each.binding.description, each.tooltip, each.enabled,
            )
            for each in first.values()
        )  # fmt: skip

    def watch_keys(self) -> None:
        """Show as much as there is room for."""
        self.under_mouse = None
        self._begin_at(self.first)

    def watch_under_mouse(self, key: Key | None) -> None:
        """Say what the key does."""
        self.tooltip = Content(key.tooltip) if key and key.tooltip else None

    def _key_at(self, x: int) -> Key | None:
        cell = x + (self.keys[self.first].start if self.keys else 0)
        return next((key for key in self.keys if key.start <= cell < key.end), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Light up the key under the mouse."""
        self.under_mouse = self._key_at(event.x)

    def on_leave(self) -> None:
        """Light up none."""
        self.under_mouse = None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key."""
        key = self._key_at(event.x)
        if key is not None and key.enabled:
            self.app.simulate_key(key.key)
        elif key is not None:
            self.app.bell()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Show what stands further right."""
        event.stop()
        self._begin_at(self.first + 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Show what stands further left."""
        event.stop()
        self._begin_at(self.first - 1)

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        self.keys = self._row()
        self._begin_at(self.first)

    def _begin_at(self, first: int) -> None:
        """Begin the row with a key, but not later than is needed to show the last."""
        end = self.keys[-1].end if self.keys else 0
        needed = sum(end - key.start > self.size.width for key in self.keys)
        self.first = max(0, min(first, needed))


def _laid_out(keys: Iterable[Key]) -> tuple[Key, ...]:
    """Return the keys one after another."""
    row, start = [], 0
    for key in keys:
        row.append(replace(key, start=start))
        start = row[-1].end + _GAP
    return tuple(row)
