"""A patient asks for their dossier: deadlines, identity, what is not handed over, and the proof of delivery."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.cli.exits import LATE
from archiver.practice import people
from archiver.practice.store import open_store
from formats.fhir.read import read_bundle
from formats.model.care import NoteKind
from formats.model.dossier import Dossier
from tests.journeys.line import Line, asked, contents, dump
from tests.journeys.program import Program
from tests.tools import need, run

BY = ("--by", "Dr Kerbrat")
WHY = ("--reason", "Mistake", *BY)
PATIENT = "45"


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    small_line.copy(tmp_path, "practice.db")
    return Program(folder=tmp_path)


def dossier_of(folder: Path) -> Dossier:
    """Read what was written as a program reads it."""
    with (folder / "DATA" / "DOSSIER.JSO").open("rb") as stream:
        dossier, _ = read_bundle(stream)
    return dossier


def opened(desk: Program, *more: str, name: str = "Gérard Perrichon", received: str = "2026-11-02") -> str:
    line = ("request", "open", "practice.db", PATIENT, "--name", name, "--received", received, *BY, *more)
    return str(desk(*line, "--json").ok().document["id"])


def test_a_patient_gets_the_dossier_without_what_is_about_others(desk: Program) -> None:
    number = opened(desk)
    listed = desk("request", "list", "practice.db", "--json")
    assert (listed.status, listed.document["listed"][0]["late"]) == (LATE, True)
    line = ("request", "fulfil", "practice.db", number, "--to", "for-gerard", *BY)
    desk(*line).refused("identity-unchecked", 70)
    desk("request", "proof", "practice.db", number, "--how", "by-hand", "--to", "x", *BY).refused(
        "request-unwritten", 70
    )
    desk("request", "identity", "practice.db", number, "--how", "Card shown", *BY, "--json").ok()
    written = desk(*line, "--json").ok().document["delivery"]

    folder = desk.folder / "for-gerard" / "DOSSIER"
    data = (folder / "DATA" / "SHA256.TXT").read_bytes()
    (file,) = written["files"]
    assert file["name"] == "DOSSIER/DATA/SHA256.TXT"
    assert (file["size"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    run("sha256sum", "-c", "--quiet", "DATA/SHA256.TXT", cwd=folder)
    assert not [path for path in folder.rglob("*") if path.stat().st_mode & 0o077]
    dossier = dossier_of(folder)
    assert dossier.acts and dossier.documents and not dossier.related_persons and not dossier.source_rows
    assert not [note for note in dossier.notes if note.note is NoteKind.PERSONAL]
    store = desk.folder / "practice.db"
    names = {str(row[0]) for row in asked(store, "SELECT payer FROM payments WHERE payer <> ''")}
    texts = b"".join((folder / name).read_bytes() for name in ("INDEX.HTM", "DATA/DOSSIER.JSO"))
    assert not [payment for payment in dossier.payments if payment.payer] and names
    assert b"payer_patient" not in texts
    reasons = {(one["kind"], one["reason"]) for one in written["left_out"]["records"]}
    assert reasons >= {("related_persons", "third-party"), ("source_rows", "verbatim-row")}

    slip = (desk.folder / "for-gerard" / "BORDEREAU.TXT").read_text(encoding="utf-8-sig")
    assert file["sha256"] in slip and "DOSSIER COMMUNIQUÉ SUR DEMANDE" in slip and "HANDED OVER" in slip
    desk(
        "request",
        "proof",
        "practice.db",
        number,
        "--how",
        "by-hand",
        "--to",
        "Gérard Perrichon",
        *BY,
        "--json",
    )
    shown = desk("request", "show", "practice.db", number, "--json").ok().document
    (made,) = shown["deliveries"]
    assert (shown["ending"], made["conveyance"], made["recipient"]) == (
        "fulfilment",
        "by-hand",
        "Gérard Perrichon",
    )
    assert desk("request", "list", "practice.db").ok().out.endswith("0 requests are open.\n")
    desk(*line[:4], "--to", "again", *BY).refused("request-closed", 70)
    desk("request", "reopen", "practice.db", number, *WHY, "--json").ok()
    noted = [str(row[0]) for row in asked(store, "SELECT operation FROM journal ORDER BY id")]
    assert noted[-6:] == [
        *("request-opened", "request-identity", "request-written", "request-delivered"),
        *("request-closed", "request-reopened"),
    ]


def test_reflection_lasts_forty_eight_hours_but_between_practitioners(desk: Program) -> None:
    yesterday = (datetime.now().astimezone() - timedelta(hours=30)).strftime("%Y-%m-%d %H:%M")
    number = opened(desk, received=yesterday)
    desk("request", "identity", "practice.db", number, "--how", "Card shown", *BY).ok()
    before = contents(desk.folder)
    desk("request", "fulfil", "practice.db", number, "--to", "early", *BY).refused("request-too-early", 70)
    assert contents(desk.folder) == before
    colleague = opened(desk, "--requester", "colleague", received=yesterday)
    desk("request", "identity", "practice.db", colleague, "--how", "RPPS", *BY).ok()
    desk("request", "fulfil", "practice.db", colleague, "--to", "colleague", *BY).ok()


def test_an_heir_says_to_what_end_and_gets_no_more(desk: Program) -> None:
    line = ("request", "open", "practice.db", PATIENT, "--name", "Luc", "--requester", "heir", *BY)
    desk(*line).refused("purpose-missing", 70)
    number = opened(desk, "--requester", "heir", "--purpose", "rights")
    desk("request", "identity", "practice.db", number, "--how", "Deed", *BY).ok()
    fulfil = ("request", "fulfil", "practice.db", number, *BY)
    desk(*fulfil, "--to", "a").refused("scope-missing", 70)
    desk(*fulfil, "--to", "a", "--only", "acts", "--without", "no-such").refused("record-unknown", 39)
    assert desk(*fulfil, "--to", "a", "--only", "teeth").status == 2
    desk(*fulfil, "--to", "a", "--only", "acts").ok()
    dossier = dossier_of(desk.folder / "a" / "DOSSIER")
    assert {kind for kind, count in dossier.counts().items() if count} == {"acts"}
    act = dossier.acts[0].id
    desk(*fulfil, "--to", "b", "--whole", "--without", act).ok()
    whole = dossier_of(desk.folder / "b" / "DOSSIER")
    assert act not in {one.id for one in whole.acts} and len(whole.acts) == len(dossier.acts) - 1
    made = asked(desk.folder / "practice.db", "SELECT left_out FROM request_deliveries ORDER BY id")
    trace = json.loads(str(made[-1][0]))
    assert {"record": act, "kind": "acts", "reason": "choice"} in trace["records"]


def test_what_fails_leaves_everything_as_it_was(desk: Program) -> None:
    number = opened(desk)
    desk("request", "identity", "practice.db", number, "--how", "Card shown", *BY).ok()
    (desk.folder / "taken").mkdir()
    before = list(dump(desk.folder / "practice.db"))
    desk("request", "fulfil", "practice.db", number, "--to", "taken", *BY).refused("already-exists", 42)
    desk("request", "fulfil", "practice.db", "99", "--to", "new", *BY).refused("request-unknown", 39)
    for received in ("2999-01-01", "soon", "2026-11-02 25:00"):
        line = ("request", "open", "practice.db", PATIENT, "--name", "x", "--received", received, *BY)
        assert desk(*line).status == 2
    assert list(dump(desk.folder / "practice.db")) == before
    desk("request", "close", "practice.db", number, "--as", "refusal", *WHY, "--json").ok()
    desk("request", "close", "practice.db", number, "--as", "refusal", *WHY).refused("request-closed", 70)


def test_a_dossier_is_sent_as_one_zip_for_a_passphrase(desk: Program) -> None:
    number = opened(desk)
    desk("request", "identity", "practice.db", number, "--how", "Card shown", *BY).ok()
    line = ("request", "fulfil", "practice.db", number, *BY)
    desk(*line, "--to", "plain").ok()
    done = desk(*line, "--to", "sent", "--zip", "--json").ok().document
    (file,) = done["delivery"]["files"]
    sent = desk.folder / "sent"
    assert sorted(path.name for path in sent.iterdir()) == ["BORDEREAU.TXT", "DOSSIER.ZIP"]
    assert file["sha256"] == hashlib.sha256((sent / "DOSSIER.ZIP").read_bytes()).hexdigest()
    run(need("7z", "7zz", "7za"), "x", f"-p{done['passphrase']}", "-oread", "DOSSIER.ZIP", cwd=sent)
    run("sha256sum", "-c", "--quiet", "DATA/SHA256.TXT", cwd=sent / "read")
    assert dossier_of(sent / "read") == dossier_of(desk.folder / "plain" / "DOSSIER")
    slip = (sent / "BORDEREAU.TXT").read_text(encoding="utf-8-sig")
    assert "7-Zip" in slip and file["sha256"] in slip
    everywhere = [slip, *(json.dumps(row) for row in dump(desk.folder / "practice.db"))]
    assert not [text for text in everywhere if done["passphrase"] in text]


def test_every_record_of_a_person_is_written(desk: Program) -> None:
    with open_store(desk.folder / "practice.db") as store, store.changing():
        query = "SELECT owner FROM patients_identifiers WHERE type = 'LOCAL' AND value IN ('45', '3')"
        other, person = (owner for (owner,) in store.db.execute(query + " ORDER BY value"))
        people.link(store, other, person, rule="human", decided_by="Test", at=datetime.now(UTC))
    number = opened(desk)
    desk("request", "identity", "practice.db", number, "--how", "Card shown", *BY).ok()
    done = desk("request", "fulfil", "practice.db", number, "--to", "both", *BY, "--json").ok().document
    names = [one["name"] for one in done["delivery"]["files"]]
    assert len(names) == 2 and all((desk.folder / "both" / name).is_file() for name in names)
