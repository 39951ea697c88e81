"""Access requests: opened, looked at with their deadlines, answered with a redacted dossier, proven."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from archiver import disk, temporary_files
from archiver.assembly.lost_files import files_lost, without_lost
from archiver.compliance.access_deadlines import Deadlines, Received, ages_of_information, deadlines
from archiver.compliance.errors import (
    IdentityUnchecked,
    PurposeMissing,
    RecordUnknown,
    RequestClosed,
    RequestTooEarly,
    ScopeMissing,
)
from archiver.compliance.redaction import EVERYTHING, Redacted, Selection, redact
from archiver.compliance.request_slip import DeliveredFile, Slip, slip_text
from archiver.compliance.request_words import HeirPurpose, Omission, Requester
from archiver.delivery.write import (
    DeliveredPerson,
    DeliveryTerms,
    DossierOpener,
    DossierSource,
    write_person,
)
from archiver.errors import AlreadyExists
from archiver.practice import people
from archiver.practice.attachments import header_facts
from archiver.practice.practitioners import practice_of_store, practice_sender
from archiver.practice.previews import stored_previews
from archiver.practice.registers import access_requests as register
from archiver.practice.registers.access_requests import AccessRequest, RequestDelivery
from archiver.practice.store import PracticeStore
from archiver.scope.practice_days import practice_zone
from formats.digests import digest_of_file
from formats.findings import Finding
from formats.model.dossier import Dossier
from formats.model.identity import names_and_birth
from formats.pdlgc import layout

SLIP = "BORDEREAU.TXT"
DOSSIER, DOSSIER_ZIP = "DOSSIER", "DOSSIER.ZIP"
"""What lies beside the slip: the dossier as a folder, or as one encrypted ZIP."""
DAY = len("2026-11-29")
"""Characters of a day, where a request bears no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestOpening:
    """Who asks for whose dossier: the patient by identity, what the request says, who writes it down."""

    patient: str
    requester: Requester
    name: str
    received: Received
    by: str
    purpose: HeirPurpose | None = None


def open_request(store: PracticeStore, opening: RequestOpening, at: datetime) -> AccessRequest:
    """Write a request down.

    Raises:
        PurposeMissing: when an heir does not say to what end.
    """
    if opening.requester is Requester.HEIR and opening.purpose is None:
        raise PurposeMissing
    received = opening.received
    recent, old = ages_of_information(_dossiers(store, opening.patient), received.day)
    return register.note_request(
        store,
        opened_by=opening.by,
        at=at,
        patient=opening.patient,
        requester=opening.requester.value,
        name=opening.name,
        purpose=opening.purpose.value if opening.purpose else "",
        received=(received.at or received.day).isoformat(),
        recent=int(recent),
        old=int(old),
    )


def _dossiers(store: PracticeStore, patient: str) -> Iterator[Dossier]:
    """Yield every dossier of the person whose record ``patient`` is."""
    return map(store.dossier, people.records_of(store, people.person_of(store, patient)))


def deadlines_of(store: PracticeStore, request: AccessRequest) -> Deadlines:
    """Return the deadlines of a request, in the time zone of the practice."""
    zone = practice_zone(store)
    moment = None if len(request.received) == DAY else datetime.fromisoformat(request.received)
    day = moment.astimezone(zone).date() if moment else date.fromisoformat(request.received)
    return deadlines(
        Received(day=day, at=moment),
        Requester(request.requester),
        has_recent=bool(request.recent),
        has_old=bool(request.old),
        zone=zone,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class FulfilOrder:
    """What to write for a request into the new ``folder``; ``whole`` says that an heir needs all of the dossier.

    With ``zipped`` the dossier is one ZIP for a passphrase, else a folder. ``without_lost`` says that it goes without
    the files that the store lost, each named in it.
    """

    request: int
    folder: Path
    by: str
    selection: Selection = EVERYTHING
    whole: bool = False
    zipped: bool = False
    without_lost: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FulfilledRequest:
    """What was written: ``left_out`` counts records by kind and reason, ``emptied`` fields by kind and name.

    ``files`` fix all of it: the ZIP, or the list of sums in each folder. ``passphrase`` opens the ZIP. ``findings``
    name the files that the store lost, and without which it was written.
    """

    request: AccessRequest
    delivery: RequestDelivery
    files: tuple[DeliveredFile, ...]
    left_out: Mapping[tuple[str, Omission], int]
    emptied: Mapping[tuple[str, str], int]
    passphrase: str = field(default="", repr=False)
    findings: tuple[Finding, ...] = ()


def fulfil_request(
    store: PracticeStore, order: FulfilOrder, at: datetime, *, randomness: Callable[[int], bytes]
) -> FulfilledRequest:
    """Write the redacted dossier for a request, and a slip that says what was left out and why.

    Raises:
        RequestUnknown, RequestClosed, IdentityUnchecked, RequestTooEarly, ScopeMissing: when it is not to be.
        RecordUnknown: when a record that a person named is none of the dossier.
        FilesLost: when files are lost or damaged, and the dossier is not to be written without them.
        AlreadyExists, DiskFull, DiskFault, AttachmentMissing, CountsDiffer: then nothing is left behind.
    """
    request = ready_request(store, order.request, order.selection, whole=order.whole, at=at)
    if order.folder.exists():
        raise AlreadyExists(path=str(order.folder))
    redacted = [redact(dossier, order.selection) for dossier in _dossiers(store, request.patient)]
    redacted, lost = _without_lost(store, redacted, allowed=order.without_lost)
    with temporary_files.folder_aside(order.folder, mode=disk.PRIVATE_FOLDER) as aside:
        terms = DeliveryTerms(at=at.replace(microsecond=0), randomness=randomness)
        person = write_person(
            aside / (DOSSIER_ZIP if order.zipped else DOSSIER),
            [_opener(store, one, terms.at) for one in redacted],
            terms,
            zipped=order.zipped,
        )
        files = tuple(_fixing(aside, person, zipped=order.zipped))
        slip = replace(_slip(store, request, redacted, order, files, at), lost=lost)
        with disk.write_aside(aside / SLIP, mode=disk.PRIVATE, settled=False) as stream:
            stream.write(slip_text(slip))
        disk.settle(path for path in aside.rglob("*") if path.is_file())
        delivery = register.note_delivery(
            store,
            request,
            files=json.dumps(
                [{"name": one.name, "size": one.size, "sha256": one.digest.hex} for one in files]
            ),
            left_out=trace_of(redacted, lost),
            by=order.by,
            at=at,
        )
    return FulfilledRequest(
        request=request,
        delivery=delivery,
        files=files,
        left_out=slip.left_out,
        emptied=slip.emptied,
        passphrase=person.passphrase,
        findings=lost,
    )


def _without_lost(
    store: PracticeStore, redacted: Sequence[Redacted], *, allowed: bool
) -> tuple[list[Redacted], tuple[Finding, ...]]:
    """Return what is written without the files that the store lost, where that is ``allowed``, and what names them."""
    found: list[Redacted] = []
    lost: list[Finding] = []
    for one in redacted:
        dossier, holes = without_lost(one.dossier, store.attachments, compared=True)
        if holes and not allowed:
            raise files_lost(holes)
        found.append(replace(one, dossier=dossier))
        lost.extend(holes)
    return found, tuple(lost)


def ready_request(
    store: PracticeStore, number: int, selection: Selection, *, whole: bool, at: datetime
) -> AccessRequest:
    """Return a request whose dossier may be handed over now; ``whole`` says that an heir needs all of it.

    Raises:
        RequestUnknown, RequestClosed, IdentityUnchecked, RequestTooEarly, ScopeMissing: when it is not to be.
        RecordUnknown: when a record that a person named is none of the dossier.
    """
    request = register.access_request(store, number)
    if request.ending:
        raise RequestClosed(number=request.id)
    if not request.identity_at:
        raise IdentityUnchecked
    not_before = deadlines_of(store, request).not_before
    if not_before and at < not_before:
        raise RequestTooEarly(until=not_before.isoformat(" ", "minutes"))
    if request.requester == Requester.HEIR and not (whole or selection.only):
        raise ScopeMissing
    _refuse_unknown(store, request, selection)
    return request


def _refuse_unknown(store: PracticeStore, request: AccessRequest, selection: Selection) -> None:
    known = {record.id for dossier in _dossiers(store, request.patient) for record in dossier.records()}
    unknown = sorted({*selection.without, *selection.notes} - known)
    if unknown:
        raise RecordUnknown(record=unknown[0])


def _slip(
    store: PracticeStore,
    request: AccessRequest,
    redacted: Sequence[Redacted],
    order: FulfilOrder,
    files: tuple[DeliveredFile, ...],
    at: datetime,
) -> Slip:
    left_out: Counter[tuple[str, Omission]] = Counter()
    emptied: Counter[tuple[str, str]] = Counter()
    for one in redacted:
        left_out.update(one.counts())
        emptied.update(one.emptied)
    return Slip(
        patient=names_and_birth(redacted[0].dossier.patient.traits),
        practice=redacted[0].dossier.practice.name,
        requester=Requester(request.requester),
        name=request.name,
        received=request.received,
        written=at.astimezone(practice_zone(store)).date().isoformat(),
        files=files,
        left_out=left_out,
        emptied=emptied,
        zipped=order.zipped,
    )


def _opener(store: PracticeStore, one: Redacted, at: datetime) -> DossierOpener:
    practice = practice_of_store(store) or one.dossier.practice
    source = DossierSource(
        dossier=one.dossier,
        open_attachment=store.attachments.open,
        header_facts=partial(header_facts, store.db),
        sender=practice_sender(practice),
        written_at=at,
        previews=stored_previews(store.attachments),
    )
    return lambda: nullcontext(source)


def _fixing(folder: Path, person: DeliveredPerson, *, zipped: bool) -> Iterator[DeliveredFile]:
    """Yield the files whose digests fix all that was written."""
    paths = [person.path] if zipped else [person.path / one.folder / layout.SUMS for one in person.dossiers]
    for path in paths:
        digest, size = digest_of_file(path)
        yield DeliveredFile(name=path.relative_to(folder).as_posix(), size=size, digest=digest)


def trace_of(redacted: Sequence[Redacted], lost: Sequence[Finding] = ()) -> str:
    """Return what was left out, record by record, as JSON for the register, and which files were ``lost``."""
    records = [
        {"record": identity, "kind": kind, "reason": reason.value}
        for one in redacted
        for identity, (kind, reason) in sorted(one.records.items())
    ]
    emptied: Counter[tuple[str, str]] = Counter()
    for one in redacted:
        emptied.update(one.emptied)
    fields = [
        {"kind": kind, "field": name, "records": count} for (kind, name), count in sorted(emptied.items())
    ]
    files = [{"name": one.facts["name"], "sha256": one.facts["digest"], "reason": one.code} for one in lost]
    return json.dumps({"records": records, "emptied": fields, **({"lost": files} if files else {})})
