"""TRANSVERSE.ZIP: agenda, traces, accounts and practitioners, gathered dossier by dossier.

Of one patient's export it has no more than what is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Protocol

from formats.model.dossier import Dossier
from formats.model.identity import IdentifierType
from formats.model.people import Practitioner
from formats.pdlgc.practice.bundle import write_practice_bundle
from formats.pdlgc.tables import write_table
from formats.portability.writer.agenda import agenda_events, calendar_end, calendar_head
from formats.portability.writer.author import ExportAuthor
from formats.portability.writer.readme import (
    README,
    TRANSVERSE_INSTRUCTIONS,
    place_in_transverse,
    write_excluded,
    write_readme,
)
from formats.portability.writer.traces import accesses
from formats.target import Target
from formats.words import mark
from formats.zip.writer import ZipStream

AGENDA = place_in_transverse("AGENDA.ICS")
TRACES = place_in_transverse("TRACES.LOG")
ACCOUNTS = place_in_transverse("ACCOUNTS.CSV")
PRACTICE = place_in_transverse("PRACTICE.JSO")
EXCLUDED = place_in_transverse("EXCLUS.TXT")
ACCOUNT_COLUMNS: Mapping[str, str] = {
    "account": mark("Name of an account as the traces have it, or of who works in the practice."),
    "practitioner": mark("Identity of the practitioner, where it is one."),
    "rpps": mark("RPPS number of the practitioner."),
    "title": mark("Title of the practitioner."),
    "specialty": mark("Specialty of the practitioner, in the words of the source."),
    "active": mark("1 where the practitioner works here now, 0 where no longer."),
    "traces": mark("How many traces name this account."),
    "first": mark("Moment of the first of them, ISO 8601."),
    "last": mark("Moment of the last of them, ISO 8601."),
}
"""Columns of ACCOUNTS.CSV, with what each means."""


@dataclass(slots=True)
class _Account:
    traces: int = 0
    first: str = ""
    last: str = ""

    def add(self, moment: str) -> None:
        self.traces += 1
        self.first = min(filter(None, (self.first, moment)), default="")
        self.last = max(self.last, moment)


class LineList(Protocol):
    """A list of lines that only grows, and may be longer than memory."""

    def append(self, record: bytes, /) -> None: ...

    def __iter__(self) -> Iterator[bytes]: ...


@dataclass(slots=True)
class TransverseParts:
    """What of the dossiers goes into the part about the practice: appointments, traces, who works there."""

    agenda: LineList
    traces: LineList
    stamp: datetime
    practitioners: dict[str, Practitioner] = field(default_factory=dict)
    accounts: dict[str, _Account] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"appointments": 0, "traces": 0})

    def add(self, dossier: Dossier) -> None:
        """Gather what a dossier says."""
        for one in dossier.practitioners:
            self.practitioners.setdefault(one.id, one)
        for event in agenda_events(dossier, self.stamp):
            self.agenda.append(event)
            self.counts["appointments"] += 1
        for access in dossier.access_events:
            moment = access.happened_at.isoformat() if access.happened_at else ""
            self.accounts.setdefault(access.actor, _Account()).add(moment)
        self.add_traces(accesses(dossier))

    def add_traces(self, lines: Iterable[bytes]) -> None:
        """Add traces."""
        for line in lines:
            self.traces.append(line)
            self.counts["traces"] += 1


def write_transverse(target: Target, parts: TransverseParts, author: ExportAuthor) -> int:
    """Write the part about the practice of an export of many; return its length in bytes."""
    archive = ZipStream(target, when=parts.stamp)
    names = [AGENDA, TRACES, ACCOUNTS, PRACTICE]
    archive.add(README, [write_readme(author, TRANSVERSE_INSTRUCTIONS, [README, *names])])
    archive.add(AGENDA, chain([calendar_head()], parts.agenda, [calendar_end()]))
    archive.add(TRACES, parts.traces)
    archive.add(ACCOUNTS, write_table(tuple(ACCOUNT_COLUMNS), _account_rows(parts)))
    with archive.open(PRACTICE) as stream:
        write_practice_bundle(author.practice, parts.practitioners.values(), stream, written_at=parts.stamp)
    return archive.finish()


def write_transverse_of_one(
    target: Target, author: ExportAuthor, *, written_at: datetime, left_out: Iterable[tuple[str, int, str]]
) -> int:
    """Write the part about the practice of one patient's export; return its length in bytes."""
    archive = ZipStream(target, when=written_at)
    archive.add(README, [write_readme(author, TRANSVERSE_INSTRUCTIONS[-1:], [README, EXCLUDED])])
    archive.add(EXCLUDED, [write_excluded(left_out)])
    return archive.finish()


def _account_rows(parts: TransverseParts) -> Iterator[tuple[str, ...]]:
    known = {one.id: f"{one.given_name} {one.family_name}".strip() for one in parts.practitioners.values()}
    for one in parts.practitioners.values():
        rpps = next((each.value for each in one.identifiers if each.type is IdentifierType.RPPS), "")
        account = parts.accounts.get(known[one.id], _Account())
        active = "1" if one.active else "0"
        yield (known[one.id], one.id, rpps, one.title, one.specialty, active, *_seen(account))
    for name, account in sorted(parts.accounts.items()):
        if name not in known.values():
            yield (name, "", "", "", "", "", *_seen(account))


def _seen(account: _Account) -> tuple[str, str, str]:
    return str(account.traces), account.first, account.last
