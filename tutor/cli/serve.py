"""`nabla serve`: a workshop over SSH, with every setting and every limit.

The options of `nabla room` stand here too: they name the same workshop, and help for them must not
wait for what `room.py` imports.
"""

from __future__ import annotations

import argparse
import os
from argparse import Namespace
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

from tutor.cli.argparse_words import Parser
from tutor.errors import UsageError
from tutor.i18n import Message, message, render
from tutor.server.options import (
    LONGEST_WORKSHOP,
    SHORTEST_CODE,
    WORKSHOP,
    Limits,
    Network,
    ServeOptions,
    is_too_short,
)
from tutor.store.data_folder import data_folder
from tutor.visible import is_visible_line

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")

_LIMITS: Final[Mapping[str, Message]] = {
    "sessions": message("learners at a time"),
    "tries": message("wrong codes or names a connection"),
    "key_offers": message("keys that a client may ask about in one connection"),
    "penalty": message("seconds that a wrong code waits"),
    "variables": message("environment variables of one session"),
    "unauthenticated_start": message(
        "connections at the prompt from which some are refused (twice the learners)"
    ),
    "unauthenticated_rate": message("per cent that are refused from there on, rising to all"),
    "unauthenticated_full": message(
        "connections at the prompt from which all are refused (four times the learners)"
    ),
    "per_source": message("connections at the prompt from one address (as many as learners)"),
    "per_learner": message("connections of one name from one address"),
    "login_seconds": message("seconds to prove who one is"),
    "starting": message("tutors that start at once in a worker"),
    "again_seconds": message("seconds between one learner's starts, after two in a row"),
    "idle_minutes": message("minutes without a key or click"),
    "idle_warning_seconds": message("seconds before their end at which a warning is shown"),
    "stalled_seconds": message("seconds that a client may leave everything unread"),
    "keepalive_seconds": message("seconds between questions to a silent client"),
    "input_rate": message("bytes a second that one learner may type or paste"),
    "events_rate": message("keys and mouse events a second of one learner"),
    "paste": message("characters of one paste"),
    "programs": message("learners' programs that run at once in a worker"),
    "lead_seconds": message("seconds for which an instructor who drops out keeps the lead"),
    "computations": message("long computations of the lab that run at once in a worker"),
    "waiting": message("answers that wait in a worker while the database is away"),
    "stop_seconds": message("seconds between the notice of a stop and the end"),
}


_SECONDS: Final = {name: 0 for name in _LIMITS if isinstance(getattr(Limits(), name), float)}
"""Times may be fractions."""


def add_serve_options(parser: argparse.ArgumentParser) -> None:
    """Add what a workshop is started with; what is not said is absent, not a default."""
    parser.argument_default = argparse.SUPPRESS
    where = parser.add_argument_group(render(message("where")))
    where.add_argument(
        "--host",
        help=render(
            message("the address to listen on: 0.0.0.0 lets others come in (only this computer)")
        ),
    )
    where.add_argument(
        "--port", type=int,
        help=render(message("the port to listen on; 0 takes a free one (2222)")),
    )  # fmt: skip
    where.add_argument(
        "--workers", type=int,
        help=render(message("processes (as many as cores)")),
    )  # fmt: skip
    where.add_argument(
        "--folder", type=Path,
        help=render(message("where host key and database are kept (your data folder)")),
    )  # fmt: skip
    where.add_argument(
        "--database",
        metavar="URL",
        help=render(
            message("postgresql+psycopg://… for several machines (an SQLite file in the folder)")
        ),
    )
    where.add_argument(
        "--proxy-from",
        action="append",
        metavar="NETWORK",
        help=render(
            message("a network whose connections begin with a PROXY v2 header (a load balancer's)")
        ),
    )
    who = parser.add_argument_group(render(message("who gets in")))
    who.add_argument(
        "--auth", choices=("code", "key", "open"),
        help=render(message("by the workshop's code, by their ssh keys, or everybody (code)")),
    )  # fmt: skip
    who.add_argument("--code", help=render(message("the code, instead of a new one")))
    who.add_argument(
        "--code-file", type=Path, metavar="FILE",
        help=render(message("a file with the code, so that it stays; made where there is none")),
    )  # fmt: skip
    who.add_argument(
        "--roster", type=Path, metavar="FILE",
        help=render(message("let in whom a file lists alone: a name a line, or a name, a comma and "
                            "a code of its own")),
    )  # fmt: skip
    who.add_argument(
        "--no-pin", action="store_true",
        help=render(message("give names no PIN: whoever types a name is its learner, as in a room "
                            "of children")),
    )  # fmt: skip
    who.add_argument(
        "--keys", type=Path, metavar="FILE",
        help=render(message("with --auth key: the public keys that may come in; else any")),
    )  # fmt: skip
    who.add_argument(
        "--instructor-key", type=Path, metavar="FILE",
        help=render(message("the public keys that open the name instructor")),
    )  # fmt: skip
    who.add_argument(
        "--i-know", action="store_true",
        help=render(message("allow --auth open beyond this computer")),
    )  # fmt: skip
    how = parser.add_argument_group(render(message("operation")))
    how.add_argument(
        "--config", type=Path, metavar="FILE",
        help=render(message("a TOML file with any of these options, such as sessions = 60; what is "
                            "said here counts more")),
    )  # fmt: skip
    how.add_argument(
        "--workshop", metavar="NAME",
        help=render(message("the name under which its class is kept, where a database holds "
                            "several workshops (workshop)")),
    )  # fmt: skip
    how.add_argument(
        "--log", choices=("text", "json"),
        help=render(message("one line an event on stderr, for people or for machines (text)")),
    )  # fmt: skip
    how.add_argument(
        "--metrics", type=int, metavar="PORT",
        help=render(message("serve /healthz and /metrics on this port of 127.0.0.1")),
    )  # fmt: skip
    how.add_argument(
        "--check", action="store_true", help=render(message("try the settings and leave"))
    )
    _add_limits(parser.add_argument_group(render(message("limits"))))
    parser.argument_default = None


def add_room_options(parser: argparse.ArgumentParser) -> None:
    """Add what can be done with a workshop's room."""
    parser.add_argument(
        "what", nargs="?", choices=("export", "names", "free", "rename", "forget", "delete"),
        metavar="export|names|free|rename|forget|delete",
        help=render(message("write the workshop to files; list names that differ in capitals "
                            "alone; let a name have a new PIN or key; give a learner another "
                            "name; delete one learner; delete all of it; without it, the "
                            "instructor's screen opens")),
    )  # fmt: skip
    parser.add_argument(
        "name", nargs="?", metavar="NAME",
        help=render(message("with free, rename, forget: whose name it is")),
    )  # fmt: skip
    parser.add_argument(
        "new", nargs="?", metavar="NEW",
        help=render(message("with rename: the new name; where it is somebody's, both are joined")),
    )  # fmt: skip
    parser.add_argument(
        "--database", metavar="URL",
        help=render(message("the workshop's database (the one that `nabla serve` uses here)")),
    )  # fmt: skip
    parser.add_argument(
        "--folder", type=Path,
        help=render(message("where `nabla serve` keeps its database (your data folder)")),
    )  # fmt: skip
    parser.add_argument(
        "--workshop", metavar="NAME", default=WORKSHOP,
        help=render(message("which workshop of the database, as `nabla serve --workshop` named it "
                            "(workshop)")),
    )  # fmt: skip
    parser.add_argument(
        "--projector", action="store_true",
        help=render(message("show the class's step for all to see, no names")),
    )  # fmt: skip
    parser.add_argument(
        "--anonymous", action="store_true",
        help=render(message("with export: numbers in place of names, no times of day")),
    )  # fmt: skip
    parser.add_argument(
        "--yes", action="store_true", help=render(message("do not ask before deleting"))
    )


def _add_limits(group: argparse._ArgumentGroup) -> None:
    defaults = Limits()
    for name, words in _LIMITS.items():
        default = getattr(defaults, name)
        group.add_argument(
            "--" + name.replace("_", "-"), type=type(default) if default is not None else int,
            metavar="N",
            help=render(words) + ("" if default is None else f" ({default:g})"),
        )  # fmt: skip


def _defaults() -> dict[str, Any]:
    """Return what holds where nothing is said; it differs from ServeOptions where a file is."""
    return {
        "host": "127.0.0.1", "port": 2222, "workers": os.cpu_count() or 1, "folder": None,
        "database": None, "proxy_from": [], "auth": "code", "code": None, "code_file": None,
        "keys": None, "instructor_key": None, "i_know": False, "no_pin": False, "roster": None,
        "log": "text", "metrics": None,
        "workshop": WORKSHOP, "check": False,
        **{name: getattr(Limits(), name) for name in _LIMITS},
    }  # fmt: skip


def serve_workshop(options: Namespace) -> int:
    """Serve a workshop until it is stopped; with `--check`, only try the settings."""
    settings = serve_options(options)
    from tutor.server.process.serve import check, serve  # noqa: PLC0415 - imports asyncssh

    return check(settings) if getattr(options, "check", False) else serve(settings)


def _with_config(options: Namespace) -> Namespace:
    """Return what was said, over what the file says, over what holds where nobody says it."""
    from tutor.cli.serve_config import read_config  # noqa: PLC0415 - TOML, for this command alone

    own = Parser()
    add_serve_options(own)
    own.add_argument("--lessons", action="append", type=Path)
    said = {name: value for name, value in vars(options).items() if value is not None}
    config = read_config(said["config"], own.options()) if "config" in said else {}
    return Namespace(**{**_defaults(), "lessons": [], **config, **said})


def serve_options(options: Namespace) -> ServeOptions:
    """Return the settings, of what was said on the command line alone.

    Raises:
        TutorError: They cannot work together, or those of the file cannot be used.
    """
    options = _with_config(options)
    _check_numbers(options)
    _check_access(options)
    return ServeOptions(
        host=options.host, port=options.port, auth=options.auth, code=options.code or "",
        code_file=options.code_file, pins=not options.no_pin, roster=options.roster,
        instructor_key=options.instructor_key, keys=options.keys,
        workers=min(options.workers, options.sessions),  # one without a place would refuse all
        database=options.database, folder=options.folder or data_folder(),
        metrics=options.metrics, log=options.log,
        proxies=tuple(map(_network, options.proxy_from)),
        limits=Limits(**{name: getattr(options, name) for name in _LIMITS}),
        workshop=_workshop(options.workshop), lessons=tuple(options.lessons),
    )  # fmt: skip


def _check_numbers(options: Namespace) -> None:
    for name in ("port", "metrics"):
        value = getattr(options, name)
        if value is not None and not 0 <= value <= 65535:
            raise UsageError(message("there is no port {port}: use 0 to 65535", port=value))
    least = {"unauthenticated_rate": 0, **_SECONDS}
    for name in ("workers", *_LIMITS):
        value = getattr(options, name)
        if value is not None and not value >= least.get(name, 1):  # nan is neither
            raise UsageError(
                message("{option} cannot be {value}: use {least} or more",
                        option="--" + name.replace("_", "-"), value=value,
                        least=least.get(name, 1))
            )  # fmt: skip


def _check_access(options: Namespace) -> None:
    if options.code is not None and is_too_short(options.code):
        raise UsageError(message("the code is too short: use {count} signs or more",
                                 count=SHORTEST_CODE))  # fmt: skip
    if options.code is not None and options.code_file is not None:
        raise UsageError(message("--code and --code-file say two codes: leave one out"))
    if options.code_file is not None and options.auth != "code":
        raise UsageError(message("--code-file works with --auth code alone: leave one of them out"))
    if options.auth == "open" and options.host not in _LOOPBACK and not options.i_know:
        raise UsageError(
            message(
                "--auth open lets everybody in who reaches {host}: leave it out, or add --i-know",
                host=options.host,
            )
        )
    if options.keys is not None and options.auth != "key":
        raise UsageError(message("--keys works with --auth key alone: add it, or leave --keys out"))


def _workshop(name: str) -> str:
    """Return the name of a workshop, as it is kept."""
    if not name.strip() or len(name) > LONGEST_WORKSHOP or not is_visible_line(name):
        raise UsageError(
            message("--workshop takes a name of 1 to {count} letters, digits and the usual signs",
                    count=LONGEST_WORKSHOP)
        )  # fmt: skip
    return " ".join(name.split())


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise UsageError(
            message("{text} is no network: write 10.0.0.0/8 or one address", text=text)
        ) from error
