"""The page of completeness: what it shows of long tables, and what it calls what nobody knows."""

from __future__ import annotations

import pytest

from archiver.compliance.completeness import PersonCompleteness, PracticeCompleteness, Section
from archiver.compliance.report_page import ReportTable
from archiver.operations.compliance import completeness_report
from archiver.operations.compliance.completeness_report import report_tables


def localize(sentence: str, **facts: object) -> str:
    return sentence.format(**facts)


def tables(persons: int, cells: dict[tuple[str, str], dict[str, int]]) -> dict[str, ReportTable]:
    found = PracticeCompleteness(
        persons=tuple(
            PersonCompleteness(
                patient=f"p{one}", number=f"{one}", name="X", in_care=True, sections=frozenset({Section.ACTS})
            )
            for one in range(persons)
        ),
        years={},
        practitioners={},
        cells=cells,
        findings=(),
    )
    return {one.title: one for one in report_tables(found, localize)}


def test_a_table_that_is_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completeness_report, "MAX_ROWS", 3)
    found = tables(4, {(f"{year}", "Malo Kerbrat"): {"acts": 1} for year in range(2000, 2005)})
    crossed = found["Year by year and practitioner by practitioner"]
    lacking = found["Persons in care whose dossier lacks something"]
    assert (len(crossed.rows), len(lacking.rows)) == (3, 3)
    assert crossed.before.startswith("Listed: 3 of 5.") and lacking.before.startswith("Listed: 3 of 4.")


def test_a_year_or_a_practitioner_that_nobody_knows_is_called_so() -> None:
    crossed = tables(0, {("", ""): {"acts": 2}})["Year by year and practitioner by practitioner"]
    assert list(crossed.rows[0])[:3] == ["not known", "not known", 2] and crossed.before == ""
