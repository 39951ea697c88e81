"""Agreement on a roster: who signed it, how many have to, and why it is followed without the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from archiver.scope.errors import RosterUnsigned
from archiver.scope.handover_terms import HandoverTerm
from archiver.scope.legal_ground import LegalGround, ground_words
from formats.errors import Fact
from formats.findings import Finding
from formats.pdlgc.practice.lists import SignatureRow
from formats.words import mark

OTHER_PRACTITIONER = mark("the other practitioner")


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterAgreement:
    """How far the practitioners agreed on a roster.

    ``asked`` and ``found`` count practitioners; ``signatures`` are those over the roster, each by somebody accepted.
    ``absent`` are the parties of whom there is none, where it is known whom the roster is between; ``unsigned`` is
    the reason for following it all the same, empty where nothing lacks.
    """

    ground: LegalGround = LegalGround.NOT_STATED
    asked: int = 0
    found: int = 0
    signatures: tuple[SignatureRow, ...] = ()
    absent: tuple[str, ...] = ()
    unsigned: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everybody agreed who has to."""
        return self.found >= self.asked

    def without_others(self, reason: str) -> RosterAgreement:
        """Return the agreement as an export follows it: with ``reason`` where signatures lack.

        Raises:
            RosterUnsigned: when they lack and nobody says why.
        """
        if not self.whole and not reason.strip():
            raise RosterUnsigned(
                found=self.found,
                asked=self.asked,
                ground=ground_words(self.ground),
                absent=", ".join(self.absent) or OTHER_PRACTITIONER,
            )
        return replace(self, unsigned="" if self.whole else reason.strip())

    def terms(self) -> Mapping[HandoverTerm, str]:
        """Return what the practice's unit says of it."""
        return {
            HandoverTerm.SIGNATURES_ASKED: str(self.asked),
            HandoverTerm.SIGNATURES_FOUND: str(self.found),
            HandoverTerm.UNSIGNED: self.unsigned,
        }


def stated_agreement(
    terms: Mapping[HandoverTerm, str], signatures: Iterable[SignatureRow]
) -> RosterAgreement | None:
    """Return the agreement that a practice's unit states, or nothing where it was not asked for."""
    if HandoverTerm.SIGNATURES_ASKED not in terms:
        return None
    return RosterAgreement(
        asked=_number(terms[HandoverTerm.SIGNATURES_ASKED]),
        found=_number(terms.get(HandoverTerm.SIGNATURES_FOUND, "")),
        signatures=tuple(signatures),
        unsigned=terms.get(HandoverTerm.UNSIGNED, ""),
    )


def _number(text: str) -> int:
    """Return a count of practitioners, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def agreement_sentences(agreement: RosterAgreement) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield who agreed on the roster, as sentences of the catalogue with their facts."""
    sentence = mark("Signatures of the roster, or of the package with it: {found} of {asked}.")
    yield sentence, {"found": agreement.found, "asked": agreement.asked}
    for one in agreement.signatures:
        sentence = mark("Signed the roster: {signer} ({party}), {moment}.")
        yield sentence, {"signer": one.signer, "party": one.party, "moment": one.signed_at}
    if agreement.unsigned:
        yield mark("Followed without the other signatures: {reason}"), {"reason": agreement.unsigned}


def planned_sentences(agreement: RosterAgreement | None) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield that an export would lack signatures, as far as it is known before anybody signs the package."""
    if agreement and not agreement.whole:
        sentence = mark(
            "Signatures of the roster: {found} of {asked}; whoever signs the package counts as well. "
            "Without the others, --unsigned says why."
        )
        yield sentence, {"asked": agreement.asked, "found": agreement.found}


def agreement_document(agreement: RosterAgreement | None) -> dict[str, Any] | None:
    """Return who agreed on the roster as a JSON document has it, or nothing where there is none."""
    if agreement is None:
        return None
    return {
        "asked": agreement.asked,
        "found": agreement.found,
        "unsigned": agreement.unsigned,
        "signatures": [one._asdict() for one in agreement.signatures],
    }
