"""Answers of a verdict about a package, or about the container of a set, from its signatures and its faults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from archiver.package import layout
from archiver.package.checks.co_signature import co_answers, is_co_signed
from archiver.package.checks.destruction import complete_answer, statement_findings
from archiver.package.checks.evidence import package_existed_at
from archiver.package.checks.faults import Faults
from archiver.package.contents import small
from archiver.package.errors import REFUSALS
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES
from archiver.package.lists.signed_digests import uses_of_list
from archiver.package.member_table import Contents, DigestTable
from archiver.signing.signatures.answers import SignatureAnswers, answer_signature
from archiver.signing.signatures.signed_data import MAX_SIGNATURE_BYTES
from archiver.signing.trust.anchors import Trust
from archiver.verdict import (
    Answer,
    DestructionVerdict,
    RecordVerdict,
    State,
    Verdict,
    fault_line,
    proven_answer,
    refuted_answer,
    unknown_answer,
    unproven_answer,
)
from formats.errors import Failure
from formats.words import mark


def judge_signatures(
    contents: Contents, listed: DigestTable | None, trust: Trust, proven_at: Sequence[datetime]
) -> SignatureAnswers:
    """Return what the signature over the signed list answers, together with the second one where two sign."""
    answers = _first_signature(contents, listed, trust, proven_at)
    return co_answers(contents, listed, trust, answers, proven_at) if is_co_signed(contents) else answers


def _first_signature(
    contents: Contents, listed: DigestTable | None, trust: Trust, proven_at: Sequence[datetime]
) -> SignatureAnswers:
    try:
        signature = small(contents, layout.SIGNATURE, MAX_SIGNATURE_BYTES)
    except REFUSALS as failure:
        return SignatureAnswers(signed_by=refuted_answer(failure))
    place = contents.get(layout.ASIC_MANIFEST)
    if place is None or place.size > MAX_ASIC_MANIFEST_BYTES:
        return SignatureAnswers()
    with place.open() as signed:
        besides = uses_of_list(listed)
        return answer_signature(
            signature, signed, trust, where=layout.SIGNATURE, proven_at=proven_at, besides=besides
        )


def verdict_of(
    faults: Faults,
    answers: SignatureAnswers,
    records: tuple[RecordVerdict, ...] = (),
    destroyed: tuple[DestructionVerdict, ...] = (),
    *,
    list_read: bool,
) -> Verdict:
    """Return the verdict: *intact* and *complete* are proven only where nothing was found and the list is truly signed.

    *Existed at* is the earliest moment that is proven, by a time-stamp or by evidence. ``list_read`` is
    whether the signed list could be read and compared.
    """
    truly_signed = answers.signed_by.state is State.PROVEN and list_read
    existed_at = package_existed_at(answers.existed_at, records)
    failures = [one.failure for one in (answers.signed_by, existed_at, answers.trusted) if one.failure]
    failures += [faults.unknown] if faults.unknown else []
    found = (*faults.changed.values(), *faults.incomplete.values(), *faults.limits_exceeded(), *failures)
    return Verdict(
        intact=_intact(faults, truly_signed),
        complete=_settled(faults.incomplete, truly_signed, complete_answer(destroyed)),
        signed_by=answers.signed_by,
        existed_at=existed_at,
        trusted=answers.trusted,
        holds=answers.holds,
        findings=(*map(fault_line, found), *statement_findings(destroyed)),
        records=records,
        destroyed=destroyed,
    )


def _intact(faults: Faults, truly_signed: bool) -> Answer:
    """Return the answer to *intact*; nobody can tell where the list is under a hash function that is not known."""
    if faults.unknown and not faults.changed:
        return unproven_answer(faults.unknown)
    return _settled(
        faults.changed, truly_signed, proven_answer("intact", mark("Every part is as it was signed."))
    )


def _settled(faults: dict[object, Failure], truly_signed: bool, proven: Answer) -> Answer:
    if faults:
        return refuted_answer(next(iter(faults.values())))
    if not truly_signed:
        reason = mark("The list of what should be there is not truly signed, so it proves nothing.")
        return unknown_answer("list-unsigned", reason)
    return proven
