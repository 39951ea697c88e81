"""Changes of the traits of a patient record: a correction, or another person under the same number.

People marry, and typing errors are corrected: one trait changes and the others vouch for the person.
A practice that gives a patient number again, or writes over a row, changes several at once.

1. The birth date and a name, or the birth date and the sex, changed: another person may have the number.
2. Both names, or a name and the sex, changed, and no birth date vouches: likewise.
3. Another INS and another name: likewise.
4. Anything else is a change of one person.

A record is compared with all traits it ever had: two small changes make a large one. A birth date of which only
the year or the month is known differs from none of its days, and vouches for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from archiver.identity.ins import shared_ins, written_ins
from formats.model.dates import AnyDate, contradict
from formats.model.identity import EarlierTraits, Sex, Traits
from formats.model.people import Patient
from formats.names import beginnings, comparable
from formats.words import mark


@dataclass(frozen=True, slots=True)
class _Compared:
    """Traits in comparable form: every family name, every given name, and what else is known."""

    families: frozenset[str]
    givens: frozenset[str]
    born: AnyDate | None
    sex: str
    birth_place: str


def _compared(traits: Traits) -> _Compared:
    families = map(comparable, (traits.birth_family_name, traits.used_family_name))
    givens = (*beginnings(" ".join(traits.birth_given_names)), *beginnings(traits.used_given_name))
    return _Compared(
        families=frozenset(filter(None, families)),
        givens=frozenset(givens),
        born=traits.birth_date,
        sex=traits.sex.value if traits.sex in {Sex.MALE, Sex.FEMALE} else "",
        birth_place=traits.birth_place.strip(),
    )


def _other_traits(one: _Compared, other: _Compared) -> frozenset[str]:
    """Return the names of the traits that both know and that differ."""
    differ = {
        "family": bool(one.families and other.families) and one.families.isdisjoint(other.families),
        "given": bool(one.givens and other.givens) and one.givens.isdisjoint(other.givens),
        "born": contradict(one.born, other.born),
        "sex": bool(one.sex and other.sex) and one.sex != other.sex,
        "birth_place": bool(one.birth_place and other.birth_place) and one.birth_place != other.birth_place,
    }
    return frozenset(name for name, differs in differ.items() if differs)


def another_person(before: Patient, now: Patient) -> str:
    """Return why ``now`` may be somebody else than ``before``, whose number it has (a gettext sentence); or ""."""
    reasons = (_reason(before, traits, now) for traits in _ever(before))
    return next(filter(None, reasons), "")


def _ever(patient: Patient) -> Iterator[Traits]:
    yield patient.traits
    yield from (one.traits for one in patient.earlier_traits)


def _reason(before: Patient, traits: Traits, now: Patient) -> str:
    one, other = _compared(traits), _compared(now.traits)
    differ = _other_traits(one, other)
    named = bool(differ & {"family", "given"})
    if "born" in differ and (named or "sex" in differ):
        return mark("under the same number, the birth date and the name or the sex are others")
    vouched = isinstance(one.born, date) and one.born == other.born
    if not vouched and (differ >= {"family", "given"} or (named and "sex" in differ)):
        return mark("under the same number, several traits are others, and no birth date vouches")
    known, new = written_ins(before), written_ins(now)
    if named and known and new and not shared_ins(known, new):
        return mark("under the same number, the INS and the name are others")
    return ""


def puts_in_doubt(before: Patient, now: Patient, other: Patient) -> bool:
    """Tell whether what changed from ``before`` to ``now`` contradicts ``other``, said to be the same person.

    So does an INS that both had in common and that is gone.
    """
    shared = shared_ins(written_ins(before), written_ins(other))
    if shared and not shared_ins(shared, written_ins(now)):
        return True
    was, is_now, there = _compared(before.traits), _compared(now.traits), _compared(other.traits)
    changed = {name for name in ("families", "givens", "born", "sex", "birth_place")
               if getattr(was, name) != getattr(is_now, name)}  # fmt: skip
    fields = {"family": "families", "given": "givens"}
    return any(fields.get(name, name) in changed for name in _other_traits(is_now, there))


def with_history(stored: Patient | None, patient: Patient, *, at: datetime) -> Patient:
    """Return ``patient`` with every traits that ``stored``, the record it replaces at ``at``, has or had."""
    if stored is None:
        return patient
    earlier = [*stored.earlier_traits, *patient.earlier_traits]
    earlier.append(EarlierTraits(traits=stored.traits, until=at))
    once: dict[Traits, EarlierTraits] = {}
    for one in earlier:
        if one.traits != patient.traits:
            once.setdefault(one.traits, one)
    return replace(patient, earlier_traits=tuple(once.values()), linked=patient.linked or stored.linked)
