"""Profiles of the portability archive: the texts of the guide there were, and how one is recognized."""

from __future__ import annotations

from collections.abc import Collection

from formats.words import Words

SEPTEMBER_2026 = "pdlgc-0.1.0"
"""Version 0.1.0 of 30 September 2026."""
JULY_2026 = "pdlgc-2026-07"
JUNE_2026 = "pdlgc-2026-06"
"""The branch of June 2026, with a manifest in JSON."""
PROFILES = {
    SEPTEMBER_2026: Words("texte du 30 septembre 2026", "text of 30 September 2026"),
    JULY_2026: Words("texte de juillet 2026", "text of July 2026"),
    JUNE_2026: Words("branche de juin 2026", "branch of June 2026"),
}
NEWEST = SEPTEMBER_2026
NEW = frozenset({SEPTEMBER_2026})
WITH_XML = frozenset({SEPTEMBER_2026, JULY_2026})
OLD = frozenset({JULY_2026, JUNE_2026})
JUNE = frozenset({JUNE_2026})

JULY_ELEMENTS = frozenset(
    {"editeursortant", "fournisseursortant", "denominationeg", "numsiret", "periodecouverte"}
)
NEW_ELEMENTS = frozenset({"lgcsoftwarevendor", "statistics"})


def likely_profile(names: Collection[str], elements: Collection[str]) -> str:
    """Return the profile that an archive seems to follow, by its files and the elements of its manifest."""
    files = {name.upper() for name in names}
    if {"MANIFEST.JSON", "CHECKSUMS.TXT"} & files or any(name.startswith("EXPORT_DOC/") for name in files):
        return JUNE_2026
    if NEW_ELEMENTS.isdisjoint(elements) and not JULY_ELEMENTS.isdisjoint(elements):
        return JULY_2026
    return NEWEST
