"""Connection strings of ODBC (SQLDriverConnect): ``NAME=value;…``, a value with a semicolon between braces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from formats.databases.servers.failures import UNPRINTABLE, DatabaseAddressInvalid
from formats.printable import printable
from formats.words import mark

_PAIR = re.compile(r"\s*(?P<name>[^=;{}]+?)\s*=\s*(?P<value>\{(?:[^}]|\}\})*\}|(?!\{)[^;]*)(?:;|$)|\s*;")
_SHOWN = ("dsn", "driver", "server", "servername", "host", "database", "dbq", "filedsn")
"""Keys that name the database; the others stay unsaid, for some of them are secrets."""
_PASSWORDS = ("pwd", "password")
_SECRET = re.compile(r"pwd|pass|secret|token|mdp", re.IGNORECASE)
"""Keys whose values no message repeats: every vendor has names of his own."""
_USERS = ("uid", "user", "username", "user id")


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionString:
    """What one says; ``shown`` is what may be said of it, ``secrets`` are values that may not."""

    shown: str
    user: str
    password: str = field(repr=False)
    without_password: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)


def parse_connection_string(text: str) -> ConnectionString:
    """Return what ``text`` says; a single word is the name of a data source (DSN).

    Raises:
        DatabaseAddressInvalid: when it names neither a data source nor a driver, or is not made of pairs.
    """
    if printable(text) != text:
        raise DatabaseAddressInvalid(where="odbc:…", reason=UNPRINTABLE)
    pairs = list(_pairs(text)) if set(text) & set("=;{}") else [("DSN", text.strip())]
    named = {name.lower(): value for name, value in pairs}
    if not any(_bare(named.get(one, "")) for one in ("dsn", "driver", "filedsn")):
        raise DatabaseAddressInvalid(where="odbc:…", reason=mark("it names neither DSN nor Driver"))
    return ConnectionString(
        shown=";".join(f"{name}={value}" for name, value in pairs if name.lower() in _SHOWN),
        user=next((_bare(named[one]) for one in _USERS if one in named), ""),
        password=next((_bare(named[one]) for one in _PASSWORDS if one in named), ""),
        without_password=";".join(
            f"{name}={value}" for name, value in pairs if name.lower() not in _PASSWORDS
        ),
        secrets=tuple(_bare(value) for name, value in pairs if _SECRET.search(name) and value),
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of ``text`` to its end; what is none may be part of a password, and is repeated nowhere."""
    place = 0
    while place < len(text.rstrip()):
        found = _PAIR.match(text, place)
        if found is None or found.end() == place:
            reason = mark("a value with a “;”, or with a brace at its beginning, stands between braces")
            raise DatabaseAddressInvalid(where="odbc:…", reason=reason)
        if found["name"]:
            yield found["name"], found["value"]
        place = found.end()


def _bare(value: str) -> str:
    return value[1:-1].replace("}}", "}") if value.startswith("{") and value.endswith("}") else value
