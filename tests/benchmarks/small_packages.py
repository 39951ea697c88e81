"""Small packages, each of one fictive dossier that is really sealed: a letter, its key in a keyring of its own.

Made from the public parts of the program, as an export makes them, without the page that opens a package and without
what an export reads from a practice: 100,000 of them are 700 MB, and each is verified as any other.
"""

from __future__ import annotations

import io
import os
import secrets
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from archiver.package import layout
from archiver.package.build import PackageBuilder
from archiver.package.manifests.patients import commitment_to
from archiver.sealing.age.x25519 import X25519Identity, X25519Recipient
from archiver.sealing.keyring import KeyringHeader, Party, Terms, new_nonce, writing_keyring
from archiver.sealing.keyring_lines import KeyringEntry
from archiver.sealing.sealed import PRACTICE_MEMBER
from archiver.sealing.unit import PATIENT_MEMBER, new_passphrase, new_salt, sealing_unit
from archiver.signing.certificates.reading import fingerprint
from archiver.signing.keys.key_file import KeySigner, load_signer
from archiver.worker_pool import WorkerPool
from tests.packages import handover

GIVEN = ("Anaïs", "Bruno", "Chloé", "Denis", "Élise", "Farid", "Gaëlle", "Hugo", "Inès", "Joël")
LETTER = (
    "Cher confrère,\r\n\r\nJe vous adresse {given} EXEMPLE-{number:06} pour avis sur la {tooth}.\r\n"
    "Radiographie rétro-alvéolaire du {day} : image apicale. Pas d'allergie connue.\r\n\r\nConfraternellement.\r\n"
)
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://archiver.example/benchmarks/small-packages")
IDENTITY = X25519Identity.new(lambda count: bytes(range(count)))
"""For whom the packages are sealed: a key that everybody may know."""
AT_ONCE = 100
"""Packages that a process makes at a time."""


def package_id(number: int) -> str:
    return str(uuid.uuid5(NAMESPACE, str(number)))


def zipped(name: str, text: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return target.getvalue()


def plain_dossier(number: int) -> bytes:
    """Return the plain archive of a fictive patient: one letter."""
    day = date(2020 + number % 6, 1 + number % 12, 1 + number % 28)
    given, tooth = GIVEN[number % len(GIVEN)], 11 + number % 38
    return zipped(
        "COURRIER.TXT", LETTER.format(given=given, number=number, tooth=tooth, day=f"{day:%d/%m/%Y}")
    )


def seal(plain: bytes, patient: dict[str, str] | None, term: date) -> tuple[KeyringEntry, bytes]:
    """Return the line of a keyring and the sealed unit of ``plain``, which is of a patient, or of the practice."""
    chance, sealed = secrets.token_bytes, io.BytesIO()
    passphrase, member = new_passphrase(chance), PATIENT_MEMBER if patient else PRACTICE_MEMBER
    with sealing_unit(sealed, passphrase=passphrase, salt=new_salt(chance), member=member) as sink:
        sink.write(plain)
    entry = KeyringEntry(
        unit=layout.new_unit_id(chance),
        member=member,
        passphrase=passphrase,
        plain_digest=sink.sealed.plain_digest,
        plain_size=sink.sealed.plain_size,
        patient=patient,
        counts={"documents": 1},
        salt=new_passphrase(chance) if patient else None,
        destroy_from=term,
    )
    return entry, sealed.getvalue()


def write_package(path: Path, number: int, by: KeySigner, recipient: X25519Recipient) -> None:
    """Write the package of dossier ``number``, which is like no other; its term ends in 2040 or later."""
    at, chance = datetime.now(UTC), secrets.token_bytes
    term = date(2040 + number % 10, 1, 1)
    facts = replace(handover(patients=1), created=at, counts={"patients": 1, "documents": 1})
    parties = Party(name=facts.sender.name), Party(name=facts.controller_before.name)
    header = KeyringHeader(
        package=package_id(number),
        nonce=new_nonce(chance),
        signers=(fingerprint(by.certificate),),
        terms=Terms(
            legal_ground=facts.legal_ground,
            controller_before=parties[1],
            controller_after=None,
            sender=parties[0],
            receiver=None,
        ),
    )
    given = GIVEN[number % len(GIVEN)]
    practice = seal(zipped("CABINET.TXT", "Cabinet Exemple\r\n"), None, term)
    dossier = seal(plain_dossier(number), {"family": f"EXEMPLE-{number:06}", "given": given}, term)
    keyring = io.BytesIO()
    with writing_keyring(keyring, [recipient], header=header, randomness=chance) as ring:
        for entry, _ in (practice, dossier):
            ring.add(entry)
    with path.open("w+b") as target:
        builder = PackageBuilder(target, package_id=header.package, readme=b"LISEZ-MOI\r\n")
        for entry, sealed in (practice, dossier):
            builder.add_unit(entry.unit, io.BytesIO(sealed), destroy_from=term)
        builder.add_keyring(io.BytesIO(keyring.getvalue()))
        patients = commitment_to([dossier[0]])
        facts = replace(facts, keyring_commitment=ring.commitment, patients_commitment=patients)
        builder.finish(facts, by, at=at)


def write_packages(context: tuple[Path, Path], numbers: Iterable[int]) -> list[int]:
    """Write packages of those numbers into a folder, signed with the key in a file; return the bytes of each."""
    folder, signer = context
    by, recipient = load_signer(signer, None), IDENTITY.to_recipient()
    sizes = []
    for number in numbers:
        path = folder / f"{number:07}.asice"
        write_package(path, number, by, recipient)
        sizes.append(path.stat().st_size)
    return sizes


def make_packages(folder: Path, signer: Path, numbers: Sequence[int]) -> int:
    """Write the packages of ``numbers`` by all processors; return the bytes of all."""
    folder.mkdir(exist_ok=True)
    shares = [numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)]
    with WorkerPool(os.cpu_count() or 1) as pool:
        waiting = [pool.submit(write_packages, (folder, signer), one) for one in shares]
        return sum(sum(one()) for one in waiting)
