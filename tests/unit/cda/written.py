"""What a written clinical document says, read back by our reader, beside what the dossier says of the same."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from formats.cda.codes import system_oid, system_uri
from formats.cda.document import custodian, patient_of, read_document
from formats.cda.items import Holder, document_items
from formats.cda.writer.header import Issue
from formats.cda.writer.summary import write_summary
from formats.model.care import Act, ActStatus
from formats.model.dates import AnyMoment
from formats.model.dossier import Dossier
from formats.model.health import HealthStatement, HealthStatus, HealthTopic, Presence
from formats.model.people import Patient, Practice, Practitioner
from formats.reading import Item
from formats.xml_markup import writable

CLOCK = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)
ISSUE = Issue(written_at=CLOCK)
Fields = dict[str, Any]


def summary(dossier: Dossier, issue: Issue = ISSUE) -> bytes:
    """Return the medical summary of ``dossier``."""
    target = io.BytesIO()
    write_summary(dossier, target, issue=issue)
    return target.getvalue()


def taken(document: bytes) -> list[Item]:
    """Return what our reader takes of ``document``: the practice, the patient, and the rest."""
    read = read_document(document)
    practice = custodian(read)
    patient = patient_of(read, practice)
    holder = Holder(practice=practice, patient=patient, system="cda", known=set())
    items = document_items(read, holder, place="x", name="x.xml", open_file=lambda: io.BytesIO(document))
    return [practice, patient, *items]


def one_line(text: str) -> str:
    """Return a text as any reader of XML may have it: what it cannot hold replaced, blanks joined."""
    return " ".join(writable(text).split())


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text that say something, each once."""
    return tuple(dict.fromkeys(filter(None, map(one_line, text.splitlines()))))


def system(uri: str, code: str) -> str:
    """Return a code system under the one name that the reader gives it."""
    named = writable(uri).strip()
    return system_uri(system_oid(named), named) if code_text(code) else ""


def code_text(code: str) -> str:
    """Return a code as CDA can have it: one with blanks in it is none."""
    return code.strip() if len(code.split()) == 1 else ""


def to_the_second(at: AnyMoment | None) -> AnyMoment | None:
    """Return a moment as a time stamp holds it: to the second, in UTC where its offset is none of whole minutes."""
    if not isinstance(at, datetime):
        return at
    offset = at.utcoffset() or timedelta(0)
    if offset % timedelta(minutes=1) or abs(offset) > timedelta(hours=14):
        try:
            at = at.astimezone(UTC)
        except OverflowError:
            at = at.replace(tzinfo=timezone(offset - offset % timedelta(minutes=1)))
    return at.replace(microsecond=0)


def names(practitioners: Iterable[Practitioner]) -> dict[str, tuple[str, str]]:
    """Return the names of practitioners by their identity; one without a name is nobody to a reader."""
    every = ((one.id, (one_line(one.family_name), one_line(one.given_name))) for one in practitioners)
    return {identity: name for identity, name in every if any(name)}


def statement_fields(one: HealthStatement, who: dict[str, tuple[str, str]]) -> Fields:
    """Return what a statement says."""
    none = one.presence is Presence.NONE
    return {
        "topic": one.topic,
        "presence": one.presence,
        "status": HealthStatus.UNKNOWN if none else one.status,
        "code_system": system(one.code_system, one.code),
        "code": one_line(code_text(one.code)),
        "label": one_line(one.label),
        "detail": lines(one.detail),
        "start": one.start,
        "end": one.end,
        "recorded_at": to_the_second(one.recorded_at),
        "practitioner": who.get(one.practitioner or ""),
    }


def carried_statements(dossier: Dossier) -> list[Fields]:
    """Return the statements that a summary holds as entries, which are all but alerts."""
    who = names(dossier.practitioners)
    found = (one for one in dossier.health_statements if one.topic is not HealthTopic.ALERT)
    return [statement_fields(one, who) for one in found]


def read_statements(items: Iterable[Item]) -> list[Fields]:
    """Return the statements among ``items``."""
    every = list(items)
    who = names(one for one in every if isinstance(one, Practitioner))
    return [statement_fields(one, who) for one in every if isinstance(one, HealthStatement)]


_HISTORY = {
    ActStatus.DONE: ActStatus.DONE,
    ActStatus.EXISTING: ActStatus.DONE,  # done here before: CDA has no word for it
    ActStatus.EXISTING_ELSEWHERE: ActStatus.EXISTING_ELSEWHERE,
    ActStatus.CANCELLED: ActStatus.CANCELLED,
}


def act_fields(one: Act, who: dict[str, tuple[str, str]]) -> Fields:
    """Return what a procedure can say of an act."""
    return {
        "status": _HISTORY.get(one.status, one.status),
        "performed_on": one.performed_on,
        "practitioner": who.get(one.practitioner or ""),
        "code_system": system(one.code_system, one.code),
        "code": one_line(code_text(one.code)),
        "label": one_line(one.label),
        "teeth": tuple(dict.fromkeys(one.teeth)),
        "surfaces": tuple(dict.fromkeys(one.surfaces)),
        "area": one_line(one.area),
        "note": lines(one.note),
    }


def carried_acts(dossier: Dossier) -> list[Fields]:
    """Return the acts that a summary holds: those that were done."""
    who = names(dossier.practitioners)
    return [act_fields(one, who) for one in dossier.acts if one.status in _HISTORY]


def read_acts(items: Iterable[Item]) -> list[Fields]:
    """Return the acts among ``items``."""
    every = list(items)
    who = names(one for one in every if isinstance(one, Practitioner))
    return [act_fields(one, who) for one in every if isinstance(one, Act)]


def of_kind(items: Iterable[Item], kind: type[Any]) -> list[Any]:
    """Return the records of ``kind``."""
    return [one for one in items if isinstance(one, kind)]


def practice_and_patient(items: list[Item]) -> tuple[Practice, Patient]:
    """Return who keeps the dossier, and about whom it is."""
    return of_kind(items, Practice)[0], of_kind(items, Patient)[0]


class Counting:
    """A target that keeps nothing."""

    size = 0

    def write(self, data: bytes | memoryview, /) -> int:
        self.size += len(data)
        return len(data)
