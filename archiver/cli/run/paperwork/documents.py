"""Write documents, and copy templates: what the ``paperwork`` commands do and print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver import disk
from archiver.cli.clock import now
from archiver.cli.options.accepted_signers import note_doubt, read_accepted
from archiver.cli.options.keys import PackageKeys
from archiver.cli.options.output import PaperworkOptions
from archiver.cli.options.trust import OpeningOptions
from archiver.cli.run.inspect import opening_of
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json
from archiver.compliance.host_certificates import receiver_findings
from archiver.examination.basis import basis_of
from archiver.examination.examine import examine_whole, length_of
from archiver.handover.opening import OpenRequest, open_handover
from archiver.handover.receipt_reading import read_receipt
from archiver.operations.documents.outcomes import findings_json
from archiver.paperwork.documents import TransferDocument
from archiver.paperwork.package_facts import OpenedContent, transfer_of_examined, transfer_of_opened
from archiver.paperwork.receipt_facts import receipt_data
from archiver.paperwork.store_facts import StatedDeparture, departure_of
from archiver.paperwork.templates import own_templates
from archiver.paperwork.write import PaperworkRequest, WrittenPaperwork, require_free_names, write_paperwork
from archiver.practice.practitioners import OWN_PRACTICE, find_practitioner
from archiver.practice.registers.hosts import hosts
from archiver.practice.store import open_store
from archiver.scope.errors import UnknownPractitioner
from archiver.scope.practice_days import practice_day
from archiver.temporary_files import folder_aside
from archiver.verdict import State
from formats.findings import Finding
from formats.model.people import Practice, Practitioner
from formats.words import mark

ABOUT_PACKAGE = (TransferDocument.SLIP, TransferDocument.ATTESTATION)
"""Documents about a package."""
LETTERS = (
    TransferDocument.PATIENTS_LETTER,
    TransferDocument.ORDER_NOTICE,
    TransferDocument.ARS_NOTICE,
)
"""Documents about a departure."""

if TYPE_CHECKING:
    from archiver.assembly.request import ExportOutcome
    from archiver.cli.commands.paperwork import DepartureOptions
    from archiver.paperwork.transfer import TransferData
    from archiver.signing.trust.anchors import Trust


def transfer(
    package: Path,
    paperwork: PaperworkOptions,
    keys: PackageKeys,
    trust: OpeningOptions,
    *,
    as_json: bool,
) -> None:
    """Write the documents about a package that is not to be refused.

    Raises:
        Failure: as ``verify`` shows it; with a key, as ``import``; as ``write_paperwork``.
    """
    if keys.identity_passphrase_file:  # of a key that has to be named
        keys.require()
    data = _opened(opening_of(package, keys, trust)) if keys.named else _examined(package, trust)
    _write(dict.fromkeys(ABOUT_PACKAGE, data), paperwork, data.made, as_json=as_json)


def _opened(opening: OpenRequest) -> TransferData:
    made = now().replace(microsecond=0)
    with progress(mark("Verifying"), total=length_of(opening.package, opening.trust), unit="B") as step:
        received = open_handover(opening, progress=step)
    note_doubt(received.doubt, opening.trust, received.verdict.trusted)
    files = [one.file for one in received.volume_list.volumes] if received.volume_list else []
    return transfer_of_opened(received, basis_of(opening.package, opening.trust, files), made)


def _examined(package: Path, trust: OpeningOptions) -> TransferData:
    made = now().replace(microsecond=0)
    whom = read_accepted(trust)
    with progress(mark("Verifying"), total=length_of(package, whom.trust), unit="B") as step:
        examined = examine_whole(package, whom.trust, first_use=whom.first_use, progress=step)
    verdict = examined.verdict
    if verdict.refusal is not None:
        raise verdict.refusal
    if verdict.trusted.state is not State.PROVEN:
        note(verdict.trusted.sentence, **verdict.trusted.facts)
    basis = basis_of(package, whom.trust, [one.file for one in examined.volumes])
    return transfer_of_examined(examined, basis, made)


def require_free(folder: Path) -> None:
    """Refuse a folder that has documents about a package already, before hours of sealing.

    Raises:
        AlreadyExists: when one of them is there.
    """
    require_free_names(ABOUT_PACKAGE, folder)


def write_beside_export(outcome: ExportOutcome, folder: Path, trust: Trust) -> WrittenPaperwork:
    """Write the documents about what was just sealed: with the sums and reasons that its sender knows.

    Raises:
        Failure: as ``write_paperwork``.
    """
    examined = examine_whole(outcome.path, trust)
    if examined.verdict.refusal is not None:
        raise examined.verdict.refusal
    content = OpenedContent(
        sums=outcome.sums,
        missing=outcome.missing,
        terms=outcome.terms,
        agreement=outcome.agreement,
        left_out=outcome.redactions,
    )
    basis = basis_of(outcome.path, trust, [one.file for one in examined.volumes])
    data = transfer_of_examined(examined, basis, now().replace(microsecond=0), content)
    documents = dict.fromkeys(ABOUT_PACKAGE, data)
    return write_paperwork(PaperworkRequest(documents=documents, folder=folder, made=data.made))


def departure(store: Path, leaving: DepartureOptions, paperwork: PaperworkOptions, *, as_json: bool) -> None:
    """Write the letters about a departure.

    Raises:
        UnknownPractitioner: when the store knows nobody, or several, of that name.
        Failure: as ``open_store`` and ``write_paperwork``.
    """
    made = now().replace(microsecond=0)
    stated = StatedDeparture(
        situation=leaving.situation,
        last_day=leaving.last_day.date() if leaving.last_day else None,
        successor=leaving.successor,
        new_practice=leaving.new_practice,
        keeper=leaving.keeper,
    )
    with open_store(store, reading=True) as opened:
        identity = find_practitioner(opened, leaving.practitioner)
        practitioner = opened.get(Practitioner, identity) if identity else None
        if practitioner is None:
            raise UnknownPractitioner(practitioner=leaving.practitioner)
        own = opened.setting(OWN_PRACTICE)
        data = departure_of(practitioner, opened.get(Practice, own) if own else None, stated, made)
        today = practice_day(opened, made)
        certified = receiver_findings(hosts(opened), leaving.keeper, deposit=False, today=today)
        findings = tuple(certified)
    _write(dict.fromkeys(LETTERS, data), paperwork, made, as_json=as_json, findings=findings)
    if data.late and data.notice_by:
        note(
            mark("Order and health agency should have known by {day}: tick the reason in their letters."),
            day=data.notice_by.isoformat(),
        )


def receipt(path: Path, paperwork: PaperworkOptions, *, as_json: bool) -> None:
    """Write the receipt at ``path`` as a document.

    Raises:
        ReceiptUnreadable, LimitExceeded: as ``read_receipt``; Failure: as ``write_paperwork``.
    """
    data = receipt_data(read_receipt(path), now().replace(microsecond=0))
    _write({TransferDocument.RECEIPT: data}, paperwork, data.made, as_json=as_json)


def _write(
    documents: Mapping[TransferDocument, Any],
    paperwork: PaperworkOptions,
    made: datetime,
    *,
    as_json: bool,
    findings: tuple[Finding, ...] = (),
) -> None:
    request = PaperworkRequest(
        documents=documents,
        folder=paperwork.to,
        made=made,
        templates=paperwork.templates,
        with_data=paperwork.with_data,
    )
    written = write_paperwork(request)
    show_written(replace(written, findings=(*findings, *written.findings)), as_json=as_json)


def templates(folder: Path, *, as_json: bool) -> None:
    """Copy the program's templates into a new folder.

    Raises:
        AlreadyExists: when it is there; DiskFull, DiskFault: what the disk answered.
    """
    copies = own_templates()
    with folder_aside(folder) as aside, disk.failures_about(folder):
        for name, content in copies.items():
            path = aside.joinpath(*name.split("/"))
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    if as_json:
        show_json({"templates": 1, "folder": str(folder), "files": list(copies)})
        return
    say(
        mark("{folder}: the templates. Keep those you change; --templates {folder} uses them."),
        folder=str(folder),
    )


def show_written(written: WrittenPaperwork, *, as_json: bool) -> None:
    """Say which files were written."""
    if as_json:
        files = [str(path) for path in written.files]
        show_json({"paperwork": 1, "files": files, "findings": findings_json(written.findings)})
        return
    for path in written.files:
        say(mark("Written: {path}"), path=str(path))
    show_findings(written.findings)
