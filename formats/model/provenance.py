"""Where a record came from, word for word, who agreed to what, and who looked at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from formats.model.dates import AnyDate, AnyMoment
from formats.model.record import PatientRecord, Record, reference

Cell = str | int | float | bool | None
"""A source value; bytes travel as ``base64:…`` text, dates as ISO 8601, exactly as stored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRow(Record):
    """A row of the source, verbatim, with its table and column names.

    ``patient`` is ``None`` for rows of the practice as a whole. ``records`` are the
    identities of the records it was read into; none means no mapping understood it.
    ``unread`` gives, by column, why content it speaks of is missing (``MissingReason``).
    """

    kind: ClassVar[str] = "source_rows"
    patient: str | None = field(default=None, metadata={"refers": "patients"})
    system: str
    table: str
    key: str
    columns: Mapping[str, Cell]
    records: tuple[str, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessEvent(PatientRecord):
    """Someone opened or changed the dossier."""

    kind: ClassVar[str] = "access_events"
    happened_at: AnyMoment | None = None
    actor: str = ""
    action: str = ""
    detail: str = ""
    device: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent(PatientRecord):
    """What a patient agreed to or refused, and the paper that shows it."""

    kind: ClassVar[str] = "consents"
    subject: str
    given: bool = True
    given_on: AnyDate | None = None
    signed_by: str = ""
    text: str = ""
    document: str | None = reference("documents")
