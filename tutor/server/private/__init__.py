"""The private names of Textual and asyncssh that the server uses; which of them are gone."""

from __future__ import annotations

from functools import cache, partial
from typing import Final

from tutor.i18n import message
from tutor.private_names import PrivateName, Use, missing

_of_textual = partial(Use, "textual", "8.2.8")
_of_asyncssh = partial(Use, "asyncssh", "2.24.1")

SENDS_CHANGES: Final = _of_textual(
    message("Terminals are sent only the cells that change."),
    message("Terminals are sent whole lines: more bytes for every key."),
)
KEEPS_STREAMS: Final = _of_textual(
    message("Tutors leave the server's own output alone."),
    message("What the server prints itself may be lost."),
)
SLOWS_DOWN: Final = _of_asyncssh(
    message("Clients that send too much or read too little are slowed down."),
    message("A client that sends without end, or reads nothing, may harm the others."),
)
COUNTS_ANSWERS: Final = _of_asyncssh(
    message("Clients that never end a change of keys are let go."),
    message("A client that never ends a change of keys takes memory until it leaves."),
)
FEW_VARIABLES: Final = _of_asyncssh(
    message("A client can set only a few environment variables."),
    message("A client may take memory by sending environment variables without end."),
)
ODD_NAMES: Final = _of_asyncssh(
    message("Who comes in under a name with an emoji is told why not."),
    message("Who comes in under a name with an emoji is only told of an unassigned character."),
)

NAMES: Final = (
    PrivateName(SENDS_CHANGES, "textual.app:App._display", "self screen renderable"),
    PrivateName(SENDS_CHANGES, "textual.app:App._driver"),
    PrivateName(
        SENDS_CHANGES,
        "textual._compositor:CompositorUpdate.render_segments",
        "self console",
    ),
    PrivateName(SENDS_CHANGES, "textual._compositor:LayoutUpdate.strips"),
    PrivateName(SENDS_CHANGES, "textual._compositor:LayoutUpdate.region"),
    PrivateName(SENDS_CHANGES, "textual._compositor:ChopsUpdate.chops"),
    PrivateName(SENDS_CHANGES, "textual._compositor:ChopsUpdate.spans"),
    PrivateName(SENDS_CHANGES, "textual._compositor:ChopsUpdate.chop_ends"),
    PrivateName(KEEPS_STREAMS, "textual.app:App._capture_stdout"),
    PrivateName(KEEPS_STREAMS, "textual.app:App._capture_stderr"),
    PrivateName(SLOWS_DOWN, "asyncssh.connection:SSHConnection._transport"),
    PrivateName(COUNTS_ANSWERS, "asyncssh.connection:SSHConnection._kex_complete"),
    PrivateName(COUNTS_ANSWERS, "asyncssh.connection:SSHConnection._deferred_packets"),
    PrivateName(ODD_NAMES, "asyncssh.connection:saslprep"),
    PrivateName(FEW_VARIABLES, "asyncssh.channel:SSHChannel._env"),
)
"""All of them; nothing else in `server/` touches a private name of a library."""


@cache
def switched_off() -> tuple[PrivateName, ...]:
    """Return the names that are gone, each of which switches its use off."""
    return missing(NAMES)


def is_on(use: Use) -> bool:
    """Whether all names of a use are as they were tested."""
    return all(name.use is not use for name in switched_off())
