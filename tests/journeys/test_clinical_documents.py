"""Clinical documents and media of other organisations come in, are shown and handed over; who is who is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinical import INS, coded, concern, document, ids, observation, person, section, wrapped
from tests.journeys.line import SAMPLES, Line
from tests.journeys.program import Program
from tests.material import material
from tests.unit.xdm.medium import Entry, lay, lay_zip

NO_ALLERGY = concern(observation(coded("value", "absent", "no-known-allergies", "Aucune allergie connue")))
VSM = document(
    section(
        "11450-4", "Problèmes", concern(observation(coded("value", "icd10", "I20.0", "Angine instable")))
    ),
    section("48765-2", "Allergies", NO_ALLERGY, text="Aucune allergie connue"),
)
KEYS = ("--signer", "kerbrat/signer.p12", "--to", "pressoir/receiver.recipient")


@pytest.fixture
def desk(tmp_path: Path) -> Program:
    (tmp_path / "received").mkdir()
    (tmp_path / "received" / "vsm.xml").write_bytes(VSM)
    return Program(folder=tmp_path)


def test_a_summary_comes_in_is_shown_and_handed_over(small_line: Line, desk: Program) -> None:
    small_line.copy(desk.folder, "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    (desk.folder / "received" / "letter.xml").write_bytes(document(number="2", level_1=wrapped()))
    done = desk("collect", "cda", "received", "--into", "practice.db").ok()
    assert "all are stored" in done.out
    shown = desk("show", "practice.db", "4711").ok().out
    assert "Angine instable" in shown
    assert "MARTIN" in shown
    refusal = desk("export", "practice.db", "new.asice", "--all", *KEYS)
    remark, sentence = refusal.err.splitlines()
    assert refusal.status == 33 and sentence.endswith("[sender-unknown]")
    assert remark.startswith("1 file that leaves is worth a look before")
    desk("export", "practice.db", "new.asice", "--all", *KEYS, "--sender", "Cabinet Exemple").ok()
    opened = ("--identity", "receiver.identity", "--roots", "roots.pem")
    there = desk("show", "new.asice", "4711", *opened).ok().out
    assert "Angine instable" in there
    desk("import", "new.asice", "--into", "successor.db", *opened).ok()
    assert "Angine instable" in desk("show", "successor.db", "4711").ok().out


def test_somebody_known_is_linked_where_ins_and_traits_prove_it_and_asked_about_otherwise(
    desk: Program,
) -> None:
    desk("collect", "cda", "received", "--into", "practice.db").ok()
    medium = lay(desk.folder / "medium", [Entry("DOC0001.XML", VSM)])
    metadata = medium / "IHE_XDM" / "SUBSET01" / "METADATA.XML"
    other = metadata.read_bytes().replace(b"1630000019", b"1750000019")  # another organisation sends it
    metadata.write_bytes(other)
    same = desk("collect", "xdm", "medium", "--into", "practice.db").ok()
    assert "[outside-same]" in same.err
    asked = document(patient=person("MARTINS", "Jeanne"), identifiers=ids(ins="", number="8"), number="9")
    (desk.folder / "asked.xml").write_bytes(asked)
    question = desk("collect", "cda", "asked.xml", "--into", "practice.db").ok()
    assert "[outside-question]" in question.err
    listed = desk("people", "list", "practice.db").ok().out
    assert "2 questions wait" in listed
    again = desk("collect", "cda", "asked.xml", "--into", "practice.db").ok()
    assert "Nothing changed." in again.out
    assert "2 questions wait" in desk("people", "list", "practice.db").ok().out


def test_a_medium_is_collected_twice_without_a_change_and_what_is_refused_is_counted(desk: Program) -> None:
    lay_zip(desk.folder / "medium", [Entry("DOC0001.XML", VSM), Entry("D.PDF", b"%PDF-1", hash="0" * 40)])
    first = desk("collect", "xdm", "medium.zip", "--into", "practice.db").incomplete()
    assert "[xdm-hash]" in first.err
    assert "1 thing of the source was not taken" in first.out
    second = desk("collect", "xdm", "medium.zip", "--into", "practice.db").incomplete()
    assert "Nothing changed." in second.out


def test_a_document_that_comes_by_two_ways_is_one(desk: Program) -> None:
    desk("collect", "cda", "received", "--into", "practice.db").ok()
    lay(desk.folder / "medium", [Entry("DOC0001.XML", VSM)])
    document_ = desk("collect", "xdm", "medium", "--into", "practice.db", "--json").ok().document
    changed = {kind: one["added"] + one["updated"] for kind, one in document_["kinds"].items()}
    assert changed["health_statements"] == changed["patients"] == 0
    assert changed["source_rows"] > 0


def test_the_practice_of_a_store_stays_its_own(small_line: Line, desk: Program) -> None:
    small_line.copy(desk.folder, "practice.db", "kerbrat", "pressoir")
    desk("collect", "cda", "received", "--into", "practice.db").ok()
    (desk.folder / "received" / "vsm.xml").unlink()
    desk("export", "practice.db", "new.asice", "--all", *KEYS).ok()


@pytest.mark.parametrize("kind", ["cda", "xdm"])
def test_what_is_no_such_source_leaves_no_store(desk: Program, kind: str) -> None:
    (desk.folder / "other.xml").write_text("<a/>")
    assert desk("collect", kind, "other.xml", "--into", "new.db").status != 0
    assert not (desk.folder / "new.db").exists()


def test_a_place_is_collected_as_what_it_is_recognised_as(small_line: Line, desk: Program) -> None:
    small_line.copy(desk.folder, "practice.db", "pressoir.sqlite")
    lay_zip(desk.folder / "medium", [Entry("DOC0001.XML", VSM)])
    lay(desk.folder / "inbox" / "one", [Entry("DOC0001.XML", VSM)])
    samples = SAMPLES / "practice"
    places = {
        "pressoir.sqlite": "opendental",
        samples / "imaging": "dicom",
        samples / "papers.csv": "documents",
        "received": "cda",
        "medium.zip": "xdm",
        "inbox": "xdm",
    }
    for place, kind in places.items():
        done = desk("collect", place, "--into", "practice.db")
        assert f"archiver collect {kind}" in done.err, done.err
        assert done.status in {0, 4}
    (desk.folder / "other").mkdir()
    assert desk("collect", "other/", "--into", "new.db").refused("source-unrecognized", 40)
    (desk.folder / "received" / "list.csv").write_text("file;title\nvsm.xml;x\n")
    assert desk("collect", "received", "--into", "new.db").refused("source-ambiguous", 40)
    assert desk("collect", "nowhere.zip", "--into", "new.db").refused("file-not-found", 54)
    assert "cda" in desk("sources").ok().out


def test_the_media_of_ci_sis_come_in_as_one_person(desk: Program) -> None:
    packages = material("xdm", "packages")
    done = desk("collect", "xdm", packages, "--into", "practice.db").ok()
    assert "[xdm-withdrawn]" in done.err
    assert "1 patient." in desk("patients", "practice.db").ok().out
    shown = desk("show", "practice.db", "1234567890121").ok().out
    assert "PARACETAMOL" in shown
    assert INS not in shown
