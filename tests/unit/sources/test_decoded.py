"""Decoders in a mapping: records and values of each part, faults with their line; and keys that came with OpenMolar."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from formats.model.care import Act, Appointment
from formats.model.documents import Document
from formats.model.health import HealthStatement
from formats.model.money import Invoice
from formats.model.mouth import ChartFinding, PerioExam, Surface
from formats.model.people import Practice, Practitioner
from formats.sources.mapped.language.faults import MappingInvalid
from tests.openmolar import CHART as MEASURED
from tests.unit.sources.described import Given, given, mapping

ONE = {"NUM": 1, "NOM": "Abadie", "NE": "04/09/1975"}
TWO = {"NUM": 2, "NOM": "Bellec", "NE": "00/00/1931"}
CHARTS = """
[tables.BOUCHES]
key = "P"
owner = "P"
[tables.BOUCHES.decoded.chart]
decoder = "openmolar-chart"
version = 1
columns = ["dent1", "ul5", "ur6"]
[[tables.BOUCHES.records]]
kind = "acts"
name = "work"
each = "chart"
when = { column = "chart.group", is = "work" }
[tables.BOUCHES.records.fields]
status = "=existing"
code = "chart.code"
teeth = "chart.tooth"
surfaces = "chart.surfaces"
note = "NOTE"
[[tables.BOUCHES.records]]
kind = "chart_findings"
name = "state"
each = "chart"
when = { column = "chart.group", is_not = ["work"] }
[tables.BOUCHES.records.fields]
finding = { column = "chart.item", codes = { primary = "primary" }, otherwise = "other" }
tooth = "chart.tooth"
"""


def charts(*rows: dict[str, Any], more: str = "") -> Given:
    return given(CHARTS + more, {"PATIENTS": [ONE, TWO], "BOUCHES": rows})


def test_a_row_becomes_a_record_for_each_part() -> None:
    found = charts({"P": 2, "dent1": 16, "ul5": "O,GL ", "ur6": "MOD RT ", "NOTE": "x"})
    assert [(one.teeth, one.surfaces, one.code, one.note) for one in found.records(Act)] == [
        (("65",), (Surface.OCCLUSAL,), "O,GL", "x"),
        (("16",), (Surface.MESIAL, Surface.OCCLUSAL, Surface.DISTAL), "MOD", "x"),
        (("16",), (), "RT", "x"),
    ]
    assert [(one.finding, one.tooth) for one in found.records(ChartFinding)] == [
        ("primary", "65"),
        ("other", "25"),
    ]
    ids = [one.id for one in (*found.records(Act), *found.records(ChartFinding))]
    row = found.rows("BOUCHES")["2"]
    assert sorted(row.records) == sorted(ids) and len(set(ids)) == 5
    assert row.columns == {"P": 2, "dent1": 16, "ul5": "O,GL ", "ur6": "MOD RT ", "NOTE": "x"}
    assert {one.patient for one in found.records(Act)} == {row.patient} and found.codes() == []


def test_a_part_keeps_its_identity_when_another_goes() -> None:
    before, after = charts({"P": 1, "ur6": "MOD RT "}), charts({"P": 1, "ur6": "RT "})
    assert {one.id for one in after.records(Act)} < {one.id for one in before.records(Act)}


def test_what_a_decoder_does_not_understand_is_said_and_travels() -> None:
    found = charts({"P": 1, "dent1": "x", "ul5": "ZZ9 MOD "})
    assert found.codes() == ["mapped-value-unreadable"] * 2
    assert [one.code for one in found.records(Act)] == ["MOD"]
    assert found.rows("BOUCHES")["1"].columns["ul5"] == "ZZ9 MOD "


def test_a_row_without_its_patient_makes_no_parts() -> None:
    found = charts({"P": 9, "ur6": "MOD "})
    assert found.records(Act) == [] and found.codes()[0] == "mapped-patient-lost"
    assert set(found.codes()[1:]) == {"mapped-kind-empty"}


def test_a_row_in_which_nothing_was_found_is_none_that_a_condition_refused() -> None:
    found = charts({"P": 1, "ur6": ""}, {"P": 2, "ur6": "RT "})
    assert "mapped-rows-unselected" not in found.codes() and len(found.records(Act)) == 1


def test_a_list_takes_a_value_for_each_part() -> None:
    text = """
[tables.SONDAGES]
key = "N"
owner = "P"
[tables.SONDAGES.decoded.chart]
decoder = "openmolar-perio"
version = 1
columns = ["chartdata"]
[[tables.SONDAGES.records]]
kind = "perio_exams"
[tables.SONDAGES.records.fields]
examined_on = "JOUR"
[tables.SONDAGES.records.fields.measures]
each = "chart"
fields = { tooth = "chart.tooth", measure = "chart.measure", site = "chart.site", value = "chart.value" }
"""
    rows = [
        {"N": 1, "P": 1, "JOUR": "04/03/2013", "chartdata": MEASURED},
        {"N": 2, "P": 2, "chartdata": b"short"},
    ]
    found = given(text, {"PATIENTS": [ONE, TWO], "SONDAGES": rows})
    exam, empty = found.records(PerioExam)
    assert len(exam.measures) == 7 and exam.examined_on == date(2013, 3, 4)
    assert (exam.measures[1].tooth, exam.measures[1].value) == ("18", 5)
    assert empty.measures == () and found.codes() == ["mapped-value-unreadable"]
    assert found.rows("SONDAGES")["2"].columns["chartdata"] == "base64:c2hvcnQ="


WORK = 'each = "chart"\nwhen = { column = "chart.group", is = '
DECODED = "[tables.BOUCHES.decoded.chart]"
JOINED = f'[tables.BOUCHES.joins]\nchart = {{ table = "PATIENTS", column = "P" }}\n{DECODED}'
MANY = "“chart” has many parts in a row: write each = “chart” where one of them is meant."


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ('"openmolar-chart"', '"openmolar-chat"', "did you mean “openmolar-chart”?"),
        ("version = 1", "version = 2", "This program has version 1 of the decoder openmolar-chart."),
        ("version = 1\n", "", "The key “version” is missing"),
        ('"ul5"', '"ul9"', "“ul9” is no column that the decoder openmolar-chart knows: ur8 … lr8"),
        (WORK, WORK.replace('"chart"', '"chat"'), "did you mean “chart”?"),
        (WORK, WORK.removeprefix('each = "chart"\n'), MANY),
        ('"chart.surfaces"', '"chart.surface"', "did you mean “surfaces”?"),
        (DECODED, JOINED, "A join of this table has the name “chart” already."),
    ],
)
def test_a_fault_has_its_line_and_the_nearest_word(right: str, wrong: str, sentence: str) -> None:
    assert CHARTS.count(right) == 1
    with pytest.raises(MappingInvalid) as refused:
        mapping(CHARTS.replace(right, wrong))
    sentences = [f"{one.where}: {one.text}" for one in refused.value.faults]
    assert any(sentence in one for one in sentences), sentences
    assert all("test.toml:" in one for one in sentences)


def test_a_list_of_parts_names_a_decoder_of_its_table() -> None:
    measures = (
        'measures = { each = "perio", fields = { tooth = "chart.tooth", measure = "=probing", site = "=B" } }'
    )
    text = CHARTS.partition('kind = "chart_findings"')[0]
    text += f'kind = "perio_exams"\nname = "exam"\n[tables.BOUCHES.records.fields]\n{measures}'
    with pytest.raises(MappingInvalid) as refused:
        mapping(text)
    assert any("“perio” is not known here; known are: chart" in one.text for one in refused.value.faults)


# -- keys that came with OpenMolar -----------------------------------------------------------------

MONEY = """
[tables.JOURNAL]
key = "N"
owner = { table = "PATIENTS", column = "REF", padded = "0" }
[[tables.JOURNAL.records]]
kind = "invoices"
fields = { status = "=sent", total_cents = "TOTAL", insurer_cents = { column = "TOTAL", less = ["PATIENT", "REMISE"] } }
"""


def test_what_a_key_is_padded_with_is_no_part_of_it_and_amounts_are_taken_away() -> None:
    rows = [
        {"N": 1, "REF": "000002", "TOTAL": "100,00", "PATIENT": "70,50", "REMISE": ""},
        {"N": 2, "REF": "1", "TOTAL": "10,00", "PATIENT": "douze", "REMISE": "1"},
        {"N": 3, "REF": "000000", "TOTAL": "1"},
    ]
    found = given(MONEY, {"PATIENTS": [ONE, TWO], "JOURNAL": rows})
    first, second = found.records(Invoice)
    assert [one.insurer_cents for one in (first, second)] == [2950, None]
    assert found.rows("JOURNAL")["1"].patient == first.patient != second.patient
    assert sorted(found.codes()) == ["mapped-patient-unnamed", "mapped-value-unreadable"]


@pytest.mark.parametrize(
    ("start", "end", "minutes", "codes"),
    [
        (930, 1015, 45, []), ("9h30", "10:15", 45, []), (2330, 15, None, ["mapped-value-unreadable"]),
        ("2330", "0015", 45, []), (930, "", None, []), (930, 2575, None, ["mapped-value-unreadable"]),
    ],
)  # fmt: skip
def test_minutes_lie_between_two_times_of_day(
    start: Any, end: Any, minutes: int | None, codes: list[str]
) -> None:
    text = """
[tables.RDV]
key = "N"
owner = "P"
[[tables.RDV.records]]
kind = "appointments"
[tables.RDV.records.fields]
status = "=scheduled"
starts_at = { column = "JOUR", clock = "DE" }
minutes = { column = "A", since = "DE" }
"""
    row = {"N": 1, "P": 1, "JOUR": "04/09/2025", "DE": start, "A": end}
    found = given(text, {"PATIENTS": [ONE], "RDV": [row]})
    assert found.one(Appointment).minutes == minutes
    assert found.codes() == codes


PIECES = """
[tables.DOCS]
key = "N"
owner = "P"
[[tables.DOCS.records]]
kind = "documents"
fields = { title = "NOM", attachment = { children = "MORCEAUX", column = "DOC", content = "OCTETS" } }
[tables.MORCEAUX]
key = "N"
"""


def test_a_file_is_put_together_of_its_pieces_in_the_order_of_their_keys() -> None:
    pieces = [{"N": n, "DOC": 7, "OCTETS": part} for n, part in ((10, b"c"), (9, b"b"), (8, b"%PDF-1.4 a"))]
    docs = [{"N": 7, "P": 1, "NOM": "x"}, {"N": 8, "P": 1, "NOM": "none"}]
    found = given(PIECES, {"PATIENTS": [ONE], "DOCS": docs, "MORCEAUX": pieces})
    whole, none = found.records(Document)
    (body,) = found.bodies()
    with body.open() as stream:
        assert stream.read() == b"%PDF-1.4 abc"
    assert whole.attachment == body.attachment and whole.attachment.media_type == "application/pdf"
    assert none.attachment is None and found.codes() == []
    assert found.rows("MORCEAUX")["9"].records == (whole.id,)


def test_a_file_of_which_a_piece_lacks_is_not_put_together() -> None:
    pieces = [{"N": 1, "DOC": 7, "OCTETS": b"a"}, {"N": 2, "DOC": 7, "OCTETS": None}]
    found = given(PIECES, {"PATIENTS": [ONE], "DOCS": [{"N": 7, "P": 1, "NOM": "x"}], "MORCEAUX": pieces})
    assert found.one(Document).attachment is None and found.bodies() == []
    assert found.codes() == ["mapped-file-in-pieces"]


def test_a_practice_of_no_table_has_the_currency_that_the_mapping_says() -> None:
    assert given("", {"PATIENTS": [ONE]}).one(Practice).currency == "EUR"
    assert given('[practice]\ncurrency = "GBP"', {"PATIENTS": [ONE]}).one(Practice).currency == "GBP"


def test_rows_of_the_practice_may_have_rows_of_their_own() -> None:
    text = """
[tables.PRATS]
key = "N"
[[tables.PRATS.records]]
kind = "practitioners"
[tables.PRATS.records.fields]
family_name = "NOM"
engagements = { children = "DATES", column = "PRAT", fields = { role = "=owner", start = "DE" } }
[tables.DATES]
key = "N"
"""
    rows = {
        "PATIENTS": [ONE],
        "PRATS": [{"N": 1, "NOM": "Moreau"}],
        "DATES": [{"N": 1, "PRAT": 1, "DE": "04/01/2010"}],
    }
    found = given(text, rows)
    assert [one.start for one in found.one(Practitioner).engagements] == [date(2010, 1, 4)]
    assert found.codes() == [] and found.rows("DATES")["1"].patient is None


def test_when_a_history_was_gone_through_is_no_statement_on_anybodys_health() -> None:
    text = """
[tables.ANAMNESES]
key = "N"
owner = "P"
[[tables.ANAMNESES.records]]
kind = "health_statements"
fields = { topic = "=allergy", label = "ALLERGIE", recorded_at = "VU" }
"""
    rows = [
        {"N": 1, "P": 1, "ALLERGIE": "", "VU": "04/03/2013"},
        {"N": 2, "P": 1, "ALLERGIE": "Latex", "VU": "04/03/2013"},
    ]
    found = given(text, {"PATIENTS": [ONE], "ANAMNESES": rows})
    assert [one.label for one in found.records(HealthStatement)] == ["Latex"]
