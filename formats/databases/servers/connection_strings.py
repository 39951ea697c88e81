"""Connection strings of ODBC (SQLDriverConnect): ``NAME=value;…``, a value with a semicolon between braces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from formats.databases.servers.failures import DatabaseAddressInvalid
from formats.words import mark

_PAIR = re.compile(r"\s*(?P<name>[^=;]+?)\s*=\s*(?P<value>\{(?:[^}]|\}\})*\}|[^;]*)(?:;|$)")
_SHOWN = ("dsn", "driver", "server", "servername", "host", "database", "dbq", "filedsn")
"""Keys that name the database; the others stay unsaid, for some of them are secrets."""
_PASSWORDS = ("pwd", "password")
_USERS = ("uid", "user", "username", "user id")


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionString:
    """What one says; ``shown`` is what may be said of it."""

    shown: str
    user: str
    password: str = field(repr=False)
    without_password: str = field(repr=False)


def parse_connection_string(text: str) -> ConnectionString:
    """Return what ``text`` says; a single word is the name of a data source (DSN).

    Raises:
        DatabaseAddressInvalid: when it names neither a data source nor a driver.
    """
    pairs = [(one["name"], one["value"]) for one in _PAIR.finditer(text)]
    if text.strip() and not pairs:
        pairs = [("DSN", text.strip())]
    named = {name.lower(): value for name, value in pairs}
    if not named.keys() & {"dsn", "driver", "filedsn"}:
        raise DatabaseAddressInvalid(where="odbc:…", reason=mark("it names neither DSN nor Driver"))
    return ConnectionString(
        shown=";".join(f"{name}={value}" for name, value in pairs if name.lower() in _SHOWN),
        user=next((_bare(named[one]) for one in _USERS if one in named), ""),
        password=next((_bare(named[one]) for one in _PASSWORDS if one in named), ""),
        without_password=";".join(
            f"{name}={value}" for name, value in pairs if name.lower() not in _PASSWORDS
        ),
    )


def _bare(value: str) -> str:
    return value[1:-1].replace("}}", "}") if value.startswith("{") and value.endswith("}") else value
