"""Where a database server is: what a person writes, and what the driver is told."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from formats.errors import Failure
from formats.words import mark

DEFAULT_PORT = 3306
SCHEMES = ("mysql", "mariadb")


class SourceAddress(Failure):
    """A database address nobody can follow."""

    code = "source-address"
    sentence = mark(
        "The address is not of the form mysql://user:password@host:3306/database "
        "or mysql://user@/database?unix_socket=/path."
    )


def parse_server_address(url: str) -> dict[str, Any]:
    """Return the connection settings written in ``url``; names and passwords may be percent-encoded.

    Raises:
        SourceAddress: when it names no database or another kind of server.
    """
    try:
        split: SplitResult = urlsplit(url)
        port = split.port or DEFAULT_PORT
    except ValueError as fault:
        raise SourceAddress(where="mysql://…") from fault
    database = unquote(split.path.lstrip("/"))
    if split.scheme not in SCHEMES or not database or "/" in database:
        raise SourceAddress(where=f"{split.scheme}://…")
    options = {name: values[-1] for name, values in parse_qs(split.query).items()}
    settings: dict[str, Any] = {
        "host": split.hostname or "localhost",
        "port": port,
        "user": unquote(split.username or ""),
        "password": unquote(split.password or ""),
        "database": database,
    }
    if "unix_socket" in options:
        settings["unix_socket"] = options["unix_socket"]
    if "ssl_ca" in options:
        settings["ssl"] = {"ca": options["ssl_ca"]}
    return settings
