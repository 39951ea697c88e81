"""What ``roster sign`` and ``roster verify`` do."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

import typer

from archiver.cli.clock import now
from archiver.cli.exits import SUCCESS, UNDECIDED, status_of
from archiver.cli.options.accepted_signers import read_accepted
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.signers import signatures_of
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import TrustOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import note, say, show_findings, show_json
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.documents.rosters import statement_json, verified_roster_json
from archiver.operations.rosters.sign_roster import RosterTerms, SignRequest, sign_roster
from archiver.operations.rosters.verify_roster import RosterSignature, RosterVerdict, verify_roster
from archiver.scope.legal_ground import ground_words
from archiver.scope.rosters.roster_statement import RosterStatement
from archiver.signing.trust.expectation import expectation
from archiver.verdict import Answer, State
from archiver.verdict_words import STATES
from formats.words import mark, plural


def parties_of(texts: Sequence[str]) -> tuple[str, ...]:
    """Return whom a roster is between, each a number or a name.

    Raises:
        BadParameter: when one of them names nobody.
    """
    for text in map(visible_name, texts):
        try:
            expectation(text)
        except ValueError as fault:
            raise typer.BadParameter(localize(mark("it names nobody")), param_hint="--between") from fault
    return tuple(texts)


def sign(
    roster: Path, options: SigningOptions, terms: RosterTerms, authorities: TrustOptions, *, as_json: bool
) -> None:
    """Sign a roster, and say what lies beside it now."""
    trust = read_accepted(authorities).trust
    signatures = signatures_of(options, trust)
    request = SignRequest(
        roster=roster,
        signers=tuple(filter(None, (signatures.signer, signatures.co_signer))),
        terms=terms,
        trust=trust,
        stamp=signatures.stamp,
        sources=signatures.sources,
    )
    outcome = sign_roster(request, clock=now, randomness=secrets.token_bytes)
    show_findings(outcome.findings)
    if as_json:
        written = [str(one) for one in outcome.signatures]
        document = {"roster_signed": 1, "path": str(roster), "text": str(outcome.text), "signatures": written}
        show_json({**document, "lines": outcome.lines, **statement_json(outcome.statement)})
        return
    _say_statement(outcome.statement, roster, outcome.lines)
    for path in outcome.signatures:
        say(mark("Signed: {path}"), path=str(path))
    note(
        mark(
            "The other one needs the roster, {statement} and this signature; nobody else may have the statement."
        ),
        statement=f"{roster.name}.statement.json",
    )


def verify(roster: Path, options: TrustOptions, output: OutputOptions) -> int:
    """Say who signed a roster, and return the exit status."""
    trust = read_accepted(options).trust
    with findings_report(output.report) as fill:
        verdict = verify_roster(roster, trust)
        findings = (*verdict.findings, *trust.supplied.ignored())
        fill(findings)
    if output.as_json:
        show_json({**verified_roster_json(verdict), "findings": findings_json(findings)})
    else:
        _show(verdict)
        show_findings(findings)
    failures = [one.answers.signed_by.failure for one in verdict.signatures]
    failures += [one.answers.trusted.failure for one in verdict.signatures]
    for failure in filter(None, failures):
        return status_of(failure)
    whole = all(one.accepted for one in verdict.signatures) and not verdict.unsigned_parties
    return SUCCESS if whole and verdict.signatures else UNDECIDED


def _show(verdict: RosterVerdict) -> None:
    _say_statement(verdict.statement, verdict.roster, verdict.lines)
    for one in verdict.signatures:
        say(mark("{path}:"), path=one.path.name)
        for title, answer in _answers(one):
            text = localize(answer.sentence, **answer.facts)
            code = f" [{answer.code}]" if answer.state is not State.PROVEN else ""
            say(
                mark("{question}: {state}. {text}"),
                question=localize(title),
                state=localize(STATES[answer.state]),
                text=text + code,
            )
        if one.examined and not one.party:
            say(mark("This signer is none of those whom the roster is between."))
    for party in verdict.unsigned_parties:
        say(mark("Has not signed this roster: {party}."), party=party)


def _answers(one: RosterSignature) -> tuple[tuple[str, Answer], ...]:
    signed = (mark("Signed by"), one.answers.signed_by)
    if one.examined is None:
        return (signed,)
    return (
        signed,
        (mark("Existed at"), one.answers.existed_at),
        (mark("Trusted"), one.answers.trusted),
    )


def _say_statement(statement: RosterStatement, roster: Path, lines: int) -> None:
    say(
        plural(
            "{roster}: {count} patient of {practice}, between {parties}.",
            "{roster}: {count} patients of {practice}, between {parties}.",
        ),
        roster=roster.name,
        count=lines,
        practice=statement.practice,
        parties=" / ".join(statement.parties),
    )
    if statement.ground:
        say(mark("Ground: {ground}"), ground=ground_words(statement.ground))
    if statement.rule:
        say(mark("Rule: {rule}"), rule=statement.rule)
