"""A folder of files: each file is a table, and no table is lost to another of nearly the same name."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archiver.spooled_list import SortedSpool
from formats.databases.files.folder import FileFolder
from formats.databases.files.table_file import TableFile
from formats.databases.text_order import MAX_KEY
from formats.errors import LimitExceeded, TableUnreadable
from tests.unit.databases.files.test_dbase import table
from tests.workbooks import xlsx


def test_no_file_takes_the_place_of_a_table_that_the_mapping_names(tmp_path: Path) -> None:
    (tmp_path / "PATIENTS.CSV").write_text("NUM;NOM\n1;Abadie\n2;Bellec\n", encoding="utf-8")
    (tmp_path / "PATIENTS.XML").write_text("<r><p><NUM>9</NUM></p><p><NUM>8</NUM></p></r>", encoding="utf-8")
    with FileFolder(tmp_path, {"patients": TableFile(file="patients.csv")}) as source:
        assert [row["NUM"] for row in source.rows("patients")] == ["1", "2"]
        assert sorted(source.tables()) == ["patients", "patients (2)"]


def test_two_files_that_differ_in_case_alone_are_two_tables(tmp_path: Path) -> None:
    for name, number in (("Actes.csv", 1), ("actes.csv", 2)):
        (tmp_path / name).write_text(f"NUM;NOM\n{number};x\n", encoding="utf-8")
    there = len(list(tmp_path.iterdir()))  # one where the disk knows no case
    with FileFolder(tmp_path, {}) as source:
        assert len(source.tables()) == there
        assert sum(source.count(table) for table in source.tables()) == there


@pytest.mark.parametrize("ending", ["json", "xml", "xlsx", "csv"])
def test_an_encoding_that_was_not_used_is_said(ending: str, tmp_path: Path) -> None:
    """Where the mapping names no file, what lies there tells which kind it is."""
    made = {
        "json": b'[{"NUM": 1}, {"NUM": 2}]', "xml": b"<r><p><NUM>1</NUM></p></r>", "csv": b"NUM;NOM\n1;x\n",
        "xlsx": xlsx({"T": [("NUM", "NOM"), (1, "x")]}),
    }  # fmt: skip
    (tmp_path / f"T.{ending}").write_bytes(made[ending])
    known = TableFile(encoding="cp1252", own_encoding=True, expected=("NUM",))
    with FileFolder(tmp_path, {"T": known}) as source:
        assert source.count("t")
        codes = [one.code for one in source.notices()]
    assert ("table-encoding-unused" in codes) is (ending != "csv")


@pytest.mark.parametrize("ending", ["csv", "txt", "dbf"])
@pytest.mark.parametrize("left", [0, 12])
def test_a_file_that_is_cut_while_it_is_read_is_a_sentence(ending: str, left: int, tmp_path: Path) -> None:
    """Between knowing the places of its rows and reading them: as an export that is written once more does."""
    path = tmp_path / f"T.{ending}"
    if ending == "dbf":
        path.write_bytes(table([("NUM", "C", 200, 0)], *(f" {n:03}".encode().ljust(201) for n in range(200))))
    else:
        path.write_text("NUM;NOM\n" + "".join(f"{n:03};{'x' * 200}\n" for n in range(200)), encoding="utf-8")
    known = {"widths": (3, 1, 200), "headings": ("A", "B", "C")} if ending == "txt" else {}
    with FileFolder(tmp_path, {"T": TableFile(**known)}) as source:  # type: ignore[arg-type]
        rows = source.rows_in_text_order("t", source.tables()["t"].columns[0])
        next(rows)
        with path.open("r+b") as stream:
            stream.truncate(left)
        with pytest.raises(TableUnreadable, match=r"changed|cut"):
            list(rows)


@contextmanager
def few_files() -> Iterator[None]:
    """Let this process have few files open, as a system with its usual limit of 256 would with more of them."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    there = len(list(Path("/proc/self/fd").iterdir()))
    resource.setrlimit(resource.RLIMIT_NOFILE, (there + 80, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


FILES = 120
CONTENTS = {
    ".csv": "NUM;TEXTE\n{0};a\n{1};b\n",
    ".json": '[{{"NUM": {0}, "TEXTE": "a"}}, {{"NUM": {1}, "TEXTE": "b"}}]',
    ".xml": "<r><p><NUM>{0}</NUM></p><p><NUM>{1}</NUM></p></r>",
    ".txt": "{0:03}a\n{1:03}b\n",
}


@pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="counts what a process has open as Linux says it"
)
@pytest.mark.parametrize("ending", CONTENTS)
def test_a_table_of_many_files_has_few_of_them_open(ending: str, tmp_path: Path) -> None:
    """A file a month or a day: 240 rows in two interleaved orders, so that every file is asked again and again."""
    for number in range(FILES):
        text = CONTENTS[ending].format(number, 2 * FILES - 1 - number)
        (tmp_path / f"j{number:03}{ending}").write_text(text, encoding="utf-8")
    known = {"widths": (3, 1), "headings": ("NUM", "TEXTE")} if ending == ".txt" else {"expected": ("NUM",)}
    with few_files(), FileFolder(tmp_path, {"j": TableFile(file=f"j*{ending}", **known)}) as source:  # type: ignore[arg-type]
        found = [str(row["NUM"]).lstrip("0") or "0" for row in source.rows_in_text_order("j", "NUM")]
        assert source.count("j") == 2 * FILES
    padded = [f"{n:03}" if ending == ".txt" else str(n) for n in range(2 * FILES)]
    assert found == [one.lstrip("0") or "0" for one in sorted(padded)]


@pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="counts what a process has open as Linux says it"
)
def test_a_folder_of_many_tables_has_one_file_open_for_them(tmp_path: Path) -> None:
    """As a software exports it that writes one XML a table; rows are 30 KB each, more than a spool keeps in memory."""
    for number in range(FILES):
        cell = "x" * 30_000
        (tmp_path / f"T{number}.xml").write_text(f"<r><p><A>{number}{cell}</A></p></r>", encoding="utf-8")
    with few_files(), FileFolder(tmp_path, {}) as source:
        streams = {name: source.rows(name) for name in source.tables()}
        for name, rows in streams.items():
            (row,) = rows
            assert row["A"] == name[1:] + cell
        assert len(streams) == FILES


@pytest.mark.slow
def test_sorting_takes_no_more_memory_for_more_rows(tmp_path: Path) -> None:
    """Before, a row took 107 bytes while a table was sorted."""

    def peak(rows: int) -> int:
        path = tmp_path / "T.csv"
        path.write_text(
            "NUM;PAT\n" + "".join(f"{n};{n * 7919 % 997}\n" for n in range(rows)), encoding="utf-8"
        )
        with FileFolder(tmp_path, {"T": TableFile(expected=("NUM",))}, sorter=SortedSpool) as source:
            tracemalloc.start()
            try:
                before, seen = "", 0
                for row in source.rows_in_text_order("t", "PAT"):
                    assert str(row["PAT"]) >= before
                    before, seen = str(row["PAT"]), seen + 1
                _, most = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        assert seen == rows
        return most

    assert peak(160_000) - peak(40_000) < 1 << 20


def test_a_key_has_a_limit(tmp_path: Path) -> None:
    (tmp_path / "T.csv").write_text(f"NUM;NOM\n{'9' * (MAX_KEY + 1)};x\n", encoding="utf-8")
    with FileFolder(tmp_path, {}) as source, pytest.raises(LimitExceeded, match="length of a key"):
        list(source.rows_in_text_order("t", "NUM"))
