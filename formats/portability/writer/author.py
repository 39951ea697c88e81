"""Author of an export (PDLGC 0.1.0, *pdlgcManifest*): the structure that hands over, whom to ask there, the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formats.cda.writer.people import national_id
from formats.findings import Finding, Severity
from formats.model.identity import Contact, ContactKind
from formats.model.people import Practice
from formats.pdlgc.profile import SYSTEM_OID
from formats.words import mark
from formats.xdm.hl7_text import escape_text, organisation_xon

_KINDS = {
    ContactKind.PHONE: "TEL",
    ContactKind.MOBILE: "TEL",
    ContactKind.FAX: "FAX",
    ContactKind.EMAIL: "EMAIL",
}
_SYSTEM_DIGITS = {"1": "3", "3": "5"}
"""SystIdNat has a 3 for FINESS and a 5 for SIRET, where StructIdNat has a 1 and a 3."""
CONTACT = "Portabilité"
"""Whom to ask for, where nobody is named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportAuthor:
    """Who hands the export over with which program; ``contact`` is the name of whom to ask there."""

    practice: Practice
    program: str
    version: str
    contact: str = CONTACT

    @property
    def institution(self) -> str:
        """The structure (HL7 XON)."""
        return organisation_xon(self.practice)

    @property
    def number(self) -> str:
        """StructIdNat: a digit for the kind, then the number; nothing where the practice has none."""
        found = national_id(self.practice)
        return found[1] if found else ""

    @property
    def system(self) -> str:
        """The program (HL7 XCN): SystIdNat, name and version, model."""
        number = self.number
        known = f"{_SYSTEM_DIGITS[number[0]]}{number[1:]}/1" if number else ""
        name = escape_text(f"{self.program} {self.version}".strip())
        return f"{known}^{name}^{escape_text(self.program)}^^^^^^&{SYSTEM_OID}&ISO^U^^^RI"

    def telecoms(self) -> Iterator[tuple[str, str]]:
        """Yield how to reach whom to ask: TEL, FAX or EMAIL, and the number or address."""
        for one in self.practice.contacts:
            if one.kind in _KINDS and one.value.strip():
                yield _KINDS[one.kind], " ".join(one.value.split())

    def findings(self) -> Iterator[Finding]:
        """Yield what the guide demands and nobody has said."""
        if not self.number:
            yield Finding(
                severity=Severity.WARNING,
                code="author-without-number",
                where=self.practice.name,
                sentence=mark(
                    "The practice has no FINESS and no SIRET number, which the guide demands of the author of an "
                    "archive. Give it with --finess."
                ),
            )
        if not any(self.telecoms()):
            yield Finding(
                severity=Severity.WARNING,
                code="author-without-contact",
                where=self.practice.name,
                sentence=mark(
                    "Nothing says how the practice can be reached, which the guide demands of the author of an "
                    "archive. Give it with --contact."
                ),
            )


def contact_of(text: str) -> Contact:
    """Return an e-mail address or a telephone number that a person gives."""
    kind = ContactKind.EMAIL if "@" in text else ContactKind.PHONE
    return Contact(kind=kind, value=text.strip())
