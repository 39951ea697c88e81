"""On which traits two patient records agree: what both have is compared, what one of them lacks speaks for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from archiver.identity.compared_traits import compared_traits
from archiver.identity.ins import shared_ins, written_ins
from formats.model.dates import contradict
from formats.model.dictionary.entries import labels
from formats.model.identity import Address, Traits
from formats.model.people import Patient
from formats.names import beginnings, comparable
from formats.words import Words

_TRAITS = labels(Traits)
INS = Words("INS", "INS")
ADDRESS, PHONE, EMAIL = (
    Words("Adresse", "Address"),
    Words("Téléphone", "Telephone"),
    Words("Courriel", "E-mail"),
)


class Agreement(StrEnum):
    """Whether two records agree on a fact."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    """One of them, or both, does not have it."""
    NO_TRAIT = "no-trait"
    """It says nothing of who somebody is."""


def agreements(one: Patient, other: Patient) -> dict[Words, Agreement]:
    """Return on which traits two records agree, by the label of each."""
    mine, theirs = compared_traits(one), compared_traits(other)
    ins = written_ins(one), written_ins(other)
    reached = [
        (
            {each for each in found.reached_at if "@" not in each},
            {each for each in found.reached_at if "@" in each},
        )
        for found in (mine, theirs)
    ]
    births = [frozenset(beginnings(" ".join(each.traits.birth_given_names))) for each in (one, other)]
    used = [frozenset(beginnings(each.traits.used_given_name)) for each in (one, other)]
    found = {
        _TRAITS["birth_family_name"]: _shared(mine.birth_families, theirs.birth_families),
        _TRAITS["birth_given_names"]: _shared(*births),
        _TRAITS["used_family_name"]: _shared(mine.used_families, theirs.used_families),
        _TRAITS["used_given_name"]: _shared(*used),
        _TRAITS["birth_date"]: _births(one, other),
        _TRAITS["sex"]: _shared({mine.sex} - {""}, {theirs.sex} - {""}),
        _TRAITS["birth_place"]: _shared({mine.birth_place} - {""}, {theirs.birth_place} - {""}),
        ADDRESS: _shared(_places(one), _places(other)),
        PHONE: _shared(reached[0][0], reached[1][0]),
        EMAIL: _shared(reached[0][1], reached[1][1]),
    }
    known = Agreement.SAME if shared_ins(*ins) else Agreement.DIFFERENT
    return found | {INS: known if all(ins) else Agreement.UNKNOWN}


def _shared(ones: Iterable[str], others: Iterable[str]) -> Agreement:
    mine, theirs = set(ones), set(others)
    if not mine or not theirs:
        return Agreement.UNKNOWN
    return Agreement.SAME if mine & theirs else Agreement.DIFFERENT


def _births(one: Patient, other: Patient) -> Agreement:
    mine, theirs = one.traits.birth_date, other.traits.birth_date
    if mine is None or theirs is None:
        return Agreement.UNKNOWN
    if mine == theirs:
        return Agreement.SAME
    return Agreement.DIFFERENT if contradict(mine, theirs) else Agreement.UNKNOWN


def _places(patient: Patient) -> set[str]:
    return {comparable(address_text(one)) for one in patient.addresses} - {""}


def address_text(address: Address) -> str:
    """Return an address on one line."""
    place = " ".join(filter(None, (address.postal_code, address.city)))
    return ", ".join(filter(None, (*address.lines, place)))
