"""What ``deliver`` does for a target on the network."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE
from archiver.cli.options.delivery.delivery import DeliveryOptions
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.passphrases import from_file, web_password, web_token
from archiver.cli.run.deliveries.persons import chosen_persons, require_who
from archiver.cli.run.deliveries.status import delivery_status
from archiver.cli.run.dossiers.source import SourceOptions, open_source
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json
from archiver.cli.terminal.language import localize
from archiver.delivery.dicom.dicomweb_store import DicomwebStore, require_server
from archiver.delivery.dicom_node import DicomNode, read_node_address
from archiver.delivery.fhir_server import DIFFERENT, FhirServer, read_server_address
from archiver.delivery.sent_list import NO_HEADER, NOT_ACCEPTED, NOT_NAMED, SAME_UID, SentState
from archiver.dicom_network.dicomweb import WebAccess
from archiver.nouns import DOSSIERS, PARTS
from archiver.operations.deliveries.send import DeliveryTarget, SendOutcome, SendRequest, send
from archiver.spooled_list import SpooledList
from formats.findings import finding_document
from formats.words import Counted, mark, plural

ANSWERS: Mapping[str, str] = {
    NO_HEADER: mark("the file does not say what it is, or has no identity (file meta information)"),
    NOT_ACCEPTED: mark("the node takes no files of this kind, or none in this encoding"),
    SAME_UID: mark("another file has gone under its instance UID, and it cannot be given one of its own"),
    NOT_NAMED: mark("the server's answer does not say that it took the file"),
    DIFFERENT: mark("the server stored another number of resources than it was sent"),
}
"""What answers that are ours mean."""


def run(source: SourceOptions, options: DeliveryOptions, output: OutputOptions, _own: None) -> int:
    """Send the dossiers, and say what was taken and what was refused; return the exit status.

    Raises:
        TargetAddress, TargetUnreachable: when it cannot be sent there.
        PatientUnknown, PatientAmbiguous: when a patient is none, or several.
    """
    target = _target(options)
    with findings_report(output.report) as fill, open_source(source, reading=False) as opened:
        require_who(opened, options)
        persons = chosen_persons(opened, options, today=now().date(), as_json=output.as_json)
        request = SendRequest(persons=persons, listed=options.to, by=options.by, receiver=options.receiver)
        with progress(mark("Sending"), total=len(persons)) as step:
            outcome = send(opened.content, target, request, clock=now, progress=step)
        findings = SpooledList(chain(opened.findings, outcome.findings))
        fill(findings)
    if output.as_json:
        show_json(
            {
                "sent": 1,
                "target": outcome.target,
                "list": str(options.to),
                "dossiers": outcome.dossiers,
                "states": {state.value: outcome.states[state] for state in SentState},
                "answers": [
                    {"kind": kind, "answer": answer, "count": count}
                    for (kind, answer), count in sorted(outcome.answers.items())
                ],
                "findings": map(finding_document, findings),
            }
        )
    else:
        _show(outcome, options)
        show_findings(outcome.findings)
    return INCOMPLETE if outcome.states[SentState.REFUSED] else delivery_status(outcome.findings)


def _target(options: DeliveryOptions) -> DeliveryTarget:
    if options.node:
        return DicomNode(read_node_address(options.node), encapsulate=options.encapsulate)
    if options.dicomweb:
        return DicomwebStore(_access(options), encapsulate=options.encapsulate)
    token = from_file(options.token_file) if options.token_file else ""
    return FhirServer(read_server_address(options.server, token))


def _access(options: DeliveryOptions) -> WebAccess:
    """Return how the server is reached; the password is asked for where nobody has given it."""
    base = options.dicomweb
    if options.user:
        require_server(WebAccess(base=base, user=options.user))
        password = web_password(options.password_file, options.user, base)
        return WebAccess(base=base, user=options.user, password=password)
    return WebAccess(base=base, token=web_token(options.token_file))


def _show(outcome: SendOutcome, options: DeliveryOptions) -> None:
    say(
        mark("{target} took {parts} of {dossiers}; {list} lists them."),
        target=outcome.target,
        parts=Counted(outcome.states[SentState.SENT], PARTS),
        dossiers=Counted(outcome.dossiers, DOSSIERS),
        list=str(options.to),
    )
    if earlier := outcome.states[SentState.EARLIER]:
        say(
            plural(
                "{count} part was there from an earlier run, and was not sent again.",
                "{count} parts were there from an earlier run, and were not sent again.",
            ),
            count=earlier,
        )
    for (_, answer), count in sorted(outcome.answers.items()):
        say(
            mark("Refused: {parts} ({answer}: {meaning})."),
            parts=Counted(count, PARTS),
            answer=answer,
            meaning=localize(
                ANSWERS.get(answer, mark("the status it answered; the list has what it said besides"))
            ),
        )
    if outcome.answers:
        note(mark("Run the same command again when the cause is mended; what was taken is not sent again."))
