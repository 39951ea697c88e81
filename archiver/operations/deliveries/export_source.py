"""Which dossiers a portability export takes, and what of each: period, practitioner, what one patient does not get.

1. Chosen by practitioner or period: the dossiers in which something of the practitioner's, or anything, is dated within
   it. They are taken whole: care does not begin with a period.
2. One patient's export leaves out what an answer to a request does (``archiver.compliance.redaction``), and traces.
3. Numbers that a person gives stand where the practice or a practitioner has none of their kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

from archiver.compliance.redaction import EVERYTHING, redact, without_records
from archiver.compliance.request_words import OMISSION_WORDS, Omission
from archiver.practice.practitioners import finess_of, with_finess
from formats.findings import Finding, Severity
from formats.model.dictionary.kinds import KINDS
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.identity import RPPS_SYSTEM, Contact, Identifier, IdentifierType
from formats.model.people import Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.words import mark, translate


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierFilter:
    """What a dossier must hold to be chosen: something of ``practitioner``, dated within the period, each if given."""

    practitioner: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def chooses(self) -> bool:
        """Whether it leaves any dossier out."""
        return bool(self.practitioner or self.since or self.until)

    def is_in(self, dossier: Dossier) -> bool:
        """Tell whether a dossier holds it; the attending practitioner counts where no period is asked."""
        ever = self.practitioner and not (self.since or self.until)
        if ever and dossier.patient.attending == self.practitioner:
            return True
        return any(self._is_it(record) for record in dossier.records())

    def _is_it(self, record: Record) -> bool:
        if isinstance(record, SourceRow):
            return False
        if self.practitioner and self.practitioner not in _practitioners(record):
            return False
        if not (self.since or self.until):
            return bool(self.practitioner)
        return any(self._covers(day) for day in _days(record))

    def _covers(self, day: date) -> bool:
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Additions:
    """What a person adds: the FINESS and a contact of the practice, RPPS numbers by practitioner.

    ``finess`` takes the place of ``finess_before``, which a person stated earlier.
    """

    finess: str = ""
    finess_before: str = ""
    contact: Contact | None = None
    rpps: Mapping[str, str] = field(default_factory=dict)

    def practice(self, practice: Practice) -> Practice:
        """Return a practice with what is added."""
        contacts = (self.contact, *practice.contacts) if self.contact else practice.contacts
        return replace(with_finess(practice, self.finess, before=self.finess_before), contacts=contacts)

    def practitioner(self, one: Practitioner) -> Practitioner:
        """Return a practitioner with what is added."""
        number = self.rpps.get(one.id, "")
        return replace(one, identifiers=_with_rpps(one.identifiers, number))

    def findings(self, practice: Practice, practitioners: Iterable[Practitioner]) -> Iterator[Finding]:
        """Yield a finding for each number that was not taken: who has it added has another one of the source."""
        if self.finess and finess_of(practice) != self.finess:
            yield _not_taken(practice.name, finess_of(practice), self.finess)
        for one in practitioners:
            numbers = (each.value for each in one.identifiers if each.type is IdentifierType.RPPS)
            known = next(filter(str.strip, numbers), "")
            if one.id in self.rpps and known.strip() != self.rpps[one.id]:
                yield _not_taken(f"{one.given_name} {one.family_name}".strip(), known, self.rpps[one.id])

    def dossier(self, dossier: Dossier, practice: str) -> Dossier:
        """Return a dossier with what is added; the practice's alone where it is the one called ``practice``."""
        own = dossier.practice
        return replace(
            dossier,
            practice=self.practice(own) if own.id == practice else own,
            practitioners=tuple(map(self.practitioner, dossier.practitioners)),
        )


def _not_taken(name: str, known: str, stated: str) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code="number-not-taken",
        where=name,
        sentence=mark(
            "The source names the number {known} already, and {stated} was not taken: correct it in the software of "
            "the practice."
        ),
        facts={"known": known, "stated": stated},
    )


@dataclass(slots=True)
class PatientExclusions:
    """What one patient's export leaves out: how many records of which kind, and why."""

    counts: Counter[tuple[str, Omission]] = field(default_factory=Counter)

    def without(self, dossier: Dossier) -> Dossier:
        """Return a dossier without it, and count."""
        redacted = redact(dossier, EVERYTHING)
        traces = [one.id for one in redacted.dossier.access_events]
        rest = without_records(redacted.dossier, traces, Omission.TRACE)
        for part in (redacted, rest):
            self.counts.update(part.counts())
        return rest.dossier

    def lines(self) -> Iterator[tuple[str, int, str]]:
        """Yield kind, number and reason, in French."""
        for (kind, why), count in sorted(self.counts.items()):
            yield KINDS[kind].many.fr, count, translate(OMISSION_WORDS[why], "fr", "archiver")


def _with_rpps(known: tuple[Identifier, ...], number: str) -> tuple[Identifier, ...]:
    """Return ``known`` with ``number``, unless it has one of the kind."""
    if not number or any(one.type is IdentifierType.RPPS and one.value.strip() for one in known):
        return known
    return (*known, Identifier(type=IdentifierType.RPPS, system=RPPS_SYSTEM, value=number))


_PRACTITIONERS: Mapping[type, tuple[str, ...]] = {
    kind: tuple(one.name for one in fields(kind) if one.metadata.get("refers") == Practitioner.kind)
    for kind in PATIENT_KINDS
}
"""Fields that name a practitioner, by kind of record."""
_NAMES: Mapping[type, tuple[str, ...]] = {
    kind: tuple(one.name for one in fields(kind)) for kind in PATIENT_KINDS
}


def _practitioners(record: Record) -> Iterator[str]:
    for name in _PRACTITIONERS[type(record)]:
        if identity := getattr(record, name):
            yield identity


def _days(record: Record) -> Iterator[date]:
    """Yield the days that a record is dated; one of which the day is not known is none."""
    for name in _NAMES[type(record)]:
        value = getattr(record, name)
        if isinstance(value, datetime):
            yield value.date()
        elif isinstance(value, date):
            yield value
