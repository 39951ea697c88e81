"""No cell of a list or a table is computed by a spreadsheet, and every cell comes back as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from formats.tables.columns import Columns
from formats.tables.read import Line, read_list
from formats.tables.write import guard, guard_listed, list_bytes, table_lines, unguard_listed, unguard_row
from tests.dossiers import TEXTS

FORMULAS = [
    "=1+1",
    "+33 1",
    "-1+1",
    "-1;=1",
    "-",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=",
    " =1",
    "\u00a0=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "%0A=1",
    "|cmd",
    "'=1",
    "''=1",
    "'\t=1",
    "' =1",
]
PLAIN = ["", "a", "12", "l'été", "a=b", " a", ";", '"', "DOC00001.PDF", "-12.50", "-12,50", "-0", "−1"]
NAMED = ["'t Hooft", "'", "''", "'s-Gravenhage"]


def unguard(cell: str) -> str:
    (back,) = unguard_row([cell])
    return back


RULES = {"table": (guard, unguard), "list": (guard_listed, unguard_listed)}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_begins_as_a_formula(cell: str, rule: str) -> None:
    guarded, back = RULES[rule]
    assert guarded(cell) == f"'{cell}"
    assert back(guarded(cell)) == cell


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("cell", PLAIN)
def test_numbers_and_plain_cells_stay_as_they_are(cell: str, rule: str) -> None:
    guarded, back = RULES[rule]
    assert guarded(cell) == back(cell) == cell


@pytest.mark.parametrize("cell", NAMED)
def test_an_apostrophe_is_kept_whoever_wrote_it(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert guard_listed(cell) == unguard_listed(cell) == cell


@pytest.mark.parametrize("rule", RULES)
@given(st.one_of(TEXTS, st.text(alphabet="'=+-@|%\t\r\n\0 ,.;0a＝", max_size=6)))
def test_every_cell_comes_back(rule: str, cell: str) -> None:
    guarded, back = RULES[rule]
    assert back(guarded(cell)) == cell
    assert guarded(cell).lstrip("'")[:1] not in set("=+@\t\r\n") or guarded(cell).startswith("'")


def test_a_table_and_a_list_hold_the_same_cells(tmp_path: Path) -> None:
    rows = [(cell, "x") for cell in [*FORMULAS, *PLAIN, *NAMED]]
    (listed := tmp_path / "list.csv").write_bytes(list_bytes([("key", "other"), *rows]))
    assert listed.read_bytes().startswith(b"\xef\xbb\xbfkey;other\r\n")
    columns = Columns(aliases={"key": (), "other": ()}, required=("key",))
    lines = [line for line in read_list(listed, columns) if isinstance(line, Line)]
    assert [line["key"].strip() for line in lines] == [cell.strip() for cell, _ in rows]
    table = "".join(table_lines(rows))
    read = csv.reader(io.StringIO(table, newline=""), delimiter=";")
    assert [unguard_row(row)[0] for row in read] == [cell for cell, _ in rows]
