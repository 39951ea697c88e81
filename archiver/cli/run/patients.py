"""What the ``patients`` command does."""

from __future__ import annotations

from pathlib import Path

from archiver import disk
from archiver.cli.terminal.console import note, say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.practice.store import open_store
from archiver.scope.roster import RosterLine, roster_bytes
from formats.model.identity import IdentifierType
from formats.model.people import Patient, PatientStatus
from formats.names import comparable
from formats.words import mark, plural

STATUS_WORDS = {
    PatientStatus.ACTIVE: mark("active"),
    PatientStatus.INACTIVE: mark("inactive"),
    PatientStatus.ARCHIVED: mark("archived"),
    PatientStatus.PROSPECTIVE: mark("prospective"),
    PatientStatus.DECEASED: mark("deceased"),
    PatientStatus.DELETED: mark("deleted"),
    PatientStatus.OTHER: mark("other"),
}
HEADING = (mark("number"), mark("family name"), mark("given name"), mark("born"), mark("status"))


def show(path: Path, *, roster: Path | None, as_json: bool) -> None:
    """List the patients; the practitioner's column of a roster stays empty for people to fill in.

    Raises:
        AlreadyExists: when a roster lies there already.
    """
    with open_store(path, reading=True) as store:
        known = [(_line(patient), patient) for patient in store.patients()]
    known.sort(key=lambda one: _order(one[0]))
    if roster is not None:
        with disk.write_aside(roster, mode=disk.PRIVATE) as sheet:
            sheet.write(roster_bytes(line for line, _ in known))
        note(
            mark("Who leaves with whom is for the practitioners to say: delete the lines of those who stay.")
        )
    if as_json:
        show_json({"patients": 1, "listed": [_json(line, patient) for line, patient in known]})
        return
    rows = [(*_cells(line), localize(STATUS_WORDS[patient.status])) for line, patient in known]
    show_table(rows, heading=HEADING)
    say(plural("{count} patient.", "{count} patients."), count=len(rows))


def _line(patient: Patient) -> RosterLine:
    numbers = (one.value for one in patient.identifiers if one.type is IdentifierType.LOCAL)
    traits = patient.traits
    return RosterLine(
        line=0,
        patient_number=next(numbers, ""),
        family_name=traits.used_family_name or traits.birth_family_name,
        given_name=traits.used_given_name or " ".join(traits.birth_given_names),
        birth_date=traits.birth_date,
        practitioner_rpps="",
    )


def _order(line: RosterLine) -> tuple[str, str, str]:
    """Return by what lines are sorted: accents and cases do not send a name to the end."""
    return comparable(line.family_name), comparable(line.given_name), line.patient_number


def _cells(line: RosterLine) -> tuple[str, str, str, str]:
    born = line.birth_date.isoformat() if line.birth_date else ""
    return line.patient_number, line.family_name, line.given_name, born


def _json(line: RosterLine, patient: Patient) -> dict[str, str]:
    number, family, given, born = _cells(line)
    return {
        "id": patient.id,
        "number": number,
        "family_name": family,
        "given_name": given,
        "birth_date": born,
        "status": patient.status.value,
    }
