"""What an official archive says besides the dossiers: whose it is, who asked for it, when it was signed; and again."""

from __future__ import annotations

import base64
import json
import os
import re
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from lxml import etree

from archiver.twins.pool import CopyPool
from tests.journeys.line import Line, asked
from tests.journeys.program import Program
from tests.tools import need
from tests.tsa import LocalAuthority, listening

SIGNER = ("--signer", "kerbrat/signer.p12")
WHO = ("--by", "Anne Exemple", "--receiver", "Cabinet Exemple")
REQUEST = ("--requester", "Dr Exemple", "--requested-on", "2026-11-02")
READING = ("--identity", "receiver.identity", "--roots", "roots.pem")
FINESS = ("--finess", "990000002")
LINE = ("deliver", "practice.db", "--patient", "1", "--as", "pdlgc", "--no-pdf", *SIGNER, *WHO)
STATED = "SELECT value FROM practices_identifiers WHERE type = 'FINESS'"


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("practice.db", "package.asice", "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    return Program(folder=small_line.copy(tmp_path, *names))


def codes(document: Any) -> set[str]:
    return {one["code"] for one in document["findings"]}


def member(folder: Path, name: str) -> bytes:
    (path,) = folder.iterdir()
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


# -- the number of the practice --------------------------------------------------------------------


def test_the_finess_number_is_said_once(desk: Program) -> None:
    assert "author-without-number" in codes(desk.here(*LINE, "--to", "bare", "--json").ok().document)
    done = desk.here(*LINE, *FINESS, "--to", "said").ok()
    assert "need not be said again" in done.err
    assert "author-without-number" not in codes(desk.here(*LINE, "--to", "later", "--json").ok().document)
    assert b"1990000002" in member(desk.folder / "later", "MANIFEST.XML")
    repeated = desk.here(*LINE, *FINESS, "--to", "again").ok()
    assert "need not be said again" not in repeated.err
    other = ("--finess", "990000010")
    assert "need not be said again" in desk.here(*LINE, *other, "--to", "corrected").ok().err
    assert asked(desk.folder / "practice.db", STATED) == [("990000010",)]
    manifest = member(desk.folder / "corrected", "MANIFEST.XML")
    assert b"1990000010" in manifest and b"990000002" not in manifest


def test_the_number_stays_when_the_source_is_collected_again_and_goes_into_every_form(
    desk: Program, small_line: Line
) -> None:
    desk.here(*LINE, *FINESS, "--to", "said").ok()
    tables = small_line.folder.with_name("demo") / "tilleuls.sqlite"
    before = desk.here("collect", "opendental", tables, "--into", "practice.db", "--json")
    assert before.status in {0, 4} and before.document["kinds"]["practices"]["unchanged"] == 1
    assert asked(desk.folder / "practice.db", STATED) == [("990000002",)]
    export = (
        "export",
        "practice.db",
        "numbered.asice",
        "--all",
        "--to",
        "pressoir/receiver.recipient",
        *SIGNER,
    )
    desk.here(*export).ok()
    desk.here(
        "deliver", "numbered.asice", "--as", "seda", "--to", "sip.zip", "--roots", "kerbrat/roots.pem"
    ).ok()
    with zipfile.ZipFile(desk.folder / "sip.zip") as transfer:
        assert b"990000002" in transfer.read("manifest.xml")


def test_a_number_that_the_source_has_otherwise_is_not_passed_over_in_silence(desk: Program) -> None:
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store, store:
        store.execute(
            "INSERT INTO practices_identifiers (owner, identifiers_position, type, system, value)"
            " SELECT value, 99, 'FINESS', '1.2.250.1.71.4.2.2', '990000010' FROM settings WHERE name = 'own_practice'"
        )
    done = desk.here(*LINE, *FINESS, "--to", "new", "--json").ok()
    (found,) = [one for one in done.document["findings"] if one["code"] == "number-not-taken"]
    assert "990000010" in found["text"] and "990000002" in found["text"]
    assert b"1990000010" in member(desk.folder / "new", "MANIFEST.XML")
    assert asked(desk.folder / "practice.db", STATED) == [("990000010",)]


@pytest.mark.parametrize("number", ["990000001", "99000000", "9900000020", "ZZ0000002"])
def test_a_number_whose_key_is_wrong_is_refused(desk: Program, number: str) -> None:
    refused = desk.here(*LINE, "--finess", number, "--to", "new")
    assert refused.status == 2 and f"{number} is no FINESS number" in refused.err
    refused = desk.here(*LINE, "--rpps", "Kerbrat=99900000028", "--to", "new")
    assert refused.status == 2 and "--rpps" in refused.err
    assert not (desk.folder / "new").exists() and asked(desk.folder / "practice.db", STATED) == []


# -- who works in the practice of a package --------------------------------------------------------


def test_a_package_knows_who_works_in_its_practice(desk: Program) -> None:
    line = ("deliver", "package.asice", "--all", "--as", "pdlgc", "--no-pdf", *SIGNER, *READING, *REQUEST)
    everybody = desk.here(*line, "--to", "all", "--json").ok().document
    chosen = desk.here(*line, "--to", "some", "--practitioner", "Kerbrat", "--json").ok().document
    of_all, of_some = (one["archives"][0]["patients"] for one in (everybody, chosen))
    assert 0 < of_some <= of_all and of_some + chosen["not_chosen"] == of_all
    assert "signer-is-not-author" not in codes(everybody)
    desk.here(*line, "--to", "named", "--rpps", "Kerbrat=99900000029").ok()
    nobody = desk.here(*line, "--to", "none", "--practitioner", "Personne")
    assert nobody.status == 2 and "Personne" in nobody.err


# -- who asked -------------------------------------------------------------------------------------


def test_nothing_is_put_in_the_place_of_a_requester_who_is_not_stated(desk: Program) -> None:
    unstated = desk.here(*LINE, "--to", "unstated", "--json").ok().document
    assert "request-not-stated" in codes(unstated)
    day = desk.here(*LINE, "--to", "day", "--requested-on", "2026-11-02", "--json").ok().document
    assert "request-not-stated" in codes(day)
    stated = desk.here(*LINE, *REQUEST, "--to", "stated", "--json").ok().document
    assert "request-not-stated" not in codes(stated)
    comments = {
        name: ET.fromstring(member(desk.folder / name, "MANIFEST.XML")).findtext("comments") or ""  # noqa: S314 - our own
        for name in ("unstated", "day", "stated")
    }
    assert "demande" not in comments["unstated"] and "; demande du 2026-11-02;" in comments["day"]
    assert "; demande de Dr Exemple le 2026-11-02;" in comments["stated"]
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        query = "SELECT detail FROM journal WHERE operation = 'delivery' ORDER BY id"
        entries = [json.loads(detail) for (detail,) in store.execute(query)]
    found = [(one["requester"], one["requested_on"]) for one in entries]
    assert found == [("", ""), ("", "2026-11-02"), ("Dr Exemple", "2026-11-02")]


# -- readable copies, made once --------------------------------------------------------------------


def test_a_second_delivery_takes_its_readable_copies_from_the_cache(
    desk: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = tuple(one for one in LINE if one != "--no-pdf")
    desk.here(*line, "--to", "first", "--pdf-cache", "copies").ok()
    made = sorted(path.name for path in (desk.folder / "copies").iterdir())
    assert len(made) > 3 and (desk.folder / "copies").stat().st_mode & 0o077 == 0

    def never(*_: object) -> None:
        raise AssertionError("a copy is made again")

    monkeypatch.setattr(CopyPool, "submit", never)
    desk.here(*line, "--to", "second", "--pdf-cache", "copies").ok()
    assert sorted(path.name for path in (desk.folder / "copies").iterdir()) == made
    refused = desk.here(*LINE, "--to", "third", "--pdf-cache", "copies")
    assert refused.status == 2 and "--no-pdf makes none" in refused.err


# -- the moment of signing -------------------------------------------------------------------------


def test_the_signature_bears_a_time_stamp_that_openssl_accepts(desk: Program) -> None:
    now = datetime.now(UTC)
    stamper = LocalAuthority("TSA Exemple", now - timedelta(days=1), now + timedelta(days=365))
    (desk.folder / "stamper.pem").write_bytes((stamper.folder / "root.pem").read_bytes())
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as tsa:
        desk.here(*LINE, "--to", "stamped", "--tsa", tsa, "--tsa-roots", "stamper.pem").ok()
    (path,) = (desk.folder / "stamped").iterdir()
    with zipfile.ZipFile(path) as archive:
        archive.extractall(desk.folder / "opened")
    signed = etree.parse(desk.folder / "opened" / "SIGN.XML")
    (value,) = signed.iter("{http://www.w3.org/2000/09/xmldsig#}SignatureValue")
    (token,) = signed.iter("{http://uri.etsi.org/01903/v1.3.2#}EncapsulatedTimeStamp")
    (desk.folder / "value").write_bytes(etree.tostring(value, method="c14n", exclusive=True, with_tail=False))
    (desk.folder / "token").write_bytes(base64.b64decode(token.text or ""))
    judged = subprocess.run(
        [need("openssl"), "ts", "-verify", "-data", "value", "-in", "token", "-token_in", "-CAfile", "stamper.pem"],
        cwd=desk.folder,
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert judged.returncode == 0, judged.stderr
    ours = desk.here("judge", "pdlgc", f"stamped/{path.name}", "--json").document
    assert [one["state"] for one in ours["rules"] if one["id"] == "sign-stamp"] == ["passed"]
    command = [need("xmlsec1"), "--verify", "--trusted-pem", "../kerbrat/roots.pem"]
    done = subprocess.run(
        [*command, "--id-attr:Id", "SignedProperties", "--id-attr:Id", "Manifest", "SIGN.XML"],
        cwd=desk.folder / "opened",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0 and re.search(
        rb"Manifests References \(ok/all\): 3/3", done.stdout + done.stderr
    )
    verdict = desk.here("judge", "pdlgc", path, "--json").document
    of_signature = [one for one in verdict["rules"] if one["id"].startswith("sign-")]
    assert not [one for one in of_signature if one["obligation"] == "must" and one["state"] == "failed"]
    assert len([one for one in of_signature if one["state"] == "passed"]) > 10


def test_without_an_authority_nothing_has_its_name_and_the_same_command_goes_on(desk: Program) -> None:
    refused = desk.here(*LINE, "--to", "stamped", "--tsa", "http://127.0.0.1:1/")
    assert refused.status != 0 and "no-timestamp-authority" in refused.err
    assert not list((desk.folder / "stamped").glob("PA2*"))
    desk.here(*LINE, "--to", "stamped").ok()
    assert len(list((desk.folder / "stamped").glob("PA2*"))) == 1


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
@pytest.mark.parametrize("mode", [0o777, 0o720, 0o702])
def test_a_cache_into_which_others_write_is_refused(desk: Program, mode: int) -> None:
    (desk.folder / "copies").mkdir()
    (desk.folder / "copies").chmod(mode)
    line = [one for one in LINE if one != "--no-pdf"]
    refused = desk.here(*line, "--pdf-cache", "copies", "--to", "new")
    assert refused.status == 2 and "chmod go-w" in refused.err
    assert not (desk.folder / "new").exists()
