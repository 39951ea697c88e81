"""Ways in which a plain archive is refused, and its parts are not there or not whole."""

from __future__ import annotations

from formats.errors import Failure, FormatFailure
from formats.words import mark


class ZipRefused(FormatFailure):
    """An archive whose structure is not what a plain ZIP archive has."""

    code = "zip-refused"
    sentence = mark("The ZIP archive is refused: {reason}.")


class ZipDamaged(FormatFailure):
    """A member whose bytes are not what the archive says they are."""

    code = "zip-damaged"
    sentence = mark("A part of the ZIP archive is damaged: {member}.")


class ZipMemberMissing(FormatFailure):
    """A member that is asked for and not there."""

    code = "zip-member-missing"
    sentence = mark("The ZIP archive has no part {member}.")


class MemberTwice(Failure):
    """Two members of one archive under one name."""

    code = "zip-member-twice"
    sentence = mark("The archive already has a member {name}.")
