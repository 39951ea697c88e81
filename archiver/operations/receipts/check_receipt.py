"""Check a receipt that came back: who signed it, and whether it is of what was sent, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archiver.handover.receipt_comparison import ReceiptComparison, SentPackage, compare_receipt
from archiver.handover.receipt_reading import ReturnedReceipt
from archiver.signing.signatures.answers import SignatureAnswers, answer_signature
from archiver.signing.signatures.detached_files import signature_bytes, signatures_beside
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptSignature:
    """A signature over a receipt, and what it answers."""

    path: Path
    answers: SignatureAnswers

    @property
    def accepted(self) -> bool:
        """Whether it is over this receipt, by somebody whom the reader accepts."""
        return (self.answers.signed_by.state, self.answers.trusted.state) == (State.PROVEN, State.PROVEN)


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedReceipt:
    """A receipt, its signatures, and how it compares with what was ``sent``."""

    receipt: ReturnedReceipt
    sent: SentPackage
    signatures: tuple[ReceiptSignature, ...]
    comparison: ReceiptComparison

    @property
    def accepted(self) -> bool:
        """Whether it is signed, and every signature is by somebody whom the reader accepts."""
        return bool(self.signatures) and all(one.accepted for one in self.signatures)

    @property
    def whole(self) -> bool:
        """Whether it acknowledges everything that was sent, and nothing is left to a person at the receiver's."""
        comparison = self.comparison
        all_there = comparison.acknowledged == len(self.sent.units)
        return all_there and not comparison.findings and bool(self.receipt.facts["done"])


def check_receipt(receipt: ReturnedReceipt, sent: SentPackage, trust: Trust) -> CheckedReceipt:
    """Check ``receipt`` against what was ``sent``; the signatures beside it are judged with ``trust``.

    Raises:
        LimitExceeded, DiskFault: as ``signatures_beside`` and ``signature_bytes``.
    """
    signatures = tuple(
        ReceiptSignature(
            path=one,
            answers=answer_signature(signature_bytes(one), receipt.content, trust, where=one.name),
        )
        for one in signatures_beside(receipt.path)
    )
    comparison = compare_receipt(receipt, sent)
    return CheckedReceipt(receipt=receipt, sent=sent, signatures=signatures, comparison=comparison)
