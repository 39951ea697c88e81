"""Addresses of databases: a URL (RFC 3986) as SQLAlchemy writes them, or ``odbc:`` and a connection string.

A password may stand in one; it is taken out at once and shown nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from formats.databases.servers.address_options import checked_options, secrets_among
from formats.databases.servers.connection_strings import parse_connection_string
from formats.databases.servers.failures import UNPRINTABLE, DatabaseAddressInvalid
from formats.printable import printable
from formats.words import mark

ODBC = "odbc"
SQLITE = "sqlite"
SCHEMES = {
    "mysql": "mysql", "mariadb": "mysql", "postgresql": "postgresql", "postgres": "postgresql",
    "mssql": "mssql", "sqlserver": "mssql", "firebird": "firebird", SQLITE: SQLITE,
}  # fmt: skip
"""The engine that each word before ``://`` means; what stands behind a ``+`` there is not asked for."""
MAX_OPTIONS = 64
"""Options of one address; no engine takes as many."""
_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9]*)(?:\+[A-Za-z0-9_]+)?://|(?i:odbc):")


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseAddress:
    """Where a database is; ``shown`` is what may be said of it, ``connection`` a string of ODBC without password.

    ``secrets`` are values that no message repeats, the password among them, in each form in which one may stand.
    """

    engine: str
    shown: str
    user: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    port: int | None = None
    database: str = ""
    options: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    connection: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def asks_password(self) -> bool:
        """Whether somebody is named, and no password is."""
        return bool(self.user) and not self.password


def is_database_address(place: str) -> bool:
    """Tell whether ``place`` is meant as the address of a database."""
    return bool(_ADDRESS.match(place))


def parse_database_address(place: str, password: str = "", *, options_of: str = "") -> DatabaseAddress:
    """Return what ``place`` says; ``password`` stands for the one written there, ``options_of`` for its engine.

    Raises:
        DatabaseAddressInvalid: when it names no engine that is known, or no database.
        DatabaseOptionUnfit: when an option of it is none that the engine takes.
    """
    if place[: len(ODBC) + 1].lower() == f"{ODBC}:":
        return _odbc(place[len(ODBC) + 1 :], password)
    found = _ADDRESS.match(place)
    scheme = found["scheme"].lower() if found else ""
    engine = SCHEMES.get(scheme, "")
    if not engine:
        raise DatabaseAddressInvalid(where=f"{scheme}://…", reason=mark("no such engine is known"))
    try:
        split = urlsplit(place)
        port = split.port
    except ValueError:
        reason = mark("its server or port is no such thing")
        raise DatabaseAddressInvalid(where=f"{scheme}://…", reason=reason) from None
    if printable(unquote(place)) != unquote(place):
        raise DatabaseAddressInvalid(where=f"{scheme}://…", reason=UNPRINTABLE)
    if "@" in split.path:  # what stands before it was meant as user and password
        reason = mark("a “/” in a password is written %2F there")
        raise DatabaseAddressInvalid(where=f"{scheme}://…", reason=reason)
    database = unquote(split.path[1:])
    if not database or split.fragment:
        # an unwritten “#” of a password would end the address there, and what follows be repeated nowhere
        reason = mark("it names no database")
        if "#" in place:
            reason = mark("a “#” is written %23 there")
        raise DatabaseAddressInvalid(where=f"{scheme}://…", reason=reason)
    if engine == SQLITE and split.netloc:
        reason = mark(
            "a file of SQLite has no server: three slashes stand before it, four before a path from the root"
        )
        raise DatabaseAddressInvalid(where=f"{scheme}://…", reason=reason)
    shown = _shown(scheme, split, database)
    options, passwords = checked_options(options_of or engine, _options(split.query, f"{scheme}://…"), shown)
    written = [one for one in (password, unquote(split.password or ""), *passwords) if one]
    return DatabaseAddress(
        engine=engine,
        shown=shown,
        user=unquote(split.username or ""),
        password=next(iter(written), ""),
        host=split.hostname or "",
        port=port,
        database=database,
        options=options,
        secrets=_in_every_form((*written, *secrets_among(options_of or engine, options))),
    )


def shown_place(place: str) -> str:
    """Return ``place`` as a sentence may name it: an address without what could be a secret, all else as it is.

    Raises:
        DatabaseAddressInvalid: when nobody can follow the address.
    """
    return parse_database_address(place).shown if is_database_address(place) else place


def sqlite_path(place: str) -> Path | None:
    """Return the file of a ``sqlite:///`` address, ``None`` for any other place."""
    if not is_database_address(place) or place[: len(ODBC) + 1].lower() == f"{ODBC}:":
        return None
    found = _ADDRESS.match(place)
    if found is None or found["scheme"].lower() != SQLITE:
        return None
    return Path(parse_database_address(place).database)


def _options(query: str, where: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_OPTIONS)
    except ValueError:
        reason = mark("it has more options than any database takes")
        raise DatabaseAddressInvalid(where=where, reason=reason) from None


def _in_every_form(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return ``secrets`` as they are, as a URL writes them, and as a connection string does."""
    return tuple(
        {form for one in secrets for form in (one, quote(one, safe=""), one.replace("}", "}}")) if form}
    )


def _shown(scheme: str, split: SplitResult, database: str) -> str:
    host = split.hostname or ""
    return f"{scheme}://{host}{f':{split.port}' if split.port else ''}/{database}"


def _odbc(text: str, password: str) -> DatabaseAddress:
    written = parse_connection_string(text)
    used = password or written.password
    return DatabaseAddress(
        engine=ODBC,
        shown=f"{ODBC}:{written.shown}",
        user=written.user,
        password=used,
        connection=written.without_password,
        secrets=_in_every_form((used, *written.secrets)),
    )
