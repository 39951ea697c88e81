"""One hostile input: what is wrong with it, who reads it, and with which code it must be refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.vectors.generator.people import SIGNED

Flaws = Iterator["Case"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """``opened``: the reader cannot see the flaw before it decrypts; ``unsealed``: nor before it opens a unit.

    ``beside`` are files that lie beside the input, by their names; ``at`` is the moment a package or a set is
    judged for.
    """

    family: str
    name: str
    wrong: str
    reader: str
    code: str
    data: bytes
    opened: bool = False
    unsealed: bool = False
    beside: Mapping[str, bytes] = field(default_factory=dict)
    at: datetime = SIGNED

    @property
    def key(self) -> str:
        """The name of the case in reports, and of its file."""
        return f"{self.family}-{self.name}".replace(" ", "-")


PACKAGE, IMPORT, EXISTENCE = "package", "import", "existence"
SET, PRACTICE, DOSSIERS = "set", "practice", "dossiers"
ANSWER, RECORD = "answer", "record"
ARCHIVE, UNIT, KEYRING, AGE, IDENTITIES = "archive", "unit", "keyring", "age", "identities"
PASSPHRASE = "passphrase"
JSON, TABLE_XML, DBASE, CALENDAR, FIXED, WORKBOOK = (
    "json-table",
    "xml-table",
    "dbase",
    "calendar",
    "fixed-width",
    "workbook",
)
"""Readers of files of tables."""
PORTABILITY, FHIR = "portability", "fhir-export"
"""Readers of exports of other programs."""
BUNDLE, ROWS, NAMES, TABLE, XML, DICOM, DICOMDIR = (
    "bundle",
    "rows",
    "names",
    "table",
    "xml",
    "dicom",
    "dicomdir",
)
