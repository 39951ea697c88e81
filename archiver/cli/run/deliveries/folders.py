"""What ``deliver`` does for people: a folder, a ZIP or a DICOM file-set a person."""

from __future__ import annotations

import secrets
from typing import Any

from archiver.cli.clock import now
from archiver.cli.options.delivery.delivery import DeliveryOptions
from archiver.cli.options.delivery.forms import DeliveryForm
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.deliveries.persons import chosen_persons, require_who
from archiver.cli.run.deliveries.status import delivery_status
from archiver.cli.run.dossiers.source import SourceOptions, open_source
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json, show_table
from archiver.delivery.unfinished import is_unfinished
from archiver.delivery.write import DeliveredDossier, DeliveredPerson
from archiver.errors import AlreadyExists
from archiver.handover.missing_lines import content_sentences
from archiver.nouns import DOSSIERS, FILES
from archiver.operations.deliveries.deliver import LIST, DeliverOutcome, DeliverRequest, deliver
from archiver.operations.documents.outcomes import findings_json
from formats.errors import Failure
from formats.words import BYTES, Counted, mark, plural

OBJECTS = mark(
    "DICOM files: {files}, of which made of pictures and documents: {made}; without an object: {left}"
)


def run(source: SourceOptions, options: DeliveryOptions, output: OutputOptions, _own: None) -> int:
    """Write the dossiers, say what they hold and what opens them; return the exit status.

    Raises:
        AlreadyExists: when something lies at the target.
        PatientUnknown, PatientAmbiguous: when a patient is none, or several.
    """
    many = len(options.patient or ()) != 1
    if options.to.exists() and not (many and not options.zipped and is_unfinished(options.to)):
        raise AlreadyExists(path=str(options.to))
    with findings_report(output.report) as fill, open_source(source, reading=False) as opened:
        require_who(opened, options)
        persons = chosen_persons(opened, options, today=now().date(), as_json=output.as_json)
        request = DeliverRequest(
            persons=persons,
            target=options.to,
            many=many,
            zipped=options.zipped,
            by=options.by,
            receiver=options.receiver,
            **_writing(options),
        )
        with progress(mark("Writing"), total=len(persons)) as step:
            try:
                outcome = deliver(
                    opened.content, request, clock=now, randomness=secrets.token_bytes, progress=step
                )
            except Failure as failure:
                mine = request.goes_on and not isinstance(failure, AlreadyExists)
                if mine and is_unfinished(options.to):
                    note(
                        mark("What is whole stays in {path}: the same command goes on."), path=str(options.to)
                    )
                raise
        found = [one for person in outcome.persons for each in person.dossiers for one in each.findings]
        fill((*opened.findings, *found))
    if output.as_json:
        document = {
            "delivered": 1,
            "path": str(options.to),
            "encrypted": options.zipped,
            "earlier": outcome.earlier,
        }
        people = [_json(one) for one in outcome.persons]
        show_json({**document, "persons": people, "findings": findings_json((*opened.findings, *found))})
    else:
        _show(outcome, request)
        show_findings(found)
    note(
        mark(
            "Nothing was taken out: what is said of third parties, and the practitioner's own notes, are in it. "
            "Read it before you hand it over."
        )
    )
    return delivery_status(found)


def _writing(options: DeliveryOptions) -> dict[str, Any]:
    """Return what writes a folder, where it is not the usual one."""
    if options.form is not DeliveryForm.DICOM:
        return {}
    from archiver.delivery.dicom.file_set import write_file_set

    return {"write": write_file_set, "form": options.form.value, "instances": True}


def _show(outcome: DeliverOutcome, request: DeliverRequest) -> None:
    if request.many:
        _show_many(outcome, request)
    else:
        (person,) = outcome.persons
        say(
            mark("{path}: {files}, {size}."),
            path=str(person.path),
            files=Counted(sum(one.counts["files"] for one in person.dossiers), FILES),
            size=Counted(person.size, BYTES),
        )
        if request.form:
            say(mark("Open DICOMDIR in it with a DICOM viewer."))
        elif not request.zipped:
            say(mark("Open INDEX.HTM in it with any browser."))
        for dossier in person.dossiers:
            if request.form:
                say(OBJECTS, **{name: dossier.counts[f"dicom_{name}"] for name in ("files", "made", "left")})
            for sentence, facts in content_sentences(dossier.counts):
                say(sentence, **facts)
        if person.passphrase:
            say(mark("Passphrase: {passphrase}"), passphrase=person.passphrase)
    if request.zipped:
        note(mark("7-Zip opens it. Give the passphrase by another way; it is written down nowhere else."))


def _show_many(outcome: DeliverOutcome, request: DeliverRequest) -> None:
    rows = [
        (
            one.path.name,
            len(one.dossiers),
            sum(dossier.counts["files"] for dossier in one.dossiers),
            one.size,
            one.passphrase,
        )
        for one in outcome.persons
    ]
    heading = (mark("place"), mark("dossiers"), mark("files"), mark("bytes"), mark("passphrase"))
    columns = len(heading) if request.zipped else len(heading) - 1
    show_table([row[:columns] for row in rows], heading=heading[:columns])
    if outcome.earlier:
        say(
            plural(
                "Of these, {count} folder was whole already and is as it was.",
                "Of these, {count} folders were whole already and are as they were.",
            ),
            count=outcome.earlier,
        )
    say(
        plural(
            "{count} person, {dossiers}; {list} lists them.",
            "{count} persons, {dossiers}; {list} lists them.",
        ),
        count=len(rows),
        dossiers=Counted(sum(len(one.dossiers) for one in outcome.persons), DOSSIERS),
        list=str(request.target / LIST),
    )


def _json(person: DeliveredPerson) -> dict[str, Any]:
    return {
        "path": str(person.path),
        "size": person.size,
        "passphrase": person.passphrase or None,
        "dossiers": [_dossier_json(one) for one in person.dossiers],
    }


def _dossier_json(dossier: DeliveredDossier) -> dict[str, Any]:
    return {
        "folder": dossier.folder,
        "patient": dict(dossier.traits),
        "practice": dossier.practice,
        "counts": dict(dossier.counts),
    }
