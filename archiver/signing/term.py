"""The term of a signer's certificate: outside it nobody accepts what is signed, so nothing is begun."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from asn1crypto import x509

from archiver.signing.errors import CertificateEnded
from archiver.signing.keys import Signer


def refuse_outside_term(signers: Iterable[Signer | None], at: datetime) -> None:
    """Refuse to let any of ``signers`` sign ``at`` a moment at which their certificate is not valid.

    Raises:
        CertificateEnded: it had ended by then, or had not begun: perhaps the clock is wrong.
    """
    for signer in filter(None, signers):
        certificate = x509.Certificate.load(signer.certificate)
        start, end = certificate.not_valid_before, certificate.not_valid_after
        if not start <= at <= end:
            raise CertificateEnded(start=start.isoformat(), end=end.isoformat(), moment=at.isoformat())
