"""A patient on the telephone: somebody who knows little finds the dossier, reads it and hands it over."""

from __future__ import annotations

import csv
import html
import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from archiver.practice import people
from archiver.practice.practitioners import OWN_PRACTICE
from archiver.practice.store import open_store
from formats.model.people import Practice
from tests.journeys.line import IMPORT, Line
from tests.journeys.program import Program
from tests.tools import need, run

READING = ("--identity", "receiver.identity", "--roots", "roots.pem")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """The practice of the samples, and a package of some of its dossiers."""
    names = ("practice.db", "package.asice", "receiver.identity", "roots.pem")
    return Program(folder=small_line.copy(tmp_path, *names))


def deliveries(desk: Program) -> list[dict[str, Any]]:
    """Return what the journal of the practice says of deliveries."""
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        query = "SELECT detail FROM journal WHERE operation = 'delivery' ORDER BY id"
        return [json.loads(detail) for (detail,) in store.execute(query)]


def merge(desk: Program, one: str, other: str) -> None:
    """Let the records of two numbers be of one person, as a human's answer does."""
    with open_store(desk.folder / "practice.db") as store, store.changing():
        number = "SELECT owner FROM patients_identifiers WHERE type = 'LOCAL' AND value = ?"
        (person,), (record,) = (store.db.execute(number, (value,)).fetchone() for value in (one, other))
        people.link(store, record, person, rule="human", decided_by="Test", at=datetime.now(UTC))


def test_a_dossier_is_found_by_somebody_who_only_knows_lemoine_born_about_1970(desk: Program) -> None:
    # She says "Lemoine, née vers 1970". Nobody of that name was born within five years of it: the nearest are offered.
    asked = desk("find", "practice.db", "Lemoine, née vers 1970")
    assert asked.status == 39
    assert asked.err.startswith("error: Nobody fits: Lemoine, née vers 1970. Nearest: Lemoine Étienne (2), ")
    offered = [line.split()[0] for line in asked.out.splitlines()[1:]]
    assert offered[:2] == ["2", "1"]

    # She is asked for her given name.
    found = desk("find", "practice.db", "lemoine", "anne", "sophie").ok().out.splitlines()
    assert found[1].split()[:4] == ["1", "Lemoine-Garnier", "(Garnier)", "Anne-Sophie"]
    assert found[2] == "1 person fits."

    # Her allergy is read before anything else about her health.
    read = desk("show", "practice.db", "lemoine anne sophie").ok().out
    assert read.startswith("Anne-Sophie Lemoine-Garnier · 1979-03-14 · 1 · Cabinet dentaire des Tilleuls\n")
    alerts, history, acts = (
        read.index(title) for title in ("Alerts and allergies", "Medical history", "Acts (")
    )
    assert alerts < read.index("Latex") < history < acts
    assert max(map(len, read.splitlines())) <= 80

    # She asks for a copy: a folder that she opens in a browser, and nothing else is needed.
    to = ("--to", "for-her", "--by", "Dr Malo Kerbrat", "--receiver", "Mme Lemoine-Garnier")
    done = desk("deliver", "practice.db", "--patient", "1", *to).ok()
    assert done.out.startswith("for-her: 5 files, ") and "Nothing was taken out" in done.err
    folder = desk.folder / "for-her"
    page = (folder / "INDEX.HTM").read_text(encoding="utf-8")
    linked = {unquote(html.unescape(one)) for one in re.findall(r'href="([^"#:]+)"', page)}
    assert linked >= {f"DOCUMENTS/{one.name}" for one in (folder / "DOCUMENTS").iterdir()}
    assert all((folder / one).is_file() for one in linked)
    run("sha256sum", "-c", "--quiet", "DATA/SHA256.TXT", cwd=folder)

    # She would rather have it by mail: one ZIP, which 7-Zip opens in one step with words said by telephone.
    zipped = desk("deliver", "practice.db", "--patient", "1", "--as", "zip", "--to", "her.zip", *to[2:]).ok()
    passphrase = re.search(r"Passphrase: ((?:[a-z]+-){7}[a-z]+)", zipped.out)
    assert passphrase
    run(need("7z", "7zz", "7za"), "x", f"-p{passphrase[1]}", "-oopened", "her.zip", cwd=desk.folder)
    again = desk.folder / "opened" / "INDEX.HTM"
    assert "Lemoine-Garnier" in again.read_text(encoding="utf-8")
    run("sha256sum", "-c", "--quiet", "DATA/SHA256.TXT", cwd=again.parent)

    # Both are in the journal of the practice.
    assert [(one["by"], one["receiver"], one["files"], one["encrypted"]) for one in deliveries(desk)] == [
        ("Dr Malo Kerbrat", "Mme Lemoine-Garnier", 5, False),
        ("Dr Malo Kerbrat", "Mme Lemoine-Garnier", 5, True),
    ]


def test_what_is_found_is_a_document_too(desk: Program) -> None:
    document = desk("find", "practice.db", "garnier", "1979", "--json").ok().document
    (person,) = document["found"]
    assert (document["count"], document["nearest"]) == (1, [])
    assert (person["number"], person["family_name"], person["birth_family_name"]) == (
        "1",
        "Lemoine-Garnier",
        "Garnier",
    )
    assert {(one["word"], one["trait"]) for one in person["fits"]} == {
        ("garnier", "family-name"),
        ("1979", "birth-date"),
    }
    nobody = desk("find", "practice.db", "garnier", "1879", "--json")
    assert nobody.status == 39
    assert json.loads(nobody.out)["nearest"][0]["id"] == person["id"]


def test_the_list_of_a_package_is_searched_with_its_key(desk: Program) -> None:
    found = desk("find", "package.asice", "perrich", "1955", *READING).ok()
    assert "Perrichon" in found.out and "1 person fits." in found.out
    refused = desk("find", "package.asice", "perrich")
    assert refused.status == 2 and "Name a key" in refused.err


def test_more_persons_than_are_shown_are_counted(desk: Program) -> None:
    shown = desk("find", "practice.db", "lemoine", "--limit", "1").ok()
    assert len(shown.out.splitlines()) == 3 and "4 persons fit." in shown.out
    assert "The first 1 are shown" in shown.err


def test_a_person_of_several_records_is_one_line(desk: Program) -> None:
    merge(desk, "1", "3")
    found = desk("find", "practice.db", "chloé", "lemoine").ok()
    assert found.out.splitlines()[1].split()[:3] == ["1", "=", "3"]
    assert "1 person has several records" in found.err


def test_words_that_fit_several_show_nothing_but_who_they_are(desk: Program) -> None:
    several = desk("show", "practice.db", "lemoine")
    assert several.status == 39 and "[patient-ambiguous]" in several.err
    assert "4 persons fit." in several.out and "Alerts" not in several.out
    nobody = desk("show", "practice.db", "Lemoine Gontran")
    assert nobody.status == 39 and "[patient-unknown]" in nobody.err and "Alerts" not in nobody.out


def test_a_number_that_two_practices_gave_is_told_apart(small_line: Line, tmp_path: Path) -> None:
    """After an import patients of both practices are number 1: the refusal names each by what nobody else has."""
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db")
    desk = Program(folder=small_line.copy(tmp_path, *names))
    desk(*IMPORT).ok()
    several = desk("show", "successor.db", "1")
    assert several.status == 39 and "Lemoine-Garnier Anne-Sophie (TIL-0001)" in several.err
    numbers = re.findall(r"\(([^)]+)\)", several.err)
    assert len(numbers) == len(set(numbers)) == 2
    shown = [desk("show", "successor.db", number).ok().out.splitlines()[0] for number in numbers]
    assert len({line.split(" · ")[0] for line in shown}) == 2


def test_a_dossier_is_read_in_french_out_of_a_package(desk: Program) -> None:
    french = Program(folder=desk.folder, language="fr")
    read = french("show", "package.asice", "perrichon", *READING).ok().out
    assert "Pénicilline" in read and "Alertes et allergies" in read and "Alerts" not in read
    assert "… et 11 de plus : --section acts montre tout." in read.replace("\xa0", " ")


def test_one_section_is_shown_whole_and_since_a_day(desk: Program) -> None:
    whole = desk("show", "practice.db", "45", "--section", "acts").ok().out
    assert "Acts (21)" in whole and "more: --section" not in whole and "Identity" not in whole
    later = desk("show", "practice.db", "45", "--section", "acts", "--since", "2024-07-01").ok().out
    assert "19/07/2024" in later and "02/09/2020" not in later
    nothing = desk("show", "practice.db", "1", "--section", "perio_exams").ok()
    assert "The dossier has nothing of this: --section perio_exams." in nothing.err
    refused = desk("show", "practice.db", "45", "--section", "teeth")
    assert refused.status == 2 and "treatment_plans" in refused.err


def test_every_record_of_a_person_is_shown(desk: Program) -> None:
    merge(desk, "1", "3")
    shown = desk("show", "practice.db", "3").ok().out
    assert "Record 1 of 2 of the same person:" in shown and "Record 2 of 2" in shown
    document = desk("show", "practice.db", "3", "--json").ok().document
    assert [one["patient"]["number"] for one in document["records"]] == ["1", "3"]


RECEIVER = ("--by", "Dr Malo Kerbrat", "--receiver", "Cabinet Exemple")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def test_many_are_delivered_each_by_themselves_and_counted(desk: Program) -> None:
    desk("deliver", "practice.db", "--all", "--to", "all", *RECEIVER).ok()
    listed = rows(desk.folder / "all" / "PATIENTS.CSV")
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        (patients,) = store.execute("SELECT count(*) FROM patients").fetchone()
        (acts,) = store.execute("SELECT count(*) FROM acts").fetchone()
        (documents,) = store.execute("SELECT count(*) FROM documents").fetchone()
    assert len(listed) == patients == len(list((desk.folder / "all").glob("*/INDEX.HTM")))
    assert sum(int(one["acts"]) for one in listed) == acts
    assert sum(int(one["documents"]) for one in listed) == documents
    for one in listed:
        folder = desk.folder / "all" / one["place"]
        there = [path for path in (*folder.glob("DOCUMENTS/*"), *folder.glob("DICOM/**/*")) if path.is_file()]
        assert len(there) == int(one["files"]) and sum(path.stat().st_size for path in there) == int(
            one["bytes"]
        )


def test_a_roster_says_whose_are_delivered(desk: Program, small_line: Line) -> None:
    small_line.copy(desk.folder, "roster.csv")
    done = desk(
        "deliver", "practice.db", "--roster", "roster.csv", "--to", "some", "--as", "zip", *RECEIVER, "--json"
    ).ok()
    persons = done.document["persons"]
    assert len(persons) == 4 and len({one["passphrase"] for one in persons}) == 4
    assert {Path(one["path"]).suffix for one in persons} == {".zip"}
    assert not any(one["passphrase"] in path.read_text("latin-1") for one in persons
                   for path in (desk.folder / "some").iterdir())  # fmt: skip


def test_a_person_of_several_records_gets_a_folder_for_each(desk: Program) -> None:
    merge(desk, "1", "3")
    desk("deliver", "practice.db", "--patient", "3", "--to", "both", *RECEIVER).ok()
    assert {one.parent.name for one in (desk.folder / "both").glob("*/INDEX.HTM")} == {
        "1 Cabinet dentaire des Tilleuls",
        "3 Cabinet dentaire des Tilleuls",
    }
    (person,) = desk(
        "deliver", "practice.db", "--patient", "3", "--to", "z.zip", "--as", "zip", *RECEIVER, "--json"
    ).document["persons"]
    assert [one["folder"] for one in person["dossiers"]] == ["RECORD01", "RECORD02"]


def test_a_dossier_is_delivered_out_of_a_package_as_it_was_sealed(desk: Program) -> None:
    desk("deliver", "package.asice", "--patient", "perrichon", "--to", "his", *READING).ok()
    desk("deliver", "practice.db", "--patient", "45", "--to", "same", *RECEIVER).ok()
    his, same = (desk.folder / name for name in ("his", "same"))
    files = {path.relative_to(his) for path in his.rglob("*") if path.is_file()}
    assert files == {path.relative_to(same) for path in same.rglob("*") if path.is_file()}
    for path in files:
        if path.parts[0] in {"DOCUMENTS", "DICOM", "DICOMDIR"}:
            assert (his / path).read_bytes() == (same / path).read_bytes()


def test_a_delivery_that_cannot_be_whole_leaves_nothing(desk: Program) -> None:
    """A store whose folder of files is not there has lost nothing: it is incomplete."""
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        query = "SELECT patient FROM documents WHERE attachment_sha256 IS NOT NULL LIMIT 1"
        ((patient,),) = store.execute(query).fetchall()
    (desk.folder / "practice.files").rename(desk.folder / "elsewhere")
    for more in ((), ("--as", "zip")):
        desk("deliver", "practice.db", "--patient", patient, "--to", "x", *more, *RECEIVER).refused(
            "attachment-missing", 35
        )
    desk("deliver", "practice.db", "--all", "--as", "zip", "--to", "x", *RECEIVER).refused(
        "attachment-missing", 35
    )
    assert (
        not (desk.folder / "x").exists() and not list(desk.folder.glob("archiver-*")) and not deliveries(desk)
    )


def _sign(desk: Program, record: str, practitioner: str | None) -> None:
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store, store:
        store.execute("UPDATE documents SET practitioner = ? WHERE id = ?", (practitioner, record))


@pytest.fixture
def unfinished(desk: Program) -> tuple[Program, Path]:
    """Return the program where a delivery of all ended at a record that cannot be read, and is as it was again."""
    desk("deliver", "practice.db", "--all", "--to", "whole", *RECEIVER).ok()
    last = [one for one in rows(desk.folder / "whole" / "PATIENTS.CSV") if int(one["documents"])][-1]
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        query = (
            "SELECT documents.id, practitioner FROM documents JOIN patients ON patients.id = documents.patient"
            " JOIN patients_identifiers ON owner = patients.id WHERE value = ?"
        )
        record, practitioner = store.execute(query, (last["number"],)).fetchone()
    _sign(desk, record, "nobody")
    ended = desk(*ALL)
    assert ended.status > 4 and "What is whole stays in x: the same command goes on." in ended.err, ended.err
    _sign(desk, record, practitioner)
    return desk, desk.folder / "x"


ALL = ("deliver", "practice.db", "--all", "--to", "x", *RECEIVER)


def test_a_delivery_of_many_goes_on_where_it_ended(unfinished: tuple[Program, Path]) -> None:
    desk, folder = unfinished
    before = {path.parent.name: path.stat().st_mtime_ns for path in folder.glob("*/INDEX.HTM")}
    whole = rows(desk.folder / "whole" / "PATIENTS.CSV")
    assert 1 < len(before) < len(whole) and not (folder / "PATIENTS.CSV").exists()
    assert len(deliveries(desk)[-1]["patients"]) == len(before), "what lies there was handed out"
    other = ("deliver", "practice.db", "--all", "--to", "x", "--by", "Dr Malo Kerbrat", "--receiver", "Autre")
    desk(*other).refused("already-exists", 42)
    desk(*ALL, "--as", "zip").refused("already-exists", 42)

    # killed in the midst of a folder and of a line, and one dossier has changed since
    (folder / "archiver-left" / "made").mkdir(parents=True)
    with (folder / "UNFINISHED.JSONL").open("ab") as stream:
        stream.write(b'{"name": "LEM')
    changed = next(iter(before))
    number = next(one["number"] for one in whole if one["place"] == changed)
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store, store:
        whose = "SELECT owner FROM patients_identifiers WHERE value = ?"
        store.execute(f"UPDATE patients SET deceased_on = '2026-11-01' WHERE id = ({whose})", (number,))
    done = desk(*ALL, "--json").ok().document
    assert (done["earlier"], len(done["persons"])) == (len(before) - 1, len(whole))
    assert [one["place"] for one in rows(folder / "PATIENTS.CSV")] == [one["place"] for one in whole]
    after = {path.parent.name: path.stat().st_mtime_ns for path in folder.glob("*/INDEX.HTM")}
    assert {name for name in before if after[name] != before[name]} == {changed}
    assert {path.name for path in folder.iterdir()} == {*after, "PATIENTS.CSV"}
    assert len(deliveries(desk)[-1]["patients"]) == len(whole)
    assert "2026-11-01" in (folder / changed / "INDEX.HTM").read_text(encoding="utf-8")
    desk(*ALL).refused("already-exists", 42)


def test_a_folder_that_somebody_has_changed_is_not_written_over(unfinished: tuple[Program, Path]) -> None:
    desk, folder = unfinished
    changed = next(folder.glob("*/INDEX.HTM"))
    changed.write_text("mine", encoding="utf-8")
    ended = desk(*ALL)
    assert ended.status == 42 and changed.parent.name in ended.err
    assert changed.read_text(encoding="utf-8") == "mine"


def test_what_lies_there_is_not_replaced_and_the_journal_needs_names(desk: Program) -> None:
    (desk.folder / "mine").mkdir()
    desk("deliver", "practice.db", "--patient", "45", "--to", "mine", *RECEIVER).refused("already-exists", 42)
    nobody = desk("deliver", "practice.db", "--patient", "45", "--to", "x")
    assert nobody.status == 2 and "--by and --receiver" in nobody.err
    for whose in ((), ("--all", "--patient", "45")):
        asked = desk("deliver", "practice.db", *whose, "--to", "x", *RECEIVER)
        assert asked.status == 2 and "--patient, --roster or --all" in asked.err
    assert not (desk.folder / "x").exists()


def test_whoever_took_a_dossier_over_is_named_as_who_hands_it_over(desk: Program) -> None:
    successor = Practice(id="5f0c9a52-6e1b-4c52-9d6b-0a9f1f2f7a10", name="Cabinet du successeur")
    with open_store(desk.folder / "practice.db") as store, store.changing():
        store.put(successor)
        store.set_setting(OWN_PRACTICE, successor.id)
    line = ("deliver", "practice.db", "--patient", "45", "--by", "Dr Kerbrat", "--receiver", "M. Perrichon")
    desk(*line, "--to", "one").ok()
    assert successor.name in (desk.folder / "one" / "README.TXT").read_text(encoding="utf-8")
    assert "Cabinet dentaire des Tilleuls" in (desk.folder / "one" / "INDEX.HTM").read_text(encoding="utf-8")
