"""A sale, a retirement, a collaborator who leaves, a requisition: each situation and what it says."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from archiver.practice import people
from archiver.practice.store import open_store
from samples.demo import COLLABORATOR
from tests.journeys.line import Line, asked
from tests.journeys.program import Ended, Program
from tests.journeys.terminal import talk
from tests.scanner import scanned

OWNER = "99900000011"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
HEAD = "patient_number;family_name;given_name;birth_date;practitioner_rpps\n"
SHARED = "45;Perrichon;Gérard;1955-11-23;\n"
CHILD = "3;Lemoine-Garnier;Chloé;2012-05-21;\n"


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    small_line.copy(tmp_path, "practice.db", "kerbrat", "pressoir", "roots.pem", "receiver.identity")
    return Program(folder=tmp_path)


def seal(desk: Program, package: str, situation: str, *more: str) -> Ended:
    """Export in ``situation``; the practice's key signs."""
    sealing = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    return desk("export", "practice.db", package, "--situation", situation, *sealing, *more)


def manifest(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        found: dict[str, Any] = json.loads(archive.read("manifest.json"))
        return found


def inspected(desk: Program, package: str, identity: str = "receiver.identity") -> dict[str, Any]:
    found = desk("inspect", package, "--identity", identity, "--roots", "roots.pem", "--json").ok()
    document: dict[str, Any] = found.document
    return document


def test_the_shares_of_a_selarl_are_sold(desk: Program) -> None:
    """The company goes on answering for the records: it takes a copy of all, and nobody else comes into it."""
    roster = desk.folder / "roster.csv"
    roster.write_text(HEAD + SHARED, encoding="utf-8")
    refused = seal(desk, "shares.asice", "selarl-share-sale", "--roster", "roster.csv")
    assert refused.status == 2 and "selarl-share-sale takes everybody: no --roster" in refused.err
    done = seal(desk, "shares.asice", "selarl-share-sale", "--paperwork", "papers").ok()
    assert "Who answers for the dossiers afterwards: the controller stays the same." in done.out
    assert "Documents that go with it" not in done.out, "slip and attestation were written"
    handover = manifest(desk.folder / "shares.asice")
    assert handover["legal_ground"] == "share-sale"
    assert handover["controller_after"]["name"] == handover["controller_before"]["name"]
    terms = inspected(desk, "shares.asice")["terms"]
    assert (terms["situation"], terms["controller"]) == ("selarl-share-sale", "unchanged")
    slip = PdfReader(desk.folder / "papers/bordereau-de-transfert.pdf")
    text = " ".join(" ".join(page.extract_text() for page in slip.pages).split())
    assert "les parts d’une SELARL sont cédées" in text
    assert "Rien de ce que tient le cabinet n’a été laissé de côté." in text


def test_a_selarl_sells_its_practice(desk: Program) -> None:
    """The buyer answers for the records from now on, so somebody has to be named; they import them all."""
    refused = seal(desk, "assets.asice", "selarl-asset-sale")
    assert refused.status == 2 and "give --receiver" in refused.err
    done = seal(desk, "assets.asice", "selarl-asset-sale", "--receiver", "Cabinet du Vieux Pressoir").ok()
    assert "Documents that go with it (archiver paperwork): transfer slip, attestation" in done.out
    handover = manifest(desk.folder / "assets.asice")
    assert handover["controller_after"] == handover["receiver"]
    assert handover["receiver"]["name"] == "Cabinet du Vieux Pressoir"
    reading = ("--identity", "receiver.identity", "--roots", "roots.pem")
    taken = desk("import", "assets.asice", *reading, "--into", "buyer.db", "--json").ok().document
    patients = asked(desk.folder / "practice.db", "SELECT count(*) FROM patients")
    assert taken["terms"]["copy-left"] == "until-receipt", (
        "the receipt says what becomes of the seller's copy"
    )
    assert taken["complete"] and asked(desk.folder / "buyer.db", "SELECT count(*) FROM patients") == patients


def test_a_dentist_retires_and_an_archive_company_keeps_the_records(desk: Program) -> None:
    """Each year has its volumes, which the company destroys whole at their term; it opens none of them."""
    done = seal(desk, "archive.asice", "cessation-to-archive-company", "--receiver", "Archives Exemple").ok()
    assert "Cut by the year in which retention ends" in done.out
    assert "notice to the health agency" in done.out
    desk("verify", "archive-set.asice", "--roots", "roots.pem").ok()
    for volume in desk.folder.glob("archive-0*.asice"):
        handover = manifest(volume)
        assert (handover["receiver"]["name"], handover["legal_ground"]) == ("Archives Exemple", "cessation")
        assert handover["controller_after"] == handover["controller_before"], "the company hosts, and no more"
    terms = inspected(desk, "archive-set.asice")["terms"]
    assert terms["copy-left"] == "until-receipt"


def test_a_patient_of_both_is_in_both_copies_under_one_identity(desk: Program) -> None:
    """The collaborator and the owner each seal their roster; whom both treat is in both, with the same dossier."""
    found = []
    for name, lines, who in (("his", SHARED + CHILD, COLLABORATOR), ("hers", SHARED, OWNER)):
        (desk.folder / f"{name}.csv").write_text(HEAD + lines, encoding="utf-8")
        leaving = ("--roster", f"{name}.csv", "--practitioner", who, "--unsigned", "essai")
        parties = ("--receiver", "Cabinet Exemple")
        done = seal(desk, f"{name}.asice", "collaboration-exit", *leaving, *parties).ok()
        if name == "his":
            assert "[household-parted]" in done.err and "Lemoine-Garnier Chloé" in done.err
        document = inspected(desk, f"{name}.asice")
        found.append({unit["patient"]["id"] for unit in document["units"] if unit["patient"]})
        assert document["terms"]["copy-left"] == "practice-keeps"
        assert document["terms"]["patients-left-out"] == "not-on-roster"
    his, hers = found
    assert len(his) == 2 and len(hers) == 1 and hers < his


def test_a_requisition_takes_whom_it_names(desk: Program) -> None:
    (desk.folder / "named.csv").write_text(HEAD + SHARED, encoding="utf-8")
    assert "requisition needs --roster" in seal(desk, "no.asice", "requisition", "--all").err
    leaving = ("--roster", "named.csv", "--practitioner", COLLABORATOR)
    planned = seal(desk, "required.asice", "requisition", *leaving, "--dry-run").ok()
    assert "Why the other patients are not taken: not named by the requisition." in planned.out
    done = seal(desk, "required.asice", "requisition", *leaving, "--receiver", "Tribunal Exemple").ok()
    assert "Why the other patients are not taken: not named by the requisition." in done.out
    assert "or of the package with it: 1 of 1." in done.out, "a judge asks, nobody has to agree"
    delivered = (
        "handover",
        "proof",
        "practice.db",
        "required.asice",
        "--how",
        "by-hand",
        "--by",
        "Dr Kerbrat",
    )
    assert "Name a package and to whom" in desk(*delivered).err
    assert "1 package written down" in desk(*delivered, "--to", "OPJ Exemple").ok().out
    early = desk(*delivered, "--to", "OPJ Exemple", "--on", "2020-01-01")
    assert early.status == 32 and "[delivery-day]" in early.err and "[deliveries-refused]" in early.err
    assert "handed over: no receipt comes" in desk("handover", "status", "practice.db").ok().out


def test_a_practice_is_without_practitioner(desk: Program, small_line: Line) -> None:
    """A liquidator has a server: each person has a package, and any two of three persons bring the key back."""
    small_line.copy(desk.folder, "successor.db")
    desk("keys", "new", "liquidator", "--name", "Me Exemple", "--no-passphrase").ok()
    made = ("--threshold", "2", "--cards", "3", "--out", "kit.pdf")
    desk("keys", "recovery", "liquidator/receiver.identity", *made).ok()
    words = scanned(desk.folder)
    (desk.folder / "two.txt").write_text("\n\n".join(words[1:]) + "\n", encoding="utf-8")
    sealing = ("--to", "liquidator/receiver.recipient", "--signer", "liquidator/signer.p12")
    line = ("export", "successor.db", "claims", "--situation", "orphan", *sealing)
    assert "no --paperwork" in desk(*line, "--paperwork", "papers").err
    assert "10 packages, one for each person." in desk(*line).ok().out
    desk(*line).refused("already-exists", 42)
    (desk.folder / "liquidator/receiver.identity").unlink()
    written = asked(desk.folder / "successor.db", "SELECT detail FROM journal WHERE operation = 'export'")
    files = {json.loads(detail)["file"] for (detail,) in written}
    assert {f"{number:03}.asice" for number in range(1, 11)} <= files, "each is written down"

    # the list names each package with its person, and leaves open who claims it
    text = (desk.folder / "claims/claims.csv").read_text(encoding="utf-8-sig")
    listed = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert len(listed) == len(list((desk.folder / "claims").glob("*.asice"))) == 10
    assert {(row["Claimed by"], row["Identity checked how, by whom"]) for row in listed} == {("", "")}
    (claim,) = (row for row in listed if row["Birth name"] == "Courtecuisse")

    # no receipt will come of any: no clock runs, and what is asked for is a proof of delivery
    status = desk("handover", "status", "successor.db", "--json").ok().document
    each = [one for one in status["listed"] if one["situation"] == "orphan"]
    assert len(each) == 10 and {(one["state"], one["clock"], one["receive_by"]) for one in each} == {
        ("undelivered", "none", None)
    }

    # two of the three persons come; the package has this one dossier, and says why nobody else's is in it
    reading = ("--cards-file", "two.txt", "--roots", "liquidator/roots.pem")
    document = desk("inspect", f"claims/{claim['Package']}", *reading, "--json").ok().document
    patients = [unit["patient"]["number"] for unit in document["units"] if unit["patient"]]
    assert patients == [claim["Number"]]
    assert document["terms"]["patients-left-out"] == "one-each"


def test_the_records_of_one_person_lie_in_one_package(desk: Program, small_line: Line) -> None:
    small_line.copy(desk.folder, "successor.db")
    with open_store(desk.folder / "successor.db") as store, store.changing():
        one, other, *_ = (one.id for one in store.patients())
        people.link(store, one, other, rule="person", decided_by="Dr Exemple", at=NOW)
    sealing = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    done = desk("export", "successor.db", "claims", "--situation", "orphan", *sealing, "--json").ok()
    assert len(done.document["packages"]) == 9 and done.document["patients"] == 10


def test_each_patient_takes_their_own_dossier_along(desk: Program) -> None:
    """A dentist stops: 68 persons, 68 packages, each opened by words of its own, without what is about others."""
    sealing = ("--to", "kerbrat/receiver.recipient", "--signer", "kerbrat/signer.p12")
    done = desk("export", "practice.db", "each", "--situation", "cessation-to-patients", *sealing).ok()
    assert "68 packages, one for each person." in done.out
    assert "Left out (related persons): " in done.out
    assert "the passphrase of each package" in done.err
    text = (desk.folder / "each/claims.csv").read_text(encoding="utf-8-sig")
    listed = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert len({row["Passphrase"] for row in listed}) == len(listed) == 68
    (row,) = (row for row in listed if row["Number"] == "45")
    (desk.folder / "words.txt").write_text(row["Passphrase"] + "\n", encoding="utf-8")
    package = f"each/{row['Package']}"
    with zipfile.ZipFile(desk.folder / package) as archive:
        stanza = archive.read("keyring-passphrase.age").split(b"\n", 2)[1].split(b" ")
    assert stanza[1] == b"scrypt" and stanza[3] == b"14", "eighty bits need no second of derivation each"
    reading = ("--passphrase-file", "words.txt", "--roots", "roots.pem")
    taken = desk("import", package, *reading, "--into", "next.db", "--json").ok().document
    assert [one["patient"]["number"] for one in taken["dossiers"] if one["patient"]] == ["45"]
    tables = ("related_persons", "source_rows")
    assert [asked(desk.folder / "next.db", f"SELECT count(*) FROM {name}") for name in tables] == [
        [(0,)],
        [(0,)],
    ]


def test_who_got_their_dossier_is_written_down_from_the_list(desk: Program, small_line: Line) -> None:
    """The list of claims comes back filled in: each line is compared with the register, and all are noted or none."""
    small_line.copy(desk.folder, "successor.db")
    sealing = ("--to", "kerbrat/receiver.recipient", "--signer", "kerbrat/signer.p12")
    planned = desk(
        "export", "successor.db", "each", "--situation", "cessation-to-patients", *sealing, "--dry-run"
    )
    assert "10 packages, one for each person" in planned.ok().out
    done = desk(
        "export", "successor.db", "each", "--situation", "cessation-to-patients", *sealing, "--json"
    ).ok()
    listed = desk.folder / "each/claims.csv"
    heading, *lines = listed.read_text(encoding="utf-8-sig").splitlines()
    columns = heading.split(";")
    cells = [line.split(";") for line in lines]

    def fill(row: int, **texts: str) -> None:
        for column, text in texts.items():
            cells[row][columns.index(column.replace("_", " ").capitalize())] = text

    def prove() -> Ended:
        text = "\n".join(";".join(row) for row in (columns, *cells)) + "\n"
        (desk.folder / "filled.csv").write_text(text, encoding="utf-8")
        return desk("handover", "proof", "successor.db", "--claims", "filled.csv", "--how", "registered-post",
                    "--by", "Dr Exemple", "--json")  # fmt: skip

    today = datetime.now(UTC).date()
    fill(0, handed_over_to="Mme Exemple", handed_over_on=today.isoformat())
    fill(1, handed_over_to="M. Exemple", handed_over_on=f"{today:%d/%m/%Y}", claimed_by="M. Exemple")
    # three lines are wrong, each in its own way, and nothing is written down
    fill(2, handed_over_on=today.isoformat())
    fill(3, handed_over_to="M. Autre", handed_over_on="1990-01-01")
    fill(4, handed_over_to="M. Autre", handed_over_on=today.isoformat(), number="999", birth_name="Autre")
    refused = prove()
    assert refused.status == 32 and "3 errors" in refused.err and "[deliveries-refused]" in refused.err
    for place, code in ((4, "delivery-incomplete"), (5, "delivery-day"), (6, "claim-about-others")):
        assert any(f"filled.csv:{place}" in line and code in line for line in refused.err.splitlines()), (
            refused.err
        )
    assert asked(desk.folder / "successor.db", "SELECT count(*) FROM proofs_of_delivery") == [(0,)]
    for row in (2, 3, 4):
        cells[row] = lines[row].split(";")
    proven = prove().ok().document
    assert (len(proven["recorded"]), proven["already"], proven["empty"]) == (2, 0, 8)
    assert prove().ok().document["already"] == 2, "and the same list again adds nothing"
    states = [
        one["state"] for one in desk("handover", "status", "successor.db", "--json").ok().document["listed"]
    ]
    assert (states.count("delivered"), states.count("undelivered")) == (2, 8)
    assert len(done.document["packages"]) == 10


def test_a_patient_asks_for_their_dossier(desk: Program) -> None:
    """It leaves in a package once their identity was checked, without what is about others; the register knows it."""
    by = ("--by", "Dr Kerbrat")
    asking = ("--name", "Gérard Perrichon", "--received", "2026-11-02", *by)
    desk("request", "open", "practice.db", "45", *asking).ok()
    assert "give --request" in seal(desk, "no.asice", "archive", "--all", "--whole").err
    assert "and that one needs it" in seal(desk, "no.asice", "patient").err
    assert "no other option does" in seal(desk, "no.asice", "patient", "--request", "1", "--all").err
    seal(desk, "no.asice", "patient", "--request", "1").refused("identity-unchecked", 70)
    desk("request", "identity", "practice.db", "1", "--how", "Card shown", *by).ok()
    planned = seal(desk, "his.asice", "patient", "--request", "1", "--dry-run").ok()
    plan = seal(desk, "his.asice", "patient", "--request", "1", "--dry-run", "--json").ok().document
    done = seal(desk, "his.asice", "patient", "--request", "1", "--paperwork", "papers").ok()
    # the plan counted what is sealed: without what is about others, which both of them name
    left_out = [line for line in done.out.splitlines() if line.startswith(("Left out", "Emptied"))]
    assert left_out and set(left_out) <= set(planned.out.splitlines())
    sealed = manifest(desk.folder / "his.asice")["counts"]
    assert {kind: sealed.get(kind, 0) for kind in plan["counts"]} == plan["counts"]
    assert "related_persons" not in plan["counts"] and plan["left_out"]["related_persons:third-party"] > 0
    assert "Emptied, as it is about somebody else (payments, Payer)" in done.out
    handover = manifest(desk.folder / "his.asice")
    assert handover["legal_ground"] == "patient-request" and "Perrichon" not in json.dumps(handover)
    document = inspected(desk, "his.asice")
    terms = document["terms"]
    assert (terms["requester"], terms["patients-left-out"]) == ("patient", "not-asked-for")
    assert terms["identity-check"].startswith("Card shown (Dr Kerbrat, ")
    assert {"related_persons:third-party", "payments.payer:third-party"} <= document["left_out"].keys()
    slip = PdfReader(desk.folder / "papers/transfer-slip.pdf")
    text = " ".join(" ".join(page.extract_text() for page in slip.pages).split())
    assert "How the identity of whoever asked was checked Card shown" in text and "payments, Payer" in text
    (made,) = desk("request", "show", "practice.db", "1", "--json").ok().document["deliveries"]
    assert made["files"][0]["name"] == "his.asice"

    # no receipt comes from a patient; that it was handed over is said once, of the request and of the package
    status = ("handover", "status", "practice.db", "--json")
    (one,) = (one for one in desk(*status).ok().document["listed"] if one["situation"] == "patient")
    assert (one["state"], one["clock"]) == ("undelivered", "none")
    desk("request", "proof", "practice.db", "1", "--how", "by-hand", "--to", "Gérard Perrichon", *by).ok()
    (one,) = (one for one in desk(*status).ok().document["listed"] if one["situation"] == "patient")
    assert one["state"] == "delivered"
    assert (one["proofs"][0]["recipient"], one["proofs"][0]["identity_check"]) == (
        "Gérard Perrichon",
        "Card shown",
    )


def test_another_ground_than_that_of_the_situation_is_refused(desk: Program) -> None:
    done = seal(desk, "x.asice", "archive", "--all", "--ground", "succession")
    assert done.status == 2 and "archive has a ground of its own" in done.err
    assert not (desk.folder / "x.asice").exists()


def test_who_leaves_may_open_the_package_too(desk: Program) -> None:
    parties = ("--receiver", "Cabinet Exemple")
    done = seal(desk, "no.asice", "selarl-asset-sale", *parties).ok()
    assert "Your own key does not open the package" in done.err
    own = ("--identity", "kerbrat/receiver.identity", "--roots", "roots.pem")
    desk("inspect", "no.asice", *own).refused("wrong-key", 21)
    done = seal(desk, "yes.asice", "selarl-asset-sale", *parties, "--open-with-own-key").ok()
    assert "own key" not in done.err
    desk("inspect", "yes.asice", *own).ok()
    line = ("export", "practice.db", "asked.asice", "--situation", "selarl-asset-sale", *parties)
    sealing = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    answers = [("Passphrase of kerbrat/signer.p12", ""), ("Shall your own key open the package too", "yes")]
    status, seen = talk(desk, (*line, *sealing), answers)
    assert status == 0, seen
    desk("inspect", "asked.asice", *own).ok()
    (desk.folder / "kerbrat/receiver.recipient").unlink()
    done = seal(desk, "x.asice", "selarl-asset-sale", *parties, "--open-with-own-key")
    assert done.status == 2 and "name it with --to" in done.err
