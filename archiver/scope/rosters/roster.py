"""The roster: which patients leave with whom, as both practitioners settled it.

A line names a patient by number and says name and birth date once more, so
that a wrong number is noticed and never takes somebody else's dossier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archiver.scope.errors import RosterUnreadable
from archiver.scope.evidence_columns import EVIDENCE
from archiver.scope.rosters.roster_decision import RosterDecision, read_decision
from formats.errors import Failure, TableUnreadable
from formats.findings import Finding
from formats.model.dates import AnyDate
from formats.model.dictionary.entry import Privacy
from formats.tables.columns import FREE_TEXT, PARTIAL_DATE, Columns, ListColumn
from formats.tables.read import Line, ignored_columns, parse_any_date, read_list
from formats.tables.write import list_bytes
from formats.words import Words, mark

DICTIONARY: Mapping[str, ListColumn] = {
    "patient_number": ListColumn(
        Words("Numéro", "Number"),
        mark("Number of the patient in the practice; never empty."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=(
            *(
                "numéro patient",
                "numéro",
                "patnum",
                "number",
                "n°",
                "no",
                "n° patient",
                "no patient",
                "num patient",
            ),
            *("n° dossier", "no dossier", "numéro dossier", "numéro de dossier", "dossier", "code patient"),
            *("id patient", "identifiant", "identifiant patient", "patient number", "patient id"),
        ),
        required=True,
        number=True,
    ),
    "family_name": ListColumn(
        Words("Nom", "Family name"),
        mark(
            "Birth name or name in use, as the practice has it, without regard to accents, capitals and hyphens."
        ),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("nom", "nom de famille", "nom patient", "nom du patient", "last name", "surname"),
        required=True,
    ),
    "used_family_name": ListColumn(
        Words("Nom d’usage", "Family name in use"),
        mark("Name in use, where the list has it apart; the birth name where the practice has no other."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("nom d'usage", "nom usage", "nom usuel", "nom utilisé", "nom marital", "nom d'époux"),
        stands_for="family_name",
    ),
    "birth_family_name": ListColumn(
        Words("Nom de naissance", "Birth name"),
        mark("Birth name, where the list has it apart."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("nom de naissance", "nom naissance", "nom de jeune fille", "birth name", "maiden name"),
        stands_for="family_name",
    ),
    "given_name": ListColumn(
        Words("Prénom", "Given name"),
        mark("Given name, likewise; empty where the practice has none."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=(
            *(
                "prénom",
                "prénoms",
                "prénom(s)",
                "prénom usuel",
                "prénom utilisé",
                "prénom patient",
                "first name",
            ),
            *("premier prénom", "prénom de naissance", "premier prénom de naissance"),
        ),
        required=True,
    ),
    "birth_date": ListColumn(
        Words("Date de naissance", "Birth date"),
        mark("Birth date, as precise as the practice has it."),
        PARTIAL_DATE,
        Privacy.ADMINISTRATIVE,
        aliases=(
            *("date de naissance", "né le", "naissance", "née le", "né(e) le", "né/née le", "date naissance"),
            *("date naiss.", "date de naiss.", "dt naissance", "ddn", "date of birth", "dob", "born"),
        ),
        required=True,
    ),
    "practitioner_rpps": ListColumn(
        Words("Praticien", "Practitioner"),
        mark(
            "Practitioner with whom the patient leaves, where the roster serves several; a list of holds has none."
        ),
        Words("numéro RPPS, ou nom qu’a le cabinet", "RPPS number, or the name that the practice has"),
        Privacy.ADMINISTRATIVE,
        aliases=(
            "rpps",
            "praticien",
            "praticienne",
            "praticien traitant",
            "n° rpps",
            "numéro rpps",
            "practitioner",
        ),
        number=True,
    ),
    "decision": ListColumn(
        Words("Décision", "Decision"),
        mark("Whether the patient is of the practitioner of the line; an empty cell says yes."),
        Words("`oui`, `non`, `à décider`", "`yes`, `no`, `to decide`"),
        Privacy.ADMINISTRATIVE,
    ),
}
"""Columns of a roster, and of a list of holds."""
COLUMNS = Columns.of(DICTIONARY, passing_over=EVIDENCE)


DAYS = re.compile(r"[1-9]\d{4}")
SHORT_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}")
WRITTEN = ("patient_number", "family_name", "given_name", "birth_date", "practitioner_rpps")
"""Columns of a roster that the program writes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterLine:
    """One patient who leaves; ``practitioner_rpps`` is with whom, where the roster serves several.

    ``family_name`` is the name in use or that of birth; the two others say which, where the list has them apart.
    ``decision`` says whether they leave: a proposed roster also names those who stay, and those to decide about.
    ``patient`` is the identity of the patient record the line names, once it was looked for.
    """

    line: int
    patient_number: str
    family_name: str
    given_name: str
    birth_date: AnyDate | None
    practitioner_rpps: str
    used_family_name: str = ""
    birth_family_name: str = ""
    decision: RosterDecision = RosterDecision.YES
    patient: str = ""

    @property
    def cells(self) -> dict[str, str]:
        """The cells of the line by column, the birth date in ISO 8601."""
        return {
            "patient_number": self.patient_number,
            "family_name": self.family_name,
            "used_family_name": self.used_family_name,
            "birth_family_name": self.birth_family_name,
            "given_name": self.given_name,
            "birth_date": self.birth_date.isoformat() if self.birth_date else "",
            "practitioner_rpps": self.practitioner_rpps,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterError:
    """What is wrong with one line: ``failure`` says it and has the code.

    ``columns`` are those that contradict the practice, ``cells`` what the line holds, ``known`` who has its number in
    the practice, ``nearest`` who else may be meant; all of them by the names of the columns.
    """

    line: int
    failure: Failure
    cells: Mapping[str, str]
    columns: tuple[str, ...] = ()
    known: tuple[Mapping[str, str], ...] = ()
    nearest: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """A roster as it was read: its lines, those nobody can read, what a person should know of the list."""

    path: Path
    lines: tuple[RosterLine, ...]
    errors: tuple[RosterError, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_roster(path: Path) -> Roster:
    """Return the roster at ``path``, or a list of holds.

    Raises:
        RosterUnreadable: when it is no list, or lacks a column.
        LimitExceeded: past the size of a list, a line or a heading.
    """
    lines: list[RosterLine] = []
    errors: list[RosterError] = []
    findings: list[Finding] = []
    read: list[Line] = []
    try:
        for line in read_list(path, COLUMNS):
            if isinstance(line, Finding):
                findings.append(line)
                continue
            read.append(line)
            understood = _roster_line(path, line)
            errors.append(understood) if isinstance(understood, RosterError) else lines.append(understood)
    except TableUnreadable as fault:
        number = int(str(fault.facts["line"]))
        where = f"{_place(path, number)} {fault.where}".strip()
        failure = RosterUnreadable(where=where, reason=fault.facts["reason"], line=number)
        if not read:
            raise failure from fault
        errors.append(RosterError(line=number, failure=failure, cells={}))
    findings += ignored_columns(read, path.name)
    return Roster(path=path, lines=tuple(lines), errors=tuple(errors), findings=tuple(findings))


def _place(path: Path, line: int) -> str:
    return f"{path}:{line}" if line else str(path)


def _roster_line(path: Path, line: Line) -> RosterLine | RosterError:
    reason, born = _fault(line), None
    try:
        born = parse_any_date(line["birth_date"])
    except ValueError:
        reason = reason or _date_fault(line["birth_date"])
    decision = read_decision(line["decision"])
    if decision is None:
        reason = reason or mark("the decision is none of yes, no, to decide")
    if reason or decision is None:
        failure = RosterUnreadable(where=_place(path, line.number), reason=reason, line=line.number)
        return RosterError(line=line.number, failure=failure, cells={one: line[one] for one in DICTIONARY})
    names = (line["family_name"], line["used_family_name"], line["birth_family_name"])
    return RosterLine(
        line=line.number,
        patient_number=line["patient_number"],
        family_name=next(filter(None, names), ""),
        used_family_name=line["used_family_name"],
        birth_family_name=line["birth_family_name"],
        given_name=line["given_name"],
        birth_date=born,
        practitioner_rpps=line["practitioner_rpps"],
        decision=decision,
    )


def _fault(line: Line) -> str:
    """Return why nobody can follow a line, whatever its date."""
    if line.rounded:
        return mark(
            "a spreadsheet cut one of its numbers to the first digits: set the column to text, enter the number again"
        )
    if not line["patient_number"]:
        return mark("the patient number is missing")
    if any(not heading for heading, _ in line.others):
        return mark("it has more cells than the heading")
    return ""


def _date_fault(text: str) -> str:
    if DAYS.fullmatch(text):
        return mark("the birth date is a count of days, as a spreadsheet keeps it: set the column to dates")
    if SHORT_YEAR.fullmatch(text):
        return mark("the year of the birth date has two digits: write four")
    return mark("the birth date is not a date")


def roster_bytes(lines: Iterable[RosterLine]) -> bytes:
    """Return ``lines`` as a list a spreadsheet opens: ``;`` between cells, ISO dates."""
    return list_bytes([WRITTEN, *(tuple(line.cells[one] for one in WRITTEN) for line in lines)])


def chosen_patients(lines: Iterable[RosterLine]) -> tuple[str, ...]:
    """Return the identities of the patient records that resolved ``lines`` name, each once."""
    return tuple(dict.fromkeys(line.patient for line in lines))
