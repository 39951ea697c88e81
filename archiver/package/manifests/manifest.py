"""The public manifest: who handed what to whom, and which sealed units there are.

Anybody may read it, so it knows no patient: aggregate numbers only, and units
named at random. ``manifest.schema.json`` beside this module describes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archiver.package.manifests.unit_table import Unit, UnitTable
from formats.digests import Digest

FORMAT = "1"
"""The version of the format; a reader refuses any other."""
MAX_VOLUMES = 500
"""Volumes of one set: all are open files until the last is written, and many systems allow 1,024."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationIdentifier:
    """A number an authority gave to an organisation, e.g. FINESS or SIRET."""

    system: str
    value: str
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation:
    """A practice, a company or a practitioner as the public may know them."""

    name: str
    identifiers: tuple[OrganisationIdentifier, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Which dossiers were taken: ``roster``, ``rule``, ``all`` …, and how many of each kind were not."""

    kind: str
    left_out: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """Which volume of which set a package is: number ``volume`` of ``of``, from 1.

    ``retention_year`` is the year in which the retention of everything in it ends, where
    the set was cut by years; every unit may then be destroyed from the following year on.
    """

    set_id: str
    volume: int
    of: int
    retention_year: int | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientsCommitment:
    """The commitment to the set of patients: the root of a Merkle tree (RFC 9162) with ``size`` leaves.

    There is one leaf for each patient's unit, in the order of the manifest; ``root`` is SHA-256
    (``archiver.package.manifests.patients``).
    """

    root: Digest
    size: int
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class StatedSignature:
    """What the signed manifest says of a signature: so that what is stripped from it later is missed.

    ``certificate`` is the SHA-256 (lower-case hexadecimal) of the signer's; ``timestamp`` and
    ``revocation`` say whether a time-stamp, and revocation lists or OCSP responses, came with it.
    """

    certificate: str
    timestamp: bool
    revocation: bool
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourcePackage:
    """A package from which units were taken, byte for byte: ``manifest_digest`` is that of its ``manifest.json``."""

    package_id: str
    manifest_digest: Digest
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """The public facts of a handover; ``counts`` are totals per kind of what the units hold.

    ``controller_after`` and ``receiver`` are nobody yet when someone stops without a successor.
    ``volume`` is nothing for a package by itself; ``sources`` are those of a package that was split off.
    """

    created: datetime
    legal_ground: str
    controller_before: Organisation
    controller_after: Organisation | None
    sender: Organisation
    receiver: Organisation | None
    scope: Scope
    counts: Mapping[str, int]
    keyring_commitment: Digest
    patients_commitment: PatientsCommitment
    volume: Volume | None = None
    sources: tuple[SourcePackage, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """Everything ``manifest.json`` says.

    A package whose keyrings were renewed is a later ``revision`` of the same
    package; ``replaces`` is the SHA-256 of the ``manifest.json`` before it, and
    ``revision_mac``, in lower-case hexadecimal, proves that whoever made it had opened the
    package (``archiver.sealing.keyring_header``); the first has neither. ``signatures``
    state who signs, in their order, and what comes with each signature.
    """

    package_id: str
    handover: Handover
    keyrings: tuple[str, ...]
    units: UnitTable
    revision: int = 1
    replaces: Digest | None = None
    revision_mac: str = ""
    signatures: tuple[StatedSignature, ...] = ()

    @property
    def signers(self) -> tuple[str, ...]:
        """The SHA-256 of the signers' certificates, in the order of the signatures."""
        return tuple(one.certificate for one in self.signatures)


def write_manifest(manifest: Manifest) -> Iterator[bytes]:
    """Yield ``manifest.json`` as UTF-8, one unit per line; what was unknown goes back where it was."""
    head = json.dumps(_head(manifest), ensure_ascii=False, indent=1)
    yield head.removesuffix("\n}").encode("utf-8") + b',\n "units": ['
    separator = b"\n"
    for unit in manifest.units:
        yield separator + b"  " + json.dumps(_unit(unit), ensure_ascii=False).encode("utf-8")
        separator = b",\n"
    yield b"\n ]\n}\n"


def _head(manifest: Manifest) -> dict[str, Any]:
    handover = manifest.handover
    return {
        "format": FORMAT,
        "package": manifest.package_id,
        "set": _volume(handover.volume),
        **_revision(manifest),
        "signatures": [signature_json(one) for one in manifest.signatures],
        "created": handover.created.isoformat(),
        "legal_ground": handover.legal_ground,
        "controller_before": organisation_json(handover.controller_before),
        "controller_after": organisation_json(handover.controller_after),
        "sender": organisation_json(handover.sender),
        "receiver": organisation_json(handover.receiver),
        "scope": {
            "kind": handover.scope.kind,
            "left_out": dict(handover.scope.left_out),
            **handover.scope.unknown,
        },
        "counts": dict(handover.counts),
        **_sources(handover.sources),
        "keyrings": list(manifest.keyrings),
        "keyring_commitment": handover.keyring_commitment.hex,
        "patients_commitment": {
            "root": handover.patients_commitment.root.hex,
            "size": handover.patients_commitment.size,
            **handover.patients_commitment.unknown,
        },
        **handover.unknown,
    }


def _revision(manifest: Manifest) -> dict[str, Any]:
    """Return what a later revision says of itself; the first says nothing."""
    if manifest.replaces is None:
        return {}
    return {
        "revision": manifest.revision,
        "replaces": manifest.replaces.hex,
        "revision_mac": manifest.revision_mac,
    }


def _sources(sources: tuple[SourcePackage, ...]) -> dict[str, Any]:
    """Return what a package that was split off says of where its units come from; no other has the key."""
    listed = [
        {"package": one.package_id, "manifest_sha256": one.manifest_digest.hex, **one.unknown}
        for one in sources
    ]
    return {"sources": listed} if listed else {}


def signature_json(stated: StatedSignature) -> dict[str, Any]:
    """Return what a manifest states of a signature."""
    return {
        "certificate": stated.certificate,
        "timestamp": stated.timestamp,
        "revocation": stated.revocation,
        **stated.unknown,
    }


def _volume(volume: Volume | None) -> dict[str, Any] | None:
    if volume is None:
        return None
    place = {"id": volume.set_id, "volume": volume.volume, "of": volume.of}
    return {**place, "retention_year": volume.retention_year, **volume.unknown}


def organisation_json(organisation: Organisation | None) -> dict[str, Any] | None:
    """Return an organisation as manifests write it; nobody is ``null``."""
    if organisation is None:
        return None
    identifiers = [
        {"system": one.system, "value": one.value, **one.unknown} for one in organisation.identifiers
    ]
    return {"name": organisation.name, "identifiers": identifiers, **organisation.unknown}


def _unit(unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.id,
        "member": unit.member,
        "size": unit.size,
        "sha256": unit.digest.hex,
        "destroy_from": unit.destroy_from.isoformat() if unit.destroy_from else None,
        "hold": unit.hold,
        **unit.unknown,
    }
