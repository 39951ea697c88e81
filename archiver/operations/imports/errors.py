"""Ways in which an import cannot be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from formats.errors import Failure
from formats.findings import Finding
from formats.words import mark, plural


class ImportUnknown(Failure):
    code = "import-unknown"
    sentence = mark("There is no import {number}: archiver import list has those there are.")


class NothingToUndo(Failure):
    """A store without an import that could be taken back."""

    code = "nothing-to-undo"
    sentence = mark(
        "No import of this practice store can be taken back: archiver import list has all there were."
    )


class ListUnknownPatient(Failure):
    """A line of a list of whom to import that names nobody in the package."""

    code = "list-unknown-patient"
    sentence = mark(
        "The list names a patient who is not in the package: {patient} (line {line}). Nearest: {near}."
    )


class ListErrors(Failure):
    """A list of whom to import with more than one error, each of which was said."""

    code = "list-errors"
    sentence = plural(
        "The list of patients to import has {count} error. Correct it.",
        "The list of patients to import has {count} errors. Correct them.",
    )


class OwnPracticeKnown(Failure):
    """A name for the practice of a store that says already whose it is."""

    code = "own-practice-known"
    sentence = mark("This store is of {known}, not of {stated}: nothing was changed.")


class UndoneBefore(Failure):
    """An import that was taken back already."""

    code = "undone-before"
    sentence = mark("Import {number} was taken back before, by {by} on {day}: nothing was changed.")


class UndoRefused(Failure):
    """An import on which something builds that came later: ``findings`` says what."""

    code = "undo-refused"
    sentence = plural(
        "Import {number} cannot be taken back: {count} thing that came later builds on it, as said above. Nothing was "
        "changed.",
        "Import {number} cannot be taken back: {count} things that came later build on it, as said above. Nothing was "
        "changed.",
    )
    findings: Sequence[Finding] = ()
