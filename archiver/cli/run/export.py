"""What the ``export`` command does."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportOutcome, ExportRequest
from archiver.assembly.seal import sealing_sizes
from archiver.cli.clock import now
from archiver.cli.errors import HoldUnknownPatient, UnknownPractitioner
from archiver.cli.options.accepted_signers import read_accepted
from archiver.cli.options.export import LeavingOptions, PartyOptions
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.recipients import recipients_of
from archiver.cli.options.signers import Signatures, signatures_of
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import TrustOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json, show_table
from archiver.cli.terminal.json_documents import exported_json
from archiver.cli.terminal.language import localize
from archiver.handover.kinds import kind_words
from archiver.handover.missing_lines import content_sentences
from archiver.nouns import SEALED_UNITS
from archiver.operations.export import export
from archiver.practice import people
from archiver.practice.practitioners import find_practitioner
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.errors import RosterMismatch
from archiver.scope.legal_ground import LegalGround
from archiver.scope.roster import RosterLine, chosen_patients, for_practitioner, read_roster, resolve_lines
from archiver.worker_pool import WorkerPool, processes_for
from formats.words import BYTES, Counted, mark, plural


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportOrder:
    """The command line, understood."""

    store: Path
    package: Path
    to: tuple[str, ...]
    passphrase_file: Path | None
    signing: SigningOptions
    authorities: TrustOptions
    leaving: LeavingOptions
    parties: PartyOptions
    volume_size: int
    by_retention_year: bool


def run(order: ExportOrder, output: OutputOptions) -> None:
    """Export, and say what was taken and what was not."""
    signatures = signatures_of(order.signing, read_accepted(order.authorities).trust)
    allowed = recipients_of(order.to, order.passphrase_file)
    with findings_report(output.report) as fill:
        with open_store(order.store, reading=True) as store:
            request = _request(store, order, signatures, allowed)
            processes = processes_for(sealing_sizes(store, request.patients))
        with (  # a forked process may not have our connection to the store
            WorkerPool(processes) as pool,
            open_store(order.store, reading=True) as store,
            progress(mark("Sealing"), total=len(request.patients)) as step,
        ):
            outcome = export(
                store, request, clock=now, randomness=secrets.token_bytes, pool=pool, progress=step
            )
        fill(outcome.findings)
    show_json(exported_json(outcome)) if output.as_json else _show(outcome, order)


def _request(
    store: PracticeStore, order: ExportOrder, signatures: Signatures, allowed: KeyringRecipients
) -> ExportRequest:
    """Return what is asked for, once it is known whose dossiers leave."""
    lines = _roster(store, order)
    patients = _patients(store, order, lines)
    _note_questions(store, patients)
    return ExportRequest(
        target=order.package,
        patients=patients,
        access=allowed,
        signer=signatures.signer,
        co_signer=signatures.co_signer,
        stamp=signatures.stamp,
        sources=signatures.sources,
        ground=order.parties.ground,
        roster=lines,
        on_hold=_on_hold(store, order, patients),
        whole_practice=order.leaving.roster is None,
        controller_after=order.parties.controller_after,
        volume_size=order.volume_size,
        by_retention_year=order.by_retention_year,
        receiver=order.parties.receiver,
        sender=order.parties.sender,
    )


def _patients(store: PracticeStore, order: ExportOrder, lines: tuple[RosterLine, ...]) -> tuple[str, ...]:
    """Return the patient records that leave: those the roster names, and the others of the same persons."""
    if order.leaving.roster is None:
        return tuple(patient.id for patient in store.patients())
    return people.with_linked(store, chosen_patients(lines))


def _note_questions(store: PracticeStore, patients: Sequence[str]) -> None:
    """Say that a dossier may be incomplete: somebody who leaves may be somebody who stays."""
    leaving = set(patients)
    waiting = [
        one for one in people.questions(store) if (one.patient in leaving) != (one.candidate in leaving)
    ]
    if waiting:
        note(
            plural(
                "{count} question waits about a patient who leaves and one who stays: "
                "they may be one person (archiver people list).",
                "{count} questions wait about patients who leave and patients who stay: "
                "they may be one person (archiver people list).",
            ),
            count=len(waiting),
        )


def _on_hold(store: PracticeStore, order: ExportOrder, patients: tuple[str, ...]) -> frozenset[str]:
    """Return those of ``patients`` whom the list of holds names, with the other records of the same persons.

    Raises:
        HoldUnknownPatient: when it names somebody else; RosterMismatch, RosterUnreadable: as a roster.
    """
    if order.leaving.hold is None:
        return frozenset()
    leaving = frozenset(patients)
    exported = (patient for patient in store.patients() if patient.id in leaving)
    person_of = partial(people.person_of, store)
    try:
        lines = read_roster(order.leaving.hold)
        on_hold = chosen_patients(
            resolve_lines(lines, exported, nobody=HoldUnknownPatient, person_of=person_of)
        )
    except (HoldUnknownPatient, RosterMismatch) as failure:
        failure.where = order.leaving.hold.name
        raise
    return frozenset(people.with_linked(store, on_hold))


def _roster(store: PracticeStore, order: ExportOrder) -> tuple[RosterLine, ...]:
    """Return the lines of the roster that speak of the practitioner, or of nobody in particular, resolved."""
    if order.leaving.roster is None:
        return ()
    name = order.leaving.practitioner
    practitioner = find_practitioner(store, name) if name else ""
    if practitioner is None:
        raise UnknownPractitioner(practitioner=name)
    lines, passed_over = for_practitioner(
        read_roster(order.leaving.roster), practitioner, identity_of=cache(partial(find_practitioner, store))
    )
    if passed_over:
        note(
            plural(
                "The roster names {count} patient of another practitioner, who stays.",
                "The roster names {count} patients of other practitioners; they stay.",
            ),
            count=passed_over,
        )
    return resolve_lines(lines, store.patients(), person_of=partial(people.person_of, store))


def _show(outcome: ExportOutcome, order: ExportOrder) -> None:
    say(
        mark("{package}: {units}, {size}."),
        package=str(outcome.path),
        units=Counted(outcome.units, SEALED_UNITS),
        size=Counted(outcome.size, BYTES),
    )
    if outcome.set_file:
        _show_volumes(outcome, order)
    show_table(
        sorted((localize(kind_words(kind)), count) for kind, count in outcome.counts.items() if count),
        heading=(mark("kind"), mark("sealed")),
    )
    for sentence, facts in content_sentences(outcome.counts):
        say(sentence, **facts)
    for kind, count in outcome.left_out.items():
        if count:
            say(mark("Not taken ({kind}): {count}."), count=count, kind=kind_words(kind))
    if outcome.linked:
        say(
            plural(
                "Taken as well, because it is of the same person as a patient of the roster: {count} record ({names}).",
                "Taken as well, because they are of the same persons as patients of the roster: {count} records "
                "({names}).",
            ),
            count=len(outcome.linked),
            names=", ".join(outcome.linked.values()),
        )
    if outcome.on_hold:
        say(
            plural(
                "Under a hold, to be kept beyond its term: {count} dossier.",
                "Under a hold, to be kept beyond their term: {count} dossiers.",
            ),
            count=outcome.on_hold,
        )
    show_findings(outcome.findings)
    if order.parties.ground is LegalGround.NOT_STATED:
        note(mark("No legal ground is recorded; --ground states one."))


def _show_volumes(outcome: ExportOutcome, order: ExportOrder) -> None:
    """Say which volumes there are, and why; all of them and the file that ties them go together."""
    say(
        plural(
            "{count} volume lies beside it; {package} ties them: hand both over.",
            "{count} volumes lie beside it; {package} ties them: hand all of them over.",
        ),
        count=len(outcome.volumes),
        package=str(outcome.path),
    )
    rows = [
        (one.path.name, str(one.retention_year or ""), len(one.manifest.units) - 1, one.size)
        for one in outcome.volumes
    ]
    show_table(rows, heading=(mark("volume"), mark("retention ends"), mark("dossiers"), mark("bytes")))
    if order.by_retention_year:
        say(
            mark(
                "Cut by the year in which retention ends (--by-retention-year); a volume without a year "
                "holds dossiers whose end nobody can tell, or which are under a hold."
            )
        )
    years = {one.retention_year for one in outcome.volumes}
    if order.volume_size and len(years) < len(outcome.volumes):
        say(mark("Cut at {size} (--volume-size)."), size=Counted(order.volume_size, BYTES))
    for one in outcome.volumes:
        if 0 < order.volume_size < one.size:
            note(
                mark("{volume} has more than {size}: one dossier alone is that large."),
                volume=one.path.name,
                size=Counted(order.volume_size, BYTES),
            )
