"""A package signed by a card, opened after the end of its algorithm: nobody goes on without a word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from archiver.cli.options.passphrases import PIN_VARIABLE
from archiver.signing.certificates.reading import write_pem
from archiver.signing.keys.key_file import write_signer
from tests.authorities import FAR, practitioners
from tests.journeys.line import EXPORT, Line, asked
from tests.journeys.program import Ended, Program
from tests.softhsm import PIN, device
from tests.tsa import LocalAuthority, listening

ACCEPTED = ("--roots", "card.pem", "--tsa-roots", "stamper.pem", "--expect", "Dr Anne Exemple")
IN_2030 = (*ACCEPTED, "--at", "2030-06-01")
"""ETSI relies on RSA after PKCS #1 v1.5 until 2029; the card's certificate is valid for longer."""
KEY = ("--identity", "receiver.identity")
READERS: dict[str, tuple[str, ...]] = {
    "inspect": ("inspect", "package.asice", *KEY),
    "show-unit": ("keys", "show-unit", "package.asice", *KEY, "--patient", "45"),
    "share": (
        *("keys", "share", "package.asice", "shared.asice", *KEY),
        *("--signer", "kerbrat/signer.p12", "--to", "pressoir/receiver.recipient"),
    ),
}


@pytest.fixture(scope="module")
def stamper() -> LocalAuthority:
    return LocalAuthority(
        "Horodatage Exemple", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    )


@pytest.fixture
def desk(small_line: Line, stamper: LocalAuthority, tmp_path: Path) -> Program:
    """Return the program beside a practice and the keys of who leaves and who receives."""
    small_line.copy(tmp_path, "practice.db", "roster.csv", "receiver.identity", "kerbrat", "pressoir")
    carded = practitioners().rsa_signer(end=FAR)
    (tmp_path / "rsa").mkdir()
    write_signer(tmp_path / "rsa", carded, None)
    (tmp_path / "card.pem").write_text(write_pem(carded.roots), encoding="ascii")
    (tmp_path / "stamper.pem").write_text(write_pem(stamper.roots), encoding="ascii")
    return Program(folder=tmp_path)


@pytest.fixture
def carded(desk: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """Return the program beside a package that a card with an RSA key signed."""
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    hsm = tmp_path / "hsm"
    hsm.mkdir()
    key = practitioners().rsa_signer(end=FAR)
    with device(hsm, "CPS Exemple", (key, "signature", "01")) as module:
        environment = {"SOFTHSM2_CONF": str(hsm / "softhsm2.conf"), PIN_VARIABLE: PIN}
        desk(
            *_signed("pkcs11:token=CPS%20Exemple;object=signature"), "--pkcs11-module", module, **environment
        ).ok()
        yield desk


def _signed(by: str) -> list[str]:
    return [by if part == "kerbrat/signer.p12" else part for part in EXPORT]


def refused(done: Ended) -> str:
    """Return the digest that the refusal names."""
    sentence = done.refused("signature-algorithm-ended", 62)
    assert "sha256_rsa (3072)" in sentence and "nothing proves that it was made before" in sentence
    found = re.search(r"--accept-ended ([0-9a-f]{64})", sentence)
    assert found, sentence
    return found[1]


def test_nothing_is_opened_until_a_person_says_so(carded: Program) -> None:
    command = ("import", "package.asice", *KEY, "--into", "new.db", "--receipt", "receipt.json", *IN_2030)
    digest = refused(carded(*command))
    assert not any((carded.folder / name).exists() for name in ("new.db", "receipt.json", "receipt.txt"))
    verdict = carded("verify", "package.asice", *IN_2030, "--json")
    assert verdict.status == 3
    answers = verdict.document
    assert [answers[one]["state"] for one in ("intact", "complete", "signed_by")] == ["unknown"] * 3
    # neither who signed nor another package's digest says that this one is what was handed over
    fingerprint = practitioners().rsa_signer(end=FAR).fingerprint
    refused(carded(*command, "--accept", fingerprint))
    refused(carded(*command, "--accept-ended", fingerprint))

    done = carded(*command, "--accept-ended", digest).ok()
    assert "nothing proves that it was made before" in done.out and digest in done.out
    assert asked(carded.folder / "new.db", "SELECT count(*) FROM patients") == [(4,)]
    receipt = json.loads((carded.folder / "receipt.json").read_text(encoding="utf-8"))
    signer = receipt["signer"]
    assert (signer["proven"], signer["doubt_code"]) == (False, "signature-algorithm-ended")
    assert signer["accepted_list_sha256"] == digest and "sha256_rsa (3072)" in signer["doubt"]
    text = (carded.folder / "receipt.txt").read_text(encoding="utf-8")
    assert "rien ne prouve qu’elle a été faite avant" in text and text.count(digest) == 4  # of what, and why
    assert "nothing proves that it was made before" in text


@pytest.mark.parametrize("name", READERS)
def test_every_command_that_opens_asks(carded: Program, name: str) -> None:
    digest = refused(carded(*READERS[name], *IN_2030))
    assert not (carded.folder / "shared.asice").exists()
    done = carded(*READERS[name], *IN_2030, "--accept-ended", digest).ok()
    assert "nothing proves that it was made before" in done.err


def test_what_is_due_is_said_in_time(carded: Program) -> None:
    reading = ("verify", "package.asice", *ACCEPTED)
    done = carded(*reading).ok()
    assert (
        "To be done: give it evidence before 2029-01-01 (sha256_rsa (3072)): archiver evidence build."
        in done.out
    )
    filing = ("--report", "report.pdf", "--report-signer", "kerbrat/signer.p12")
    due = carded(*reading, "--json", *filing).ok().document["due"]
    assert due == {"duty": "evidence", "before": "2029-01-01T00:00:00+00:00", "ends_by": "sha256_rsa (3072)"}
    filed = json.loads((carded.folder / "report.json").read_text(encoding="utf-8"))
    assert filed["verdict"]["due"] == due
    printed = "".join(page.extract_text() for page in PdfReader(carded.folder / "report.pdf").pages)
    assert "Aucune preuve encore" in printed and "2029-01-01" in printed


def test_evidence_made_in_time_spares_everybody_this(carded: Program, stamper: LocalAuthority) -> None:
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as tsa:
        carded("evidence", "build", "package.asice", "--tsa", tsa, "--tsa-roots", "stamper.pem").ok()
    done = carded("import", "package.asice", *KEY, "--into", "new.db", *IN_2030, "--json").ok()
    signer = done.document["signer"]
    assert (signer["proven"], signer["doubt"], signer["accepted_list_sha256"]) == (True, "", "")
    assert done.err == "The store new.db was not there: it has just been made.\n"


def test_the_word_about_a_set_is_about_its_volumes(desk: Program) -> None:
    desk(*_signed("rsa/signer.p12"), "--by-retention-year").ok()
    command = ("import", "package-set.asice", *KEY, "--into", "new.db", *IN_2030)
    digest = refused(desk(*command))
    done = desk(*command, "--accept-ended", digest, "--json").ok()
    assert len(done.document["volumes"]) > 1
    assert done.document["signer"]["accepted_list_sha256"] == digest
    # a volume by itself has a list of its own
    alone = ("inspect", "package-001.asice", *KEY, *IN_2030)
    other = refused(desk(*alone, "--accept-ended", digest))
    assert other != digest
    desk(*alone, "--accept-ended", other).ok()
