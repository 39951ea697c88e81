"""The roster: a wrong number never takes somebody else's dossier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archiver.scope.errors import (
    RosterErrors,
    RosterMismatch,
    RosterUnknownPatient,
    RosterUnknownPractitioner,
    RosterUnreadable,
)
from archiver.scope.rosters.roster import chosen_patients, read_roster
from archiver.scope.rosters.roster_check import CheckedRoster, compare_roster
from formats.errors import Failure
from formats.model.dates import AnyDate, PartialDate
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.people import Patient
from tests.workbooks import Sheets, ods, xlsx

KNOWN = {"99900000029": "kerbrat", "Dr Malo Kerbrat": "kerbrat", "99900000011": "vauquelin"}
HEADING = "patient_number;family_name;given_name;birth_date;practitioner_rpps\n"


def patient(name: str, number: str, *, family: str = "Ferrand", used: str = "") -> Patient:
    return Patient(
        id=name,
        practice="p",
        traits=Traits(
            birth_family_name=family,
            used_family_name=used,
            birth_given_names=("Tom", "Paul"),
            birth_date=date(2011, 1, 30),
        ),
        identifiers=(Identifier(type=IdentifierType.LOCAL, system="urn:x", value=number),),
    )


def check(
    folder: Path, text: str, patients: list[Patient], encoding: str = "utf-8", practitioner: str | None = None
) -> CheckedRoster:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    roster = read_roster(path)
    return compare_roster(roster, patients, practitioner=practitioner, identity_of=KNOWN.get)


def run(folder: Path, text: str, patients: list[Patient], encoding: str = "utf-8") -> tuple[str, ...]:
    checked = check(folder, text, patients, encoding)
    checked.require_correct()
    return chosen_patients(checked.lines)


def test_names_and_dates_as_people_write_them(tmp_path: Path) -> None:
    text = HEADING + "5;Ferrand;Tom;2011-01-30;99900000029\n6;ferrand;TOM;30/01/2011;\n"
    assert run(tmp_path, text, [patient("a", "5"), patient("b", "6"), patient("c", "7")]) == ("a", "b")


@pytest.mark.parametrize(
    ("born", "written", "reason"),
    [
        (PartialDate(2011), "2011", ""),
        (PartialDate(2011, 1), "2011-01", ""),
        (PartialDate(2011, 1), "01/2011", ""),
        (PartialDate(2011, 1), "1/2011", ""),
        (PartialDate(2011), "30/01/2011", "more or less precise"),
        (PartialDate(2011), "2011-01", "more or less precise"),
        (date(2011, 1, 30), "2011", "more or less precise"),
        (PartialDate(2011), "2012", "another"),
    ],
)
def test_a_partial_birth_date_is_written_as_far_as_it_is_known(
    tmp_path: Path, born: AnyDate, written: str, reason: str
) -> None:
    known = patient("a", "5")
    known = replace(known, traits=replace(known.traits, birth_date=born))
    line = HEADING + f"5;Ferrand;Tom;{written};\n"
    if not reason:
        assert run(tmp_path, line, [known]) == ("a",)
        return
    with pytest.raises(RosterMismatch, match=reason):
        run(tmp_path, line, [known])


def test_french_headings_in_an_old_encoding(tmp_path: Path) -> None:
    text = "Numéro patient,Nom,Prénom,Né le\n5,Bérénice,Tom Paul,30.01.2011\n"
    found = run(tmp_path, text, [patient("a", "5", family="X", used="BERENICE")], encoding="cp1252")
    assert found == ("a",)


def test_a_patient_named_twice_leaves_once(tmp_path: Path) -> None:
    assert run(tmp_path, HEADING + 2 * "5;Ferrand;Tom;2011-01-30;\n", [patient("a", "5")]) == ("a",)


@pytest.mark.parametrize("given", [(), ("",), ("\u0301",)])
def test_who_has_no_given_name_is_named_without_one(tmp_path: Path, given: tuple[str, ...]) -> None:
    nameless = replace(patient("a", "5"), traits=replace(patient("a", "5").traits, birth_given_names=given))
    assert run(tmp_path, HEADING + "5;Ferrand;;2011-01-30;\n", [nameless]) == ("a",)
    with pytest.raises(RosterMismatch):
        run(tmp_path, HEADING + "5;Ferrand;Tom;2011-01-30;\n", [nameless])
    with pytest.raises(RosterMismatch):
        run(tmp_path, HEADING + "5;Ferrand;;2011-01-30;\n", [patient("a", "5")])


@pytest.mark.parametrize(
    "heading",
    [
        "N°;Nom;Prénom;Né(e) le;Praticien traitant",
        "N° dossier;NOM;PRÉNOM(S);Date naiss.;RPPS",
        "N° patient;Nom de naissance;Prénoms;DDN;Praticien",
        "Dossier;Nom d’usage;Prénom usuel;Né le;Praticienne",
    ],
)
def test_headings_as_french_programs_print_them(tmp_path: Path, heading: str) -> None:
    text = f"{heading}\n5;Ferrand;Tom;30/01/2011;Dr Malo Kerbrat\n"
    assert run(tmp_path, text, [patient("a", "5")]) == ("a",)


NAMES_APART = "Numéro;Nom de naissance;Nom d'usage;Prénom;Né le\n"


@pytest.mark.parametrize(
    ("line", "used", "reason"),
    [
        ("5;Ferrand;Weber;Tom;2011-01-30", "Weber", ""),
        ("5;Ferrand;;Tom;2011-01-30", "Weber", ""),
        ("5;;Weber;Tom;2011-01-30", "Weber", ""),
        ("5;Ferrand;Ferrand;Tom;2011-01-30", "", ""),
        ("5;Weber;Ferrand;Tom;2011-01-30", "Weber", "the family name in use is another"),
        ("5;Weber;;Tom;2011-01-30", "Weber", "the birth name is another"),
        ("5;Ferrand;Weber;Tom;2011-01-30", "", "the family name is another"),
        ("5;;;Tom;2011-01-30", "Weber", "the family name is another"),
    ],
)
def test_birth_name_and_name_in_use_apart(tmp_path: Path, line: str, used: str, reason: str) -> None:
    known = [patient("a", "5", used=used)]
    if not reason:
        assert run(tmp_path, NAMES_APART + line, known) == ("a",)
        return
    with pytest.raises(RosterMismatch, match=reason):
        run(tmp_path, NAMES_APART + line, known)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("9,99E+10;Ferrand;Tom;2011-01-30;", "first digits"),
        ("5;Ferrand;Tom;2011-01-30;9,99E+10", "first digits"),
        ("5;Ferrand;Tom;40573;", "count of days"),
        ("5;Ferrand;Tom;30/01/11;", "two digits"),
    ],
)
def test_what_a_spreadsheet_did_is_named_with_its_remedy(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(RosterUnreadable, match=reason):
        run(tmp_path, HEADING + line + "\n", [patient("a", "5")])


def test_what_was_passed_over_or_mended_is_noticed(tmp_path: Path) -> None:
    text = "Patients de Dr Kerbrat\nN°;Nom;Prénom;Né le;Ville;Tél.\n5.0;Ferrand;Tom;30/01/2011 00:00;Lyon;\n"
    checked = check(tmp_path, text, [patient("a", "5")], "cp850")
    checked.require_correct()
    assert [one.code for one in checked.findings] == [
        "list-ms-dos",
        "list-title-lines",
        "list-number-mended",
        "list-column-ignored",
    ]


@pytest.mark.parametrize("make", [xlsx, ods])
def test_a_workbook_is_the_same_roster(tmp_path: Path, make: Callable[[Sheets], bytes]) -> None:
    rows = [("N°", "Nom", "Prénom", "Né(e) le"), (5, "Ferrand", "Tom", date(2011, 1, 30))]
    (tmp_path / "roster.xlsx").write_bytes(make({"Départs": rows}))
    (line,) = read_roster(tmp_path / "roster.xlsx").lines
    (tmp_path / "roster.csv").write_text("N°;Nom;Prénom;Né le\n5;Ferrand;Tom;30/01/2011\n", encoding="utf-8")
    assert read_roster(tmp_path / "roster.csv").lines == (line,)


@pytest.mark.parametrize(
    ("line", "failure", "says"),
    [
        ("9;Ferrand;Tom;2011-01-30;", RosterUnknownPatient, "9"),
        ("5;Durand;Tom;2011-01-30;", RosterMismatch, "family name"),
        ("5;Ferrand;Léo;2011-01-30;", RosterMismatch, "given name"),
        ("5;Ferrand;Tom;2012-01-30;", RosterMismatch, "birth date"),
        ("5;Ferrand;Tom;;", RosterMismatch, "birth date"),
        (";Ferrand;Tom;2011-01-30;", RosterUnreadable, "number is missing"),
        ("5;Ferrand;Tom;hier;", RosterUnreadable, "not a date"),
        ("5;Ferrand;Tom;2011-01-30;;x", RosterUnreadable, "more cells"),
        ('5;"Ferrand;Tom;2011-01-30;', RosterUnreadable, "quotation mark"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, line: str, failure: type[Failure], says: str
) -> None:
    with pytest.raises(failure, match=says):
        run(tmp_path, HEADING + line + "\n", [patient("a", "5")])


def test_two_patients_of_one_number_are_told_apart_by_their_traits(tmp_path: Path) -> None:
    both = [patient("a", "5"), patient("b", "5", family="Durand")]
    assert run(tmp_path, HEADING + "5;Ferrand;Tom;2011-01-30;\n", both) == ("a",)
    with pytest.raises(RosterMismatch, match="several"):
        run(tmp_path, HEADING + "5;Ferrand;Tom;2011-01-30;\n", [patient("a", "5"), patient("c", "5")])


@pytest.mark.parametrize(
    "text", ["", "a;b\n", "\0", HEADING.replace("family_name", "patient_number"), "\x81"]
)
def test_what_is_no_roster_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RosterUnreadable):
        run(tmp_path, text, [])


def test_linked_records_of_one_number_are_one_patient(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(HEADING + "5;Ferrand;Tom;2011-01-30;\n", encoding="utf-8")
    both = [patient("a", "5"), patient("c", "5")]
    checked = compare_roster(
        read_roster(path), both, practitioner=None, identity_of=KNOWN.get, person_of=lambda _: "a"
    )
    (line,) = checked.lines
    assert line.patient == "a" and not checked.errors


# -- lines of practitioners ---------------------------------------------------------------

EVERYBODY = [patient(number, number) for number in "45678"]


def leaving(folder: Path, text: str, practitioner: str | None) -> tuple[list[str], int]:
    checked = check(folder, HEADING + text, EVERYBODY, practitioner=practitioner)
    checked.require_correct()
    return [line.patient_number for line in checked.lines], checked.elsewhere


SERVING = (
    "5;Ferrand;Tom;2011-01-30;99900000029\n6;Ferrand;Tom;2011-01-30;\n7;Ferrand;Tom;2011-01-30;99900000011\n"
)


def test_lines_of_other_practitioners_are_counted(tmp_path: Path) -> None:
    text = SERVING + "8;Ferrand;Tom;2011-01-30;Dr Malo Kerbrat\n"
    assert leaving(tmp_path, text, "kerbrat") == (["5", "6", "8"], 1)
    assert leaving(tmp_path, text, None) == (["5", "6", "7", "8"], 0)


@pytest.mark.parametrize("practitioner", ["", "vauquelin"])
def test_a_roster_of_others_is_no_roster(tmp_path: Path, practitioner: str) -> None:
    with pytest.raises(RosterUnreadable):
        leaving(tmp_path, "5;Ferrand;Tom;2011-01-30;99900000029\n", practitioner)


def test_a_practitioner_whom_nobody_knows_stops_and_the_patient_is_named(tmp_path: Path) -> None:
    text = "4;Ferrand;Tom;2011-01-30;\n5;Ferrand;Tom;2011-01-30;99900000092\n"
    with pytest.raises(RosterUnknownPractitioner, match=r"5 Ferrand Tom 2011-01-30.*99900000092.*line 3"):
        leaving(tmp_path, text, "kerbrat")


# -- every error of a list ----------------------------------------------------------------


def test_every_error_is_found_in_one_run(tmp_path: Path) -> None:
    lines = (
        "4;Ferrand;Tom;2011-01-30;",
        ";Ferrand;Tom;2011-01-30;",
        "5;Ferrand;Tom;hier;",
        "6;Durand;Léo;2011-01-30;",
        "6;Durand;Léo;2012;",
        "99;Ferrand;Tom;2011-01-30;",
        "7;Ferrand;Tom;2011-01-30;99900000092",
        "8;Ferrand;Tom;2011-01-30;",
    )
    checked = check(tmp_path, HEADING + "\n".join(lines), EVERYBODY)
    assert [(one.line, one.failure.code, one.columns) for one in checked.errors] == [
        (3, "roster-unreadable", ()),
        (4, "roster-unreadable", ()),
        (5, "roster-mismatch", ("family_name", "given_name")),
        (6, "roster-mismatch", ("family_name", "given_name", "birth_date")),
        (7, "roster-unknown-patient", ("patient_number",)),
        (8, "roster-unknown-practitioner", ("practitioner_rpps",)),
    ]
    assert [line.patient_number for line in checked.lines] == ["4", "8"]
    with pytest.raises(RosterErrors, match="6 errors"):
        checked.require_correct()


def test_what_the_list_and_the_practice_say_stand_side_by_side(tmp_path: Path) -> None:
    checked = check(tmp_path, HEADING + "5;Durand;Tom;1. 2. 2011;\n", EVERYBODY)
    (unread,) = checked.errors
    assert unread.cells["birth_date"] == "1. 2. 2011"
    assert [one["family_name"] for one in unread.known] == ["Ferrand"]
    checked = check(tmp_path, HEADING + "5;Durand;Tom;2012;\n", [patient("a", "5", used="Weber")])
    (mismatch,) = checked.errors
    assert str(mismatch.failure).endswith("(list: Durand 2012; practice: Weber 2011-01-30).")
    assert mismatch.known == (
        {
            "patient_number": "5",
            "family_name": "Weber",
            "used_family_name": "Weber",
            "birth_family_name": "Ferrand",
            "given_name": "Tom Paul",
            "birth_date": "2011-01-30",
        },
    )


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("99;Ferrand;Tom;;", ["a"]),  # names
        ("99;Ferand;Tom;2011-01-30;", ["a"]),  # given name and birth date
        ("99;FERRAND;Paul;2011-01-30;", ["a"]),  # family name and birth date
        ("0005;Durand;Zoé;1960;", ["a"]),  # what a spreadsheet takes off a number
        ("99;Ferrand;Zoé;1960;", []),
        ("6;Ferrand;Tom;2011-01-30;", ["a"]),  # the number is somebody else's
    ],
)
def test_the_nearest_are_offered_and_never_taken(tmp_path: Path, line: str, near: list[str]) -> None:
    other = patient("b", "6", family="Nguyen")
    other = replace(
        other, traits=replace(other.traits, birth_given_names=("Lan",), birth_date=date(1950, 1, 1))
    )
    checked = check(tmp_path, HEADING + line, [patient("a", "5"), other])
    (error,) = checked.errors
    assert [one["patient_number"] for one in error.nearest] == ["5" for _ in near]
    assert not checked.lines


def test_a_patient_without_a_name_in_use_needs_a_name(tmp_path: Path) -> None:
    with pytest.raises(RosterMismatch, match="family name"):
        run(tmp_path, HEADING + "5;;Tom;2011-01-30;\n", [patient("a", "5")])


def test_a_quotation_mark_out_of_place_ends_a_list_whose_errors_are_known(tmp_path: Path) -> None:
    checked = check(tmp_path, HEADING + '99;a;b;;\n5;"Ferrand;Tom;;\n', EVERYBODY)
    assert [one.failure.code for one in checked.errors] == ["roster-unknown-patient", "roster-unreadable"]


DECIDED = "patient_number;family_name;given_name;birth_date;practitioner_rpps;decision\n"


@pytest.mark.parametrize(
    ("first", "second", "practitioner", "errors"),
    [
        (";oui", ";non", "kerbrat", 1),
        (";non", ";oui", "kerbrat", 1),
        ("99900000029;oui", "99900000029;non", None, 1),
        ("99900000029;oui", "Dr Malo Kerbrat;non", "kerbrat", 1),
        ("99900000029;oui", ";non", None, 1),  # it leaves with nobody
        ("99900000029;oui", "99900000011;non", None, 0),
        ("99900000011;oui", ";non", "kerbrat", 0),  # the line of the other one is theirs
        (";non", ";non", "kerbrat", 0),
        (";oui", ";oui", "kerbrat", 0),
    ],
)
def test_nobody_stays_who_leaves_by_another_line(
    tmp_path: Path, first: str, second: str, practitioner: str | None, errors: int
) -> None:
    other = "6;Ferrand;Tom;2011-01-30;;oui\n"
    lines = "".join(f"5;Ferrand;Tom;2011-01-30;{one}\n" for one in (first, second))
    found = check(tmp_path, DECIDED + lines + other, EVERYBODY, practitioner=practitioner).errors
    assert [one.failure.code for one in found] == ["roster-contradiction"] * errors
    assert [one.columns for one in found] == [("decision",)] * errors


def test_two_records_of_one_person_do_not_part(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(
        DECIDED + "5;Ferrand;Tom;2011-01-30;;oui\n6;Ferrand;Tom;2011-01-30;;non\n", encoding="utf-8"
    )
    one = {"practitioner": "kerbrat", "identity_of": KNOWN.get}
    roster = read_roster(path)
    (error,) = compare_roster(roster, EVERYBODY, **one, person_of=lambda _: "same").errors
    assert (error.failure.code, error.line, error.failure.facts["other"]) == ("roster-contradiction", 3, 2)
    assert not compare_roster(roster, EVERYBODY, **one).errors


def test_a_patient_in_two_lines_is_noticed(tmp_path: Path) -> None:
    checked = check(tmp_path, HEADING + 2 * "5;Ferrand;Tom;2011-01-30;\n", EVERYBODY)
    (finding,) = checked.findings
    assert (finding.code, finding.where) == ("roster-patient-twice", "roster.csv:3")
