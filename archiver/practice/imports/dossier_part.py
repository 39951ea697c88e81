"""Part of a dossier, and which dossiers of a package an import takes, whole or in part.

A part is the records of a period, or of some kinds, and those to which they refer:

1. Medical history belongs to every part: an allergy is one since whenever it was written down, whoever reads the rest.
2. Of a period is what has a day in it, on the clock of the practice, or no day; insurances and related persons are
   of every period.
3. What a record of the part refers to belongs to it as well, and so on.
4. A verbatim row follows the records it was read into. One that was read into none is of no kind but its own.

What is not taken is left aside on purpose (``ImportChoice``):

5. A dossier that nobody chose is left aside whole, unless it came in by an earlier import of the package: then it is
   taken as it was.
6. Of one that is taken comes what is asked for now, and what came by an earlier import; all, where all came.

So an import never says of what is here that it was left aside, and the last of several says what all of them took.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, tzinfo
from typing import Any

from archiver.practice.registers.dossier_states import DossierState, StatedDossier
from formats.model.dates import PartialDate, first_day, last_day, on_clock, zone_of
from formats.model.dossier import PATIENT_KINDS, Dossier, references
from formats.model.health import HealthStatement
from formats.model.missing import whole_counts
from formats.model.people import Coverage, RelatedPerson
from formats.model.provenance import SourceRow
from formats.model.record import Record

_OF_EVERY_PERIOD = frozenset({HealthStatement, Coverage, RelatedPerson, SourceRow})


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierPart:
    """What is asked for: of the day ``since`` or later, of ``until`` or earlier, of ``kinds``; all where nothing is."""

    since: date | None = None
    until: date | None = None
    kinds: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything is asked for."""
        return self == WHOLE

    def asks(self, record: Record, zone: tzinfo) -> bool:
        """Follow steps 1 and 2 for a record that is no verbatim row; its moments are of days of ``zone``."""
        if self.kinds and record.kind not in self.kinds and not isinstance(record, HealthStatement):
            return False
        return type(record) in _OF_EVERY_PERIOD or self._is_of_period(record, zone)

    def asks_row(self, row: SourceRow, *, left_aside: Iterable[str]) -> bool:
        """Follow step 4, where the records of the identities ``left_aside`` are not of the part."""
        if row.kind in self.kinds:
            return True
        return not set(row.records) <= set(left_aside) if row.records else not self.kinds

    def _is_of_period(self, record: Record, zone: tzinfo) -> bool:
        if not (self.since or self.until):
            return True
        days = list(_days(record, zone))
        if not days:
            return True
        begun = self.until is None or min(first for first, _ in days) <= self.until
        return begun and (self.since is None or max(last for _, last in days) >= self.since)


WHOLE = DossierPart()
"""All of a dossier."""


def part_of_dossier(dossier: Dossier, parts: Sequence[DossierPart]) -> Dossier:
    """Return ``dossier`` with what any of ``parts`` asks for."""
    chosen = _chosen(dossier, parts)
    left_aside = {one.id for one in dossier.records() if one.id not in chosen}
    chosen |= {
        row.id
        for row in dossier.source_rows
        if any(part.asks_row(row, left_aside=left_aside) for part in parts)
    }
    records: dict[str, Any] = {
        kind.kind: tuple(one for one in getattr(dossier, kind.kind) if one.id in chosen)
        for kind in PATIENT_KINDS
    }
    return replace(dossier, **records)


def _chosen(dossier: Dossier, parts: Sequence[DossierPart]) -> set[str]:
    """Follow steps 1 to 3: return the identities of all records but verbatim rows."""
    zone = zone_of(dossier.practice.time_zone)
    every = {one.id: one for one in dossier.records() if not isinstance(one, SourceRow)}
    waiting = [one for one in every.values() if any(part.asks(one, zone) for part in parts)]
    chosen = {one.id for one in waiting}
    while waiting:
        record = waiting.pop()
        for kind in PATIENT_KINDS:
            for identity in references(record, kind.kind):
                if identity not in chosen:
                    chosen.add(identity)
                    waiting.append(every[identity])
    return chosen


def _days(record: Record, zone: tzinfo) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day that each moment of ``record`` can be of, on the clock of ``zone``."""
    for one in fields(record):
        value = getattr(record, one.name)
        if isinstance(value, datetime):
            day = on_clock(value, zone).date()
            yield day, day
        elif isinstance(value, date | PartialDate):
            yield first_day(value), last_day(value)


def part_json(part: DossierPart) -> dict[str, Any]:
    """Return ``part`` as JSON documents say it."""
    return {
        "since": part.since.isoformat() if part.since else None,
        "until": part.until.isoformat() if part.until else None,
        "kinds": list(part.kinds),
    }


def part_of_json(document: Mapping[str, Any]) -> DossierPart:
    """Return the part that ``part_json`` wrote."""
    since, until = document["since"], document["until"]
    return DossierPart(
        since=date.fromisoformat(since) if since else None,
        until=date.fromisoformat(until) if until else None,
        kinds=tuple(document["kinds"]),
    )


DossierParts = tuple[DossierPart, ...]
"""Parts of one dossier to take: what any of them asks for, and all of it where there is none."""
_NOT_HERE = frozenset({DossierState.REFUSED, DossierState.LEFT_ASIDE})


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportChoice:
    """What a person asks for: the dossiers of ``patients`` (everybody's where it is nothing), ``part`` of each."""

    patients: Collection[str] | None = None
    part: DossierPart = WHOLE

    @property
    def everything(self) -> bool:
        """Whether nothing is left aside."""
        return self.patients is None and self.part.whole

    def parts(self, patient: str, before: StatedDossier | None) -> DossierParts | None:
        """Follow steps 5 and 6 for the dossier of ``patient``, of which an earlier import said ``before``.

        Return the parts to take, of which none means all of it; nothing for a dossier to leave aside.
        """
        came = None if before is None or before.state in _NOT_HERE else _parts(before.parts)
        if self.patients is not None and patient not in self.patients:
            return came
        if self.part.whole or came == ():
            return ()
        return tuple(dict.fromkeys((*(came or ()), self.part)))


EVERYTHING_SENT = ImportChoice()
"""Every dossier, whole."""


def parts_text(parts: DossierParts) -> str:
    """Return ``parts`` as the register of dossier states has them."""
    return json.dumps([part_json(one) for one in parts]) if parts else ""


def _parts(text: str) -> DossierParts:
    return tuple(map(part_of_json, json.loads(text))) if text else ()


def divide(
    dossier: Dossier, counts: Mapping[str, int], parts: DossierParts
) -> tuple[Dossier, dict[str, int], dict[str, int]]:
    """Return what of ``dossier`` comes in, what of its ``counts`` that is, and what is left aside."""
    if not parts:
        return dossier, dict(counts), {}
    taken = part_of_dossier(dossier, parts)
    found = whole_counts(taken)
    aside = {kind: count - found.get(kind, 0) for kind, count in counts.items()}
    return taken, found, {kind: count for kind, count in aside.items() if count}
