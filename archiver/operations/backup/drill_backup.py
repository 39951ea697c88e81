"""Try a restore: a dossier chosen by chance comes back from the vault, and is compared with the store.

1. Among the dossiers that the store has as the newest run has them, one is chosen by chance.
2. Its package is fetched, and tried as ``archiver keys drill`` tries it: with the person's key alone, by two readers.
3. The dossier comes into an empty store, as in a restore; every record and every file has to be the one of the store.
4. The date is remembered; when the agreed days are over, ``archiver backup status`` says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from archiver.assembly.request import Randomness
from archiver.backup.errors import BackupEmpty, DossierDiffers
from archiver.backup.run_list import DossierPlace
from archiver.backup.state import BackupState, state_moment, write_state
from archiver.handover.kinds import kind_words
from archiver.handover.opening import OpenRequest
from archiver.operations.backup.backup_vault import Backup, WorkingBackup, working_backup
from archiver.operations.backup.plan_run import plan_run
from archiver.operations.backup.restore_source import REVISION, RestoreSource, fetching_file
from archiver.operations.drill import DrillRequest, drill
from archiver.operations.receive import receive
from archiver.practice.imports.dossier_part import ImportChoice
from archiver.practice.practitioners import OWN_PRACTICE
from archiver.practice.rows.statements import listed_files
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.age import HybridIdentity
from archiver.temporary_files import scratch
from archiver.vault.open_vault import refuse_foreign
from formats.digests import chunks
from formats.findings import Finding
from formats.model.dossier import PATIENT_KINDS, Dossier


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupDrillRequest:
    """The key that opens, and the folder of the drill register."""

    identity: HybridIdentity = field(repr=False)
    register: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupDrill:
    """What came back: a dossier of the run ``number`` with so many ``records`` and ``files``, all of them the same."""

    at: datetime
    number: int
    key_id: str
    records: int
    files: int


def drill_backup(
    backup: Backup,
    request: BackupDrillRequest,
    *,
    clock: Callable[[], datetime],
    randomness: Randomness,
    notice: Callable[[Finding], None],
) -> BackupDrill:
    """Follow the steps above.

    Raises:
        BackupEmpty: when there is no dossier that could be compared.
        DossierDiffers: when it is not the one of the store; WrongKey: when the key does not open it.
        Failure: as ``drill`` and ``receive``; what a storage answered.
    """
    with working_backup(backup, "archiver backup drill", clock=clock, notice=notice) as working:
        refuse_foreign(backup.vault)
        with scratch(backup.folder) as folder, open_store(backup.description.store, reading=True) as store:
            # 1. by chance
            patient, place = _chosen(working, store, randomness)
            source = RestoreSource(
                vault=backup.vault,
                catalogue=working.catalogue,
                identities=[request.identity],
                trust=backup.trust(clock()),
            )
            with fetching_file(source, place.object_id, f"{REVISION}/{place.file}", folder) as path:
                # 2. with the key alone
                tried = drill(
                    DrillRequest(
                        package=path,
                        identity=request.identity,
                        trust=source.trust,
                        register=request.register,
                    ),
                    clock=clock,
                    randomness=randomness,
                )
                # 3. the same as in the store
                records, files = _compared(store, source, path, patient, folder, clock)
        number = working.last.number if working.last else 0
        # 4. remembered
        at = clock()
        write_state(
            backup.folder,
            _as_of(working.state, state_moment(at)),
            working.last if working.rebuilt else None,
        )
    return BackupDrill(at=at, number=number, key_id=tried.key_id, records=records, files=files)


def _as_of(state: BackupState, at: str) -> BackupState:
    """Return the state after a drill: whoever has the key believes the clock, and nothing was seen later than that.

    No run does that: whoever moves the clock of the machine back has runs, and not the key.
    """
    return replace(
        state, drilled=at, seen=at, covered=min(state.covered, at), verified=min(state.verified, at)
    )


def _chosen(working: WorkingBackup, store: PracticeStore, randomness: Randomness) -> tuple[str, DossierPlace]:
    """Return a patient record whose dossier is in the store as in the newest run, and where that lies."""
    last = working.last
    if last is None:
        raise BackupEmpty
    plan = plan_run(store, working.backup.description, last, before="", lost=set())
    same = [
        (patient, last.dossiers[name])
        for patient, (name, content) in plan.tokens.items()
        if name in last.dossiers and last.dossiers[name].content == content
        if not (name in last.lost or patient in plan.lost)  # it would not come back as the store lists it
    ]
    if not same:
        raise BackupEmpty
    return same[int.from_bytes(randomness(8), "big") % len(same)]


def _compared(
    store: PracticeStore,
    source: RestoreSource,
    path: Path,
    patient: str,
    folder: Path,
    clock: Callable[[], datetime],
) -> tuple[int, int]:
    """Follow step 3; return how many records and files there are."""
    opening = OpenRequest(package=path, identities=source.identities, trust=source.trust)
    with open_store(folder / "drill.db", create=True) as restored:
        own = store.setting(OWN_PRACTICE)
        if own:
            restored.set_setting(OWN_PRACTICE, own)
        choice = ImportChoice(patients=frozenset({patient}))
        receive(restored, opening, clock=clock, choose=lambda _: choice)
        expected, found = store.dossier(patient), restored.dossier(patient)
        kind = next(_differing(expected, found), "")
        if kind:
            raise DossierDiffers(kind=kind_words(kind))
        return sum(expected.counts().values()), _same_files(store, restored, patient)


def _differing(expected: Dossier, found: Dossier) -> Iterator[str]:
    """Yield each kind of record of which the two dossiers have not the same."""
    if replace(expected.patient, linked=()) != replace(found.patient, linked=()):
        yield "patients"
    for kind in PATIENT_KINDS:
        wanted = {one.id: one for one in getattr(expected, kind.kind)}
        if wanted != {one.id: one for one in getattr(found, kind.kind)}:
            yield kind.kind


def _same_files(store: PracticeStore, restored: PracticeStore, patient: str) -> int:
    """Read every file of the dossier in both stores: each is compared with its digest; return how many there are."""
    count = 0
    for digest, _ in store.db.execute(listed_files(), (patient,)):
        for one in (store, restored):
            state = hashlib.sha256()
            with one.attachments.open(digest) as stream:
                for piece in chunks(stream):
                    state.update(piece)
            if state.hexdigest() != digest:
                raise DossierDiffers(kind=kind_words("files"))
        count += 1
    return count
