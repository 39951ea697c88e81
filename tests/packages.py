"""A small package with fictive people's public facts, for every test that needs one."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from archiver.package import layout
from archiver.package.build import PackageBuilder
from archiver.package.manifests.manifest import (
    Handover,
    Organisation,
    OrganisationIdentifier,
    PatientsCommitment,
    Scope,
    StatedSignature,
    Volume,
)
from archiver.package.manifests.set_manifest import ListedVolume, SetManifest
from archiver.package.manifests.terms import terms_of
from archiver.package.set_build import write_set
from archiver.sealing.keyring import KeyringEntry, KeyringHeader
from archiver.signing.keys.key_file import KeySigner, SignerName, make_signer
from archiver.signing.trust.anchors import Trust
from formats.digests import SHA512, Digest

BIRTH = datetime(2026, 1, 1, tzinfo=UTC)
"""When the signers' certificates begin."""
SIGNED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def counted(seed: bytes = b"") -> Callable[[int], bytes]:
    """Return a source of bytes that look random and are the same in every run."""
    state = [0]

    def next_bytes(length: int) -> bytes:
        state[0] += 1
        return hashlib.shake_256(seed + state[0].to_bytes(8, "big")).digest(length)

    return next_bytes


@cache
def signer(name: str = "Dr Anne Exemple") -> KeySigner:
    """Return a practitioner's signer; making a key is slow, so each is made once per run."""
    return make_signer(
        SignerName(name=name, organisation="Cabinet Exemple", number="10000000000"),
        at=BIRTH,
        random=counted(name.encode()),
    )


def trust(*signers: KeySigner, at: datetime = SIGNED) -> Trust:
    """Return a reader's trust in the roots of ``signers``."""
    return Trust(at=at, roots=tuple(root for one in signers for root in one.roots))


def handover(*, patients: int = 2) -> Handover:
    """Return the public facts of a fictive departure of so many patients."""
    number = OrganisationIdentifier(system="urn:oid:1.2.250.1.71.4.2.2", value="1999999999")
    before = Organisation(name="SELARL Exemple", identifiers=(number,))
    after = Organisation(name="Cabinet Élève")
    return Handover(
        created=SIGNED,
        legal_ground="collaboration",
        controller_before=before,
        controller_after=after,
        sender=before,
        receiver=after,
        scope=Scope(kind="roster", left_out={"patients": 7}),
        counts={"patients": 3, "documents": 12},
        keyring_commitment=Digest.of(b"nonce and index", algorithm=SHA512),
        patients_commitment=PatientsCommitment(root=Digest.from_hex("5" * 64), size=patients),
    )


def units(count: int = 3) -> list[tuple[str, bytes]]:
    """Return units of some hundred bytes, each unlike the others."""
    chance = counted(b"units")
    return [(layout.new_unit_id(chance), chance(200 + number)) for number in range(count)]


def package(
    *,
    by: KeySigner | None = None,
    count: int = 3,
    place: Volume | None = None,
    sender: Organisation | None = None,
    package_id: str = "",
    term: date | None = None,
    **signing: Any,
) -> bytes:
    """Return a whole package as bytes, at its ``place`` in a set; ``signing`` is what ``finish`` takes besides.

    Without a place its units have the ``term``.
    """
    target = BytesIO()
    package_id = package_id or f"urn:test:{place.volume if place else 1}"
    builder = PackageBuilder(target, package_id=package_id, readme=b"LISEZ-MOI\r\n")
    builder.add_page("format/package.md", BytesIO(b"# The package\n"))
    term = date(place.retention_year + 1, 1, 1) if place and place.retention_year else term
    for unit_id, sealed in units(count):
        builder.add_unit(unit_id, BytesIO(sealed), destroy_from=term)
    builder.add_keyring(BytesIO(b"age-encryption.org/v1\n"))
    facts = replace(handover(patients=count - 1), volume=place)
    facts = replace(facts, sender=sender) if sender else facts
    builder.finish(facts, by or signer(), at=SIGNED, **signing)
    return target.getvalue()


def volume_set(
    folder: Path,
    *,
    set_id: str = "urn:test:set",
    years: Sequence[int | None] = (None, 2046, 2046),
    **signing: Any,
) -> Path:
    """Lay a set of volumes, one for each of ``years``, in ``folder``; return the file that ties them."""
    volumes, by = [], signing.pop("by", None) or signer()
    for number, year in enumerate(years, 1):
        place = Volume(set_id=set_id, volume=number, of=len(years), retention_year=year)
        data = package(count=number, place=place, by=by, **signing)
        path = folder / layout.volume_name("p.asice", number)
        path.write_bytes(data)
        volumes.append(listed_volume(path, year))
    path = folder / layout.set_name("p.asice")
    with path.open("w+b") as stream:
        pages = {layout.README: b"LISEZ-MOI\r\n"}
        write_set(stream, set_manifest(*volumes, set_id=set_id), pages, by, at=SIGNED, **signing)
    return path


def listed_volume(path: Path, year: int | None) -> ListedVolume:
    """Return how a set lists the package at ``path``."""
    with zipfile.ZipFile(path) as archive:
        raw = archive.read(layout.MANIFEST)
    document = json.loads(raw)
    return ListedVolume(
        file=path.name,
        package_id=document["package"],
        size=path.stat().st_size,
        manifest_digest=Digest.of(raw),
        units=len(document["units"]),
        retention_year=year,
        destroy_from=date(year + 1, 1, 1) if year else None,
    )


def set_manifest(*volumes: ListedVolume, set_id: str = "urn:test:set") -> SetManifest:
    """Return what a set of ``volumes`` says of itself."""
    facts = handover()
    return SetManifest(
        set_id=set_id,
        created=SIGNED,
        legal_ground=facts.legal_ground,
        controller_before=facts.controller_before,
        controller_after=facts.controller_after,
        sender=facts.sender,
        receiver=facts.receiver,
        counts={kind: count * len(volumes) for kind, count in facts.counts.items()},
        volumes=volumes,
        signatures=(StatedSignature(certificate="6" * 64, timestamp=False, revocation=False),),
    )


def unpacked(data: bytes, folder: Path) -> Path:
    """Lay the package ``data`` out in ``folder``."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder


def header(package_id: str = "urn:test:1", *signers: KeySigner, nonce: bytes = b"n" * 32) -> KeyringHeader:
    """Return the first line of the keyrings of the package that ``handover`` and ``signers`` describe."""
    by = tuple(one.fingerprint for one in signers or (signer(),))
    return KeyringHeader(package=package_id, nonce=nonce, signers=by, terms=terms_of(handover()))


def entry(unit: str, number: int = 1, *, practice: bool = False, **changed: Any) -> KeyringEntry:
    """Return the keyring's line of a unit that nobody can open, of a patient or of the practice."""
    fields = {
        "unit": unit,
        "member": "TRANSV.ZIP" if practice else f"PAT{number:05}.ZIP",
        "passphrase": "s" * 43,
        "plain_digest": Digest.from_hex("ab" * 32),
        "plain_size": number,
        "patient": None if practice else {"family": f"Dupont {number}"},
        "counts": {},
        "salt": None if practice else "t" * 43,
    }
    return KeyringEntry(**{**fields, **changed})
