"""Lists that people write or fill in: each has its dictionary, which says of every column what the reader does."""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from archiver import report_columns
from archiver.cli.run.findings_report import findings_report, require_report_place
from archiver.cli.terminal import language as spoken
from archiver.delivery import delivery_list
from archiver.identity import answer_list
from archiver.ingest.attribution import AttributionState
from archiver.operations.collecting.attribute import AttributedItem, read_assignments
from archiver.scope import claims_list
from archiver.scope.evidence_columns import EVIDENCE
from archiver.scope.rosters import roster
from formats.findings import Finding, Severity
from formats.papers import listing
from formats.papers.paper import KIND_WORDS, day_of
from formats.papers.read import find_papers
from formats.reading import Tally
from formats.tables.columns import PARTIAL_DATE, ListColumn
from formats.tables.read import parse_any_date
from formats.words import catalogue
from tests.architecture.layers import modules
from tests.docs.pages import ROOT

Dictionary = Mapping[str, ListColumn]
SHOWN: tuple[Dictionary, ...] = tuple(
    part.dictionary for part in runpy.run_path(str(ROOT / ".ci" / "lists_page.py"))["PARTS"]
)
"""Dictionaries of the lists on the reference page."""
ALL = [(number, name) for number, dictionary in enumerate(SHOWN) for name in dictionary]
CELLS = MappingProxyType(
    {
        "birth_date": ("1983-05-24", "1983"),
        "date": ("2024-09-03", "2024-09-04"),
        "decision": ("yes", "to decide"),
    }
)
OTHER_CELLS = ("12", "13")
EXAMPLE = re.compile(r"`([^`]+)`")


def papers(path: Path) -> list[Any]:
    return [one for one in find_papers(path) if not isinstance(one, Finding | Tally)]


READERS: tuple[tuple[Dictionary, Callable[[Path], Any]], ...] = (
    (roster.DICTIONARY, lambda path: roster.read_roster(path).lines),
    (listing.DICTIONARY, papers),
    (answer_list.DICTIONARY, lambda path: answer_list.read_answers(path)[0]),
    (claims_list.DICTIONARY, lambda path: claims_list.read_claims(path)[0]),
)


# -- the dictionaries ---------------------------------------------------------------------


def makers() -> Iterator[str]:
    """Yield the modules of the program that make the columns of a list, and of what dictionary."""
    for path in modules(ROOT):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("Columns"):
                yield f"{path.relative_to(ROOT).as_posix()}: {ast.unparse(node)}"


def test_columns_of_the_program_come_from_a_dictionary() -> None:
    assert sorted(makers()) == [
        "archiver/identity/answer_list.py: Columns.of(DICTIONARY)",
        "archiver/operations/collecting/attribute.py: Columns.of(report_columns.DICTIONARY)",
        "archiver/scope/claims_list.py: Columns.of(DICTIONARY, passing_over=BESIDE)",
        "archiver/scope/rosters/roster.py: Columns.of(DICTIONARY, passing_over=EVIDENCE)",
        "formats/papers/listing.py: Columns.of(DICTIONARY)",
    ]


def test_every_list_is_on_the_page() -> None:
    lists = (roster.DICTIONARY, EVIDENCE, listing.DICTIONARY, report_columns.DICTIONARY)
    claims = {**claims_list.DICTIONARY, **claims_list.BESIDE}
    assert (*lists, delivery_list.DICTIONARY, answer_list.DICTIONARY, claims) == SHOWN


@pytest.mark.parametrize(("number", "name"), ALL, ids=str)
def test_an_entry_speaks_both_languages(number: int, name: str) -> None:
    entry = SHOWN[number][name]
    assert all(entry.label) and all(entry.form)
    assert any(
        catalogue(one, "fr").gettext(entry.meaning) != entry.meaning for one in ("archiver", "formats")
    )


# -- what an entry says, and what is read ------------------------------------------------


@pytest.mark.parametrize(
    ("dictionary", "read", "name"),
    [(dictionary, read, name) for dictionary, read in READERS for name in dictionary],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_column_is_read(
    dictionary: Dictionary, read: Callable[[Path], Any], name: str, tmp_path: Path
) -> None:
    """What stands in the column makes a difference, under its name and each of the others."""
    path = tmp_path / "list.csv"

    def result(heading: str, choice: int) -> Any:
        headings = [heading if one == name else one for one in dictionary]
        row = [CELLS.get(one, OTHER_CELLS)[choice if one == name else 0] for one in dictionary]
        path.write_text(f"{';'.join(headings)}\n{';'.join(row)}\n", encoding="utf-8")
        return read(path)

    one, other = result(name, 0), result(name, 1)
    assert one != other
    for alias in dictionary[name].aliases:
        assert result(alias.upper(), 1) == other


@pytest.mark.parametrize("name", EVIDENCE)
def test_a_column_of_evidence_is_known_and_passed_over(name: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    core = ["12", "Ferrand", "Tom", "2011-01-30"]
    for heading in (name, *EVIDENCE[name].label):
        assert roster.COLUMNS.known(heading) == name
        heads = ["patient_number", "family_name", "given_name", "birth_date", heading]
        path.write_text("\n".join(";".join(one) for one in (heads, [*core, "x"])), encoding="utf-8")
        (line,) = roster.read_roster(path).lines
        assert line.decision == "yes" and line.practitioner_rpps == ""


@pytest.mark.parametrize(("dictionary", "read"), READERS)
def test_a_column_that_is_not_required_may_be_absent(
    dictionary: Dictionary, read: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    there = [name for name, entry in dictionary.items() if entry.required]
    row = [CELLS.get(name, OTHER_CELLS)[0] for name in there]
    path.write_text(f"{';'.join(there)}\n{';'.join(row)}\n", encoding="utf-8")
    assert len(read(path)) == 1


def test_examples_of_a_date_are_dates() -> None:
    for words in (PARTIAL_DATE, report_columns.DICTIONARY["birth_date"].form):
        for text in words:
            examples = EXAMPLE.findall(text)
            assert len(examples) >= 3
            assert all(parse_any_date(example) for example in examples)
    for text in listing.DICTIONARY["date"].form:
        assert (
            len(EXAMPLE.findall(text)) == sum(day_of(one) is not None for one in EXAMPLE.findall(text)) == 4
        )


def test_code_lists_are_whole() -> None:
    for text in listing.DICTIONARY["kind"].form:
        assert EXAMPLE.findall(text) == [word for words in KIND_WORDS.values() for word in words]
    for text in report_columns.DICTIONARY["state"].form:
        assert EXAMPLE.findall(text) == [*AttributionState, *Severity]


# -- the report ---------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", ["fr", "en"])
def test_a_report_fills_every_column_but_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str
) -> None:
    monkeypatch.setenv(spoken.VARIABLE, chosen)
    spoken.language.cache_clear()
    path = tmp_path / "report.csv"
    item = AttributedItem(
        key="a.pdf",
        number="12",
        family="Ferrand",
        given="Tom",
        birth_date="1983-05",
        state=AttributionState.UNMATCHED,
        reason="r",
        candidates=(),
    )
    with findings_report(path, attributed=[item]) as fill:
        fill([])
    heading, row = (line.split(";") for line in path.read_text(encoding="utf-8-sig").splitlines())
    french = ["Clé", "Numéro lu", "Nom lu", "Prénom lu", "Date de naissance lue", "État", "Raison"]
    french.append("Numéro à remplir")
    assert heading == (french if chosen == "fr" else list(report_columns.DICTIONARY))
    assert [name for name, cell in zip(heading, row, strict=True) if not cell] == heading[-1:]
    for other in ("fr", "en"):  # a report of the other language is an earlier report, too
        monkeypatch.setenv(spoken.VARIABLE, other)
        spoken.language.cache_clear()
        require_report_place(path)
    path.write_text(f"{';'.join(heading)}\n{';'.join([*row[:-1], '13'])}\n", encoding="utf-8")
    assert read_assignments(path) == ({"a.pdf": "13"}, ())
    spoken.language.cache_clear()
