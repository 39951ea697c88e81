"""Is the patient who arrives somebody the practice already knows?

1. Same INS, agreeing strict traits and one birth date known to the day: the same person. Of two records of one
   source, a human decides: whoever made them took them for two.
2. Same INS and anything else: a human decides.
3. Traits that may be one person's, by the table of ``archiver.identity.comparison``: a human decides.
4. The same number in place of an INS, which has not its shape: a human decides.
5. Same number of the same practice, under other traits: a human decides.
6. Anything else: somebody new.

An INS that is unqualified or invalid is kept and never blocks; two people in
real files have carried one INS, so it never decides alone. Candidates are searched by *blocking keys* (a birth
date, whole names, words of them), compared one by one, and asked about from the likeliest on: a likeness never merges.
Sources: RNIV; DESIGN, decision 9.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain

from archiver.identity.compared_record import ComparedRecord, ComparedRecords, compared_record
from archiver.identity.comparison import reason_to_ask
from archiver.identity.inverted_index import InvertedIndex
from formats.model.identity import IdentifierType
from formats.model.people import Patient
from formats.name_table import NameSet, NameTable
from formats.words import mark

_SHARED_WORDS = 2
"""Words of names by which a record is found whose birth date and whole names are others."""
_NAMES = "\n"
"""Between the two whole names of a key."""
OTHER_TRAITS = mark("same INS, but the strict traits differ")
DAY_UNKNOWN = mark("same INS, but a birth date is not known to the day")
PROVEN = mark("same INS and same strict traits")
SAME_UNSHAPED = mark("the same INS, which is mistyped or incomplete")
NUMBER_AGAIN = mark("the same number of the same practice, under other traits")
NOBODY = mark("nobody here has these traits")


class PatientIdentity(StrEnum):
    SAME = "same"
    QUESTION = "question"
    NEW = "new"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What was decided, which patient records it is about, the likeliest first, and why (a gettext sentence).

    ``reasons`` says it of each record about which it is another one.
    """

    identity: PatientIdentity
    candidates: tuple[str, ...] = ()
    reason: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)

    def reason_about(self, candidate: str) -> str:
        """Return why ``candidate`` is one."""
        return self.reasons.get(candidate, self.reason)


class KnownPeople:
    """The patients of a practice, by INS, birth date, names, words of names and number; packed, whoever they are.

    A record has a number, its place among the records, and so has the identity of its patient.
    """

    def __init__(self, patients: Iterable[Patient]) -> None:
        self._records = ComparedRecords()
        self._patients = NameTable()
        self._patient_of = array("I")
        self._of_source = NameSet(self._patients)
        self._by_ins, self._by_birth, self._by_names = InvertedIndex(), InvertedIndex(), InvertedIndex()
        self._by_word, self._by_unshaped, self._by_number = InvertedIndex(), InvertedIndex(), InvertedIndex()
        self._issuers = NameTable()
        for patient in patients:
            self.add(patient)

    def add(self, patient: Patient) -> None:
        """Know one more patient, of another source than those who are asked about."""
        record = compared_record(patient)
        number = self._records.add(record)
        self._patient_of.append(self._patients.add(patient.id))
        for matricule in {one.matricule for one in record.ins}:
            self._by_ins.add(matricule, number)
        if record.traits.born:
            self._by_birth.add(record.traits.born.isoformat(), number)
        for names in record.traits.names:
            self._by_names.add(_NAMES.join(names), number)
        for word in record.traits.words:
            self._by_word.add(word, number)
        for unshaped in record.unshaped:
            self._by_unshaped.add(unshaped, number)
        self.add_numbers(patient)

    def begin_source(self) -> None:
        """Those who are asked about from now on are of another source than those before."""
        self._of_source = NameSet(self._patients)

    def add_of_source(self, patient: Patient) -> None:
        """Know one more patient, of the same source as those who are asked about from now on."""
        self._of_source.add(patient.id)
        self.add(patient)

    def add_numbers(self, patient: Patient) -> None:
        """Know the numbers of one more patient, and nothing else."""
        for system, value in _numbers(patient):
            key = f"{self._issuers.add(system)} {value}"
            self._by_number.add(key, self._patients.add(patient.id))

    def decide(self, patient: Patient) -> Decision:
        """Say who ``patient`` is among those known; they themselves do not count."""
        arriving = compared_record(patient)
        holders = self._holders_of_ins(arriving)
        same = _proven(arriving, holders)
        others_first = sorted(same, key=lambda one: (one in self._of_source, one))
        if others_first and others_first[0] not in self._of_source:
            return Decision(identity=PatientIdentity.SAME, candidates=tuple(others_first), reason=PROVEN)
        reasons = {one.patient: _ins_reason(arriving, one, proven=one.patient in same) for one in holders}
        reasons |= self._by_likeness(arriving, reasons) or ({} if reasons else self._by_number_of(patient))
        return question(reasons) if reasons else Decision(identity=PatientIdentity.NEW, reason=NOBODY)

    def _holders_of_ins(self, arriving: ComparedRecord) -> list[ComparedRecord]:
        """Return the others who have an INS of the one arriving, in the order of their identities."""
        numbers = {number for ins in arriving.ins for number in self._by_ins.numbers(ins.matricule)}
        listed = (self._records[number] for number in sorted(numbers))
        holders = {
            one.patient: one for one in listed if one.has_ins_of(arriving) and one.patient != arriving.patient
        }
        return [holders[patient] for patient in sorted(holders)]

    def _by_likeness(self, arriving: ComparedRecord, but: Collection[str]) -> dict[str, str]:
        """Return why to ask about everybody ``but`` some who may be the one arriving by traits, the likeliest first."""
        found: list[tuple[int, str, str]] = []
        for one in self._to_compare(arriving):
            if one.patient in but:
                continue
            other_ins = bool(arriving.ins and one.ins)
            reason, likely = reason_to_ask(arriving.traits, one.traits, other_ins=other_ins)
            if not reason and not arriving.unshaped.isdisjoint(one.unshaped):
                reason, likely = SAME_UNSHAPED, 0
            if reason:
                found.append((-likely, one.patient, reason))
        return {patient: reason for _, patient, reason in sorted(found)}

    def _to_compare(self, arriving: ComparedRecord) -> Iterator[ComparedRecord]:
        """Yield, each once, those of the same birth date, of the same names, and those who share words of names."""
        traits = arriving.traits
        same_birth = self._by_birth.numbers(traits.born.isoformat()) if traits.born else ()
        same_names = (self._by_names.numbers(_NAMES.join(names)) for names in traits.names)
        unshaped = (self._by_unshaped.numbers(number) for number in arriving.unshaped)
        shared: Counter[int] = Counter()
        for word in traits.words:
            shared.update(self._by_word.numbers(word))
        several = (number for number, words in shared.items() if words >= _SHARED_WORDS)
        seen = {self._patients.find(arriving.patient)}
        for number in chain(same_birth, *same_names, *unshaped, several):
            patient = self._patient_of[number]
            if patient not in seen:
                seen.add(patient)
                yield self._records[number]

    def _by_number_of(self, patient: Patient) -> dict[str, str]:
        """Return why to ask about everybody who has a number of the same issuer: it may have been given twice."""
        keys = (f"{self._issuers.find(system)} {value}" for system, value in _numbers(patient))
        same = (self._patients[one] for key in keys for one in self._by_number.numbers(key))
        return {one: NUMBER_AGAIN for one in same if one != patient.id}


def _proven(arriving: ComparedRecord, holders: Iterable[ComparedRecord]) -> set[str]:
    """Return who of the ``holders`` of an INS is the one arriving beyond doubt."""
    agreeing = (one for one in holders if arriving.strict.agrees(one.strict))
    return {one.patient for one in agreeing if arriving.strict.same_birth(one.strict)}


def _ins_reason(arriving: ComparedRecord, one: ComparedRecord, *, proven: bool) -> str:
    if proven:
        return PROVEN
    return DAY_UNKNOWN if arriving.strict.agrees(one.strict) else OTHER_TRAITS


def question(reasons: Mapping[str, str]) -> Decision:
    """Return the question about the records ``reasons`` has, the likeliest first, each for its reason."""
    return Decision(
        identity=PatientIdentity.QUESTION,
        candidates=tuple(reasons),
        reason=next(iter(reasons.values())),
        reasons=reasons,
    )


def _numbers(patient: Patient) -> Iterator[tuple[str, str]]:
    """Yield the numbers of ``patient``, each with who issued it: without an issuer a number tells nobody."""
    for one in patient.identifiers:
        if one.type is IdentifierType.LOCAL and one.system and one.value:
            yield one.system, one.value
