"""The roster: a wrong number never takes somebody else's dossier."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archiver.scope.errors import (
    RosterMismatch,
    RosterUnknownPatient,
    RosterUnknownPractitioner,
    RosterUnreadable,
)
from archiver.scope.roster import chosen_patients, for_practitioner, read_roster, resolve_lines
from formats.errors import Failure
from formats.model.dates import AnyDate, PartialDate
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.people import Patient

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


def run(folder: Path, text: str, patients: list[Patient], encoding: str = "utf-8") -> tuple[str, ...]:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return chosen_patients(resolve_lines(read_roster(path), patients))


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
    (line,) = resolve_lines(read_roster(path), both, person_of=lambda _: "a")
    assert line.patient == "a"


KNOWN = {"99900000029": "kerbrat", "Dr Malo Kerbrat": "kerbrat", "99900000011": "vauquelin"}


def leaving(folder: Path, text: str, practitioner: str) -> tuple[list[str], int]:
    path = folder / "roster.csv"
    path.write_text(HEADING + text, encoding="utf-8")
    lines, passed_over = for_practitioner(read_roster(path), practitioner, identity_of=KNOWN.get)
    return [line.patient_number for line in lines], passed_over


def test_lines_of_other_practitioners_are_counted(tmp_path: Path) -> None:
    text = "5;a;b;;99900000029\n6;c;d;;\n7;e;f;;99900000011\n8;g;h;;Dr Malo Kerbrat\n"
    assert leaving(tmp_path, text, "kerbrat") == (["5", "6", "8"], 1)


@pytest.mark.parametrize("practitioner", ["", "vauquelin"])
def test_a_roster_of_others_is_no_roster(tmp_path: Path, practitioner: str) -> None:
    with pytest.raises(RosterUnreadable):
        leaving(tmp_path, "5;a;b;;99900000029\n", practitioner)


def test_a_practitioner_whom_nobody_knows_stops_and_the_patient_is_named(tmp_path: Path) -> None:
    with pytest.raises(RosterUnknownPractitioner, match=r"5 Ferrand Tom 2011-01-30.*99900000092.*line 3"):
        leaving(tmp_path, "4;a;b;;99900000029\n5;Ferrand;Tom;2011-01-30;99900000092\n", "kerbrat")
