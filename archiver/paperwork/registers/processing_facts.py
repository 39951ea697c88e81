"""Facts of the register of processing and of the notice, as the store shows them. Nothing is invented."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from archiver.compliance.host_certificates import is_certified
from archiver.compliance.processing_activities import (
    ACTIVITIES,
    MEASURE_WORDS,
    Activity,
    ActivityEntry,
    Measure,
)
from archiver.handover.kinds import kind_words
from archiver.paperwork.departure import PractitionerData
from archiver.paperwork.registers.processing import (
    ActivityData,
    HostData,
    MeasureData,
    NoticeData,
    ProcessingData,
    RecipientData,
    SourceData,
)
from archiver.paperwork.store_facts import place_data, practitioner_data
from archiver.paperwork.transfer import CodeData, CountData
from archiver.practice.practitioners import practice_of_store
from archiver.practice.registers.handovers import handovers
from archiver.practice.registers.hosts import Host, hosts
from archiver.practice.store import PracticeStore
from archiver.scope.legal_ground import LegalGround, ground_words
from archiver.scope.practice_days import practice_zone
from formats.model.people import Practitioner
from formats.registry import source_title
from formats.words import mark

PEOPLE = ("patients", "related_persons", "practitioners")
"""Kinds of record that are persons."""
REGISTERS = {
    "access_requests": mark("requests for access"),
    "breaches": mark("data breaches"),
    "hosts": mark("hosts"),
    "imports": mark("dossiers that came in packages"),
    "handovers": mark("packages that were handed over"),
}
"""What the tables of registers hold."""
_SOURCES = ("collect", "import")


def processing_data(store: PracticeStore, path: Path, made: datetime, today: date) -> ProcessingData:
    """Return the facts of the register; ``path`` is where the store lies."""
    practice = practice_of_store(store)
    counts = _counts(store)
    return ProcessingData(
        made=made,
        practice=place_data(practice),
        legal_form=practice.legal_form if practice else "",
        practitioners=_present(store, today),
        former=sum(one.person and not one.active for one in store.practitioners()),
        activities=tuple(_activities(counts)),
        hosts=_hosts(store, today),
        receivers=tuple(_receivers(store)),
        sources=tuple(_sources(store)),
        measures=tuple(_measures(store, path, counts)),
    )


def notice_data(store: PracticeStore, made: datetime, today: date) -> NoticeData:
    """Return the facts of the notice."""
    return NoticeData(
        made=made,
        practice=place_data(practice_of_store(store)),
        practitioners=_present(store, today),
        hosts=_hosts(store, today),
    )


def _present(store: PracticeStore, today: date) -> tuple[PractitionerData, ...]:
    """Return who practises now: the program marks no other as a person who is active."""
    found: list[Practitioner] = [one for one in store.practitioners() if one.person and one.active]
    found.sort(key=lambda one: (one.family_name, one.given_name))
    return tuple(practitioner_data(one, today) for one in found)


def _counts(store: PracticeStore) -> Mapping[str, int]:
    counts = store.counts() | {"practitioners": sum(one.person for one in store.practitioners())}
    for table in REGISTERS:
        query = f"SELECT count(*) FROM [{table}]"  # noqa: S608 - a table of our own
        counts[table] = store.db.execute(query).fetchone()[0]
    return counts


def _activities(counts: Mapping[str, int]) -> Iterator[ActivityData]:
    """Yield the activities of which the store has a record."""
    for code, entry in ACTIVITIES.items():
        if any(counts[kind] for kind in entry.kinds):
            yield _activity(code, entry, counts)


def _activity(code: Activity, entry: ActivityEntry, counts: Mapping[str, int]) -> ActivityData:
    people = ("patients", "practitioners") if code is not Activity.CARE else PEOPLE
    data = (kind for kind in entry.kinds if kind not in PEOPLE)
    return ActivityData(
        activity=CodeData(code=code.value, words=entry.name),
        purposes=_words(entry.purposes),
        basis=CodeData(code="", words=entry.basis),
        sensitive=CodeData(code="", words=entry.sensitive),
        people=tuple(_count(kind, counts) for kind in people if counts[kind]),
        data=tuple(_count(kind, counts) for kind in data if counts[kind]),
        recipients=_words(entry.recipients),
        retention=tuple(CodeData(code=source, words=words) for words, source in entry.retention),
    )


def _words(sentences: tuple[str, ...]) -> tuple[CodeData, ...]:
    return tuple(CodeData(code="", words=one) for one in sentences)


def _count(kind: str, counts: Mapping[str, int]) -> CountData:
    words = REGISTERS[kind] if kind in REGISTERS else kind_words(kind)
    return CountData(kind=CodeData(code=kind, words=words), count=counts[kind])


def _hosts(store: PracticeStore, today: date) -> tuple[HostData, ...]:
    return tuple(_host(one, today) for one in hosts(store))


def _host(one: Host, today: date) -> HostData:
    until = date.fromisoformat(one.certified_until) if one.certified_until else None
    over = until is not None and until < today
    return HostData(
        name=one.name,
        service=one.service,
        certificate=one.certificate,
        scope=one.scope,
        until=until,
        over=over,
        certified=is_certified(one, today),
    )


def _receivers(store: PracticeStore) -> Iterator[RecipientData]:
    """Yield each receiver of exports, on each ground, in the order of the names; no patient is named."""
    zone = practice_zone(store)
    found: dict[tuple[str, str], list[date]] = {}
    for one in handovers(store):
        name = "" if one.ground == LegalGround.PATIENT_REQUEST else one.receiver
        found.setdefault((name, one.ground), []).append(one.created.astimezone(zone).date())
    for (name, code), days in sorted(found.items()):
        ground = CodeData(code=code, words=ground_words(code))
        yield RecipientData(name=name, ground=ground, day=max(days), packages=len(days))


def _sources(store: PracticeStore) -> Iterator[SourceData]:
    """Yield what was collected and each signer of packages, by the journal, with the last time."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    query = "SELECT operation, at, detail FROM journal WHERE operation IN (?, ?) ORDER BY id"
    for operation, at, detail in store.db.execute(query, _SOURCES):
        known = json.loads(detail)
        key = (operation, known.get("system") or known.get("signer") or "?")
        _, before = found.get(key, ("", 0))
        found[key] = (at, before + known.get("dossiers", 0))
    for (operation, name), (at, dossiers) in found.items():
        many = dossiers if operation == "import" else None
        origin = CodeData(code=name, words=name if operation == "import" else source_title(name))
        yield SourceData(origin=origin, day=datetime.fromisoformat(at).date(), dossiers=many)


def _measures(store: PracticeStore, path: Path, counts: Mapping[str, int]) -> Iterator[MeasureData]:
    """Yield the measures that the program takes by itself, and those that are found on this machine."""
    taken = [Measure.SEALED, Measure.SIGNED]
    if counts["files"]:
        taken.append(Measure.DIGESTS)
    if _is_private(path):
        taken.append(Measure.PRIVATE)
    if counts["access_requests"]:
        taken.append(Measure.IDENTITY)
    for one in (*taken, Measure.TERMS):
        yield MeasureData(measure=_measure(one), count=None, since=None)
    lines, first = store.db.execute("SELECT count(*), coalesce(min(at), '') FROM journal").fetchone()
    if lines:
        since = datetime.fromisoformat(first).date()
        yield MeasureData(measure=_measure(Measure.JOURNAL), count=lines, since=since)


def _measure(one: Measure) -> CodeData:
    return CodeData(code=one.value, words=MEASURE_WORDS[one])


def _is_private(path: Path) -> bool:
    """Tell whether the store is readable by its owner alone; where modes say nothing of that, nobody can tell."""
    return os.name == "posix" and not path.stat().st_mode & 0o077
