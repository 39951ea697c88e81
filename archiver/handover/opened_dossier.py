"""One unit opened: the dossier in it, which must be the patient's of the keyring's line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from archiver.handover.keyring_entry import compare_dossier
from archiver.package.checks.open import OpenPackage
from archiver.package.manifests.manifest import Handover
from archiver.sealing.keyring import KeyringEntry
from archiver.sealing.unsealing import open_entry
from formats.model.identity import Identifier, IdentifierType
from formats.pdlgc.read import PatientArchive, read_patient_archive
from formats.pdlgc.sender import Sender


@contextmanager
def open_dossier(package: OpenPackage, entry: KeyringEntry) -> Iterator[PatientArchive]:
    """Open the unit of a patient's ``entry``; its files can be read while the block lasts.

    Raises:
        UnitMismatch: when it is not what the keyring promises, or another patient's.
        WrongPassphrase, SealBroken: as :func:`archiver.sealing.unsealing.unseal`.
        FormatFailure, InconsistentDossier: as ``read_patient_archive``; PageMismatch.
    """
    with package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
        archive = read_patient_archive(plain)
        compare_dossier(entry, archive)
        compare_sender_page(package.manifest.handover, archive)
        yield archive


def compare_sender_page(handover: Handover, archive: PatientArchive) -> bool:
    """Compare the page of ``archive`` with its data; say whether there is none that could not be compared.

    Who sends, and when, stands on the page and is what the signed manifest says.

    Raises:
        PageMismatch: when it is not the page that its own version makes.
    """
    known = (
        Identifier(type=IdentifierType.OTHER, system=one.system, value=one.value)
        for one in handover.sender.identifiers
    )
    sender = Sender(name=handover.sender.name, identifiers=tuple(known))
    return archive.compare_page(sender, handover.created)
