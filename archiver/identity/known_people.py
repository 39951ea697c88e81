"""Is the patient who arrives somebody the practice already knows?

1. Same INS, agreeing strict traits and one birth date known to the day: the same person.
2. Same INS and anything else: a human decides.
3. Traits that may be one person's, by the table of ``archiver.identity.comparison``: a human decides.
4. Same number of the same practice, under other traits: a human decides.
5. Anything else: somebody new.

An INS that is unqualified or invalid is kept and never blocks; two people in
real files have carried one INS, so it never decides alone. Candidates are searched by *blocking keys* (a birth
date, whole names, words of them), compared one by one, and asked about from the likeliest on: a likeness never merges.
Sources: RNIV; DESIGN, decision 9.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from archiver.compliance.plausibility import is_placeholder
from archiver.identity.compared_traits import ComparedTraits, civil_sex, compared_traits, compatible
from archiver.identity.comparison import ASKED, BirthLevel, NamesLevel, reason_to_ask
from archiver.identity.ins import ComparedIns, compared_ins, shared_ins
from formats.model.dates import AnyDate, contradict
from formats.model.identity import IdentifierType, Traits
from formats.model.people import Patient
from formats.names import comparable
from formats.words import mark

_SHARED_WORDS = 2
"""Words of names by which a record is found whose birth date and whole names are others."""
OTHER_INS = mark("same traits, but another INS")
OTHER_TRAITS = mark("same INS, but the strict traits differ")
DAY_UNKNOWN = mark("same INS, but a birth date is not known to the day")
PROVEN = mark("same INS and same strict traits")
NUMBER_AGAIN = mark("the same number of the same practice, under other traits")
NOBODY = mark("nobody here has these traits")
_WITH_OTHER_INS: Mapping[str, str] = {
    ASKED[NamesLevel.EQUAL, BirthLevel.SAME]: OTHER_INS,
    ASKED[NamesLevel.EQUAL, BirthLevel.PARTIAL]: OTHER_INS,
    ASKED[NamesLevel.EQUAL, BirthLevel.NEAR]: "",
    ASKED[NamesLevel.SHARED_WORDS, BirthLevel.NEAR]: "",
}
"""Reasons that are others where both have an INS, each another one: two who were born on two days are two."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class StrictTraits:
    """The strict traits in comparable form; ``birth_place`` may be unknown."""

    family: str
    given: str
    born: AnyDate | None
    sex: str
    birth_place: str

    def agrees(self, other: StrictTraits) -> bool:
        """Whether nothing known of both contradicts; an unknown sex or birthplace does not."""
        names = bool(self.family and self.given) and (self.family, self.given) == (other.family, other.given)
        known = names and self.born is not None and other.born is not None
        others = compatible(self.sex, other.sex) and compatible(self.birth_place, other.birth_place)
        return known and others and not contradict(self.born, other.born)

    def same_birth(self, other: StrictTraits) -> bool:
        """Whether both are known to be born on the same day."""
        return isinstance(self.born, date) and self.born == other.born


def strict_traits(traits: Traits) -> StrictTraits:
    """Return the strict traits of ``traits``; a source without birth names has only the used ones.

    A date that a program writes where nobody gave one is none.
    """
    given = traits.birth_given_names[0] if traits.birth_given_names else traits.used_given_name
    return StrictTraits(
        family=comparable(traits.birth_family_name or traits.used_family_name),
        given=comparable(given),
        born=None if is_placeholder(traits.birth_date) else traits.birth_date,
        sex=civil_sex(traits),
        birth_place=traits.birth_place,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    patient: str
    strict: StrictTraits
    traits: ComparedTraits
    ins: frozenset[ComparedIns]

    def has_ins_of(self, other: _Known) -> bool:
        return bool(shared_ins(self.ins, other.ins))


class KnownPeople:
    """The patients of a practice, by INS, birth date, names, words of names and number."""

    def __init__(self, patients: Iterable[Patient]) -> None:
        self._by_ins: dict[str, list[_Known]] = {}
        self._by_birth: dict[AnyDate, list[_Known]] = {}
        self._by_names: dict[tuple[str, str], list[_Known]] = {}
        self._by_word: dict[str, list[_Known]] = {}
        self._by_number: dict[tuple[str, str], list[str]] = {}
        for patient in patients:
            self.add(patient)

    def add(self, patient: Patient) -> None:
        """Know one more patient."""
        known = _known(patient)
        for matricule in {one.matricule for one in known.ins}:
            self._by_ins.setdefault(matricule, []).append(known)
        if known.traits.born:
            self._by_birth.setdefault(known.traits.born, []).append(known)
        for names in known.traits.names:
            self._by_names.setdefault(names, []).append(known)
        for word in known.traits.words:
            self._by_word.setdefault(word, []).append(known)
        self.add_numbers(patient)

    def add_numbers(self, patient: Patient) -> None:
        """Know the numbers of one more patient, and nothing else."""
        for number in _numbers(patient):
            self._by_number.setdefault(number, []).append(patient.id)

    def decide(self, patient: Patient) -> Decision:
        """Say who ``patient`` is among those known; they themselves do not count."""
        arriving = _known(patient)
        return (
            self._by_ins_of(arriving)
            or self._by_likeness(arriving)
            or self._by_number_of(patient)
            or Decision(identity=PatientIdentity.NEW, reason=NOBODY)
        )

    def _by_ins_of(self, arriving: _Known) -> Decision | None:
        listed = (
            one
            for ins in arriving.ins
            for one in self._by_ins.get(ins.matricule, [])
            if one.has_ins_of(arriving)
        )
        holders = {one.patient: one for one in listed if one.patient != arriving.patient}
        if not holders:
            return None
        agreeing = {key: one for key, one in holders.items() if arriving.strict.agrees(one.strict)}
        same = [key for key, one in agreeing.items() if arriving.strict.same_birth(one.strict)]
        if same:
            return Decision(identity=PatientIdentity.SAME, candidates=tuple(sorted(same)), reason=PROVEN)
        reasons = {key: DAY_UNKNOWN if key in agreeing else OTHER_TRAITS for key in sorted(holders)}
        return question(reasons)

    def _by_likeness(self, arriving: _Known) -> Decision | None:
        """Ask about everybody who may be the one arriving by traits, the likeliest first."""
        found: list[tuple[int, str, str]] = []
        for one in self._to_compare(arriving):
            reason, likely = reason_to_ask(arriving.traits, one.traits)
            if arriving.ins and one.ins:
                reason = _WITH_OTHER_INS.get(reason, reason)
            if reason:
                found.append((-likely, one.patient, reason))
        return question({patient: reason for _, patient, reason in sorted(found)}) if found else None

    def _to_compare(self, arriving: _Known) -> Iterator[_Known]:
        """Yield, each once, those of the same birth date, of the same names, and those who share words of names."""
        traits = arriving.traits
        same_birth = self._by_birth.get(traits.born, []) if traits.born else []
        same_names = (one for names in traits.names for one in self._by_names.get(names, []))
        holders = {word: self._by_word.get(word, []) for word in traits.words}
        shared = Counter(one.patient for known in holders.values() for one in known)
        several = (one for known in holders.values() for one in known if shared[one.patient] >= _SHARED_WORDS)
        seen: set[str] = {arriving.patient}
        for one in (*same_birth, *same_names, *several):
            if one.patient not in seen:
                seen.add(one.patient)
                yield one

    def _by_number_of(self, patient: Patient) -> Decision | None:
        """Ask about everybody else who has a number of the same issuer: it may have been given twice."""
        same = (one for number in _numbers(patient) for one in self._by_number.get(number, []))
        reasons = {one: NUMBER_AGAIN for one in same if one != patient.id}
        return question(reasons) if reasons else None


def _known(patient: Patient) -> _Known:
    return _Known(patient.id, strict_traits(patient.traits), compared_traits(patient), compared_ins(patient))


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
