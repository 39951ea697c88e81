"""A certificate or list of a version that nobody knows is refused like any other that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from archiver.errors import KeyUnreadable
from archiver.signing.certificates.loading import load_certificate, load_certificates, load_list
from archiver.signing.certificates.reading import read_roots
from archiver.signing.errors import RevocationUnreadable
from archiver.signing.revocation.sources import read_sources
from tests.authorities import der, practitioners
from tests.packages import SIGNED

VERSION_3 = bytes.fromhex("a003020102")
"""RFC 5280 §4.1.2.1: the version of a certificate, explicitly tagged."""
VERSION_2 = bytes.fromhex("020101")
"""RFC 5280 §5.1.2.1: the version of a list, its first element."""


def of_no_version(data: bytes, version: bytes) -> bytes:
    """Return ``data`` with 122 where its version stands."""
    assert data.index(version) < 20
    return data.replace(version, version[:-1] + b"\x7a", 1)


def test_certificates(tmp_path: Path) -> None:
    good = der(practitioners().root)
    assert load_certificate(good).public_bytes(Encoding.DER) == good
    bad = of_no_version(good, VERSION_3)
    with pytest.raises(ValueError, match="122"):
        load_certificate(bad)
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
        load_certificates(b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")
    (tmp_path / "root.cer").write_bytes(bad)
    with pytest.raises(KeyUnreadable):
        read_roots(tmp_path / "root.cer")


def test_lists(tmp_path: Path) -> None:
    good = practitioners().revocations(at=SIGNED)
    assert load_list(good).public_bytes(Encoding.DER) == good
    (tmp_path / "bad.crl").write_bytes(of_no_version(good, VERSION_2))
    with pytest.raises(ValueError, match="122"):
        load_list((tmp_path / "bad.crl").read_bytes())
    with pytest.raises(RevocationUnreadable):
        read_sources([tmp_path / "bad.crl"], [])
