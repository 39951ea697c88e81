"""Of which moment an export is, patient by patient: as its bundle says, or else as its resources say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from formats.errors import FormatFailure
from formats.fhir.elements import Element
from formats.fhir.exact import take_or
from formats.fhir.primitives import MOMENT
from formats.fhir_exports.issuers import element_text, objects

_CHANGED = {"Provenance": "recorded", "Composition": "date"}
"""Elements, besides ``meta.lastUpdated``, that say when a resource and what it is about were made."""


def stated_moment(node: Element, path: str) -> datetime | None:
    """Return the moment at ``path`` of a resource; nothing where there is none, or one without a zone."""
    try:
        found = take_or(node, path, MOMENT, None)
    except FormatFailure:
        return None
    return found if found is not None and found.tzinfo is not None else None


@dataclass(slots=True)
class ExportMoments:
    """The latest moment that is stated of each patient, and of the export as a whole."""

    bundled: dict[str, datetime] = field(default_factory=dict)
    changed: dict[str, datetime] = field(default_factory=dict)
    whole: datetime | None = None

    def note(self, key: str, owner: str, node: Element, bundled: datetime | None) -> None:
        """Know what the resource ``key`` in a bundle of the moment ``bundled`` says; ``owner`` names its patient."""
        about = [key if key.startswith("Patient/") else owner]
        changes = [stated_moment(node, "meta.lastUpdated")]
        if other := _CHANGED.get(node["resourceType"]):
            changes.append(stated_moment(node, other))
            about += [element_text(one, "reference") for one in objects(node.get("target"))]
        changed = max((one for one in changes if one is not None), default=None)
        for one in filter(None, about):
            _later(self.changed, one, changed)
        if key.startswith("Patient/"):
            _later(self.bundled, key, bundled)
        stated = [one for one in (self.whole, bundled, changed) if one is not None]
        self.whole = max(stated, default=None)

    def settle(self, owner: Callable[[str], str]) -> None:
        """Give what was said of references to the patients whom ``owner`` finds for them."""
        found: dict[str, datetime] = {}
        for reference, at in self.changed.items():
            if patient := owner(reference):
                _later(found, patient, at)
        self.changed = found

    def of(self, patient: str) -> datetime | None:
        """Return of which moment the dossier of ``patient`` is; nothing where nothing says so."""
        return self.bundled.get(patient) or self.changed.get(patient)


def _later(moments: dict[str, datetime], name: str, at: datetime | None) -> None:
    known = moments.get(name)
    if at is not None and (known is None or known < at):
        moments[name] = at
