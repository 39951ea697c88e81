"""The root of every failure a person can act on.

A failure has a stable ``code`` (documented, never reused), one ``sentence``
with named facts, and a place. Programs read the code; people read the
sentence, in their language; the CLI alone turns a code into an exit status.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from formats.words import mark

Fact = str | int


class Failure(Exception):
    """A refusal with a stable code; subclasses give the code and the sentence."""

    code: ClassVar[str] = "failure"
    sentence: ClassVar[str] = mark("Something went wrong.")

    def __init__(self, *, where: str = "", **facts: Fact) -> None:
        super().__init__(self.sentence.format(**facts))
        self.where = where
        self.facts = facts

    def __reduce__(self) -> tuple[Callable[..., Failure], tuple[type[Failure], str, dict[str, Fact]]]:
        """Travel between processes whole."""
        return _again, (type(self), self.where, self.facts)

    def __str__(self) -> str:
        text = self.sentence.format(**self.facts)
        return f"{self.where}: {text}" if self.where else text


def _again(kind: type[Failure], where: str, facts: dict[str, Fact]) -> Failure:
    return kind(where=where, **facts)


class FormatFailure(Failure):
    """Outside data that cannot be read as the format it claims to be."""

    code = "format"
    sentence = mark("This is not readable as {format}.")


class LimitExceeded(FormatFailure):
    """Outside data that goes past a named limit."""

    code = "limit-exceeded"
    sentence = mark("{name} is {found}, and the limit is {limit}.")


class UnsafeName(FormatFailure):
    """A file name from outside that must never reach a disk."""

    code = "unsafe-name"
    sentence = mark("The file name {name!r} is refused: {reason}.")


class TableUnreadable(FormatFailure):
    """A list, a table or a file of lines that breaks its own rules."""

    code = "table-unreadable"
    sentence = mark("The list {name} cannot be read at line {line}: {reason}.")


class AttachmentChanged(Failure):
    """A file whose bytes are not those it is listed with."""

    code = "attachment-changed"
    sentence = mark("The file {digest} is not the one that is listed: {reason}.")


class InconsistentDossier(Failure):
    """A dossier whose records do not hold together."""

    code = "dossier-inconsistent"
    sentence = mark("The dossier is inconsistent: {reason}.")
