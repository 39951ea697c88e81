"""Whose a store is, its FINESS number, who practises there, and who of the practice a name or a number tells.

Where a source names no FINESS number, a person states it once, and it stays through later collections; a number that
the source names is the practice's, and none that a person states takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from archiver import __version__
from archiver.practice.registers.source_states import was_collected
from archiver.practice.store import PracticeStore
from formats.cda.codes import ORGANISATION_OID
from formats.model.identity import Identifier, IdentifierType
from formats.model.people import Practice, Practitioner
from formats.model.record import Record, practice_namespace
from formats.names import comparable
from formats.pdlgc.sender import Sender

OWN_PRACTICE = "own_practice"
"""The setting that names the practice whose store it is; a store filled by imports alone has none."""
_STATED_FINESS = "stated_finess/{practice}"


def practice_of_store(store: PracticeStore) -> Practice | None:
    """Return the practice whose store it is, where it is known."""
    own = store.setting(OWN_PRACTICE)
    return store.get(Practice, own) if own else None


def practice_by_name(name: str) -> Practice:
    """Return a practice that is known by the name its owner gives, and by nothing else."""
    return Practice(id=str(practice_namespace(f"sender:{name}")), name=name)


def is_known_by_source(store: PracticeStore) -> bool:
    """Tell whether it is known whose store it is, and not by a name alone."""
    own = practice_of_store(store)
    return own is not None and own.id != practice_by_name(own.name).id


def practice_sender(practice: Practice) -> Sender:
    """Return ``practice`` as whoever hands archives over that this program makes."""
    return Sender(
        name=practice.name,
        identifiers=practice.identifiers,
        contacts=practice.contacts,
        software="archiver",
        software_version=__version__,
    )


def is_practised_here(store: PracticeStore, practice: str) -> bool:
    """Tell whether the practitioners of ``practice`` practise here: it is the store's own, or was collected into it."""
    return practice == store.setting(OWN_PRACTICE) or was_collected(store, practice)


def find_practitioner(store: PracticeStore, name: str) -> str | None:
    """Return the practitioner of the store whom ``name`` tells; see ``practitioner_named``."""
    return practitioner_named(store.practitioners(), name)


def practitioner_named(practitioners: Iterable[Practitioner], name: str) -> str | None:
    """Return the one whom ``name`` (a number or a family name with or without given name) tells.

    Of several, whoever practises here now: who came from another practice may have a record from there as well.
    """
    wanted = comparable(name)
    matches: list[Practitioner] = []
    for one in practitioners:
        forms = {
            one.family_name,
            f"{one.given_name} {one.family_name}",
            f"{one.family_name} {one.given_name}",
        }
        forms |= {f"{one.title} {form}" for form in forms} | {f"Dr {form}" for form in forms}
        forms |= {identifier.value for identifier in one.identifiers}
        if wanted and wanted in set(map(comparable, forms)):
            matches.append(one)
    if len(matches) > 1:
        matches = [one for one in matches if one.active]
    return matches[0].id if len(matches) == 1 else None


def as_received(record: Record, *, former: bool) -> Record:
    """Return a record of a practice as it is stored here: a practitioner of another practice is not active."""
    return replace(record, active=False) if former and isinstance(record, Practitioner) else record


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


def with_finess(practice: Practice, number: str, *, before: str = "") -> Practice:
    """Return ``practice`` with ``number``, unless there is none, or it has another than that stated ``before``."""
    known = finess_of(practice)
    if not number or known not in {"", before}:
        return practice
    rest = tuple(one for one in practice.identifiers if not (known and one.type is IdentifierType.FINESS))
    stated = Identifier(type=IdentifierType.FINESS, system=ORGANISATION_OID, value=number)
    return replace(practice, identifiers=(*rest, stated))


def stated_finess(store: PracticeStore) -> str:
    """Return the number that a person stated for the practice whose store it is, or nothing."""
    return store.setting(_STATED_FINESS.format(practice=store.setting(OWN_PRACTICE))) or ""


def with_stated_finess(store: PracticeStore, practice: Practice) -> Practice:
    """Return ``practice``, as its source has it, with the number that was stated for it."""
    return with_finess(practice, store.setting(_STATED_FINESS.format(practice=practice.id)) or "")


def state_finess(store: PracticeStore, number: str, *, at: datetime) -> bool:
    """Have the practice whose store it is bear ``number`` from now on; return whether anything changed.

    One that was stated before is replaced; one of the source stays, and so does a store that is nobody's.
    """
    practice = practice_of_store(store)
    if practice is None:
        return False
    before, known = stated_finess(store), finess_of(practice)
    if known == number or known != before:
        return False
    with store.changing():
        store.set_setting(_STATED_FINESS.format(practice=practice.id), number)
        store.put(with_finess(practice, number, before=before))
        store.note(at.isoformat(), "own-practice", {"practice": practice.id, "finess": number})
    return True
