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
        compare_dossier(entry, archive.dossier.patient, archive.place)
        handover = package.handover_of(entry.unit)
        archive.compare_page(page_sender(handover), handover.created)
        yield archive


def page_sender(handover: Handover) -> Sender:
    """Return who sends, as it stands on every page that was written for ``handover``."""
    known = (
        Identifier(type=IdentifierType.OTHER, system=one.system, value=one.value)
        for one in handover.sender.identifiers
    )
    return Sender(name=handover.sender.name, identifiers=tuple(known))
