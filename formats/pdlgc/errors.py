"""Ways in which an archive cannot be written or read."""

from __future__ import annotations

from formats.errors import FormatFailure
from formats.words import mark


class ArchiveIncomplete(FormatFailure):
    """An archive that lacks a part its own list of sums, or the dossier, names."""

    code = "archive-incomplete"
    sentence = mark("The patient archive lacks {name}.")


class PageUnsafe(FormatFailure):
    """A page of others that could run, fetch or hide something in the browser of whoever opens it."""

    code = "page-unsafe"
    sentence = mark("The page of the patient archive is not one that only shows: {reason}.")


class PageMismatch(FormatFailure):
    """A page that is not the one its own version makes from the data."""

    code = "page-mismatch"
    sentence = mark(
        "The page that a person would read (INDEX.HTM) differs from the data that a program reads."
    )


class ArchiveChanged(FormatFailure):
    """An archive with a part whose digest is not the one its list of sums gives."""

    code = "archive-changed"
    sentence = mark("A part of the archive was changed or damaged: {name}.")
