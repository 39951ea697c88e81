"""Patients of the practice, found by number, and by names and birth date where a number is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product

from archiver.scope.rosters.roster import RosterLine
from formats.model.identity import IdentifierType
from formats.model.people import Patient, own_number
from formats.names import beginnings, comparable

NEAREST = 3
"""Patients that are offered at most in place of one."""
NUMBERS = frozenset({IdentifierType.LOCAL, IdentifierType.CHART})
"""Identifiers by which a list names a patient of the practice."""


def family_names(patient: Patient) -> frozenset[str]:
    """Return the comparable family names of ``patient``, of birth and in use; an empty one where there is none."""
    traits = patient.traits
    names = {comparable(traits.birth_family_name), comparable(traits.used_family_name)}
    return frozenset(names - {""} or {""})


def given_names(patient: Patient) -> frozenset[str]:
    """Return the comparable given names of ``patient``, one or several; an empty one where there is none."""
    traits = patient.traits
    names = {*beginnings(" ".join(traits.birth_given_names)), *beginnings(traits.used_given_name)}
    return frozenset(names or {""})


def patient_cells(patient: Patient) -> dict[str, str]:
    """Return ``patient`` as the cells of a roster's line, the names in use before those of birth."""
    traits = patient.traits
    return {
        "patient_number": own_number(patient),
        "family_name": traits.used_family_name or traits.birth_family_name,
        "used_family_name": traits.used_family_name or traits.birth_family_name,
        "birth_family_name": traits.birth_family_name,
        "given_name": traits.used_given_name or " ".join(traits.birth_given_names),
        "birth_date": traits.birth_date.isoformat() if traits.birth_date else "",
    }


def roster_line(patient: Patient, number: int) -> RosterLine:
    """Return line ``number`` of a roster, for ``patient``."""
    cells = patient_cells(patient)
    return RosterLine(
        line=number,
        patient_number=cells["patient_number"],
        family_name=cells["family_name"],
        given_name=cells["given_name"],
        birth_date=patient.traits.birth_date,
        practitioner_rpps="",
        patient=patient.id,
    )


class PatientIndex:
    """The patient records in the order given."""

    def __init__(self, patients: Iterable[Patient]) -> None:
        self._patients = list(patients)

    def numbered(self, number: str) -> Sequence[Patient]:
        """Return the patient records that have ``number``."""
        return self._by_number.get(number, ())

    def nearest(self, line: RosterLine, *, besides: Iterable[Patient]) -> list[Patient]:
        """Return who else may be meant by ``line``: two of three traits agree, or the digits of the number."""
        agreeing: Counter[int] = Counter()
        for key in _line_keys(line):
            agreeing.update(self._by_traits.get(key, ()))
        for one in besides:
            agreeing.pop(self._places[one.id], None)
        return [self._patients[place] for place, _ in agreeing.most_common(NEAREST)]

    @cached_property
    def _by_number(self) -> dict[str, list[Patient]]:
        found: dict[str, dict[str, Patient]] = {}
        for patient in self._patients:
            for number in _numbers(patient):
                found.setdefault(number, {})[patient.id] = patient
        return {number: list(known.values()) for number, known in found.items()}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {patient.id: place for place, patient in enumerate(self._patients)}

    @cached_property
    def _by_traits(self) -> dict[Hashable, list[int]]:
        found: dict[Hashable, list[int]] = {}
        for place, patient in enumerate(self._patients):
            numbers = map(_digits, _numbers(patient))
            born = patient.traits.birth_date
            for key in _keys(family_names(patient), given_names(patient), born, numbers):
                found.setdefault(key, []).append(place)
        return found


def _numbers(patient: Patient) -> Iterator[str]:
    return (one.value for one in patient.identifiers if one.type in NUMBERS)


def _digits(number: str) -> str:
    """Return ``number`` without what a spreadsheet or a person adds and leaves out: zeros in front, signs."""
    return comparable(number).lstrip("0")


def _line_keys(line: RosterLine) -> set[Hashable]:
    given = beginnings(line.given_name)
    return set(
        _keys([comparable(line.family_name)], given[-1:], line.birth_date, [_digits(line.patient_number)])
    )


def _keys(
    families: Iterable[str], given: Iterable[str], born: Hashable, numbers: Iterable[str]
) -> Iterator[Hashable]:
    """Yield what two records have in common where two of three traits, or the digits of a number, agree."""
    families, given = list(filter(None, families)), list(filter(None, given))
    yield from (("names", *names) for names in product(families, given))
    if born:
        yield from (("family", family, born) for family in families)
        yield from (("given", one, born) for one in given)
    yield from (("number", number) for number in numbers if number)
