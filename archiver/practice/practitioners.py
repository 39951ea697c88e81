"""Who of the practice a name or a number tells."""

from __future__ import annotations

from archiver.practice.store import PracticeStore
from formats.names import comparable


def find_practitioner(store: PracticeStore, name: str) -> str | None:
    """Return the practitioner whom ``name`` (a number or a family name with or without given name) tells."""
    wanted = comparable(name)
    matches = []
    for one in store.practitioners():
        forms = {
            one.family_name,
            f"{one.given_name} {one.family_name}",
            f"{one.family_name} {one.given_name}",
        }
        forms |= {f"{one.title} {form}" for form in forms} | {f"Dr {form}" for form in forms}
        forms |= {identifier.value for identifier in one.identifiers}
        if wanted and wanted in set(map(comparable, forms)):
            matches.append(one.id)
    return matches[0] if len(matches) == 1 else None
