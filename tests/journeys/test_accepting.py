"""Every command that opens a package is told in one way whom to accept; sharing signs as an export does."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from archiver.cli.options.passphrases import PIN_VARIABLE
from archiver.signing.certificates.reading import write_pem
from archiver.signing.keys.key_file import load_signer, write_signer
from tests.authorities import der, practitioners
from tests.journeys.line import EXPORT, Line, asked
from tests.journeys.program import Program
from tests.openssl_ca import Publisher
from tests.softhsm import PIN, device
from tests.trust_lists import GRANTED, service, written
from tests.tsa import LocalAuthority, listening

KEY = ("--identity", "receiver.identity")
READERS: dict[str, tuple[str, ...]] = {
    "inspect": ("inspect", "package.asice", *KEY),
    "show-unit": ("keys", "show-unit", "package.asice", *KEY, "--patient", "45"),
    "import": ("import", "package.asice", *KEY, "--into", "new.db"),
    "share": (
        *("keys", "share", "package.asice", "shared.asice", *KEY),
        *("--signer", "kerbrat/signer.p12", "--to", "pressoir/receiver.recipient"),
    ),
}
"""Commands that open a package; each must be told whom to accept."""


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    small_line.copy(tmp_path, "package.asice", "receiver.identity", "roots.pem", "kerbrat", "pressoir")
    return Program(folder=tmp_path)


@pytest.fixture
def listed(small_line: Line, tmp_path: Path) -> Program:
    """Return the program beside a package whose signer an authority of a trust list vouches for."""
    small_line.copy(tmp_path, "practice.db", "receiver.identity", "roster.csv", "kerbrat", "pressoir")
    (tmp_path / "listed").mkdir()
    write_signer(tmp_path / "listed", practitioners().signer(), None)
    written(
        tmp_path, service("CA/QC", der(practitioners().above), (GRANTED, datetime(2020, 1, 1, tzinfo=UTC)))
    )
    program = Program(folder=tmp_path)
    program(*("listed/signer.p12" if part == "kerbrat/signer.p12" else part for part in EXPORT)).ok()
    return program


@pytest.mark.parametrize("name", READERS)
def test_a_trust_list_vouches_for_whom_the_reader_expects(listed: Program, name: str) -> None:
    by_list = (*READERS[name], "--trust-list", "tl-fr.xml")
    listed(*READERS[name]).refused("signer-untrusted", 17)
    sentence = listed(*by_list).refused("expectation-missing", 17)
    assert "a certificate that bears the name Dr Anne Exemple, fingerprint" in sentence
    listed(*by_list, "--expect", "Dr Malo Kerbrat").refused("signer-unexpected", 17)
    assert listed(*by_list, "--expect", " ").status == 2
    assert not (listed.folder / "new.db").exists() and not (listed.folder / "shared.asice").exists()
    listed(*by_list, "--expect", "Anne EXEMPLE").ok()
    # it is remembered for this sender: the next package needs no word
    listed("inspect", "package.asice", *KEY, "--trust-list", "tl-fr.xml").ok()


def test_a_verdict_says_that_a_list_vouches_for_a_name(listed: Program) -> None:
    output = listed("verify", "package.asice", "--trust-list", "tl-fr.xml").ok().out
    assert "Signed with the key of a certificate that bears the name Dr Anne Exemple, fingerprint" in output


def test_a_first_use_is_said_in_the_verdict_and_on_the_receipt(desk: Program) -> None:
    first = "is accepted on first use; compare the fingerprint"
    assert first in desk("verify", "package.asice", "--trust-first").ok().out
    (desk.folder / ".local/share/archiver/known-signers.json").unlink()
    for name, command in READERS.items():
        done = desk(
            *command, "--trust-first", *(("--receipt", "receipt.json") if name == "import" else ())
        ).ok()
        assert first in done.out + done.err, name
        (desk.folder / ".local/share/archiver/known-signers.json").unlink()
    page = " ".join((desk.folder / "receipt.txt").read_text(encoding="utf-8").split())
    assert first in page and "est accepté à la première réception" in page
    signer = json.loads((desk.folder / "receipt.json").read_text(encoding="utf-8"))["signer"]
    assert signer["accepted_code"] == "accepted-first-use" and first in signer["accepted"]


@pytest.mark.parametrize("name", READERS)
def test_another_moment_may_be_asked_for(desk: Program, name: str) -> None:
    desk(*READERS[name], "--roots", "roots.pem", "--at", "2051-01-01").refused("certificate-ended", 28)


def test_a_sender_accepted_once_is_held_to_it(desk: Program, small_line: Line) -> None:
    desk(*READERS["inspect"], "--trust-first").ok()
    register = desk.folder / ".local/share/archiver/known-signers.json"
    registered = register.read_text(encoding="utf-8")
    desk(*READERS["show-unit"], "--trust-first").ok()
    assert register.read_text(encoding="utf-8") == registered
    # the same practice, another certificate
    desk("keys", "new", "other", "--name", "Dr Malo Kerbrat", "--no-passphrase").ok()
    (desk.folder / "package.asice").unlink()
    small_line.copy(desk.folder, "practice.db", "roster.csv")
    desk(*("other/signer.p12" if part == "kerbrat/signer.p12" else part for part in EXPORT)).ok()
    for command in READERS.values():
        desk(*command, "--trust-first").refused("signer-changed", 17)
    assert register.read_text(encoding="utf-8") == registered
    assert not (desk.folder / "new.db").exists()


def test_nobody_is_remembered_whose_package_does_not_open(desk: Program) -> None:
    desk("keys", "new", "stranger", "--name", "Dr Sans Clé", "--no-passphrase").ok()
    with_another = [
        "stranger/receiver.identity" if part == "receiver.identity" else part for part in READERS["inspect"]
    ]
    desk(*with_another, "--trust-first").refused("wrong-key", 21)
    assert not (desk.folder / ".local/share/archiver/known-signers.json").exists()


def test_both_share_with_a_time_stamp_and_revocation_lists(desk: Program) -> None:
    now = datetime.now(UTC)
    stamper = LocalAuthority(
        "Horodatage Exemple", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    )
    authority = practitioners()
    signer = authority.signer()
    (desk.folder / "listed").mkdir()
    write_signer(desk.folder / "listed", signer, None)
    (desk.folder / "of.crl").write_bytes(authority.revocations(at=now))
    (desk.folder / "of.ocsp").write_bytes(authority.response(signer.certificate, at=now - timedelta(hours=1)))
    roots = (desk.folder / "roots.pem").read_text() + write_pem((der(authority.root),))
    (desk.folder / "both.pem").write_text(roots)
    (desk.folder / "stamper.pem").write_text(write_pem(stamper.roots))
    verifying = ("verify", "shared.asice", "--roots", "both.pem", "--tsa-roots", "stamper.pem", "--json")
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as tsa:
        shared = desk(
            *(*READERS["share"], "--roots", "roots.pem", "--co-signer", "listed/signer.p12"),
            *("--tsa", tsa, "--crl", "of.crl", "--ocsp", "of.ocsp", "--json"),
        ).ok()
    document = shared.document
    assert (document["shared"], document["revision"], document["units"]) == (1, 2, 5)
    verdict = desk(*verifying).ok().document
    assert [verdict[one]["state"] for one in ("signed_by", "existed_at", "trusted")] == ["proven"] * 3
    assert verdict["signed_by"]["facts"]["co_signer"] == "Dr Anne Exemple"
    # the second practitioner's certificate was revoked before: nobody may rely on the pair
    (desk.folder / "shared.asice").unlink()
    gone = authority.revocations((signer.certificate, now - timedelta(days=2)), at=now)
    (desk.folder / "of.crl").write_bytes(gone)
    desk(
        *READERS["share"], "--roots", "roots.pem", "--co-signer", "listed/signer.p12", "--crl", "of.crl"
    ).ok()
    revoked = desk(*verifying)
    assert (revoked.status, revoked.document["trusted"]["code"]) == (29, "certificate-revoked")


def test_a_card_signs_what_is_shared(desk: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    signer = load_signer(desk.folder / "kerbrat" / "signer.p12", None)
    hsm = tmp_path / "hsm"
    hsm.mkdir()
    share = [
        "pkcs11:token=CPS%20Kerbrat;object=signature" if part == "kerbrat/signer.p12" else part
        for part in READERS["share"]
    ]
    with device(hsm, "CPS Kerbrat", (signer, "signature", "01")) as module:
        environment = {"SOFTHSM2_CONF": str(hsm / "softhsm2.conf"), PIN_VARIABLE: PIN}
        desk(*share, "--pkcs11-module", module, "--roots", "roots.pem", **environment).ok()
    desk("verify", "shared.asice", "--roots", "roots.pem").ok()
    desk("inspect", "shared.asice", "--identity", "pressoir/receiver.identity", "--roots", "roots.pem").ok()


@pytest.mark.parametrize("name", ["verify", *READERS])
def test_what_the_reader_knows_of_revocations_counts(listed: Program, name: str) -> None:
    now = datetime.now(UTC)
    (listed.folder / "roots.pem").write_text(write_pem((der(practitioners().root),)))
    certificate = practitioners().signer().certificate
    gone = Publisher(listed.folder / "gone", practitioners(), certificate, now - timedelta(days=1))
    gone.revocations(now, now + timedelta(days=7))
    gone.response(now - timedelta(hours=1), 2)
    stale = Publisher(listed.folder / "stale", practitioners(), certificate)
    stale.revocations(now - timedelta(days=9), now - timedelta(days=2))
    expected = ("--roots", "roots.pem", "--expect", "Dr Anne Exemple")
    command = (*READERS.get(name, ("verify", "package.asice")), *expected)
    option = "--check-" if name == "share" else "--"
    for kind, file in (("crl", "gone/list.pem"), ("ocsp", "gone/response.der")):
        done = listed.here(*command, f"{option}{kind}", file)
        assert done.status == 29 and "certificate-revoked" in done.out + done.err
    assert not (listed.folder / "new.db").exists() and not (listed.folder / "shared.asice").exists()
    listed.here(*command, f"{option}crl", "package.asice").refused("revocation-unreadable", 23)
    outcome = listed.here(*command, f"{option}crl", "stale/list.pem").ok()
    assert "stale/list.pem: This revocation list or OCSP response was left aside" in outcome.err
    assert "it ends before the moment that counts [revocation-ignored]" in outcome.err.replace(".", "")


def test_a_verdict_names_what_told_nothing(listed: Program) -> None:
    (listed.folder / "roots.pem").write_text(write_pem((der(practitioners().root),)))
    (listed.folder / "other.crl").write_bytes(practitioners("Autre").revocations(at=datetime.now(UTC)))
    done = listed.here(
        *("verify", "package.asice", "--roots", "roots.pem", "--crl", "other.crl", "--json"),
        *("--report", "report.pdf", "--report-signer", "kerbrat/signer.p12"),
    ).ok()
    (finding,) = done.document["findings"]
    assert (finding["code"], finding["severity"], finding["where"]) == (
        "revocation-ignored",
        "warning",
        "other.crl",
    )
    assert finding["text"].endswith("it speaks of none of the certificates here.")
    printed = "".join(page.extract_text() for page in PdfReader(listed.folder / "report.pdf").pages)
    assert "elle ne concerne aucun des certificats examinés." in " ".join(printed.split())


def test_no_authority_answers_and_nothing_is_shared(desk: Program) -> None:
    accepted = ("--roots", "roots.pem", "--tsa-roots", "roots.pem")
    with listening(lambda _: (404, b"gone")) as gone:
        desk(*READERS["share"], *accepted, "--tsa", gone).refused("no-timestamp-authority", 63)
    assert not (desk.folder / "shared.asice").exists()


def test_a_report_and_a_receipt_name_the_signer_as_people_do(desk: Program) -> None:
    output = desk("verify", "package.asice", "--roots", "roots.pem").ok().out
    assert "Dr Malo Kerbrat (RPPS 99900000029), fingerprint" in output
    desk(*READERS["import"], "--roots", "roots.pem", "--receipt", "receipt.json").ok()
    assert "Dr Malo Kerbrat (RPPS 99900000029)" in (desk.folder / "receipt.txt").read_text(encoding="utf-8")
    assert asked(desk.folder / "new.db", "SELECT count(*) FROM patients") == [(4,)]
    with zipfile.ZipFile(desk.folder / "package.asice") as package:
        assert "manifest.json" in package.namelist()
