"""Verify a roster: who signed it, over what, and whether it is this roster."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archiver.scope.errors import RosterChanged, RosterStatementMissing
from archiver.scope.rosters import roster_statement
from archiver.scope.rosters.roster import Roster, read_roster
from archiver.scope.rosters.roster_check import refuse_errors
from archiver.scope.rosters.roster_statement import (
    RosterStatement,
    read_statement,
    signed_text,
    signing_party,
)
from archiver.signing.errors import SignatureInvalid
from archiver.signing.signatures.answers import SignatureAnswers, answer_signature
from archiver.signing.signatures.cades import examine_signature
from archiver.signing.signatures.detached_files import beside, signature_bytes, signatures_beside
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import SignatureExamination
from archiver.verdict import State, refuted_answer
from formats.findings import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterSignature:
    """One signature: what it answers, and of which party it is; ``examined`` is nothing where it is refuted."""

    path: Path
    answers: SignatureAnswers
    examined: SignatureExamination | None = None
    party: str = ""

    @property
    def accepted(self) -> bool:
        """Whether it is of a party, over this roster, and by somebody the reader accepts."""
        proven = (self.answers.signed_by.state, self.answers.trusted.state) == (State.PROVEN, State.PROVEN)
        return proven and bool(self.party)


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterVerdict:
    """The signatures of a roster; ``text`` is what they are over, ``unsigned_parties`` have not signed."""

    roster: Path
    statement: RosterStatement
    text: bytes
    signatures: tuple[RosterSignature, ...]
    findings: tuple[Finding, ...]

    @property
    def lines(self) -> int:
        """Lines of the roster, each counted once."""
        return len(self.text.splitlines()) - 1

    @property
    def unsigned_parties(self) -> tuple[str, ...]:
        """The parties of whom no signature over this roster is there."""
        signed = {one.party for one in self.signatures}
        return tuple(one for one in self.statement.parties if one not in signed)


def verify_roster(path: Path, trust: Trust) -> RosterVerdict:
    """Return who signed the roster at ``path``, judged with ``trust``.

    Raises:
        Failure: the one error of the roster, or RosterErrors; RosterUnreadable, LimitExceeded.
        RosterStatementMissing, RosterStatementInvalid: when nothing says what was signed.
    """
    roster = read_roster(path)
    refuse_errors(path, roster.errors)
    return examine_roster(roster, trust)


def examine_roster(roster: Roster, trust: Trust) -> RosterVerdict:
    """Return who signed ``roster``, which was read without errors, judged with ``trust``.

    Raises:
        RosterStatementMissing, RosterStatementInvalid: when nothing says what was signed; LimitExceeded.
    """
    path = roster.path
    place = beside(path, roster_statement.STATEMENT)
    if not place.exists():
        raise RosterStatementMissing(where=str(place))
    statement = read_statement(place)
    text = signed_text(statement, roster.lines)
    signatures = (_signature(one, text, statement, trust) for one in signatures_beside(path))
    return RosterVerdict(
        roster=path, statement=statement, text=text, signatures=tuple(signatures), findings=roster.findings
    )


def _signature(path: Path, text: bytes, statement: RosterStatement, trust: Trust) -> RosterSignature:
    data = signature_bytes(path)
    try:
        examined = examine_signature(data, text, trust)
    except SignatureInvalid:
        failure = RosterChanged(where=path.name, signature=path.name)
        return RosterSignature(path=path, answers=SignatureAnswers(signed_by=refuted_answer(failure)))
    signer = examined.signer
    return RosterSignature(
        path=path,
        answers=answer_signature(data, text, trust, where=path.name),
        examined=examined,
        party=signing_party(
            statement,
            subject=signer.subject,
            name=signer.name,
            number=signer.number,
            certificate=signer.fingerprint,
        ),
    )
