"""Sign a roster, each practitioner in their own place and at their own time.

1. The roster is read; one with an error, or a patient about whom nobody has decided, is not signed.
2. Whoever signs first says what is agreed; the statement beside the roster says it to everybody after.
3. What is signed is made of statement and lines; signatures that lie beside the roster must be over the same.
4. Each signer is one of those whom the roster is between, and one whom readers would accept.
5. The statement, the signed text and the signatures are written beside the roster, none in place of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.scope.errors import (
    RosterChanged,
    RosterSignerForeign,
    RosterStatementDiffers,
    RosterStatementMissing,
    RosterUndecided,
)
from archiver.scope.rosters import roster_statement
from archiver.scope.rosters.roster import RosterLine, read_roster
from archiver.scope.rosters.roster_check import refuse_errors
from archiver.scope.rosters.roster_decision import RosterDecision
from archiver.scope.rosters.roster_statement import (
    RosterStatement,
    read_statement,
    signed_text,
    signing_party,
    statement_bytes,
)
from archiver.signing.certificates.chain import parse_certificate
from archiver.signing.certificates.reading import fingerprint
from archiver.signing.certificates.subject import name_and_number, name_in
from archiver.signing.errors import SignatureInvalid
from archiver.signing.keys.key_file import Signer
from archiver.signing.keys.signer_check import refuse_unfit
from archiver.signing.revocation.sources import NO_SOURCES, Sources
from archiver.signing.signatures.cades import examine_signature, sign_manifest
from archiver.signing.signatures.detached_files import (
    beside,
    free_signature_place,
    signature_bytes,
    signatures_beside,
)
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import Stamping
from formats.findings import Finding
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterTerms:
    """What whoever signs first says; an empty part says nothing."""

    practice: str = ""
    parties: tuple[str, ...] = ()
    ground: str = ""
    rule: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignRequest:
    """The roster, who signs it now, and under which terms; ``trust`` judges the signatures there are."""

    roster: Path
    signers: tuple[Signer, ...]
    terms: RosterTerms
    trust: Trust
    stamp: Stamping | None = None
    sources: Sources = NO_SOURCES


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedRoster:
    """The outcome: what was agreed, over how many lines, and the files that were written."""

    statement: RosterStatement
    lines: int
    text: Path
    signatures: tuple[Path, ...]
    findings: tuple[Finding, ...]


def sign_roster(
    request: SignRequest, *, clock: Callable[[], datetime], randomness: Callable[[int], bytes]
) -> SignedRoster:
    """Sign the roster of ``request``; whatever goes wrong, no signature is left behind.

    Raises:
        Failure: the one error of the roster, or RosterErrors; RosterUnreadable, RosterUndecided, LimitExceeded.
        RosterStatementMissing, RosterStatementDiffers, RosterStatementInvalid, RosterChanged, RosterSignerForeign.
        Failure: when readers would refuse a signer; what a device or a time-stamping authority answered.
        AlreadyExists: when this signer has signed; DiskFull, DiskFault.
    """
    # 1. the roster
    roster = read_roster(request.roster)
    refuse_errors(request.roster, roster.errors)
    _refuse_undecided(roster.lines)
    # 2. what is agreed
    place = beside(request.roster, roster_statement.STATEMENT)
    first = not place.exists()
    statement = _first_statement(request.terms, randomness) if first else read_statement(place)
    _require_same(statement, request.terms)
    # 3. what is signed
    text = signed_text(statement, roster.lines)
    _require_unchanged(request, text)
    # 4. the signers
    at = clock().replace(microsecond=0)
    refuse_unfit(request.signers, at)
    targets = list(_targets(request, statement))
    # 5. the files
    signatures = [
        sign_manifest(text, one, at=at, stamp=request.stamp, sources=request.sources)
        for one in request.signers
    ]
    if first:
        with disk.write_aside(place, mode=disk.PRIVATE) as stream:
            stream.write(statement_bytes(statement))
    shown = beside(request.roster, roster_statement.TEXT)
    with disk.write_aside(shown, replace=True) as stream:
        stream.write(text)
    for target, signature in zip(targets, signatures, strict=True):
        with disk.write_aside(target) as stream:
            stream.write(signature)
    return SignedRoster(
        statement=statement,
        lines=len(text.splitlines()) - 1,
        text=shown,
        signatures=tuple(targets),
        findings=roster.findings,
    )


def _refuse_undecided(lines: Iterable[RosterLine]) -> None:
    for line in lines:
        if line.decision is RosterDecision.TO_DECIDE:
            shown = " ".join(filter(None, (line.patient_number, line.family_name, line.given_name)))
            raise RosterUndecided(patient=shown, line=line.line)


def _first_statement(terms: RosterTerms, randomness: Callable[[int], bytes]) -> RosterStatement:
    if not (terms.practice and terms.parties):
        raise RosterStatementMissing
    return RosterStatement(
        practice=terms.practice,
        parties=terms.parties,
        ground=terms.ground,
        rule=terms.rule,
        seed=randomness(roster_statement.SEED_BYTES),
    )


def _require_same(statement: RosterStatement, terms: RosterTerms) -> None:
    """Refuse terms that are not those that were signed before."""
    pairs = (
        (mark("practice"), statement.practice, terms.practice),
        (mark("ground"), statement.ground, terms.ground),
        (mark("rule"), statement.rule, terms.rule),
        (mark("set of parties"), ", ".join(sorted(statement.parties)), ", ".join(sorted(terms.parties))),
    )
    for what, stated, asked in pairs:
        if asked and asked != stated:
            raise RosterStatementDiffers(what=what, stated=stated or mark("none"), asked=asked)


def _require_unchanged(request: SignRequest, text: bytes) -> None:
    for path in signatures_beside(request.roster):
        try:
            examine_signature(signature_bytes(path), text, request.trust)
        except SignatureInvalid as fault:
            raise RosterChanged(signature=path.name) from fault


def _targets(request: SignRequest, statement: RosterStatement) -> Iterator[Path]:
    """Yield where each signature goes; a signer is one of the parties, and signs once."""
    for signer in request.signers:
        subject = parse_certificate(signer.certificate).subject
        name, number = name_and_number(subject)
        digest = fingerprint(signer.certificate)
        if not signing_party(
            statement, subject=name_in(subject), name=name, number=number, certificate=digest
        ):
            raise RosterSignerForeign(signer=name_in(subject), parties=", ".join(statement.parties))
        yield free_signature_place(request.roster, signer.certificate)
