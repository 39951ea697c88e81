"""Seal dossiers into a signed package, or into several that a signed set ties.

1. Every dossier is read from the store, written as a patient archive and sealed, on all cores.
   Their order is drawn by lot: who knows the roster learns nothing from a unit's place or number.
2. What was written must equal what the store holds, kind by kind.
3. Units join a volume until it is as long as asked for, or the next is of another year.
   Its practice-level unit says who works there, what the roster was and what was left out.
4. Keyring, public manifest, lists and signature close each volume; more than one are listed in a
   set, which is signed as well. Only then do they get their names, all of them or none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from archiver import disk
from archiver.assembly.about_patient import about_patient
from archiver.assembly.practice_rows import dossier_rows
from archiver.assembly.practice_unit import sealed_practice
from archiver.assembly.request import (
    Clock,
    ExportContext,
    ExportedVolume,
    ExportOutcome,
    ExportRequest,
    Randomness,
    new_identifier,
    sending_practice,
)
from archiver.assembly.retention_years import by_year, retention_year
from archiver.assembly.seal import SealedDossier, Writing, seal_dossiers
from archiver.assembly.volume import OpenVolume, named_organisation, organisation_of
from archiver.assembly.volume_set import write_volume_set
from archiver.errors import AlreadyExists
from archiver.file_transaction import FileTransaction, file_transaction
from archiver.handover.keyring_entry import keyring_entry
from archiver.package.layout import is_volume_of, set_name, volume_name
from archiver.package.manifests.manifest import MAX_VOLUMES, Volume
from archiver.package.manifests.manifest_reading import require_readable
from archiver.practice import people
from archiver.practice.practitioners import practice_sender
from archiver.practice.registers.handovers import ExportedUnit
from archiver.practice.registers.holds import patients_on_hold
from archiver.practice.store import PracticeStore
from archiver.scope.gone_leaving import gone_practice_rows
from archiver.scope.rosters.roster import chosen_patients
from archiver.scope.situations import SITUATIONS, Controller
from archiver.sealing import keyring
from archiver.sealing.keyring_lines import entry_line
from archiver.signing.keys.signer_check import refuse_unfit
from archiver.spooled_list import SpooledList
from archiver.worker_pool import ALONE, WorkerPool
from formats import paths
from formats.errors import LimitExceeded
from formats.findings import Finding
from formats.model.identity import names_and_birth
from formats.model.missing import LOST, SUMS, Missing
from formats.model.people import Practice
from formats.words import mark


def export(
    store: PracticeStore,
    request: ExportRequest,
    *,
    clock: Clock,
    randomness: Randomness,
    pool: WorkerPool = ALONE,
    progress: Callable[[int], None] = lambda _: None,
) -> ExportOutcome:
    """Write the package ``request.target``, or its volumes; whatever goes wrong, nothing is left behind.

    The processes of ``pool`` seal the dossiers, or this one; it was started before ``store`` was opened.

    Raises:
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
        Failure: when readers would refuse a signer (``archiver.signing.keys.signer_check``).
        FilesLost, AttachmentMissing, CountsDiffer: when the store does not hold what it lists.
        LimitExceeded, ManifestInvalid: when nobody could read what would be written; about a dossier, it is named.
    """
    refuse_taken(request.target, cut=request.cut)
    course = _course(store, request, clock, randomness)
    refuse_unfit((request.signer, request.co_signer), course.at)
    _refuse_beyond_limits(course)
    with file_transaction(request.target) as files:
        cutting = _Cutting(course, files)
        for one in seal_dossiers(
            store,
            in_order(course),
            Writing(
                written_at=course.at,
                sender=course.sender,
                selection=request.selection,
                without_gone=request.gone.left_out,
                without_lost=request.without_lost,
            ),
            folder=course.folder,
            randomness=randomness,
            pool=pool,
        ):
            cutting.take(one)
            progress(1)
        outcome = _finished(course, files, cutting.done(), cutting.findings)
        return replace(
            outcome,
            sums=cutting.sums,
            missing=cutting.missing,
            dossiers=cutting.dossiers,
            lost=cutting.lost,
        )


def in_order(course: ExportContext) -> Sequence[str]:
    """Return the patients in an order drawn by lot.

    Where volumes are of one year they come year after year, and by lot within each.
    """
    drawn = sorted(course.request.patients, key=lambda _: course.randomness(16))
    return by_year(course, drawn) if course.request.by_retention_year else drawn


def refuse_taken(target: Path, *, cut: bool) -> None:
    """Refuse names that are taken before hours of work, not after; one that is ``cut`` has names of volumes too."""
    taken = [target] if target.exists() else []
    if cut:
        with disk.failures_about(target):
            taken += [one for one in target.parent.iterdir() if is_volume_of(one.name, target.name)]
    if taken:
        raise AlreadyExists(path=str(min(taken)))


def _refuse_beyond_limits(course: ExportContext) -> None:
    """Refuse an export whose package would not be read again, as far as that is known beforehand.

    Raises:
        LimitExceeded: when one package would have more units than a keyring.
        ManifestInvalid: when a name is longer than a manifest has room for, or empty.
    """
    request = course.request
    units = len(request.patients) + 1
    if not request.cut and units > keyring.MAX_ENTRIES:
        name = mark("the number of units in the keyring")
        raise LimitExceeded(name=name, found=units, limit=keyring.MAX_ENTRIES)
    parties = {
        "sender": organisation_of(course.practice),
        "controller_after": named_organisation(request.controller_after),
        "receiver": named_organisation(request.receiver),
    }
    for key, party in parties.items():
        if party is not None:
            require_readable(key, party)


class _Cutting:
    """The volumes so far; the last one is open."""

    def __init__(self, course: ExportContext, files: FileTransaction) -> None:
        self._course = course
        self._files = files
        self._volumes: list[OpenVolume] = []
        self.findings = SpooledList[Finding](folder=course.folder)
        self.dossiers = SpooledList[ExportedUnit](folder=course.folder)
        self.sums: Counter[str] = Counter()
        self.missing: Missing = Counter()
        self.lost: dict[str, tuple[str, ...]] = {}

    def take(self, one: SealedDossier) -> None:
        """Let a sealed dossier join the open volume, or begin another with it."""
        course = self._course
        entry = keyring_entry(
            one.unit,
            one.sealed,
            one.passphrase,
            one.traits,
            one.counts,
            salt=one.leaf_salt,
            destroy_from=one.destroy_from,
            hold=one.patient in course.request.on_hold,
        )
        with about_patient(one.traits):
            line = len(entry_line(entry))
        rows = dossier_rows(entry.unit, one)
        year = retention_year(course, one.patient, one.destroy_from)
        volume = self._volumes[-1] if self._volumes else self._begin(year)
        if volume.year != year or not (volume.empty or volume.fits(one, line, rows)):
            volume.close(alone=False)
            volume = self._begin(year)
        volume.join(one, entry, line, rows)
        for found in one.findings:
            self.findings.append(found)
        if lost := tuple(str(found.facts["digest"]) for found in one.findings if found.code in LOST):
            self.lost[one.patient] = lost
        self.dossiers.append(ExportedUnit(unit=one.unit, patient=one.patient, counts=one.counts))
        self.sums.update({kind: count for kind, count in one.counts.items() if kind in SUMS})
        self.missing.update(one.missing)

    def done(self) -> list[OpenVolume]:
        """Close the last volume and return all; an export of nobody has one as well."""
        if not self._volumes:
            self._begin(None)
        self._volumes[-1].close(alone=len(self._volumes) == 1)
        return self._volumes

    def _begin(self, year: int | None) -> OpenVolume:
        number = len(self._volumes) + 1
        if number > MAX_VOLUMES:
            raise LimitExceeded(name="number of volumes", found=number, limit=MAX_VOLUMES)
        if number == 2:  # the set names the files of its volumes
            paths.safe_path(volume_name(self._course.request.target.name, number))
        volume = OpenVolume(
            self._course,
            self._files.open(),
            number=number,
            year=year,
            practice_bytes=self._practice_bytes(first=number == 1),
        )
        if number == 1 and self._course.request.whole_practice and self._course.request.gone.left_out:
            volume.redactions.update(gone_practice_rows(self._course.store))
        self._volumes.append(volume)
        return volume

    def _practice_bytes(self, *, first: bool) -> int:
        """Return how long the practice's unit becomes at most: with every line of the roster."""
        if not self._course.request.volume_size:
            return 0
        with sealed_practice(self._course, first=first) as practice:
            return practice.sealed.size


def _finished(
    course: ExportContext, files: FileTransaction, volumes: list[OpenVolume], findings: Collection[Finding]
) -> ExportOutcome:
    """Sign every volume, and what ties them where there are several; say how they are called."""
    target, several = course.request.target, len(volumes) > 1
    set_id = new_identifier(course.randomness) if several else ""
    exported: list[ExportedVolume] = []
    counts, redactions = Counter[str](), Counter[str]()
    for number, volume in enumerate(volumes, 1):
        place = Volume(set_id=set_id, volume=number, of=len(volumes), retention_year=volume.year)
        manifest = volume.finish(place if several else None)
        path = target.with_name(volume_name(target.name, number)) if several else target
        files.name(volume.stream, path)
        size, digest = volume.stream.tell(), volume.manifest_digest
        exported.append(ExportedVolume(path=path, size=size, manifest=manifest, manifest_digest=digest))
        counts.update(volume.counts)
        redactions.update(volume.redactions)
    outcome = ExportOutcome(
        volumes=tuple(exported),
        counts=counts,
        on_hold=sum(volume.on_hold for volume in volumes),
        left_out={**course.left_out, **course.request.gone.counts()},
        linked=course.linked,
        findings=findings,
        agreement=course.request.agreement,
        terms=course.request.terms,
        redactions=redactions,
        set_id=set_id,
        set_file=target.with_name(set_name(target.name)) if several else None,
    )
    if outcome.set_file:
        stream = files.open()
        write_volume_set(course, outcome, stream)
        files.name(stream, outcome.set_file)
    return outcome


def _course(
    store: PracticeStore, request: ExportRequest, clock: Clock, randomness: Randomness
) -> ExportContext:
    practice = sending_practice(store, request.sender)
    named = chosen_patients(request.roster) or request.patients
    request = replace(
        request,
        controller_after=request.controller_after or _controller_after(request, practice),
        patients=people.with_linked(store, request.patients),
        on_hold=frozenset(people.with_linked(store, request.on_hold)) | patients_on_hold(store),
    )
    return ExportContext(
        store=store,
        request=request,
        practice=practice,
        sender=practice_sender(practice),
        at=clock().replace(microsecond=0),
        randomness=randomness,
        left_out=_left_out(store, request),
        linked=linked_names(store, set(request.patients) - set(named)),
    )


def linked_names(store: PracticeStore, patients: Collection[str]) -> dict[str, str]:
    """Return the names of ``patients`` by their identities."""
    return (
        {one.id: names_and_birth(one.traits) for one in store.patients() if one.id in patients}
        if patients
        else {}
    )


def _controller_after(request: ExportRequest, practice: Practice) -> str:
    """Return who answers for the dossiers afterwards, as far as the situation says so."""
    if request.situation is None:
        return ""
    unchanged = SITUATIONS[request.situation].controller is Controller.UNCHANGED
    return practice.name if unchanged else request.receiver


def _left_out(store: PracticeStore, request: ExportRequest) -> dict[str, int]:
    """Count what the export does not take."""
    left = {"patients": store.counts()["patients"] - len(set(request.patients))}
    if not request.whole_practice:
        left["practice_rows"] = sum(1 for _ in store.practice_rows())
    return left
