"""Is the patient who arrives somebody the practice already knows?

1. Same INS and agreeing strict traits: the same person.
2. Same INS and other traits: a human decides.
3. Same traits, and not both have an INS, or their INS differ: a human decides.
   So does one where one of the birth dates is partial: it contradicts no day of its own, and proves none.
4. Same number of the same practice, under other traits: a human decides.
5. Anything else: somebody new.

An INS that is unqualified or invalid is kept and never blocks; two people in
real files have carried one INS, so it never decides alone. Sources: RNIV;
DESIGN, decision 9.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from formats.model.dates import AnyDate, contradict
from formats.model.identity import IdentifierType, Traits
from formats.model.people import Patient
from formats.names import comparable
from formats.words import mark


class PatientIdentity(StrEnum):
    SAME = "same"
    QUESTION = "question"
    NEW = "new"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What was decided, which patient records it is about, and why (a gettext sentence)."""

    identity: PatientIdentity
    candidates: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StrictTraits:
    """The strict traits in comparable form; ``birth_place`` may be unknown."""

    family: str
    given: str
    born: AnyDate | None
    sex: str
    birth_place: str

    @property
    def whole(self) -> bool:
        """Whether enough is known to say that two people are one."""
        return bool(self.family and self.given and self.born)

    def agrees(self, other: StrictTraits) -> bool:
        """Whether nothing known of both contradicts; an unknown sex or birthplace does not."""
        if (self.family, self.given) != (other.family, other.given) or not self.born or not other.born:
            return False
        others = _compatible(self.sex, other.sex) and _compatible(self.birth_place, other.birth_place)
        return others and not contradict(self.born, other.born)

    def same_birth(self, other: StrictTraits) -> bool:
        """Whether both are known to be born on the same day."""
        return isinstance(self.born, date) and self.born == other.born


def _compatible(one: str, other: str) -> bool:
    return not one or not other or one == other


def strict_traits(traits: Traits) -> StrictTraits:
    """Return the strict traits of ``traits``; a source without birth names has only the used ones."""
    given = traits.birth_given_names[0] if traits.birth_given_names else traits.used_given_name
    return StrictTraits(
        family=comparable(traits.birth_family_name or traits.used_family_name),
        given=comparable(given),
        born=traits.birth_date,
        sex=traits.sex.value if traits.sex.value in {"M", "F"} else "",
        birth_place=traits.birth_place,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    patient: str
    traits: StrictTraits
    ins: frozenset[str]


class KnownPeople:
    """The patients of a practice, by INS and by traits."""

    def __init__(self, patients: Iterable[Patient]) -> None:
        self._by_ins: dict[str, list[_Known]] = {}
        self._by_traits: dict[tuple[str, str, int], list[_Known]] = {}
        self._by_number: dict[tuple[str, str], list[str]] = {}
        for patient in patients:
            self.add(patient)

    def add(self, patient: Patient) -> None:
        """Know one more patient."""
        known = _Known(patient.id, strict_traits(patient.traits), ins_values(patient))
        for value in known.ins:
            self._by_ins.setdefault(value, []).append(known)
        if known.traits.whole:
            self._by_traits.setdefault(_key(known.traits), []).append(known)
        self.add_numbers(patient)

    def add_numbers(self, patient: Patient) -> None:
        """Know the numbers of one more patient, and nothing else."""
        for number in _numbers(patient):
            self._by_number.setdefault(number, []).append(patient.id)

    def decide(self, patient: Patient) -> Decision:
        """Say who ``patient`` is among those known; they themselves do not count."""
        traits, ins = strict_traits(patient.traits), ins_values(patient)
        same_ins = [
            one for value in sorted(ins) for one in self._by_ins.get(value, []) if one.patient != patient.id
        ]
        agreeing = [one for one in same_ins if traits.agrees(one.traits)]
        same = [one.patient for one in agreeing if traits.whole and traits.same_birth(one.traits)]
        if same:
            return Decision(
                identity=PatientIdentity.SAME,
                candidates=_distinct(same),
                reason=mark("same INS and same strict traits"),
            )
        if same_ins:
            candidates = _distinct(one.patient for one in same_ins)
            differ = mark("same INS, but the strict traits differ")
            reason = mark("same INS, but a birth date is not known to the day") if agreeing else differ
            return Decision(identity=PatientIdentity.QUESTION, candidates=candidates, reason=reason)
        decision = self._by_traits_alone(patient, traits, ins)
        return (
            decision
            if decision.identity is PatientIdentity.QUESTION
            else self._by_number_alone(patient, decision)
        )

    def _by_number_alone(self, patient: Patient, otherwise: Decision) -> Decision:
        """Ask about everybody else who has a number of the same issuer: it may have been given twice."""
        same = [one for number in _numbers(patient) for one in self._by_number.get(number, [])]
        candidates = _distinct(one for one in same if one != patient.id)
        if not candidates:
            return otherwise
        reason = mark("the same number of the same practice, under other traits")
        return Decision(identity=PatientIdentity.QUESTION, candidates=candidates, reason=reason)

    def _by_traits_alone(self, patient: Patient, traits: StrictTraits, ins: frozenset[str]) -> Decision:
        if not traits.whole:
            return Decision(identity=PatientIdentity.NEW, reason=mark("nobody here has these traits"))
        alike = [
            one
            for one in self._by_traits.get(_key(traits), [])
            if one.patient != patient.id and traits.agrees(one.traits)
        ]
        if not alike:
            return Decision(identity=PatientIdentity.NEW, reason=mark("nobody here has these traits"))
        candidates = _distinct(one.patient for one in alike)
        reason = _doubt(traits, ins, alike)
        return Decision(identity=PatientIdentity.QUESTION, candidates=candidates, reason=reason)


def _doubt(traits: StrictTraits, ins: frozenset[str], alike: list[_Known]) -> str:
    """Return why traits that agree do not decide."""
    if any(ins and one.ins for one in alike):
        return mark("same traits, but another INS")
    if any(traits.same_birth(one.traits) for one in alike):
        return mark("same traits, without an INS to prove it")
    return mark("same names, and a birth date that is not known to the day")


def _key(traits: StrictTraits) -> tuple[str, str, int]:
    """Return where traits that may agree with ``traits`` are found: a partial birth date has a year at least."""
    return traits.family, traits.given, traits.born.year if traits.born else 0


def _numbers(patient: Patient) -> Iterator[tuple[str, str]]:
    """Yield the numbers of ``patient``, each with who issued it: without an issuer a number tells nobody."""
    for one in patient.identifiers:
        if one.type is IdentifierType.LOCAL and one.system and one.value:
            yield one.system, one.value


def _distinct(patients: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(patients))


def ins_values(patient: Patient) -> frozenset[str]:
    """Return the INS numbers of ``patient``, without their OID: samples carry one number under two."""
    return frozenset(
        identifier.value.replace(" ", "")
        for identifier in patient.identifiers
        if identifier.type is IdentifierType.INS and identifier.value.strip()
    )
