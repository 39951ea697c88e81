"""Packages as a careless or a hostile hand leaves them."""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archiver.package import layout
from archiver.package.archive import read_package_members
from archiver.package.build import PackageBuilder
from archiver.package.container import Container
from archiver.package.manifests.manifest_reading import read_manifest
from archiver.package.manifests.patients import commitment_to, in_manifest_order
from archiver.sealing.age import read_identities
from archiver.sealing.keyring import KeyringEntry, open_keyring, writing_keyring
from archiver.signing.keys.key_file import load_signer
from formats.zip.local_headers import Member


def members(package: bytes) -> list[Member]:
    """Return where every member lies."""
    return list(read_package_members(io.BytesIO(package)))


def members_of(package: bytes) -> dict[str, bytes]:
    """Return every member with its bytes, in order."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a container that follows every rule and holds ``parts``, whatever they say."""
    target = io.BytesIO()
    container = Container(target)
    for name, data in parts.items():
        container.add(name, [data])
    container.close()
    return target.getvalue()


def units(package: bytes) -> list[str]:
    """Return the names of the units' members."""
    return [one.name for one in members(package) if one.name.startswith("units/")]


def signed_again(package: bytes, keys: Path, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return the package with its units changed, every list made anew, and signed with the key in ``keys``."""
    parts = members_of(package)
    manifest = read_manifest(parts[layout.MANIFEST])
    sealed = {unit.id: parts[unit.member] for unit in manifest.units}
    change(sealed)
    target = io.BytesIO()
    builder = PackageBuilder(target, package_id=manifest.package_id, readme=parts[layout.README])
    listed = {unit.id: unit for unit in manifest.units}
    for unit, data in sealed.items():
        term, hold = listed[unit].destroy_from, listed[unit].hold
        builder.add_unit(unit, io.BytesIO(data), destroy_from=term, hold=hold)
    for name in manifest.keyrings:
        builder.add_keyring(io.BytesIO(parts[name]), name)
    patients = replace(manifest.handover.patients_commitment, size=len(sealed) - 1)
    handover = replace(manifest.handover, patients_commitment=patients)
    builder.finish(handover, load_signer(keys / "signer.p12", None), at=datetime.now(UTC))
    return target.getvalue()


def listed_anew(
    package: bytes, keys: Path, identity: Path, change: Callable[[KeyringEntry], KeyringEntry]
) -> bytes:
    """Return the package with another list in its keyring, sealed for the key at ``identity`` and signed anew."""
    parts = members_of(package)
    manifest = read_manifest(parts[layout.MANIFEST])
    with identity.open("rb") as stream:
        identities = read_identities(stream)
    commitment = manifest.handover.keyring_commitment
    ring = open_keyring(io.BytesIO(parts[layout.KEYRING]), identities, commitment=commitment)
    entries = [change(one) for one in ring.entries]
    target, keyring = io.BytesIO(), io.BytesIO()
    recipients = [one.to_recipient() for one in identities]
    with writing_keyring(keyring, recipients, header=ring.header, randomness=secrets.token_bytes) as writer:
        for entry in entries:
            writer.add(entry)
    builder = PackageBuilder(target, package_id=manifest.package_id, readme=parts[layout.README])
    for unit in manifest.units:
        builder.add_unit(
            unit.id, io.BytesIO(parts[unit.member]), destroy_from=unit.destroy_from, hold=unit.hold
        )
    builder.add_keyring(io.BytesIO(keyring.getvalue()))
    ordered = in_manifest_order((unit.id for unit in manifest.units), entries)
    handover = replace(
        manifest.handover,
        keyring_commitment=writer.commitment,
        patients_commitment=commitment_to(ordered),
    )
    builder.finish(handover, load_signer(keys / "signer.p12", None), at=datetime.now(UTC))
    return target.getvalue()


def flipped(package: bytes, position: int, bit: int = 0) -> bytes:
    """Return the package with one bit turned."""
    changed = bytearray(package)
    changed[position] ^= 1 << bit
    return bytes(changed)
