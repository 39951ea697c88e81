"""What each driver needs besides SQL, so that it gives every value as the database has it, and lets go at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from formats.databases.local_sockets import local_socket
from formats.databases.servers.driver_values import mysql_readers, take_text
from formats.databases.servers.engines import FIREBIRD, MYSQL, POSTGRESQL, Engine

CONNECT_SECONDS = 15
"""How long a server may take to answer at first."""


def connect_arguments(engine: Engine, driver: Any, zone: ZoneInfo) -> dict[str, Any]:
    """Return what the driver is told besides the address."""
    if engine is MYSQL:
        return {
            "charset": "utf8mb4",
            "connect_timeout": CONNECT_SECONDS,
            "local_infile": False,
            "conv": mysql_readers(driver, zone),
        }
    if engine is POSTGRESQL:
        # a database without an encoding of its own (SQL_ASCII) gives bytes where none is asked for
        return {"connect_timeout": CONNECT_SECONDS, "application_name": "archiver", "client_encoding": "UTF8"}
    if engine is FIREBIRD:
        return {}
    return {"login_timeout": CONNECT_SECONDS, "appname": "archiver"}


def connect_locally(driver: Any, arguments: dict[str, Any]) -> Any:
    """Return a connection of PyMySQL to the socket that ``arguments`` name; ``None`` where they name none."""
    path = arguments.pop("unix_socket", "")
    if not path:
        return None
    connection = driver.connect(**arguments, defer_connect=True)
    connection.connect(local_socket(path, CONNECT_SECONDS))
    return connection


def adapt(engine: Engine, driver: Any, connection: Any, *, in_utc: bool) -> None:
    """Make the driver's ``connection`` give values as the database has them."""
    if engine is POSTGRESQL:
        take_text(driver, connection)
    elif engine is MYSQL and not in_utc:
        connection.decoders.pop(driver.constants.FIELD_TYPE.TIMESTAMP, None)


def read_only(engine: Engine, driver: Any, connection: Any) -> None:
    """Make the driver begin read-only transactions, where no statement can ask for them."""
    if engine is FIREBIRD:
        modes = driver.TraAccessMode
        connection.default_tpb = driver.tpb(driver.Isolation.SNAPSHOT, access_mode=modes.READ)


def by_statement(engine: Engine, connection: Any) -> None:
    """Make each statement stand alone, so that a table that may not be read does not end the transaction."""
    if engine is POSTGRESQL:
        connection.autocommit = True


def abandon(engine: Engine, connection: Any) -> None:
    """Break the driver's ``connection`` off where a polite end would first fetch all that is left of a stream."""
    if engine is MYSQL:
        # The driver has no public way to leave a result unread.
        result = connection._result  # noqa: SLF001
        if result:
            result.unbuffered_active = False
        connection._force_close()  # noqa: SLF001


def fault_numbers(fault: BaseException | None) -> Iterator[str]:
    """Yield the numbers and SQLSTATEs by which a driver tells what happened."""
    while fault is not None:
        yield from (str(code) for code in getattr(fault, "gds_codes", None) or ())
        if state := getattr(fault, "sqlstate", None):
            yield str(state)
        for part in fault.args:
            if isinstance(part, int) or (isinstance(part, str) and re.fullmatch(r"[0-9A-Z]{5}", part)):
                yield str(part)
            elif isinstance(part, tuple) and part and isinstance(part[0], int):
                yield str(part[0])
        fault = getattr(fault, "orig", None) or fault.__cause__
