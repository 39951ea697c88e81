"""MappingFaults of a mapping: all in one run, each with its line, its key and the nearest right word."""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as drawn, strategies as st

from formats.errors import FileNotFound, LimitExceeded, in_words
from formats.model.dictionary.entries import entries_of
from formats.sources.mapped.language import parse
from formats.sources.mapped.language.faults import MappingInvalid
from formats.sources.mapped.language.parse import load_mapping, parse_mapping
from formats.sources.mapped.language.targets import KINDS, Form, targets_of
from formats.sources.mapped.language.toml_lines import key_lines
from formats.words import translate
from tests.docs.pages import ROOT
from tests.unit.sources.described import HEAD, PATIENTS, mapping

MOLAIRE = ROOT / "docs" / "mappings" / "molaire-3.toml"
ACTS = """
[tables.ACTES]
key = "NUM"
owner = "PATIENT"
[[tables.ACTES.records]]
kind = "acts"
[tables.ACTES.records.fields]
status = "=done"
"""


def faults(text: str, head: str = HEAD + PATIENTS) -> list[tuple[str, str]]:
    """Return place and code of every fault of the mapping."""
    with pytest.raises(MappingInvalid) as refusal:
        parse_mapping((head + text).encode(), "t.toml")
    return [(one.where.removeprefix("t.toml:"), one.code) for one in refusal.value.faults]


def line_of(text: str, word: str) -> int:
    return (HEAD + PATIENTS + text).splitlines().index(word) + 1


@pytest.mark.parametrize(
    ("line", "place", "code"),
    [
        ('fee_cent = "PRIX"', "fee_cent", "mapping-field-unknown"),
        ('fee_cents = { colum = "PRIX" }', "fee_cents.colum", "mapping-key-unknown"),
        ('fee_cents = { column = "PRIX", codes = { A = "1" } }', "fee_cents.codes", "mapping-key-unknown"),
        ('fee_cents = { column = "PRIX", unit = "dollar" }', "fee_cents.unit", "mapping-value-unfit"),
        ('fee_cents = "=12,50"', "fee_cents", "mapping-value-unfit"),
        ("quantity = true", "quantity", "mapping-value-unfit"),
        ('performed_on = { column = "D", dates = "dd/MM/yy" }', "performed_on.dates", "mapping-value-unfit"),
        (
            'performed_on = { column = "D", dates = "dd/dd/yyyy" }',
            "performed_on.dates",
            "mapping-value-unfit",
        ),
        ('practitioner = "PRAT"', "practitioner", "mapping-reference-unclear"),
        ('practitioner = { column = "P", table = "PRATS" }', "practitioner.table", "mapping-table-unknown"),
        ('note = ["A", "B"]', "note", "mapping-value-unfit"),
        ('label = { join = "-" }', "label", "mapping-key-missing"),
        ('code = { column = "C", codes = "nowhere" }', "code.codes", "mapping-value-unfit"),
        ("teeth = 3", "teeth", "mapping-value-unfit"),
    ],
)
def test_a_fault_of_a_value_has_line_key_and_code(line: str, place: str, code: str) -> None:
    text = ACTS + line + "\n"
    where = f"{line_of(text, line)} tables.ACTES.records[1].fields.{place}"
    assert faults(text) == [(where, code)]


def test_a_word_of_a_code_table_is_of_the_vocabulary() -> None:
    text = ACTS.replace('"=done"', '{ column = "E", codes = { F = "don" } }')
    with pytest.raises(MappingInvalid) as refusal:
        mapping(text)
    (fault,) = refusal.value.faults
    assert fault.code == "mapping-word-unknown"
    assert fault.text == "“don” is not known here; did you mean “done”?"
    assert "fields.status.codes.F" in fault.where


@pytest.mark.parametrize(
    ("line", "key", "code", "sentence"),
    [
        ('encoding = "cp1525"', "encoding", "mapping-value-unfit", "did you mean “cp1252”"),
        ('encoding = "base64"', "encoding", "mapping-value-unfit", "is not known here"),
        ('sheeet = "A"', "sheeet", "mapping-key-unknown", "did you mean “sheet”"),
        ("widths = [2]", "widths", "mapping-value-unfit", "“widths” has 1, “columns” has 0"),
        ('widths = [0]\ncolumns = ["A"]', "widths[1]", "mapping-value-unfit", "A width is from 1"),
        ('widths = ["2"]\ncolumns = ["A"]', "widths", "mapping-value-unfit", "list of whole numbers"),
        ('widths = [true]\ncolumns = ["A"]', "widths", "mapping-value-unfit", "list of whole numbers"),
        ("widths = []", "widths", "mapping-value-unfit", "no width"),
        ('widths = [9]\nrecord = 8\ncolumns = ["A"]', "record", "mapping-value-unfit", "at least, 9"),
        ("record = 8", "record", "mapping-key-missing", "needs “widths”"),
        ('widths = [9]\nnumber = "N"\ncolumns = ["A"]', "number", "mapping-key-missing", "needs “record”"),
        ('sheet = "A"\nrows = "b"', "rows", "mapping-value-unfit", "“rows” is of JSON"),
        ('rows = "b"\nencoding = "utf-8"', "encoding", "mapping-value-unfit", "it is UTF-8, or UTF-16"),
        ('element = "p"\nencoding = "cp1252"', "encoding", "mapping-value-unfit", "its first line names its"),
        (
            'sheet = "A"\nencoding = "cp1252"',
            "encoding",
            "mapping-value-unfit",
            "a workbook: it knows its own",
        ),
        ('file = "A.JSON"\nencoding = "utf-8"', "encoding", "mapping-value-unfit", "says nothing of JSON"),
        (
            'file = "a.ics"\nencoding = "cp1252"',
            "encoding",
            "mapping-value-unfit",
            "says nothing of a calendar",
        ),
        (
            'file = "a*.xlsx"\nencoding = "cp1252"',
            "encoding",
            "mapping-value-unfit",
            "says nothing of a workbook",
        ),
        ('file = "a.xml"\nsheet = "A"', "sheet", "mapping-value-unfit", "the file a.xml is XML"),
        ('file = "a.dbf"\nseparator = ";"', "separator", "mapping-value-unfit", "the file a.dbf is dBase"),
        ('element = "a"\nseparator = ";"', "separator", "mapping-value-unfit", "a table lies in one file"),
    ],
)
def test_a_fault_of_a_file_has_key_code_and_the_right_word(
    line: str, key: str, code: str, sentence: str
) -> None:
    with pytest.raises(MappingInvalid) as refusal:
        mapping(ACTS.replace('key = "NUM"', f'key = "NUM"\n{line}'))
    (fault,) = refusal.value.faults
    assert (fault.where.split()[1], fault.code) == (f"tables.ACTES.{key}", code)
    assert sentence in fault.text


def test_all_faults_of_files_come_in_one_run() -> None:
    wrong = 'widths = [2, -1]\nencoding = "utf8x"\nsheet = 3\nrecord = 1'
    found = faults(ACTS.replace('key = "NUM"', f'key = "NUM"\n{wrong}'))
    assert [where.split()[1].removeprefix("tables.ACTES.") for where, _ in found] == [
        "sheet", "widths", "widths[2]", "encoding",
    ]  # fmt: skip


def test_where_rows_lie_is_part_of_a_table() -> None:
    lines = 'widths = [2, 3]\nrecord = 9\nnumber = "N"\ncolumns = ["A", "B"]\nencoding = "mac_roman"'
    table = mapping(ACTS.replace('key = "NUM"', f'key = "NUM"\n{lines}')).tables["ACTES"]
    assert (table.layout.widths, table.layout.record, table.layout.number) == ((2, 3), 9, "N")
    assert table.layout.own_encoding and table.dialect.encoding == "mac_roman"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ACTS.replace('owner = "PATIENT"\n', ""), "mapping-key-missing"),
        (
            ACTS.replace('owner = "PATIENT"', 'owner = { table = "PATIENT", column = "P" }'),
            "mapping-table-unknown",
        ),
        (ACTS.replace('owner = "PATIENT"', 'owner = ["A", "B"]'), "mapping-value-unfit"),
        (ACTS.replace('"acts"', '"act"'), "mapping-kind-unknown"),
        (ACTS.replace('kind = "acts"\n', ""), "mapping-key-missing"),
        (ACTS.replace('status = "=done"', ""), "mapping-key-missing"),
        (ACTS.replace('kind = "acts"', 'kind = "acts"\nwhen = { column = "E" }'), "mapping-key-missing"),
        (
            ACTS.replace('kind = "acts"', 'kind = "acts"\nnone = { column = "E", values = "X" }'),
            "mapping-value-unfit",
        ),
        (PATIENTS.replace("PATIENTS", "AUTRES"), "mapping-value-unfit"),
        ('[practice]\nkey = "CABINE.SIRET"', "mapping-value-unfit"),
        ('[defaults]\ntime_zone = "Europe/Nantes"', "mapping-value-unfit"),
        ('[[tests]]\nname = "x"\nrows = { ACTES = [] }', "mapping-table-unknown"),
        ('[tabels.X]\nkey = "A"', "mapping-key-unknown"),
        ("[left_out]\nX = 3", "mapping-value-unfit"),
        ('[source]\nfiles = "../elsewhere"', "mapping-value-unfit"),
        ('[source]\nfiles = "/etc"', "mapping-value-unfit"),
    ],
)
def test_a_fault_of_a_table_is_found(text: str, code: str) -> None:
    assert [found for _, found in faults(text)] == [code]


def test_tables_that_need_each_other_are_a_fault() -> None:
    text = (
        ACTS
        + 'appointment = "RDV"\n'
        + ACTS.replace("ACTES", "RDV")
        .replace('"acts"', '"appointments"')
        .replace('"=done"', '"=planned"')
        .replace('owner = "PATIENT"', 'owner = { table = "ACTES", column = "ACTE" }')
    )
    assert [code for _, code in faults(text)] == ["mapping-circle"]


def test_all_faults_come_in_one_run() -> None:
    text = MOLAIRE.read_text(encoding="utf-8")
    for right, wrong in (
        ('"done"', '"don"'),
        ('fee_cents = "HON', 'fee_cent = "HON'),
        ('"payments"', '"paiments"'),
    ):
        assert right in text
        text = text.replace(right, wrong)
    found = faults(text, head="")
    assert {code for _, code in found} == {
        "mapping-word-unknown",
        "mapping-field-unknown",
        "mapping-kind-unknown",
    }
    for where, _ in found:
        number, _, path = where.partition(" ")
        assert path.rsplit(".", 1)[-1].split("[")[0] in text.splitlines()[int(number) - 1]


@pytest.mark.parametrize(
    ("word", "field"),
    [("Honoraires", "fee_cents"), ("dents", "teeth"), ("Date", "performed_on")],
)
def test_a_field_is_known_by_what_people_call_it(word: str, field: str) -> None:
    with pytest.raises(MappingInvalid) as refusal:
        mapping(ACTS + f'{word} = "X"')
    assert f"did you mean “{field}”?" in refusal.value.faults[0].text


@pytest.mark.parametrize("word", ["actes", "acte", "act"])
def test_the_fields_of_a_kind_that_is_mistyped_are_looked_at(word: str) -> None:
    text = ACTS.replace('"acts"', f'"{word}"') + 'fee_cent = "X"'
    assert [code for _, code in faults(text)] == ["mapping-kind-unknown", "mapping-field-unknown"]


def test_a_word_of_the_language_stays_as_it_is_in_french() -> None:
    """“acts” is in the catalogue, too, as what acts are called in French: “did you mean actes?” helps nobody."""
    with pytest.raises(MappingInvalid) as refusal:
        mapping(ACTS.replace('"acts"', '"actes"'))
    (fault,) = refusal.value.faults
    french = partial(translate, language="fr")
    assert "vouliez-vous dire « acts »" in in_words(fault.sentence, fault.facts, french)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (ACTS + ACTS[ACTS.index("[[") :], "Several records of one row have no “name”"),
        (
            '[tables.RDV]\nowner = "P"\n[[tables.RDV.records]]\nkind = "appointments"\n'
            '[tables.RDV.records.fields]\nstatus = "=other"\n' + ACTS + 'appointment = "NUMRDV"\n',
            "RDV has no “key”",
        ),
        ('[defaults]\ndates = "dd/mm/yyyy"\n', "MM (month)"),
        ('[defaults]\ndates = "jj/mm/aaaa"\n', "is made of yyyy"),
    ],
)
def test_a_fault_says_what_is_to_be_done(text: str, sentence: str) -> None:
    with pytest.raises(MappingInvalid) as refusal:
        mapping(text)
    assert any(sentence in fault.text for fault in refusal.value.faults)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('key = "NUM', "a quotation mark is not closed in its line"),
        ("[tables.PATIENTS]", "for the second time"),
        ('file = "C:\\xports"', "between single ones"),
    ],
)
def test_what_is_no_toml_is_said_in_sentences_of_the_catalogue(line: str, reason: str) -> None:
    with pytest.raises(MappingInvalid) as refusal:
        mapping(line + "\n")
    (fault,) = refusal.value.faults
    assert fault.code == "mapping-syntax" and reason in fault.text


def test_an_author_who_is_still_to_be_named_is_a_fault() -> None:
    head = (HEAD + PATIENTS).replace('"Anne Exemple"', '"?"')
    assert faults(ACTS, head=head) == [("5 mapping.author", "mapping-undecided")]


def test_another_version_of_the_language_is_refused_alone() -> None:
    found = faults(ACTS + 'fee_cent = "X"', head=(HEAD + PATIENTS).replace("language = 1", "language = 2"))
    assert found == [("2 mapping.language", "mapping-language-unknown")]


@pytest.mark.parametrize(
    "line", ['note = "?"', 'status = "?"', 'status = { column = "E", codes = { F = "?" } }']
)
def test_what_is_to_be_decided_is_a_fault(line: str) -> None:
    text = ACTS.replace('status = "=done"', line) if "status" in line else ACTS + line
    assert {code for _, code in faults(text)} == {"mapping-undecided"}


@pytest.mark.parametrize(
    ("data", "french"),
    [(b"a = [\n", "la valeur n’est pas lisible"), (b"a = 1 2\n", "fin de ligne"), (b'a = "x\n', "guillemet")],
)
def test_what_is_no_toml_is_told_in_french(data: bytes, french: str) -> None:
    with pytest.raises(MappingInvalid) as refusal:
        parse_mapping(data, "t.toml")
    (fault,) = refusal.value.faults
    text = in_words(fault.sentence, fault.facts, partial(translate, language="fr"))
    assert french in text, text


@pytest.mark.parametrize(("data", "line"), [(b"a = [\n", 2), (b"a = 1\nb == 2\n", 2), (b"x = 1\n\xff\n", 2)])
def test_what_is_no_toml_has_its_line(data: bytes, line: int) -> None:
    with pytest.raises(MappingInvalid) as refusal:
        parse_mapping(data, "t.toml")
    (fault,) = refusal.value.faults
    assert (fault.where, fault.code) == (f"t.toml:{line}", "mapping-syntax")


def test_a_mapping_is_a_file_of_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFound):
        load_mapping(tmp_path / "nowhere.toml")
    monkeypatch.setattr(parse, "MAX_MAPPING_BYTES", 20)
    with pytest.raises(LimitExceeded):
        load_mapping(MOLAIRE)


@pytest.mark.parametrize("name", KINDS)
def test_a_mapping_fills_every_field_but_those_that_follow_from_the_row(name: str) -> None:
    left = set(entries_of(KINDS[name])) - set(targets_of(KINDS[name]))
    assert left <= {"id", "patient", "practice", "earlier_traits", "linked"}
    for target in targets_of(KINDS[name]).values():
        assert (target.type is not None) == (
            target.form in {Form.CODE, Form.VALUE, Form.VALUES, Form.SURFACES}
        )


KEYS = st.text("abc_-é .\"'#=[]{}\\\n", min_size=1, max_size=5)
VALUES = st.recursive(
    st.one_of(st.integers(), st.booleans(), st.text("ab\"'#\n[]{}=,\\ ", max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


def quoted(text: str) -> str:
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        text = text.replace(plain, written)
    return f'"{text}"'


def written(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{quoted(key)} = {written(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[\n" + "".join(f"  {written(one)}, # [ {{ \" '\n" for one in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else quoted(value)


@drawn(st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=4), max_size=4))
def test_every_key_has_the_line_where_it_stands(document: dict[str, dict[str, Any]]) -> None:
    text, expected = "# first\n", {}
    for table, pairs in document.items():
        expected[table,] = text.count("\n") + 1
        text += f"[ {quoted(table)} ] # ]\n"
        for key, value in pairs.items():
            expected[table, key] = text.count("\n") + 1
            text += f"{quoted(key)} = {written(value)}\n"
    assert tomllib.loads(text) == document
    lines = key_lines(text)
    assert {path: lines[path] for path in expected} == expected


def test_lists_of_tables_are_counted() -> None:
    text = "[[a]]\nx = 1\n[[a.b]]\ny = '''\n[\n'''\n[[a]]\n[a.c]\nz.w = [1,\n 2]\n"
    lines = key_lines(text)
    assert (lines["a", 0, "x"], lines["a", 0, "b", 0, "y"], lines["a", 1]) == (2, 4, 7)
    assert (lines["a", 1, "c", "z", "w"], lines["a", 1, "c", "z", "w", 1]) == (9, 10)
