"""Write one run into the vault: a package of what changed, then the signed list of everything, which makes it a run.

1. The dossiers are exported into a package, on all cores, for whoever can open the backup: the same package that
   ``archiver export`` makes.
2. It is deposited as ``archiver vault deposit`` does, on every storage or on none.
3. The list of all dossiers is signed, and with the sealed index it becomes the next version of the package's object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.lost_files import missing_reason
from archiver.assembly.request import ExportOutcome, ExportRequest, Randomness
from archiver.backup.lost_files import lost_entry
from archiver.backup.registers import register_rows
from archiver.backup.run_list import (
    FILE_PLACE,
    INDEX_PLACE,
    PLACE,
    DossierPlace,
    FilePlace,
    LostFiles,
    RunList,
    run_list_bytes,
)
from archiver.backup.sealed_index import IndexedDossier, IndexedFile, write_index
from archiver.operations.backup.backup_vault import Backup, WorkingBackup
from archiver.operations.backup.plan_run import PlannedRun
from archiver.operations.backup.stored_runs import SIGNATURE
from archiver.operations.export import export
from archiver.operations.vault.deposit import DepositRequest
from archiver.operations.vault.deposit_each import deposit_each
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.age import Recipient, parse_recipient
from archiver.sealing.age.file import encrypting
from archiver.search.records import records_of_store
from archiver.signing.certificates.reading import fingerprint
from archiver.signing.keys.key_file import KeySigner
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.signatures.detached_files import SHORT_FINGERPRINT
from archiver.temporary_files import remove_folder
from archiver.vault.additions import add_version
from archiver.vault.journal.acts import run_entry
from archiver.worker_pool import WorkerPool
from formats.digests import chunks

OUTGOING = "outgoing"
"""Folder, in that of the backup, of what is being sealed; a run that was ended leaves it, and the next empties it."""
RECEIPTS = "receipts"
VOLUME_BYTES = 2 << 30
"""Bytes of a volume: file systems of sticks (FAT32) take files of fewer than 4 GiB."""
PACKAGE = "backup-{number:06}.asice"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    working: WorkingBackup
    plan: PlannedRun
    number: int
    at: datetime
    signer: KeySigner
    recipients: tuple[Recipient, ...]
    folder: Path
    randomness: Randomness = field(repr=False)

    @property
    def backup(self) -> Backup:
        return self.working.backup


def write_run(
    working: WorkingBackup,
    plan: PlannedRun,
    *,
    clock: Callable[[], datetime],
    randomness: Randomness,
    progress: Callable[[int], None],
) -> tuple[RunList, ExportOutcome]:
    """Follow the steps; return the list, and what was exported.

    Raises:
        Failure: as ``export``, ``deposit_each`` and ``add_version``; then there is no run.
    """
    backup = working.backup
    folder = backup.folder / OUTGOING
    disk.make_private_folder(folder)
    run = _Run(
        working=working,
        plan=plan,
        number=(working.last.number if working.last else 0) + 1,
        at=clock().replace(microsecond=0),
        signer=backup.signer(),
        recipients=tuple(map(parse_recipient, backup.description.recipients)),
        folder=folder,
        randomness=randomness,
    )
    with WorkerPool(plan.processes) as pool, open_store(backup.description.store, reading=True) as store:
        exported = export(
            store, _request(run), clock=clock, randomness=randomness, pool=pool, progress=progress
        )
        deposited = _deposit(run, exported, clock)
        files = _seal_files(run, store)
        made = _list(run, exported, deposited, files)
        _add_list(run, made, store, files)
    empty_outgoing(backup.folder)
    return made, exported


def _request(run: _Run) -> ExportRequest:
    return ExportRequest(
        target=run.folder / PACKAGE.format(number=run.number),
        patients=run.plan.sealed,
        access=KeyringRecipients(recipients=run.recipients),
        signer=run.signer,
        whole_practice=run.plan.practice_changed,
        sender=run.backup.description.name,
        volume_size=VOLUME_BYTES,
        without_lost=True,
    )


def _deposit(run: _Run, exported: ExportOutcome, clock: Callable[[], datetime]) -> str:
    """Deposit the package, and return the identifier of its object."""
    backup = run.backup
    request = DepositRequest(
        trust=backup.trust(run.at),
        first_use=None,
        signer=run.signer,
        receipts=backup.folder / RECEIPTS,
    )
    (done,) = deposit_each(backup.vault, run.working.catalogue, [exported.path], request, clock=clock)
    if done.failure is not None:
        raise done.failure
    return done.object_id


def _seal_files(run: _Run, store: PracticeStore) -> Mapping[str, Path]:
    """Seal each file by itself that is in no dossier, and was in no run before; return where each lies, by token.

    One that is lost or damaged is left: it is told with the others.
    """
    sealed: dict[str, Path] = {}
    for name, one in run.plan.unassigned.items():
        if name in run.plan.files or missing_reason(store.attachments, one, compared=True) is not None:
            continue
        sealed[name] = run.folder / f"{name}.age"
        with (
            store.attachments.open(one.sha256) as source,
            disk.write_aside(sealed[name], mode=disk.PRIVATE) as target,
            encrypting(target, run.recipients, randomness=run.randomness) as sealing,
        ):
            for piece in chunks(source):
                sealing.write(piece)
    return sealed


def _file_path(run: _Run, count: int) -> str:
    return FILE_PLACE.format(number=run.number, count=count)


def _list(run: _Run, exported: ExportOutcome, object_id: str, files_sealed: Mapping[str, Path]) -> RunList:
    """Return the list of the run: what it sealed, and what is as it was."""
    last, plan = run.working.last, run.plan
    files = {unit.id: volume.path.name for volume in exported.volumes for unit in volume.manifest.units}
    units = {one.patient: one.unit for one in exported.dossiers}
    dossiers: dict[str, DossierPlace] = {}
    lost: dict[str, LostFiles] = {}
    secret = run.backup.description.secret
    for patient, (name, content) in plan.tokens.items():
        holes: LostFiles | None = None
        if patient in units:
            unit = units[patient]
            dossiers[name] = DossierPlace(content=content, object_id=object_id, file=files[unit], unit=unit)
            holes = lost_entry(last, name, secret, exported.lost.get(patient, ()))
        elif last is not None:
            dossiers[name] = last.dossiers[name]
            holes = last.lost.get(name)
        if holes is not None:
            lost[name] = holes
    unsealed = plan.unassigned.keys() - plan.files.keys() - files_sealed.keys()
    lost |= {name: LostFiles(files=(name,)) for name in unsealed}
    practice_object = object_id if plan.practice_changed or last is None else last.practice_object
    practice_file = exported.volumes[0].path.name if practice_object == object_id else ""
    return RunList(
        backup=run.backup.description.id,
        number=run.number,
        at=run.at,
        object_id=object_id,
        practice=plan.practice,
        practice_object=practice_object,
        practice_file=practice_file or (last.practice_file if last else ""),
        dossiers=dossiers,
        lost=lost,
        files={
            **run.plan.files,
            **{
                name: FilePlace(object_id=object_id, path=_file_path(run, count))
                for count, name in enumerate(files_sealed, 1)
            },
        },
    )


def _add_list(run: _Run, made: RunList, store: PracticeStore, files: Mapping[str, Path]) -> None:
    """Sign the list, and add it with the sealed index and ``files`` to the object."""
    data = run_list_bytes(made)
    path = PLACE.format(number=run.number)
    short = fingerprint(run.signer.certificate)[:SHORT_FINGERPRINT]
    index = run.folder / "index.age"
    with disk.write_aside(index, mode=disk.PRIVATE) as stream:
        write_index(
            stream,
            {"backup": made.backup, "number": made.number},
            _indexed(run, store),
            (IndexedFile(token=name, attachment=run.plan.unassigned[name]) for name in made.files),
            register_rows(store),
            run.recipients,
            randomness=run.randomness,
        )
    add_version(
        run.backup.vault,
        run.working.catalogue,
        made.object_id,
        {
            path: data,
            f"{path}.{short}{SIGNATURE}": sign_manifest(data, run.signer, at=run.at),
            INDEX_PLACE.format(number=run.number): index,
            **{_file_path(run, count): path for count, path in enumerate(files.values(), 1)},
        },
        message=f"backup, run {run.number}",
        at=run.at,
        entries=[run_entry(made.object_id, run.number)],
    )


def _indexed(run: _Run, store: PracticeStore) -> Iterator[IndexedDossier]:
    tokens = run.plan.tokens
    for record in records_of_store(store):
        if record.id in tokens:
            yield IndexedDossier(token=tokens[record.id][0], record=record)


def empty_outgoing(folder: Path) -> None:
    """Remove what a run left in the ``folder`` of a backup of what it was sealing.

    Raises:
        DiskFault: when the disk refuses.
    """
    if (folder / OUTGOING).is_dir():
        remove_folder(folder / OUTGOING)
