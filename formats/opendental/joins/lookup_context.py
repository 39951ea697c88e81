"""What is known of the practice while its tables are read: identities, names, lists.

Only small things are held: names of patients, the lists other rows point to,
and which appointments, acts, documents and coverages became records.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from zoneinfo import ZoneInfo

from formats.databases.owners import Owners, key_number
from formats.databases.tables import Cells, Source
from formats.errors import Failure
from formats.findings import Severity
from formats.mapping.tooth_notations import Notation
from formats.model.care import Act, Appointment
from formats.model.documents import Document
from formats.model.identity import Address, Contact
from formats.model.people import Practitioner
from formats.model.record import identity_within, practice_namespace
from formats.opendental.database.row import Row
from formats.opendental.joins.patient_names import PatientNames
from formats.reading import EarlierRecords
from formats.words import mark

Entry = TypeVar("Entry")
"""What a list of the practice holds under a number."""
_KINDS = {"appointment": Appointment.kind, "procedurelog": Act.kind, "document": Document.kind}
"""Kinds of the records that rows refer to, by their table."""


class PracticeUnnamed(Failure):
    """A database that does not say whose it is: its rows would share identities with another practice's."""

    code = "practice-unnamed"
    sentence = mark("The database names no practice (title, postcode, telephone): give a practice key.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How to reach a patient who pays or decides for another."""

    contacts: tuple[Contact, ...] = ()
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ListEntry:
    """An entry of one of the practice's lists: an act of the price list, a disease, a medicine."""

    label: str
    code: str = ""
    system: str = ""
    area: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """Someone with an account: the name they log in with, and their provider number if they treat."""

    name: str
    provider: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """An insurance plan: who insures, which group."""

    insurer: str = ""
    group: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MountItem:
    """A place of a mount: the mount, the teeth it is for."""

    mount: int
    teeth: str = ""


@dataclass(slots=True)
class LookupContext:
    """Everything the mappings look up; ``made`` tells which rows became records, and whose."""

    namespace: uuid.UUID
    zone: ZoneInfo
    preferences: Mapping[str, str] = field(default_factory=dict)
    earlier: EarlierRecords = field(default_factory=EarlierRecords)
    patients: PatientNames = field(default_factory=PatientNames)
    merges: dict[int, tuple[int, ...]] = field(default_factory=dict)
    reach: dict[int, Reach] = field(default_factory=dict)
    providers: frozenset[int] = frozenset()
    users: Mapping[int, User] = field(default_factory=dict)
    definitions: Mapping[int, str] = field(default_factory=dict)
    employers: Mapping[int, str] = field(default_factory=dict)
    laboratories: Mapping[int, str] = field(default_factory=dict)
    rooms: Mapping[int, str] = field(default_factory=dict)
    acts: Mapping[int, ListEntry] = field(default_factory=dict)
    act_labels: Mapping[str, str] = field(default_factory=dict)
    diseases: Mapping[int, ListEntry] = field(default_factory=dict)
    allergies: Mapping[int, ListEntry] = field(default_factory=dict)
    medicines: Mapping[int, ListEntry] = field(default_factory=dict)
    recall_types: Mapping[int, str] = field(default_factory=dict)
    plans: Mapping[int, Plan] = field(default_factory=dict)
    mounts: Mapping[int, str] = field(default_factory=dict)
    mount_items: Mapping[int, MountItem] = field(default_factory=dict)
    made: dict[str, Owners] = field(default_factory=dict)
    covered: dict[tuple[int, int], int] = field(default_factory=dict)
    mounted: dict[int, int] = field(default_factory=dict)
    _space: bytes = field(init=False)
    _persons: dict[str, dict[int, str]] = field(default_factory=lambda: {"patient": {}, "provider": {}})

    def __post_init__(self) -> None:
        self._space = self.namespace.bytes

    @property
    def practice(self) -> str:
        """The identity of the practice."""
        return self.id("practice", "0")

    @property
    def notation(self) -> Notation:
        """How saved quotes write teeth."""
        shown = self.preferences.get("UseInternationalToothNumbers", "")
        return Notation(int(shown)) if shown in {"0", "1", "2", "3"} else Notation.UNIVERSAL

    def id(self, table: str, key: str | int) -> str:
        """Return the identity of the record read from ``table`` under ``key``."""
        return identity_within(self._space, table, key)

    def patient(self, number: int) -> str:
        """Return the identity of a patient."""
        return self._persons["patient"].get(number) or self._person("patient", number)

    def provider(self, number: int) -> str:
        """Return the identity of a practitioner."""
        return self._persons["provider"].get(number) or self._person("provider", number)

    def _person(self, table: str, number: int) -> str:
        """Return the identity of somebody whom many rows name; it is made once."""
        found = self._persons[table][number] = self.id(table, number)
        return found

    def practises(self, number: int) -> bool:
        """Tell whether practitioner ``number`` is in the database, or was when it was collected before."""
        if not number or number in self.providers:
            return number in self.providers
        return self.earlier.owner(Practitioner.kind, self.provider(number)) is not None

    def remember(self, table: str, key: str, patient: int) -> None:
        """Note that a row became the record others may refer to."""
        self.made.setdefault(table, Owners()).add(int(key), patient)

    def practitioner(self, row: Row, column: str, *, expected: bool = False) -> str | None:
        """Return the identity of the practitioner a row names; an unknown one is ``None`` and noticed.

        ``expected``: also notice when the row names none.
        """
        number = row.number(column)
        if self.practises(number):
            return self.provider(number)
        if number:
            row.notice(
                Severity.WARNING,
                "opendental-practitioner-unknown",
                mark("{column} names practitioner {number}, who is not in the database."),
                column=column,
                number=number,
            )
        elif expected:
            row.notice(
                Severity.NOTE,
                "opendental-practitioner-missing",
                mark("{column} names no practitioner."),
                column=column,
            )
        return None

    def author(self, row: Row, column: str = "UserNum") -> tuple[str | None, str]:
        """Return who wrote a row: the practitioner behind the account if any, and the account's name."""
        number = row.number(column)
        user = self.users.get(number)
        if user is None:
            return None, str(number) if number else ""
        return (self.provider(user.provider) if self.practises(user.provider) else None), user.name

    def reference(
        self, row: Row, column: str, table: str, patient: int, *, quiet: bool = False
    ) -> str | None:
        """Return the identity of the record of ``table`` a row points to, if it is, or was, the same ``patient``'s.

        ``quiet``: say nothing when there is none, where the software itself leaves such keys behind.
        """
        number = row.number(column)
        if not number:
            return None
        owner = self.made[table].get(number) if table in self.made else None
        identity = self.id(table, number)
        if owner is None:
            before = self.earlier.owner(_KINDS[table], identity)
            owner = patient if before and before == self.patient(patient) else None
        if owner is not None and owner == patient:
            return identity
        if not quiet:
            row.notice(
                Severity.WARNING,
                "opendental-reference-lost",
                mark("{column} points to {table} {number}, which this patient does not have."),
                column=column,
                table=table,
                number=number,
            )
        return None

    def listed(self, row: Row, column: str, entries: Mapping[int, Entry], missing: Entry) -> Entry:
        """Return the entry of a list of the practice that ``column`` names; one that is gone is noticed."""
        number = row.number(column)
        if number and number not in entries:
            row.notice(
                Severity.WARNING,
                "opendental-entry-unknown",
                mark("{column} names entry {number} of a list, which is not in the database."),
                column=column,
                number=number,
            )
        return entries.get(number, missing)

    def name(self, number: int) -> str:
        """Return the name of a patient, given name first."""
        found = self.patients.get(number)
        return f"{found.given} {found.family}".strip() if found else ""

    def definition(self, row: Row, column: str) -> str:
        """Return the wording of a choice, empty when none was made or it is gone."""
        return self.definitions.get(row.number(column), "")


def practice_key(preferences: Mapping[str, str], where: str) -> str:
    """Return a text that stays the same for one practice: title, postcode and telephone, folded.

    Raises:
        PracticeUnnamed: when all three are empty.
    """
    parts = [_folded(preferences.get(f"Practice{part}", "")) for part in ("Title", "Zip", "Phone")]
    if not any(parts):
        raise PracticeUnnamed(where=where)
    return "opendental:" + "|".join(parts)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]", "", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def namespace(key: str | None, preferences: Mapping[str, str], where: str) -> uuid.UUID:
    """Return the namespace of the practice's identities.

    Raises:
        PracticeUnnamed: when no key was given and the database names no practice.
    """
    return practice_namespace(key or practice_key(preferences, where))


def preferences(source: Source) -> dict[str, str]:
    """Return the settings of the practice by name."""
    return {
        cell_text(row, "PrefName"): cell_text(row, "ValueString") for row in all_rows(source, "preference")
    }


def all_rows(source: Source, table: str) -> Iterator[Cells]:
    """Yield the rows of a table, none when the database has no such table."""
    return source.rows(table) if table in source.tables() else iter(())


def cell_text(cells: Cells, column: str) -> str:
    """Return a cell as text, empty when it is missing or no text."""
    found = cells.get(column)
    return found.strip() if isinstance(found, str) else str(found) if isinstance(found, int | float) else ""


def cell_number(cells: Cells, column: str) -> int:
    """Return a cell as a whole number, 0 when it holds none."""
    return key_number(cells.get(column))
