"""Receipt of a deposit: what was taken in, when, what was proven of it, and where it lies; signed by the vault.

It lies in the object beside what was deposited, with its signature, and the depositor gets both. It has all that the
catalogue knows of a deposit: the catalogue is made from the receipts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from archiver import __version__
from archiver.examination.examined import ExaminedPackage
from archiver.package.manifests.manifest import Organisation
from archiver.package.manifests.set_manifest import SetManifest
from archiver.package.manifests.unit_table import Unit
from archiver.vault.description import VaultDescription
from archiver.vault.errors import VaultStatementInvalid
from formats.digests import Digest

RECEIPT_VERSION = 1
REVISIONS = "revision-{revision:03}"
"""Folder, in an object, of the files of a revision."""
RECEIPT = "receipts/revision-{revision:03}.json"
SIGNATURE = ".p7s"
MAX_RECEIPT_BYTES = 4 << 20
"""Bytes of a receipt; that of a set of 500 volumes has about 300,000."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DepositFile:
    """One file that was deposited: its ``name``, size in bytes, SHA-256 and SHA-512."""

    name: str
    size: int
    sha256: Digest
    sha512: Digest


@dataclass(frozen=True, kw_only=True, slots=True)
class TermCount:
    """Units of one term: how many may be destroyed from a day on (ISO 8601; none: nobody can tell), and are held."""

    destroy_from: str
    units: int
    holds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DepositFacts:
    """What a package or a set says of itself: totals over all volumes.

    ``destroy_from`` is the latest of its units, and nothing where nobody can tell of one; ``holds`` counts those held.
    ``terms`` count the units by their terms.
    """

    package: str
    kind: str
    revision: int
    created: datetime
    sender: Organisation
    receiver: Organisation | None
    units: int
    destroy_from: date | None
    holds: int
    terms: tuple[TermCount, ...]


def deposit_facts(examined: ExaminedPackage) -> DepositFacts:
    """Return what the manifest of an examined package or set says.

    Raises:
        ValueError: when it has none.
    """
    listed, manifest = examined.volume_list, examined.manifest
    if listed is not None:
        units = [unit for one in examined.volumes for unit in _units_there(one)]
        return _facts(listed, listed.set_id, "set", 1, units)
    if manifest is None:
        raise ValueError("no manifest")
    handover = manifest.handover
    return _facts(handover, manifest.package_id, "package", manifest.revision, list(_units_there(examined)))


def _units_there(examined: ExaminedPackage) -> Iterator[Unit]:
    """Yield the units of a package, but for those that were lawfully destroyed before it came."""
    gone = {name for one in examined.verdict.destroyed if one.believed for name in one.members}
    for unit in examined.manifest.units if examined.manifest else ():
        if unit.member not in gone:
            yield unit


def _facts(
    terms: SetManifest | Any, package: str, kind: str, revision: int, units: Sequence[Unit]
) -> DepositFacts:
    counts: Counter[date | None] = Counter()
    holds: Counter[date | None] = Counter()
    for unit in units:
        counts[unit.destroy_from] += 1
        holds[unit.destroy_from] += unit.hold
    days = sorted(one for one in counts if one is not None)
    order: list[date | None] = [*days, *([None] if None in counts else [])]
    return DepositFacts(
        package=package,
        kind=kind,
        revision=revision,
        created=terms.created,
        sender=terms.sender,
        receiver=terms.receiver,
        units=counts.total(),
        destroy_from=order[-1] if order else None,
        holds=holds.total(),
        terms=tuple(
            TermCount(destroy_from=one.isoformat() if one else "", units=counts[one], holds=holds[one])
            for one in order
        ),
    )


def receipt_bytes(
    facts: DepositFacts,
    examined: ExaminedPackage,
    files: Iterable[DepositFile],
    description: VaultDescription,
    *,
    object_id: str,
    at: datetime,
) -> bytes:
    """Return the receipt of a deposit that was accepted ``at`` a moment."""
    folder = REVISIONS.format(revision=facts.revision)
    document = {
        "deposit_receipt": RECEIPT_VERSION,
        "program": f"archiver {__version__}",
        "vault": {"id": description.id, "name": description.name},
        "object": object_id,
        "package": facts.package,
        "kind": facts.kind,
        "revision": facts.revision,
        "signed_list_sha256": examined.signed_list.hex if examined.signed_list else None,
        "accepted_at": at.isoformat(),
        "created": facts.created.isoformat(),
        "sender": _organisation(facts.sender),
        "receiver": _organisation(facts.receiver),
        "units": facts.units,
        "destroy_from": facts.destroy_from.isoformat() if facts.destroy_from else None,
        "holds": facts.holds,
        "terms": [asdict(one) | {"destroy_from": one.destroy_from or None} for one in facts.terms],
        "verdict": {
            question: {"state": answer.state.value, "code": answer.code}
            for question, answer in examined.verdict.answers()
        },
        "files": [
            {
                "path": f"{folder}/{one.name}",
                "size": one.size,
                "sha256": one.sha256.hex,
                "sha512": one.sha512.hex,
            }
            for one in files
        ],
        "storages": [{"name": one.name, "hosting": asdict(one.hosting)} for one in description.storages],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _organisation(organisation: Organisation | None) -> dict[str, Any] | None:
    if organisation is None:
        return None
    numbers = [{"system": one.system, "value": one.value} for one in organisation.identifiers]
    return {"name": organisation.name, "identifiers": numbers}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadReceipt:
    """What the catalogue takes from a receipt; days and moments as ISO 8601 texts.

    A receipt from before ``terms`` were counted has one term, that of the package.
    """

    package: str
    kind: str
    revision: int
    accepted_at: str
    created: str
    sender: str
    sender_numbers: tuple[str, ...]
    receiver: str
    units: int
    destroy_from: str
    holds: int
    files: int
    size: int
    terms: tuple[TermCount, ...] = ()


def read_deposit_receipt(data: bytes, where: str) -> ReadReceipt:
    """Return what ``data``, a receipt of ours, says.

    Raises:
        VaultStatementInvalid: when it is none.
    """
    try:
        document: Mapping[str, Any] = json.loads(data)
        if document["deposit_receipt"] != RECEIPT_VERSION:
            raise ValueError(document["deposit_receipt"])
        sender, receiver, files = document["sender"], document["receiver"], document["files"]
        latest = _day(document["destroy_from"])
        units, holds = int(document["units"]), int(document["holds"])
        whole = {"destroy_from": latest, "units": units, "holds": holds}
        return ReadReceipt(
            package=str(document["package"]),
            kind=str(document["kind"]),
            revision=int(document["revision"]),
            accepted_at=datetime.fromisoformat(document["accepted_at"]).isoformat(),
            created=datetime.fromisoformat(document["created"]).isoformat(),
            sender=str(sender["name"]),
            sender_numbers=tuple(f"{one['system']}|{one['value']}" for one in sender["identifiers"]),
            receiver=str(receiver["name"]) if receiver else "",
            units=units,
            destroy_from=latest,
            holds=holds,
            files=len(files),
            size=sum(int(one["size"]) for one in files),
            terms=tuple(_term(one) for one in document.get("terms", [whole])),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise VaultStatementInvalid(where=where, reason=f"{type(fault).__name__} {fault}") from fault


def _term(row: Mapping[str, Any]) -> TermCount:
    return TermCount(destroy_from=_day(row["destroy_from"]), units=int(row["units"]), holds=int(row["holds"]))


def _day(value: Any) -> str:
    """Return a day as ISO 8601 text, or nothing where there is none."""
    return date.fromisoformat(value).isoformat() if value else ""
