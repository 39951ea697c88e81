"""What the ``patients`` command does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from archiver import disk
from archiver.cli.terminal.console import note, say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.operations.people.list_persons import ListedPerson, line_cells, listed_persons, person_json
from archiver.practice.registers.dossier_states import STATE_WORDS, DossierState, current_states
from archiver.practice.store import open_store
from archiver.scope.rosters.roster import roster_bytes
from formats.model.people import Patient, PatientStatus
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


MERGED = "= {number}"
"""In front of another record of the person above."""


def show(path: Path, *, roster: Path | None, as_json: bool) -> None:
    """List the persons; the practitioner's column of a roster stays empty for people to fill in.

    Raises:
        AlreadyExists: when a roster lies there already.
    """
    with open_store(path, reading=True) as store:
        states = current_states(store)
        known = listed_persons(store)
    if roster is not None:
        with disk.write_aside(roster, mode=disk.PRIVATE) as sheet:
            sheet.write(roster_bytes(one.line for one in known))
        note(
            mark("Who leaves with whom is for the practitioners to say: delete the lines of those who stay.")
        )
    if as_json:
        show_json({"patients": 1, "listed": [person_json(one, states) for one in known]})
        return
    heading = (*HEADING, mark("transfer")) if states else HEADING
    show_table([row for one in known for row in _rows(one, states)], heading=heading)
    say(plural("{count} patient.", "{count} patients."), count=len(known))
    merged = sum(len(one.others) for one in known)
    if merged:
        say(
            plural(
                "{count} more record of one of them, merged: it begins with =.",
                "{count} more records of some of them, merged: they begin with =.",
            ),
            count=merged,
        )


def _rows(one: ListedPerson, states: Mapping[str, DossierState]) -> Iterator[tuple[str, ...]]:
    yield (*line_cells(one.line), *_words(one.patient, states))
    for line, patient in one.others:
        number, *cells = line_cells(line)
        yield (MERGED.format(number=number), *cells, *_words(patient, states))


def _words(patient: Patient, states: Mapping[str, DossierState]) -> Iterator[str]:
    """Yield the status of a patient and, where any dossier came by an import, what became of this one."""
    yield localize(STATUS_WORDS[patient.status])
    if states:
        state = states.get(patient.id)
        yield localize(STATE_WORDS[state]) if state else ""
