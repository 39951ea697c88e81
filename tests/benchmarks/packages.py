"""Packages beside what an export makes: 4 GiB to be verified, 20,000 dossiers to open one of, one laid open."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

from archiver.assembly.keyrings import KeyringRecipients, add_keyrings
from archiver.handover.keyring_entry import keyring_entry, patient_traits
from archiver.handover.opening import OpenRequest, UnlockedPackage, open_for_reading
from archiver.package.build import PackageBuilder
from archiver.package.layout import new_unit_id
from archiver.practice.store import open_store
from archiver.sealing.age import read_identities, read_recipients
from archiver.sealing.age.wrapping import Identity
from archiver.sealing.keyring import KeyringEntry, KeyringHeader, new_nonce
from archiver.sealing.unit import new_passphrase, new_salt, sealing_unit
from archiver.sealing.unsealing import open_entry
from archiver.signing.certificates.reading import read_roots
from archiver.signing.keys.key_file import load_signer
from archiver.signing.trust.anchors import Trust
from formats.pdlgc.sender import Sender
from formats.pdlgc.write import write_patient_archive
from tests.packages import handover

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
PACKAGE = "urn:benchmark:1"
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
    with _building(target, keys) as (add, _):
        for _ in range(size // UNIT):
            add(chance(UNIT))


def many_dossiers(target: Path, keys: Path, store: Path, count: int) -> None:
    """Make a package that holds one dossier of ``store`` ``count`` times."""
    chance = random.Random(count).randbytes
    passphrase, sealed = new_passphrase(chance), io.BytesIO()
    with open_store(store) as practice:
        patient = [one.id for one in practice.patients()][-1]
        dossier = practice.dossier(patient)
        with sealing_unit(sealed, passphrase=passphrase, salt=new_salt(chance)) as sink:
            write_patient_archive(
                dossier,
                sink,
                open_attachment=practice.attachments.open,
                written_at=AT,
                sender=Sender(name="Benchmark"),
            )
    traits = patient_traits(dossier.patient)
    with _building(target, keys) as (add, entries):
        for _ in range(count):
            unit = add(sealed.getvalue())
            entries.append(keyring_entry(unit, sink.sealed, passphrase, traits, dossier.counts()))


@contextmanager
def _building(target: Path, keys: Path) -> Iterator[tuple[Callable[[bytes], str], list[KeyringEntry]]]:
    """Open a package to which the block adds units, and what its keyring says of them."""
    chance = random.Random(1).randbytes
    entries: list[KeyringEntry] = []
    with (keys / "receiver.recipient").open("rb") as stream:
        access = KeyringRecipients(recipients=read_recipients(stream))
    with target.open("w+b") as package:
        builder = PackageBuilder(package, package_id=PACKAGE, readme=b"README\r\n")

        def add(data: bytes) -> str:
            unit = new_unit_id(chance)
            builder.add_unit(unit, io.BytesIO(data))
            return unit

        yield add, entries
        header = KeyringHeader(package=PACKAGE, nonce=new_nonce(chance))
        commitment = add_keyrings(builder, entries, header, access, folder=target.parent, randomness=chance)
        told = replace(handover(), keyring_commitment=commitment)
        builder.finish(told, load_signer(keys / "signer.p12", None), at=datetime.now(UTC))
