"""Where a database server is: what a person writes, and what the driver is told."""

from __future__ import annotations

from typing import Any

from formats.databases.servers.address import parse_database_address
from formats.databases.servers.failures import DatabaseAddressInvalid
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
        DatabaseOptionUnfit: when it has an option that is not read.
    """
    try:
        found = parse_database_address(url, options_of="opendental")
    except DatabaseAddressInvalid as fault:
        raise SourceAddress(where=fault.where) from None
    if found.engine != "mysql" or "/" in found.database:
        raise SourceAddress(where=f"{found.engine}://…")
    options = dict(found.options)
    settings: dict[str, Any] = {
        "host": found.host or "localhost",
        "port": found.port or DEFAULT_PORT,
        "user": found.user,
        "password": found.password,
        "database": found.database,
    }
    if "unix_socket" in options:
        settings["unix_socket"] = options["unix_socket"]
    if "ssl_ca" in options:
        settings["ssl"] = {"ca": options["ssl_ca"]}
    return settings
