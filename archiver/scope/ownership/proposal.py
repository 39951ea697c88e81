"""A proposed roster: every person, whose they are by the rules asked about, and what stands in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from archiver.practice.store import PracticeStore
from archiver.scope.ownership.decision import Outcome, decide, other_rules, rivals
from archiver.scope.ownership.evidence import PersonEvidence
from archiver.scope.ownership.households import Household, by_member, households
from archiver.scope.ownership.read_evidence import read_evidence
from archiver.scope.ownership.rules import ChosenRule
from archiver.scope.ownership.rulings import RuleTerms
from archiver.scope.ownership.unfinished import Matter, MatterKind, read_unfinished
from archiver.scope.rosters.roster_decision import RosterDecision
from formats.model.identity import IdentifierType
from formats.model.people import Patient, Practice
from formats.names import comparable

NUMBERS = (IdentifierType.LOCAL, IdentifierType.CHART)
"""Identifiers by which a roster can name a patient record, the likelier one first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposalLine:
    """One person: ``patient`` is the record that a roster names by ``number``, empty where none has one.

    ``by_rule`` are the outcomes of every rule compared, ``rivals`` the practitioners who can claim the person
    where there are two or more, ``relatives`` the other members of the household.
    """

    patient: Patient
    number: str
    evidence: PersonEvidence
    outcome: Outcome
    by_rule: tuple[Outcome, ...]
    rivals: tuple[str, ...]
    relatives: tuple[str, ...]
    unfinished: tuple[Matter, ...]

    @property
    def contested(self) -> bool:
        """Whether two can claim the person, or the rules leave it open."""
        return bool(self.rivals) or self.outcome.decision is RosterDecision.TO_DECIDE

    @property
    def owed_cents(self) -> int:
        """What the records add up to; negative when the patient has a credit."""
        return sum(one.cents or 0 for one in self.unfinished if one.kind is MatterKind.BALANCE)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The lines in the order of names, and what they rest on; ``about`` is who leaves, or empty for everybody."""

    practice: Practice | None
    terms: RuleTerms
    rules: tuple[ChosenRule, ...]
    compared: tuple[ChosenRule, ...]
    about: str
    lines: tuple[ProposalLine, ...]
    households: tuple[Household, ...]

    @cached_property
    def by_person(self) -> Mapping[str, ProposalLine]:
        """The line of every person."""
        return {line.evidence.person: line for line in self.lines}

    @property
    def decisions(self) -> Mapping[tuple[RosterDecision, str], int]:
        """How many persons there are of each decision and practitioner."""
        return Counter((line.outcome.decision, line.outcome.practitioner) for line in self.lines)

    @property
    def parted(self) -> tuple[Household, ...]:
        """The households whose members do not all leave with the same practitioner, or stay."""
        return tuple(one for one in self.households if len(set(map(self.destination, one.members))) > 1)

    def destination(self, person: str) -> tuple[RosterDecision, str]:
        """Return with whom a person leaves by the rules; of what is open nobody can tell."""
        outcome = self.by_person[person].outcome
        return outcome.decision, outcome.practitioner

    @property
    def unfinished_counts(self) -> Mapping[MatterKind, int]:
        """How many unfinished matters there are of each kind, zeros included."""
        counts = Counter(one.kind for line in self.lines for one in line.unfinished)
        return {kind: counts[kind] for kind in MatterKind}

    def matters(self) -> Iterator[tuple[ProposalLine, Matter]]:
        """Yield everything unfinished with the line of its person."""
        return ((line, one) for line in self.lines for one in line.unfinished)


def propose_lines(
    store: PracticeStore,
    rules: Sequence[ChosenRule],
    terms: RuleTerms,
    *,
    about: str,
    practice: Practice | None = None,
) -> Proposal:
    """Return the proposal for every person of the store; ``about`` is the practitioner who leaves, or empty."""
    patients = {patient.id: patient for patient in store.patients()}
    on = terms.on.isoformat()
    found = list(read_evidence(store, patients, terms.claimants, on=on))
    persons = {record: one.person for one in found for record in one.records}
    together = households(store, persons)
    household, compared = by_member(together), other_rules(rules, terms)
    unfinished: dict[str, list[Matter]] = {}
    for matter in read_unfinished(store, persons, on=on):
        unfinished.setdefault(matter.person, []).append(matter)
    lines = []
    for one in found:
        patient, number = _named_record(one.records, patients)
        members = household[one.person].members if one.person in household else ()
        line = ProposalLine(
            patient=patient,
            number=number,
            evidence=one,
            outcome=decide(one, rules, terms, about=about),
            by_rule=tuple(decide(one, (rule,), terms, about=about) for rule in compared),
            rivals=rivals(one, terms, about=about),
            relatives=tuple(member for member in members if member != one.person),
            unfinished=tuple(unfinished.get(one.person, ())),
        )
        lines.append(line)
    return Proposal(
        practice=practice,
        terms=terms,
        rules=tuple(rules),
        compared=compared,
        about=about,
        lines=tuple(sorted(lines, key=_order)),
        households=together,
    )


def _named_record(records: Sequence[str], patients: Mapping[str, Patient]) -> tuple[Patient, str]:
    """Return the first record that a roster can name, with its number; a person may have none."""
    for kind in NUMBERS:
        for record in records:
            for identifier in patients[record].identifiers:
                if identifier.type is kind and identifier.value:
                    return patients[record], identifier.value
    return patients[records[0]], ""


def _order(line: ProposalLine) -> tuple[str, str, str]:
    """Return by what lines are sorted: accents and cases do not send a name to the end."""
    family, given = shown_names(line.patient)
    return comparable(family), comparable(given), line.number


def shown_names(patient: Patient) -> tuple[str, str]:
    """Return family name and given name as people of the practice know them."""
    traits = patient.traits
    given = traits.used_given_name or " ".join(traits.birth_given_names)
    return traits.used_family_name or traits.birth_family_name, given


def birth_cell(patient: Patient) -> date | str:
    """Return the birth date: a day where it is known to the day, else what is known of it as a text."""
    born = patient.traits.birth_date
    return born if isinstance(born, date) else born.isoformat() if born else ""
