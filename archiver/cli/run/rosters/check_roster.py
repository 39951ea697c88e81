"""What the ``roster`` commands do, and how every command says what is wrong with a roster."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archiver.cli.options.output import OutputOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import (
    SEVERITIES,
    complain,
    note,
    say,
    show_findings,
    show_json,
    show_table,
)
from archiver.cli.terminal.language import localize, localize_failure
from archiver.operations.rosters.check_roster import check_roster, roster_document
from archiver.practice.store import open_store
from archiver.scope.errors import RosterErrors
from archiver.scope.rosters.roster import RosterError, chosen_patients
from archiver.scope.rosters.roster_check import CheckedRoster
from formats.findings import Finding, Severity
from formats.words import mark, plural

SHOWN = 100
"""Errors of a list that are shown on a terminal; the JSON has all."""
HEADING = ("", mark("number"), mark("family name"), mark("given name"), mark("born"))


def check(path: Path, roster: Path, practitioner: str | None, output: OutputOptions) -> None:
    """Compare a roster with the practice, and show everything that is wrong with it.

    Raises:
        Failure: the one error, or RosterErrors, once everything was shown.
    """
    with findings_report(output.report) as fill:
        with open_store(path, reading=True) as store:
            checked = check_roster(store, roster, practitioner)
        fill((*map(_finding, checked.errors), *checked.findings))
    show_json(roster_document(checked)) if output.as_json else _show(checked)
    checked.require_correct()


def require_correct(checked: CheckedRoster) -> CheckedRoster:
    """Return a roster or list of holds without an error; several are named one by one first.

    Raises:
        Failure: the one error, or RosterErrors or HoldErrors.
    """
    if len(checked.errors) > 1:
        for one in checked.errors[:SHOWN]:
            complain(one.failure)
        _note_more(checked, roster=checked.several is RosterErrors)
    checked.require_correct()
    return checked


def _show(checked: CheckedRoster) -> None:
    for one in checked.errors[:SHOWN]:
        _show_error(one)
    _note_more(checked)
    say(
        plural("{count} patient can leave as listed.", "{count} patients can leave as listed."),
        count=len(chosen_patients(checked.lines)),
    )
    if checked.elsewhere:
        say(
            plural("{count} line is of another practitioner.", "{count} lines are of other practitioners."),
            count=checked.elsewhere,
        )
    if checked.staying:
        say(
            plural("{count} line says that the patient stays.", "{count} lines say that the patient stays."),
            count=checked.staying,
        )
    show_findings(checked.findings)


def _note_more(checked: CheckedRoster, *, roster: bool = True) -> None:
    """Say how many errors there are besides; what compares a ``roster`` knows nothing of a list of holds."""
    elsewhere = plural(
        "{count} more error is not shown here; archiver roster check --json has it.",
        "{count} more errors are not shown here; archiver roster check --json has them.",
    )
    nowhere = plural("{count} more error is not shown here.", "{count} more errors are not shown here.")
    if len(checked.errors) > SHOWN:
        note(elsewhere if roster else nowhere, count=len(checked.errors) - SHOWN)


def _show_error(error: RosterError) -> None:
    """Show what the line holds above what the practice has, and who else may be meant."""
    text = localize_failure(error.failure)
    say(SEVERITIES[Severity.ERROR], text=text, code=error.failure.code)
    rows = [(mark("list"), error.cells)] if error.cells else []
    rows += [(mark("practice"), one) for one in error.known]
    rows += [(mark("nearest"), one) for one in error.nearest]
    if len(rows) > 1:
        show_table([(localize(label), *_row(cells)) for label, cells in rows], heading=HEADING)


def _finding(error: RosterError) -> Finding:
    failure = error.failure
    return Finding(
        severity=Severity.ERROR,
        code=failure.code,
        where=failure.where,
        sentence=failure.sentence,
        facts=failure.facts,
    )


def _row(cells: Mapping[str, str]) -> tuple[str, ...]:
    names = dict.fromkeys(filter(None, (cells["family_name"], cells.get("birth_family_name", ""))))
    return cells["patient_number"], " / ".join(names), cells["given_name"], cells["birth_date"]
