"""Signing together, with a time-stamp, from a card; and what can be told of it years later."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.cli.options.passphrases import PIN_VARIABLE
from archiver.signing.certificates.reading import write_pem
from archiver.signing.keys.key_file import load_signer
from tests.journeys.line import EXPORT, Line
from tests.journeys.program import Program
from tests.softhsm import PIN, device
from tests.tsa import LocalAuthority, listening

COLLEAGUE = "Dr Sabine Loriot"


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program beside a practice, its roster and the keys of both practitioners."""
    small_line.copy(tmp_path, "practice.db", "kerbrat", "pressoir", "roster.csv")
    program = Program(folder=tmp_path)
    program("keys", "new", "loriot", "--name", COLLEAGUE, "--no-passphrase").ok()
    roots = ((tmp_path / who / "roots.pem").read_text() for who in ("kerbrat", "loriot"))
    (tmp_path / "both.pem").write_text("".join(roots))
    return program


@pytest.fixture(scope="module")
def stamper() -> LocalAuthority:
    return LocalAuthority(
        "Horodatage Exemple", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    )


def test_both_sign_with_a_time_stamp_and_it_holds_in_2041(desk: Program, stamper: LocalAuthority) -> None:
    (desk.folder / "stamper.pem").write_text(write_pem(stamper.roots))
    # this machine's own clock: the certificates of both signers were made a moment ago
    with (
        listening(lambda _: (503, b"closed")) as closed,
        listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as open_,
    ):
        desk(*EXPORT, "--co-signer", "loriot/signer.p12", "--tsa", closed, "--tsa", open_).ok()
    far = ("verify", "package.asice", "--tsa-roots", "stamper.pem", "--at", "2041-06-01", "--json")
    verdict = desk(*far, "--roots", "both.pem").ok().document
    assert [verdict[one]["state"] for one in ("signed_by", "existed_at", "trusted")] == ["proven"] * 3
    assert COLLEAGUE in verdict["signed_by"]["text"] and "Malo Kerbrat" in verdict["signed_by"]["text"]
    # roots may lie in several places
    several = ("--roots", "kerbrat/roots.pem", "--roots", "loriot/roots.pem")
    assert desk.here(*far, *several).status == 0
    # among the roots of signers, or nowhere, the authority's root tells nobody whether it was signed in time
    late = ("verify", "package.asice", "--roots", "both.pem", "--at", "2041-06-01", "--json")
    for unsure in (desk(*late), desk(*late, "--roots", "stamper.pem")):
        assert (unsure.status, unsure.document["trusted"]["code"]) == (3, "stamp-unproven")


def test_a_time_stamp_is_judged_with_the_roots_there_are(desk: Program, stamper: LocalAuthority) -> None:
    (desk.folder / "stamper.pem").write_text(write_pem(stamper.roots))
    unjudged = "but not whose it is"
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as tsa:
        assert unjudged in desk.here(*EXPORT, "--tsa", tsa).ok().err
        (desk.folder / "package.asice").unlink()
        # the signer's own root is nobody's who stamps
        for others in (("--tsa-roots", "both.pem"), ("--tsa-roots", "kerbrat/roots.pem")):
            refused = desk.here(*EXPORT, "--tsa", tsa, *others)
            assert "have not accepted" in refused.refused("no-timestamp-authority", 63)
            assert not (desk.folder / "package.asice").exists()
        accepted = ("--tsa-roots", "stamper.pem")
        assert unjudged not in desk.here(*EXPORT, "--tsa", tsa, *accepted).ok().err
        verifying = ("verify", "package.asice", "--roots", "kerbrat/roots.pem", *accepted)
        assert desk.here(*verifying, "--json").ok().document["existed_at"]["state"] == "proven"
        filing = ("--report-signer", "kerbrat/signer.p12", "--tsa", tsa)
        assert unjudged not in desk.here(*verifying, "--report", "a.pdf", *filing).ok().err
        unsure = desk.here(*verifying[:4], "--report", "b.pdf", *filing)
        assert unjudged in unsure.err


def test_nobody_signs_twice(desk: Program) -> None:
    desk(*EXPORT, "--co-signer", "kerbrat/signer.p12").refused("signers-alike", 20)
    assert not (desk.folder / "package.asice").exists()


def test_no_authority_answers_and_no_package_is_made(desk: Program) -> None:
    with listening(lambda _: (404, b"gone")) as gone:
        desk(*EXPORT, "--tsa", gone, "--tsa-roots", "kerbrat/roots.pem").refused("no-timestamp-authority", 63)
    assert not (desk.folder / "package.asice").exists()


def test_a_card_signs(desk: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    signer = load_signer(desk.folder / "kerbrat" / "signer.p12", None)
    hsm = tmp_path / "hsm"
    hsm.mkdir()
    with device(hsm, "CPS Kerbrat", (signer, "signature", "01")) as module:
        environment = {"SOFTHSM2_CONF": str(hsm / "softhsm2.conf")}
        by_card = [
            "pkcs11:token=CPS%20Kerbrat;object=signature" if part == "kerbrat/signer.p12" else part
            for part in EXPORT
        ]
        desk(*by_card, "--pkcs11-module", module, **environment).refused("key-unreadable", 23)
        wrong = desk(*by_card, "--pkcs11-module", module, **environment, **{PIN_VARIABLE: "0000"})
        assert "tried once" in wrong.refused("device-pin-wrong", 22)
        (desk.folder / "pin").write_text(PIN + "\n")
        desk(*by_card, "--pkcs11-module", module, "--signer-passphrase-file", "pin", **environment).ok()
    desk("verify", "package.asice", "--roots", "kerbrat/roots.pem").ok()
    assert PIN not in "".join(by_card)


def test_trust_on_first_use(desk: Program) -> None:
    memory = {"ARCHIVER_DATA": str(desk.folder / "memory")}
    desk(*EXPORT).ok()
    first = desk("verify", "package.asice", "--trust-first", "--json", **memory).ok().document
    assert first["trusted"]["code"] == "accepted-first-use"
    again = desk("verify", "package.asice", "--trust-first", "--json", **memory).ok().document
    assert again["trusted"]["code"] == "accepted-known"
    (desk.folder / "package.asice").unlink()
    other = ["loriot/signer.p12" if part == "kerbrat/signer.p12" else part for part in EXPORT]
    desk(*other).ok()
    changed = desk("verify", "package.asice", "--trust-first", "--json", **memory)
    assert (changed.status, changed.document["trusted"]["code"]) == (17, "signer-changed")


def test_a_report_is_filed(desk: Program) -> None:
    desk(*EXPORT).ok()
    filing = ("--report", "rapport.pdf", "--report-signer", "loriot/signer.p12")
    desk("verify", "package.asice", "--roots", "kerbrat/roots.pem", *filing).ok()
    for name in ("rapport.pdf", "rapport.pdf.p7s", "rapport.json", "rapport.json.p7s"):
        assert (desk.folder / name).stat().st_size > 500
    verdict = json.loads((desk.folder / "rapport.json").read_text(encoding="utf-8"))["verdict"]
    assert verdict["trusted"]["state"] == "proven"
    assert desk("verify", "package.asice", "--report", "rapport.txt", *filing[2:]).status == 2
    assert desk("verify", "package.asice", *filing[:2]).status == 2
    again = desk("verify", "package.asice", *filing)
    assert again.status == 42
