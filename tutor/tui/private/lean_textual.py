"""What makes Textual lighter, in memory and at the start: a process may hold two hundred apps.

Rows and widgets carry no caches, and apps share the styles that they have in common. Textual has
no public hooks for this.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any, ClassVar, TypeAlias

import textual.dom
import textual.strip
from textual.cache import FIFOCache, LRUCache
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.dom import DOMNode

from tutor.tui.private import FEWER_CACHES, SHARED_STYLES, is_on

_Look: TypeAlias = tuple[object, ...]


class NoCache(FIFOCache[Any, Any]):
    """Keeps nothing.

    Each row of each widget has seven caches: empty ones are a third of an app's memory. What they
    would save is little, since what is painted again has mostly changed.
    """

    __slots__ = ()

    def __setitem__(self, key: Any, value: Any) -> None:
        """Keep nothing."""

    def get(self, _key: Any, default: Any = None) -> Any:
        """Return the default."""
        return default


_NO_CACHE = NoCache(0)


def do_without_caches() -> None:
    """Give rows and widgets that are made from now on no caches of what they were asked for.

    A widget keeps what it found among its children: also what was taken out since, so that a
    lesson would keep the widgets of all its steps.
    """
    if is_on(FEWER_CACHES):
        vars(textual.strip)["FIFOCache"] = _no_cache
        vars(textual.dom)["LRUCache"] = _no_cache


def _no_cache(_size: int) -> NoCache:
    return _NO_CACHE


class _Case:
    """Rules that may hold for a node, and what they came to for nodes that we have seen."""

    _ALL: ClassVar[LRUCache[tuple[RuleSet, ...], _Case]] = LRUCache(2048)

    def __init__(self, rules: Iterable[RuleSet]) -> None:
        states = {state for rule in rules for state in rule.pseudo_classes}
        self._states = tuple(sorted(states))
        of_siblings = Stylesheet._EXCLUDE_PSEUDO_CLASSES_FROM_CACHE
        self.depends_on_siblings = not states.isdisjoint(of_siblings)
        self.has_hover = "hover" in states
        self.seen: LRUCache[_Look, RulesMap] = LRUCache(256)

    @classmethod
    def of(cls, rules: tuple[RuleSet, ...]) -> _Case:
        """Return the one case of these rules, whatever other rules there are."""
        found = cls._ALL.get(rules)
        if found is None:
            found = cls._ALL[rules] = cls(rules)
        return found

    def look(self, node: DOMNode) -> _Look:
        """Return all that the style of a node depends on, with these rules."""
        states = self._states
        return tuple(
            (
                type(each),
                each.id,
                each.classes,
                tuple([each.has_pseudo_class(state) for state in states]),
            )
            for each in node.css_path_nodes
        )


class _Parsed:
    """The rules of some sources with some variables."""

    def __init__(self, rules: list[RuleSet], rules_map: dict[str, list[RuleSet]]) -> None:
        self.rules, self.rules_map = rules, rules_map
        self._cases: LRUCache[frozenset[str], _Case] = LRUCache(1024)

    def case(self, names: frozenset[str]) -> _Case:
        """Return the case of a node that selectors know by these names."""
        found = self._cases.get(names)
        if found is None:
            holding = {
                rule for name in self.rules_map.keys() & names for rule in self.rules_map[name]
            }
            rules = tuple(rule for rule in self.rules if rule in holding)
            found = self._cases[names] = _Case.of(rules)
        return found


class SharedStylesheet(Stylesheet):
    """A stylesheet that shares rules, and what they come to, with all others of the process."""

    _NUMBERS: ClassVar[LRUCache[tuple[object, ...], int]] = LRUCache(32)
    _COUNT: ClassVar = count()
    _RULES: ClassVar[LRUCache[tuple[object, ...], list[RuleSet]]] = LRUCache(1024)
    _ALL: ClassVar[LRUCache[tuple[object, ...], _Parsed]] = LRUCache(64)

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parsed = _Parsed([], {})
        self._number = self._number_of(self._variables)

    @classmethod
    def _number_of(cls, variables: dict[str, str]) -> int:
        """Return a number by which the same variables are known again."""
        key = tuple(variables.items())
        number = cls._NUMBERS.get(key)
        if number is None:
            number = cls._NUMBERS[key] = next(cls._COUNT)
        return number

    def set_variables(self, variables: dict[str, str]) -> None:
        """Set the variables of a theme."""
        super().set_variables(variables)
        self._number = self._number_of(variables)

    def _parse_rules(
        self,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        key = (self._number, read_from, css, is_default_rules, tie_breaker, scope)
        rules = self._RULES.get(key)
        if rules is None:
            rules = super()._parse_rules(css, read_from, is_default_rules, tie_breaker, scope)
            self._RULES[key] = rules
        return rules

    def parse(self) -> None:
        """Parse the sources, unless that has been done."""
        key = (self._number, *self.source.items())
        parsed = self._ALL.get(key)
        if parsed is None:
            super().parse()
            parsed = _Parsed(self._rules, self.rules_map)
            if not self._invalid_css:
                self._ALL[key] = parsed
        self._parsed = parsed
        self._rules, self._rules_map = parsed.rules, parsed.rules_map
        self._require_parse = False

    def reparse(self) -> None:
        """Parse the sources with other variables; where that fails, the old rules stay."""
        self.parse()

    def apply(
        self,
        node: DOMNode,
        *,
        animate: bool = False,
        cache: dict[tuple[Any, ...], RulesMap] | None = None,
    ) -> None:
        """Give a node its style: worked out, or as it was for another in the same place."""
        if self._require_parse:
            self.parse()
        case = self._parsed.case(frozenset(node._selector_names))
        if case.depends_on_siblings:
            super().apply(node, animate=animate, cache=cache)
            return
        look = case.look(node)
        rules = case.seen.get(look)
        if rules is None:
            worked_out: dict[tuple[Any, ...], RulesMap] = {}
            super().apply(node, animate=animate, cache=worked_out)
            for rules in worked_out.values():
                case.seen[look] = rules
            return
        node._has_hover_style = case.has_hover
        node._has_focus_within = node._has_order_style = node._has_odd_or_even = False
        self.replace_rules(node, rules, animate=animate)
        self._process_component_classes(node)


def new_stylesheet(variables: dict[str, str]) -> Stylesheet:
    """Return an app's stylesheet, which shares what it can."""
    return (SharedStylesheet if is_on(SHARED_STYLES) else Stylesheet)(variables=variables)
