"""Ways in which a roster cannot be followed."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark, plural


class RosterUnreadable(Failure):
    code = "roster-unreadable"
    sentence = mark("The list of patients cannot be read: {reason}.")


class RosterUnknownPatient(Failure):
    code = "roster-unknown-patient"
    sentence = mark(
        "The roster names a patient the practice does not know: {patient} (line {line}). Nearest: {near}."
    )


class HoldUnknownPatient(Failure):
    code = "hold-unknown-patient"
    sentence = mark("The list of holds names a patient who is not exported: {patient} (line {line}).")


class RosterUnknownPractitioner(Failure):
    """A line of a roster whose practitioner nobody of the practice is: the patient would stay unnoticed."""

    code = "roster-unknown-practitioner"
    sentence = mark(
        "The roster gives {patient} to {practitioner}, whom the practice does not know (line {line}): "
        "correct the number or the name."
    )


class SplitUnknownPatient(Failure):
    code = "split-unknown-patient"
    sentence = mark(
        "The roster names a patient who is not in the package: {patient} (line {line}). Nearest: {near}."
    )


class SplitUnknownReceiver(Failure):
    """A line of a roster whose practitioner is no receiver: the patient would stay unnoticed."""

    code = "split-unknown-receiver"
    sentence = mark(
        "The roster gives {patient} to {practitioner}, whom no --receiver names (line {line}): correct the name, or "
        "add the receiver."
    )


class UnknownPractitioner(Failure):
    code = "unknown-practitioner"
    sentence = mark("The practice has no practitioner {practitioner}.")


class RosterMismatch(Failure):
    code = "roster-mismatch"
    sentence = mark(
        "The list and the practice disagree about patient {patient} (line {line}): {reason} "
        "(list: {listed}; practice: {known})."
    )


class RosterUndecided(Failure):
    """A line that a proposed roster left to people, and that they left so."""

    code = "roster-undecided"
    sentence = mark(
        "Nobody has decided about {patient} (line {line}): write yes or no, and with whom the patient leaves."
    )


class RosterContradiction(Failure):
    """A line by which a person stays, beside one by which they leave with the same practitioner."""

    code = "roster-contradiction"
    sentence = mark(
        "Line {line} says that {patient} stays, and line {other} that the same person leaves: decide which is right."
    )


class RosterStatementInvalid(Failure):
    code = "roster-statement-invalid"
    sentence = mark("What the roster was signed with cannot be read: {reason}.")


class RosterStatementMissing(Failure):
    code = "roster-statement-missing"
    sentence = mark(
        "Nothing beside the roster says whom it is between: whoever signs first gives --practice and each --between."
    )


class RosterStatementDiffers(Failure):
    code = "roster-statement-differs"
    sentence = mark("The roster was signed with another {what}: {stated}, and not {asked}.")


class RosterChanged(Failure):
    code = "roster-changed"
    sentence = mark(
        "This is not the roster that was signed ({signature}): bring the roster as it was, or remove that signature "
        "and let everybody sign again."
    )


class RosterSignerForeign(Failure):
    code = "roster-signer-foreign"
    sentence = mark("{signer} is none of those whom the roster is between: {parties}.")


class RosterUnsigned(Failure):
    code = "roster-unsigned"
    sentence = mark(
        "{found} of {asked} practitioners agreed on the roster (ground: {ground}); missing: {absent}. "
        "Let them sign it (archiver roster sign), or say why not (--unsigned): the reason goes into the package."
    )


class RosterErrors(Failure):
    """A list of patients with several wrong lines, each of which was named before."""

    code = "roster-errors"
    sentence = plural(
        "The list of patients has {count} error. Correct it; archiver roster check shows it beside the practice.",
        "The list of patients has {count} errors. Correct them; archiver roster check shows each beside the practice.",
    )


class HoldErrors(Failure):
    """A list of holds with several wrong lines, each of which was named before."""

    code = "hold-errors"
    sentence = plural(
        "The list of holds has {count} error. Correct it.",
        "The list of holds has {count} errors. Correct them.",
    )


class RuleUnknown(Failure):
    code = "rule-unknown"
    sentence = mark("No rule is called {rule}. Known are: {known}.")


class RuleIncomplete(Failure):
    code = "rule-incomplete"
    sentence = mark("The rule {rule} needs {option}.")
