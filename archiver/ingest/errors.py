"""Ways in which an assignment names no patient, or more than one."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark, plural


class AssignmentUnknownPatient(Failure):
    """A report, filled in by a person, that gives something to nobody."""

    code = "assignment-unknown-patient"
    sentence = mark("The report assigns {key} to a patient the practice does not know: {patient}.")


class AssignmentAmbiguous(Failure):
    """A report that gives something to a number several persons have: nobody chooses between them in silence."""

    code = "assignment-ambiguous"
    sentence = plural(
        "The report assigns {key} to {patient}, and {count} patient has this number: write the identity "
        "of the one who is meant instead (archiver patients --json).",
        "The report assigns {key} to {patient}, and {count} patients have this number: write the identity "
        "of the one who is meant instead (archiver patients --json).",
    )
