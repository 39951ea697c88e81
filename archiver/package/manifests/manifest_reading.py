"""The strict reader of ``manifest.json``: what it must say is checked, what it says besides is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import BinaryIO

from archiver.package import layout
from archiver.package.manifests.json_reading import CODE, FINGERPRINT, JsonObject, read_object
from archiver.package.manifests.manifest import (
    FORMAT,
    MAX_VOLUMES,
    Handover,
    Manifest,
    Organisation,
    OrganisationIdentifier,
    PatientsCommitment,
    Scope,
    SourcePackage,
    StatedSignature,
    Volume,
    organisation_json,
)
from archiver.package.manifests.unit_table import Unit, UnitTable
from formats.digests import SHA512, Digest
from formats.name_table import NameSet, NameTable
from formats.words import mark

MAX_MANIFEST_BYTES = 128 << 20
"""500,000 units of about 200 bytes are 100 MB."""
MAX_UNITS = 200_000
"""As many as a keyring can open."""
MAX_REVISION = 999
"""Revisions of one package; each keeps the lists and signatures of all before it."""

MAX_SOURCE_PACKAGES = 500
"""Packages from which the units of one were taken: the volumes of a set."""
MAX_SIGNATURES = 2
"""Who may sign one revision."""
_MAC = re.compile(r"[0-9a-f]{64}")
_KNOWN = frozenset(
    {"format", "package", "created", "legal_ground", "controller_before", "controller_after", "sender"}
    | {"revision", "replaces", "receiver", "scope", "counts", "keyrings", "keyring_commitment", "units"}
    | {"signatures", "set", "revision_mac", "patients_commitment", "sources"}
)
_UNIT_KEYS = frozenset({"id", "member", "size", "sha256", "destroy_from", "hold"})


def read_manifest(source: bytes | BinaryIO, names: NameTable | None = None) -> Manifest:
    """Return what ``source`` says; units are read one after the other, and share the ``names`` of members.

    Raises:
        ManifestInvalid: with the reason, and the key where it lies.
    """
    listed = _Units(NameTable() if names is None else names)
    whole = read_object(source, file=layout.MANIFEST, limit=MAX_MANIFEST_BYTES, rows="units", row=listed.take)
    if whole.text("format") != FORMAT:
        whole.refuse("format", mark("it is of another version of the format"))
    package = whole.text("package")
    if not layout.is_package_id(package):
        whole.refuse("package", mark("the package has no plain identifier"))
    revision, replaces, mac = _revision(whole)
    handover = _handover(whole)
    whole.list("units")
    units = listed.units
    _compare_years(whole, handover.volume, units)
    if handover.patients_commitment.size + 1 != len(units):
        reason = mark("it does not commit to as many patients as it has units besides the practice's")
        whole.refuse("patients_commitment.size", reason)
    return Manifest(
        package_id=package,
        handover=handover,
        keyrings=_keyrings(whole),
        units=units,
        revision=revision,
        replaces=replaces,
        revision_mac=mac,
        signatures=read_signatures(whole),
    )


def _revision(whole: JsonObject) -> tuple[int, Digest | None, str]:
    """Return which revision it is, the digest of the manifest before, and its MAC; the first has no such key."""
    if not any(map(whole.has, ("revision", "replaces", "revision_mac"))):
        return 1, None, ""
    revision = whole.count("revision")
    if not 1 < revision <= MAX_REVISION:
        whole.refuse("revision", mark("a whole number is missing or out of range"))
    return revision, whole.digest("replaces"), whole.text("revision_mac", _MAC)


def _volume(whole: JsonObject) -> Volume | None:
    """Return which volume of which set the package is; ``null`` says that it is one by itself."""
    if whole.get("set") is None:
        return None
    found = whole.object("set")
    set_id, volume, of = found.text("id"), found.count("volume"), found.count("of")
    if not layout.is_package_id(set_id):
        found.refuse("id", mark("the set has no plain identifier"))
    if not 1 <= volume <= of or not 2 <= of <= MAX_VOLUMES:
        found.refuse("volume", mark("a whole number is missing or out of range"))
    year = found.year("retention_year")
    unknown = found.unknown(frozenset({"id", "volume", "of", "retention_year"}))
    return Volume(set_id=set_id, volume=volume, of=of, retention_year=year, unknown=unknown)


def _compare_years(whole: JsonObject, volume: Volume | None, units: Sequence[Unit]) -> None:
    """Refuse a volume of one year that holds a unit of another."""
    if volume is None or volume.retention_year is None:
        return
    first = date(volume.retention_year + 1, 1, 1)
    for number, unit in enumerate(units):
        if unit.destroy_from != first:
            whole.refuse(f"units[{number}].destroy_from", mark("a unit is not of the year of its volume"))


def read_signatures(whole: JsonObject) -> tuple[StatedSignature, ...]:
    """Return what it states of the one or two signatures."""
    found = tuple(map(_signature, whole.objects("signatures")))
    if not 1 <= len(found) <= MAX_SIGNATURES:
        whole.refuse("signatures", mark("it does not name one or two signers by their fingerprints"))
    if len({one.certificate for one in found}) != len(found):
        whole.refuse("signatures", mark("it names one signer as both"))
    return found


def _signature(row: JsonObject) -> StatedSignature:
    return StatedSignature(
        certificate=row.text("certificate", FINGERPRINT),
        timestamp=row.truth("timestamp"),
        revocation=row.truth("revocation"),
        unknown=row.unknown(frozenset({"certificate", "timestamp", "revocation"})),
    )


def _patients(found: JsonObject) -> PatientsCommitment:
    return PatientsCommitment(
        root=found.digest("root"),
        size=found.count("size"),
        unknown=found.unknown(frozenset({"root", "size"})),
    )


def _handover(whole: JsonObject) -> Handover:
    return Handover(
        created=whole.moment("created"),
        legal_ground=whole.text("legal_ground", CODE),
        controller_before=organisation(whole.object("controller_before")),
        controller_after=optional_organisation(whole, "controller_after"),
        sender=organisation(whole.object("sender")),
        receiver=optional_organisation(whole, "receiver"),
        scope=_scope(whole.object("scope")),
        counts=whole.object("counts").counts(),
        keyring_commitment=whole.digest("keyring_commitment", SHA512),
        patients_commitment=_patients(whole.object("patients_commitment")),
        volume=_volume(whole),
        sources=_sources(whole),
        unknown=whole.unknown(_KNOWN),
    )


def _sources(whole: JsonObject) -> tuple[SourcePackage, ...]:
    """Return the packages from which the units were taken; a package that was not split off has no such key."""
    if not whole.has("sources"):
        return ()
    found = tuple(map(_source, whole.objects("sources")))
    if not 1 <= len(found) <= MAX_SOURCE_PACKAGES:
        whole.refuse("sources", mark("it names no source, or more than 500"))
    if len({one.package_id for one in found}) != len(found):
        whole.refuse("sources", mark("it names a source twice"))
    return found


def _source(row: JsonObject) -> SourcePackage:
    package = row.text("package")
    if not layout.is_package_id(package):
        row.refuse("package", mark("the package has no plain identifier"))
    return SourcePackage(
        package_id=package,
        manifest_digest=row.digest("manifest_sha256"),
        unknown=row.unknown(frozenset({"package", "manifest_sha256"})),
    )


def optional_organisation(whole: JsonObject, key: str) -> Organisation | None:
    """Return the organisation of ``key``, or nobody for ``null``."""
    return None if whole.get(key) is None else organisation(whole.object(key))


def organisation(found: JsonObject) -> Organisation:
    """Return an organisation with its identifiers."""
    return Organisation(
        name=found.text("name"),
        identifiers=tuple(map(_identifier, found.objects("identifiers"))),
        unknown=found.unknown(frozenset({"name", "identifiers"})),
    )


def require_readable(key: str, party: Organisation) -> None:
    """Refuse a ``party`` that no manifest can name, before one is written that nobody reads.

    Raises:
        ManifestInvalid: naming the text, as a reader would.
    """
    data = json.dumps({key: organisation_json(party)}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    whole = read_object(
        data, file=layout.MANIFEST, limit=MAX_MANIFEST_BYTES, rows="units", row=lambda _: None
    )
    organisation(whole.object(key))


def _identifier(row: JsonObject) -> OrganisationIdentifier:
    return OrganisationIdentifier(
        system=row.text("system"),
        value=row.text("value"),
        unknown=row.unknown(frozenset({"system", "value"})),
    )


def _scope(found: JsonObject) -> Scope:
    return Scope(
        kind=found.text("kind", CODE),
        left_out=found.object("left_out").counts(),
        unknown=found.unknown(frozenset({"kind", "left_out"})),
    )


def _keyrings(whole: JsonObject) -> tuple[str, ...]:
    names = whole.list("keyrings")
    if not names or not all(isinstance(name, str) and layout.is_keyring(name) for name in names):
        whole.refuse("keyrings", mark("it does not say where its keyring lies"))
    if layout.KEYRING not in names or len(set(names)) != len(names):
        whole.refuse("keyrings", mark("it does not say where its keyring lies"))
    return tuple(names)


class _Units:
    """The units of a manifest as they pass."""

    def __init__(self, names: NameTable) -> None:
        self.units = UnitTable(names=names)
        self._members = NameSet(names)

    def take(self, row: JsonObject) -> None:
        """Take the next one."""
        unit_id = row.text("id")
        if not layout.is_unit_id(unit_id):
            row.refuse("id", mark("a unit has no identifier of 26 base-32 characters"))
        member = layout.unit_member(unit_id)
        if row.text("member") != member:
            row.refuse("member", mark("a unit does not lie where its identifier says"))
        size, digest = row.count("size"), row.digest("sha256")
        first, hold = row.new_year("destroy_from"), row.truth("hold")
        unknown = row.unknown(_UNIT_KEYS)
        if not self._members.add(member):
            row.refuse("id", mark("a unit is listed twice"))
        if len(self.units) == MAX_UNITS:
            row.refuse("id", mark("it lists more units than any keyring opens"))
        self.units.add(member, digest, size, first.year if first else 0, hold=hold, unknown=unknown)
