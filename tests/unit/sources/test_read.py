"""Rows of described tables: what they become, whose they are, and that every one travels word for word."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from formats.errors import FolderNotFound, in_words
from formats.findings import Finding, by_code
from formats.model.care import Act, ActStatus, Appointment, Note
from formats.model.dates import PartialDate
from formats.model.documents import Document
from formats.model.health import HealthStatement, Presence
from formats.model.identity import ContactUse
from formats.model.money import Invoice, InvoiceLine, Payment
from formats.model.mouth import PerioExam
from formats.model.people import Patient, Practice, Practitioner, RelatedPerson
from formats.reading import Tally
from formats.sources.mapped.read import MappingMisfit, PracticeKeyMissing
from formats.sources.mapped.rows import row_groups
from formats.words import translate
from tests.unit.sources.described import Given, given

ONE = {"NUM": 1, "NOM": "Abadie", "NE": "04/09/1975"}
TWO = {"NUM": 2, "NOM": "Bellec", "NE": "00/00/1931"}
ACTS = """
[tables.ACTES]
key = "NUM"
owner = "PATIENT"
[[tables.ACTES.records]]
kind = "acts"
[tables.ACTES.records.fields]
status = "=done"
fee_cents = "PRIX"
label = "LIB"
"""
PRACTITIONERS = """
practitioner = "PRAT"
[tables.PRATS]
key = "CODE"
[[tables.PRATS.records]]
kind = "practitioners"
fields = { family_name = "NOM" }
"""


def acts(*rows: dict[str, Any], more: str = "", **tables: list[dict[str, Any]]) -> Given:
    return given(ACTS + more, {"PATIENTS": [ONE, TWO], "ACTES": rows, **tables})


def test_every_row_becomes_a_record_and_travels_word_for_word() -> None:
    found = acts({"NUM": 7, "PATIENT": 1, "PRIX": "28,92", "LIB": " Détartrage ", "AUTRE": "x"})
    act, (one, two) = found.one(Act), found.records(Patient)
    assert (act.fee_cents, act.label, act.patient) == (2892, "Détartrage", one.id)
    assert (one.traits.birth_date, two.traits.birth_date) == (date(1975, 9, 4), PartialDate(1931))
    row = found.rows("ACTES")["7"]
    assert row.columns == {"NUM": 7, "PATIENT": 1, "PRIX": "28,92", "LIB": " Détartrage ", "AUTRE": "x"}
    assert (row.records, row.patient, row.system) == ((act.id,), one.id, "test")
    assert {one.table: one.rows for one in found.items if isinstance(one, Tally)} == {
        "PATIENTS": 2,
        "ACTES": 1,
    }
    assert found.codes() == []


def test_identities_stay_whatever_the_order_of_rows_and_rules() -> None:
    first = acts({"NUM": 7, "PATIENT": 1}, {"NUM": 8, "PATIENT": 1})
    again = acts({"NUM": 8, "PATIENT": 1}, {"NUM": 7, "PATIENT": 1}, more="[left_out]\nX = 'y'")
    assert {one.id for one in first.records(Act)} == {one.id for one in again.records(Act)}
    elsewhere = given(ACTS, {"PATIENTS": [ONE], "ACTES": [{"NUM": 7, "PATIENT": 1}]}, practice="other")
    assert not {one.id for one in elsewhere.records(Act)} & {one.id for one in first.records(Act)}


@pytest.mark.parametrize(
    ("owner", "code"),
    [(404, "mapped-patient-lost"), ("", "mapped-patient-unnamed"), (0, "mapped-patient-unnamed")],
)
def test_a_row_without_its_patient_stays_with_the_practice(owner: Any, code: str) -> None:
    found = acts({"NUM": 7, "PATIENT": owner})
    assert found.records(Act) == [] and found.codes() == [code, "mapped-kind-empty"]
    assert (found.rows("ACTES")["7"].patient, found.rows("ACTES")["7"].records) == (None, ())


def test_a_row_may_belong_to_the_row_of_another_table() -> None:
    notes = """
[tables.NOTES]
key = "NUM"
owner = { table = "ACTES", column = "ACTE" }
[[tables.NOTES.records]]
kind = "notes"
fields = { note = "=clinical", text = "TEXTE", act = "ACTE" }
"""
    found = acts(
        {"NUM": 7, "PATIENT": 2},
        more=notes,
        NOTES=[{"NUM": 1, "ACTE": 7, "TEXTE": "x"}, {"NUM": 2, "ACTE": 9, "TEXTE": "y"}],
    )
    note, act = found.one(Note), found.one(Act)
    assert (note.patient, note.act) == (act.patient, act.id)
    assert found.codes() == ["mapped-patient-lost"]


def test_a_reference_leads_to_its_record_or_is_said() -> None:
    found = acts(
        {"NUM": 7, "PATIENT": 1, "PRAT": "LM"}, {"NUM": 8, "PATIENT": 1, "PRAT": "ZZ"},
        {"NUM": 9, "PATIENT": 1, "PRAT": ""},
        more=PRACTITIONERS, PRATS=[{"CODE": "LM", "NOM": "Moreau"}],
    )  # fmt: skip
    who = found.one(Practitioner).id
    assert [one.practitioner for one in found.records(Act)] == [who, None, None]
    assert found.codes() == ["mapped-reference-lost"]


def test_a_reference_never_leads_into_another_dossier() -> None:
    more = """
appointment = "RDV"
[tables.RDV]
key = "NUM"
owner = "PATIENT"
[[tables.RDV.records]]
kind = "appointments"
fields = { status = "=completed", starts_at = { column = "JOUR", clock = "HEURE" } }
"""
    found = acts(
        {"NUM": 7, "PATIENT": 2, "RDV": 5}, {"NUM": 8, "PATIENT": 1, "RDV": 5}, more=more,
        RDV=[{"NUM": 5, "PATIENT": 1, "JOUR": "04/09/2025", "HEURE": "9:30"}],
    )  # fmt: skip
    assert [one.appointment for one in found.records(Act)] == [None, found.one(Appointment).id]
    assert found.one(Appointment).starts_at == datetime(2025, 9, 4, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
    assert found.codes() == ["mapped-reference-lost"]


INVOICES = """
[tables.FACT]
key = "NUM"
owner = "PATIENT"
[[tables.FACT.records]]
kind = "invoices"
[tables.FACT.records.fields]
number = "NUM"
lines = { children = "LIGNES", column = "FACT", fields = { label = "LIB", fee_cents = "PRIX" } }
[tables.LIGNES]
key = "NUM"
"""


def test_children_come_with_their_parent_whatever_the_order() -> None:
    lines = [
        {"NUM": n, "FACT": fact, "LIB": f"L{n}", "PRIX": f"{n},00"}
        for n, fact in ((1, 10), (2, 9), (3, 10), (4, 100))
    ]
    facts = [{"NUM": n, "PATIENT": 1} for n in (9, 100, 10)]
    found = given(INVOICES, {"PATIENTS": [ONE], "FACT": facts, "LIGNES": lines})
    invoices = {one.number: one for one in found.records(Invoice)}
    assert {number: [line.label for line in one.lines] for number, one in invoices.items()} == {
        "9": ["L2"], "10": ["L1", "L3"], "100": ["L4"],
    }  # fmt: skip
    assert found.rows("LIGNES")["3"].records == (invoices["10"].id,)
    assert found.rows("LIGNES")["3"].patient == found.one(Patient).id
    assert found.codes() == []


def test_a_child_without_parent_and_an_amount_that_is_none_are_said() -> None:
    lines = [{"NUM": 1, "FACT": 9, "PRIX": "douze"}, {"NUM": 2, "FACT": 8, "PRIX": "1"}]
    found = given(INVOICES, {"PATIENTS": [ONE], "FACT": [{"NUM": 9, "PATIENT": 1}], "LIGNES": lines})
    assert found.codes() == ["mapped-value-unreadable", "mapped-patient-lost"]
    assert found.rows("LIGNES")["1"].unread == {"PRIX": "amount-unread"}
    assert found.rows("LIGNES")["2"].unread == {}


def test_measures_of_a_periodontal_examination_are_children() -> None:
    text = """
[tables.BILAN]
key = "NUM"
owner = "PATIENT"
[[tables.BILAN.records]]
kind = "perio_exams"
[tables.BILAN.records.fields.measures]
children = "MESURES"
column = "BILAN"
[tables.BILAN.records.fields.measures.fields]
tooth = "DENT"
measure = "=probing"
site = { column = "SITE", codes = { MV = "MB", V = "B" } }
value = "MM"
[tables.MESURES]
key = ["BILAN", "DENT", "SITE"]
"""
    measures = [
        {"BILAN": 1, "DENT": "16", "SITE": "MV", "MM": 4},
        {"BILAN": 1, "DENT": "16", "SITE": "?", "MM": 2},
    ]
    found = given(text, {"PATIENTS": [ONE], "BILAN": [{"NUM": 1, "PATIENT": 1}], "MESURES": measures})
    (measure,) = found.one(PerioExam).measures
    assert (measure.tooth, measure.site, measure.value) == ("16", "MB", 4)
    assert found.codes() == ["mapped-value-unreadable"]
    assert set(found.rows("MESURES")) == {"1/16/MV", "1/16/?"}


def test_a_join_fetches_what_a_code_means() -> None:
    more = "[tables.ACTES.joins]\nccam = { table = 'CCAM', column = 'CODE' }\n[tables.CCAM]\nkey = 'CODE'\n"
    text = ACTS.replace('"LIB"', '"ccam.LIB"') + more
    rows = [
        {"NUM": 1, "PATIENT": 1, "CODE": "A"},
        {"NUM": 2, "PATIENT": 1, "CODE": "B"},
        {"NUM": 3, "PATIENT": 1, "CODE": None},
    ]
    found = given(text, {"PATIENTS": [ONE], "ACTES": rows, "CCAM": [{"CODE": "A", "LIB": "Détartrage"}]})
    assert [one.label for one in found.records(Act)] == ["Détartrage", "", ""]
    assert found.rows("CCAM")["A"].patient is None


HEALTH = """
[[tables.PATIENTS.records]]
kind = "health_statements"
name = "allergies"
when = { column = "ALLERGIES", filled = true }
none = { column = "ALLERGIES", values = ["NEANT"] }
fields = { topic = "=allergy", status = "=active", label = "ALLERGIES" }
[defaults]
empty = ["NR"]
"""


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Latex", (Presence.PRESENT, "Latex")),
        ("neant", (Presence.NONE, "")),
        ("NR", None),
        ("", None),
        (None, None),
    ],
)
def test_none_is_not_an_empty_cell(cell: Any, expected: Any) -> None:
    found = given(HEALTH, {"PATIENTS": [{**ONE, "ALLERGIES": cell}]})
    statements = [(one.presence, one.label) for one in found.records(HealthStatement)]
    assert statements == ([expected] if expected else [])
    assert len(found.rows("PATIENTS")["1"].records) == 1 + len(statements)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, []),
        ({"ALLERGIES": "", "DEBUT": None}, []),
        ({"ALLERGIES": "Latex"}, [(Presence.PRESENT, "Latex")]),
        ({"DEBUT": "2020-01-02"}, [(Presence.PRESENT, "")]),
        ({"DEBUT": "one day"}, []),
        ({"ALLERGIES": "NEANT"}, [(Presence.NONE, "")]),
    ],
    ids=["no cell", "empty", "a label", "a date alone", "a date nobody can read", "none"],
)
def test_a_statement_that_states_nothing_is_none_without_a_condition(
    cells: dict[str, Any], expected: list[tuple[Presence, str]]
) -> None:
    """Constants, and whom the row refers to, are not what it tells."""
    text = HEALTH.replace('when = { column = "ALLERGIES", filled = true }\n', "").replace(
        'label = "ALLERGIES"', 'label = "ALLERGIES", start = "DEBUT"'
    )
    row = {**ONE, "ALLERGIES": None, "DEBUT": None, **cells}
    found = given(text, {"PATIENTS": [row]}).records(HealthStatement)
    assert [(one.presence, one.label) for one in found] == expected


def test_a_payer_is_another_patient() -> None:
    text = """
[[tables.PATIENTS.records]]
kind = "related_persons"
name = "payer"
when = { column = "PAYEUR", filled = true }
fields = { relation = "=payer", other_patient = "PAYEUR", family_name = "p.NOM" }
[tables.PATIENTS.joins]
p = { table = "PATIENTS", column = "PAYEUR" }
"""
    found = given(text, {"PATIENTS": [ONE, {**TWO, "PAYEUR": 1}]})
    one, two = found.records(Patient)
    person = found.one(RelatedPerson)
    assert (person.patient, person.other_patient, person.family_name) == (two.id, one.id, "Abadie")


def test_a_payer_may_come_later_in_the_table() -> None:
    text = """
[tables.PAY]
key = "NUM"
owner = "PATIENT"
[[tables.PAY.records]]
kind = "payments"
fields = { amount_cents = "EUROS", payer_patient = "PAYEUR" }
"""
    found = given(text, {"PATIENTS": [ONE, TWO], "PAY": [{"NUM": 1, "PATIENT": 1, "EUROS": 3, "PAYEUR": 2}]})
    assert found.one(Payment).payer_patient == found.records(Patient)[1].id


@pytest.mark.parametrize(
    ("when", "keys"),
    [
        ('{ column = "ETAT", is = ["F", "X"] }', {"1", "2"}),
        ('{ column = "ETAT", is_not = "X" }', {"1", "3"}),
        ('{ column = "ETAT", filled = false }', {"3"}),
        ('[{ column = "ETAT", filled = true }, { column = "ETAT", is_not = "F" }]', {"2"}),
    ],
)
def test_conditions_choose_rows(when: str, keys: set[str]) -> None:
    text = ACTS.replace('kind = "acts"', f'kind = "acts"\nwhen = {when}')
    rows = [{"NUM": n, "PATIENT": 1, "ETAT": state} for n, state in ((1, "F"), (2, "X"), (3, ""))]
    found = given(text, {"PATIENTS": [ONE], "ACTES": rows})
    assert {key for key, row in found.rows("ACTES").items() if row.records} == keys


def test_a_record_that_lacks_what_it_needs_is_not_made() -> None:
    text = ACTS.replace('"=done"', '{ column = "ETAT", codes = { F = "done" } }')
    rows = [
        {"NUM": 1, "PATIENT": 1, "ETAT": "F"},
        {"NUM": 2, "PATIENT": 1, "ETAT": "?"},
        {"NUM": 3, "PATIENT": 1, "ETAT": ""},
    ]
    found = given(text, {"PATIENTS": [ONE], "ACTES": rows})
    assert found.one(Act).status is ActStatus.DONE
    assert found.codes() == ["mapped-value-unreadable", "mapped-record-lacking", "mapped-record-lacking"]
    assert len(found.rows("ACTES")) == 3


def test_two_rows_of_one_key_are_both_kept() -> None:
    found = acts(
        {"NUM": 7, "PATIENT": 1, "LIB": "a"}, {"NUM": 7, "PATIENT": 1, "LIB": "b"}, {"NUM": "", "PATIENT": 1}
    )
    assert len(found.records(Act)) == len({one.id for one in found.records(Act)}) == 3
    assert found.codes() == ["mapped-key-twice", "mapped-key-empty"]
    assert {"7", "7#2"} < set(found.rows("ACTES"))


def test_a_table_without_key_knows_its_rows_by_content() -> None:
    text = ACTS.replace('key = "NUM"\n', "")
    rows = [{"PATIENT": 1, "LIB": "a"}, {"PATIENT": 1, "LIB": "b"}, {"PATIENT": 1, "LIB": "a"}]
    first = given(text, {"PATIENTS": [ONE], "ACTES": rows})
    again = given(text, {"PATIENTS": [ONE], "ACTES": [rows[1], *rows]})
    assert len(first.rows("ACTES")) == 3 and first.codes() == []
    assert set(first.rows("ACTES")) < set(again.rows("ACTES"))


def test_every_row_is_named_by_a_finding_of_its_own() -> None:
    rows = [{"NUM": n, "PATIENT": 1, "PRIX": "x"} for n in range(50)]
    found = [one for one in acts(*rows).items if isinstance(one, Finding)]
    assert {one.code for one in found} == {"mapped-value-unreadable"}
    assert sorted(one.where for one in found) == sorted(f"ACTES/{n}" for n in range(50))


def test_findings_of_one_code_are_told_apart_by_table() -> None:
    """A payment that could not be read was one of forty rows “like” patients without a remark."""
    text = ACTS + ACTS.replace("ACTES", "SOINS")
    rows = [{"NUM": n, "PATIENT": 1, "PRIX": "x"} for n in range(3)]
    found = given(text, {"PATIENTS": [ONE], "ACTES": rows, "SOINS": rows[:1]}, complete=False)
    unreadable = "mapped-value-unreadable"
    groups = by_code(one for one in found.items if isinstance(one, Finding) and one.code == unreadable)
    assert [(one.where, count) for one, count in groups] == [("ACTES/0", 3), ("SOINS/0", 1)]


def test_tables_that_are_not_described_travel(tmp_path: Path) -> None:
    text = '[source]\npatient_columns = ["PATIENT"]\n[left_out]\nECRANS = "nothing of a patient"\n'
    found = given(
        text,
        {
            "PATIENTS": [ONE],
            "SMS": [{"PATIENT": 1, "TEXTE": "x"}, {"PATIENT": 9, "TEXTE": "y"}],
            "USERS": [{"LOGIN": "a", "MOT_DE_PASSE": "secret"}],
            "ECRANS": [{"X": 1}],
            "VIDE": [],
        },
    )
    assert [row.patient for row in found.rows("SMS").values()] == [found.one(Patient).id, None]
    (user,) = found.rows("USERS").values()
    assert user.columns == {"LOGIN": "a"}
    assert found.rows("ECRANS") == {}
    undescribed = "mapped-table-undescribed"
    assert found.codes() == [undescribed, undescribed, "mapped-credentials-withheld", "mapped-table-left"]


def test_a_value_is_repeated_as_the_cell_has_it_in_french_too() -> None:
    """“acts” is also a sentence of the catalogue, and “actes” is not what the cell holds."""
    (found,) = [
        one for one in acts({"NUM": 1, "PATIENT": 1, "PRIX": "acts"}).items if isinstance(one, Finding)
    ]
    french = in_words(found.sentence, found.facts, partial(translate, language="fr"))
    assert french.startswith("PRIX contient « acts », qui n’est pas un montant")


def test_a_column_named_like_a_password_stays_behind_where_the_table_is_described() -> None:
    """Naming a table, which is how an owner or a key is said, is no wish to have its passwords."""
    rows = {"PATIENTS": [ONE], "USERS": [{"LOGIN": "a", "NOM": "b", "MDP": "c2VjcmV0"}]}
    found = given('[tables.USERS]\nkey = "LOGIN"\n', rows, complete=False)
    (user,) = found.rows("USERS").values()
    assert user.columns == {"LOGIN": "a", "NOM": "b"}
    assert "mapped-credentials-withheld" in found.codes()


def test_what_the_source_does_not_say_is_not_said() -> None:
    """An empty share of an insurer is no share of nothing, and a telephone is nobody's home by itself."""
    text = """
[tables.FACTURES]
key = "NUM"
owner = "PATIENT"
[[tables.FACTURES.records]]
kind = "invoices"
fields = { status = "=sent", total_cents = "TOTAL", insurer_cents = "AMO", lines = [{ label = "LIB" }] }
[tables.TEL]
key = "NUM"
owner = "PATIENT"
[[tables.TEL.records]]
kind = "related_persons"
fields = { relation = "=other", family_name = "NOM", contacts = [{ kind = "=phone", value = "TEL" }] }
"""
    rows = {
        "PATIENTS": [ONE],
        "FACTURES": [
            {"NUM": 1, "PATIENT": 1, "TOTAL": "30,00", "AMO": "", "LIB": "x"},
            {"NUM": 2, "PATIENT": 1, "TOTAL": "30,00", "AMO": "0", "LIB": "x"},
        ],
        "TEL": [{"NUM": 1, "PATIENT": 1, "NOM": "Bellec", "TEL": "02 61 91 00 02"}],
    }
    found = given(text, rows)
    first, second = found.records(Invoice)
    assert (first.insurer_cents, second.insurer_cents) == (None, 0)
    assert first.lines == (InvoiceLine(label="x"),) and first.lines[0].insurer_cents is None
    (contact,) = found.one(RelatedPerson).contacts
    assert contact.use is ContactUse.UNKNOWN


def test_a_key_made_of_the_content_says_nothing_of_a_password() -> None:
    """Whoever has the row and its key could try passwords until one gave the key."""
    made = [
        given("[tables.USERS]\n", {"PATIENTS": [ONE], "USERS": [{"LOGIN": "a", "MDP": word}]}, complete=False)
        for word in ("first", "second")
    ]
    one, other = (set(found.rows("USERS")) for found in made)
    assert one == other


def test_a_column_named_like_a_password_is_read_where_a_rule_asks_for_it() -> None:
    text = """
[tables.PASSAGES]
key = "NUM"
owner = "PATIENT"
[[tables.PASSAGES.records]]
kind = "notes"
[tables.PASSAGES.records.fields]
note = "=administrative"
text = "TOKEN"
"""
    rows = {
        "PATIENTS": [ONE],
        "PASSAGES": [{"NUM": 1, "PATIENT": 1, "TOKEN": "rappeler", "SECRETAIRE": "Anne"}],
    }
    found = given(text, rows, complete=False)
    assert found.one(Note).text == "rappeler" and found.codes() == []
    (row,) = found.rows("PASSAGES").values()
    assert (row.columns["TOKEN"], row.columns["SECRETAIRE"]) == ("rappeler", "Anne")


def test_columns_are_found_without_regard_to_case_and_accents() -> None:
    found = given("", {"PATIENTS": [{"Num": 1, "nom": "Abadie", "Né": "04/09/1975"}]}, complete=False)
    assert found.one(Patient).traits.birth_date == date(1975, 9, 4)


def test_columns_and_tables_that_are_not_there_are_said() -> None:
    found = given(ACTS, {"PATIENTS": [{"NUM": 1, "NOMS": "Abadie", "NE": ""}]}, complete=False)
    assert found.codes() == ["mapped-column-missing", "mapped-table-missing", "mapped-kind-empty"]
    assert "it has NOMS" in next(one.text for one in found.items if isinstance(one, Finding))


def test_a_source_of_another_software_is_refused() -> None:
    with pytest.raises(MappingMisfit, match="PATIENTS"):
        given("", {"CLIENTS": [ONE]})
    with pytest.raises(MappingMisfit, match=r"PATIENTS\.NUM"):
        given("", {"PATIENTS": [{"ID": 1}]}, complete=False)


def test_the_practice_is_told_by_the_source_or_by_a_person() -> None:
    text = """
[practice]
key = "CAB.SIRET"
[tables.CAB]
key = "N"
[[tables.CAB.records]]
kind = "practices"
fields = { name = "NOM" }
"""
    rows = {"PATIENTS": [ONE], "CAB": [{"N": 1, "SIRET": "999 000", "NOM": "Cabinet"}]}
    found = given(text, rows, practice="")
    assert isinstance(found.items[0], Practice) and found.one(Practice).name == "Cabinet"
    assert found.one(Patient).practice == found.one(Practice).id
    assert found.one(Practice).id == given(text, rows, practice="999000").one(Practice).id
    with pytest.raises(PracticeKeyMissing):
        given("", {"PATIENTS": [ONE]}, practice="")
    assert given("", {"PATIENTS": [ONE]}).one(Practice).name == "test"


DOCUMENTS = """
[tables.DOCS]
key = "NUM"
owner = "PATIENT"
[[tables.DOCS.records]]
kind = "documents"
fields = { title = "T", attachment = { column = "F", folder = "LIENS" } }
"""


def documents(files: Path | None, *names: str) -> Given:
    rows = [{"NUM": n, "PATIENT": 1, "T": name, "F": name} for n, name in enumerate(names)]
    return given(DOCUMENTS, {"PATIENTS": [ONE], "DOCS": rows}, files=files)


def test_files_come_from_their_folder(tmp_path: Path) -> None:
    (tmp_path / "liens" / "1").mkdir(parents=True)
    (tmp_path / "liens" / "1" / "Lettre.txt").write_text("Bonjour", encoding="utf-8")
    (tmp_path / "liens" / "oubli.txt").write_text("x", encoding="utf-8")
    found = documents(tmp_path, "1\\LETTRE.TXT", "1/absent.txt", "../../etc/passwd", "")
    (body,) = found.bodies()
    assert body.attachment.sha256 == hashlib.sha256(b"Bonjour").hexdigest()
    assert [bool(one.attachment) for one in found.records(Document)] == [True, False, False, False]
    assert found.codes() == ["mapped-file-missing", "mapped-file-refused", "mapped-files-unlisted"]
    assert [row.unread for row in found.rows("DOCS").values()] == [
        {}, {"F": "file-missing"}, {"F": "file-refused"}, {},
    ]  # fmt: skip


def test_without_a_folder_no_file_is_looked_for() -> None:
    found = documents(None, "a.txt", "b.txt")
    assert found.bodies() == [] and found.codes() == ["mapped-no-files"]
    assert found.rows("DOCS")["0"].unread == {"F": "file-not-sought"}
    with pytest.raises(FolderNotFound):
        documents(Path("nowhere"), "a.txt")


def test_a_file_may_lie_in_a_column() -> None:
    text = DOCUMENTS.replace('{ column = "F", folder = "LIENS" }', '{ content = "BLOB" }')
    found = given(
        text, {"PATIENTS": [ONE], "DOCS": [{"NUM": 1, "PATIENT": 1, "T": "x", "BLOB": b"%PDF-1.4\n"}]}
    )
    (body,) = found.bodies()
    assert body.attachment.media_type == "application/pdf"
    with body.open() as stream:
        assert stream.read() == b"%PDF-1.4\n"
    assert found.rows("DOCS")["1"].columns["BLOB"] == "base64:JVBERi0xLjQK"


def test_a_table_that_is_looked_up_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_groups, "MAX_LOOKUP_ROWS", 1)
    more = "[tables.ACTES.joins]\nccam = { table = 'CCAM', column = 'CODE' }\n[tables.CCAM]\nkey = 'CODE'\n"
    text = ACTS.replace('"LIB"', '"ccam.LIB"') + more
    rows = {
        "PATIENTS": [ONE],
        "ACTES": [{"NUM": 1, "PATIENT": 1, "CODE": "A"}],
        "CCAM": [{"CODE": "A"}, {"CODE": "B"}],
    }
    with pytest.raises(row_groups.LimitExceeded):
        given(text, rows)
