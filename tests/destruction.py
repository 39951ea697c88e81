"""Packages out of which units were taken, made without the vault."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from archiver.package.build import PackageBuilder
from archiver.package.contents import contents_of, small
from archiver.package.destruction.reduce import reduce_package
from archiver.package.destruction.statement import (
    DestroyedUnit,
    DestructionStatement,
    destruction_statement_bytes,
)
from archiver.package.layout import MANIFEST, set_name, volume_name
from archiver.package.manifests.manifest import Volume
from archiver.package.manifests.manifest_reading import MAX_MANIFEST_BYTES, read_manifest
from archiver.package.set_build import write_set
from archiver.signing.keys.key_file import KeySigner
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.trust.anchors import Trust
from tests.packages import SIGNED, handover, listed_volume, set_manifest, signer, trust, units

TERM = date(2026, 1, 1)
"""When the term of the units of these packages ended."""
RUNNING = date(2090, 1, 1)
"""When that of others ends."""
DESTROYED = SIGNED + timedelta(days=5)
LATER = SIGNED + timedelta(days=9)


def mixed_package(path: Path) -> Path:
    """Put a package at ``path`` of whose four units the first two are due; the last is the practice's."""
    target = BytesIO()
    builder = PackageBuilder(target, package_id="urn:test:mixed", readme=b"LISEZ-MOI\r\n")
    for place, (unit, sealed) in enumerate(units(4)):
        builder.add_unit(unit, BytesIO(sealed), destroy_from=TERM if place < 2 else RUNNING)
    builder.add_keyring(BytesIO(b"age-encryption.org/v1\n"))
    builder.finish(handover(patients=3), signer(), at=SIGNED)
    path.write_bytes(target.getvalue())
    return path


def two_volumes(folder: Path) -> Path:
    """Lay a set of two volumes in ``folder``, of which the first is due; return the file that ties them."""
    volumes, each = [], units(5)
    for number, (year, own) in enumerate(((2024, each[:2]), (2089, each[2:])), 1):
        place = Volume(set_id="urn:test:set", volume=number, of=2, retention_year=year)
        path = folder / volume_name("p.asice", number)
        with path.open("w+b") as stream:
            builder = PackageBuilder(stream, package_id=f"urn:test:{number}", readme=b"LISEZ-MOI\r\n")
            for unit, sealed in own:
                builder.add_unit(unit, BytesIO(sealed), destroy_from=date(year + 1, 1, 1))
            builder.add_keyring(BytesIO(b"age-encryption.org/v1\n"))
            facts = replace(handover(patients=len(own) - 1), volume=place)
            builder.finish(facts, signer(), at=SIGNED)
        volumes.append(listed_volume(path, year))
    path = folder / set_name("p.asice")
    with path.open("w+b") as stream:
        write_set(stream, set_manifest(*volumes), {"README.TXT": b"LISEZ-MOI\r\n"}, signer(), at=SIGNED)
    return path


def keeper() -> KeySigner:
    return signer("Archives Exemple")


def accepting(*signers: KeySigner) -> Trust:
    """Return a reader's trust in the sender, the keeper, or whom it names, when all was done."""
    return trust(*(signers or (signer(), keeper())), at=LATER)


def statement_of(path: Path, *places: int, **changed: object) -> DestructionStatement:
    """Return a true statement about the units at ``places`` of the package at ``path``, but for what is changed."""
    manifest = read_manifest(small(contents_of(path), MANIFEST, MAX_MANIFEST_BYTES))
    units = [manifest.units[place] for place in places]
    statement = DestructionStatement(
        package=manifest.package_id,
        keeper="Archives Exemple",
        record="urn:uuid:00000000-0000-4000-8000-000000000001",
        requested_by="Anne Martin",
        requested_at=SIGNED + timedelta(days=1),
        approved_by="Paul Durand",
        approved_at=SIGNED + timedelta(days=2),
        destroyed_at=DESTROYED,
        units=tuple(
            DestroyedUnit(
                member=one.member, size=one.size, digest=one.digest, destroy_from=one.destroy_from or TERM
            )
            for one in units
        ),
    )
    return replace(statement, **changed)  # type: ignore[arg-type]


def reduced(
    path: Path,
    statement: DestructionStatement,
    *,
    by: KeySigner | None = None,
    data: bytes | None = None,
    gone: tuple[str, ...] | None = None,
) -> Path:
    """Take the units of ``statement`` out of the package at ``path``, and put it there, signed; return the path.

    ``data`` lies there instead of what was signed; ``gone`` are the members that are taken out instead.
    """
    signed = destruction_statement_bytes(statement)
    signature = sign_manifest(signed, by or keeper(), at=DESTROYED)
    members = frozenset(one.member for one in statement.units) if gone is None else frozenset(gone)
    target = BytesIO()
    with path.open("rb") as source:
        reduce_package(source, target, members, data or signed, signature)
    path.write_bytes(target.getvalue())
    return path
