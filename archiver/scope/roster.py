"""The roster: which patients leave with whom, as both practitioners settled it.

A line names a patient by number and says name and birth date once more, so
that a wrong number is noticed and never takes somebody else's dossier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archiver.scope.errors import (
    RosterMismatch,
    RosterUnknownPatient,
    RosterUnknownPractitioner,
    RosterUnreadable,
)
from formats.errors import Failure, TableUnreadable
from formats.model.dates import AnyDate, contradict
from formats.model.dictionary.entry import Privacy
from formats.model.identity import IdentifierType
from formats.model.people import Patient
from formats.names import beginnings, comparable
from formats.tables.columns import FREE_TEXT, PARTIAL_DATE, Columns, ListColumn
from formats.tables.read import Line, parse_any_date, read_list
from formats.tables.write import list_bytes
from formats.words import Words, mark

DICTIONARY: Mapping[str, ListColumn] = {
    "patient_number": ListColumn(
        Words("Numéro", "Number"),
        mark("Number of the patient in the practice; never empty."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("numéro patient", "numéro", "patnum", "number"),
        required=True,
    ),
    "family_name": ListColumn(
        Words("Nom", "Family name"),
        mark(
            "Birth name or name in use, as the practice has it, without regard to accents, capitals and hyphens."
        ),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("nom", "nom de famille"),
        required=True,
    ),
    "given_name": ListColumn(
        Words("Prénom", "Given name"),
        mark("Given name, likewise; empty where the practice has none."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("prénom",),
        required=True,
    ),
    "birth_date": ListColumn(
        Words("Date de naissance", "Birth date"),
        mark("Birth date, as precise as the practice has it."),
        PARTIAL_DATE,
        Privacy.ADMINISTRATIVE,
        aliases=("date de naissance", "né le", "naissance"),
        required=True,
    ),
    "practitioner_rpps": ListColumn(
        Words("Praticien", "Practitioner"),
        mark(
            "Practitioner with whom the patient leaves, where the roster serves several; a list of holds has none."
        ),
        Words("numéro RPPS, ou nom qu’a le cabinet", "RPPS number, or the name that the practice has"),
        Privacy.ADMINISTRATIVE,
        aliases=("rpps", "praticien"),
    ),
}
"""Columns of a roster, and of a list of holds."""
COLUMNS = Columns.of(DICTIONARY)


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterLine:
    """One patient who leaves; ``practitioner_rpps`` is with whom, where the roster serves several.

    ``patient`` is the identity of the patient record the line names, once it was looked for.
    """

    line: int
    patient_number: str
    family_name: str
    given_name: str
    birth_date: AnyDate | None
    practitioner_rpps: str
    patient: str = ""


def read_roster(path: Path) -> Iterator[RosterLine]:
    """Yield the lines of a roster.

    Raises:
        RosterUnreadable: when it is no list, or a line has no number or no usable date.
    """
    try:
        for line in read_list(path, COLUMNS):
            yield _roster_line(line)
    except TableUnreadable as fault:
        number = int(str(fault.facts["line"]))
        where = f"{_place(path, number)} {fault.where}".strip()
        raise RosterUnreadable(where=where, reason=fault.facts["reason"], line=number) from fault
    except RosterUnreadable as failure:
        failure.where = _place(path, int(str(failure.facts["line"])))
        raise


def _place(path: Path, line: int) -> str:
    return f"{path}:{line}" if line else str(path)


def _roster_line(line: Line) -> RosterLine:
    if not line["patient_number"]:
        raise RosterUnreadable(reason=mark("the patient number is missing"), line=line.number)
    if any(not heading for heading, _ in line.others):
        raise RosterUnreadable(reason=mark("it has more cells than the heading"), line=line.number)
    try:
        born = parse_any_date(line["birth_date"])
    except ValueError as fault:
        raise RosterUnreadable(reason=mark("the birth date is not a date"), line=line.number) from fault
    return RosterLine(
        line=line.number,
        patient_number=line["patient_number"],
        family_name=line["family_name"],
        given_name=line["given_name"],
        birth_date=born,
        practitioner_rpps=line["practitioner_rpps"],
    )


def roster_bytes(lines: Iterable[RosterLine]) -> bytes:
    """Return ``lines`` as a list a spreadsheet opens: ``;`` between cells, ISO dates."""
    return list_bytes([tuple(COLUMNS.aliases), *map(_cells, lines)])


def _cells(line: RosterLine) -> tuple[str, ...]:
    born = line.birth_date.isoformat() if line.birth_date else ""
    names = (line.family_name, line.given_name, born)
    return (line.patient_number, *names, line.practitioner_rpps)


def for_practitioner(
    lines: Iterable[RosterLine], practitioner: str, *, identity_of: Callable[[str], str | None]
) -> tuple[tuple[RosterLine, ...], int]:
    """Return the lines that speak of ``practitioner`` or of nobody in particular, and how many speak of others.

    ``practitioner`` is an identity, or empty; ``identity_of`` gives that of a number or a name.

    Raises:
        RosterUnknownPractitioner: when a line names somebody whom the practice does not know.
        RosterUnreadable: when no line is left, or lines name a practitioner and ``practitioner`` is empty.
    """
    selected, passed_over = [], 0
    for line in lines:
        if line.practitioner_rpps and not practitioner:
            reason = mark("it names practitioners; say with whom the patients leave (--practitioner)")
            raise RosterUnreadable(reason=reason, line=line.line)
        named = identity_of(line.practitioner_rpps) if line.practitioner_rpps else practitioner
        if named is None:
            raise RosterUnknownPractitioner(
                practitioner=line.practitioner_rpps, patient=_shown(line), line=line.line
            )
        if named == practitioner:
            selected.append(line)
        else:
            passed_over += 1
    if not selected:
        raise RosterUnreadable(reason=mark("it names no patient of this practitioner"), line=1)
    return tuple(selected), passed_over


def _shown(line: RosterLine) -> str:
    """Return number, names and birth date as a person recognises the line."""
    born = line.birth_date.isoformat() if line.birth_date else ""
    return " ".join(filter(None, (line.patient_number, line.family_name, line.given_name, born)))


def resolve_lines(
    lines: Iterable[RosterLine],
    patients: Iterable[Patient],
    *,
    nobody: type[Failure] = RosterUnknownPatient,
    person_of: Callable[[str], str] = lambda patient: patient,
) -> tuple[RosterLine, ...]:
    """Return ``lines``, each with the identity of the patient record it names.

    ``person_of`` gives the record that stands for the person behind a patient record.

    Raises:
        RosterUnknownPatient: when nobody has the number; another list says it as ``nobody`` does.
        RosterMismatch: when several persons have it, or name or birth date contradict.
    """
    by_number: dict[str, list[Patient]] = {}
    for patient in patients:
        for identifier in patient.identifiers:
            if identifier.type in {IdentifierType.LOCAL, IdentifierType.CHART}:
                by_number.setdefault(identifier.value, []).append(patient)
    found = ((line, _found(line, by_number, nobody, person_of)) for line in lines)
    return tuple(replace(line, patient=patient.id) for line, patient in found)


def chosen_patients(lines: Iterable[RosterLine]) -> tuple[str, ...]:
    """Return the identities of the patient records that resolved ``lines`` name, each once."""
    return tuple(dict.fromkeys(line.patient for line in lines))


def _found(
    line: RosterLine,
    by_number: Mapping[str, Sequence[Patient]],
    nobody: type[Failure],
    person_of: Callable[[str], str],
) -> Patient:
    known = list({patient.id: patient for patient in by_number.get(line.patient_number, [])}.values())
    if not known:
        raise nobody(patient=line.patient_number, line=line.line)
    agreeing = [patient for patient in known if not _contradiction(line, patient)]
    if len({person_of(patient.id) for patient in agreeing}) != 1:
        reason = _contradiction(line, known[0]) or mark("several patients have this number")
        raise RosterMismatch(patient=line.patient_number, line=line.line, reason=reason)
    return agreeing[0]


def _contradiction(line: RosterLine, patient: Patient) -> str:
    traits = patient.traits
    families = {comparable(traits.birth_family_name), comparable(traits.used_family_name)}
    if comparable(line.family_name) not in families:
        return mark("the family name is another")
    given = {*beginnings(" ".join(traits.birth_given_names)), *beginnings(traits.used_given_name)}
    if comparable(line.given_name) not in (given or {""}):  # of some people a practice knows no given name
        return mark("the given name is another")
    if line.birth_date == traits.birth_date:
        return ""
    if line.birth_date and traits.birth_date and not contradict(line.birth_date, traits.birth_date):
        return mark("the birth date is more or less precise than in the practice")
    return mark("the birth date is another")
