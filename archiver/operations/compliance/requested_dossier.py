"""Hand a dossier over in a package to whoever asked for it: what they may have, and that it was made for them.

1. The request is open, the identity of whoever asks was checked, the time of reflection is over.
2. Every record of the person is taken, without what the law keeps back; an heir says what they need.
3. The package says who asked and how their identity was checked; the register says what the package is and lacks.
4. That it was handed over is said of the request and of the package alike.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from archiver.assembly.request import ExportOutcome
from archiver.compliance.redaction import Selection, redact
from archiver.operations.compliance.access_requests import ready_request, trace_of
from archiver.practice import people
from archiver.practice.registers import access_requests as register
from archiver.practice.registers.access_requests import AccessRequest, RequestDelivery
from archiver.practice.registers.handovers import find_handover, note_proof_of_delivery
from archiver.practice.store import PracticeStore
from archiver.scope.handover_terms import HandoverTerm
from formats.digests import digest_of_file
from formats.model.missing import LOST
from formats.model.people import Patient


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestedDossier:
    """The dossier of a request: its ``records``, the first of which stands for the person, and what is withheld."""

    request: AccessRequest
    records: tuple[Patient, ...]
    selection: Selection

    def terms(self) -> Mapping[HandoverTerm, str]:
        """Return what the package says of the request."""
        one = self.request
        purpose = {HandoverTerm.PURPOSE: one.purpose} if one.purpose else {}
        check = f"{one.identity_check} ({one.identity_by}, {one.identity_at[:10]})"
        return {HandoverTerm.REQUESTER: one.requester, **purpose, HandoverTerm.IDENTITY_CHECK: check}


def requested_dossier(
    store: PracticeStore, number: int, selection: Selection, *, whole: bool, at: datetime
) -> RequestedDossier:
    """Return whose dossier is handed over, and what of it.

    Raises:
        RequestUnknown, RequestClosed, IdentityUnchecked, RequestTooEarly, ScopeMissing, RecordUnknown: when it is
            not to be.
    """
    request = ready_request(store, number, selection, whole=whole, at=at)
    person = people.person_of(store, request.patient)
    identities = sorted(people.records_of(store, person), key=lambda one: one != person)
    known = {one.id: one for one in store.patients() if one.id in identities}
    return RequestedDossier(
        request=request, records=tuple(known[one] for one in identities), selection=selection
    )


def note_requested(
    store: PracticeStore, requested: RequestedDossier, outcome: ExportOutcome, *, by: str, at: datetime
) -> RequestDelivery:
    """Write into the register which package was made for a request, and what it lacks.

    Raises:
        DiskFault: when the package cannot be read again.
    """
    digest, size = digest_of_file(outcome.path)
    redacted = [redact(store.dossier(one.id), requested.selection) for one in requested.records]
    package = outcome.set_id or outcome.volumes[0].manifest.package_id
    files = [{"name": outcome.path.name, "size": size, "sha256": digest.hex, "package": package}]
    lost = [one for one in outcome.findings if one.code in LOST]
    with store.changing():
        return register.note_delivery(
            store, requested.request, files=json.dumps(files), left_out=trace_of(redacted, lost), by=by, at=at
        )


def note_delivered_packages(
    store: PracticeStore, request: AccessRequest, delivery: RequestDelivery, *, at: datetime
) -> None:
    """Write down of the packages that were made for a request that they were handed over, as its ``delivery`` says."""
    packages = {str(one["package"]) for one in json.loads(delivery.files) if "package" in one}
    for package in sorted(packages):
        if find_handover(store, package) is not None:
            note_proof_of_delivery(
                store,
                at,
                package=package,
                conveyance=delivery.conveyance,
                recipient=delivery.recipient,
                delivered_on=delivery.sent_at,
                claimed_by=request.name,
                claimed_on=request.received,
                identity_check=request.identity_check,
                recorded_by=delivery.sent_by,
            )
