"""INS numbers (matricule INS) as two of them are compared.

A matricule has thirteen characters, as NIR and NIA have, and a key of two digits that follows from them; people
write it with spaces, without the key, and the department of Corsica (2A, 2B) in small letters. Source: ANS,
référentiel INS; INSEE, structure of the NIR.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from formats.model.identity import IdentifierType
from formats.model.people import Patient

_SHAPE = re.compile(r"[1-478]\d{4}(?:\d\d|2[AB])\d{6}(?:\d\d)?", re.ASCII)
_WITHOUT_KEY = 13
_LEAST_CHARACTERS, _LEAST_DISTINCT = 8, 4
"""Of a number without the shape of one that may still tell somebody: less is a dummy value (zeros, ``1212…``)."""


@dataclass(frozen=True, slots=True)
class ComparedIns:
    """A matricule of thirteen characters, and its key where it was written."""

    matricule: str
    key: str

    def agrees(self, other: ComparedIns) -> bool:
        """Tell whether both are one number; a key that is missing contradicts none."""
        return self.matricule == other.matricule and (not self.key or not other.key or self.key == other.key)


def ins_values(patient: Patient) -> frozenset[str]:
    """Return the INS numbers of ``patient`` as they are written but for spaces, without their OID.

    Samples carry one number under two OIDs.
    """
    return frozenset(
        identifier.value.replace(" ", "")
        for identifier in patient.identifiers
        if identifier.type is IdentifierType.INS and identifier.value.strip()
    )


def written_ins(patient: Patient) -> frozenset[ComparedIns]:
    """Return the INS numbers of ``patient`` for comparing; one that has not the shape is compared whole."""
    values = (value.upper() for value in ins_values(patient))
    return frozenset(
        ComparedIns(value[:_WITHOUT_KEY], value[_WITHOUT_KEY:])
        if _SHAPE.fullmatch(value)
        else ComparedIns(value, "")
        for value in values
    )


def compared_ins(patient: Patient) -> frozenset[ComparedIns]:
    """Return the INS numbers of ``patient`` that have the shape of one; zeros and half a number name nobody."""
    return frozenset(one for one in written_ins(patient) if _SHAPE.fullmatch(one.matricule + one.key))


def unshaped_ins(patient: Patient) -> frozenset[str]:
    """Return what ``patient`` has in place of an INS that has not its shape, as two records may share it.

    A slip of the pen that two records share tells more than chance; a dummy value tells nobody.
    """
    values = (one.matricule for one in written_ins(patient) - compared_ins(patient))
    return frozenset(
        one for one in values if len(one) >= _LEAST_CHARACTERS and len(set(one)) >= _LEAST_DISTINCT
    )


def shared_ins(ones: Iterable[ComparedIns], others: Collection[ComparedIns]) -> frozenset[ComparedIns]:
    """Return which of ``ones`` are also among ``others``, with or without the key."""
    return frozenset(one for one in ones if any(one.agrees(other) for other in others))
