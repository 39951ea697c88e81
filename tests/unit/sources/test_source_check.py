"""A mapping held against its source: tables, columns, words without their sign, and values that are of another form."""

from __future__ import annotations

from typing import Any

import pytest

from formats.databases.given_rows import GivenRows
from formats.findings import Finding
from formats.sources.mapped.column_look import shape_of
from formats.sources.mapped.language.parse import examine_mapping
from formats.sources.mapped.source_check import check_source
from tests.unit.sources.described import HEAD, PATIENTS

MAPPING = """
[tables.ACTES]
key = "NUM"
owner = "PATIENT"
[tables.ACTES.joins]
ccam = { table = "CCAM", column = "CODE" }
[[tables.ACTES.records]]
kind = "acts"
when = { column = "ETAT", filled = true }
[tables.ACTES.records.fields]
status = "=done"
label = "ccam.LIBELLE"
fee_cents = "PRIX"
performed_on = "LE"
[tables.CCAM]
key = "CODE"
"""
ROWS: dict[str, list[dict[str, Any]]] = {
    "PATIENTS": [{"NUM": 1, "NOM": "Abadie", "NE": "04/09/1975"}],
    "ACTES": [
        {"NUM": 1, "PATIENT": 1, "ETAT": "F", "PRIX": "28,92", "LE": "04/09/2025", "CODE": "A", "NOTE": "x"},
        {"NUM": 2, "PATIENT": 1, "ETAT": "F", "PRIX": "douze", "LE": "", "CODE": "A", "NOTE": ""},
    ],
    "CCAM": [{"CODE": "A", "LIBELLE": "Détartrage"}],
}


def found(text: str, rows: dict[str, list[dict[str, Any]]] = ROWS) -> list[Finding]:
    mapping, faults = examine_mapping((HEAD + PATIENTS + text).encode(), "t.toml")
    columns = {name: tuple(some[0]) for name, some in rows.items()}
    check_source(GivenRows(columns, rows), mapping, faults)
    return faults.found


def test_a_mapping_that_fits_has_no_fault() -> None:
    assert found(MAPPING) == []


@pytest.mark.parametrize(
    ("right", "wrong", "place", "sentence"),
    [
        ('"PRIX"', '"PRIXX"', "fields.fee_cents", "“PRIXX” is no column of ACTES; did you mean “PRIX”?"),
        ('"=done"', '"done"', "fields.status", "the word itself is written “=done”"),
        (
            '"ccam.LIBELLE"',
            '"CCAM.LIBELLE"',
            "fields.label",
            "by the join that leads there it is “ccam.LIBELLE”",
        ),
        ('"ccam.LIBELLE"', '"cam.LIBELLE"', "fields.label", "it is “ccam.LIBELLE”"),
        ('"ccam.LIBELLE"', '"PATIENTS.NOM"', "fields.label", "fetched by a join ([tables.ACTES.joins])"),
        ('"ccam.LIBELLE"', '"ccam.LIBELE"', "fields.label", "is no column of CCAM; did you mean “LIBELLE”?"),
        (
            '"ccam.LIBELLE"',
            '"urn:une:chose"',
            "fields.label",
            "a text that stands for itself begins with “=”",
        ),
        ('column = "ETAT"', 'column = "ETA"', "records[1].when", "did you mean “ETAT”?"),
        ('owner = "PATIENT"', 'owner = "PATIENTE"', "owner", "did you mean “PATIENT”?"),
        ('key = "CODE"', 'key = "CODES"', "CCAM.key", "did you mean “CODE”?"),
        ('column = "CODE" }', 'column = "CODDE" }', "joins.ccam", "did you mean “CODE”?"),
    ],
)
def test_a_name_that_is_no_column_has_place_and_the_right_word(
    right: str, wrong: str, place: str, sentence: str
) -> None:
    assert right in MAPPING
    faults = found(MAPPING.replace(right, wrong, 1))
    assert [one.code for one in faults] == ["mapping-column-unknown"]
    line = int(faults[0].where.partition(":")[2].partition(" ")[0])
    assert place in faults[0].where and sentence in faults[0].text
    assert wrong.strip('"') in (HEAD + PATIENTS + MAPPING.replace(right, wrong, 1)).splitlines()[line - 1]


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ('"LE"', '"PRIX"', "a date is expected, and none of 2 values of PRIX is one; they look like “99,99”"),
        (
            '"PRIX"',
            '"CODE"',
            "an amount is expected, and none of 2 values of CODE is one; they look like “a”",
        ),
    ],
)
def test_a_column_of_which_no_value_fits_is_a_fault(right: str, wrong: str, sentence: str) -> None:
    (fault,) = found(MAPPING.replace(right, wrong, 1))
    assert fault.code == "mapping-column-unfit" and sentence in fault.text


def test_one_value_that_does_not_fit_is_for_the_preview() -> None:
    assert found(MAPPING.replace('performed_on = "LE"', 'quantity = "NUM"')) == []


def test_faults_of_the_mapping_and_of_its_source_come_in_one_run() -> None:
    wrong = (
        MAPPING.replace("fee_cents =", "fee_cent =")
        .replace('"LE"', '"LEE"')
        .replace("[tables.CCAM]", "[tables.CAM]")
    )
    assert {one.code for one in found(wrong)} == {
        "mapping-field-unknown", "mapping-column-unknown", "mapping-table-unknown",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"=done"', '{ column = "ETAT", codes = { F = "fait" } }'),
        ('performed_on = "LE"', 'performed_on = { column = "LE", dates = "jj/mm/aaaa" }'),
        ('kind = "acts"', 'kind = "actes"'),
    ],
)
def test_whatever_is_wrong_the_columns_are_looked_at(right: str, wrong: str) -> None:
    codes = {one.code for one in found(MAPPING.replace(right, wrong, 1).replace('"PRIX"', '"PRIXX"'))}
    assert len(codes) == 2 and "mapping-column-unknown" in codes


def test_an_owner_with_its_table_in_front_is_the_column() -> None:
    (fault,) = found(MAPPING.replace('owner = "PATIENT"', 'owner = "PATIENTS.PATIENT"'))
    assert "did you mean “PATIENT”?" in fault.text


def test_a_shape_tells_no_value() -> None:
    assert shape_of("Élodie 12/03/1975") == "aaaaaa 99/99/9999"
    assert len(shape_of("x" * 100)) == 24


def test_a_key_that_several_rows_have_is_none() -> None:
    rows = {**ROWS, "ACTES": [{**ROWS["ACTES"][0], "NUM": 1}, {**ROWS["ACTES"][1], "NUM": 1}]}
    (fault,) = found(MAPPING, rows)
    assert fault.code == "mapping-key-repeated" and "tables.ACTES.key" in fault.where
    assert "Looked at: 2 rows; with the key of another: 1." in fault.text


@pytest.mark.parametrize(("clocks", "codes"), [(("", "x"), ["mapping-clock-unused"]), (("", "930"), [])])
def test_a_clock_that_gives_no_day_its_time_is_named(clocks: tuple[str, str], codes: list[str]) -> None:
    agenda = """
[tables.AGENDA]
key = "NUM"
owner = "PATIENT"
[[tables.AGENDA.records]]
kind = "appointments"
fields = { status = "=scheduled", starts_at = { column = "LE", clock = "HEURE" } }
"""
    rows = [
        {"NUM": number, "PATIENT": 1, "LE": "04/09/2025", "HEURE": clock}
        for number, clock in enumerate(clocks)
    ]
    assert [one.code for one in found(MAPPING + agenda, {**ROWS, "AGENDA": rows})] == codes


@pytest.mark.parametrize(
    ("column", "codes"),
    [("NO", ["mapping-column-unknown"]), ("NOM", []), ("VIDE", ["mapping-practice-unnamed"])],
)
def test_the_key_of_the_practice_is_looked_for(column: str, codes: list[str]) -> None:
    text = f'[practice]\nkey = "CABINET.{column}"\n{MAPPING}[tables.CABINET]\n'
    assert [one.code for one in found(text, {**ROWS, "CABINET": [{"NOM": "750000001", "VIDE": ""}]})] == codes
