"""Propose a roster by one rule or several: the roster that people edit, and the report of what they must settle.

1. Every person is read with the evidence, and each rule answers.
2. The roster is written twice, as a workbook and as CSV, with the same lines; the report as a list and as a page
   in each language. All of them appear together, for their owner alone.
3. Persons in: those of the store. Persons out: lines of the roster, and those whom no roster can name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.practice import people
from archiver.practice.practitioners import find_practitioner
from archiver.practice.store import PracticeStore
from archiver.scope.ownership.columns import roster_rows, sheet_columns
from archiver.scope.ownership.proposal import Proposal, propose_lines
from archiver.scope.ownership.report_list import report_rows
from archiver.scope.ownership.report_page import report_page
from archiver.scope.ownership.rules import ChosenRule
from archiver.scope.ownership.rulings import RuleTerms
from archiver.scope.ownership.wording import Wording
from archiver.scope.rosters.roster import RosterLine
from formats.model.people import Practice
from formats.tables.cells import Cell, list_text
from formats.tables.write import BYTE_ORDER_MARK, list_lines
from formats.tables.xlsx import write_xlsx
from formats.words import LANGUAGES, Words

ROSTER_XLSX, ROSTER_CSV, REPORT_CSV = "roster.xlsx", "roster.csv", "before-the-split.csv"
REPORT_PAGES = {language: f"before-the-split.{language}.html" for language in LANGUAGES}
FILES = (ROSTER_XLSX, ROSTER_CSV, REPORT_CSV, *REPORT_PAGES.values())
SHEET = Words("Liste de départ", "Roster")


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposeRequest:
    """Where the files go, by which rules, on what terms; ``about`` is who leaves, or empty for everybody.

    ``language`` is that of the lists; the page is in both.
    """

    folder: Path
    rules: Sequence[ChosenRule]
    terms: RuleTerms
    about: str
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposeOutcome:
    """The proposal, and the files in which it lies."""

    proposal: Proposal
    files: tuple[Path, ...]


def settled_practitioners(
    store: PracticeStore, lines: Iterable[RosterLine], leaver: str
) -> dict[str, frozenset[str]]:
    """Return with whom ``lines`` let each person leave; a line without a practitioner speaks of ``leaver``."""
    named: dict[str, frozenset[str]] = {}
    for line in lines:
        practitioner = find_practitioner(store, line.practitioner_rpps or leaver)
        person = people.person_of(store, line.patient)
        named[person] = named.get(person, frozenset()) | ({practitioner} if practitioner else set())
    return named


def propose_roster(
    store: PracticeStore, request: ProposeRequest, *, practice: Practice | None, clock: Callable[[], datetime]
) -> ProposeOutcome:
    """Write the files into the folder, which is made if it is not there; whatever goes wrong, none is left.

    Raises:
        AlreadyExists: when one of them is there; then none is written.
        DiskFull, DiskFault: what the disk answered.
        LimitExceeded: when nobody could read a list again.
    """
    for name in FILES:
        if (request.folder / name).exists():
            raise AlreadyExists(path=str(request.folder / name))
    proposal = propose_lines(store, request.rules, request.terms, about=request.about, practice=practice)
    wording, at = Wording(language=request.language), clock()
    columns = sheet_columns(proposal, wording)
    heading = [column.heading for column in columns]
    with _folder(request.folder), ExitStack() as stack:
        streams = {
            name: stack.enter_context(disk.write_aside(request.folder / name, mode=disk.PRIVATE))
            for name in FILES
        }
        title = wording.label(SHEET)
        write_xlsx(streams[ROSTER_XLSX], title, columns, roster_rows(proposal, wording), at=at)
        streams[ROSTER_CSV].writelines(_lines([heading], wording))
        streams[ROSTER_CSV].writelines(list_lines(_texts(roster_rows(proposal, wording), wording)))
        streams[REPORT_CSV].writelines(_lines(report_rows(proposal, wording), wording))
        for language, name in REPORT_PAGES.items():
            streams[name].writelines(report_page(proposal, language, at=at))
    return ProposeOutcome(proposal=proposal, files=tuple(request.folder / name for name in FILES))


def proposal_document(outcome: ProposeOutcome) -> dict[str, Any]:
    """Return what was proposed, as JSON holds it."""
    proposal = outcome.proposal
    return {
        "proposed": 1,
        "rules": [one.code for one in proposal.rules],
        "on": proposal.terms.on.isoformat(),
        "practitioner": proposal.about or None,
        "persons": len(proposal.lines),
        "records": sum(len(line.evidence.records) for line in proposal.lines),
        "without_number": sum(not line.number for line in proposal.lines),
        "decisions": [
            {"decision": decision.value, "practitioner": practitioner or None, "persons": count}
            for (decision, practitioner), count in sorted(proposal.decisions.items())
        ],
        "contested": sum(line.contested for line in proposal.lines),
        "parted_households": len(proposal.parted),
        "unfinished": {kind.value: count for kind, count in proposal.unfinished_counts.items()},
        "later_acts": sum(line.evidence.later_acts for line in proposal.lines),
        "files": [str(path) for path in outcome.files],
    }


def _lines(rows: Iterable[Sequence[Cell]], wording: Wording) -> Iterator[bytes]:
    """Yield the lines of a list from its first on, with the mark by which a spreadsheet knows UTF-8."""
    yield BYTE_ORDER_MARK
    yield from list_lines(_texts(rows, wording))


def _texts(rows: Iterable[Sequence[Cell]], wording: Wording) -> Iterator[list[str]]:
    return ([list_text(cell, wording.language) for cell in row] for row in rows)


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    """Make the folder; when the block fails, take it away again if it was not there."""
    there = folder.exists()
    disk.make_private_folder(folder)
    try:
        yield
    except BaseException:
        if not there:
            disk.remove_empty_folder(folder)
        raise
