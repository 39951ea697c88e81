"""What completeness looks like: lines, tables and a document, in the words of one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from archiver.compliance.completeness import SECTION_WORDS, PracticeCompleteness, Section
from archiver.compliance.report_page import ReportTable
from archiver.handover.kinds import kind_words
from archiver.scope.completeness import COUNT_SOURCES
from formats.findings import Finding, by_code, finding_document
from formats.words import mark, plural

Localize = Callable[..., str]
"""Gives a sentence in the language of the report, with its facts in place."""
SECTIONS = (
    mark("what"),
    mark("persons in care who have it"),
    mark("of"),
    mark("all persons who have it"),
    mark("of"),
)
PERSONS = (mark("number"), mark("patient"), mark("lacks"))
ODD = (mark("where"), mark("what looks wrong"), mark("how often"))
MAX_ROWS = 2000
"""Rows of a table on a page; the JSON document has all."""


def summary_lines(found: PracticeCompleteness, today: str, localize: Localize) -> list[str]:
    """Return when, how many persons, and how many things look wrong."""
    persons = plural(
        "{count} person, of whom {cared} had an act.", "{count} persons, of whom {cared} had an act."
    )
    odd = plural("{count} thing looks wrong.", "{count} things look wrong.")
    return [
        localize(mark("On {day}"), day=today),
        localize(persons, count=len(found.persons), cared=found.in_care),
        localize(odd, count=len(found.findings)),
    ]


def kinds() -> tuple[str, ...]:
    """Return what the kinds that are counted are called."""
    return tuple(kind_words(kind) for kind in COUNT_SOURCES)


def section_rows(found: PracticeCompleteness, localize: Localize) -> list[tuple[str | int, ...]]:
    """Return a row for each section: how many persons have it."""
    return [
        (
            localize(SECTION_WORDS[section]),
            found.count(section, in_care=True),
            found.in_care,
            found.count(section, in_care=False),
            len(found.persons),
        )
        for section in Section
    ]


def count_rows(counts: Mapping[str, Mapping[str, int]], localize: Localize) -> list[tuple[str | int, ...]]:
    """Return a row for each year, or each practitioner."""
    return [
        (name or localize(mark("not known")), *(by_kind.get(kind, 0) for kind in COUNT_SOURCES))
        for name, by_kind in counts.items()
    ]


def _cell_rows(found: PracticeCompleteness, localize: Localize) -> list[tuple[str | int, ...]]:
    return [
        (year or localize(mark("not known")), *row)
        for (year, name), counts in found.cells.items()
        for row in count_rows({name: counts}, localize)
    ]


def _odd_row(found: Finding, count: int, localize: Localize) -> tuple[str | int, ...]:
    return found.where, localize(found.sentence, **found.facts), count


def _lacking_rows(found: PracticeCompleteness, localize: Localize) -> list[tuple[str | int, ...]]:
    return [
        (
            one.number,
            one.name,
            ", ".join(localize(SECTION_WORDS[section]) for section in Section if section not in one.sections),
        )
        for one in found.persons
        if one.in_care and len(one.sections) < len(Section)
    ]


def _shown_of(rows: Sequence[tuple[str | int, ...]], localize: Localize) -> str:
    """Return how many ``rows`` a page shows."""
    sentence = mark("Listed: {shown} of {count}. The JSON document has all.")
    return localize(sentence, shown=min(len(rows), MAX_ROWS), count=len(rows))


def report_tables(found: PracticeCompleteness, localize: Localize) -> list[ReportTable]:
    """Return the sections of the page."""
    heading = [localize(one) for one in kinds()]
    cells, lacking = _cell_rows(found, localize), _lacking_rows(found, localize)
    return [
        ReportTable(
            title=localize(mark("What dossiers consist of")),
            heading=[localize(one) for one in SECTIONS],
            rows=section_rows(found, localize),
        ),
        ReportTable(
            title=localize(mark("What looks wrong")),
            before=localize(mark("One line for each kind, with an example; --report lists all of them.")),
            heading=[localize(one) for one in ODD],
            rows=[_odd_row(one, count, localize) for one, count in by_code(found.findings)],
        ),
        ReportTable(
            title=localize(mark("Year by year")),
            heading=[localize(mark("year")), *heading],
            rows=count_rows(found.years, localize),
        ),
        ReportTable(
            title=localize(mark("Practitioner by practitioner")),
            heading=[localize(mark("practitioner")), *heading],
            rows=count_rows(found.practitioners, localize),
        ),
        ReportTable(
            title=localize(mark("Year by year and practitioner by practitioner")),
            before=_shown_of(cells, localize) if len(cells) > MAX_ROWS else "",
            heading=[localize(mark("year")), localize(mark("practitioner")), *heading],
            rows=cells[:MAX_ROWS],
        ),
        ReportTable(
            title=localize(mark("Persons in care whose dossier lacks something")),
            before=_shown_of(lacking, localize),
            heading=[localize(one) for one in PERSONS],
            rows=lacking[:MAX_ROWS],
        ),
    ]


def completeness_document(found: PracticeCompleteness, today: str) -> dict[str, object]:
    """Return all of it as JSON holds it."""
    return {
        "completeness": 1,
        "on": today,
        "persons": len(found.persons),
        "in_care": found.in_care,
        "sections": [
            {
                "section": section.value,
                "persons": found.count(section, in_care=False),
                "in_care": found.count(section, in_care=True),
            }
            for section in Section
        ],
        "years": [{"year": year, "counts": dict(counts)} for year, counts in found.years.items()],
        "practitioners": [
            {"name": name, "counts": dict(counts)} for name, counts in found.practitioners.items()
        ],
        "years_and_practitioners": [
            {"year": year, "name": name, "counts": dict(counts)}
            for (year, name), counts in found.cells.items()
        ],
        "incomplete": [
            {
                "patient": one.patient,
                "number": one.number,
                "name": one.name,
                "in_care": one.in_care,
                "lacks": [section.value for section in Section if section not in one.sections],
            }
            for one in found.persons
            if len(one.sections) < len(Section)
        ],
        "findings": [finding_document(one) for one in found.findings],
    }
