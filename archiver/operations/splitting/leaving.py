"""Find out whose dossiers leave: by a roster or everybody, who of them is under a hold, what a person should know.

1. A roster and a list of holds are compared with the practice; nothing is done by one with an error.
2. The other records of the same persons leave with those named.
3. A question that waits about somebody who leaves and somebody who stays may make a dossier incomplete: it is counted.
4. Files that leave and are worth a person's eye are named: empty, damaged, encrypted, with a position.
5. In a situation it is noted which households part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.compliance.host_certificates import receiver_findings
from archiver.compliance.redaction import EVERYTHING, Selection
from archiver.operations.rosters.check_roster import check_holds, check_roster
from archiver.operations.splitting.parted_households import parted_findings
from archiver.practice import people, questions
from archiver.practice.registers.file_remarks import file_remarks
from archiver.practice.registers.hosts import hosts
from archiver.practice.store import PracticeStore
from archiver.scope.legal_ground import LegalGround
from archiver.scope.practice_days import practice_day
from archiver.scope.rosters.patient_index import roster_line
from archiver.scope.rosters.roster import Roster, RosterLine, chosen_patients
from archiver.scope.rosters.roster_check import CheckedRoster
from archiver.scope.situations import SituationCode
from formats.contents.remarks import REMARKS, content_remark
from formats.findings import Finding
from formats.words import plural

if TYPE_CHECKING:
    from archiver.operations.compliance.requested_dossier import RequestedDossier

Require = Callable[[CheckedRoster], CheckedRoster]
"""Gives a list back that has no error, and raises what is wrong with any other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LeavingRequest:
    """The lists by which dossiers leave, with whom, why and to whom: without ``roster``, everybody leaves.

    ``practitioner`` is a number or a name, empty for nobody in particular. With ``access_request``, its number, the
    patient of a request leaves alone, as far as ``selection`` says; ``whole`` says that an heir needs all of it.
    """

    roster: Path | None
    practitioner: str
    hold: Path | None
    situation: SituationCode | None
    ground: LegalGround
    receiver: str
    at: datetime
    access_request: int | None = None
    selection: Selection = EVERYTHING
    whole: bool = False

    @property
    def deposit(self) -> bool:
        """Whether the receiver hosts what it cannot open."""
        archive = self.situation is SituationCode.CESSATION_TO_ARCHIVE
        return archive or self.ground is LegalGround.ARCHIVE_DEPOSIT


@dataclass(frozen=True, kw_only=True, slots=True)
class LeavingPatients:
    """Whose dossiers leave, by which lines of a roster, those under a hold, and what a person should know.

    ``elsewhere`` counts lines of another practitioner, ``waiting`` questions about who leaves and who stays.
    ``requested`` is the dossier of a request, where it was one.
    """

    patients: tuple[str, ...]
    roster: Roster | None = None
    lines: tuple[RosterLine, ...] = ()
    on_hold: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    elsewhere: int = 0
    waiting: int = 0
    requested: RequestedDossier | None = None

    def notes(self) -> Iterator[tuple[str, int]]:
        """Yield what a person is told of those who stay: a sentence that counts, and the count."""
        if self.elsewhere:
            yield (
                plural(
                    "The roster names {count} patient of another practitioner, who stays.",
                    "The roster names {count} patients of other practitioners; they stay.",
                ),
                self.elsewhere,
            )
        if remarks := sum(one.code in REMARKS for one in self.findings):
            yield (
                plural(
                    "{count} file that leaves is worth a look before: empty, damaged, encrypted, or saying where a "
                    "photograph was taken (--dry-run and --report name it).",
                    "{count} files that leave are worth a look before: empty, damaged, encrypted, or saying where a "
                    "photograph was taken (--dry-run and --report name them).",
                ),
                remarks,
            )
        if self.waiting:
            yield (
                plural(
                    "{count} question waits about a patient who leaves and one who stays: "
                    "they may be one person (archiver people list).",
                    "{count} questions wait about patients who leave and patients who stay: "
                    "they may be one person (archiver people list).",
                ),
                self.waiting,
            )


def leaving_patients(store: PracticeStore, request: LeavingRequest, *, require: Require) -> LeavingPatients:
    """Follow the steps; each list is given to ``require``.

    Raises:
        Failure: as ``requested_dossier``, of a request.
        UnknownPractitioner, RosterUnreadable, LimitExceeded: as ``check_roster``; what ``require`` raises.
    """
    if request.access_request is not None:
        return _requested(store, request, request.access_request)
    checked = require(check_roster(store, request.roster, request.practitioner)) if request.roster else None
    lines = checked.lines if checked else ()
    patients = (
        people.with_linked(store, chosen_patients(lines))
        if checked
        else tuple(patient.id for patient in store.patients())
    )
    holds = require(check_holds(store, request.hold, patients)) if request.hold else None
    on_hold = people.with_linked(store, chosen_patients(holds.lines)) if holds else ()
    return LeavingPatients(
        patients=patients,
        roster=checked.roster if checked else None,
        lines=lines,
        on_hold=frozenset(on_hold),
        findings=(
            *(checked.findings if checked else ()),
            *(holds.findings if holds else ()),
            *_noticed(store, request, patients),
        ),
        elsewhere=checked.elsewhere if checked else 0,
        waiting=_waiting(store, set(patients)),
    )


def _requested(store: PracticeStore, request: LeavingRequest, number: int) -> LeavingPatients:
    from archiver.operations.compliance.requested_dossier import (  # noqa: PLC0415 - most exports answer no request
        requested_dossier,
    )

    found = requested_dossier(store, number, request.selection, whole=request.whole, at=request.at)
    return LeavingPatients(
        patients=tuple(one.id for one in found.records),
        lines=tuple(roster_line(one, line) for line, one in enumerate(found.records, 1)),
        findings=tuple(_remarks_on_files(store, frozenset(one.id for one in found.records))),
        requested=found,
    )


def _noticed(store: PracticeStore, request: LeavingRequest, patients: Collection[str]) -> Iterator[Finding]:
    """Yield what is worth an eye in files, which households part, and what is known of a receiver who hosts."""
    yield from _remarks_on_files(store, frozenset(patients))
    if request.roster and request.situation:
        yield from parted_findings(store, patients)
    yield from receiver_findings(
        hosts(store), request.receiver, deposit=request.deposit, today=practice_day(store, request.at)
    )


def _remarks_on_files(store: PracticeStore, leaving: Collection[str]) -> Iterator[Finding]:
    """Yield what is worth a person's eye in the files that leave: the last moment to mend it."""
    for one in file_remarks(store):
        if one.patient in leaving:
            yield content_remark(one.code, where=f"{one.kind}/{one.id}", name=one.name)


def _waiting(store: PracticeStore, leaving: Collection[str]) -> int:
    return sum((one.patient in leaving) != (one.candidate in leaving) for one in questions.questions(store))
