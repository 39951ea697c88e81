"""A roster beside the list of a package: which receiver each patient goes to, and who is left.

A package knows of a patient what its keyring says: one number, the names, the birth date. The lines of a roster are
compared with that as with a practice, and no line is followed before every one is right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from archiver.scope.errors import (
    RosterUnknownPractitioner,
    RosterUnreadable,
    SplitUnknownPatient,
    SplitUnknownReceiver,
)
from archiver.scope.rosters.roster import Roster, RosterError
from archiver.scope.rosters.roster_check import CheckedRoster, compare_roster
from formats.findings import Finding
from formats.model.people import Patient
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitAssignment:
    """Which patient records go to each receiver; ``rest`` are those that go to none.

    ``linked`` counts records that no line names and that go along with another of the same person, ``shared`` those
    that go to several receivers.
    """

    by_receiver: Mapping[str, frozenset[str]]
    rest: frozenset[str]
    linked: int
    shared: int
    findings: tuple[Finding, ...] = ()


def compare_split(
    roster: Roster, patients: Sequence[Patient], receiver_of: Callable[[str], str | None]
) -> CheckedRoster:
    """Return ``roster`` compared with the ``patients`` of a package.

    ``receiver_of`` gives the receiver whom the column of practitioners names.

    Raises:
        RosterUnreadable: as ``compare_roster``.
    """
    persons = _persons(patients)
    checked = compare_roster(
        roster,
        patients,
        practitioner=None,
        identity_of=receiver_of,
        person_of=lambda patient: persons.get(patient, patient),
        nobody=SplitUnknownPatient,
    )
    return replace(checked, errors=tuple(map(_about_receivers, checked.errors)))


def _about_receivers(error: RosterError) -> RosterError:
    """Return an error about a practitioner as one about a receiver, and any other as it is."""
    failure = error.failure
    if not isinstance(failure, RosterUnknownPractitioner):
        return error
    return replace(error, failure=SplitUnknownReceiver(where=failure.where, **failure.facts))


def assign_patients(
    checked: CheckedRoster,
    patients: Sequence[Patient],
    receivers: Collection[str],
    receiver_of: Callable[[str], str | None],
) -> SplitAssignment:
    """Return who goes to which of ``receivers``; ``checked`` has no error.

    Where there is one receiver, lines that name nobody are theirs.

    Raises:
        RosterUnreadable: when a line names nobody, and there are several.
    """
    persons = _persons(patients)
    records: defaultdict[str, set[str]] = defaultdict(set)
    for patient, person in persons.items():
        records[person].add(patient)
    listed = _listed(checked, receivers, receiver_of)
    by_receiver = {
        receiver: frozenset(chain.from_iterable(records[persons[one]] for one in chosen))
        for receiver, chosen in listed.items()
    }
    taken = Counter(chain.from_iterable(by_receiver.values()))
    return SplitAssignment(
        by_receiver=by_receiver,
        rest=frozenset(persons) - taken.keys(),
        linked=len(taken.keys() - set(chain.from_iterable(listed.values()))),
        shared=sum(count > 1 for count in taken.values()),
        findings=checked.findings,
    )


def _persons(patients: Sequence[Patient]) -> dict[str, str]:
    """Return which record stands for the person behind each record."""
    return {one.id: min((one.id, *one.linked)) for one in patients}


def _listed(
    checked: CheckedRoster, receivers: Collection[str], receiver_of: Callable[[str], str | None]
) -> dict[str, set[str]]:
    """Return the records that lines name, by receiver."""
    alone = next(iter(receivers)) if len(receivers) == 1 else None
    listed: dict[str, set[str]] = {one: set() for one in receivers}
    for line in checked.lines:
        receiver = receiver_of(line.practitioner_rpps) if line.practitioner_rpps else alone
        if receiver is None:
            raise RosterUnreadable(
                where=f"{checked.roster.path}:{line.line}",
                reason=mark("a line does not say with whom the patient leaves"),
                line=line.line,
            )
        listed[receiver].add(line.patient)
    return listed
