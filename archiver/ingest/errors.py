"""Ways in which a list that people fill in names no patient, more than one, or cannot be recorded."""

from __future__ import annotations

from collections.abc import Sequence

from formats.errors import Failure
from formats.findings import Finding
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


class AnswersRefused(Failure):
    """A list of answers of which some cannot be recorded: ``findings`` says of each line why."""

    code = "answers-refused"
    sentence = plural(
        "{count} line of the answers cannot be recorded; nothing was.",
        "{count} lines of the answers cannot be recorded; nothing was.",
    )
    findings: Sequence[Finding] = ()
