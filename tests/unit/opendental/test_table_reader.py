"""Every row comes out: understood or not, whole or broken, with its patient or without."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from formats.databases.sqlite_source import SqliteSource
from formats.databases.tables import MAX_CELL
from formats.findings import Finding
from formats.model.care import Note
from formats.model.health import Questionnaire
from formats.model.imaging import ImageFile
from formats.model.money import Payment
from formats.model.mouth import PerioExam
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import practice_namespace, record_id
from formats.opendental.joins.lookup_context import PracticeUnnamed, practice_key
from formats.opendental.read import read
from tests.unit.opendental.tiny import KEY, ZONE, book, collect, reading, write


def _patient(number: int) -> str:
    return record_id(practice_namespace(KEY), "patient", number)


def test_the_practice_comes_first_then_practitioners_and_patients(tmp_path: Path) -> None:
    found = reading(tmp_path, {"popup": [{"PatNum": 1, "Description": "x"}]})
    kinds = [type(item) for item in found.items]
    assert kinds[:2] == [Practice, Practitioner]
    assert kinds.index(Patient) < kinds.index(Note)


def test_identities_hang_on_practice_table_and_key(tmp_path: Path) -> None:
    found = reading(tmp_path, {})
    assert found.one(Patient).id == _patient(1)
    assert found.rows("patient")["1"].id == record_id(practice_namespace(KEY), "source/patient", 1)
    again = collect(tmp_path / "practice.sqlite")
    assert again.items == found.items


def test_the_practice_names_itself_and_never_guesses() -> None:
    first = practice_key(
        {"PracticeTitle": "Cabinet dentaire É.", "PracticeZip": "99 123", "PracticePhone": ""}, "x"
    )
    assert first == practice_key({"PracticeTitle": "CABINET DENTAIRE E", "PracticeZip": "99123"}, "x")
    with pytest.raises(PracticeUnnamed):
        practice_key({"PracticeTitle": " "}, "x")


def test_a_practice_without_a_name_needs_a_key(tmp_path: Path) -> None:
    path = write(book(), tmp_path, "DELETE FROM preference")
    with SqliteSource(path) as source, pytest.raises(PracticeUnnamed):
        read(source, images=None, practice_key=None, time_zone=ZONE)
    assert collect(path).one(Practice).name == ""


def test_a_row_nobody_understands_travels_word_for_word(tmp_path: Path) -> None:
    found = reading(tmp_path, {"orthochart": [{"PatNum": 1, "FieldName": "Arc", "FieldValue": "NiTi .016"}]})
    row = found.rows("orthochart")["1"]
    assert (row.patient, row.records, row.system) == (_patient(1), (), "opendental")
    assert row.columns["FieldValue"] == "NiTi .016"
    assert row.columns["DateService"] == "0001-01-01"


def test_a_row_says_what_it_became_and_so_do_its_children(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "perioexam": [{"PatNum": 1}],
            "periomeasure": [{"PerioExamNum": 1, "IntTooth": 3, "SequenceType": 4}],
        },
    )
    exam = found.one(PerioExam)
    assert found.rows("perioexam")["1"].records == (exam.id,)
    assert found.rows("periomeasure")["1"].records == (exam.id,)
    assert found.rows("periomeasure")["1"].patient == exam.patient


def test_children_are_joined_to_their_own_parent_in_any_order(tmp_path: Path) -> None:
    measures = [
        {"PerioExamNum": exam, "IntTooth": tooth, "SequenceType": 4, "Bvalue": exam}
        for tooth in (3, 5)
        for exam in (4, 2, 9)
    ]
    found = reading(
        tmp_path,
        {"perioexam": [{"PerioExamNum": number, "PatNum": 1} for number in (2, 4)], "periomeasure": measures},
    )
    depths = [{value.value for value in exam.measures if value.value} for exam in found.records(PerioExam)]
    assert depths == [{2}, {4}]
    assert len(found.rows("periomeasure")) == 6
    assert found.codes("periomeasure/3") == ["opendental-parent-lost", "opendental-patient-lost"]


def test_a_row_of_a_lost_patient_stays_and_says_so(tmp_path: Path) -> None:
    found = reading(
        tmp_path, {"popup": [{"PatNum": 99, "Description": "x"}, {"PatNum": 0, "Description": "y"}]}
    )
    assert [row.patient for row in found.rows("popup").values()] == [None, None]
    assert found.codes("popup/1") == ["opendental-patient-lost"]
    assert found.codes("popup/2") == []
    assert found.records(Note) == []


def test_a_broken_row_never_stops_a_table(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "sheet": [{"PatNum": 1}],
            "sheetfield": [{"SheetNum": 1}],
            "commlog": [{"PatNum": 1, "Note": "après"}],
        },
        "UPDATE commlog SET CommDateTime = '2024-02-30 10:00:00', UserNum = 'who'",
        "UPDATE patient SET Birthdate = X'00FF', Gender = 'f'",
    )
    assert found.one(Note).text == "après"
    assert found.codes("commlog/1") == ["opendental-value-unreadable", "opendental-value-unreadable"]
    assert found.codes("patient/1") == ["opendental-value-unreadable", "opendental-value-unreadable"]
    assert found.rows("patient")["1"].columns["Birthdate"] == "base64:AP8="
    assert found.one(Patient).traits.birth_date is None


def test_a_mapping_that_fails_keeps_the_row_and_says_so(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {"sheet": [{"PatNum": 1, "SheetType": 13}, {"PatNum": 1, "SheetType": 13, "Description": "after"}]},
        "DROP TABLE sheetfield",
        "CREATE TABLE sheetfield (SheetFieldNum TEXT PRIMARY KEY, SheetNum INTEGER)",
        "INSERT INTO sheetfield VALUES ('a key of letters', 1)",
    )
    assert found.codes("sheet/1") == ["opendental-row-not-understood"]
    assert found.rows("sheet")["1"].records == ()
    assert found.one(Questionnaire).title == "after"


def test_a_number_without_an_end_is_noticed_and_the_image_stays(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {"document": [{"PatNum": 1, "ImgType": 1}]},
        "UPDATE document SET DegreesRotated = 9e999",
    )
    assert found.codes("document/1")[0] == "opendental-value-unreadable"
    assert found.one(ImageFile).rotation == 0


def test_rows_with_several_patients_are_listed(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "patient": [{"PatNum": 2, "LName": "Enfant", "Guarantor": 1}],
            "patientlink": [{"PatNumFrom": 2, "PatNumTo": 1}],
        },
    )
    assert found.rows("patientlink")["1"].patient == _patient(2)
    assert found.codes("patientlink") == ["opendental-several-patients"]
    assert found.codes("patient") == ["opendental-several-patients", "opendental-birth-name"]


def test_a_note_to_a_task_follows_the_task_to_its_patient(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "task": [{"KeyNum": 1, "ObjectType": 1}, {"KeyNum": 1, "ObjectType": 0}],
            "tasknote": [{"TaskNum": 1}, {"TaskNum": 2}],
        },
    )
    assert [row.patient for row in found.rows("tasknote").values()] == [_patient(1), None]


def test_no_password_ever_leaves(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "preference": [
                {"PrefName": "SmtpPassword", "ValueString": "hunter2"},
                {"PrefName": "X", "ValueString": "y"},
            ]
        },
        "CREATE TABLE creditcard (CreditNum INTEGER PRIMARY KEY, PatNum INT, XChargeToken TEXT, Zip TEXT)",
        "INSERT INTO creditcard VALUES (1, 1, 'tok_1', 'rue')",
    )
    assert set(found.rows("userod")["1"].columns) == {"UserNum", "UserName"}
    assert set(found.rows("creditcard")["1"].columns) == {"CreditNum", "PatNum", "Zip"}
    settings = {
        row.columns["PrefName"]: row.columns.get("ValueString") for row in found.rows("preference").values()
    }
    assert settings["SmtpPassword"] is None
    assert settings["X"] == "y"
    assert {"opendental-credentials-withheld", "opendental-settings-withheld"} <= set(found.codes())
    shown = repr(found.items)
    assert not any(secret in shown for secret in ("hunter2", "tok_1", "bcrypt$secret"))


def test_every_table_read_is_tallied_and_every_other_is_named(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {"popup": [{"PatNum": 1}]},
        "CREATE TABLE zipcode (ZipCodeNum INTEGER PRIMARY KEY)",
        "INSERT INTO zipcode VALUES (1)",
    )
    tallies = found.tallies()
    assert tallies["popup"] == 1
    assert tallies == {table: len(found.rows(table)) for table in tallies}
    assert "opendental-tables-left" in found.codes()
    assert "zipcode" not in tallies


def test_a_table_without_a_key_is_read_by_position(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {},
        "CREATE TABLE oddlist (PatNum INTEGER, Words TEXT)",
        "INSERT INTO oddlist VALUES (1, 'a'), (1, 'b')",
    )
    assert list(found.rows("oddlist")) == ["row 1", "row 2"]
    assert len({row.id for row in found.records(SourceRow)}) == len(found.records(SourceRow))


def test_a_value_beyond_the_limit_is_left_out_and_said(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {"popup": [{"PatNum": 1}]},
        f"UPDATE popup SET Description = zeroblob({MAX_CELL + 1})",
    )
    assert "Description" not in found.rows("popup")["1"].columns
    assert found.codes("popup/1") == ["opendental-value-unreadable", "opendental-cell-too-large"]
    assert found.one(Note).text == ""


def test_children_without_their_table_of_parents_are_named_as_left(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {"periomeasure": [{"PerioExamNum": 1}]},
        "DROP TABLE perioexam",
        "DROP TABLE periomeasure",
        "CREATE TABLE periomeasure (PerioMeasureNum INTEGER PRIMARY KEY, PerioExamNum INT)",
        "INSERT INTO periomeasure VALUES (1, 1)",
    )
    (left,) = [
        item for item in found.items if isinstance(item, Finding) and item.code == "opendental-tables-left"
    ]
    assert "periomeasure (1)" in left.text


def test_parents_that_are_all_gone_leave_their_children_verbatim(tmp_path: Path) -> None:
    found = reading(tmp_path, {"claimproc": [{"PatNum": 1, "ClaimNum": 5, "FeeBilled": 1.0}]})
    assert found.rows("claimproc")["1"].patient == _patient(1)
    assert found.codes("claimproc/1") == ["opendental-parent-lost"]


@pytest.mark.parametrize(
    "payment",
    [[], [{"PatNum": 99, "PayNum": 5, "PayAmt": 10.01, "PayDate": "2024-03-14", "CheckNum": "12"}]],
    ids=["no payment", "a payment of a patient who is gone"],
)
def test_a_part_of_a_payment_whose_payer_is_gone_is_kept_and_said(
    tmp_path: Path, payment: list[dict[str, object]]
) -> None:
    split: dict[str, object] = {"PatNum": 1, "PayNum": 5, "SplitAmt": 10.01, "DatePay": "2024-03-15"}
    found = reading(tmp_path, {"payment": payment, "paysplit": [split, {"PatNum": 98, "PayNum": 5}]})
    part = found.one(Payment)
    assert (part.patient, part.amount_cents, part.paid_on) == (_patient(1), 1001, date(2024, 3, 15))
    assert (part.payer, part.payer_patient) == ("", None)
    assert part.receipt == record_id(practice_namespace(KEY), "payment", 5)
    assert part.note == ("12" if payment else "")
    assert found.rows("paysplit")["1"].records == (part.id,)
    assert found.codes("paysplit/1") == ["opendental-payer-lost"]
    assert found.rows("paysplit")["2"].records == ()
    assert found.codes("paysplit/2") == ["opendental-patient-lost"]
    assert found.tallies()["paysplit"] == 2


def test_a_merge_of_the_software_links_the_record_that_was_given_up(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "patient": [
                {"PatNum": 2, "LName": "Perichon", "FName": "Gérard", "PatStatus": 3},
                {"PatNum": 3, "LName": "Noël", "FName": "Luc"},
            ],
            "patientlink": [
                {"PatNumFrom": 2, "PatNumTo": 1, "LinkType": 1},
                {"PatNumFrom": 3, "PatNumTo": 1, "LinkType": 2},
                {"PatNumFrom": 3, "PatNumTo": 77, "LinkType": 1},
            ],
        },
    )
    linked = {one.id: one.linked for one in found.records(Patient)}
    assert linked == {_patient(1): (), _patient(2): (_patient(1),), _patient(3): ()}
    assert found.codes("patient/3") == ["opendental-merge-lost"]
    assert found.tallies()["patientlink"] == 3
    rows = found.rows("patientlink")
    assert (rows["1"].patient, rows["1"].records) == (_patient(2), (_patient(2),))
    assert [rows[key].records for key in ("2", "3")] == [(), ()]


def test_a_table_without_a_row_was_read_to_its_end(tmp_path: Path) -> None:
    tallies = collect(
        write(book(popup=[{"PatNum": 1}]), tmp_path, "DELETE FROM popup", "DELETE FROM userod")
    ).tallies()
    assert (tallies["popup"], tallies["userod"], tallies["provider"]) == (0, 0, 1)


@pytest.mark.parametrize(
    ("parent", "column", "child"),
    [
        ("claim", "ClaimNum", "claimproc"),
        ("treatplan", "TreatPlanNum", "proctp"),
        ("payment", "PayNum", "paysplit"),
    ],
)
def test_rows_whose_parents_table_is_not_there_travel_by_themselves(
    tmp_path: Path, parent: str, column: str, child: str
) -> None:
    rows = {parent: [{column: 1, "PatNum": 1}], child: [{column: 1, "PatNum": 1}]}
    found = collect(write(book(**rows), tmp_path, f"DROP TABLE {parent}"))
    assert len(found.rows(child)) == 1 and parent not in found.tallies()
