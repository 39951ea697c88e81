"""Sign a receipt with the key of whoever received: a detached CAdES signature over its bytes, beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.handover.errors import ReceiverUnknown
from archiver.handover.receipt_reading import ReturnedReceipt, read_receipt
from archiver.signing.keys.key_file import Signer
from archiver.signing.keys.signer_check import refuse_unfit
from archiver.signing.revocation.sources import NO_SOURCES, Sources
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.signatures.detached_files import free_signature_place
from archiver.signing.validity import Stamping


@dataclass(frozen=True, kw_only=True, slots=True)
class SignReceiptRequest:
    """The receipt, and who signs it."""

    receipt: Path
    signers: tuple[Signer, ...]
    stamp: Stamping | None = None
    sources: Sources = NO_SOURCES


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedReceipt:
    """The receipt, and the signatures that were written."""

    receipt: ReturnedReceipt
    signatures: tuple[Path, ...]


def sign_receipt(request: SignReceiptRequest, *, clock: Callable[[], datetime]) -> SignedReceipt:
    """Sign the receipt of ``request``; whatever goes wrong, no signature is left behind.

    Raises:
        ReceiverUnknown: when the receipt names nobody who received.
        ReceiptUnreadable, ReceiptNewer, LimitExceeded, FileNotFound, DiskFault: as ``read_receipt``.
        Failure: when readers would refuse a signer; what a device or a time-stamping authority answered.
        AlreadyExists: when this signer has signed; DiskFull, DiskFault.
    """
    receipt = read_receipt(request.receipt)
    if not receipt.facts["receiver"]:
        raise ReceiverUnknown
    at = clock().replace(microsecond=0)
    refuse_unfit(request.signers, at)
    places = [free_signature_place(request.receipt, one.certificate) for one in request.signers]
    signatures = [
        sign_manifest(receipt.content, one, at=at, stamp=request.stamp, sources=request.sources)
        for one in request.signers
    ]
    for place, signature in zip(places, signatures, strict=True):
        with disk.write_aside(place) as stream:
            stream.write(signature)
    return SignedReceipt(receipt=receipt, signatures=tuple(places))
