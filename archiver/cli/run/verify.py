"""What the ``verify`` command does of one package; ``archiver.cli.run.verdict_table`` does it of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from archiver.cli.clock import now
from archiver.cli.exits import SUCCESS, UNDECIDED, status_of
from archiver.cli.options.accepted_signers import AcceptedSigners, read_accepted
from archiver.cli.options.signers import signer_of
from archiver.cli.options.time_stamping import stamping_of
from archiver.cli.options.trust import TrustOptions
from archiver.cli.terminal.console import (
    note,
    print_line,
    progress,
    say,
    show_findings,
    show_json,
    show_table,
)
from archiver.cli.terminal.language import localize, translate_template
from archiver.examination.examine import examine_whole, length_of
from archiver.examination.examine_each import ExaminedPlace, Result
from archiver.examination.examined import ExaminedPackage
from archiver.examination.find_packages import stands_alone
from archiver.examination.verdict_document import verdict_document
from archiver.nouns import CHAINS, STAMPS
from archiver.package.manifests.manifest import Manifest
from archiver.signing.keys.key_file import Signer
from archiver.signing.trust.anchors import Trust
from archiver.verdict import Answer, Duty, Origin, RecordVerdict, State, Verdict
from archiver.verdict_questions import BY_NAME, QUESTIONS
from archiver.verdict_words import STATES, answers_in_words
from formats.words import Counted, mark, plural

COLOURS = {State.PROVEN: "green", State.REFUTED: "red", State.UNKNOWN: "yellow"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """Where to file a report, and who signs it."""

    target: Path
    signer: str
    secret_file: Path | None
    module: Path | None
    chain: tuple[Path, ...]
    authorities: tuple[str, ...]


def run(packages: Sequence[Path], trust: TrustOptions, *, filing: Filing | None, as_json: bool) -> int:
    """Examine, print what was found, file it when asked for, and return the exit status."""
    whom = read_accepted(trust)
    signer = signer_of(filing.signer, filing.secret_file, filing.module, filing.chain) if filing else None
    filed = None if filing is None or signer is None else (filing, signer)
    if len(packages) == 1 and stands_alone(packages[0]):
        return _one(packages[0], whom, filed, as_json=as_json)
    from archiver.cli.run.verdict_table import several

    return several(packages, whom, filed, as_json=as_json)


def _one(package: Path, whom: AcceptedSigners, filed: tuple[Filing, Signer] | None, *, as_json: bool) -> int:
    with progress(mark("Verifying"), total=length_of(package, whom.trust), unit="B") as step:
        examined = examine_whole(package, whom.trust, first_use=whom.first_use, progress=step)
    place = ExaminedPlace(path=package, examined=examined)
    if filed:
        file_report([place], *filed, whom.trust)
    if as_json:
        show_json(verdict_document(examined, package=str(package), at=whom.trust.at))
    else:
        _show(examined)
    return status(place)


def file_report(each: Sequence[ExaminedPlace], filing: Filing, signer: Signer, trust: Trust) -> None:
    """Write the report about ``each`` and say where."""
    from archiver.operations.write_report import ReportRequest, write_report

    request = ReportRequest(
        target=filing.target,
        signer=signer,
        trust=trust,
        made=now().replace(microsecond=0),
        stamp=stamping_of(filing.authorities, trust),
    )
    for path in write_report(each, request):
        note(mark("Filed: {path}"), path=str(path))


def status(place: ExaminedPlace) -> int:
    """Return the first failure's status; else 0 where every question that is asked is proven, or ``UNDECIDED``."""
    if place.refusal is not None:
        return status_of(place.refusal)
    return SUCCESS if place.result is Result.PROVEN else UNDECIDED


def show_answers(verdict: Verdict) -> None:
    """Print the answer to each question."""
    titles = {one.name: localize(one.title) for one in QUESTIONS}
    width = max(map(len, titles.values()))
    for question, answer in verdict.answers():
        word = typer.style(f"{localize(STATES[answer.state]):<9}", fg=COLOURS[answer.state])
        print_line(f"  {titles[question]:<{width}}  {word}  {_answer_text(answer)}")


def _show(examined: ExaminedPackage) -> None:
    verdict = examined.verdict
    show_answers(verdict)
    _show_revision(examined)
    for record in verdict.records:
        _show_evidence(record)
    for volume in examined.volumes:
        for record in volume.verdict.records:
            _show_evidence(replace(record, member=f"{volume.file}: {record.member}"))
    _show_volumes(examined)
    _show_due(examined)
    show_findings(verdict.findings)


def _show_revision(examined: ExaminedPackage) -> None:
    """Say which revision it is, and of a later one what the first one proves."""
    for volume in examined.volumes:
        if volume.manifest is not None:
            _say_revision(volume.manifest, volume.verdict, f"{volume.file}: ")
    if examined.manifest is not None:
        _say_revision(examined.manifest, examined.verdict)


def _say_revision(manifest: Manifest, verdict: Verdict, place: str = "") -> None:
    say(
        mark("{place}Revision {revision}; nothing in a package proves that there is no later one."),
        place=place,
        revision=manifest.revision,
    )
    _say_answers(mark("  Origin, {question}: {state}. {text}"), verdict.origin)
    show_sources(verdict, place)


def show_sources(verdict: Verdict, place: str = "") -> None:
    """Say from which packages the units were taken, and what each of these proves."""
    for one in verdict.sources:
        say(
            mark(
                "{place}Units taken from package {package} of {sender}, {created} ({where}, revision {revision})."
            ),
            place=place,
            package=one.package,
            revision=one.revision,
            sender=one.sender,
            created=f"{one.created:%Y-%m-%d}",
            where=one.place,
        )
        _say_answers(mark("  Source, {question}: {state}. {text}"), one.answers)
        _say_answers(mark("  Origin of the source, {question}: {state}. {text}"), one.origin)


def _say_answers(sentence: str, origin: Origin | None) -> None:
    for question, answer in origin.answers() if origin else ():
        facts = {"question": localize(BY_NAME[question].title), "state": localize(STATES[answer.state])}
        say(sentence, **facts, text=_answer_text(answer))


def _show_due(examined: ExaminedPackage) -> None:
    """Say what a keeper has to do next, where no line about one record says it."""
    due = examined.due
    if due is None or (due.duty is not Duty.EVIDENCE and not examined.volumes):
        return
    sentence = mark("To be done: renew the evidence before {before} ({ends_by}).")
    if due.duty is Duty.EVIDENCE:
        sentence = mark("To be done: give it evidence before {before} ({ends_by}): archiver evidence build.")
    ends_by = due.algorithm or localize(mark("certificate"))
    say(sentence, before=f"{due.before:%Y-%m-%d}", ends_by=ends_by)


def _show_evidence(record: RecordVerdict) -> None:
    if not record.stamps:
        return
    sentence = mark("  {member}: {stamps}, {chains}, since {since}.")
    if record.renew_before:
        sentence = mark("  {member}: {stamps}, {chains}, since {since}; renew it before {until} ({ends_by}).")
    last = record.stamps[-1]
    say(
        sentence,
        member=record.member,
        stamps=Counted(len(record.stamps), STAMPS),
        chains=Counted(record.chains, CHAINS),
        since=f"{record.stamps[0].time:%Y-%m-%d}",
        until=f"{last.until:%Y-%m-%d}",
        ends_by=last.algorithm or localize(mark("certificate")),
    )


def _show_volumes(examined: ExaminedPackage) -> None:
    """Say which volume this is, or what became of each volume of the set."""
    place = examined.manifest and examined.manifest.handover.volume
    if place:
        say(
            mark("Volume {volume} of {of} of the set {id}; verified by itself."),
            volume=place.volume,
            of=place.of,
            id=place.set_id,
        )
    if examined.volume_list:
        say(
            plural(
                "The answers are those of {count} volume:", "The answers are the worst of {count} volumes:"
            ),
            count=len(examined.volumes),
        )
    rows = []
    for one in examined.volumes:
        refusal = one.verdict.refusal
        rows.append(
            (
                one.file,
                answers_in_words(one.verdict, translate_template),
                f"[{refusal.code}]" if refusal else "",
            )
        )
    if rows:
        show_table(rows, heading=(mark("volume"), mark("answers"), ""))


def _answer_text(answer: Answer) -> str:
    text = localize(answer.sentence, **answer.facts)
    place = f" ({answer.where})" if answer.where and answer.state is State.REFUTED else ""
    code = f" [{answer.code}]" if answer.state is not State.PROVEN else ""
    more = f" {localize(answer.besides)}" if answer.besides else ""
    return text + more + place + code
