"""A roster beside the practice: who each line names, and everything that is wrong with the list.

A line names a patient by number and says names and birth date once more: what contradicts the practice is an
error, and no line is followed before every one is right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from archiver.scope.errors import (
    RosterContradiction,
    RosterErrors,
    RosterUndecided,
    RosterUnknownPatient,
    RosterUnreadable,
)
from archiver.scope.rosters.line_check import compared_line, contradictions, shown_cells, unknown_practitioner
from archiver.scope.rosters.patient_index import PatientIndex, patient_cells
from archiver.scope.rosters.roster import Roster, RosterError, RosterLine
from archiver.scope.rosters.roster_decision import RosterDecision
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.model.people import Patient
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedRoster:
    """A roster that was compared: ``lines`` are resolved.

    ``elsewhere`` counts those of other practitioners, ``staying`` those whose decision is no; ``several`` says that
    there is more than one error.
    """

    roster: Roster
    lines: tuple[RosterLine, ...]
    elsewhere: int
    errors: tuple[RosterError, ...]
    findings: tuple[Finding, ...] = field(default=())
    staying: int = 0
    several: type[Failure] = RosterErrors

    def require_correct(self) -> None:
        """Refuse a roster with an error.

        Raises:
            Failure: the one error, or ``several``.
        """
        refuse_errors(self.roster.path, self.errors, several=self.several)


def refuse_errors(
    path: Path, errors: Sequence[RosterError], *, several: type[Failure] = RosterErrors
) -> None:
    """Refuse the roster at ``path`` when it has errors.

    Raises:
        Failure: the one error, or ``several``.
    """
    if len(errors) > 1:
        raise several(where=str(path), count=len(errors))
    for one in errors:
        raise one.failure


def compare_roster(
    roster: Roster,
    patients: Iterable[Patient],
    *,
    practitioner: str | None,
    identity_of: Callable[[str], str | None],
    person_of: Callable[[str], str] = lambda patient: patient,
    nobody: type[Failure] = RosterUnknownPatient,
    several: type[Failure] = RosterErrors,
) -> CheckedRoster:
    """Return ``roster`` compared with the ``patients`` of the practice: every error of it.

    Only lines that speak of ``practitioner`` (an identity, or empty) or of nobody in particular count; with None
    all of them. ``identity_of`` gives the identity of a number or a name, ``person_of`` the record that stands
    for the person behind a patient record, ``nobody`` says that no patient has a number, ``several`` that there are
    several errors.

    Raises:
        RosterUnreadable: when no line is left, or lines name a practitioner and ``practitioner`` is empty.
    """
    practice = _Practice(
        where=str(roster.path),
        index=PatientIndex(patients),
        practitioner=practitioner,
        identity_of=identity_of,
        person_of=person_of,
        nobody=nobody,
    )
    errors = [replace(one, known=_known(practice.index, one)) for one in roster.errors]
    staying = [line for line in roster.lines if line.decision is RosterDecision.NO]
    going = [line for line in roster.lines if line.decision is not RosterDecision.NO]
    ours = [*practice.ours(going)]
    resolved: list[RosterLine] = []
    leaving: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for line, whom in ours:
        found = practice.compared(line, whom)
        if isinstance(found, RosterError):
            errors.append(found)
        else:
            resolved.append(found)
            leaving[person_of(found.patient)].append((whom or "", line.line))
    errors += (error for line in staying for error in practice.contradictions(line, leaving))
    if not (resolved or errors):
        reason = mark("it names no patient of this practitioner")
        raise RosterUnreadable(where=str(roster.path), reason=reason, line=1)
    return CheckedRoster(
        roster=roster,
        lines=tuple(resolved),
        elsewhere=len(going) - len(ours),
        errors=tuple(sorted(errors, key=lambda one: one.line)),
        findings=(*roster.findings, *_repeated(roster, resolved)),
        staying=len(staying),
        several=several,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Practice:
    """What the lines of the roster at ``where`` are compared with; its fields are those of ``compare_roster``."""

    where: str
    index: PatientIndex
    practitioner: str | None
    identity_of: Callable[[str], str | None]
    person_of: Callable[[str], str]
    nobody: type[Failure]

    def practitioner_of(self, line: RosterLine) -> str | None:
        """Return with whom the patient of ``line`` leaves: an identity, empty for nobody, None for one unknown.

        Raises:
            RosterUnreadable: when it names a practitioner, and the export is of nobody.
        """
        if not line.practitioner_rpps:
            return self.practitioner or ""
        if self.practitioner == "" and line.decision is not RosterDecision.NO:
            reason = mark("it names practitioners; say with whom the patients leave (--practitioner)")
            raise RosterUnreadable(where=f"{self.where}:{line.line}", reason=reason, line=line.line)
        return self.identity_of(line.practitioner_rpps)

    def ours(self, lines: Iterable[RosterLine]) -> Iterator[tuple[RosterLine, str | None]]:
        """Yield the lines that are not of another practitioner, each with whose it is.

        Raises:
            RosterUnreadable: see ``practitioner_of``.
        """
        for line in lines:
            named = self.practitioner_of(line)
            if named is None or self.practitioner in {None, named}:
                yield line, named

    def compared(self, line: RosterLine, named: str | None) -> RosterLine | RosterError:
        """Return ``line``, which is of the practitioner ``named``, resolved, or what is wrong with it."""
        if named is None:
            return unknown_practitioner(line, self.where)
        if line.decision is RosterDecision.TO_DECIDE:
            failure = RosterUndecided(where=self.where, patient=shown_cells(line.cells), line=line.line)
            return RosterError(line=line.line, failure=failure, cells=line.cells, columns=("decision",))
        return compared_line(line, self.index, self.person_of, self.nobody, self.where)

    def contradictions(
        self, line: RosterLine, leaving: Mapping[str, Sequence[tuple[str, int]]]
    ) -> Iterator[RosterError]:
        """Yield the error of a line that lets a person stay who leaves by another one.

        ``leaving`` gives of each person practitioner and line. A line that names a practitioner says no more than
        that the patient does not leave with them; one that names nobody, that they leave with nobody. A line by
        which somebody leaves may name nobody either.
        """
        named = self.practitioner_of(line) or ""
        known = (one for one in self.index.numbered(line.patient_number) if not contradictions(line, one))
        others = (
            other
            for person in {self.person_of(one.id) for one in known}
            for whom, other in leaving.get(person, ())
            if named == whom or not (named and whom)
        )
        for other in islice(others, 1):
            failure = RosterContradiction(
                where=self.where, patient=shown_cells(line.cells), line=line.line, other=other
            )
            yield RosterError(line=line.line, failure=failure, cells=line.cells, columns=("decision",))


def _known(index: PatientIndex, error: RosterError) -> tuple[dict[str, str], ...]:
    number = error.cells.get("patient_number", "")
    return tuple(map(patient_cells, index.numbered(number))) if number else ()


def _repeated(roster: Roster, lines: Iterable[RosterLine]) -> Iterator[Finding]:
    """Yield a finding for each line that names a patient whom a line before it names."""
    first: dict[str, int] = {}
    for line in lines:
        before = first.setdefault(line.patient, line.line)
        if before != line.line:
            yield Finding(
                severity=Severity.NOTE,
                code="roster-patient-twice",
                where=f"{roster.path.name}:{line.line}",
                sentence=mark("Patient {patient} stands in line {before} already."),
                facts={"patient": line.patient_number, "before": before},
            )
