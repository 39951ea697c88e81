"""Write down that packages were handed over to people from whom no receipt comes: one, or those of a list of claims.

1. A line that somebody filled in names a package of the register; its file and its patient are those of the store.
2. It says to whom and on what day, which lies neither ahead nor before the package was made.
3. All of them are written down, or, with any error, of which every one is said, none. What is written down already
   is left alone, and lines that nobody filled in are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from archiver.compliance.request_words import Conveyance
from archiver.handover.errors import DeliveriesRefused, HandoverUnknown
from archiver.practice.registers.handovers import (
    ExportRecord,
    exported_units,
    find_handover,
    handovers_of_file,
    note_proof_of_delivery,
)
from archiver.practice.store import PracticeStore
from archiver.scope.claims_list import OF_PATIENT, ClaimLine
from archiver.scope.practice_days import practice_day, practice_zone
from archiver.scope.rosters.patient_index import patient_cells
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.model.people import Patient
from formats.names import comparable
from formats.tables.read import parse_day
from formats.words import mark

INCOMPLETE = mark("It says to whom the package was handed over or on what day, and not both.")
NO_DAY = mark("“{text}” is no day: write 2026-11-29 or 29/11/2026.")
DAY_IMPOSSIBLE = mark("The day {day} is ahead, or before the package was made.")
UNKNOWN = mark("No package {package} was exported from this practice.")
FILE_DIFFERS = mark("The package is not in {file}, but in {known}.")
ABOUT_OTHERS = mark("The package is of somebody else: {known}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveriesOutcome:
    """The packages that were written down as handed over, how many were before, how many lines nobody filled in."""

    recorded: tuple[ExportRecord, ...]
    already: int = 0
    empty: int = 0


def handover_named(store: PracticeStore, name: str) -> ExportRecord:
    """Return the handover of the package whose identifier, or whose file alone, is called ``name``.

    Raises:
        HandoverUnknown: when there is none, or several have a file of this name.
    """
    found = find_handover(store, name)
    if found is not None:
        return found
    several = handovers_of_file(store, name)
    if len(several) != 1:
        raise HandoverUnknown(package=name)
    return several[0]


def record_delivery(
    store: PracticeStore,
    package: str,
    *,
    how: Conveyance,
    recipient: str,
    day: date,
    by: str,
    at: datetime,
) -> DeliveriesOutcome:
    """Write down how, to whom and on what day a package was handed over.

    Raises:
        HandoverUnknown: when it was not exported from here.
        DeliveriesRefused: when it was not made yet on that day.
    """
    with store.changing():
        one = handover_named(store, package)
        if not _possible(store, one, day, at):
            raise _refused([_fault("", "delivery-day", DAY_IMPOSSIBLE, day=day.isoformat())])
        cells = {"recipient": recipient, "delivered_on": day.isoformat()}
        new = note_proof_of_delivery(
            store, at, package=one.package, conveyance=how.value, recorded_by=by, **cells
        )
    return DeliveriesOutcome(recorded=(one,) if new else (), already=int(not new))


def record_claims(
    store: PracticeStore, lines: Sequence[ClaimLine], *, how: Conveyance, by: str, at: datetime
) -> DeliveriesOutcome:
    """Follow the steps above for the lines of a list of claims; ``how`` all of them were handed over.

    Raises:
        DeliveriesRefused: when a line cannot be written down; the store stays as it was.
    """
    recorded: list[ExportRecord] = []
    faults: list[Finding] = []
    answered = [line for line in lines if line.answered]
    with store.changing():
        for line in answered:
            one = find_handover(store, line.cells["identifier"])
            found = list(_faults(store, line, one, at))
            faults += found
            if one is None or found:
                continue
            cells = {
                name: line.cells[name] for name in ("recipient", "claimed_by", "claimed_on", "identity_check")
            }
            day = parse_day(line.cells["delivered_on"])
            cells["delivered_on"] = day.isoformat() if day else ""
            if note_proof_of_delivery(
                store, at, package=one.package, conveyance=how.value, recorded_by=by, **cells
            ):
                recorded.append(one)
        if faults:
            raise _refused(faults)
    return DeliveriesOutcome(
        recorded=tuple(recorded), already=len(answered) - len(recorded), empty=len(lines) - len(answered)
    )


def _faults(
    store: PracticeStore, line: ClaimLine, one: ExportRecord | None, at: datetime
) -> Iterator[Finding]:
    """Yield everything that is wrong with a line about the package ``one``."""
    cells, place = line.cells, str(line.line)
    if one is None:
        yield _fault(place, "handover-unknown", UNKNOWN, package=cells["identifier"] or "?")
    if not (cells["recipient"] and cells["delivered_on"]):
        yield _fault(place, "delivery-incomplete", INCOMPLETE)
    try:
        day = parse_day(cells["delivered_on"])
    except ValueError:
        day = None
        yield _fault(place, "delivery-day", NO_DAY, text=cells["delivered_on"])
    if one is None:
        return
    if day and not _possible(store, one, day, at):
        yield _fault(place, "delivery-day", DAY_IMPOSSIBLE, day=day.isoformat())
    if cells["package"] and cells["package"] != one.file:
        yield _fault(place, "claim-about-others", FILE_DIFFERS, file=cells["package"], known=one.file)
    known = [_cells(store, unit.patient) for unit in exported_units(store, one.package) if unit.patient]
    if known and not any(_agree(cells, patient) for patient in known):
        shown = "; ".join(" ".join(filter(None, map(patient.get, OF_PATIENT))) for patient in known)
        yield _fault(place, "claim-about-others", ABOUT_OTHERS, known=shown)


def _cells(store: PracticeStore, identity: str) -> Mapping[str, str]:
    patient = store.get(Patient, identity)
    return patient_cells(patient) if patient else {}


def _agree(line: Mapping[str, str], patient: Mapping[str, str]) -> bool:
    """Tell whether a line may be of ``patient``: by the number, or by the birth name where one of them has none.

    Columns that were sorted without the others would give a package to somebody else.
    """
    for name in ("patient_number", "birth_family_name"):
        written, known = comparable(line[name]).lstrip("0"), comparable(patient.get(name, "")).lstrip("0")
        if written and known:
            return written == known
    return True


def _possible(store: PracticeStore, one: ExportRecord, day: date, at: datetime) -> bool:
    made = one.created.astimezone(practice_zone(store)).date()
    return made <= day <= practice_day(store, at)


def _fault(place: str, code: str, sentence: str, **facts: Fact) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, where=place, sentence=sentence, facts=facts)


def _refused(faults: Sequence[Finding]) -> DeliveriesRefused:
    refusal = DeliveriesRefused(count=len(faults))
    refusal.findings = tuple(faults)
    return refusal
