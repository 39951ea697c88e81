"""Packages beside what an export makes: 4 GiB to be verified, 20,000 dossiers to open one of, one laid open."""

from __future__ import annotations

import io
import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

from archiver.assembly.keyrings import KeyringRecipients, add_keyrings
from archiver.assembly.practice_unit import seal_practice
from archiver.handover.keyring_entry import patient_traits
from archiver.handover.opening import OpenRequest, UnlockedPackage, open_for_reading
from archiver.package.build import PackageBuilder
from archiver.package.layout import new_unit_id
from archiver.package.manifests.patients import commitment_to
from archiver.package.manifests.terms import terms_of
from archiver.practice.store import open_store
from archiver.sealing.age import read_identities, read_recipients
from archiver.sealing.age.wrapping import Identity
from archiver.sealing.keyring import KeyringEntry, KeyringHeader, new_nonce
from archiver.sealing.sealed import PRACTICE_MEMBER, SealedUnit
from archiver.sealing.unit import new_passphrase, new_salt, sealing_unit
from archiver.sealing.unsealing import open_entry
from archiver.signing.certificates.reading import fingerprint, read_roots
from archiver.signing.keys.key_file import load_signer
from archiver.signing.trust.anchors import Trust
from formats.digests import Digest
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.people import Practice
from formats.pdlgc.practice.read import PracticeRecords
from formats.pdlgc.sender import Sender
from formats.pdlgc.unit_place import salt_text
from formats.pdlgc.write import write_patient_archive
from tests.packages import handover

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
PACKAGE = "urn:benchmark:1"
COUNTED = (*(kind.kind for kind in PATIENT_KINDS), "files", "file_bytes")
"""What the keyring counts of each dossier."""
UNIT = 2 << 20
"""Bytes of a unit of the large package."""


def identities_of(keys: Path) -> tuple[Identity, ...]:
    """Return the receiver's keys."""
    with (keys / "receiver.identity").open("rb") as stream:
        return read_identities(stream)


def trust_of(keys: Path) -> Trust:
    """Return the trust of somebody who accepts the sender, now."""
    return Trust(at=datetime.now(UTC), roots=read_roots(keys / "roots.pem"))


def opened_with(package: Path, keys: Path) -> UnlockedPackage:
    """Open ``package`` as the receiver does."""
    request = OpenRequest(package=package, identities=identities_of(keys), trust=trust_of(keys))
    return open_for_reading(request)


def unpack(package: Path, keys: Path, target: Path) -> None:
    """Lay every archive of ``package`` open in a folder of its own below ``target``."""
    found = opened_with(package, keys)
    for entry in found.keyring.entries:
        with found.package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
            ZipFile(plain).extractall(target / entry.unit)


def large_package(target: Path, keys: Path, size: int) -> None:
    """Make a package of about ``size`` bytes, of units that nobody can open: to be verified only."""
    chance = random.Random(size).randbytes
    with _building(target, keys) as add:
        for number in range(size // UNIT):
            add(number, chance(UNIT), None)


def many_dossiers(target: Path, keys: Path, store: Path, count: int) -> None:
    """Make a package that holds one dossier of ``store`` ``count`` times."""
    chance = random.Random(count).randbytes
    passphrase, sealed = new_passphrase(chance), io.BytesIO()
    with open_store(store, reading=True) as practice:
        patient = [one.id for one in practice.patients()][-1]
        dossier = practice.dossier(patient)
        with sealing_unit(
            sealed, passphrase=passphrase, salt=new_salt(chance), member="PAT00001.ZIP"
        ) as sink:
            write_patient_archive(
                dossier,
                sink,
                open_attachment=practice.attachments.open,
                written_at=AT,
                sender=Sender(name="Benchmark"),
            )
    with _building(target, keys) as add:
        for number in range(count):
            add(number, sealed.getvalue(), (sink.sealed, passphrase, dossier))


def many_units(target: Path, keys: Path, count: int) -> None:
    """Make a package of ``count`` units, 200 bytes a patient's, whose keyring says what it says of dossiers."""
    with _building(target, keys) as add:
        for number in range(count - 1):
            add(number, number.to_bytes(4) * 50, None)


Add = Callable[[int, bytes, tuple[SealedUnit, str, Dossier] | None], None]
"""Adds a unit: its number, its bytes, and how it opens and what it holds, where anybody can open it."""


@contextmanager
def _building(target: Path, keys: Path) -> Iterator[Add]:
    """Open a package to which the block adds patients' units, and which has the practice's at the end."""
    chance, entries = random.Random(1).randbytes, list[KeyringEntry]()
    signer = load_signer(keys / "signer.p12", None)
    with (keys / "receiver.recipient").open("rb") as stream:
        access = KeyringRecipients(recipients=read_recipients(stream))
    with target.open("w+b") as package:
        builder = PackageBuilder(package, package_id=PACKAGE, readme=b"README\r\n")

        def add(number: int, data: bytes, opening: tuple[SealedUnit, str, Dossier] | None) -> None:
            unit = new_unit_id(chance)
            builder.add_unit(unit, io.BytesIO(data))
            entries.append(_entry(unit, number, data, opening, chance))

        yield add
        facts = replace(handover(), patients_commitment=commitment_to(entries))
        unit, name = new_unit_id(chance), "Benchmark"
        records = PracticeRecords(
            practice=Practice(id=str(uuid.UUID(int=1)), name=name, time_zone="Europe/Paris")
        )
        with seal_practice(
            records, (), folder=target.parent, randomness=chance, at=AT, sender=Sender(name=name)
        ) as practice:
            builder.add_unit(unit, practice.stream)
            last = _entry(unit, len(entries), b"", None, chance)
        entries.append(
            replace(
                last,
                patient=None,
                salt=None,
                member=PRACTICE_MEMBER,
                passphrase=practice.passphrase,
                plain_digest=practice.sealed.plain_digest,
                plain_size=practice.sealed.plain_size,
                counts=practice.counts,
            )
        )
        header = KeyringHeader(
            package=PACKAGE,
            nonce=new_nonce(chance),
            signers=(fingerprint(signer.certificate),),
            terms=terms_of(facts),
        )
        commitment = add_keyrings(builder, entries, header, access, folder=target.parent, randomness=chance)
        builder.finish(replace(facts, keyring_commitment=commitment), signer, at=datetime.now(UTC))


def _entry(
    unit: str,
    number: int,
    data: bytes,
    opening: tuple[SealedUnit, str, Dossier] | None,
    chance: Callable[[int], bytes],
) -> KeyringEntry:
    traits = {
        "id": str(uuid.UUID(bytes=chance(16), version=4)),
        "number": str(number),
        "family": f"Essai{number}",
        "given": "Camille",
        "birth_date": "1980-01-01",
        "sex": "U",
    }
    sealed, passphrase, counts = None, new_passphrase(chance), dict.fromkeys(COUNTED, 0)
    if opening is not None:
        sealed, passphrase, dossier = opening
        traits, counts = patient_traits(dossier.patient), dossier.counts()
    return KeyringEntry(
        unit=unit,
        member="PAT00001.ZIP",
        passphrase=passphrase,
        plain_digest=sealed.plain_digest if sealed else Digest.of(data),
        plain_size=sealed.plain_size if sealed else len(data),
        patient=traits,
        counts=counts,
        salt=salt_text(chance(32)),
    )
