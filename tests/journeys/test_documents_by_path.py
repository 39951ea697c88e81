"""A folder of documents without a list: looked at, mended, collected, and the same once more."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.journeys.line import Line, asked, contents
from tests.journeys.program import Program

PATTERNS = (
    *("--pattern", "PATIENTS/{number:08}"),
    *("--pattern", "{family} {given} {birth_date:dd-MM-yyyy}/{date:yyyyMMdd} {title}"),
    *("--notes", "NOTES/{number}.txt"),
)
COLLECT = ("collect", "documents", "lettres", "--into", "practice.db")
FILES = {
    "PATIENTS/00000010/lettre : confrère ?.pdf": "matched-by-number",
    "Delaunay-Prigent Marcel 04-04-1944/20240903 Confrère.pdf": "matched-by-name",
    "Delaunay-Prigent Marcel 05-04-1944/20240903 Confrère.pdf": "unmatched",
    "NOTES/45.txt": "matched-by-number",
    "vrac/scan 0001.pdf": "unmatched",
}


@pytest.fixture
def desk(demo_line: Line, tmp_path: Path) -> Program:
    demo_line.copy(tmp_path, "practice.db")
    for name in FILES:
        path = tmp_path / "lettres" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            "À revoir.".encode("cp1252") if name.endswith(".txt") else b"%PDF-1.4 " + name.encode()
        )
    return Program(folder=tmp_path)


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def test_it_is_looked_at_mended_and_collected(desk: Program) -> None:
    store, report = desk.folder / "practice.db", desk.folder / "report.csv"
    before = contents(desk.folder)
    done = desk(*COLLECT, *PATTERNS, "--preview", "--report", "report.csv").ok()
    assert "Nothing was written into the store." in done.out and "[paper-path-unread]" in done.err
    shown = {one["key"]: one for one in lines(report) if one["key"]}
    assert {key: one["state"] for key, one in shown.items()} == FILES
    report_text = report.read_text(encoding="utf-8-sig")
    report.unlink()
    assert contents(desk.folder) == before

    mended = report_text.replace("vrac/scan 0001.pdf;;;;;unmatched;Nothing says whose this is.;", "", 1)
    report.write_text(f"{mended}vrac/scan 0001.pdf;;;;;;;44\n", encoding="utf-8")
    assigned = (*PATTERNS, "--assign", "report.csv")
    document = desk(*COLLECT, *assigned, "--json").ok().document
    assert document["tables"]["paper"]["read"] == len(FILES)
    assert [one["key"] for one in document["unassigned"]] == [
        "Delaunay-Prigent Marcel 05-04-1944/20240903 Confrère.pdf"
    ]
    rows = asked(
        store, "SELECT key, patient IS NOT NULL FROM source_rows WHERE system = 'papers' AND key LIKE '%/%'"
    )
    assert {key: bool(placed) for key, placed in rows if key in FILES} == {
        key: not key.startswith("Delaunay-Prigent Marcel 05") for key in FILES
    }
    assert asked(store, "SELECT text FROM notes WHERE text LIKE 'À revoir.%'") == [("À revoir.",)]
    assert asked(store, "SELECT count(*) FROM documents WHERE original_name LIKE 'PATIENTS/%'") == [(1,)]

    assert "Nothing changed." in desk(*COLLECT, *PATTERNS).ok().out
    (counts,) = (desk(*COLLECT, *PATTERNS, "--preview", "--json").ok().document["counts"],)
    assert (counts["assigned"], counts["unmatched"]) == (1, 1)


def test_what_is_no_pattern_is_refused_and_nothing_is_written(desk: Program) -> None:
    before = contents(desk.folder)
    desk(*COLLECT, "--pattern", "{numero}/x").refused("path-pattern", 46)
    assert "--csv" in desk(*COLLECT, *PATTERNS, "--csv", "papers.csv").err
    assert contents(desk.folder) == before
