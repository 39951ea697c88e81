"""FINESS number of a practice whose source names none, as a person stated it once: it stays through later collections.

A number that the source names is the practice's, and none that a person states takes its place.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from archiver.practice.practitioners import practice_of_store
from archiver.practice.store import PracticeStore
from formats.cda.codes import ORGANISATION_OID
from formats.model.identity import Identifier, IdentifierType
from formats.model.people import Practice

_SETTING = "stated_finess/{practice}"


def finess_of(practice: Practice) -> str:
    """Return the FINESS number of ``practice``, or nothing."""
    return next(
        (
            one.value
            for one in practice.identifiers
            if one.type is IdentifierType.FINESS and one.value.strip()
        ),
        "",
    )


def with_finess(practice: Practice, number: str) -> Practice:
    """Return ``practice`` with ``number``, unless it has one or there is none."""
    if not number or finess_of(practice):
        return practice
    stated = Identifier(type=IdentifierType.FINESS, system=ORGANISATION_OID, value=number)
    return replace(practice, identifiers=(*practice.identifiers, stated))


def with_stated_finess(store: PracticeStore, practice: Practice) -> Practice:
    """Return ``practice``, as its source has it, with the number that was stated for it."""
    return with_finess(practice, store.setting(_SETTING.format(practice=practice.id)) or "")


def state_finess(store: PracticeStore, number: str, *, at: datetime) -> bool:
    """Have the practice whose store it is bear ``number`` from now on; return whether anything changed.

    One that was stated before is replaced; one of the source stays, and so does a store that is nobody's.
    """
    practice = practice_of_store(store)
    if practice is None:
        return False
    name = _SETTING.format(practice=practice.id)
    before, known = store.setting(name) or "", finess_of(practice)
    if known == number or known != before:
        return False
    rest = tuple(one for one in practice.identifiers if one.type is not IdentifierType.FINESS)
    with store.changing():
        store.set_setting(name, number)
        store.put(with_finess(replace(practice, identifiers=rest), number))
        store.note(at.isoformat(), "own-practice", {"practice": practice.id, "finess": number})
    return True
