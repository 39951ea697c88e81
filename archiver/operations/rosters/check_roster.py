"""Compare a roster, or a list of holds, with the practice: every error of it, before anything is done."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, partial
from pathlib import Path
from typing import Any

from archiver.operations.documents.outcomes import findings_json
from archiver.practice import people
from archiver.practice.practitioners import find_practitioner
from archiver.practice.store import PracticeStore
from archiver.scope.errors import HoldErrors, HoldUnknownPatient, UnknownPractitioner
from archiver.scope.rosters.roster import chosen_patients, read_roster
from archiver.scope.rosters.roster_check import CheckedRoster, compare_roster
from formats.errors import in_english


def check_roster(store: PracticeStore, roster: Path, practitioner: str | None) -> CheckedRoster:
    """Return ``roster`` compared with the practice, as far as it speaks of ``practitioner`` or of nobody.

    ``practitioner`` is a number or a name, empty for nobody in particular, None for whomever the lines name.

    Raises:
        UnknownPractitioner: when the practice has no such practitioner.
        RosterUnreadable: when the whole is no roster, or not of this practitioner; LimitExceeded.
    """
    identity = find_practitioner(store, practitioner) if practitioner else practitioner
    if practitioner and identity is None:
        raise UnknownPractitioner(practitioner=practitioner)
    return compare_roster(
        read_roster(roster),
        store.patients(),
        practitioner=identity,
        identity_of=cache(partial(find_practitioner, store)),
        person_of=partial(people.person_of, store),
    )


def check_holds(store: PracticeStore, holds: Path, patients: Collection[str]) -> CheckedRoster:
    """Return the list ``holds`` compared with those of ``patients`` who are exported.

    Raises:
        RosterUnreadable, LimitExceeded: when the whole is no such list.
    """
    exported = frozenset(patients)
    return compare_roster(
        read_roster(holds),
        (patient for patient in store.patients() if patient.id in exported),
        practitioner=None,
        identity_of=lambda name: name,
        person_of=partial(people.person_of, store),
        nobody=HoldUnknownPatient,
        several=HoldErrors,
    )


def roster_document(checked: CheckedRoster) -> dict[str, Any]:
    """Return a roster that was compared, as JSON holds it."""
    return {
        "roster": 1,
        "path": str(checked.roster.path),
        "lines": len(checked.roster.lines) + len(checked.roster.errors),
        "patients": len(chosen_patients(checked.lines)),
        "elsewhere": checked.elsewhere,
        "staying": checked.staying,
        "errors": [
            {
                "line": one.line,
                "code": one.failure.code,
                "text": in_english(one.failure.sentence, one.failure.facts),
                "columns": list(one.columns),
                "cells": dict(one.cells),
                "known": [dict(known) for known in one.known],
                "nearest": [dict(near) for near in one.nearest],
            }
            for one in checked.errors
        ],
        "findings": findings_json(checked.findings),
    }
