"""The root of every failure a person can act on.

A failure has a stable ``code`` (documented, never reused), one ``sentence``
with named facts, and a place. Programs read the code; people read the
sentence, in their language; the CLI alone turns a code into an exit status.
"""

from __future__ import annotations

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

    def __str__(self) -> str:
        text = self.sentence.format(**self.facts)
        return f"{self.where}: {text}" if self.where else text


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


class InconsistentDossier(Failure):
    """A dossier whose records do not hold together."""

    code = "dossier-inconsistent"
    sentence = mark("The dossier is inconsistent: {reason}.")
