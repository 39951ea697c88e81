"""A patient record in the form in which it is compared with others, and many of them, packed.

A practice compares everybody who arrives with everybody it knows, and whoever arrives is known from then on: as
objects they take some 5 kB each, here some 300 bytes.
"""

from __future__ import annotations

import marshal
from array import array
from dataclasses import dataclass
from datetime import date

from archiver.compliance.plausibility import is_placeholder
from archiver.identity.compared_traits import ComparedTraits, civil_sex, compared_traits, compatible
from archiver.identity.ins import ComparedIns, compared_ins, shared_ins, unshaped_ins
from formats.model.dates import AnyDate, contradict, parse_date
from formats.model.identity import Traits
from formats.model.people import Patient
from formats.names import comparable


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
class ComparedRecord:
    """The traits, strict and others, and the INS numbers of one patient record, whose identity is ``patient``."""

    patient: str
    strict: StrictTraits
    traits: ComparedTraits
    ins: frozenset[ComparedIns]
    unshaped: frozenset[str]

    def has_ins_of(self, other: ComparedRecord) -> bool:
        """Whether both have an INS in common."""
        return bool(shared_ins(self.ins, other.ins))


def compared_record(patient: Patient) -> ComparedRecord:
    """Return the record of ``patient`` for comparing."""
    return ComparedRecord(
        patient.id,
        strict_traits(patient.traits),
        compared_traits(patient),
        compared_ins(patient),
        unshaped_ins(patient),
    )


class ComparedRecords:
    """Records by their numbers, from 0 in the order in which they were added."""

    __slots__ = ("_ends", "_packed")

    def __init__(self) -> None:
        self._packed = bytearray()
        self._ends = array("Q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> ComparedRecord:
        return _unpacked(self._packed[self._ends[number] : self._ends[number + 1]])

    def add(self, record: ComparedRecord) -> int:
        """Add ``record``, and return its number."""
        self._packed += _packed(record)
        self._ends.append(len(self._packed))
        return len(self) - 1


def _packed(record: ComparedRecord) -> bytes:
    strict, traits = record.strict, record.traits
    return marshal.dumps(  # it packs frozen sets too
        (
            record.patient,
            traits.born.isoformat() if traits.born else "",
            (strict.family, strict.given, strict.sex, strict.birth_place),
            (traits.birth_families, traits.used_families, traits.givens),
            (traits.family_words, traits.given_words),
            (traits.placeholder, traits.sex, traits.birth_place, traits.reached_at),
            [(one.matricule, one.key) for one in record.ins],
            record.unshaped,
        )
    )


def _unpacked(data: bytearray) -> ComparedRecord:
    unpacked = marshal.loads(data)  # noqa: S302 - this process packed it a while ago
    patient, day, strict, families_and_givens, words, others, ins, unshaped = unpacked
    born = parse_date(day) if day else None
    family, given, sex, birth_place = strict
    return ComparedRecord(
        patient,
        StrictTraits(family=family, given=given, born=born, sex=sex, birth_place=birth_place),
        ComparedTraits(*(*families_and_givens, *words, born, *others)),
        frozenset(ComparedIns(*one) for one in ins),
        unshaped,
    )
