"""Where a restore comes from: the vault, the keys that open it, whom to accept, as of when; one file of it, fetched.

What a store had lost when a dossier was sealed last comes back from an earlier run:

1. The list of the run names the earlier versions of each dossier that was sealed without files.
2. Their units are opened, the newest first, for these files alone; every record stays as the newest version has it.
3. What is found takes its place again, and the row that says it is lost goes: the store is as the practice's own was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from archiver import disk
from archiver.backup.run_list import DossierPlace, LostFiles, RunList
from archiver.examination.first_use import FirstUse, believing
from archiver.handover.opened_dossier import open_dossier
from archiver.handover.opening import OpenRequest, open_handover
from archiver.operations.backup.stored_runs import run_as_of
from archiver.operations.vault.fetch import find_stored, write_files
from archiver.practice.columns import table_of
from archiver.practice.imports.file_recovery import with_earlier_files
from archiver.practice.store import PracticeStore
from archiver.sealing.age import Identity
from archiver.signing.trust.anchors import Trust
from archiver.vault.catalogue import Catalogue
from archiver.vault.errors import VaultObjectUnknown
from archiver.vault.open_vault import Vault
from formats.model.missing import lost_row_id
from formats.model.people import Patient
from formats.model.provenance import SourceRow
from formats.pdlgc.read import PatientArchive
from formats.reading import FileBody

REVISION = "revision-001"
"""Logical folder of the files of a package: a run never revises one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreSource:
    """Where to restore from, with which keys, whom to accept as signer, as of which ``moment``; the newest without."""

    vault: Vault
    catalogue: Catalogue
    identities: Sequence[Identity]
    trust: Trust
    first_use: FirstUse | None = None
    moment: datetime | None = None

    def run(self) -> RunList:
        """Follow step 1; raises as ``run_as_of``."""
        trust = believing(self.trust, self.first_use)
        return run_as_of(self.vault, self.catalogue, trust, self.moment)

    def opening(self, path: Path) -> OpenRequest:
        """Return how the package at ``path`` is opened."""
        return OpenRequest(
            package=path, identities=self.identities, trust=self.trust, first_use=self.first_use
        )


@contextmanager
def fetching_file(source: RestoreSource, object_id: str, logical: str, folder: Path) -> Iterator[Path]:
    """Fetch one file of an object into ``folder``; it is gone when the block ends.

    Raises:
        VaultObjectUnknown: when no storage has it; VaultObjectDamaged: when none gives it back whole.
    """
    found, findings = find_stored(source.vault, object_id)
    if not found or logical not in found[0][1].logical_paths():
        raise VaultObjectUnknown(package=object_id)
    target = folder / "fetched" / Path(logical).name
    write_files(found, {logical: target}, findings, progress=lambda _: None)
    try:
        yield target
    finally:
        disk.remove(target)


def earlier_places(run: RunList, places: Collection[DossierPlace]) -> Iterator[DossierPlace]:
    """Yield the earlier versions of the dossiers at ``places`` that have what these lack, the newest first."""
    for name, one in run.lost.items():
        if run.dossiers.get(name) in places:
            yield from reversed(one.earlier)


def recover_files(
    source: RestoreSource, lost: Mapping[str, LostFiles], store: PracticeStore, folder: Path
) -> int:
    """Follow the steps for the dossiers in ``store`` that are ``lost`` in part; return how many files came back.

    Raises:
        Failure: as ``open_handover`` and ``open_dossier``; what a storage or the disk answered.
    """
    count = 0
    for place in (place for one in lost.values() for place in reversed(one.earlier)):
        with fetching_file(source, place.object_id, f"{REVISION}/{place.file}", folder) as path:
            received = open_handover(source.opening(path))
            found = (one for one in received.entries() if one[1].unit == place.unit)
            for opened, entry in found:
                with open_dossier(opened.package, entry) as archive, store.changing():
                    count += _recover(store, archive)
    return count


def _recover(store: PracticeStore, archive: PatientArchive) -> int:
    """Follow step 3 for the dossier that ``archive`` has an earlier version of; return how many files came back."""
    earlier = archive.dossier
    patient = earlier.patient.id
    if not store.holds(Patient, patient):
        return 0
    records = {record.id: record for record in earlier.records()}
    there = {one.sha256 for one in earlier.attachments()}
    now = store.dossier(patient)
    dossier, files = with_earlier_files(
        now, lambda _, identity: records.get(identity), lambda one: one.sha256 in there
    )
    for one in files:
        store.keep_file(FileBody(attachment=one, open=partial(archive.open_attachment, one.sha256)))
    for record in (*dossier.documents, *dossier.image_files, *dossier.image_studies):
        store.put(record)
    rows = table_of(SourceRow)
    for one in files:
        identity = lost_row_id(patient, one.sha256)
        for table in reversed(rows.family):
            owner = "owner" if table.owner else "id"
            query = f"DELETE FROM [{table.name}] WHERE [{owner}] = ?"  # noqa: S608 - of the model
            store.db.execute(query, (identity,))
    return len(files)
