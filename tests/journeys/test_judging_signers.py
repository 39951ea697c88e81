"""Whose the signature of an official archive is, judged by roots and revocation lists that a person accepts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    load_der_private_key,
    pkcs12,
)

from tests.authorities import practitioners
from tests.journeys.line import Line
from tests.journeys.program import Program

AUTHORITY = "Autorité des praticiens"


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A folder with an archive that is signed under an authority, and what that authority and another publish."""
    folder = small_line.copy(tmp_path_factory.mktemp("judged"), "practice.db")
    ours, other = practitioners(AUTHORITY), practitioners("Une autre autorité")
    signer = ours.signer("Dr Malo Kerbrat")
    above = [x509.load_der_x509_certificate(one) for one in signer.chain]
    leaf = x509.load_der_x509_certificate(signer.certificate)
    key: Any = load_der_private_key(signer.key, None)
    sealed = BestAvailableEncryption(b"essai")
    data = pkcs12.serialize_key_and_certificates(b"k", key, leaf, above, sealed)
    (folder / "signer.p12").write_bytes(data)
    (folder / "word").write_text("essai\n", encoding="ascii")
    for name, one in (("ours", ours), ("other", other)):
        (folder / f"{name}.pem").write_bytes(one.root.public_bytes(Encoding.PEM))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for name, authority, revoked in (
        ("good", ours, ()),
        ("revoked", ours, ((signer.certificate, yesterday),)),
        ("foreign", other, ()),
    ):
        (folder / f"{name}.crl").write_bytes(authority.revocations(*revoked, at=yesterday))
    program = Program(folder=folder)
    line = ("deliver", "practice.db", "--patient", "1", "--as", "pdlgc", "--no-pdf", "--to", "official")
    who = ("--by", "Anne Exemple", "--receiver", "Cabinet Exemple")
    program.here(*line, *who, "--signer", "signer.p12", "--signer-passphrase-file", "word").ok()
    (found,) = (folder / "official").iterdir()
    found.rename(folder / "PA20261128T101500.ZIP")
    return program


def states(desk: Program, *options: str) -> tuple[str, str]:
    ended = desk.here("judge", "pdlgc", "PA20261128T101500.ZIP", *options, "--json")
    rules = {one["id"]: one for one in ended.document["rules"]}
    broken = {"failed"} & {rules[one]["state"] for one in ("sign-chain", "sign-revocation")}
    assert not broken or ended.status == 6
    return rules["sign-chain"]["state"], rules["sign-revocation"]["state"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), ("not-examined", "not-examined")),
        (("--roots", "ours.pem"), ("passed", "not-examined")),
        (("--roots", "other.pem"), ("failed", "not-examined")),
        (("--roots", "ours.pem", "--crl", "good.crl"), ("passed", "passed")),
        (("--roots", "ours.pem", "--crl", "revoked.crl"), ("passed", "failed")),
        (("--roots", "ours.pem", "--crl", "foreign.crl"), ("passed", "not-examined")),
    ],
)
def test_the_certificate_is_judged_by_what_the_person_accepts(
    desk: Program, options: tuple[str, ...], found: tuple[str, str]
) -> None:
    assert states(desk, *options) == found


def test_what_is_found_is_said(desk: Program) -> None:
    line = ("judge", "pdlgc", "PA20261128T101500.ZIP", "--roots", "other.pem")
    assert f"SIGN.XML: {AUTHORITY} CA" in desk.here(*line).out
    line = ("judge", "pdlgc", "PA20261128T101500.ZIP", "--roots", "ours.pem", "--crl", "revoked.crl")
    assert "SIGN.XML: Dr Malo Kerbrat" in desk.here(*line).out


def test_a_list_without_roots_and_roots_that_are_none_are_refused(desk: Program, tmp_path: Path) -> None:
    line = ("judge", "pdlgc", "PA20261128T101500.ZIP")
    asked = desk.here(*line, "--crl", "good.crl")
    assert asked.status == 2 and "--roots" in asked.err
    (tmp_path / "none.pem").write_bytes(b"none")
    desk.here(*line, "--roots", str(tmp_path / "none.pem")).refused("key-unreadable", 23)
    desk.here(*line, "--roots", "ours.pem", "--crl", "ours.pem").refused("revocation-unreadable", 23)
