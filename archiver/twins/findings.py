"""What is to be known of readable copies: pages that stand in for a file, letters that no font has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archiver.twins.request import MadeCopy, StandIn
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.words import mark

MAX_LETTERS = 12
"""Letters that a finding names."""

_STAND_INS: Mapping[StandIn, tuple[Severity, str, str]] = {
    StandIn.FORMAT: (
        Severity.NOTE,
        "copy-of-unknown-format",
        mark("No readable copy can be made of this format: a page says what the file is and where it lies."),
    ),
    StandIn.EMPTY: (
        Severity.WARNING,
        "copy-of-empty-file",
        mark("The file is empty: its readable copy is a page that says so. Ask for a whole one."),
    ),
    StandIn.DAMAGED: (
        Severity.WARNING,
        "copy-of-damaged-file",
        mark(
            "The file is damaged, or is not what it claims to be: its readable copy is a page that says so. "
            "See whether it opens, and ask for a whole one."
        ),
    ),
    StandIn.ENCRYPTED: (
        Severity.WARNING,
        "copy-of-encrypted-file",
        mark("The file asks for a password: its readable copy is a page that says so. Ask for one without."),
    ),
    StandIn.LIMIT: (
        Severity.WARNING,
        "copy-beyond-limit",
        mark("The file is too large for a readable copy: a page says what it is and where it lies. {reason}"),
    ),
    StandIn.TIME: (
        Severity.WARNING,
        "copy-takes-too-long",
        mark(
            "The file asks for too much time or memory: its readable copy is a page that says what it is and "
            "where it lies."
        ),
    ),
}
_LETTERS = mark("No font has these letters; the readable copy shows their code points: {letters}")


def copy_findings(place: str, made: MadeCopy) -> Iterator[Finding]:
    """Yield what is to be known of the copy of the document at ``place``."""
    if made.stand_in is not None:
        severity, code, sentence = _STAND_INS[made.stand_in]
        facts: dict[str, Fact] = {"reason": made.fault} if made.fault else {}
        yield Finding(severity=severity, code=code, where=place, sentence=sentence, facts=facts)
    if made.letters:
        letters = " ".join(made.letters[:MAX_LETTERS]) + (" …" if len(made.letters) > MAX_LETTERS else "")
        yield Finding(
            severity=Severity.NOTE,
            code="copy-letters",
            where=place,
            sentence=_LETTERS,
            facts={"letters": letters},
        )
