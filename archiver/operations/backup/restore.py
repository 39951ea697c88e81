"""Restore from a backup: a whole practice, one person, or one document, as of a moment.

1. The run is chosen: the newest of that moment or before, of which the vault has every package.
2. Its sealed index, which the person's key opens, tells who is where; each file of a package that is needed is fetched
   by itself, and gone when it has been read.
3. Dossiers come into a store as ``archiver import`` brings them in: examined, of a signer who is accepted, whole.
4. Files that are in no dossier come one by one. What a store had lost when it was backed up comes from an earlier run
   that has it (``restore_source``).
5. Of a whole practice the registers come last, as they were. The store gets its name when everything is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from archiver import disk
from archiver.backup.registers import REGISTERS, SETTINGS, replace_registers
from archiver.backup.run_list import INDEX_PLACE, DossierPlace, RunList
from archiver.backup.sealed_index import IndexedDossier, IndexedFile, read_index
from archiver.errors import AlreadyExists
from archiver.examination.examine import packed_sizes
from archiver.handover.opening import OpenedHandover
from archiver.handover.receipt import Receipt
from archiver.operations.backup.restore_source import REVISION, RestoreSource, fetching_file, recover_files
from archiver.operations.dossiers.find import not_one, one_person
from archiver.operations.receive import receive
from archiver.practice.imports.dossier_part import ImportChoice
from archiver.practice.practitioners import OWN_PRACTICE
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.age.file import decrypting
from archiver.search.search import persons_of
from archiver.temporary_files import scratch
from archiver.worker_pool import WorkerPool, processes_for
from formats.reading import FileBody
from formats.regular_files import open_regular

File = tuple[str, str]
"""The object of a package, and the name of one of its files."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What came back: of the run ``number`` of the moment ``at``, so many ``dossiers`` of ``expected``.

    ``already`` counts those that were in the store before, exactly so; ``registers`` counts the rows of the registers
    that came back; ``receipts`` are those of the imports. Of ``lost`` files that the store had lost, ``recovered`` came
    from an earlier run. ``files`` of ``expected_files`` are in no dossier.
    """

    number: int
    at: datetime
    expected: int
    dossiers: int
    already: int = 0
    registers: int = 0
    receipts: tuple[Receipt, ...] = ()
    lost: int = 0
    recovered: int = 0
    expected_files: int = 0
    files: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything of the run that was asked for is in the store now, what the store had lost as well."""
        files = self.recovered >= self.lost and self.files == self.expected_files
        return files and self.dossiers + self.already >= self.expected and not self.refused

    @property
    def refused(self) -> bool:
        """Whether a unit could not be taken in; the registers of the practice then did not come back either."""
        return any(one.refused for one in self.receipts)


def restore_practice(
    source: RestoreSource,
    into: Path,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> Restored:
    """Make the store ``into`` again, as it was at the run; whatever goes wrong, nothing is left behind.

    Raises:
        AlreadyExists: when a store, or files of one, lie there.
        BackupEmpty, BackupMomentUnknown, BackupListInvalid, VaultObjectUnknown, VaultObjectDamaged: why nothing does.
        Failure: as ``receive`` for each package; DiskFull, DiskFault.
    """
    files = into.with_name(f"{into.stem}.files")
    for one in (into, files):
        if one.exists():
            raise AlreadyExists(path=str(one))
    run = source.run()
    with scratch(into.absolute().parent) as folder:
        aside = folder / into.name
        with open_store(aside, create=True) as store:
            _begin(source, run, store, folder)
        receipts = [
            _received_on_all_cores(source, aside, one, units, clock)
            for one, units in _counted(_needed_files(run), progress)
        ]
        with open_store(aside) as store:
            recovered = recover_files(source, run.lost, store, folder)
            unassigned = _put_files(source, run, store, folder)
            whole = not any(one.refused for one in receipts)
            rows = _put_registers(source, run, store, folder, clock()) if whole else 0
            there = sum(1 for _ in store.patients())
        _take_name(aside, into)
    return Restored(
        number=run.number,
        at=run.at,
        expected=len(run.dossiers),
        dossiers=there,
        registers=rows,
        receipts=tuple(receipts),
        lost=sum(len(one.files) for one in run.lost.values()),
        recovered=recovered,
        expected_files=len(run.files),
        files=unassigned,
    )


def restore_person(
    source: RestoreSource,
    wanted: str,
    into: Path,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> Restored:
    """Bring the records of the one person whom ``wanted`` tells into the store ``into``, made if there is none.

    Raises:
        PatientUnknown, PatientAmbiguous: when it tells nobody, or several; else as ``restore_practice``.
    """
    run = source.run()
    with scratch(into.absolute().parent) as folder, open_store(into, create=True) as store:
        places = person_dossiers(source, run, wanted, folder, today=clock().date())
        with store.changing():
            if store.created:
                _begin(source, run, store, folder)
            receipts = [
                _received(source, store, one, units, folder, clock)
                for one, units in _counted(_files_of(places), progress)
            ]
            lost = {name: one for name, one in run.lost.items() if run.dossiers.get(name) in places}
            recovered = recover_files(source, lost, store, folder)
    return Restored(
        number=run.number,
        at=run.at,
        expected=len(places),
        dossiers=sum(len(one.came_in) for one in receipts),
        already=sum(len(one.already_there) for one in receipts),
        receipts=tuple(receipts),
        lost=sum(len(one.files) for one in lost.values()),
        recovered=recovered,
    )


def person_dossiers(
    source: RestoreSource, run: RunList, wanted: str, folder: Path, *, today: date
) -> list[DossierPlace]:
    """Return where the records of the one person lie whom ``wanted`` tells.

    Raises:
        PatientUnknown, PatientAmbiguous: when it tells nobody, or several.
    """
    with open_index(source, run, folder) as lines:
        tokens = {one.record.id: one for one in lines if isinstance(one, IndexedDossier)}
    found = one_person(persons_of(one.record for one in tokens.values()), wanted, today=today)
    if not isinstance(found, tuple):
        raise not_one(wanted, found)
    return [run.dossiers[tokens[one.id].token] for one in found]


@contextmanager
def open_index(source: RestoreSource, run: RunList, folder: Path) -> Iterator[Iterator[object]]:
    """Fetch the sealed index of ``run`` and open it; see ``read_index``."""
    place = INDEX_PLACE.format(number=run.number)
    with fetching_file(source, run.object_id, place, folder) as path, open_regular(path) as stream:
        yield read_index(stream, source.identities, {"backup": run.backup, "number": run.number})


def _needed_files(run: RunList) -> Iterator[tuple[File, set[str]]]:
    """Yield each file with the units of it that are wanted, the oldest package first; that with the practice last."""
    own = (run.practice_object, run.practice_file)
    rest = {one: units for one, units in _files_of(run.dossiers.values()) if one != own}
    yield from sorted(rest.items(), key=lambda one: one[0][1])
    yield own, {one.unit for one in run.dossiers.values() if (one.object_id, one.file) == own}


def _files_of(places: Iterable[DossierPlace]) -> Iterator[tuple[File, set[str]]]:
    files: defaultdict[File, set[str]] = defaultdict(set)
    for one in places:
        files[one.object_id, one.file].add(one.unit)
    yield from files.items()


def _counted(
    files: Iterator[tuple[File, set[str]]], progress: Callable[[int], None]
) -> Iterator[tuple[File, set[str]]]:
    for one, units in files:
        yield one, units
        progress(len(units))


def _received_on_all_cores(
    source: RestoreSource, into: Path, file: File, units: set[str], clock: Callable[[], datetime]
) -> Receipt:
    """Bring ``units`` of a file into the store ``into``, which nobody has open: its processes begin before."""
    with (
        fetching_file(source, file[0], f"{REVISION}/{file[1]}", into.parent) as path,
        WorkerPool(processes_for(packed_sizes(path))) as pool,
        open_store(into) as store,
    ):
        return receive(store, source.opening(path), clock=clock, choose=_chooser(units), pool=pool)


def _received(
    source: RestoreSource,
    store: PracticeStore,
    file: File,
    units: set[str],
    folder: Path,
    clock: Callable[[], datetime],
) -> Receipt:
    """Bring ``units`` of a file into the store."""
    with fetching_file(source, file[0], f"{REVISION}/{file[1]}", folder) as path:
        return receive(store, source.opening(path), clock=clock, choose=_chooser(units))


def _chooser(units: set[str]) -> Callable[[OpenedHandover], ImportChoice]:
    """Return what chooses the dossiers of ``units`` from a package."""

    def choose(received: OpenedHandover) -> ImportChoice:
        patients = (
            entry.patient.get("id", "")
            for _, entry in received.entries()
            if entry.patient is not None and entry.unit in units
        )
        return ImportChoice(patients=frozenset(patients))

    return choose


def _begin(source: RestoreSource, run: RunList, store: PracticeStore, folder: Path) -> None:
    """Say whose store it is, so that its practice comes back as its own and not as another's."""
    with open_index(source, run, folder) as lines:
        for one in lines:
            if isinstance(one, tuple) and one[0] == SETTINGS and one[1][0] == OWN_PRACTICE:
                store.set_setting(OWN_PRACTICE, str(one[1][1]))


def _put_files(source: RestoreSource, run: RunList, store: PracticeStore, folder: Path) -> int:
    """Bring back the files that are in no dossier; return how many there are.

    Raises:
        AttachmentChanged: when one is not the file that the index names; WrongKey, SealBroken: when it does not open.
    """
    if not run.files:
        return 0
    count = 0
    with open_index(source, run, folder) as lines, store.changing():
        for one in lines:
            if isinstance(one, IndexedFile):
                place = run.files[one.token]
                with (
                    fetching_file(source, place.object_id, place.path, folder / "files") as path,
                    open_regular(path) as stream,
                ):
                    body = partial(decrypting, stream, source.identities)
                    store.keep_file(FileBody(attachment=one.attachment, open=body))
                count += 1
    return count


def _put_registers(
    source: RestoreSource, run: RunList, store: PracticeStore, folder: Path, at: datetime
) -> int:
    """Follow step 5; return how many rows there are."""
    with open_index(source, run, folder) as lines, store.changing():
        rows = (one for one in lines if isinstance(one, tuple))
        count = replace_registers(store, rows, REGISTERS)
        store.note(at.isoformat(), "restore", {"backup": run.backup, "run": run.number})
    return count


def _take_name(aside: Path, into: Path) -> None:
    """Give the store and its files their names, the store last."""
    files = aside.with_name(f"{aside.stem}.files")
    with disk.failures_about(into):
        if files.is_dir():
            files.rename(into.with_name(f"{into.stem}.files"))
        disk.name_if_free(aside, into)
        disk.sync_folder(into.absolute().parent)
