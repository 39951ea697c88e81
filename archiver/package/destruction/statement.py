"""Statement of destruction: which units a keeper destroyed, why, when, and who decided (archive-format-1.md §11.6)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import BinaryIO

from archiver.package import layout
from archiver.package.errors import DestructionStatementInvalid, ManifestInvalid
from archiver.package.manifests.json_reading import CODE, JsonObject, read_object
from archiver.package.manifests.manifest_reading import MAX_UNITS
from formats.digests import Digest
from formats.names import comparable
from formats.words import mark

STATEMENT_VERSION = 1
TERM_ENDED = "term-ended"
"""Legal ground of a destruction: the term that the manifest states had ended."""
CLOCKS = timedelta(minutes=5)
"""How far the clocks of two machines may differ (RFC 4120, 7.5.8)."""
MAX_STATEMENT_BYTES = 64 << 20
"""200,000 units of 260 bytes are 52 MB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DestroyedUnit:
    """A unit that was destroyed: its member as the manifest states it, and the day from which it could be."""

    member: str
    size: int
    digest: Digest
    destroy_from: date


@dataclass(frozen=True, kw_only=True, slots=True)
class DestructionStatement:
    """What a ``keeper`` states: units of ``package`` destroyed for a ``ground``, asked for and approved by two persons.

    ``record`` is the identifier of the destruction in the keeper's registers. Moments have a zone.
    """

    package: str
    keeper: str
    record: str
    requested_by: str
    requested_at: datetime
    approved_by: str
    approved_at: datetime
    destroyed_at: datetime
    units: tuple[DestroyedUnit, ...]
    ground: str = TERM_ENDED


def destruction_statement_bytes(statement: DestructionStatement) -> bytes:
    """Return the JSON of ``statement``; the same statement gives the same bytes."""
    document = {
        "destruction": STATEMENT_VERSION,
        "package": statement.package,
        "ground": statement.ground,
        "keeper": statement.keeper,
        "record": statement.record,
        "requested_by": statement.requested_by,
        "requested_at": statement.requested_at.isoformat(),
        "approved_by": statement.approved_by,
        "approved_at": statement.approved_at.isoformat(),
        "destroyed_at": statement.destroyed_at.isoformat(),
        "units": [
            {
                "member": one.member,
                "size": one.size,
                "sha256": one.digest.hex,
                "destroy_from": one.destroy_from.isoformat(),
            }
            for one in statement.units
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def read_destruction_statement(source: bytes | BinaryIO, where: str) -> DestructionStatement:
    """Return the statement at ``where``, read as a stream.

    Raises:
        DestructionStatementInvalid: when it does not follow its grammar, or could not be true of any package.
    """
    units: list[DestroyedUnit] = []

    def take(row: JsonObject) -> None:
        if len(units) == MAX_UNITS:
            row.refuse("member", mark("it lists more units than any package has"))
        units.append(_unit(row))

    try:
        found = read_object(source, file=where, limit=MAX_STATEMENT_BYTES, rows="units", row=take)
        if found.count("destruction") != STATEMENT_VERSION:
            found.refuse("destruction", mark("it is of another version of the format"))
        found.list("units")
        statement = DestructionStatement(
            package=found.text("package"),
            ground=found.text("ground", CODE),
            keeper=found.text("keeper"),
            record=found.text("record"),
            requested_by=found.text("requested_by"),
            requested_at=found.moment("requested_at"),
            approved_by=found.text("approved_by"),
            approved_at=found.moment("approved_at"),
            destroyed_at=found.moment("destroyed_at"),
            units=tuple(units),
        )
    except ManifestInvalid as fault:
        raise DestructionStatementInvalid(where=fault.where, reason=fault.facts["reason"]) from fault
    reason = _contradiction(statement)
    if reason:
        raise DestructionStatementInvalid(where=where, reason=reason)
    return statement


def _unit(row: JsonObject) -> DestroyedUnit:
    member = row.text("member")
    if not layout.is_unit_member(member):
        row.refuse("member", mark("it names something else than a unit"))
    term = row.new_year("destroy_from")
    if term is None:
        row.refuse("destroy_from", mark("a unit without a term is kept"))
    return DestroyedUnit(
        member=member, size=row.count("size"), digest=row.digest("sha256"), destroy_from=term
    )


def _contradiction(statement: DestructionStatement) -> str:
    """Return what a statement says that cannot be true, or nothing."""
    decided = comparable(statement.requested_by), comparable(statement.approved_by)
    false = {
        mark("it has another ground than the end of a term"): statement.ground != TERM_ENDED,
        mark("it names no unit"): not statement.units,
        mark("it names a unit twice"): len({one.member for one in statement.units}) != len(statement.units),
        mark("one person asked for the destruction and approved it"): decided[0] == decided[1],
        mark("it was carried out before it was approved"): (
            statement.requested_at > statement.approved_at + CLOCKS
            or statement.approved_at > statement.destroyed_at + CLOCKS
        ),
        mark("it was carried out before a term had ended"): any(
            one.destroy_from > statement.destroyed_at.date() for one in statement.units
        ),
    }
    return next((reason for reason, found in false.items() if found), "")
