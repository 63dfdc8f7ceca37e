"""Keys and clicks that come while something is at work or opens: they wait, in their order.

Textual gives a key at once to whatever has the focus when the key comes. What that widget makes of
it comes back as messages, later: of two quick keys both reach the old screen, and "open" is heard
twice. Here an event is handed on when all that the one before it began has been worked through.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.errors import NoWidget
from textual.screen import Screen

Opening: TypeAlias = Callable[[], Awaitable[None]]

NEVER_WAIT: Final = frozenset({"ctrl+c", "ctrl+q"})
"""Who wants to leave may leave, whatever is opening."""
_PASSES: Final = 3
"""Times that all queues between a widget and the app are worked through before it is at rest.

A key comes back from its widget as an action (one), the action's message as one of the screen
(two), the screen's as one of the app (three).
"""
_AT_MOST: Final = 1000
"""Events that wait; what comes above that is dropped."""
MOST_REPEATS: Final = 10
"""Times that a key counts at once: as far as Shift takes it."""


class Repeats(events.Event):
    """A key that came several times before there was time for the first."""

    def __init__(self, key: events.Key, times: int) -> None:
        super().__init__()
        self.key, self.times = key, times


@runtime_checkable
class TakesRepeats(Protocol):
    """A widget for which some keys may count several times at once."""

    repeats: int
    """How often the next key counts."""

    def may_repeat(self, key: str) -> bool:
        """Whether it makes no difference to press this key once for all."""


class TypeAhead:
    """What one app was given and has not taken yet; and whether something is opening in it."""

    def __init__(
        self, app: App[Any], take: Callable[[events.Event], Coroutine[Any, Any, None]]
    ) -> None:
        self._app, self._take = app, take
        self._waiting: deque[events.Event] = deque()
        self._passes_left = 0
        """While it is not 0, the queues are being worked through; nothing is handed on."""
        self._seen: Screen[Any] | None = None
        self._last: tuple[events.Event, list[Screen[Any]]] | None = None
        """What was handed on last, and the screens known to who typed; None: all of it is done."""
        self._opened = asyncio.Event()
        self._opened.set()
        self._at_rest: list[Callable[[], None]] = []

    def when_at_rest(self, call: Callable[[], None]) -> None:
        """Call back, in the app's task, when all that was typed has been worked through."""
        self._at_rest.append(call)
        self._look()

    # --- opening

    def open(self, opening: Opening) -> None:
        """Open something, unless something is opening already; what is typed meanwhile waits."""
        if self._opened.is_set():
            self.hold()
            # Not `finish(…)`: who leaves at once would leave a coroutine that nobody awaits.
            begin = partial(self.finish, opening)
            self._app.run_worker(begin, group="opening")  # type: ignore[arg-type]  # None: Never

    def hold(self) -> None:
        """Let all wait from now on; `finish` ends it."""
        self._opened.clear()

    async def finish(self, opening: Opening) -> None:
        """Open what all waits for, and go on."""
        try:
            await opening()
        finally:
            self._opened.set()
            self._look()

    async def opened(self) -> None:
        """Wait until nothing is opening."""
        await self._opened.wait()

    # --- what is typed

    def keeps(self, event: events.Event) -> bool:
        """Whether an event has to wait for its turn; if not, the app takes it now."""
        if isinstance(event, Repeats):
            for _ in range(event.times):
                self._wait(events.Key(event.key.key, event.key.character))
            self._look()
            return True
        if event.is_forwarded or not isinstance(event, events.InputEvent | events.Paste):
            return False
        if isinstance(event, events.Key) and event.key in NEVER_WAIT:
            self._note(event)  # what it opens was not opened by the key before it
            return False
        if self._last is None and not self._passes_left and self._opened.is_set():
            self._note(event)
            return False
        self._wait(event)
        self._look()
        return True

    def _wait(self, event: events.Event) -> None:
        if self._last is not None and not self._waiting and self._opened.is_set():
            self._last[1].append(self._app.screen)  # what stands there now is what it is for
        moves = isinstance(event, events.MouseMove) and bool(self._waiting)
        if moves and isinstance(self._waiting[-1], events.MouseMove):
            self._waiting.pop()
        if len(self._waiting) < _AT_MOST:
            self._waiting.append(event)

    def _note(self, event: events.Event) -> None:
        if not isinstance(event, events.MouseMove):
            self._last = event, list(self._app.screen_stack)

    def _look(self) -> None:
        """Work the queues through, unless that is under way, or an opening is, which will ask."""
        if not self._passes_left and self._opened.is_set() and self._app.is_running:
            self._passes_left, self._seen = _PASSES, self._app.screen
            self._pass()

    def _pass(self) -> None:
        """Go from where the keys go up to the app: each node does first what it has before us."""
        self._hop(_way(self._app, self._last[0] if self._last else None))

    def _hop(self, way: list[DOMNode]) -> None:
        while way:
            node, *way = way
            call = partial(self._hop, way) if way else self._passed
            if node.call_later(call):
                return

    async def _passed(self) -> None:
        """Called in the app's task: all that was there when the pass began has been done."""
        if self._app.screen is not self._seen:
            self._passes_left, self._seen = _PASSES, self._app.screen
        else:
            self._passes_left -= 1
        if not self._opened.is_set():
            self._passes_left = 0
        elif self._passes_left:
            self._pass()
        else:
            await self._hand_on()

    async def _hand_on(self) -> None:
        """Give the app the next event: not, of a key that opened a screen, its repeats."""
        self._forget_repeats()
        self._last = None
        if self._waiting:
            event = self._waiting.popleft()
            self._note(event)
            self._gather_repeats(event)
            await self._take(event)
        elif self._at_rest:
            self._tell_rest()
        if self._waiting or self._at_rest:
            self._look()

    def _tell_rest(self) -> None:
        calls, self._at_rest = self._at_rest, []
        for call in calls:
            call()

    def _gather_repeats(self, event: events.Event) -> None:
        """Let a key count for its repeats that wait: they are drawn once."""
        field = self._app.focused
        if not isinstance(event, events.Key) or not isinstance(field, TakesRepeats):
            return
        times = 1
        if field.may_repeat(event.key):
            while times < MOST_REPEATS and self._waiting and _is_key(self._waiting[0], event.key):
                self._waiting.popleft()
                times += 1
        field.repeats = times

    def _forget_repeats(self) -> None:
        if self._last is None:
            return
        last, stack = self._last
        if not isinstance(last, events.Key) or self._app.screen in stack:
            return
        while self._waiting and _is_key(self._waiting[0], last.key):
            self._waiting.popleft()


def _is_key(event: events.Event, key: str) -> bool:
    return isinstance(event, events.Key) and event.key == key


def _way(app: App[Any], last: events.Event | None) -> list[DOMNode]:
    """Return where an event passes: the widget in focus or under the mouse, and what holds it."""
    if isinstance(last, events.MouseEvent):
        with suppress(NoWidget):
            return [*app.get_widget_at(last.x, last.y)[0].ancestors_with_self]
    return [*(app.focused or app.screen).ancestors_with_self]
