"""The samples are what their seed gives, hold what they promise, and name nobody who could exist."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.errors import InvalidDicomError

from samples import make
from samples.story import numbers
from samples.story.book import literal
from samples.story.practice import tell

SAMPLES = Path(make.__file__).resolve().parent
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))
SIZE_LIMIT = 3_000_000
"""Bytes of all committed samples together."""

TOOTH = re.compile(r"[1-9]|[12][0-9]|3[0-2]|5[1-9]|[67][0-9]|8[0-2]|[A-T]|[A-T]S")
"""American tooth numbers: permanent, supernumerary, primary, supernumerary primary."""


@pytest.fixture(scope="module")
def built() -> dict[str, bytes]:
    return make.contents(tell())


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    yield from _opened(tmp_path_factory, "--sqlite")


@pytest.fixture(scope="module")
def successor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    yield from _opened(tmp_path_factory, "--successor", "--sqlite")


def _opened(factory: pytest.TempPathFactory, *options: str) -> Iterator[sqlite3.Connection]:
    target = factory.mktemp("copy") / "opendental.sqlite"
    subprocess.run([sys.executable, str(SAMPLES / "make.py"), *options, str(target)], check=True)
    with closing(sqlite3.connect(target)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def _one(database: sqlite3.Connection, query: str, *values: object) -> Any:
    return database.execute(query, values).fetchone()[0]


def test_the_committed_files_are_what_the_seed_gives(built: dict[str, bytes]) -> None:
    assert make.differences(built, SAMPLES) == []


def test_another_process_writes_the_same_bytes(built: dict[str, bytes], tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SAMPLES / "make.py"), "--into", str(tmp_path)], check=True)
    assert {name: (tmp_path / name).read_bytes() for name in built} == built
    assert (tmp_path / "practice/opendental.sqlite").read_bytes().startswith(b"SQLite format 3")


def test_check_names_a_changed_and_a_stray_file(built: dict[str, bytes], tmp_path: Path) -> None:
    make.write(built, tmp_path)
    (tmp_path / "practice/papers.csv").write_bytes(b"")
    (tmp_path / "practice/papers/stray.pdf").write_bytes(b"")
    assert make.differences(built, tmp_path) == ["practice/papers.csv", "practice/papers/stray.pdf"]


def test_the_samples_stay_small() -> None:
    committed = [
        path
        for path in SAMPLES.rglob("*")
        if path.is_file() and path.suffix != ".sqlite" and "__pycache__" not in path.parts
    ]
    assert len(committed) > 60
    assert sum(path.stat().st_size for path in committed) < SIZE_LIMIT


@pytest.mark.parametrize("which", ["practice", "successor"])
def test_every_table_has_the_expected_rows(which: str, request: pytest.FixtureRequest) -> None:
    database = request.getfixturevalue(which)
    rows = EXPECTED[which]["rows"]
    assert {name: _one(database, f"SELECT count(*) FROM `{name}`") for name in rows} == rows
    assert rows["patient"] == EXPECTED[which]["patients"] >= {"practice": 60, "successor": 10}[which]
    assert which == "successor" or 0 not in rows.values()
    assert (
        _one(database, "SELECT ValueString FROM preference WHERE PrefName='PracticeTitle'")
        == EXPECTED[which]["title"]
    )


@pytest.mark.parametrize("which", ["practice", "successor"])
def test_every_ins_is_of_the_test_range_with_a_valid_key(which: str, request: pytest.FixtureRequest) -> None:
    database = request.getfixturevalue(which)
    identifiers = [
        row[0] for row in database.execute("SELECT FieldValue FROM patfield WHERE FieldName='INS'")
    ]
    authorities = {
        row[0] for row in database.execute("SELECT FieldValue FROM patfield WHERE FieldName='INS-OID'")
    }
    assert len(identifiers) >= {"practice": 30, "successor": 5}[which]
    assert authorities == {"1.2.250.1.213.1.4.10"}
    for identifier in identifiers:
        number = int(identifier[:13].replace("2A", "19").replace("2B", "18"))
        assert (number + int(identifier[13:])) % 97 == 0, identifier
        assert int(identifier[7:10]) >= numbers.FICTIVE_COMMUNE, identifier


def test_the_ins_key_of_a_published_example() -> None:
    assert numbers.ins_key("2550814168025") == "38"


def test_practitioners_are_fictive_and_numbered_with_luhn(practice: sqlite3.Connection) -> None:
    found = [row[0] for row in practice.execute("SELECT NationalProvID FROM provider WHERE IsNotPerson=0")]
    assert len(found) == 4
    for number in found:
        assert len(number) == 11
        assert number.startswith(numbers.RPPS_TEST_PREFIX)
        digits = [int(digit) for digit in reversed(number)]
        assert sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) in range(
            0, 200, 10
        )


def test_the_special_patients_are_who_they_should_be(practice: sqlite3.Connection) -> None:
    special = EXPECTED["practice"]["special"]

    def of(case: str, column: str) -> Any:
        return _one(practice, f"SELECT `{column}` FROM patient WHERE PatNum=?", special[case])

    assert of("payer_not_patient", "Guarantor") == special["payer"]
    assert of("guardian", "ResponsParty") == special["guardian_patient"] != of("guardian", "Guarantor")
    assert (of("deceased", "PatStatus"), of("deceased", "DateTimeDeceased")) == (5, "2023-11-04 00:00:00")
    assert of("no_birth_date", "Birthdate") == "0001-01-01"
    assert of("disputed", "PriProv") == 1
    born = [date.fromisoformat(of(case, "Birthdate")) for case in ("homonym_near", "homonym_near_other")]
    assert (born[1] - born[0]).days == 1
    assert of("identical_names", "LName") == of("identical_names_other", "LName")
    assert of("minor", "SSN") == of("primary_teeth", "SSN") == of("payer", "SSN") != ""
    assert of("clone", "PatNumCloneFrom") == special["cloned"]


def test_practitioners_seen_match_the_completed_acts(practice: sqlite3.Connection) -> None:
    flawed = EXPECTED["practice"]["special"]["dirty"]
    for number, seen in EXPECTED["practice"]["seen_by"].items():
        found = {
            row[0]
            for row in practice.execute(
                "SELECT DISTINCT ProvNum FROM procedurelog WHERE ProcStatus=2 AND PatNum=?", (number,)
            )
        }
        assert found - ({0} if int(number) == flawed else set()) == set(seen), number


def test_acts_show_every_status_and_notation(practice: sqlite3.Connection) -> None:
    statuses = {row[0] for row in practice.execute("SELECT DISTINCT ProcStatus FROM procedurelog")}
    teeth = {
        row[0] for row in practice.execute("SELECT DISTINCT ToothNum FROM procedurelog WHERE ToothNum<>''")
    }
    assert statuses == set(range(1, 9))
    assert {tooth for tooth in teeth if not TOOTH.fullmatch(tooth)} == {"99"}
    assert {"58", "ES", "K"} <= teeth
    designated = EXPECTED["practice"]["designated"]["procedurelog"]
    for case, column, value in (
        ("range", "ToothRange", "7,8,9"),
        ("quadrant", "Surf", "UR"),
        ("without_practitioner", "ProvNum", 0),
        ("without_date", "ProcDate", "0001-01-01"),
        ("zero_date", "ProcDate", "0000-00-00"),
    ):
        assert (
            _one(practice, f"SELECT `{column}` FROM procedurelog WHERE ProcNum=?", designated[case]) == value
        )


def test_every_patient_number_leads_to_a_patient(practice: sqlite3.Connection) -> None:
    patients = {row[0] for row in practice.execute("SELECT PatNum FROM patient")}
    carriers = 0
    for name in EXPECTED["practice"]["rows"]:
        columns = {row["name"] for row in practice.execute(f"PRAGMA table_info(`{name}`)")}
        for column in columns & {"PatNum", "Guarantor", "Subscriber", "PatNumFrom", "PatNumTo", "PatNumCust"}:
            found = {row[0] for row in practice.execute(f"SELECT DISTINCT `{column}` FROM `{name}`")} - {0}
            assert found <= patients, (name, column)
            carriers += 1
    assert carriers > 25


def test_periodontal_values_hold_negative_margins_and_gaps(practice: sqlite3.Connection) -> None:
    assert _one(practice, "SELECT count(*) FROM periomeasure WHERE SequenceType=2 AND MBvalue=105") == 1
    assert _one(practice, "SELECT count(*) FROM periomeasure WHERE SequenceType=4 AND Bvalue=-1") == 2
    assert {row[0] for row in practice.execute("SELECT DISTINCT SequenceType FROM periomeasure")} == set(
        range(7)
    )


def test_documents_have_their_files(practice: sqlite3.Connection) -> None:
    expected = EXPECTED["practice"]["images"]
    images = SAMPLES / "practice" / "images"
    missing, described = [], set()
    for row in practice.execute(
        "SELECT DocNum, FileName, ImageFolder, RawBase64 FROM document JOIN patient USING (PatNum)"
    ):
        path = images / row["ImageFolder"][0] / row["ImageFolder"] / row["FileName"]
        if path.is_file() and ".." not in row["FileName"]:
            described.add(path)
        elif not row["RawBase64"]:
            missing.append(row["DocNum"])
    assert missing == expected["documents_without_file"]
    present = {path for path in images.rglob("*") if path.is_file()}
    assert len(present) == expected["files"]
    assert [path.relative_to(images).as_posix()[2:] for path in present - described] == [expected["orphan"]]


def test_the_imaging_folder_is_dicom_except_the_stray_text() -> None:
    expected = EXPECTED["imaging"]
    imaging = SAMPLES / "practice" / "imaging"
    present = sorted(path.relative_to(imaging).as_posix() for path in imaging.rglob("*") if path.is_file())
    assert len(present) == expected["files"]
    refused = []
    for name in present:
        try:
            pydicom.dcmread(imaging / name)
        except InvalidDicomError:
            refused.append(name)
    assert refused == expected["not_dicom"]
    records = pydicom.dcmread(imaging / expected["disc"]).DirectoryRecordSequence
    listed = [record.ReferencedFileID for record in records if "ReferencedFileID" in record]
    assert len(listed) == expected["disc_instances"]
    assert all((imaging / expected["disc"]).parent.joinpath(*place).is_file() for place in listed)
    assert pydicom.dcmread(imaging / "pano/45_2024.dcm").SpecificCharacterSet == "ISO_IR 100"
    assert str(pydicom.dcmread(imaging / "io/IM000005").PatientName) == "Nguyễn^Thị Hoa"
    assert str(pydicom.dcmread(imaging / "pano/45_2024.dcm").PatientName) == "Perrichon^Gérard"
    slices = [pydicom.dcmread(imaging / f"cbct/00{place}") for place in range(3)]
    assert len({image.SeriesInstanceUID for image in slices}) == 1
    assert len({image.SOPInstanceUID for image in slices}) == 3


def test_the_papers_lack_one_file_and_one_line() -> None:
    expected = EXPECTED["papers"]
    text = (SAMPLES / "practice/papers.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbffile;patient_number;")
    lines = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=";"))
    present = {
        path.relative_to(SAMPLES / "practice/papers").as_posix()
        for path in (SAMPLES / "practice/papers").rglob("*")
        if path.is_file()
    }
    described = {line["file"] for line in lines}
    assert len(lines) == expected["lines"]
    assert described - present == {expected["missing_file"]}
    assert present - described == {expected["undescribed_file"]}


def test_the_roster_names_patients_of_the_practice(practice: sqlite3.Connection) -> None:
    expected = EXPECTED["roster"]
    with (SAMPLES / "practice/roster.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream, delimiter=";"))
    assert [int(line["patient_number"]) for line in lines] == expected["patients"]
    assert {line["practitioner_rpps"] for line in lines} == {expected["practitioner_rpps"]}
    for line in lines:
        born = _one(practice, "SELECT Birthdate FROM patient WHERE PatNum=?", line["patient_number"])
        assert line["birth_date"] == ("" if born == "0001-01-01" else born.removesuffix("-00"))
    seen = EXPECTED["practice"]["seen_by"]
    assert all(len(seen[str(number)]) > 1 for number in expected["shared"])


def test_the_successor_asks_the_four_questions_of_identity(
    practice: sqlite3.Connection, successor: sqlite3.Connection
) -> None:
    def ins(database: sqlite3.Connection, number: int) -> Any:
        row = database.execute(
            "SELECT FieldValue FROM patfield WHERE FieldName='INS' AND PatNum=?", (number,)
        ).fetchone()
        return row[0] if row else None

    def traits(database: sqlite3.Connection, number: int) -> tuple[Any, ...]:
        return tuple(
            database.execute(
                "SELECT LName, FName, Birthdate FROM patient WHERE PatNum=?", (number,)
            ).fetchone()
        )

    assert ins(successor, 1) == ins(practice, 26)
    assert traits(successor, 1) == traits(practice, 26)
    assert ins(successor, 2) is None
    assert traits(successor, 2) == traits(practice, 47)
    assert ins(successor, 3) == ins(practice, 16)
    assert traits(successor, 3) != traits(practice, 16)
    assert traits(successor, 4)[:2] == traits(practice, 9)[:2]
    assert traits(successor, 4)[2] not in {traits(practice, number)[2] for number in (9, 10, 11)}


@pytest.mark.parametrize("name", ["README.md", "README.fr.md"])
def test_the_readme_tells_the_whole_cast(name: str) -> None:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    for which, practice in (("practice", "Tilleuls"), ("successor", "Pressoir")):
        for number in EXPECTED[which]["special"].values():
            assert f"| {practice} | {number} | " in text


def test_a_value_without_common_literal_is_refused() -> None:
    with pytest.raises(ValueError, match="common to MariaDB and SQLite"):
        literal("C:\\images")
