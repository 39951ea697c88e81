"""Certificates and revocation lists from outside: whatever is wrong with one is a ``ValueError``.

``cryptography`` has an exception outside that family for a version that nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cryptography import x509


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except x509.InvalidVersion as fault:
        raise ValueError(str(fault)) from fault


def load_certificate(data: bytes) -> x509.Certificate:
    """Return a DER certificate (RFC 5280 §4.1).

    Raises:
        ValueError: when it is none.
    """
    with _plainly():
        return x509.load_der_x509_certificate(data)


def load_certificates(data: bytes) -> list[x509.Certificate]:
    """Return the certificates of a PEM text (RFC 7468 §5).

    Raises:
        ValueError: when one of them is none, or there is none.
    """
    with _plainly():
        return x509.load_pem_x509_certificates(data)


def is_readable(data: bytes) -> bool:
    """Say whether ``data`` is a DER certificate that can be read here."""
    try:
        load_certificate(data)
    except ValueError:
        return False
    return True


def load_list(data: bytes) -> x509.CertificateRevocationList:
    """Return a revocation list in DER, or in PEM as files have it (RFC 5280 §5.1, RFC 7468 §6).

    Raises:
        ValueError: when it is none.
    """
    with _plainly():
        return x509.load_pem_x509_crl(data) if b"-----BEGIN" in data else x509.load_der_x509_crl(data)
