"""Facts of the terms of a handover, as documents about a package and receipts of it show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

from archiver.paperwork.transfer import AgreementData, CodeData, RosterSignatureData, TermData
from archiver.scope.handover_terms import (
    LEFT_OUT_TERMS,
    SITUATION_TERMS,
    TERM_WORDS,
    HandoverTerm,
    value_words,
)
from archiver.scope.rosters.roster_agreement import RosterAgreement
from formats.digests import Digest


def terms_data(terms: Mapping[HandoverTerm, str]) -> Iterator[TermData]:
    """Yield what a situation says, but for why something is left out, which stands beside the counts."""
    for term in SITUATION_TERMS:
        if term in terms and term not in LEFT_OUT_TERMS.values():
            value = terms[term]
            yield TermData(
                term=CodeData(code=term.value, words=TERM_WORDS[term]),
                value=CodeData(code=value, words=value_words(term, value)),
            )


def agreement_data(agreement: RosterAgreement, zone: tzinfo | None) -> AgreementData:
    """Return who agreed on the roster; moments are those of ``zone``."""
    return AgreementData(
        asked=agreement.asked,
        found=agreement.found,
        unsigned=agreement.unsigned,
        signatures=tuple(
            RosterSignatureData(
                party=one.party,
                name=one.signer,
                signed_at=datetime.fromisoformat(one.signed_at).astimezone(zone),
                sha256=Digest.from_hex(one.sha256),
            )
            for one in agreement.signatures
        ),
    )
