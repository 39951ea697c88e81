"""The receipt goes back: a dossier with an allergy nobody could read, who looks at it, and how the sender is released.

Told in order by one test, at two places: Dr Kerbrat exports; the Vieux Pressoir takes in, looks and signs; Dr Kerbrat
checks.
The other tests are about receipts that are not what they should be.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from samples.story.book import build_sqlite
from tests.docs.pages import DOCS, blocks
from tests.journeys.line import EXPORT, IMPORT, SAMPLES, Line, asked, contents, once
from tests.journeys.program import Program
from tests.tools import need

ALLERGY = "UPDATE allergy SET AllergyDefNum = 99 WHERE AllergyNum = 2"
"""The practice deleted “Pénicilline” from its list: what the patient is allergic to is told nowhere any more."""
RECEIPT = "receipt.json"
BY = ("--by", "Dr Inès Belhadj")
SIGNER = ("--signer", "pressoir/signer.p12")
ROOTS = ("--roots", "pressoir/roots.pem")
SENT = ("--package", "package.asice", "--roots", "roots.pem", *ROOTS)
OPENED = (*SENT, "--identity", "receiver.identity")


@pytest.fixture(scope="module")
def sent(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sender's store, which remembers what was exported, the package, and both sides' keys."""

    def build(folder: Path) -> None:
        small_line.copy(
            folder, "kerbrat", "pressoir", "roots.pem", "receiver.identity", "roster.csv", "successor.db"
        )
        practice = (SAMPLES / "practice" / "opendental.sql").read_text(encoding="utf-8")
        build_sqlite(practice, folder / "practice.sqlite")
        with closing(sqlite3.connect(folder / "practice.sqlite")) as db, db:
            db.execute(ALLERGY)
        program = Program(folder=folder)
        images = str(SAMPLES / "practice" / "images")
        program("collect", "opendental", "practice.sqlite", "--images", images, "--into", "practice.db")
        program(*EXPORT).ok()

    return once(tmp_path_factory, "sent", build)


@pytest.fixture
def desk(sent: Path, tmp_path: Path) -> Program:
    return Program(folder=Path(shutil.copytree(sent, tmp_path / "desk")))


@pytest.fixture
def signed(desk: Program) -> Program:
    """Return the program where the receipt of the import lies signed."""
    desk(*IMPORT, "--receipt", RECEIPT).incomplete()
    desk("receipt", "sign", RECEIPT, *SIGNER).ok()
    return desk


def document(desk: Program, name: str = RECEIPT) -> Any:
    return json.loads((desk.folder / name).read_text(encoding="utf-8"))


def test_a_receipt_is_returned_and_checked(desk: Program) -> None:
    # Dr Kerbrat has sent the package: the practice remembers it, and nothing is overdue yet
    status = desk("handover", "status", "practice.db").ok().out
    assert "no receipt yet" in status and "to be received within 3 days" in status

    # at the Vieux Pressoir one dossier of four is degraded, and the import says what bars its end
    done = desk(*IMPORT, "--receipt", RECEIPT).incomplete()
    assert "Dossiers that came in: 4" in done.out
    assert "degraded: 1" in done.out and "waiting for a person: 2" in done.out
    assert "Perrichon Gérard 1955-11-23" in done.out
    assert "allergy-unread" in done.err
    listed = desk("patients", "successor.db").ok().out
    assert "degraded" in next(line for line in listed.splitlines() if "Perrichon" in line)
    first = document(desk)
    assert (first["complete"], first["done"]) == (True, False)

    # nobody can treat him and not see it
    shown = desk("show", "successor.db", "Perrichon").ok().out
    assert shown.splitlines()[1].startswith("! Not read as it was sent: Allergies: urticaire géante en 1987")

    # the receipt is signed all the same: the sender knows where things stand, and keeps everything
    desk("receipt", "sign", RECEIPT, *SIGNER).ok()
    done = desk("receipt", "check", RECEIPT, *OPENED).incomplete()
    assert "Nobody at the receiver's has looked at an allergy that could not be read." in done.out
    assert "5 units sent, 5 received as they were sent." in done.out
    desk("handover", "record", "practice.db", RECEIPT, *ROOTS).incomplete()
    status = desk("handover", "status", "practice.db").ok().out
    assert "received as it was sent: at the receiver’s, a person must still answer or look" in status

    # somebody looks at the original, telephones the patient, and says so; the questions of identity are answered
    assert "1 entry at which nobody has looked" in desk("dossier", "review", "successor.db").ok().out
    original = desk("dossier", "review", "successor.db", "Perrichon").ok().out
    assert '"AllergyDefNum": 99' in original
    remark = ("--remark", "Pénicilline, dit le patient au téléphone ; saisie")
    assert (
        "has looked at 1 entry"
        in desk("dossier", "review", "successor.db", "Perrichon", *BY, *remark).ok().out
    )
    for question in desk("people", "list", "successor.db", "--json").ok().document["questions"]:
        desk("people", "different", "successor.db", question["question"], *BY).ok()

    # the package is imported again: nothing changes but the receipt, and the sender is released
    done = desk(*IMPORT, "--receipt", "second.json").ok()
    assert "Dossiers that were here already: 4" in done.out
    second = document(desk, "second.json")
    assert second["done"] is True
    (degraded,) = [one for line in second["dossiers"] for one in line["degraded"]]
    assert (degraded["topic"], degraded["reviewed_by"]) == ("allergy", "Dr Inès Belhadj")
    desk("receipt", "sign", "second.json", *SIGNER).ok()
    done = desk("handover", "record", "practice.db", "second.json", *ROOTS).ok()
    assert "Everything that was sent was received" in done.out
    status = desk("handover", "status", "practice.db", "--json").ok().document
    (handover,) = status["listed"]
    assert (handover["state"], handover["clock"]) == ("acknowledged", "within-3-days")
    assert (handover["units"], handover["acknowledged"], handover["may_stop_keeping"]) == (5, 5, True)
    assert [one["done"] for one in handover["receipts"]] == [0, 1]


def test_a_receipt_names_both_sides_the_package_and_the_clock_of_the_practice(signed: Program) -> None:
    receipt = document(signed)
    assert receipt["sender"] == "Cabinet dentaire des Tilleuls"
    assert receipt["receiver"] == "Cabinet dentaire du Vieux Pressoir"
    assert (receipt["time_zone"], receipt["received_at"][-6:]) in {
        ("Europe/Paris", "+01:00"), ("Europe/Paris", "+02:00"),
    }  # fmt: skip
    slip = signed(
        "paperwork", "transfer", "package.asice", "--roots", "roots.pem", "--to", "papers", "--with-data"
    )
    slip.ok()
    data = json.loads((signed.folder / "papers" / "transfer-slip.json").read_text(encoding="utf-8"))
    assert (receipt["signed_list_sha256"], receipt["revision"]) == (data["signed_list"], data["revision"])
    money = [line["counts"].get("paid_cents", 0) for line in receipt["dossiers"]]
    assert sum(money) == receipt["counts"]["paid_cents"]["found"] > 0
    text = (signed.folder / "receipt.txt").read_text(encoding="utf-8")
    assert receipt["signed_list_sha256"] in text and "Vieux Pressoir" in text and "Europe/Paris" in text


def changed(receipt: Any) -> None:
    """Raise the sum that the first dossier with payments says it was paid."""
    line = next(one for one in receipt["dossiers"] if one["counts"].get("paid_cents"))
    line["counts"]["paid_cents"] += 1


def without_a_patient(receipt: Any) -> None:
    receipt["dossiers"] = [one for one in receipt["dossiers"] if (one["patient"] or {}).get("number") != "45"]


def of_another_list(receipt: Any) -> None:
    receipt["signed_list_sha256"] = "0" * 64


def of_fewer_found(receipt: Any) -> None:
    receipt["counts"]["acts"]["found"] -= 1


def with_another_unit(receipt: Any) -> None:
    receipt["dossiers"].append({**receipt["dossiers"][0], "unit": "AAAAAAAAAAAAAAAAAAAAAAAAAA"})


@pytest.mark.parametrize(("change", "code"), [
    (changed, "receipt-count-differs"), (without_a_patient, "receipt-patient-missing"),
    (of_another_list, "receipt-digest-differs"), (with_another_unit, "receipt-patient-unknown"),
    (of_fewer_found, "receipt-total-differs"),
])  # fmt: skip
def test_what_is_not_what_was_sent_is_named(desk: Program, change: Callable[[Any], None], code: str) -> None:
    desk(*IMPORT, "--receipt", RECEIPT).incomplete()
    receipt = document(desk)
    change(receipt)
    (desk.folder / RECEIPT).write_text(json.dumps(receipt), encoding="utf-8")
    desk("receipt", "sign", RECEIPT, *SIGNER).ok()
    for done in (
        desk("receipt", "check", RECEIPT, *OPENED),
        desk("handover", "record", "practice.db", RECEIPT, *ROOTS),
    ):
        assert done.status == 34 and "[receipt-differs]" in done.err, done.err
        assert f"[{code}]" in done.out
    found = desk("receipt", "check", RECEIPT, *OPENED, "--json").document
    assert (found["whole"], found["differences"]) == (False, 1)
    assert [one["code"] for one in found["findings"] if one["severity"] == "error"] == [code]
    (handover,) = desk("handover", "status", "practice.db", "--json").ok().document["listed"]
    assert (handover["state"], handover["may_stop_keeping"]) == ("different", False)


def test_without_a_key_the_units_and_totals_are_compared_all_the_same(signed: Program) -> None:
    done = signed("receipt", "check", RECEIPT, *SENT).incomplete()
    assert "Without a key" in done.err and "5 units sent, 5 received" in done.out


def test_a_set_of_volumes_is_acknowledged_by_one_receipt(desk: Program) -> None:
    desk(*EXPORT[:2], "set.asice", *EXPORT[3:], "--by-retention-year").ok()
    assert len(list(desk.folder.glob("set-0*.asice"))) > 1
    tied = ("set-set.asice", *IMPORT[2:])
    desk(IMPORT[0], *tied, "--receipt", RECEIPT).incomplete()
    desk("receipt", "sign", RECEIPT, *SIGNER).ok()
    for keys in (("--identity", "receiver.identity"), ()):
        done = desk(
            "receipt", "check", RECEIPT, "--package", "set-set.asice", *SENT[2:], *keys, "--json"
        ).incomplete()
        found = json.loads(done.out)
        assert (found["differences"], found["acknowledged"]) == (0, found["units"])
    desk("handover", "record", "practice.db", RECEIPT, *ROOTS).incomplete()
    sets = [one for one in desk("handover", "status", "practice.db", "--json").ok().document["listed"]
            if one["file"] == "set-set.asice"]  # fmt: skip
    assert [(one["state"], one["acknowledged"]) for one in sets] == [("waiting", found["units"])]


def test_an_export_that_its_store_cannot_record_is_made_and_says_so(desk: Program) -> None:
    package = ("export", "practice.db", "second.asice", *EXPORT[3:], "--json", "--report", "report.csv")
    with closing(sqlite3.connect(desk.folder / "practice.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # another program writes to it for longer than anybody waits
        document = desk(*package).ok().document
    (found,) = [one for one in document["findings"] if one["code"] == "export-unrecorded"]
    assert "Another command is writing to this practice store" in found["text"], found
    assert (desk.folder / "second.asice").is_file()
    assert "export-unrecorded" in (desk.folder / "report.csv").read_text(encoding="utf-8")
    assert len(desk("handover", "status", "practice.db", "--json").ok().document["listed"]) == 1


def without_the_record(desk: Program) -> None:
    """Leave the store as one is in which nobody wrote down what was exported."""
    with closing(sqlite3.connect(desk.folder / "practice.db")) as db, db:
        for table in ("receipts", "sent_units", "handovers"):
            db.execute(f"DELETE FROM {table}")


def handovers_of(desk: Program) -> Any:
    return desk("handover", "status", "practice.db", "--json").ok().document["listed"]


OWN = ("--package", "package.asice", "--roots", "roots.pem")


def test_an_export_is_entered_into_the_record_from_its_package(signed: Program) -> None:
    (before,) = handovers_of(signed)
    without_the_record(signed)
    lost = signed("handover", "record", "practice.db", RECEIPT, *ROOTS)
    lost.refused("handover-unknown", 39)
    assert "archiver handover record --package" in lost.err

    # without a key its units and totals are known; whose they are and what each holds once a key opens it
    done = signed("handover", "record", "practice.db", *OWN).ok()
    assert "Entered into the record of exports" in done.out and "5 sealed units" in done.out
    assert "Without a key" in done.err
    assert handovers_of(signed) == [before]
    known = signed("handover", "record", "practice.db", *OWN, "--json").ok()
    assert "Without a key" not in known.err, "nothing was entered"
    again = known.document
    assert (again["entered"], again["opened"], again["unknown_patients"]) == (False, False, 0)
    done = signed("handover", "record", "practice.db", RECEIPT, *ROOTS).incomplete()
    assert "5 units sent, 5 received as they were sent." in done.out and "Perrichon" in done.out
    opened = (*OWN, "--identity", "receiver.identity")
    first = signed("handover", "record", "practice.db", *opened, "--json").ok().document
    assert (first["entered"], first["opened"]) == (True, True)
    (status,) = handovers_of(signed)
    assert (status["acknowledged"], len(status["receipts"])) == (5, 1)
    assert signed("handover", "record", "practice.db", *OWN, "--json").ok().document["entered"] is False

    # what each dossier holds is compared again, as if the store had remembered it
    receipt = document(signed)
    changed(receipt)
    (signed.folder / "other.json").write_text(json.dumps(receipt), encoding="utf-8")
    signed("receipt", "sign", "other.json", *SIGNER).ok()
    done = signed("handover", "record", "practice.db", "other.json", *ROOTS)
    assert done.status == 34 and "[receipt-count-differs]" in done.out
    query = "SELECT operation FROM journal WHERE operation LIKE 'export%'"
    assert asked(signed.folder / "practice.db", query) == [
        ("export",),
        ("export-recorded",),
        ("export-recorded",),
    ]


def test_package_and_receipt_are_recorded_by_one_command(signed: Program) -> None:
    without_the_record(signed)
    done = signed("handover", "record", "practice.db", RECEIPT, *OWN, *ROOTS, "--json").incomplete()
    found = json.loads(done.out)
    assert (found["differences"], found["acknowledged"]) == (0, 5)
    assert "Entered into the record of exports" in done.err
    (handover,) = handovers_of(signed)
    assert (handover["state"], handover["acknowledged"]) == ("waiting", 5)


def test_only_what_the_practice_sent_itself_is_entered(signed: Program) -> None:
    before = contents(signed.folder)
    opened = ("--package", "package.asice", "--identity", "receiver.identity")
    for keys in (OWN, (*OWN, "--identity", "receiver.identity")):
        foreign = signed("handover", "record", "successor.db", *keys)
        foreign.refused("handover-foreign", 33)
        assert "Vieux Pressoir" in foreign.err and "Tilleuls" in foreign.err
    for keys in (OWN[:2], opened):
        signed("handover", "record", "practice.db", *keys, *ROOTS).refused("signer-untrusted", 17)
    assert signed("handover", "record", "practice.db").status == 2
    assert signed("handover", "record", "practice.db", RECEIPT, "--identity", "receiver.identity").status == 2
    assert contents(signed.folder) == before


def test_patients_whom_the_store_does_not_know_are_counted(signed: Program) -> None:
    sent = asked(signed.folder / "practice.db", "SELECT patient FROM sent_units WHERE patient <> '' LIMIT 1")
    without_the_record(signed)
    with closing(sqlite3.connect(signed.folder / "practice.db")) as db, db:
        db.execute("UPDATE patients SET id = 'somebody else' WHERE id = ?", sent[0])
    opened = (*OWN, "--identity", "receiver.identity")
    done = signed("handover", "record", "practice.db", *opened, "--json").ok().document
    assert done["entered"] and done["unknown_patients"] == 1


def test_unsigned_changed_or_by_somebody_unexpected(signed: Program) -> None:
    other = ("keys", "new", "other", "--name", "Dr Autre", "--no-passphrase")
    signed(*other).ok()
    expected = signed("receipt", "check", RECEIPT, *OPENED, "--expect", "Dr Autre")
    assert expected.status == 17, expected.out
    unknown = signed("receipt", "check", RECEIPT, "--package", "package.asice", "--roots", "roots.pem",
                     "--identity", "receiver.identity")  # fmt: skip
    assert unknown.status == 17, unknown.out
    receipt = document(signed)
    receipt["totals"]["refused"] = 1
    (signed.folder / RECEIPT).write_text(json.dumps(receipt), encoding="utf-8")
    changed_after = signed("receipt", "check", RECEIPT, *OPENED)
    assert changed_after.status == 16, changed_after.out
    for path in signed.folder.glob("*.p7s"):
        path.unlink()
    unsigned = signed("receipt", "check", RECEIPT, *OPENED)
    assert unsigned.status == 3 and "Nobody has signed this receipt" in unsigned.out


def test_what_is_no_receipt_and_of_no_handover_from_here(signed: Program) -> None:
    before = contents(signed.folder)
    (signed.folder / "no.json").write_text("{}", encoding="utf-8")
    signed("receipt", "sign", "no.json", *SIGNER).refused("receipt-unreadable", 32)
    signed("receipt", "check", "no.json", *OPENED).refused("receipt-unreadable", 32)
    (signed.folder / "no.json").unlink()
    signed("receipt", "sign", RECEIPT, *SIGNER).refused("already-exists", 42)
    signed("handover", "record", "successor.db", RECEIPT, *ROOTS).refused("handover-unknown", 39)
    assert contents(signed.folder) == before


def test_the_clocks_run_from_the_moment_of_the_export(desk: Program) -> None:
    store = desk.folder / "practice.db"
    (created,) = asked(store, "SELECT created FROM handovers")[0]
    for days, clock, status in ((1, "not-yet", 0), (4, "overdue-3-days", 5), (9, "overdue-8-days", 5)):
        with closing(sqlite3.connect(store)) as db, db:
            db.execute(
                "UPDATE handovers SET created = datetime(?, ?) || '+00:00'", (created, f"-{days} days")
            )
        done = desk("handover", "status", "practice.db", "--json")
        assert done.status == status
        assert json.loads(done.out)["listed"][0]["clock"] == clock


def test_the_receipt_as_a_document_to_sign_on_paper(signed: Program) -> None:
    done = signed("paperwork", "receipt", RECEIPT, "--to", "paper", "--with-data").ok()
    assert "accuse-de-reception.pdf" in done.out
    data = json.loads((signed.folder / "paper" / "accuse-de-reception.json").read_text(encoding="utf-8"))
    assert {one["state"]["code"]: one["count"] for one in data["states"]} == {
        "integrated": 1, "degraded": 1, "waiting": 2,
    }  # fmt: skip
    kinds = [one["kind"]["code"] for one in data["counts"]]
    money = [one["money"] for one in data["counts"]]
    assert kinds[0] == "patients" and money == sorted(money) and any(money), (
        "as the slip has them, money last"
    )
    assert all(one["announced"] or one["found"] for one in data["counts"])
    assert [one["name"] for one in data["dossiers"] if "allergie" in one["remark"]] == ["Perrichon Gérard"]
    assert data["ground"]["code"] == "collaboration-exit"
    assert (data["agreement"]["asked"], data["agreement"]["found"]) == (2, 1)
    assert data["agreement"]["unsigned"] == document(signed)["roster"]["unsigned"] == "essai"
    words = PdfReader(signed.folder / "paper" / "accuse-de-reception.pdf").pages[0].extract_text()
    assert "Suivie sans les autres signatures, au motif suivant" in words
    again = signed("paperwork", "receipt", RECEIPT, "--to", "again", "--json").ok().document
    assert [Path(one).name for one in again["files"]] == ["accuse-de-reception.pdf", "receipt.pdf"]
    assert (data["sender"]["name"], data["receiver"]["name"]) == (
        "Cabinet dentaire des Tilleuls", "Cabinet dentaire du Vieux Pressoir",
    )  # fmt: skip


def test_openssl_reads_the_signature_as_the_page_says(signed: Program) -> None:
    need("openssl")
    shutil.copy(signed.folder / "pressoir" / "roots.pem", signed.folder / "receiver-roots.pem")
    (block,) = blocks(DOCS / "en" / "reference" / "receipt.md")
    done = subprocess.run(
        ["bash", "-e", "-c", block.commands],
        cwd=signed.folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert all(line in done.stdout + done.stderr for line in block.prints)


def test_a_receipt_has_the_keys_of_its_schema(signed: Program) -> None:
    """Each object has every member that the schema requires, and none that it does not name."""
    schema = json.loads((DOCS / "schemas" / "receipt.schema.json").read_text(encoding="utf-8"))
    kinds = {name: one for name, one in schema["$defs"].items() if one.get("additionalProperties") is False}
    receipt = document(signed)
    lines = receipt["dossiers"]
    found = {
        "receipt": [receipt],
        "agreement": [receipt["roster"]],
        "volume": receipt["volumes"],
        "signer": [receipt["signer"]],
        "compared": list(receipt["counts"].values()),
        "choice": [receipt["choice"]],
        "dossier": lines,
        "missing": [one for line in lines for one in line["missing"]],
        "degraded": [one for line in lines for one in line["degraded"]],
    }
    assert found.keys() == kinds.keys()
    for name, objects in found.items():
        assert objects or name == "missing", name
        assert set(kinds[name]["required"]) == set(kinds[name]["properties"])
        assert all(one.keys() == set(kinds[name]["properties"]) for one in objects), name
    assert set(receipt["states"]) == set(schema["$defs"]["state"]["enum"])
    for name in ("outcome", "identity"):
        assert {one[name] for one in lines} <= set(kinds["dossier"]["properties"][name]["enum"])
