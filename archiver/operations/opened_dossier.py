"""One unit opened: the dossier in it, which must be the patient's of the keyring's line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from archiver.package.open import OpenPackage
from archiver.sealing.keyring import KeyringEntry
from archiver.sealing.unsealing import open_entry
from archiver.transfer.keyring_entry import compare_dossier
from formats.pdlgc.read import PatientArchive, read_patient_archive


@contextmanager
def opened_dossier(package: OpenPackage, entry: KeyringEntry) -> Iterator[PatientArchive]:
    """Open the unit of a patient's ``entry``; its files can be read while the block lasts.

    Raises:
        UnitMismatch: when it is not what the keyring promises, or another patient's.
        WrongPassphrase, SealBroken: as :func:`archiver.sealing.unsealing.unseal`.
        FormatFailure, InconsistentDossier: as ``read_patient_archive``.
    """
    with package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
        archive = read_patient_archive(plain)
        compare_dossier(entry, archive)
        yield archive
