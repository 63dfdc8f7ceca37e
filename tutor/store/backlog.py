"""What waits for a database: bounded, and kept in a file as soon as waiting may be long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

MOST: Final = 50_000
"""Items that wait in memory: four hundred answers of each of a class of sixty, about 75 MB."""
_FLEETING_PART: Final = 5
"""One fifth of them at most may be fleeting."""


class Keeping(Protocol[T_contra]):
    """Where items are kept beyond the end of the process (`spill_file.SpillFile`)."""

    @property
    def is_open(self) -> bool:
        """Whether anything is kept just now."""

    @property
    def path(self) -> Path | None:
        """The file, where there is one."""

    def keep(self, items: Sequence[T_contra], number: int, in_doubt: int) -> None:
        """Keep exactly these; the first `in_doubt` may have been written as batch `number`."""

    def add(self, items: Sequence[T_contra]) -> None:
        """Keep more, at one blow."""

    def trying(self, number: int, batch: Sequence[T_contra]) -> None:
        """Note that the next items are about to be written as a batch."""

    def forget(self) -> None:
        """All that was kept is written."""

    def close(self) -> None:
        """Let go of what is kept: another may bring it in."""


class KeptNowhere:
    """For a store without a place for files."""

    is_open = False
    path = None

    def keep(self, items: Sequence[object], number: int, in_doubt: int) -> None:
        """Keep nothing."""

    def add(self, items: Sequence[object]) -> None:
        """Keep nothing."""

    def trying(self, number: int, batch: Sequence[object]) -> None:
        """Note nothing."""

    def forget(self) -> None:
        """There is nothing to forget."""

    def close(self) -> None:
        """There is nothing to let go of."""


class Backlog(Generic[T]):
    """The items on their way, the oldest first. Not for several threads: its owner has a lock.

    Fleeting items (who was where a while ago) give way, the oldest first, where they are many;
    of the others none is ever given up once it was taken, and beyond `most` none is taken.
    """

    def __init__(
        self,
        *,
        most: int = MOST,
        is_fleeting: Callable[[T], bool] = lambda _: False,
        keeping: Keeping[T] | None = None,
    ) -> None:
        self._most, self._is_fleeting = most, is_fleeting
        self._keeping: Keeping[T] = keeping or KeptNowhere()
        self.items: list[T] = []
        self.number = 1
        """Of the batch that is written next."""
        self.in_doubt = 0
        """How many of the first items may have been written, as batch `number`."""
        self.lost = 0
        """Items that were not taken, because there were too many."""
        self._fleeting = 0
        self._is_closed = False
        self._left_in: Path | None = None

    def __len__(self) -> int:
        return len(self.items)

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken."""
        return len(self.items) >= self._most

    @property
    def kept_in(self) -> Path | None:
        """The file in which what waits outlives the process; None where it does not."""
        return self._keeping.path if self._keeping.is_open else self._left_in

    def put(self, items: Sequence[T]) -> None:
        """Take items."""
        taken = []
        for item in items:
            is_fleeting = self._is_fleeting(item)
            if is_fleeting and self._fleeting >= self._most // _FLEETING_PART:
                self._thin_out()
            if self.is_full:
                self.lost += not is_fleeting
                continue
            self._fleeting += is_fleeting
            self.items.append(item)
            taken.append(item)
        if self._keeping.is_open:
            self._keeping.add(taken)

    def keep(self) -> None:
        """Keep what waits, and what comes, beyond the end of the process."""
        if not (self._keeping.is_open or self._is_closed):
            self._keeping.keep(self.items, self.number, self.in_doubt)

    def begin(self, count: int) -> list[T]:
        """Return the next batch, of at most so many; it is in doubt until `end`."""
        batch = self.items[:count]
        self.in_doubt = len(batch)
        if self._keeping.is_open:
            self._keeping.trying(self.number, batch)
        return batch

    def end(self, count: int) -> None:
        """The first items are written, or given up."""
        self._fleeting -= sum(map(self._is_fleeting, self.items[:count]))
        del self.items[:count]
        self.number += 1
        self.in_doubt = 0
        if not self.items and self._keeping.is_open:
            self._keeping.forget()

    def close(self) -> int:
        """Keep what is not written, for good; return how many items are lost all the same."""
        if self.items:
            self.keep()
        self._is_closed = True
        left = 0 if self._keeping.is_open else len(self.items)
        self._left_in = self.kept_in
        self._keeping.close()
        return self.lost + left

    def discard(self, unwanted: Callable[[T], bool]) -> None:
        """Let items never be written."""
        doubted = [item for item in self.items[: self.in_doubt] if not unwanted(item)]
        self.items[:] = [item for item in self.items if not unwanted(item)]
        self.in_doubt = len(doubted)
        self._fleeting = sum(map(self._is_fleeting, self.items))
        if self._keeping.is_open:
            self._keeping.keep(self.items, self.number, self.in_doubt)

    def _thin_out(self) -> None:
        """Give up the older half of what is fleeting, where it is not being written."""
        left = self._fleeting // 2
        kept = []
        for item in self.items[self.in_doubt :]:
            if self._is_fleeting(item) and left > 0:
                left -= 1
                self._fleeting -= 1
            else:
                kept.append(item)
        self.items[self.in_doubt :] = kept
