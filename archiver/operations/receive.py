"""Take the dossiers of a package into a practice that is not empty.

1. and 2. What was handed over is examined, accepted and opened (``archiver.handover.opening``).
3. Each unit must hold the plain archive the keyring promises, each archive the counts it promises,
   and the page that its own version makes of the data.
4. Each dossier comes in whole or not at all; INS and strict traits say who is who, or a human will.
5. What came in is compared with what each package announces; the receipt says so.

A dossier that cannot be read is reported and the others come in; anything
else that goes wrong leaves the practice as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archiver.errors import WrongPassphrase
from archiver.handover.errors import CountsDiffer
from archiver.handover.identity import Decision, KnownPeople, PatientIdentity
from archiver.handover.keyring_entry import compare_dossier, patient_traits
from archiver.handover.kinds import require_counts
from archiver.handover.opened_dossier import compare_sender_page
from archiver.handover.opening import (
    OpenedHandover,
    OpenRequest,
    UnlockedPackage,
    announced_counts,
    announced_sums,
    open_handover,
)
from archiver.handover.receipt import Arrival, Receipt, ReceivedVolume, UnitOutcome
from archiver.ingest.number_holders import dossier_of, examine_merges, note_holder, number_holder
from archiver.ingest.put_dossier import put_dossier
from archiver.package.checks.open import OpenPackage
from archiver.practice import people
from archiver.practice.errors import RecordUnstorable, ReferenceMissing
from archiver.practice.store import Change, PracticeStore
from archiver.sealing.errors import SealBroken, UnitMismatch
from archiver.sealing.keyring import KeyringEntry
from archiver.sealing.unsealing import open_entry
from archiver.signing.certificates.fingerprint import Fingerprint
from formats.errors import AttachmentChanged, Failure, FormatFailure, InconsistentDossier
from formats.model.missing import missing_content, whole_counts, without_sums
from formats.model.people import Patient
from formats.pdlgc.practice.read import PracticeArchive, read_practice_archive
from formats.pdlgc.read import PatientArchive, read_patient_archive
from formats.words import mark

REFUSING = (
    FormatFailure, InconsistentDossier, CountsDiffer, AttachmentChanged, RecordUnstorable, ReferenceMissing
)  # fmt: skip
"""What is wrong with one dossier, and with no other."""
RULE = "ins-and-strict-traits"
PROGRAM = "archiver"
LINKED_BY_SENDER = mark("the sender holds both for one person")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Course:
    """What an import needs at every step."""

    store: PracticeStore
    received: OpenedHandover
    known: KnownPeople
    at: datetime


def receive(
    store: PracticeStore,
    request: OpenRequest,
    *,
    clock: Callable[[], datetime],
    checking: Callable[[int], None] = lambda _: None,
    progress: Callable[[int], None] = lambda _: None,
) -> Receipt:
    """Import the package, or every volume of the set, and return the receipt.

    ``checking`` is told the bytes examined, ``progress`` the dossiers taken in.

    Raises:
        Failure: see ``open_everything``; DiskFull, DiskFault; the store then stays as it was.
    """
    received = open_handover(request, progress=checking)
    course = _Course(
        store=store, received=received, known=KnownPeople(store.patients()), at=clock().replace(microsecond=0)
    )
    units = {unit.id: unit for volume in received.volumes for unit in volume.package.manifest.units}
    arrivals: list[Arrival] = []
    with store.changing():
        for opened, entry in received.entries():
            arrival, unit = _take(course, opened.package, entry), units[entry.unit]
            arrivals.append(replace(arrival, destroy_from=unit.destroy_from, hold=unit.hold))
            progress(1)
        receipt = _receipt(course, arrivals)
        if receipt.changed:
            store.note(
                course.at.isoformat(),
                "import",
                {
                    "package": receipt.package,
                    "dossiers": len(receipt.came_in),
                    "signer": receipt.signer,
                    "doubt": receipt.doubt.code if receipt.doubt else "",
                },
            )
    return receipt


def _take(course: _Course, package: OpenPackage, entry: KeyringEntry) -> Arrival:
    """Take one unit in whole, or report why not."""
    try:
        with (
            course.store.changing(),
            package.unit(entry.unit) as sealed,
            open_entry(sealed, entry) as plain,
        ):
            if entry.patient is None:
                return _take_practice(course, entry, read_practice_archive(plain))
            return _take_patient(course, package, entry, read_patient_archive(plain))
    except REFUSING as failure:
        return _refused(entry, failure)
    except (WrongPassphrase, SealBroken) as failure:  # the keyring's own passphrase: another unit lies there
        raise UnitMismatch(unit=entry.unit) from failure


def _take_patient(
    course: _Course, package: OpenPackage, entry: KeyringEntry, archive: PatientArchive
) -> Arrival:
    """Take a dossier in when it is of the patient of whom the sender's list speaks, and its page says what it says."""
    try:
        compare_dossier(entry, archive)
    except UnitMismatch as failure:
        return _refused(entry, failure)
    compared = compare_sender_page(package.manifest.handover, archive)
    return replace(_take_dossier(course, package, entry, archive), page_compared=compared)


def _refused(entry: KeyringEntry, failure: Failure) -> Arrival:
    return Arrival(
        unit=entry.unit,
        state=UnitOutcome.REFUSED,
        who=dict(entry.patient or {}),
        read=False,
        counts={},
        refusal=failure,
    )


def _take_practice(course: _Course, entry: KeyringEntry, archive: PracticeArchive) -> Arrival:
    store = course.store
    records = archive.records
    changes = [store.put(records.practice), *map(store.put, records.practitioners)]
    rows = [store.put(row) for row in archive.rows()]
    counts = {
        "missing": len(records.missing),
        "practitioners": len(records.practitioners),
        "retention": len(records.retention),
        "roster": len(records.roster),
        "source_rows": len(rows),
    }
    require_counts(entry.counts, counts)
    return Arrival(
        unit=entry.unit,
        state=_state([*changes, *rows]),
        who={},
        counts=counts,
        remarks=archive.findings,
    )


def _take_dossier(
    course: _Course, package: OpenPackage, entry: KeyringEntry, archive: PatientArchive
) -> Arrival:
    require_counts(entry.counts, whole_counts(archive.dossier))
    held = number_holder(course.store, archive.dossier.patient, at=course.at)
    dossier = dossier_of(archive.dossier, held.patient)
    again = course.store.holds(Patient, dossier.patient.id)
    changes = put_dossier(course.store, dossier, archive)
    note_holder(course.store, held, at=course.at)
    examine_merges(course.store, held.before, held.patient, at=course.at)
    known = course.known
    decision = _still_open(course.store, dossier.patient) if again else known.decide(dossier.patient)
    known.add_numbers(dossier.patient)
    decision = _with_linked(course.store, dossier.patient, decision)
    if decision.identity is PatientIdentity.SAME and len(_persons(course.store, decision)) > 1:
        decision = Decision(
            identity=PatientIdentity.QUESTION, candidates=decision.candidates, reason=decision.reason
        )
    _settle(course, dossier.patient, decision)
    course.store.note_import(
        package.manifest.package_id,
        entry.unit,
        dossier.patient.id,
        entry.plain_sha256,
        course.at,
        entry.counts,
    )
    state = _state(changes)
    return Arrival(
        unit=entry.unit,
        state=state,
        who=patient_traits(dossier.patient),
        counts=whole_counts(dossier),
        identity=decision.identity,
        candidates=decision.candidates,
        reason=decision.reason,
        remarks=archive.findings,
        missing=missing_content(dossier),
    )


def _still_open(store: PracticeStore, patient: Patient) -> Decision:
    """Return the question an earlier import left about ``patient``, if no human answered it yet."""
    asked = people.questions_of(store, patient.id)
    if not asked:
        return Decision(identity=PatientIdentity.NEW)
    candidates = tuple(one.candidate for one in asked)
    return Decision(identity=PatientIdentity.QUESTION, candidates=candidates, reason=asked[0].reason)


def _not_asked(store: PracticeStore, patient: Patient, decision: Decision) -> tuple[str, ...]:
    """Return the records the sender holds for the same person about which nobody here was asked yet."""
    asked = people.questions_between(store, patient.id, patient.linked)
    known = {each for one in asked for each in (one.patient, one.candidate)}
    known.update(people.linked_patients(store, patient.id), decision.candidates)
    return tuple(one for one in patient.linked if one not in known and store.holds(Patient, one))


def _with_linked(store: PracticeStore, patient: Patient, decision: Decision) -> Decision:
    """Add to a question, or to somebody new, the records the sender holds for the same person."""
    more = () if decision.identity is PatientIdentity.SAME else _not_asked(store, patient, decision)
    if not more:
        return decision
    reason = decision.reason if decision.identity is PatientIdentity.QUESTION else LINKED_BY_SENDER
    return Decision(
        identity=PatientIdentity.QUESTION, candidates=(*decision.candidates, *more), reason=reason
    )


def _persons(store: PracticeStore, decision: Decision) -> set[str]:
    return {people.person_of(store, candidate) for candidate in decision.candidates}


def _settle(course: _Course, patient: Patient, decision: Decision) -> None:
    """Write down who the patient is, or leave the question to a human."""
    if decision.identity is PatientIdentity.SAME:
        people.link(
            course.store, patient.id, decision.candidates[0], rule=RULE, decided_by=PROGRAM, at=course.at
        )
        for other in _not_asked(course.store, patient, decision):
            people.ask_question(course.store, patient.id, other, reason=LINKED_BY_SENDER, at=course.at)
    elif decision.identity is PatientIdentity.QUESTION:
        for candidate in decision.candidates:
            people.ask_question(course.store, patient.id, candidate, reason=decision.reason, at=course.at)


def _state(changes: Sequence[Change]) -> UnitOutcome:
    if all(change is Change.UNCHANGED for change in changes):
        return UnitOutcome.ALREADY_THERE
    return UnitOutcome.CAME_IN


def _receipt(course: _Course, arrivals: Sequence[Arrival]) -> Receipt:
    """Return the receipt, having compared what came in with what each package announces."""
    received = course.received
    by_unit = {arrival.unit: arrival for arrival in arrivals}
    found: Counter[str] = Counter()
    for volume in received.volumes:
        mine = [by_unit[entry.unit] for entry in volume.keyring.entries]
        counts = _found(mine)
        promised = volume.package.manifest.handover.counts
        if not any(arrival.state is UnitOutcome.REFUSED for arrival in mine):
            require_counts(promised, without_sums(counts))
        found.update(counts)
    handover = received.volumes[0].package.manifest.handover
    facts = received.verdict.signed_by.facts
    return Receipt(
        package=received.identifier,
        received_at=course.at,
        created=handover.created,
        ground=handover.legal_ground,
        sender=handover.sender.name,
        signer=str(facts.get("signer", "")),
        fingerprint=Fingerprint(facts.get("fingerprint", "")),
        announced={**announced_counts(one.package for one in received.volumes), **announced_sums(received)},
        found=dict(found),
        arrivals=tuple(arrivals),
        questions=people.count_questions(course.store),
        volumes=tuple(map(_volume, received.volumes)),
        accepted=received.verdict.trusted,
        doubt=received.doubt,
        accepted_list=received.signed_list if received.doubt else "",
    )


def _found(arrivals: Sequence[Arrival]) -> Counter[str]:
    found: Counter[str] = Counter()
    for arrival in arrivals:
        if arrival.who and arrival.state is not UnitOutcome.REFUSED:
            found.update({**arrival.counts, "patients": 1})
    return found


def _volume(opened: UnlockedPackage) -> ReceivedVolume:
    manifest = opened.package.manifest
    place = manifest.handover.volume
    return ReceivedVolume(
        package=manifest.package_id,
        set_id=place.set_id if place else "",
        number=place.volume if place else 1,
        of=place.of if place else 1,
    )
