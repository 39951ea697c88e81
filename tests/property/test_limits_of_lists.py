"""Every list the program writes is read again: at each limit as it was, and past one nothing is written."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from archiver import report_columns
from archiver.cli.run import findings_report as report
from archiver.ingest.attribution import AttributionState
from archiver.operations.collecting.attribute import AttributedItem, read_assignments
from archiver.scope.rosters.roster import RosterLine, roster_bytes
from formats.errors import LimitExceeded
from formats.findings import Finding, Severity
from formats.pdlgc import tables
from formats.tables import limits
from formats.tables.columns import Columns
from formats.tables.read import Line, read_list
from formats.tables.write import list_bytes

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = ("one", "two", "three")
COLUMNS = Columns(aliases=dict.fromkeys(NAMES, ()), required=NAMES)
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(str.strip)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4)
DEFAULT_OF_CSV = 131_072
"""Characters of a cell that the csv module takes where nobody says otherwise."""


@contextmanager
def limit(name: str, value: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, name, value)
        yield


def again(data: bytes, folder: Path) -> list[tuple[str, ...]]:
    path = folder / "list.csv"
    path.write_bytes(data)
    lines = (line for line in read_list(path, COLUMNS) if isinstance(line, Line))
    return [tuple(line[name] for name in NAMES) for line in lines]


def lines_of(data: bytes) -> list[str]:
    return list(io.StringIO(data.decode("utf-8-sig"), newline=""))


NEEDED: dict[str, Callable[[bytes], int]] = {
    "MAX_TABLE_BYTES": len,
    "MAX_LINE": lambda data: max(map(len, lines_of(data))) + 1,
}


@settings(UNHURRIED, max_examples=60)
@given(ROWS)
def test_a_list_stands_at_every_limit(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    written = list_bytes([NAMES, *rows])
    assert again(written, tmp_path) == [row for row in rows if any(row)]
    longest = max((len(cell) for row in rows for cell in row), default=0)
    for name, needed in NEEDED.items():
        if name == "MAX_LINE" and longest >= needed(written):  # a cell over several lines counts whole
            continue
        with limit(name, needed(written)):
            assert again(list_bytes([NAMES, *rows]), tmp_path) == [row for row in rows if any(row)]
        with limit(name, needed(written) - 1), pytest.raises(LimitExceeded):
            list_bytes([NAMES, *rows])


@pytest.mark.parametrize("length", [DEFAULT_OF_CSV - 9, limits.MAX_LINE - 6, limits.MAX_LINE - 5])
@pytest.mark.parametrize("filler", ["x", "é", "\n", '"'])
def test_the_longest_cell_that_is_written_is_read(tmp_path: Path, length: int, filler: str) -> None:
    """On both sides of the limit: what is written is read, and what is not read is not written."""
    row = (f"a{filler * (length - 2)}z", "", "")
    try:
        data = list_bytes([NAMES, row])
    except LimitExceeded:
        assert filler == '"' or length == limits.MAX_LINE - 5
    else:
        assert again(data, tmp_path) == [row]


def test_a_list_of_too_many_columns_is_not_written() -> None:
    list_bytes([["c"] * limits.MAX_COLUMNS])
    with pytest.raises(LimitExceeded):
        list_bytes([["c"] * (limits.MAX_COLUMNS + 1)])


def test_a_roster_that_nobody_could_read_is_not_written() -> None:
    line = RosterLine(
        line=2, patient_number="1", family_name="x" * limits.MAX_LINE, given_name="", birth_date=None,
        practitioner_rpps="",
    )  # fmt: skip
    with pytest.raises(LimitExceeded):
        roster_bytes([line])


# -- tables that programs write ------------------------------------------------------------


@pytest.mark.parametrize(
    "length", [DEFAULT_OF_CSV - 1, DEFAULT_OF_CSV, DEFAULT_OF_CSV + 1, 3 * DEFAULT_OF_CSV]
)
def test_a_table_of_the_archive_has_cells_longer_than_csv_expects(length: int) -> None:
    cell = "'" + '"é;' * (length // 3)
    data = b"".join(tables.write_table(NAMES, [(cell, "", "x")]))
    assert list(tables.read_rows(io.BytesIO(data), NAMES, name="T")) == [
        {"one": cell, "two": "", "three": "x"}
    ]


def test_another_reader_in_between_makes_no_table_unreadable(tmp_path: Path) -> None:
    """The csv module has one limit for the whole program."""
    long = "x" * (2 * DEFAULT_OF_CSV)
    data = b"".join(tables.write_table(NAMES, [("a", "b", "c"), (long, "", "")]))
    reading = tables.read_rows(io.BytesIO(data), NAMES, name="T")
    next(reading)
    assert again(list_bytes([NAMES, ("1", "2", "3")]), tmp_path) == [("1", "2", "3")]
    assert next(reading)["one"] == long


# -- reports, which are handed back -----------------------------------------------------------


def filed(folder: Path, unassigned: Sequence[AttributedItem], findings: Sequence[Finding]) -> Path:
    path = folder / "report.csv"
    with report.findings_report(path, attributed=unassigned) as fill:
        fill(findings)
    return path


def waiting(key: str, text: str) -> AttributedItem:
    return AttributedItem(
        key=key, number=text, family=text, given=text, birth_date=text, state=AttributionState.UNMATCHED, reason=text,
        candidates=(),
    )  # fmt: skip


@pytest.mark.parametrize("filler", ["x", "é", '"', "\ud800", "\n"])
def test_a_report_of_endless_texts_can_be_handed_back(tmp_path: Path, filler: str) -> None:
    text = filler * (2 * DEFAULT_OF_CSV)
    finding = Finding(severity=Severity.ERROR, code="c", where="w", sentence=text)
    path = filed(tmp_path, [waiting("a.pdf", text), waiting("b.pdf", text)], [finding])
    columns = Columns.of(report_columns.DICTIONARY)
    lines = [line for line in read_list(path, columns) if isinstance(line, Line)]
    assert [line["key"] for line in lines] == ["a.pdf", "b.pdf", ""]
    assert read_assignments(path) == ({}, ())


def test_a_report_of_endless_findings_can_be_handed_back(tmp_path: Path) -> None:
    findings = [
        Finding(severity=Severity.ERROR, code="c", where="w", sentence=f"{n:080}") for n in range(3000)
    ]
    with pytest.MonkeyPatch.context() as patch:
        for module in (limits, report):
            patch.setattr(module, "MAX_TABLE_BYTES", 200_000)
        path = filed(tmp_path, [waiting("a.pdf", "x")], findings)
        assert read_assignments(path) == ({}, ())
    assert path.stat().st_size <= 200_000
    last = path.read_text(encoding="utf-8").splitlines()[-1]
    listed = len(path.read_text(encoding="utf-8").splitlines()) - 3
    assert str(3000 - listed) in last
