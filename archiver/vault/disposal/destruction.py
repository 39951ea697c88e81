"""Destruction of packages of a vault: what is asked for, approved, begun and done, each a statement in one OCFL object.

The object of a destruction has the identifier of the request. ``destruction/request.json`` is signed by the first
approver, ``approval.json`` by the second, over the digest of the request; ``begun.json`` says when removing began, and
``outcome.json``, signed by whoever carried it out, that every storage was listed afterwards. Before it begins, an
approver may withdraw the request: ``withdrawal.json``, over its digest as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from archiver.vault.errors import VaultStatementInvalid
from formats.digests import SHA256, Digest
from formats.words import mark

STATEMENT_VERSION = 1
REQUEST = "destruction/request.json"
APPROVAL = "destruction/approval.json"
WITHDRAWAL = "destruction/withdrawal.json"
BEGUN = "destruction/begun.json"
OUTCOME = "destruction/outcome.json"
CERTIFICATE = "destruction/{name}"
"""Logical paths in the object of a destruction."""
TERM_ENDED = "term-ended"
"""The only reason for which anything is destroyed."""
STATEMENT = "destruction/statement-{number:03}.json"
"""Logical path of the statement of destruction that goes into a package, with its signature beside it."""
STATEMENT_SIGNATURE = "destruction/statement-{number:03}.json.p7s"
MAX_PACKAGES = 2000
"""Packages of one request: its certificate is read by people."""
MAX_UNITS = 2000
"""Units of one request, for the same reason."""


class DestructionState(StrEnum):
    """How far a destruction is."""

    REQUESTED = "requested"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    BEGUN = "begun"
    DONE = "done"


DESTRUCTION_WORDS = {
    DestructionState.REQUESTED: mark("requested"),
    DestructionState.APPROVED: mark("approved"),
    DestructionState.WITHDRAWN: mark("withdrawn"),
    DestructionState.BEGUN: mark("begun and not finished"),
    DestructionState.DONE: mark("done"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestedUnit:
    """A unit that is to be destroyed: of which package (of a set, the volume's), in which file, its member there.

    ``size`` in bytes and SHA-256 are those that the manifest states, ``destroy_from`` the latest day of all revisions.
    """

    unit: str
    package: str
    volume: str
    size: int
    sha256: Digest
    destroy_from: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestedPackage:
    """A package that is to be destroyed: all its ``revisions``; units and bytes as deposited; days as ISO 8601.

    With ``only`` some of its units are, and nothing else: then units and bytes are theirs.
    """

    object_id: str
    package: str
    sender: str
    revisions: tuple[int, ...]
    destroy_from: str
    units: int
    files: int
    size: int
    only: tuple[RequestedUnit, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DestructionRequest:
    """What is to be destroyed, why, who asks for it and when (ISO 8601); ``id`` is a URN."""

    id: str
    vault: str
    at: str
    by: str
    packages: tuple[RequestedPackage, ...]
    reason: str = TERM_ENDED


@dataclass(frozen=True, kw_only=True, slots=True)
class DestructionApproval:
    """Who approved the request with this SHA-256, and when (ISO 8601)."""

    request: str
    request_sha256: Digest
    at: str
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DestructionWithdrawal:
    """Who withdrew the request with this SHA-256, why, and when (ISO 8601)."""

    request: str
    request_sha256: Digest
    at: str
    by: str
    reason: str


_Statement = TypeVar("_Statement", DestructionApproval, DestructionWithdrawal)


@dataclass(frozen=True, kw_only=True, slots=True)
class Destruction:
    """A destruction as its statements tell it; moments are empty where nothing of the kind was said."""

    request: DestructionRequest
    approval: DestructionApproval | None
    begun_at: str
    ended_at: str
    withdrawal: DestructionWithdrawal | None = None

    @property
    def state(self) -> DestructionState:
        """How far it is."""
        if self.ended_at:
            return DestructionState.DONE
        if self.begun_at:
            return DestructionState.BEGUN
        if self.withdrawal:
            return DestructionState.WITHDRAWN
        return DestructionState.APPROVED if self.approval else DestructionState.REQUESTED


def destruction_request_bytes(request: DestructionRequest) -> bytes:
    """Return the JSON of ``request``."""
    document = asdict(request) | {"packages": [requested_document(one) for one in request.packages]}
    return _bytes({"destruction_request": STATEMENT_VERSION, **document})


def requested_document(package: RequestedPackage) -> dict[str, Any]:
    """Return a package that is to be destroyed as JSON has it."""
    only = [asdict(one) | {"sha256": one.sha256.hex} for one in package.only]
    return asdict(package) | {"only": only}


def _requested_unit(row: Mapping[str, Any]) -> RequestedUnit:
    return RequestedUnit(**{**row, "sha256": Digest(SHA256, bytes.fromhex(row["sha256"]))})


def approval_bytes(approval: DestructionApproval) -> bytes:
    """Return the JSON of ``approval``."""
    document = asdict(approval) | {"request_sha256": approval.request_sha256.hex}
    return _bytes({"destruction_approval": STATEMENT_VERSION, **document})


def withdrawal_bytes(withdrawal: DestructionWithdrawal) -> bytes:
    """Return the JSON of ``withdrawal``."""
    document = asdict(withdrawal) | {"request_sha256": withdrawal.request_sha256.hex}
    return _bytes({"destruction_withdrawal": STATEMENT_VERSION, **document})


def begun_bytes(request: str, *, at: str) -> bytes:
    """Return the JSON that says that carrying out a ``request`` began ``at`` a moment."""
    return _bytes({"destruction_begun": STATEMENT_VERSION, "request": request, "at": at})


def outcome_bytes(destruction: Destruction, request: Digest, storages: Iterable[str], *, at: str) -> bytes:
    """Return the JSON that says that everything was destroyed on ``storages``, each listed afterwards."""
    asked, approval = destruction.request, destruction.approval
    return _bytes(
        {
            "destruction_outcome": STATEMENT_VERSION,
            "request": asked.id,
            "request_sha256": request.hex,
            "requested_by": asked.by,
            "approved_by": approval.by if approval else "",
            "begun_at": destruction.begun_at,
            "at": at,
            "packages": [one.object_id for one in asked.packages],
            "storages_listed_afterwards": list(storages),
        }
    )


def read_request(data: bytes | str, where: str) -> DestructionRequest:
    """Return the request that ``data`` is.

    Raises:
        VaultStatementInvalid: when it is none.
    """
    document = _document(data, "destruction_request", where)
    try:
        packages = tuple(
            RequestedPackage(
                **(
                    one
                    | {"revisions": tuple(map(int, one["revisions"]))}
                    | {"only": tuple(_requested_unit(unit) for unit in one.get("only", ()))}
                )
            )
            for one in document.pop("packages")
        )
        for one in packages:
            date.fromisoformat(one.destroy_from)
        datetime.fromisoformat(document["at"])
        return DestructionRequest(**document, packages=packages)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise VaultStatementInvalid(where=where, reason=f"{type(fault).__name__} {fault}") from fault


def read_approval(data: bytes | str, where: str) -> DestructionApproval:
    """Return the approval that ``data`` is.

    Raises:
        VaultStatementInvalid: when it is none.
    """
    return _about_request(DestructionApproval, data, "destruction_approval", where)


def read_withdrawal(data: bytes | str, where: str) -> DestructionWithdrawal:
    """Return the withdrawal that ``data`` is.

    Raises:
        VaultStatementInvalid: when it is none.
    """
    return _about_request(DestructionWithdrawal, data, "destruction_withdrawal", where)


def _about_request(kind: type[_Statement], data: bytes | str, name: str, where: str) -> _Statement:
    """Return a statement about a request, whose digest it states; whatever else it states is a text."""
    document = _document(data, name, where)
    try:
        if any(type(one) is not str for one in document.values()):
            raise ValueError(name)
        digest = Digest(SHA256, bytes.fromhex(document.pop("request_sha256")))
        datetime.fromisoformat(document["at"])
        return kind(**document, request_sha256=digest)
    except (ValueError, TypeError, KeyError) as fault:
        raise VaultStatementInvalid(where=where, reason=f"{type(fault).__name__} {fault}") from fault


def read_destruction(statements: Mapping[str, bytes | str], where: str) -> Destruction:
    """Return what the ``statements`` of one object, by logical path, say of a destruction.

    Raises:
        VaultStatementInvalid: when the request is missing or one of them is none.
    """
    if REQUEST not in statements:
        raise VaultStatementInvalid(where=where, reason=REQUEST)
    approval, withdrawal = statements.get(APPROVAL), statements.get(WITHDRAWAL)
    return Destruction(
        request=read_request(statements[REQUEST], where),
        approval=None if approval is None else read_approval(approval, where),
        begun_at=_moment(statements, BEGUN, "destruction_begun", where),
        ended_at=_moment(statements, OUTCOME, "destruction_outcome", where),
        withdrawal=None if withdrawal is None else read_withdrawal(withdrawal, where),
    )


def _moment(statements: Mapping[str, bytes | str], path: str, kind: str, where: str) -> str:
    """Return when a statement was made, which is empty where there is none."""
    if path not in statements:
        return ""
    document = _document(statements[path], kind, where)
    try:
        return datetime.fromisoformat(document["at"]).isoformat()
    except (ValueError, TypeError, KeyError) as fault:
        raise VaultStatementInvalid(where=where, reason=f"{type(fault).__name__} {fault}") from fault


def _bytes(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _document(data: bytes | str, kind: str, where: str) -> dict[str, Any]:
    try:
        document = json.loads(data)
        if document.pop(kind) != STATEMENT_VERSION:
            raise ValueError(kind)
        return dict(document)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise VaultStatementInvalid(where=where, reason=f"{type(fault).__name__} {fault}") from fault
