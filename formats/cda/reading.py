"""What readers of the entries of one document share: whose the records are, who is named, what was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from formats.cda.codes import COMMENT, STATUS_OBSERVATION
from formats.cda.document import ClinicalDocument
from formats.cda.elements import (
    Coded,
    absent,
    attribute,
    child,
    elements_at,
    local_name,
    stamp_moment,
    value_type,
)
from formats.cda.people import professional, professional_key
from formats.model.dates import AnyMoment
from formats.model.people import Practitioner
from formats.model.record import record_id
from formats.xml import Element

STATEMENTS = frozenset(
    {"act", "encounter", "observation", "observationMedia", "organizer", "procedure", "supply"}
    | {"regionOfInterest", "substanceAdministration"}
)
"""Clinical statements (HL7 CDA R2, 4.3.6)."""
COLON = "\N{NO-BREAK SPACE}: "
"""Documents of CI-SIS are in French."""


class Unrecorded(Enum):
    """Why a statement that was read has no record."""

    NOT_ASKED = auto()
    """It says that nobody asked or knows."""
    NO_PLACE = auto()
    """It says that there is none of something of which no record can say so."""


@dataclass(kw_only=True, slots=True)
class Reading:
    """One document on its way into records of ``patient``, kept by ``practice``, from ``place`` of ``system``.

    ``known`` are the identities of the persons of whom a record was made before.
    """

    document: ClinicalDocument
    practice: str
    patient: str
    system: str
    place: str
    author: str | None = None
    known: set[str] = field(default_factory=set)
    practitioners: dict[str, Practitioner] = field(default_factory=dict)
    _entry: int = 0
    _records: int = 0
    _read: set[Element] = field(default_factory=set)

    @property
    def made_at(self) -> AnyMoment | None:
        """When the document was made."""
        return self.document.made_at

    def begin(self, number: int) -> None:
        """Begin with the entry ``number`` of the document."""
        self._entry, self._records = number, 0
        self._read.clear()

    def identity(self) -> str:
        """Return the identity of the next record of the entry."""
        self._records += 1
        return self.identity_of("records", f"{self._entry}/{self._records}")

    def identity_of(self, table: str, key: str) -> str:
        """Return the identity of what the document holds in ``table`` under ``key``."""
        return record_id(self.practice, f"cda-{table}", f"{self.patient}/{self.document.key}/{key}")

    def row_identity(self, key: str) -> str:
        """Return the identity of a row under ``key``: of one document that two sources hold each has its own."""
        return self.identity_of(f"rows-{self.system}", key)

    def base(self) -> dict[str, Any]:
        """Return what every record of an entry has."""
        return {"id": self.identity(), "patient": self.patient}

    def coded(self, node: Element | None) -> Coded:
        """Return a coded value with its text."""
        return self.document.references.coded(node)

    def text(self, node: Element | None) -> str:
        """Return a text, or what its reference points to."""
        return self.document.references.text(node)

    def practitioner(self, node: Element | None) -> str | None:
        """Return the practitioner whom an ``assignedEntity`` or ``assignedAuthor`` names, and know them."""
        if node is None:
            return None
        identity = record_id(self.practice, "practitioners", professional_key(node))
        if identity not in self.known:
            found = professional(node, identity)
            if found is None:
                return None
            self.known.add(identity)
            self.practitioners[identity] = found
        return identity

    def who(self, statement: Element) -> str | None:
        """Return who performed or wrote ``statement``, or else the author of the document.

        Of a statement that names somebody who cannot be known, nobody is said to have.
        """
        unknown = False
        for place in ("performer/assignedEntity", "author/assignedAuthor"):
            named = child(statement, place)
            found = self.practitioner(named)
            if found:
                return found
            unknown |= named is not None
        return None if unknown else self.author

    def written_at(self, statement: Element) -> AnyMoment | None:
        """Return when ``statement`` was written, or else the document; ``None`` where it says that nobody knows."""
        at = child(statement, "author/time")
        return None if at is not None and absent(at) else stamp_moment(attribute(at)) or self.made_at

    # -- which statements were read -------------------------------------------------------

    def read(self, statement: Element) -> Element:
        """Note that ``statement`` was read, and return it."""
        self._read.add(statement)
        return statement

    def unread(self, entry: Element) -> list[str]:
        """Return the names of the statements in ``entry`` of which no record tells."""
        every = (one for one in entry.iter() if isinstance(one.tag, str) and local_name(one) in STATEMENTS)
        return [local_name(one) for one in every if one not in self._read]

    def below(self, statement: Element) -> Iterator[Element]:
        """Yield the statements that ``statement`` relates to or consists of, one level down."""
        for name in ("entryRelationship", "component"):
            for relation in elements_at(statement, name):
                yield from (one for one in relation if local_name(one) in STATEMENTS)

    # -- what statements say about statements ---------------------------------------------

    def status(self, statement: Element) -> str:
        """Return the code of the clinical status that an observation below states, or why it is missing."""
        for one in self.below(statement):
            if attribute(child(one, "code"), "code") == STATUS_OBSERVATION:
                self.read(one)
                value = child(one, "value")
                return attribute(value, "code") or attribute(value, "nullFlavor")
        return ""

    def details(self, statement: Element) -> list[str]:
        """Return what the statements below say, a line each: severity, reaction, reason, comment."""
        lines: list[str] = []
        for one in self.below(statement):
            if one in self._read or local_name(one) not in {"act", "observation"}:
                continue
            self.read(one)
            line = self._line(one)
            lines += [line, *self.details(one)] if line else self.details(one)
        return lines

    def _line(self, one: Element) -> str:
        label, wording = self.coded(child(one, "code")), self.text(child(one, "text"))
        value = self.value_text(child(one, "value")) or wording
        if attribute(child(one, "code"), "code") == COMMENT:
            return wording
        return COLON.join(dict.fromkeys(filter(None, (label.label, value)))) or label.code

    def value_text(self, value: Element | None) -> str:
        """Return a value as its document words it."""
        if value is None:
            return ""
        if value_type(value) in {"PQ", "INT", "REAL"} or attribute(value):
            return " ".join(filter(None, (attribute(value), attribute(value, "unit"))))
        coded = self.coded(value)
        return coded.label or coded.code or self.text(value)
