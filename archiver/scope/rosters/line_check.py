"""A line of a roster beside the patients who have its number: whom it names, or what contradicts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from archiver.scope.errors import RosterMismatch, RosterUnknownPractitioner
from archiver.scope.rosters.patient_index import PatientIndex, family_names, given_names, patient_cells
from archiver.scope.rosters.roster import RosterError, RosterLine
from formats.errors import Failure
from formats.model.dates import contradict
from formats.model.people import Patient
from formats.names import comparable
from formats.words import mark

ANOTHER = {
    "family_name": mark("the family name is another"),
    "used_family_name": mark("the family name in use is another"),
    "birth_family_name": mark("the birth name is another"),
    "given_name": mark("the given name is another"),
    "birth_date": mark("the birth date is another"),
}
SEVERAL = {
    2: mark("two of family name, given name and birth date are others"),
    3: mark("family name, given name and birth date are others"),
}


def unknown_practitioner(line: RosterLine, where: str) -> RosterError:
    """Return the error of a line that names a practitioner whom nobody knows; ``where`` is the roster."""
    failure = RosterUnknownPractitioner(
        where=where, practitioner=line.practitioner_rpps, patient=shown_cells(line.cells), line=line.line
    )
    return RosterError(line=line.line, failure=failure, cells=line.cells, columns=("practitioner_rpps",))


def compared_line(
    line: RosterLine,
    index: PatientIndex,
    person_of: Callable[[str], str],
    nobody: type[Failure],
    where: str,
) -> RosterLine | RosterError:
    """Return ``line`` with the record it names, or what is wrong with it.

    ``person_of`` gives the record that stands for the person behind another, ``nobody`` says that no patient of
    ``index`` has the number; ``where`` is the roster.
    """
    known = index.numbered(line.patient_number)
    agreeing = [patient for patient in known if not contradictions(line, patient)]
    if len({person_of(patient.id) for patient in agreeing}) == 1:
        return replace(line, patient=agreeing[0].id)
    nearest = index.nearest(line, besides=known)
    columns: tuple[str, ...] = ("patient_number",)
    if known:
        failure: Failure = _mismatch(line, known, agreeing, where)
        columns = tuple(contradictions(line, known[0])) or columns
    else:
        near = ", ".join(shown_cells(patient_cells(one)) for one in nearest) or mark("none")
        failure = nobody(where=where, patient=shown_cells(line.cells), line=line.line, near=near)
    return RosterError(
        line=line.line,
        failure=failure,
        cells=line.cells,
        columns=columns,
        known=tuple(map(patient_cells, known)),
        nearest=tuple(map(patient_cells, nearest)),
    )


def _mismatch(
    line: RosterLine, known: Sequence[Patient], agreeing: Sequence[Patient], where: str
) -> RosterMismatch:
    """Return the failure of a line that contradicts whoever has its number, or fits several persons."""
    if agreeing:
        reason, listed = mark("several patients have this number"), line.cells
        known_cells = list(map(patient_cells, agreeing))
    else:
        differing = contradictions(line, known[0])
        reason = SEVERAL.get(len(differing), next(iter(differing.values())))
        listed = {one: line.cells[one] for one in differing}
        known_cells = [{one: patient_cells(known[0])[one] for one in differing}]
    return RosterMismatch(
        where=where,
        patient=line.patient_number,
        line=line.line,
        reason=reason,
        listed=shown_cells(listed) or mark("nothing"),
        known=", ".join(filter(None, map(shown_cells, known_cells))) or mark("nothing"),
    )


def contradictions(line: RosterLine, patient: Patient) -> dict[str, str]:
    """Return what of ``line`` contradicts ``patient``: columns with the reason."""
    found = {}
    if comparable(line.family_name) not in family_names(patient):
        found["family_name"] = ANOTHER["family_name"]
    traits = patient.traits
    apart = {
        "used_family_name": traits.used_family_name or traits.birth_family_name,
        "birth_family_name": traits.birth_family_name,
    }
    for column, name in apart.items():
        if line.cells[column] and comparable(line.cells[column]) != comparable(name) and not found:
            found[column] = ANOTHER[column]
    if comparable(line.given_name) not in given_names(patient):
        found["given_name"] = ANOTHER["given_name"]
    born = traits.birth_date
    if line.birth_date != born:
        found["birth_date"] = ANOTHER["birth_date"]
        if line.birth_date and born and not contradict(line.birth_date, born):
            found["birth_date"] = mark("the birth date is more or less precise than in the practice")
    return found


def shown_cells(cells: dict[str, str]) -> str:
    """Return number, names and birth date as a person recognises somebody."""
    shown = ("patient_number", "family_name", "given_name", "birth_date")
    return " ".join(filter(None, (cells.get(one, "") for one in shown)))
