"""Units of a sealed package, and to which receiver each goes, before anything is made.

1. The keyrings say which unit is whose.
2. The roster is compared with them: every line is right, or nothing is followed.
3. Whoever goes to nobody goes to the receiver of the rest, or is left out on purpose; nobody receives nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from archiver.assembly.part import PartSource
from archiver.handover.keyring_entry import listed_patient
from archiver.handover.opening import OpenedHandover
from archiver.operations.rosters.examine_agreement import AgreementRequest
from archiver.operations.splitting.errors import SplitIncomplete, SplitReceiverEmpty, SplitReceiversAlike
from archiver.operations.splitting.split_request import SplitReceiver, SplitTargets
from archiver.practice.practitioners import practitioner_named
from archiver.scope.legal_ground import LegalGround
from archiver.scope.rosters.patient_index import patient_cells
from archiver.scope.rosters.roster import Roster
from archiver.scope.rosters.roster_check import CheckedRoster
from archiver.scope.rosters.split_roster import SplitAssignment, assign_patients, compare_split
from archiver.signing.keys.key_file import Signer
from formats.model.people import Patient
from formats.names import comparable

SHOWN = 5
"""Patients of the rest that a refusal names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageUnit:
    """A patient's unit: in which volume, at which place of its keyring, and whom its line names."""

    volume: int
    place: int
    unit: str
    patient: Patient


def package_units(received: OpenedHandover) -> Iterator[PackageUnit]:
    """Yield the unit of each patient."""
    for number, volume in enumerate(received.volumes):
        for place, entry in enumerate(volume.keyring.entries):
            if entry.patient is not None:
                yield PackageUnit(volume=number, place=place, unit=entry.unit, patient=listed_patient(entry))


def assign_units(
    request: SplitTargets,
    roster: Roster,
    sources: Sequence[PartSource],
    lines: Sequence[PackageUnit],
    judge: Callable[[CheckedRoster], object],
) -> SplitAssignment:
    """Return who goes to whom.

    Raises:
        Failure: what ``judge`` says of a roster with errors.
        SplitReceiversAlike, SplitIncomplete, SplitReceiverEmpty: when it is not clear, or somebody goes to nobody, or
            nobody to a receiver.
    """
    practitioners = sources[0].practice.records.practitioners

    def key(name: str) -> str:
        return practitioner_named(practitioners, name) or comparable(name)

    receivers: dict[str, str] = {}
    for one in (*request.receivers, *([request.rest] if request.rest else [])):
        if other := receivers.get(key(one.name)):
            raise SplitReceiversAlike(name=one.name, other=other)
        receivers[key(one.name)] = one.name
    patients = [one.patient for one in lines]
    checked = compare_split(roster, patients, lambda name: receivers.get(key(name)))
    judge(checked)
    names = [one.name for one in request.receivers]
    assignment = assign_patients(checked, patients, names, lambda name: receivers.get(key(name)))
    if assignment.rest and request.rest is None and not request.leave_out:
        left = [one for one in patients if one.id in assignment.rest]
        more = ["…"] if len(left) > SHOWN else []
        raise SplitIncomplete(count=len(left), patients=", ".join([*map(_called, left[:SHOWN]), *more]))
    for receiver, chosen in parts_of(request, assignment):
        if not chosen:
            raise SplitReceiverEmpty(name=receiver.name)
    return assignment


def parts_of(
    request: SplitTargets, assignment: SplitAssignment
) -> Iterator[tuple[SplitReceiver, frozenset[str]]]:
    """Yield each receiver with the patient records that go to them."""
    for one in request.receivers:
        yield one, assignment.by_receiver[one.name]
    if request.rest is not None:
        yield request.rest, assignment.rest


def _called(patient: Patient) -> str:
    cells = patient_cells(patient)
    return " ".join(filter(None, (cells["patient_number"], cells["family_name"], cells["given_name"])))


def agreement_asked(
    request: SplitTargets,
    roster: Roster,
    sources: Sequence[PartSource],
    signers: Iterable[Signer | None] = (),
) -> AgreementRequest:
    """Return whose agreement on ``roster`` is asked for, where ``signers`` sign the parts.

    Whom the splitter expects is said of who sealed the package, not of these.
    """
    stated = sources[0].manifest.handover.legal_ground
    of_source = LegalGround(stated) if stated in set(LegalGround) else LegalGround.NOT_STATED
    return AgreementRequest(
        roster=roster,
        ground=request.ground or LegalGround.NOT_STATED,
        otherwise=request.ground or of_source,
        signers=tuple(filter(None, signers)),
        trust=replace(request.opening.trust, expected=(), first_use=False),
    )
