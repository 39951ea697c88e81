"""Ways in which a command names what is not there, and in which the program itself fails."""

from __future__ import annotations

from archiver.errors import KeyFailure
from formats.errors import Failure
from formats.words import mark, plural


class UnknownPractitioner(Failure):
    code = "unknown-practitioner"
    sentence = mark("The practice has no practitioner {practitioner}.")


class HoldUnknownPatient(Failure):
    code = "hold-unknown-patient"
    sentence = mark("The list of holds names a patient who is not exported: {patient} (line {line}).")


class QuestionUnknown(Failure):
    code = "question-unknown"
    sentence = mark("There is no such question or merge ({number}).")


class UnitUnknown(Failure):
    """A name or number under which a package holds nobody."""

    code = "unit-unknown"
    sentence = mark("The package holds no patient of this name or number: {wanted}. Nearest: {near}.")


class UnitAmbiguous(Failure):
    code = "unit-ambiguous"
    sentence = plural(
        "{count} patient of the package fits: {wanted}. Say which by the number: {near}.",
        "{count} patients of the package fit: {wanted}. Say which by the number: {near}.",
    )


class PassphraseMissing(KeyFailure):
    code = "passphrase-missing"
    sentence = mark(
        "This key has a passphrase, and nobody is here to type it: name its file with {option}, or set {variable}."
    )


class ShellUnknown(Failure):
    code = "shell-unknown"
    sentence = mark("The shell of this terminal is not known: bash, zsh, fish and PowerShell can complete.")


class Unexpected(Failure):
    """A fault in this program; ``ARCHIVER_TRACE=1`` shows where."""

    code = "unexpected"
    sentence = mark("Something unexpected happened inside the program ({kind}: {reason}); please report it.")


class OutputUnwritten(Failure):
    code = "output-unwritten"
    sentence = mark(
        "What the command says could not be written to the standard output ({reason}); the files it made are complete."
    )
