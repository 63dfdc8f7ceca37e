"""A graph of nodes and edges in cells: columns from left to right, edges as lines between them.

A node has two lines of text and stands in the column after what it is computed of. An edge that
passes over a column has a place of its own in it. Between two columns each group of edges with the
same ends has a track of its own, so that no two run over one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

_LINES: Final = " ╵╶└╷│┌├╴┘─┴┐┤┬┼"
"""By the sides on which a cell goes on: 1 up, 2 right, 4 down, 8 left."""
_UP, _RIGHT, _DOWN, _LEFT = 1, 2, 4, 8
_ARROW: Final = "▸"
_FEW: Final = 4
"""Nodes one under the other that have a line between them."""

Labels: TypeAlias = Mapping[str, tuple[str, str]]
"""The two lines of each node."""
Sources: TypeAlias = Mapping[str, Sequence[str]]
"""What each node is computed of."""


@dataclass
class _Item:
    """A node in its column, or an edge that passes over the column of others."""

    name: str
    texts: tuple[str, ...]
    comes_from: list[_Item] = field(default_factory=list)
    line: int = 0


def draw_graph(labels: Labels, sources: Sources) -> tuple[str, ...]:
    """Return the lines of a graph without a cycle; its last node stands at the right."""
    columns = _columns(labels, sources)
    _place(columns)
    cells: dict[tuple[int, int], str] = {}
    at = 0
    for column, following in zip(columns, [*columns[1:], []], strict=True):
        width = max((len(text) for item in column for text in item.texts), default=0)
        for item in column:
            _write(cells, item, at)
        at = _gutter(cells, column, following, at, at + width + 1)
    height, wide = (1 + max(place[axis] for place in cells) for axis in (0, 1))
    rows = ("".join(cells.get((line, x), " ") for x in range(wide)) for line in range(height))
    return tuple(row.rstrip() for row in rows)


def _write(cells: dict[tuple[int, int], str], item: _Item, at: int) -> None:
    for down, text in enumerate(item.texts):
        cells |= {(item.line + down, at + x): sign for x, sign in enumerate(text)}


def _columns(labels: Labels, sources: Sources) -> list[list[_Item]]:
    depth = _depths(labels, sources)
    columns: list[list[_Item]] = [[] for _ in range(1 + max(depth.values()))]
    items: dict[tuple[str, int], _Item] = {}
    for name in _in_drawn_order(labels, sources):
        ends = [depth[each] for each, of in sources.items() if name in of]
        for column in range(depth[name], max([depth[name] + 1, *ends])):
            item = _Item(name, labels[name] if column == depth[name] else ())
            items[name, column] = item
            columns[column].append(item)
            if column > depth[name]:
                item.comes_from.append(items[name, column - 1])
    for name, of in sources.items():
        item = items[name, depth[name]]
        item.comes_from += [items[each, depth[name] - 1] for each in dict.fromkeys(of)]
    return columns


def _depths(labels: Labels, sources: Sources) -> dict[str, int]:
    """Return the column of each node; what is given stands just before where it is used."""
    depth: dict[str, int] = {}
    for name in labels:
        of = sources.get(name, ())
        depth[name] = 1 + max(depth[each] for each in of) if of else 0
    for name in labels:
        if not sources.get(name):
            used = [depth[each] for each, of in sources.items() if name in of]
            depth[name] = min(used, default=1) - 1
    return depth


def _in_drawn_order(labels: Labels, sources: Sources) -> tuple[str, ...]:
    """Return the nodes so that what belongs together stands together."""
    seen: dict[str, None] = {}

    def visit(name: str) -> None:
        for each in sources.get(name, ()):
            visit(each)
        seen.setdefault(name)

    visit(list(labels)[-1])
    return tuple(seen)


def _place(columns: Sequence[Sequence[_Item]]) -> None:
    """Give each item its line: near the middle of what leads to it, and none over another."""
    given = _without_sources(columns)
    apart = 3 if len(given) <= _FEW else 2
    lines = {name: apart * place for place, name in enumerate(given)}
    for column in columns:
        for item in column:
            before = [each.line for each in item.comes_from]
            item.line = sum(before) // len(before) if before else lines[item.name]
        free = 0
        for item in sorted(column, key=lambda each: each.line):
            item.line = max(item.line, free)
            free = item.line + max(1, len(item.texts))


def _without_sources(columns: Sequence[Sequence[_Item]]) -> list[str]:
    """Return what is given, in the order in which it is drawn: as the first node meets it."""
    order: dict[str, None] = {}

    def visit(item: _Item) -> None:
        for each in item.comes_from:
            visit(each)
        if not item.comes_from:
            order.setdefault(item.name)

    visit(columns[-1][-1])
    return list(order)


def _gutter(
    cells: dict[tuple[int, int], str],
    column: Sequence[_Item],
    following: Sequence[_Item],
    left: int,
    start: int,
) -> int:
    """Draw the edges between two columns, from the cell `start`; return where the next begins."""
    if not following:
        return start
    ends = {id(item): [each.line for each in following if item in each.comes_from]
            for item in column}  # fmt: skip
    tracks = _tracks(column, ends)
    width = max([2, *(track + 2 for track in tracks.values())])
    sides: dict[tuple[int, int], int] = {}
    for item in column:
        if not ends[id(item)]:
            continue
        begin = left + len(item.texts[0]) + 1 if item.texts else left
        track = tracks.get(id(item))
        turn = start + width - 1 if track is None else start + track
        _run(sides, item.line, begin - 1, turn)
        for line in ends[id(item)]:
            if track is not None:
                _climb(sides, turn, item.line, line)
                _run(sides, line, turn, start + width - 1)
            _run(sides, line, start + width - 2, start + width)
    drawn = {place: _LINES[side] for place, side in sides.items()}
    cells |= {place: sign for place, sign in drawn.items() if sign not in "╶╴"}
    for item in following:
        if item.texts and item.comes_from:
            cells[item.line, start + width - 1] = _ARROW
    return start + width


def _tracks(column: Sequence[_Item], ends: Mapping[int, list[int]]) -> dict[int, int]:
    """Return the track of each item whose edges turn; those that end alike have one together.

    A track stands left of another that would run into the line on which it begins.
    """
    turning = [item for item in column if ends[id(item)] not in ([], [item.line])]
    groups: dict[tuple[int, ...], list[_Item]] = {}
    for item in turning:
        groups.setdefault(tuple(sorted(ends[id(item)])), []).append(item)
    left = list(groups)
    order: list[tuple[int, ...]] = []
    while left:
        free = [each for each in left if not _waits(each, left, groups)]
        order.append((free or left)[0])
        left.remove(order[-1])
    return {id(item): place for place, each in enumerate(order) for item in groups[each]}


def _waits(
    group: tuple[int, ...],
    left: Sequence[tuple[int, ...]],
    groups: Mapping[tuple[int, ...], Sequence[_Item]],
) -> bool:
    """Return whether an edge of this group would end on a line where another's begins."""
    begins = {item.line for each in left if each != group for item in groups[each]}
    return bool(begins & set(group))


def _run(sides: dict[tuple[int, int], int], line: int, begin: int, end: int) -> None:
    for x, y in _between(begin, end):
        sides[line, x] = sides.get((line, x), 0) | _RIGHT
        sides[line, y] = sides.get((line, y), 0) | _LEFT


def _climb(sides: dict[tuple[int, int], int], x: int, begin: int, end: int) -> None:
    for above, below in _between(min(begin, end), max(begin, end)):
        sides[above, x] = sides.get((above, x), 0) | _DOWN
        sides[below, x] = sides.get((below, x), 0) | _UP


def _between(begin: int, end: int) -> Iterator[tuple[int, int]]:
    yield from zip(range(begin, end), range(begin + 1, end + 1), strict=True)
