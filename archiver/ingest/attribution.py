"""Whose study or paper is this: decided by rule and said why, never guessed.

A number is one of its issuer. A number the practice gave (or an INS) decides, unless
the name or the birth date that came with it say otherwise; so does a number of
another issuer whose patients came in. A claim that names no issuer means the practice;
a number of an issuer nobody here knows decides nothing. Without a known number, name and birth
date together decide when exactly one patient has both. A birth date of which only
the year or the month is known contradicts none of its days, and decides nothing.
Everything else is for a person to settle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from formats.model.dates import AnyDate, contradict
from formats.model.identity import INS_OIDS, IdentifierType
from formats.model.people import Patient
from formats.names import beginnings, comparable
from formats.words import mark

NIR_DIGITS, KEY_DIGITS = 13, 2
"""Characters of an INS and of the key that some programs write behind it."""
_UNDATED = mark("The name is known, but the practice does not know the birth date.")
_PARTLY_DATED = mark("The name is known, but one of the birth dates is not known to the day.")
NUMBERS = frozenset({IdentifierType.LOCAL, IdentifierType.CHART})


class Claim(Protocol):
    """What an image or a line of a list says about the patient; empty where it says nothing."""

    @property
    def number(self) -> str: ...
    @property
    def issuer(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def given(self) -> str: ...
    @property
    def birth_date(self) -> AnyDate | None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPatient:
    """A patient the practice knows, under its own numbers, any INS, and every name in use.

    ``issued`` are all numbers with who issued them (an OID, a URI), the practice's own included.
    ``family_names`` are the birth and the used name, ``given_names`` the first and the used one.
    """

    id: str
    numbers: frozenset[str] = frozenset()
    ins: frozenset[str] = frozenset()
    issued: frozenset[tuple[str, str]] = frozenset()
    family_names: tuple[str, ...] = ()
    given_names: tuple[str, ...] = ()
    birth_date: AnyDate | None = None


def recognition_traits(patient: Patient, practice: str = "") -> KnownPatient:
    """Return what of a patient's record serves to recognise them; many write birth and used name together.

    ``practice`` is the identity of the practice that asks; the numbers of another's patients are not its own.
    """
    traits = patient.traits
    birth, used = traits.birth_family_name, traits.used_family_name
    both = (f"{birth} {used}", f"{used} {birth}") if birth and used else ()
    own = practice in {"", patient.practice}
    numbers = [each for each in patient.identifiers if each.type in NUMBERS]
    return KnownPatient(
        id=patient.id,
        numbers=frozenset(each.value for each in numbers if own),
        ins=frozenset(each.value for each in patient.identifiers if each.type is IdentifierType.INS),
        issued=frozenset((each.system, each.value) for each in numbers if each.system),
        family_names=(birth, used, *both),
        given_names=(*traits.birth_given_names[:1], traits.used_given_name),
        birth_date=traits.birth_date,
    )


class AttributionState(StrEnum):
    """How sure it is whose something is; only the first three assign it."""

    ASSIGNED = "assigned"
    MATCHED_BY_NUMBER = "matched-by-number"
    MATCHED_BY_NAME = "matched-by-name"
    AMBIGUOUS = "ambiguous"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """The answer: ``patient`` where it is sure, ``candidates`` where a person must choose.

    ``reason`` is a gettext message without facts.
    """

    state: AttributionState
    patient: str | None = None
    candidates: tuple[str, ...] = ()
    reason: str


@dataclass(frozen=True, slots=True)
class _Known:
    """A patient in comparable form."""

    id: str
    families: tuple[str, ...]
    givens: tuple[str, ...]
    born: AnyDate | None


class Attributor:
    """Answers for one practice; about one kilobyte of memory for each patient.

    ``names`` are those by which an image names the practice as the issuer of a number.
    """

    def __init__(self, candidates: Iterable[KnownPatient], names: Iterable[str] = ()) -> None:
        self._own = frozenset(form for name in names for form in _issuers(name))
        self._issued: dict[tuple[str, str], tuple[int, ...]] = {}
        self._patients: list[_Known] = []
        self._by_number: dict[str, tuple[int, ...]] = {}
        self._by_name: dict[tuple[str, str], tuple[int, ...]] = {}
        for patient in candidates:
            self._learn(patient)

    def attribute(self, claim: Claim) -> Attribution:
        """Say whose the thing is that makes this claim."""
        named = self._named(claim)
        day = claim.birth_date if isinstance(claim.birth_date, date) else None
        exact = [place for place in named if self._patients[place].born == day is not None]
        numbered = list(dict.fromkeys(self._numbered(claim)))
        if numbered:
            return self._with_number(claim, numbered, exact)
        found = self._with_name(claim, named, exact)
        alike = list(self._places(_number_forms(claim.number))) if claim.issuer else []
        if found.patient is None and alike:
            reason = mark("The number is of an issuer unknown here, and name and birth date do not decide.")
            return self._unsure([*alike, *named], reason)
        return found

    def _numbered(self, claim: Claim) -> Iterator[int]:
        """Yield the patients who have the number from the issuer whom the claim names, or from the practice."""
        issuers = _issuers(claim.issuer)
        if not issuers or issuers & self._own:
            yield from self._places(_number_forms(claim.number))
        elif issuers & INS_OIDS:
            yield from self._places([_ins(claim.number)])
        for issuer in sorted(issuers):
            yield from self._issued.get((issuer, _number(claim.number)), ())

    def _learn(self, patient: KnownPatient) -> None:
        place = len(self._patients)
        families = _distinct(map(comparable, patient.family_names))
        givens = _distinct(map(comparable, patient.given_names))
        self._patients.append(_Known(patient.id, families, givens, patient.birth_date))
        for number in {_number(each) for each in patient.numbers} | {_ins(each) for each in patient.ins}:
            if number:
                self._by_number[number] = (*self._by_number.get(number, ()), place)
        for issuer, number in patient.issued:
            for form in _issuers(issuer):
                key = form, _number(number)
                self._issued[key] = (*self._issued.get(key, ()), place)
        for family in families:
            for given in givens:
                self._by_name[family, given] = (*self._by_name.get((family, given), ()), place)

    def _places(self, numbers: Iterable[str]) -> Iterator[int]:
        for number in numbers:
            yield from self._by_number.get(number, ())

    def _named(self, claim: Claim) -> list[int]:
        """Return the patients who have the name, in the order in which they were learnt."""
        pairs = [(family, given) for family, givens in _readings(claim) for given in givens]
        return sorted({place for pair in pairs for place in self._by_name.get(pair, ())})

    def _with_number(self, claim: Claim, numbered: list[int], exact: list[int]) -> Attribution:
        agreeing = [place for place in numbered if not self._contradicts(self._patients[place], claim)]
        if len(numbered) > 1:
            agreeing = [place for place in agreeing if place in exact]
        if len(agreeing) == 1 and (not exact or agreeing[0] in exact):
            reason = mark("The patient number is known, and nothing contradicts it.")
            return self._sure(AttributionState.MATCHED_BY_NUMBER, agreeing[0], reason)
        if len(numbered) > 1:
            return self._unsure(numbered, mark("Several patients have this number."))
        return self._unsure([*numbered, *exact], mark("The number and the name or birth date disagree."))

    def _with_name(self, claim: Claim, named: list[int], exact: list[int]) -> Attribution:
        if not named:
            return Attribution(state=AttributionState.UNMATCHED, reason=_unknown(claim))
        if claim.birth_date is None:
            reason = mark("The name is known, but without a birth date it does not decide.")
            return self._unsure(named, reason)
        if len(exact) == 1:
            reason = mark("Name and birth date are those of one patient.")
            return self._sure(AttributionState.MATCHED_BY_NAME, exact[0], reason)
        if exact:
            return self._unsure(exact, mark("Several patients have this name and birth date."))
        possible = [p for p in named if not contradict(self._patients[p].born, claim.birth_date)]
        if possible:
            unknown = any(self._patients[place].born is None for place in possible)
            return self._unsure(possible, _UNDATED if unknown else _PARTLY_DATED)
        reason = mark("A patient of this name has another birth date.")
        candidates = tuple(self._patients[place].id for place in named)
        return Attribution(state=AttributionState.UNMATCHED, candidates=candidates, reason=reason)

    def _contradicts(self, patient: _Known, claim: Claim) -> bool:
        """Tell whether claim and patient both name something and name it differently."""
        if contradict(patient.born, claim.birth_date):
            return True
        readings = list(_readings(claim))
        return bool(readings) and not any(_same_name(patient, family, givens) for family, givens in readings)

    def _sure(self, state: AttributionState, place: int, reason: str) -> Attribution:
        return Attribution(state=state, patient=self._patients[place].id, reason=reason)

    def _unsure(self, places: Iterable[int], reason: str) -> Attribution:
        candidates = tuple(dict.fromkeys(self._patients[place].id for place in places))
        return Attribution(state=AttributionState.AMBIGUOUS, candidates=candidates, reason=reason)


def _readings(claim: Claim) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield family name and possible given names in every way the claim can be read.

    Some programs write the whole name where the family name belongs, in either order.
    """
    family, given = comparable(claim.family), beginnings(claim.given)
    if family or given:
        yield family, given
    words = claim.family.split()
    if not given:
        for cut in range(1, len(words)):
            first, last = " ".join(words[:cut]), " ".join(words[cut:])
            yield comparable(first), beginnings(last)
            yield comparable(last), beginnings(first)


def _same_name(patient: _Known, family: str, givens: tuple[str, ...]) -> bool:
    families_agree = not family or not patient.families or family in patient.families
    return families_agree and (not givens or not patient.givens or not set(givens).isdisjoint(patient.givens))


def _number_forms(number: str) -> Iterator[str]:
    """Yield a number as a practice's own, and as an INS with or without its key."""
    if _number(number):
        yield from dict.fromkeys((_number(number), _ins(number)))


def _issuers(text: str) -> frozenset[str]:
    """Return who issued a number, in comparable form: each part of ``name&OID&ISO`` (HL7 HD) may tell."""
    parts = (part.strip() for part in re.split(r"[&^]", text))
    bare = (part.removeprefix("urn:oid:").removeprefix("urn:uuid:").casefold() for part in parts)
    forms = (part if _DOTTED.fullmatch(part) else comparable(part) for part in bare)
    return frozenset(form for form in forms if form and form not in _HD_TYPES)


_DOTTED = re.compile(r"[0-9.]+")
_HD_TYPES = frozenset({"ISO", "DNS", "UUID", "URI", "GUID", "EUI64", "X400", "X500", "TEXT"})
"""Types of a universal identifier (DICOM PS3.3, table 10-18), which are no names."""


def _number(number: str) -> str:
    return "".join(number.split()).casefold()


def _ins(number: str) -> str:
    bare = _number(number)
    return bare[:NIR_DIGITS] if len(bare) == NIR_DIGITS + KEY_DIGITS else bare


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _unknown(claim: Claim) -> str:
    if claim.family or claim.given:
        return mark("The practice knows no patient of this name.")
    if claim.number:
        return mark("The practice knows no patient of this number.")
    return mark("Nothing says whose this is.")
