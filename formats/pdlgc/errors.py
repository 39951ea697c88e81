"""Ways in which an archive cannot be written or read."""

from __future__ import annotations

from formats.errors import FormatFailure
from formats.words import mark


class ArchiveIncomplete(FormatFailure):
    """An archive that lacks a part its own list of sums, or the dossier, names."""

    code = "archive-incomplete"
    sentence = mark("The patient archive lacks {name}.")


class ArchiveChanged(FormatFailure):
    """An archive with a part whose digest is not the one its list of sums gives."""

    code = "archive-changed"
    sentence = mark("A part of the archive was changed or damaged: {name}.")
