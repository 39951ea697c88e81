"""What is noticed while an export is read, told once for each type of resource."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from formats.fhir.elements import Element
from formats.fhir.read import lost_elements
from formats.findings import Finding, Severity
from formats.words import plural

MAX_NAMED = 20
"""Elements that are named of one type; the rows have all of them."""
_INDEX = re.compile(r"\[\d+\]")
_NO_CONTENT = frozenset({"id", "meta", "text", "resourceType", "contained", "language", "implicitRules"})
"""Elements that say nothing of a patient, or say again what the others say."""

_UNKNOWN = plural(
    "{count} resource of the type {type} is of no kind that is understood: it is kept word for word.",
    "{count} resources of the type {type} are of no kind that is understood: they are kept word for word.",
)
_LOST = plural(
    "{count} resource of the type {type} says more than its record ({named}): all of it is kept word for word.",
    "{count} resources of the type {type} say more than their records ({named}): all of it is kept word for word.",
)
_NOBODY = plural(
    "{count} resource of the type {type} names no patient of this export: it is kept word for word.",
    "{count} resources of the type {type} name no patient of this export: they are kept word for word.",
)
_OUTSIDE = plural(
    "{count} resource of the type {type} names something that is not in the export: the record is without it.",
    "{count} resources of the type {type} name something that is not in the export: the records are without it.",
)
_FILES = plural(
    "{count} resource of the type {type} names a file that is not in it: the file is not taken.",
    "{count} resources of the type {type} name files that are not in them: the files are not taken.",
)
_UNPROVEN = plural(
    "{count} resource of the type {type} names a file beside it without its digest: of one file that was named by "
    "itself nothing beside it is taken so. Name the folder instead, if all in it belongs to the export.",
    "{count} resources of the type {type} name files beside them without their digests: of one file that was named by "
    "itself nothing beside it is taken so. Name the folder instead, if all in it belongs to the export.",
)
_BROKEN = plural(
    "{count} resource of the type {type} has a file that is not whole, or not of the digest beside it: the file is "
    "not taken.",
    "{count} resources of the type {type} have files that are not whole, or not of the digest beside them: the files "
    "are not taken.",
)
_TWICE = plural(
    "{count} resource of the type {type} has the id of another one before it: it is kept word for word.",
    "{count} resources of the type {type} have the ids of others before them: they are kept word for word.",
)


@dataclass(slots=True)
class NoticedTypes:
    """Counts by type of resource."""

    unknown: Counter[str] = field(default_factory=Counter)
    nobody: Counter[str] = field(default_factory=Counter)
    outside: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    unproven: Counter[str] = field(default_factory=Counter)
    twice: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    elements: dict[str, Counter[str]] = field(default_factory=dict)

    def compare(self, read: Element, written: Element) -> None:
        """Note what of the resource ``read`` is not in ``written``, which its record makes."""
        paths = {_INDEX.sub("", path) for path in lost_elements(read, written)}
        paths = {one for one in paths if one.split(".")[0] not in _NO_CONTENT}
        if paths:
            name = read["resourceType"]
            self.lost[name] += 1
            self.elements.setdefault(name, Counter()).update(paths)

    def findings(self, place: str) -> Iterator[Finding]:
        """Yield what was noticed, type by type."""
        for severity, code, sentence, counts in (
            (Severity.WARNING, "fhir-type-unread", _UNKNOWN, self.unknown),
            (Severity.WARNING, "fhir-no-patient", _NOBODY, self.nobody),
            (Severity.WARNING, "fhir-reference-outside", _OUTSIDE, self.outside),
            (Severity.WARNING, "fhir-file-elsewhere", _FILES, self.files),
            (Severity.ERROR, "fhir-file-broken", _BROKEN, self.broken),
            (Severity.WARNING, "fhir-file-unproven", _UNPROVEN, self.unproven),
            (Severity.WARNING, "fhir-twice", _TWICE, self.twice),
            (Severity.NOTE, "fhir-elements-unread", _LOST, self.lost),
        ):
            for name, count in sorted(counts.items()):
                facts: dict[str, str | int] = {"count": count, "type": name[:100]}
                if sentence is _LOST:
                    facts["named"] = ", ".join(sorted(self.elements[name])[:MAX_NAMED])[:2000]
                yield Finding(severity=severity, code=code, where=place, sentence=sentence, facts=facts)
