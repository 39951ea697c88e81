"""Whose store it is that an import makes: nobody's, until a person says so or the practice's own source is collected.

1. A store that says whose it is stays so; another name is refused.
2. A practice that came, of the name that was given, is the store's own: it was taken over as it is, and who practised
   there practises here. Else the practice is known by that name alone, until its source is collected.
"""

from __future__ import annotations

from datetime import datetime

from archiver.operations.imports.errors import OwnPracticeKnown
from archiver.practice.practitioners import OWN_PRACTICE, practice_by_name, practice_of_store
from archiver.practice.store import PracticeStore
from formats.model.people import Practice
from formats.names import comparable


def refuse_other_practice(store: PracticeStore, name: str) -> None:
    """Follow step 1 for a ``name`` that was given.

    Raises:
        OwnPracticeKnown: when the store is another practice's.
    """
    known = practice_of_store(store)
    if name and known is not None and not _is_called(known, name):
        raise OwnPracticeKnown(known=known.name, stated=name)


def take_over(store: PracticeStore, practice: Practice, name: str) -> None:
    """Follow step 2 for a ``practice`` that comes, before anything of it is put."""
    if name and _is_called(practice, name) and store.setting(OWN_PRACTICE) is None:
        store.set_setting(OWN_PRACTICE, practice.id)


def state_own_practice(store: PracticeStore, name: str, *, at: datetime) -> None:
    """Follow step 2 for a ``name`` that was given, once everything is in."""
    if not name or practice_of_store(store) is not None:
        return
    came = (one for one in store.practices() if _is_called(one, name))
    own = next(came, None) or practice_by_name(name)
    store.put(own)
    store.set_setting(OWN_PRACTICE, own.id)
    store.note(at.isoformat(), "own-practice", {"practice": own.id, "name": own.name})


def _is_called(practice: Practice, name: str) -> bool:
    return comparable(practice.name) == comparable(name)
