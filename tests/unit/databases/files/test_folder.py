"""A folder of files: each file is a table, and no table is lost to another of nearly the same name."""

from __future__ import annotations

from pathlib import Path

from formats.databases.files.folder import FileFolder
from formats.databases.files.table_file import TableFile


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
