"""Find out how far practitioners agreed on a roster before dossiers leave by it.

1. The statement beside the roster says whom it is between and on what ground; without one, nobody signed it.
2. A signature counts that is over this roster, of a party, and by somebody whom the exporter accepts.
3. Whoever signs the package signs the roster inside it: they count as well, of the parties where there are any.
4. As many have to agree as the ground asks for, and no fewer than the roster is between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver.scope.errors import RosterStatementDiffers
from archiver.scope.legal_ground import ASKED_SIGNATURES, LegalGround
from archiver.scope.rosters import roster_statement
from archiver.scope.rosters.roster import Roster
from archiver.scope.rosters.roster_agreement import RosterAgreement
from archiver.scope.rosters.roster_statement import RosterStatement, signing_party
from archiver.signing.certificates.chain import parse_certificate
from archiver.signing.certificates.reading import fingerprint
from archiver.signing.certificates.subject import name_and_number, name_in
from archiver.signing.keys.key_file import Signer
from archiver.signing.signatures.detached_files import beside
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import SignatureExamination
from archiver.verdict import State
from formats.digests import Digest
from formats.findings import Finding, Severity
from formats.pdlgc.practice.lists import SignatureRow
from formats.words import mark

if TYPE_CHECKING:
    from archiver.operations.rosters.verify_roster import RosterSignature, RosterVerdict

NoteFindings = Callable[[Sequence[Finding]], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementRequest:
    """The roster, the ground the exporter states, who signs the package, and whom the exporter accepts.

    ``otherwise`` is the ground where none is stated and none was signed.
    """

    roster: Roster
    ground: LegalGround
    signers: Sequence[Signer]
    trust: Trust
    otherwise: LegalGround = LegalGround.NOT_STATED


def followed_agreement(
    request: AgreementRequest, *, unsigned: str, uncounted: NoteFindings
) -> RosterAgreement:
    """Return the agreement by which dossiers leave, without the signatures that lack for the reason ``unsigned``.

    Before a refusal ``uncounted`` is told which signatures do not count.

    Raises:
        RosterUnsigned: when fewer agreed than the ground asks for, and nobody says why.
        Failure: as ``examine_agreement``.
    """
    found = examine_agreement(request)
    if not found.whole and not unsigned.strip():
        uncounted(found.findings)
    return found.without_others(unsigned)


def examine_agreement(request: AgreementRequest) -> RosterAgreement:
    """Follow the steps; a ground that nobody states is the one that was signed.

    Raises:
        RosterStatementInvalid: when the statement cannot be read; LimitExceeded, DiskFault.
        RosterStatementDiffers: when another ground was signed.
    """
    verdict = _verdict(request)
    ground = _ground(request, verdict)
    counted = [one for one in verdict.signatures if one.accepted] if verdict else []
    agreed = {one.party for one in counted}
    agreed |= set(_of_package(request.signers, verdict.statement if verdict else None))
    parties = verdict.statement.parties if verdict else ()
    asked = ASKED_SIGNATURES[ground].count
    return RosterAgreement(
        ground=ground,
        asked=max(asked, len(parties)) if asked > 1 else asked,
        found=len(agreed) if asked > 1 else max(len(agreed), asked),
        signatures=tuple(
            _row(one.party, one.examined, verdict.text) for one in counted if verdict and one.examined
        ),
        absent=tuple(one for one in parties if one not in agreed),
        findings=tuple(_uncounted(verdict.signatures)) if verdict else (),
    )


def _verdict(request: AgreementRequest) -> RosterVerdict | None:
    """Return who signed the roster, the exporter's own certificates being accepted as they are at hand."""
    if not beside(request.roster.path, roster_statement.STATEMENT).exists():
        return None
    # loaded late: few rosters are signed beside the package, and what examines a signature is half a start
    from archiver.operations.rosters.verify_roster import examine_roster  # noqa: PLC0415

    own = {str(fingerprint(one.certificate)) for one in request.signers}
    trust = replace(request.trust, fingerprints=request.trust.fingerprints | own)
    return examine_roster(request.roster, trust)


def _ground(request: AgreementRequest, verdict: RosterVerdict | None) -> LegalGround:
    stated, signed = request.ground, verdict.statement.ground if verdict else ""
    if signed not in set(LegalGround) or stated.value == signed:
        return request.otherwise if stated is LegalGround.NOT_STATED else stated
    if stated is not LegalGround.NOT_STATED:
        raise RosterStatementDiffers(what=mark("ground"), stated=signed, asked=stated.value)
    return LegalGround(signed)


def _of_package(signers: Iterable[Signer], statement: RosterStatement | None) -> Iterator[str]:
    """Yield the party of each who signs the package; where no statement names parties, their certificate."""
    for signer in signers:
        digest = fingerprint(signer.certificate)
        if statement is None:
            yield str(digest)
            continue
        subject = parse_certificate(signer.certificate).subject
        name, number = name_and_number(subject)
        party = signing_party(
            statement, subject=name_in(subject), name=name, number=number, certificate=digest
        )
        if party:
            yield party


def _row(party: str, examined: SignatureExamination, text: bytes) -> SignatureRow:
    return SignatureRow(
        party=party,
        signer=examined.signer.name,
        number=examined.signer.number,
        fingerprint=str(examined.signer.fingerprint),
        signed_at=examined.signed_at.isoformat(),
        sha256=Digest.of(text).hex,
    )


def _uncounted(signatures: Iterable[RosterSignature]) -> Iterator[Finding]:
    for one in signatures:
        if not one.accepted:
            yield Finding(
                severity=Severity.WARNING,
                code="roster-signature-uncounted",
                where=one.path.name,
                sentence=mark("This signature of the roster does not count: {reason}."),
                facts={"reason": _reason(one)},
            )


def _reason(one: RosterSignature) -> str:
    if one.answers.signed_by.state is not State.PROVEN:
        return mark("it is not over this roster, or cannot be verified")
    if not one.party:
        return mark("its signer is none of those whom the roster is between")
    return mark("nobody said that its signer is accepted (--roots, --accept)")
