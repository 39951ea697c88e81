"""Source rows, tables and sums: what is written is read back, and what breaks the rules is refused."""

from __future__ import annotations

import csv
import io
import math

import pytest

from formats.errors import LimitExceeded, TableUnreadable
from formats.model.provenance import SourceRow
from formats.pdlgc import layout, source_rows
from formats.pdlgc.columns import LISTS, columns_of
from formats.pdlgc.practice.lists import (
    MissingRow,
    RetentionRow,
    SignatureRow,
    TermRow,
    read_roster_signatures,
)
from formats.pdlgc.source_rows import read_source_rows, write_source_rows
from formats.pdlgc.sums import read_sums, write_sums
from formats.pdlgc.tables import read_rows, write_table
from formats.words import catalogue

ROW = SourceRow(
    id="11111111-1111-5111-8111-111111111111",
    patient="22222222-2222-5222-8222-222222222222",
    system="opendental",
    table="procedurelog",
    key="7",
    columns={
        "Note": "é\u2028\n\x00",
        "Fee": 12.5,
        "Whole": 1.0,
        "Count": 1,
        "Yes": True,
        "Nothing": None,
        "": "",
    },
    records=("33333333-3333-5333-8333-333333333333",),
)


def lines(*rows: SourceRow) -> bytes:
    return b"".join(write_source_rows(rows))


def test_source_rows_come_back_word_for_word() -> None:
    practice_row = SourceRow(id="x", system="s", table="t", key="k", columns={})
    read = list(read_source_rows(io.BytesIO(lines(ROW, practice_row))))
    assert read == [ROW, practice_row]
    assert repr(read) == repr([ROW, practice_row]), "1 is not 1.0, and the order of the columns is kept"


def test_source_rows_are_one_line_each() -> None:
    data = lines(ROW, ROW)
    assert data.count(b"\n") == 2
    assert "é".encode() in data


@pytest.mark.parametrize(
    "value", [math.inf, -math.inf, math.nan, -0.0, 1e308, "\ud800", "\ud83d\ude00", 10**40, "base64:AAE="]
)
def test_cells_that_json_has_no_word_for_come_back(value: float | str) -> None:
    row = SourceRow(id="x", system="s", table="t", key="k", columns={"c": value})
    (read,) = read_source_rows(io.BytesIO(lines(row)))
    assert repr(read) == repr(row)


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"{",
        b"null",
        b"\xff",
        b'{"id":"x"}',
        lines(ROW).replace(b'"key":"7"', b'"key":7').strip(),
        lines(ROW).replace(b'"key":"7"', b'"key":"7","more":1').strip(),
        lines(ROW).replace(b"12.5", b"NaN").strip(),
        lines(ROW).replace(b"12.5", b"[1]").strip(),
        lines(ROW).replace(b"12.5", b'{"float":"12.5"}').strip(),
        lines(ROW).replace(b'"Fee"', b'"Note"').strip(),
        b"[" * 100_000,
        b'{"wtf-8":"!"}',
        b'{"wtf-8":1}',
        b'{"wtf-8":"AAAA"}',
        b'{"id":' + b"9" * 5000 + b"}",
    ],
)
def test_a_line_that_is_no_source_row_is_refused_with_its_number(line: bytes) -> None:
    with pytest.raises(TableUnreadable) as caught:
        list(read_source_rows(io.BytesIO(lines(ROW) + line + b"\n")))
    assert caught.value.facts["line"] == 2


def test_a_line_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_rows, "MAX_LINE_BYTES", 10)
    with pytest.raises(LimitExceeded):
        list(read_source_rows(io.BytesIO(lines(ROW))))


RISKY = [
    "=1+1",
    "+33 1",
    "-1+1",
    "-1,5|",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "'=1",
    "''",
    "＝1",
    "%0A=1",
    "|cmd",
    "\0=",
]


def test_a_table_opens_in_a_spreadsheet_and_comes_back() -> None:
    rows = [(cell, 'a"b;c\r\nd') for cell in ["é", "", *RISKY]]
    data = b"".join(write_table(("one", "two"), rows))
    assert data.startswith(b'\xef\xbb\xbf"one";"two"\r\n')
    cells = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[0] for row in cells[1:]] == ["é", "", *(f"'{cell}" for cell in RISKY)]
    stream = io.BytesIO(data)
    read = read_rows(stream, ("one", "two"), name="T")
    assert [(row["one"], row["two"]) for row in read] == rows
    assert not stream.closed


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b'"one"\r\n',
        b'"one";"two"\r\n"a"\r\n',
        b'"one";"two"\r\n"a";"b\r\n',
        b'"one";"two"\r\n"\xe9";""\r\n',
    ],
)
def test_a_table_that_breaks_its_rules_is_refused(data: bytes) -> None:
    with pytest.raises(TableUnreadable):
        list(read_rows(io.BytesIO(data), ("one", "two"), name="T"))


def test_sums_come_back() -> None:
    files = {"A.TXT": "ab" * 32, "DATA/B.TXT": "cd" * 32}
    data = write_sums(files.items())
    assert data == f"{'ab' * 32}  A.TXT\n{'cd' * 32}  DATA/B.TXT\n".encode()
    assert read_sums(data) == files


@pytest.mark.parametrize(
    "line", ["", "zz", "ab" * 32 + " A", "AB" * 32 + "  A", "ab" * 32 + "  A\nextra", "ab" * 32 + "  A\r"]
)
def test_sums_of_another_shape_are_refused(line: str) -> None:
    with pytest.raises(TableUnreadable):
        read_sums(f"{line}\n".encode())


def test_a_name_is_summed_once() -> None:
    with pytest.raises(TableUnreadable):
        read_sums(write_sums([("A", "ab" * 32), ("A", "cd" * 32)]))


def test_a_row_of_a_list_has_the_columns_of_the_list() -> None:
    assert columns_of(layout.RETENTION) == RetentionRow._fields
    assert columns_of(layout.MISSING) == MissingRow._fields
    assert columns_of(layout.TERMS) == TermRow._fields
    assert columns_of(layout.SIGNATURES) == SignatureRow._fields


@pytest.mark.parametrize(
    ("moment", "digest"),
    [("yesterday", "b" * 64), ("2026-03-01T09:00:00", "b" * 64), ("2026-03-01T09:00:00+01:00", "b" * 63)],
)
def test_a_signature_of_a_roster_states_its_moment_and_digest(moment: str, digest: str) -> None:
    rows = [("10000000001", "Dr Anne Petit", "10000000001", "a" * 64, moment, digest)]
    table = b"".join(write_table(columns_of(layout.SIGNATURES), rows))
    with pytest.raises(TableUnreadable, match="no moment or no SHA-256"):
        list(read_roster_signatures(io.BytesIO(table)))


def test_every_column_of_a_list_has_a_meaning_in_both_languages() -> None:
    french = catalogue("formats", "fr")
    meanings = [meaning for columns in LISTS.values() for meaning in columns.values()]
    assert len(meanings) > 30
    assert [meaning for meaning in meanings if french.gettext(meaning) == meaning] == []
