"""Reads the LaTeX of a formula, as authors write it, into a small tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from tutor.i18n import Message, message
from tutor.lesson.formula_symbols import OPERATORS, accented, styled, symbol

MAX_DEPTH: Final = 16

AtomClass: TypeAlias = Literal["ord", "op", "bin", "rel", "open", "close", "punct", "slash", "bar"]
"""What a symbol is among its neighbours; the spaces around it follow from this alone."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A symbol, a number, an operator's name or a run of text."""

    text: str
    kind: AtomClass = "ord"
    takes_limits: bool = False
    """Whether what stands under it (as h → 0 under lim) is set below it."""


@dataclass(frozen=True, slots=True)
class Space:
    """A space that the author asked for."""


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in braces."""

    body: Tree


@dataclass(frozen=True, slots=True)
class Fraction:
    r"""\frac."""

    numerator: Tree
    denominator: Tree


@dataclass(frozen=True, slots=True)
class Root:
    r"""\sqrt."""

    body: Tree


@dataclass(frozen=True, slots=True)
class Delimited:
    r"""\left( ... \right): brackets as tall as what they hold."""

    left: str
    body: Tree
    right: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of cells in round brackets."""

    rows: tuple[tuple[Tree, ...], ...]


@dataclass(frozen=True, slots=True)
class Scripted:
    """A base with what stands below and above it."""

    base: FormulaNode
    sub: Tree
    sup: Tree


FormulaNode: TypeAlias = Atom | Space | Group | Fraction | Root | Delimited | Matrix | Scripted
Tree: TypeAlias = tuple[FormulaNode, ...]

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_CLASSES: Final[dict[str, AtomClass]] = {
    **dict.fromkeys("+−·×±∓÷∘⊙⋅", "bin"),
    **dict.fromkeys("=<>≤≥≈≠→←↦∈∉≡∼≪≫∝⇒⇔↔⊂⊆", "rel"),
    **dict.fromkeys("([⟨⌊⌈", "open"),
    **dict.fromkeys(")]⟩⌋⌉!", "close"),
    **dict.fromkeys(",;:", "punct"),
    **dict.fromkeys("∑∏∫", "op"),
    **dict.fromkeys("|‖", "bar"),
    "/": "slash",
}
_CHARACTERS: Final = {"-": "−", "*": "·", "~": " "}
_IGNORED: Final = frozenset(
    {
        *(r"\displaystyle", r"\limits", r"\nolimits", r"\!", r"\textstyle", r"\scriptstyle"),
        *(r"\big", r"\Big", r"\bigg", r"\Bigg", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr"),
    }
)
_SPACES: Final = frozenset({r"\,", r"\;", r"\:", r"\ ", r"\quad", r"\qquad"})
_TEXTS: Final = frozenset(
    {
        *(r"\text", r"\textrm", r"\mathrm", r"\mathit", r"\operatorname"),
        # Bold and sans-serif letters are missing from many terminal fonts: plain ones instead.
        *(r"\mathbf", r"\boldsymbol", r"\bm", r"\mathsf", r"\mathtt"),
    }
)
_END: Final = ""


@lru_cache(maxsize=512)
def parse_formula(source: str) -> tuple[Tree, tuple[Message, ...]]:
    """Return the tree of a formula and what is wrong with it (it can be shown all the same)."""
    parser = _Parser(_TOKEN.findall(source))
    tree = parser.read_tree(frozenset({_END}))
    return tree, tuple(parser.faults)


@dataclass(slots=True)
class _Parser:
    """Reads tokens from left to right; every fault is noted and stepped over."""

    tokens: list[str]
    at: int = 0
    depth: int = 0
    faults: list[Message] = field(default_factory=list)

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    def take(self) -> str:
        piece = self.peek()
        self.at += 1
        return piece

    def read_tree(self, ends: frozenset[str]) -> Tree:
        """Read up to one of `ends`, which stays unread."""
        nodes: list[FormulaNode] = []
        while (piece := self.peek()) not in ends:
            if piece == _END:
                self.faults.append(message("a {end} is missing", end=max(ends)))
                break
            if piece in "^_":
                self._read_script(nodes)
            else:
                nodes.extend(self._read_node())
        return tuple(nodes)

    def _read_script(self, nodes: list[FormulaNode]) -> None:
        """Give the last node what stands below or above it."""
        mark = self.take()
        script = self._read_argument()
        base = nodes.pop() if nodes else Atom("")
        sub: Tree = ()
        sup: Tree = ()
        if isinstance(base, Scripted):
            sub, sup, base = base.sub, base.sup, base.base
        if sub if mark == "_" else sup:
            self.faults.append(message("two {mark} follow one symbol", mark=mark))
        nodes.append(Scripted(base, script, sup) if mark == "_" else Scripted(base, sub, script))

    def _read_argument(self) -> Tree:
        """Read what a command or a script applies to: a group or a single symbol."""
        while self.peek().isspace():
            self.take()
        if self.peek() in ("}", "^", "_", _END):
            before = self.peek() or message("the end")
            self.faults.append(message("something is missing before {piece}", piece=before))
            return ()
        if self.peek() != "{" and self.peek()[0].isdigit():
            return self._first_digit()
        read = tuple(self._read_node())
        return read[0].body if len(read) == 1 and isinstance(read[0], Group) else read

    def _first_digit(self) -> Tree:
        """Read one digit: x_12 is x with 1 below, then 2."""
        piece = self.take()
        if len(piece) > 1:
            self.at -= 1
            self.tokens[self.at] = piece[1:]
        return (Atom(piece[0]),)

    def _read_node(self) -> Iterator[FormulaNode]:
        """Read the next node: none for a space or a fault."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.faults.append(message("is nested too deeply"))
            self.at = len(self.tokens)
        yield from self._read_token(self.take())
        self.depth -= 1

    def _read_token(self, piece: str) -> Iterator[FormulaNode]:
        if piece.startswith("\\"):
            yield from self._read_command(piece)
        elif piece == "{":
            yield Group(self._read_group())
        elif piece in ("}", "&"):
            self.faults.append(message("{piece} stands alone", piece=piece))
        elif piece == "'":
            yield Atom("′")
        elif not piece.isspace():
            yield atom(_CHARACTERS.get(piece, piece))

    def _read_group(self) -> Tree:
        """Read up to the closing brace and over it."""
        tree = self.read_tree(frozenset({"}"}))
        self.take()
        return tree

    def _read_command(self, command: str) -> Iterator[FormulaNode]:
        structure = _STRUCTURES.get(command)
        if structure is not None:
            yield structure(self)
        elif command in _SPACES:
            yield Space()
        elif command in _TEXTS:
            yield Atom(self._read_text(), "op" if command == r"\operatorname" else "ord")
        elif command not in _IGNORED:
            yield self._read_symbol(command)

    def read_fraction(self) -> Fraction:
        r"""Read what follows \frac."""
        return Fraction(self._read_argument(), self._read_argument())

    def read_root(self) -> Root:
        r"""Read what follows \sqrt."""
        if self.peek() == "[":
            self.faults.append(message("\\sqrt[n] is not known: write x^{{1/n}}"))
        return Root(self._read_argument())

    def _read_symbol(self, command: str) -> FormulaNode:
        """Read a command of one symbol, an operator's name, an accent or a style of letters."""
        name = command[1:]
        if name in OPERATORS:
            return Atom(OPERATORS[name], "op", takes_limits=name in _LIMITED)
        found = symbol(command)
        if found is not None:
            return atom(found)
        before = self.at
        argument = self._read_text() if self.peek() not in ("}", _END) else ""
        for look_up in (accented, styled):
            found = look_up(command, argument)
            if found is not None:
                return Atom(found)
        self.at = before
        self.faults.append(message("{command} is not known", command=command))
        return Atom(name if name.isalpha() else "")

    def _read_text(self) -> str:
        """Read the words of a group (or one symbol) as they stand."""
        while self.peek().isspace():
            self.take()
        if self.peek() != "{":
            return self._read_word()
        self.take()
        words = []
        while self.peek() not in ("}", _END):
            words.append(self._read_word())
        if self.take() == _END:
            self.faults.append(message("a {end} is missing", end="}"))
        return "".join(words)

    def _read_word(self) -> str:
        """Read one symbol, which stays text."""
        piece = self.take()
        if piece in ("{", "}"):
            self.faults.append(message("{piece} stands alone", piece=piece))
            return ""
        return (symbol(piece) or "") if piece.startswith("\\") else piece

    def read_delimited(self) -> Delimited:
        r"""Read what follows \left, to its \right and the bracket there."""
        left = self._read_bracket()
        body = self.read_tree(frozenset({r"\right"}))
        self.take()
        return Delimited(left, body, self._read_bracket())

    def _read_bracket(self) -> str:
        r"""Read the bracket of \left or \right; a point is none."""
        bracket = self._read_word()
        return "" if bracket == "." else bracket

    def read_matrix(self) -> Matrix:
        r"""Read what follows \begin, to its \end."""
        kind = self._read_text()
        if kind != "pmatrix":
            self.faults.append(message("{kind} is not known: use pmatrix", kind=kind))
        rows: list[tuple[Tree, ...]] = []
        cells: list[Tree] = []
        while True:
            cells.append(self.read_tree(frozenset({"&", r"\\", r"\end"})))
            end = self.take()
            if end == "&":
                continue
            rows.append(tuple(cells))
            cells = []
            if end != r"\\":
                break
        self._read_text()
        return Matrix(tuple(row for row in rows if any(row)))


_STRUCTURES: Final[dict[str, Callable[[_Parser], FormulaNode]]] = {
    **dict.fromkeys((r"\frac", r"\dfrac", r"\tfrac"), _Parser.read_fraction),
    r"\sqrt": _Parser.read_root,
    r"\left": _Parser.read_delimited,
    r"\begin": _Parser.read_matrix,
}
_LIMITED: Final = frozenset({"lim", "max", "min", "argmax", "argmin", "sup", "inf", "sum", "prod"})


def atom(text: str) -> Atom:
    """Return the atom of one symbol."""
    return Atom(text, _CLASSES.get(text, "ord"), takes_limits=text in "∑∏")
