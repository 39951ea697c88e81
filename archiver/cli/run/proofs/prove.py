"""What ``proof patient``, ``proof absent`` and ``proof verify`` do."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.options.accepted_signers import note_doubt, read_accepted
from archiver.cli.options.key_files import keys_of
from archiver.cli.options.keys import PackageKeys
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.trust import TrustOptions
from archiver.cli.run.dossiers.show import chosen_records
from archiver.cli.run.dossiers.source import OpenedSource
from archiver.cli.run.findings_report import findings_report
from archiver.cli.run.verify import show_answers, status
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json
from archiver.cli.terminal.language import localize
from archiver.examination.examine import length_of
from archiver.examination.examine_each import ExaminedPlace
from archiver.handover.opening import OpenedHandover, OpenRequest, open_handover
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.dossiers.show import entry_places
from archiver.operations.proofs import report
from archiver.operations.proofs.judge import JudgeRequest, judge_proof
from archiver.operations.proofs.prove import list_patients, prove_patient
from archiver.sealing.age import Identity, Recipient
from formats.findings import Finding
from formats.words import mark


def prove_one(opening: OpenRequest, wanted: str, target: Path, output: OutputOptions) -> None:
    """Write the proof about the one patient whom ``wanted`` tells, and say what it shows."""
    with findings_report(output.report) as fill:
        received, findings = _opened(opening)
        fill(findings)
        source = OpenedSource(content=received)
        records = chosen_records(source, wanted, today=now().date(), as_json=output.as_json)
        number, place = entry_places(received)[records[0].id]
        opened = received.volumes[number]
        proof = prove_patient(opened, opened.keyring.entries[place], target)
    others = [one.number or one.id for one in records[1:]]
    if output.as_json:
        document = report.proven_document(proof, target, others)
        show_json({**document, "findings": findings_json(findings)})
        return
    patient = report.patient_line(proof.leaf.patient)
    say(report.WRITTEN, path=str(target), patient=patient, size=proof.size)
    if others:
        note(report.LINKED, count=len(others), numbers=", ".join(others))
    note(mark("With the package, anybody can check it: archiver proof verify, or by hand."))


def list_for_expert(
    opening: OpenRequest, experts: Sequence[Recipient], target: Path, output: OutputOptions
) -> None:
    """Write the list of all patients for an expert, and say what it is."""
    with findings_report(output.report) as fill:
        received, findings = _opened(opening)
        fill(findings)
        count = list_patients(received, experts, target, randomness=secrets.token_bytes)
    if output.as_json:
        document = report.listed_document(received.identifier, target, count)
        show_json({**document, "findings": findings_json(findings)})
        return
    say(report.SEALED, path=str(target), count=count)
    note(
        mark(
            "It names them all and opens no dossier. With the package, the expert runs: archiver proof verify."
        )
    )


def _opened(opening: OpenRequest) -> tuple[OpenedHandover, tuple[Finding, ...]]:
    with progress(mark("Verifying"), total=length_of(opening.package, opening.trust), unit="B") as step:
        received = open_handover(opening, progress=step)
    return received, note_doubt(received.doubt, opening.trust, received.verdict.trusted)


def judge(request: JudgeRequest, keys: PackageKeys, trust: TrustOptions, output: OutputOptions) -> int:
    """Say what a proof shows of a package, and return the exit status: that of the package where the proof holds."""
    whom = read_accepted(trust)

    def identities() -> Sequence[Identity]:
        keys.require()
        return keys_of(keys)

    size = length_of(request.package, whom.trust)
    with findings_report(output.report) as fill, progress(mark("Verifying"), total=size, unit="B") as step:
        judged = judge_proof(request, whom.trust, whom.first_use, identities, progress=step)
        findings = judged.examined.verdict.findings
        fill(findings)
    searched = report.search_list(judged, request.wanted, today=now().date())
    if output.as_json:
        document = report.proof_document(judged, request.package, searched)
        show_json({**document, "findings": findings_json(findings)})
    else:
        show_answers(judged.examined.verdict)
        show_findings(findings)
        for sentence, facts in report.result_sentences(judged, searched, none=localize(mark("none"))):
            say(sentence, **facts)
        for sentence, facts in report.unshown_sentences(judged):
            note(sentence, **facts)
    return status(ExaminedPlace(path=request.package, examined=judged.examined))
