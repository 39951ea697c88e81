"""Ways in which a roster cannot be followed."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class RosterUnreadable(Failure):
    code = "roster-unreadable"
    sentence = mark("The list of patients cannot be read: {reason}.")


class RosterUnknownPatient(Failure):
    code = "roster-unknown-patient"
    sentence = mark("The roster names a patient the practice does not know: {patient} (line {line}).")


class RosterUnknownPractitioner(Failure):
    """A line of a roster whose practitioner nobody of the practice is: the patient would stay unnoticed."""

    code = "roster-unknown-practitioner"
    sentence = mark(
        "The roster gives {patient} to {practitioner}, whom the practice does not know (line {line}): "
        "correct the number or the name."
    )


class RosterMismatch(Failure):
    code = "roster-mismatch"
    sentence = mark("The roster and the practice disagree about patient {patient} (line {line}): {reason}.")
