"""What drivers say of their faults: which failure it is, and their own words in one line, without a password."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from formats.databases.quoted_words import quoted_words
from formats.databases.servers.failures import SourceRefused, TextUndecodable
from formats.databases.tables import SourceLocked, SourceUnreachable
from formats.errors import Failure
from formats.words import mark

MAX_REASON = 300
"""Characters of what a driver says that a sentence repeats."""
REFUSED, LOCKED, UNDECODABLE = "refused", "locked", "undecodable"
"""Kinds of faults that drivers tell apart by number."""
_REFUSAL = re.compile("authent|password|mot de passe|pg_hba|login failed", re.IGNORECASE)
_LOCK = re.compile("database (schema |table )?is locked", re.IGNORECASE)
"""What SQLite says of a lock, for which its driver of ODBC has neither number nor state of its own."""
_BROKEN = mark("the connection broke off")
_BY_KIND: dict[str, type[Failure]] = {REFUSED: SourceRefused, LOCKED: SourceLocked}


def failure_of(
    fault: BaseException,
    *,
    where: str,
    kind: str,
    number: str,
    secrets: Iterable[str],
    opening: bool = False,
) -> Failure:
    """Return the failure that a driver's ``fault`` is: of ``kind`` if known, else the database cannot be read.

    Some drivers have no number for a user that is refused; ``opening`` says that this is the moment where it is.
    What the driver says is repeated in one line, without ``secrets``, with its ``number`` of the fault, if any.
    """
    if opening and not kind and _REFUSAL.search(str(fault)):
        kind = REFUSED
    if not kind and _LOCK.search(str(fault)):
        kind = LOCKED
    if kind == UNDECODABLE:  # UTF-8 is what every session asks for by itself
        return TextUndecodable(where=where, encoding="UTF-8")
    reason = quoted_words(without_secrets(fault, secrets), number)
    return _BY_KIND.get(kind, SourceUnreachable)(where=where, reason=reason)


def without_secrets(fault: BaseException, secrets: Iterable[str]) -> str:
    """Return what ``fault`` says in one line, each of ``secrets`` replaced by three dots."""
    text = next(filter(None, reversed(list(_texts(fault.args)))), str(fault))
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "…")
    line = " ".join(text.split()).rstrip(".")
    return line[:MAX_REASON] or _BROKEN


def _texts(arguments: Iterable[object]) -> Iterator[str]:
    """Yield the texts among the arguments of a fault; some drivers give bytes, or a number and bytes in one."""
    for one in arguments:
        if isinstance(one, tuple):
            yield from _texts(one)
        elif isinstance(one, bytes):
            yield one.decode("utf-8", "replace")
        elif isinstance(one, str):
            yield one
