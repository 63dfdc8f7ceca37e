"""The private names of Textual that the terminal program uses, and which of them are gone."""

from __future__ import annotations

from functools import cache, partial
from typing import Final

from tutor.i18n import message
from tutor.private_names import PrivateName, Use, missing

_use = partial(Use, "textual", "8.2.8")

FEWER_CACHES: Final = _use(
    message("Rows and widgets keep no caches of what they were asked for."),
    message("Each open tutor takes more memory."),
)
SHARED_STYLES: Final = _use(
    message("Tutors of one process share the styles that they have in common."),
    message("Every screen opens more slowly, and each open tutor takes more memory."),
)
PAINTS_ONCE: Final = _use(
    message("A screen is painted once for all that changed in one go."),
    message("Screens open more slowly."),
)
QUIET_CRASHES: Final = _use(
    message("An unexpected error is kept for the report instead of being printed."),
    message("An unexpected error is reported in the library's own words."),
)

READS_KEYS: Final = _use(
    message("Keys and the mouse are read as Textual reads them."),
    message("There are the usual keys, but no mouse and no rare combinations of keys."),
)
GUARDS_TERMINAL: Final = _use(
    message("What a terminal says of itself, and a paste without an end, are kept from the keys."),
    message("The terminal may type what nobody typed; a paste without an end shuts the keys out."),
)

NAMES: Final = (
    PrivateName(FEWER_CACHES, "textual.strip:FIFOCache"),
    PrivateName(FEWER_CACHES, "textual.dom:LRUCache"),
    PrivateName(
        SHARED_STYLES,
        "textual.css.stylesheet:Stylesheet._parse_rules",
        "self css read_from is_default_rules tie_breaker scope",
    ),
    PrivateName(
        SHARED_STYLES, "textual.css.stylesheet:Stylesheet._process_component_classes", "self node"
    ),
    *(
        PrivateName(SHARED_STYLES, f"textual.css.stylesheet:Stylesheet.{name}")
        for name in (
            "_EXCLUDE_PSEUDO_CLASSES_FROM_CACHE", "_variables", "_rules", "_rules_map",
            "_require_parse", "_invalid_css",
        )
    ),
    *(
        PrivateName(SHARED_STYLES, f"textual.dom:DOMNode.{name}")
        for name in (
            "_selector_names", "_has_hover_style", "_has_focus_within",
            "_has_order_style", "_has_odd_or_even",
        )
    ),
    PrivateName(PAINTS_ONCE, "textual.screen:Screen._compositor_refresh", "self"),
    PrivateName(PAINTS_ONCE, "textual.screen:Screen._on_timer_update", "self"),
    *(
        PrivateName(PAINTS_ONCE, f"textual.screen:Screen.{name}")
        for name in (
            "_layout_required", "_repaint_required", "_scroll_required", "_dirty_widgets",
        )
    ),
    PrivateName(READS_KEYS, "textual._xterm_parser:XTermParser"),
    PrivateName(READS_KEYS, "textual._parser:Parser.feed", "self data"),
    PrivateName(READS_KEYS, "textual._parser:Parser.tick", "self"),
    PrivateName(
        GUARDS_TERMINAL, "textual.drivers.linux_driver:LinuxDriver.run_input_thread", "self"
    ),
    *(
        PrivateName(GUARDS_TERMINAL, f"textual.drivers.linux_driver:LinuxDriver.{name}")
        for name in ("_file", "exit_event")
    ),
    PrivateName(QUIET_CRASHES, "textual.app:App._fatal_error", "self"),
    PrivateName(QUIET_CRASHES, "textual.message_pump:MessagePump._close_messages_no_wait", "self"),
)  # fmt: skip
"""All of them; nothing else in `tui/` touches a private name of a library."""


@cache
def switched_off() -> tuple[PrivateName, ...]:
    """Return the names that are gone, each of which switches its use off."""
    return missing(NAMES)


def is_on(use: Use) -> bool:
    """Whether all names of a use are as they were tested."""
    return all(name.use is not use for name in switched_off())
