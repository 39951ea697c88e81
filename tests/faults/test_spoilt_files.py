"""Files of a software, spoilt between two collections: one sentence, the store stays, and the next run goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.journeys.line import asked, lay_molaire
from tests.journeys.program import Program

COLLECT = ("collect", "mapped", "molaire", "--mapping", "molaire-3.toml", "--into", "practice.db")
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r><p><NUMPAT>&b;</NUMPAT></p></r>'


def cut_in_a_row(folder: Path) -> None:
    path = folder / "ACTES.csv"
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b";", 0, -12)])


def cut_in_a_cell_between_quotes(folder: Path) -> None:
    path = folder / "NOTES.csv"
    path.write_bytes(path.read_bytes()[:-20])


def of_another_encoding(folder: Path) -> None:
    path = folder / "PATIENTS.csv"
    path.write_bytes(path.read_bytes().decode("cp1252").encode("utf-8").replace(b"\xc3\xa9", b"\xc3\x81"))


def with_two_headings(folder: Path) -> None:
    path = folder / "ACTES.csv"
    path.write_bytes(path.read_bytes() * 2)


def with_a_bomb_beside(folder: Path) -> None:
    (folder / "IMPORT.xml").write_text(LAUGHS, encoding="utf-8")


def a_workbook_with_a_formula_beside(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["NUM", "DEUX"])
    book.active.append([1, "=A2*2"])
    book.save(folder / "CALCUL.xlsx")


def a_workbook_that_is_cut_beside(folder: Path) -> None:
    a_workbook_with_a_formula_beside(folder)
    path = folder / "CALCUL.xlsx"
    path.write_bytes(path.read_bytes()[:-500])


def not_mounted(folder: Path) -> None:
    shutil.rmtree(folder)


def mounted_and_empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


@pytest.mark.parametrize(
    ("spoil", "code", "status"),
    [
        (cut_in_a_row, "table-unreadable", 46),
        (cut_in_a_cell_between_quotes, "table-unreadable", 46),
        (of_another_encoding, "table-unreadable", 46),
        (with_two_headings, "table-unreadable", 46),
        (with_a_bomb_beside, "table-unreadable", 46),
        (a_workbook_with_a_formula_beside, "table-unreadable", 46),
        (a_workbook_that_is_cut_beside, "table-unreadable", 46),
        (not_mounted, "file-not-found", 54),
        (mounted_and_empty, "mapping-misfit", 40),
    ],
)
def test_nothing_of_a_spoilt_source_comes_in_and_the_next_run_goes_on(
    spoil: Callable[[Path], None], code: str, status: int, tmp_path: Path
) -> None:
    lay_molaire(tmp_path)
    program, folder = Program(folder=tmp_path), tmp_path / "molaire"
    shutil.copytree(folder, tmp_path / "whole")

    def state() -> list[object]:
        tables = ("patients", "acts", "documents", "journal", "source_rows")
        return [asked(tmp_path / "practice.db", f"SELECT count(*), max(rowid) FROM {one}") for one in tables]

    spoil(folder)
    program(*COLLECT).refused(code, status)
    assert not (tmp_path / "practice.db").exists()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(tmp_path / "whole", folder)
    program(*COLLECT).incomplete()
    before = state()
    spoil(folder)
    program(*COLLECT).refused(code, status)
    assert state() == before
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(tmp_path / "whole", folder)
    program(*COLLECT, "--again").incomplete()
    assert state()[:3] == before[:3]
