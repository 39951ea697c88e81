"""What goes wrong with a database behind an address, each with its own code; none of it repeats a password."""

from __future__ import annotations

import re
from collections.abc import Iterable

from formats.databases.tables import SourceUnreachable
from formats.errors import Failure
from formats.words import mark

MAX_REASON = 300
"""Characters of what a driver says that a sentence repeats."""


class DriverMissing(Failure):
    """The optional package that speaks to a kind of database is not installed."""

    code = "driver-missing"
    sentence = mark("To read {engine}, install the extra “{extra}” (the package {package}).")


class SystemDriverMissing(Failure):
    """A library of the system that a driver needs, or the driver of ODBC itself, is not installed."""

    code = "system-driver-missing"
    sentence = mark("To read {engine}, this machine lacks a library: {reason}. Install {package}.")


class DatabaseAddressInvalid(Failure):
    """An address of a database that nobody can follow."""

    code = "database-address-invalid"
    sentence = mark(
        "This is no address of a database ({reason}): write mysql://, postgresql://, mssql://, firebird://, "
        "sqlite:// or odbc:, as in postgresql://USER@HOST/DATABASE or odbc:DSN=NAME."
    )


class SourceRefused(Failure):
    """A database that does not let this user in, or not with this password."""

    code = "source-refused"
    sentence = mark(
        "The database refuses the user or the password: {reason}. Nothing was read; try the password again, or "
        "ask for a user who may read."
    )


class SourceLocked(Failure):
    """A table that somebody else keeps locked for longer than anybody waits."""

    code = "source-locked"
    sentence = mark(
        "Somebody keeps the table locked: {reason}. Nothing of this run was kept; try again when nobody works "
        "in the software."
    )


class SourceChanged(Failure):
    """Rows that changed while they were read, in a database that gives no snapshot."""

    code = "source-changed"
    sentence = mark(
        "Rows changed while they were read, so that some could be missing. Nothing of this run was kept; try "
        "again when nobody works in the software."
    )


class TextUndecodable(Failure):
    """Text of a database that is not of the encoding in which it is read."""

    code = "source-encoding"
    sentence = mark(
        "Its text is not written in {encoding}: name the right encoding in [source] of the mapping, or in the "
        "address (?charset=)."
    )


REFUSED, LOCKED = "refused", "locked"
"""Kinds of faults that drivers tell apart by number."""
_REFUSAL = re.compile("authent|password|mot de passe|pg_hba|login failed", re.IGNORECASE)
_BROKEN = mark("the connection broke off")
_BY_KIND: dict[str, type[Failure]] = {REFUSED: SourceRefused, LOCKED: SourceLocked}


def failure_of(
    fault: BaseException, *, where: str, kind: str, secrets: Iterable[str], opening: bool = False
) -> Failure:
    """Return the failure that a driver's ``fault`` is: of ``kind`` if known, else the database cannot be read.

    Some drivers have no number for a user that is refused; ``opening`` says that this is the moment where it is.
    What the driver says is repeated in one line, without ``secrets``.
    """
    if opening and not kind and _REFUSAL.search(str(fault)):
        kind = REFUSED
    return _BY_KIND.get(kind, SourceUnreachable)(where=where, reason=without_secrets(fault, secrets))


def without_secrets(fault: BaseException, secrets: Iterable[str]) -> str:
    """Return what ``fault`` says in one line, each of ``secrets`` replaced by three dots."""
    text = next((str(part) for part in reversed(fault.args) if isinstance(part, str | bytes)), str(fault))
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "…")
    line = " ".join(text.split()).rstrip(".")
    return line[:MAX_REASON] or _BROKEN
