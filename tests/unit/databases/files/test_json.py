"""JSON as a table: lists, lines, lists inside objects; what is nested is flattened by one rule, what is cut refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from formats.databases.files import json_source, nested_row
from formats.databases.files.file_findings import NoTable, RowsElsewhere
from formats.errors import LimitExceeded, TableUnreadable
from tests.unit.databases.files.opened import notices, opened, rows

TWO = [{"NUM": 1, "NOM": "Noël"}, {"NUM": 2, "AUTRE": None}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("T.json", json.dumps(TWO)),
        ("T.json", "\n".join(map(json.dumps, TWO))),
        ("T.ndjson", "\n".join(map(json.dumps, TWO)) + "\n\n"),
        ("T.jsonl", "".join(map(json.dumps, TWO))),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_and_lines_are_the_same_rows(tmp_path: Path, name: str, text: str, encoding: str) -> None:
    assert rows(tmp_path, name, text.encode(encoding)) == TWO


def test_rows_come_in_the_order_of_a_column(tmp_path: Path) -> None:
    listed = [{"NUM": one} for one in (10, "9", 100, None, 9.0, 1.5)]
    with opened(tmp_path, "T.json", json.dumps(listed).encode()) as source:
        found = [row["NUM"] for row in source.rows_in_text_order("t", "NUM")]
    assert found == [None, 1.5, 10, 100, "9", 9]


def test_rows_may_stand_inside_an_object_that_the_mapping_names(tmp_path: Path) -> None:
    content = json.dumps({"version": 3, "data": {"rows": TWO, "rows2": [{"X": 1}]}, "end": [1, 2]}).encode()
    assert rows(tmp_path, "T.json", content, rows="data.rows") == TWO
    (finding,) = notices(tmp_path, "T.json", content, rows="data.rows")
    assert (finding.code, finding.facts["count"]) == ("table-values-outside", 4)


def test_a_list_that_nobody_named_is_said_with_the_keys_that_lead_there(tmp_path: Path) -> None:
    content = json.dumps({"data": {"rows": TWO}}).encode()
    with pytest.raises(RowsElsewhere, match=r'rows = "data\.rows"'), opened(tmp_path, "T.json", content):
        pass


@pytest.mark.parametrize("text", ['{"a": 1}', "[1, 2]", '[{"a": 1}, 2]', '[[{"a": 1}]]', "1", '"a"'])
def test_what_is_no_list_of_objects_is_no_table(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoTable), opened(tmp_path, "T.json", text.encode()):
        pass


def test_a_file_of_which_nothing_is_known_is_said_and_left(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"a": 1}')
    with opened(tmp_path, "T.json", b'[{"A": 1}]') as source:
        assert set(source.tables()) == {"t"}
        assert [one.code for one in source.notices()] == ["table-file-unread"]


def test_one_object_is_a_row_where_every_line_is_one(tmp_path: Path) -> None:
    assert rows(tmp_path, "T.ndjson", b'{"a": 1}') == [{"a": 1}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"rue": {"n": 3}, "ville": "Sainte-Rive"}, {"A.rue.n": 3, "A.ville": "Sainte-Rive"}),
        (["16", "17"], {"A": "16\n17"}),
        ([1, 2.5, True, None], {"A": "1\n2.5\ntrue\n"}),
        (["a\nb", "c"], {"A": '["a\\nb", "c"]'}),
        ([{"x": 1.5}], {"A": '[{"x": 1.5}]'}),
        ([], {"A": ""}),
        ({}, {}),
        (True, {"A": "true"}),
        (12.50, {"A": 12.5}),
        (5.0, {"A": 5}),
        (2**70, {"A": str(2**70)}),
    ],
)
def test_what_is_nested_follows_the_rule(tmp_path: Path, value: Any, expected: dict[str, Any]) -> None:
    content = json.dumps([{"NUM": 1, "A": value}]).encode()
    assert rows(tmp_path, "T.json", content) == [{"NUM": 1, **expected}]


def test_a_number_has_all_its_digits(tmp_path: Path) -> None:
    content = b'[{"A": 1033.44, "B": 0.1234567890123456789, "C": 1e400, "A": 2}]'
    assert rows(tmp_path, "T.json", content) == [
        {"A": 1033.44, "B": "0.1234567890123456789", "C": "1E+400", "A (2)": 2}
    ]


def test_half_a_character_is_none(tmp_path: Path) -> None:
    ((found),) = rows(tmp_path, "T.json", b'[{"A": "\\ud800", "B": ["\\ud800", {}]}]')
    for text in found.values():
        text.encode("utf-8")


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(TWO).encode()[:-3],
        b"",
        b"[",
        b'[{"A": 1},]',
        json.dumps(TWO, ensure_ascii=False).encode("cp1252"),
        b'[{"A": NaN}]',
        b'[{"A": 1}] x',
    ],
    ids=["cut", "empty", "begun", "comma", "windows", "nan", "behind"],
)
def test_what_is_cut_or_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TableUnreadable), opened(tmp_path, "T.json", content):
        pass


def test_a_line_that_is_cut_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(TableUnreadable, match=r"T\.ndjson:2"),
        opened(tmp_path, "T.ndjson", b'{"A": 1}\n{"A":'),
    ):
        pass


@pytest.mark.parametrize(
    "content",
    [
        b'[{"A": ' + b"9" * 5000 + b"}]",
        b" " * 65_530 + b'[{"A": ' + b"9" * 5000 + b"}]",
        b"[" * 100_000,
        b'[{"a":' * 100_000,
        b'[{"A": ' + b"[" * 1000,
        b'[{"A": "' + b"x" * 3_000_000,
    ],
    ids=["digits", "digits in two pieces", "lists", "objects", "list in a row", "text"],
)
def test_a_bomb_is_refused(tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (json_source, nested_row):
        monkeypatch.setattr(module, "MAX_CELL", 1 << 20)
    with pytest.raises((LimitExceeded, NoTable)), opened(tmp_path, "T.json", content):
        pass
