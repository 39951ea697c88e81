"""What the ``export`` command does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportOutcome, ExportRequest
from archiver.assembly.seal import sealing_sizes
from archiver.cli.clock import now
from archiver.cli.options.accepted_signers import read_accepted
from archiver.cli.options.export import LeavingOptions, PartyOptions, RedactionOptions
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.recipients import recipients_of
from archiver.cli.options.signers import Signatures, signatures_of
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import TrustOptions
from archiver.cli.run.deliveries.status import delivery_status
from archiver.cli.run.exports.gone import decide_gone
from archiver.cli.run.exports.own_key import with_own_key
from archiver.cli.run.exports.show_export import show_export
from archiver.cli.run.exports.situation import show_documents
from archiver.cli.run.findings_report import findings_report
from archiver.cli.run.handovers.note_exports import note_exports
from archiver.cli.run.rosters.check_roster import require_correct
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json
from archiver.operations.documents.exports import exported_json
from archiver.operations.export import export
from archiver.operations.receipts.export_entries import export_entry
from archiver.operations.rosters.examine_agreement import (
    AgreementRequest,
    examine_agreement,
    followed_agreement,
)
from archiver.operations.splitting.leaving import LeavingPatients, LeavingRequest, leaving_patients
from archiver.practice.practitioners import find_practitioner
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.gone_leaving import GoneLeaving
from archiver.scope.legal_ground import LegalGround
from archiver.scope.practice_days import practice_day
from archiver.scope.rosters.roster import chosen_patients
from archiver.scope.situations import SITUATIONS
from archiver.signing.certificates.subject import subject_name
from archiver.signing.trust.anchors import Trust
from archiver.spooled_list import SpooledList
from archiver.worker_pool import WorkerPool, processes_for
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportOrder:
    """The command line, understood."""

    store: Path
    package: Path
    to: tuple[str, ...]
    passphrase_file: Path | None
    own_key: bool | None
    signing: SigningOptions
    authorities: TrustOptions
    roster_signers: TrustOptions
    leaving: LeavingOptions
    redaction: RedactionOptions
    parties: PartyOptions
    ground: LegalGround
    volume_size: int
    by_retention_year: bool
    paperwork: Path | None = None

    @property
    def each(self) -> bool:
        """Whether the situation seals a package for each person."""
        return self.leaving.situation is not None and SITUATIONS[self.leaving.situation].each


def run(order: ExportOrder, output: OutputOptions) -> int:
    """Export, say what was taken and what was not, and return the exit status."""
    trust = read_accepted(order.authorities).trust
    roster_trust = read_accepted(order.roster_signers).trust
    signatures = signatures_of(order.signing, trust)
    if order.paperwork:
        from archiver.cli.run.paperwork.documents import require_free

        require_free(order.paperwork)
    to = with_own_key(order.to, order.signing.signer, order.leaving.situation, wanted=order.own_key)
    allowed = recipients_of(to, order.passphrase_file)
    if order.each:
        return _run_each(order, output, signatures, allowed)
    with findings_report(output.report) as fill:
        with open_store(order.store, reading=True) as store:
            whose, gone = _decided(store, order)
            request = _request(order, whose, gone, signatures, allowed)
            request = _agreed(order, whose, request, roster_trust)
            processes = processes_for(sealing_sizes(store, request.patients))
        with (  # a forked process may not have our connection to the store
            WorkerPool(processes) as pool,
            open_store(order.store, reading=True) as store,
            progress(mark("Sealing"), total=len(request.patients)) as step,
        ):
            outcome = export(
                store, request, clock=now, randomness=secrets.token_bytes, pool=pool, progress=step
            )
        known = (*whose.findings, *(request.agreement.findings if request.agreement else ()))
        unrecorded = note_exports(order.store, (export_entry(outcome),))
        outcome = replace(outcome, findings=SpooledList(chain(known, outcome.findings, unrecorded)))
        fill(outcome.findings)
    if whose.requested:
        from archiver.operations.compliance.requested_dossier import note_requested

        with open_store(order.store) as store:
            note_requested(
                store, whose.requested, outcome, by=subject_name(signatures.signer.certificate), at=now()
            )
    written = _paperwork(outcome, order.paperwork, trust) if order.paperwork else ()
    if output.as_json:
        show_json(exported_json(outcome, written))
    else:
        show_export(outcome, volume_size=order.volume_size, by_retention_year=order.by_retention_year)
        if order.leaving.situation:
            show_documents(order.leaving.situation, written=bool(written))
        for path in written:
            say(mark("Written: {path}"), path=str(path))
    return delivery_status(outcome.findings)


def _run_each(
    order: ExportOrder, output: OutputOptions, signatures: Signatures, allowed: KeyringRecipients
) -> int:
    """Export a package for each person, say what was taken and what was not, and return the exit status."""
    from archiver.cli.run.exports.each import seal_each, show_each

    with findings_report(output.report) as fill:
        with open_store(order.store, reading=True) as store:
            whose, gone = _decided(store, order)
            each = seal_each(store, _request(order, whose, gone, signatures, allowed))
        unrecorded = note_exports(order.store, each.entries)
        each = replace(each, findings=SpooledList(chain(whose.findings, each.findings, unrecorded)))
        fill(each.findings)
    show_each(each, as_json=output.as_json)
    return delivery_status(each.findings)


def _paperwork(outcome: ExportOutcome, folder: Path, trust: Trust) -> tuple[Path, ...]:
    """Write slip and attestation, and return their files."""
    from archiver.cli.run.paperwork.documents import write_beside_export

    written = write_beside_export(outcome, folder, trust)
    show_findings(written.findings)
    return written.files


def plan(order: ExportOrder, output: OutputOptions) -> None:
    """Say what the export would be; no key is asked for, and nothing is written but the report of the lists."""
    from archiver.cli.run.exports import plan_export
    from archiver.operations.splitting.plan_export import PlanRequest

    if order.paperwork:
        from archiver.cli.run.paperwork.documents import require_free

        require_free(order.paperwork)
    trust = read_accepted(order.roster_signers).trust
    with findings_report(output.report) as fill, open_store(order.store, reading=True) as store:
        whose, gone = _decided(store, order, asked=False)
        asked = whose.roster and AgreementRequest(
            roster=whose.roster, ground=order.ground, signers=(), trust=trust
        )
        agreement = examine_agreement(asked) if asked else None
        findings = (*whose.findings, *(agreement.findings if agreement else ()))
        fill(findings)
        request = PlanRequest(
            target=order.package,
            patients=whose.patients,
            named=chosen_patients(whose.lines),
            on=practice_day(store, now()),
            about=find_practitioner(store, order.leaving.practitioner) or "",
            roster=not order.leaving.whole_practice,
            on_hold=whose.on_hold,
            situation=order.leaving.situation,
            asked={**(whose.requested.terms() if whose.requested else {}), **gone.terms()},
            selection=whose.requested.selection if whose.requested else None,
            gone=gone,
            without_lost=order.leaving.without_lost,
            volume_size=order.volume_size,
            by_retention_year=order.by_retention_year,
        )
        plan_export.plan(store, request, agreement, findings, as_json=output.as_json)


def _decided(
    store: PracticeStore, order: ExportOrder, *, asked: bool = True
) -> tuple[LeavingPatients, GoneLeaving]:
    """Return whose dossiers leave, and what becomes of what the source does not have any more."""
    everybody = order.leaving.whole_practice
    return decide_gone(store, _whose(store, order), order.leaving.gone, everybody=everybody, asked=asked)


def _whose(store: PracticeStore, order: ExportOrder) -> LeavingPatients:
    """Return whose dossiers leave, and say what may make them incomplete."""
    request = LeavingRequest(
        roster=order.leaving.roster,
        practitioner=order.leaving.practitioner,
        hold=order.leaving.hold,
        situation=order.leaving.situation,
        ground=order.ground,
        receiver=order.parties.receiver,
        at=now(),
        access_request=order.leaving.request,
        selection=order.redaction.selection(),
        whole=order.redaction.whole,
    )
    found = leaving_patients(store, request, require=require_correct)
    for sentence, count in found.notes():
        note(sentence, count=count)
    return found


def _request(
    order: ExportOrder,
    whose: LeavingPatients,
    gone: GoneLeaving,
    signatures: Signatures,
    allowed: KeyringRecipients,
) -> ExportRequest:
    return ExportRequest(
        target=order.package,
        patients=whose.patients,
        access=allowed,
        signer=signatures.signer,
        co_signer=signatures.co_signer,
        stamp=signatures.stamp,
        sources=signatures.sources,
        ground=order.ground,
        situation=order.leaving.situation,
        asked=whose.requested.terms() if whose.requested else {},
        selection=whose.requested.selection if whose.requested else None,
        roster=whose.lines,
        on_hold=whose.on_hold,
        whole_practice=order.leaving.whole_practice,
        gone=gone,
        without_lost=order.leaving.without_lost,
        controller_after=order.parties.controller_after,
        volume_size=order.volume_size,
        by_retention_year=order.by_retention_year,
        receiver=order.parties.receiver,
        sender=order.parties.sender,
    )


def _agreed(
    order: ExportOrder, whose: LeavingPatients, request: ExportRequest, trust: Trust
) -> ExportRequest:
    """Return ``request`` with who agreed on the roster, on the ground that they signed where none is stated.

    Raises:
        RosterUnsigned: when fewer agreed than the ground asks for, and nobody says why.
    """
    if whose.roster is None:
        return request
    signers = tuple(filter(None, (request.signer, request.co_signer)))
    asked = AgreementRequest(roster=whose.roster, ground=request.ground, signers=signers, trust=trust)
    found = followed_agreement(asked, unsigned=order.leaving.unsigned, uncounted=show_findings)
    return replace(request, agreement=found, ground=found.ground)
