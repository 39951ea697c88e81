"""What ``deliver --as pdlgc`` does."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING

from archiver.cli.clock import now
from archiver.cli.options.accepted_signers import read_accepted
from archiver.cli.options.delivery.delivery import DeliveryOptions
from archiver.cli.options.delivery.pdlgc import PdlgcOptions
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.signers import signer_of
from archiver.cli.options.time_stamping import stamping_by
from archiver.cli.run.deliveries.persons import chosen_persons, require_who
from archiver.cli.run.deliveries.status import delivery_status
from archiver.cli.run.dossiers.source import OpenedSource, SourceOptions, open_source
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.usage_errors import SayHow
from archiver.delivery.unfinished import is_unfinished
from archiver.errors import AlreadyExists
from archiver.nouns import DOSSIERS
from archiver.operations.deliveries.export_practice import own_practitioners
from archiver.operations.deliveries.export_request import PortabilityRequest
from archiver.operations.deliveries.export_source import Additions, DossierFilter
from archiver.operations.deliveries.pdlgc import PortabilityOutcome, export_portability
from archiver.practice.practitioners import practitioner_named, state_finess, stated_finess
from archiver.practice.store import PracticeStore
from archiver.signing.keys.key_file import Signer
from archiver.spooled_list import SpooledList
from formats.errors import Failure
from formats.findings import finding_document
from formats.mapping.check_digits import is_rpps
from formats.model.people import Practitioner
from formats.portability.writer.author import contact_of
from formats.portability.writer.manifest import ExportType
from formats.words import BYTES, Counted, mark, plural

if TYPE_CHECKING:
    from archiver.twins.press import TwinPress


def run(source: SourceOptions, options: DeliveryOptions, output: OutputOptions, own: PdlgcOptions) -> int:
    """Write the archive, and say what is in it; return the exit status.

    Raises:
        AlreadyExists: when something lies at the target that is no export of this kind to go on with.
        PatientUnknown, PatientAmbiguous: when a patient is none, or several.
        KeyFailure: when the key cannot be used.
        Failure: as ``export_portability``.
    """
    if own.signer is None:
        raise SayHow(mark("The archive is signed by who hands it over: say with which key, --signer"))
    if options.to.exists() and not is_unfinished(options.to):
        raise AlreadyExists(path=str(options.to))
    signer = signer_of(own.signer, own.signer_passphrase_file, own.pkcs11_module, own.chain or ())
    with findings_report(output.report) as fill, open_source(source, reading=False) as opened:
        require_who(opened, options)
        persons = chosen_persons(opened, options, today=now().date(), as_json=output.as_json)
        patients = SpooledList(record.id for records in persons for record in records)
        request = _request(opened, patients, signer, (source, options, own))
        with progress(mark("Writing"), total=len(patients)) as step, _press(own) as press:
            outcome = _export(opened, request, step, press)
        findings = SpooledList(chain(opened.findings, outcome.findings))
        fill(findings)
        stated = _state_finess(opened, own)
    if output.as_json:
        show_json(_document(outcome, request) | {"findings": map(finding_document, findings)})
    else:
        _show(outcome)
        show_findings(outcome.findings)  # those of the source were said when it was opened
    if stated:
        note(mark("The store keeps the FINESS number of the practice: it need not be said again."))
    return delivery_status(outcome.findings)


def _request(
    opened: OpenedSource,
    patients: Collection[str],
    signer: Signer,
    asked: tuple[SourceOptions, DeliveryOptions, PdlgcOptions],
) -> PortabilityRequest:
    """Return what is asked for, of whom, signed by whom."""
    source, options, own = asked
    people = own_practitioners(opened.content) if own.practitioner or own.rpps else ()
    activity = DossierFilter(
        practitioner=_named(own.practitioner, people) if own.practitioner else None,
        since=_day(own.since),
        until=_day(own.until),
    )
    return PortabilityRequest(
        patients=patients,
        folder=options.to,
        kind=_kind(options, activity),
        signer=signer,
        by=options.by,
        receiver=options.receiver,
        requester=own.requester,
        requested_on=_day(own.requested_on),
        activity=activity,
        copies=own.pdf,
        additions=Additions(
            finess=own.finess,
            finess_before=stated_finess(opened.content) if isinstance(opened.content, PracticeStore) else "",
            contact=contact_of(own.contact) if own.contact else None,
            rpps=_numbers(own, people),
        ),
        stamp=stamping_by(own.tsa, read_accepted(source.trust).trust) if own.tsa else None,
    )


def _export(
    opened: OpenedSource,
    request: PortabilityRequest,
    step: Callable[[int], None],
    press: TwinPress | None,
) -> PortabilityOutcome:
    try:
        return export_portability(
            opened.content, request, clock=now, randomness=secrets.token_bytes, progress=step, press=press
        )
    except Failure as failure:
        if is_unfinished(request.folder) and not isinstance(failure, AlreadyExists):
            note(mark("What is whole stays in {path}: the same command goes on."), path=str(request.folder))
        raise


@contextmanager
def _press(own: PdlgcOptions) -> Iterator[TwinPress | None]:
    """Start what makes readable copies, where there are to be any."""
    if not own.pdf:
        yield None
        return
    # only where copies are made: what makes them takes longer to load than the rest of the command
    from archiver.twins.press import TwinPress

    with TwinPress(processes=os.cpu_count() or 1, cache=own.pdf_cache) as press:
        yield press


def _kind(options: DeliveryOptions, activity: DossierFilter) -> ExportType:
    """Return of what kind the export is: of one patient, of chosen ones, or of the whole."""
    if options.everybody and not activity.chooses:
        return ExportType.MASS
    one = options.patient is not None and len(options.patient) == 1
    return ExportType.UNIT if one and not activity.chooses else ExportType.CHOSEN


def _state_finess(opened: OpenedSource, own: PdlgcOptions) -> bool:
    """Have a store keep the number that was given, once an archive was made with it."""
    content = opened.content
    return (
        bool(own.finess)
        and isinstance(content, PracticeStore)
        and state_finess(content, own.finess, at=now())
    )


def _numbers(own: PdlgcOptions, people: tuple[Practitioner, ...]) -> Mapping[str, str]:
    found = {}
    for text in own.rpps or ():
        name, separator, number = text.rpartition("=")
        if not separator or not is_rpps(number.strip()):
            raise SayHow(
                mark(
                    "An RPPS number (11 digits, Luhn) is given with whose it is: --rpps “Kerbrat=99900000029”"
                )
            )
        found[_named(name, people)] = number.strip()
    return found


def _named(name: str, people: tuple[Practitioner, ...]) -> str:
    identity = practitioner_named(people, name)
    if identity is None:
        raise SayHow(localize(mark("No single practitioner of the practice is called {name}"), name=name))
    return identity


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _document(outcome: PortabilityOutcome, request: PortabilityRequest) -> dict[str, object]:
    return {
        "exported_pdlgc": 1,
        "type": str(request.kind),
        "path": str(request.folder),
        "archives": [
            {"path": str(one.path), "id": one.id, "size": one.size, "patients": one.patients}
            for one in outcome.exports
        ],
        "counts": outcome.counts,
        "earlier": outcome.earlier,
        "not_chosen": outcome.passed,
    }


def _show(outcome: PortabilityOutcome) -> None:
    for one in outcome.exports:
        say(
            mark("{path}: {dossiers}, {size}."),
            path=str(one.path),
            dossiers=Counted(one.patients, DOSSIERS),
            size=Counted(one.size, BYTES),
        )
    if outcome.earlier:
        say(
            plural(
                "Of these, {count} dossier was whole already and is as it was.",
                "Of these, {count} dossiers were whole already and are as they were.",
            ),
            count=outcome.earlier,
        )
    note(
        mark(
            "The archive is not encrypted, as the guide has it: hand it over on an encrypted medium, or in a package "
            "of this program."
        )
    )
