"""FHIR exports as items of a source: what the descriptions of our own resources understand, and all of it verbatim.

1. All resources are known by type and id first, with whose they are.
2. Each is read by the description of its kind, its references resolved within the export; the record belongs to the
   patient it names, and nobody is guessed. What leads elsewhere is left out of the record.
3. Every resource is a source row, word for word; of what is not understood each type is named once, with its elements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from formats.digests import SHA256
from formats.errors import Failure, FormatFailure
from formats.fhir.elements import Element
from formats.fhir.kinds import RESOURCES, resource_of
from formats.fhir.layout import as_json
from formats.fhir.records.people import engagement_of
from formats.fhir_exports.index import ExportIndex, Key, default_practice, key_of
from formats.fhir_exports.links import ReadableResource, readable
from formats.fhir_exports.noticed import NoticedTypes
from formats.fhir_exports.places import NotFhir, PlacedResource, files_at, resources_in
from formats.findings import Finding, Severity
from formats.folders import as_finding
from formats.mapping.parts import Setting
from formats.model.documents import Attachment, Document
from formats.model.dossier import PATIENT_KINDS
from formats.model.imaging import ImageFile, ImageStudy
from formats.model.people import Engagement, Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record, record_id
from formats.model.references import with_references
from formats.outside_files.archives import OutsideFile
from formats.reading import Item, Tally

SYSTEM = "fhir"
_PERSONS = frozenset({"Organization", "Practitioner", "PractitionerRole", "Patient"})
_TYPES: dict[str, tuple[str, ...]] = {}
_RANKS: dict[str, int] = {}
for _one in RESOURCES:
    _TYPES[_one.record.kind] = (*_TYPES.get(_one.record.kind, ()), _one.name)
    _rank = PATIENT_KINDS.index(_one.record) if _one.record in PATIENT_KINDS else -1
    _RANKS[_one.name] = min(_RANKS.get(_one.name, _rank), _rank)


def read_export(place: Path) -> Iterator[Item]:
    """Yield what the FHIR resources at ``place`` (a file, or a folder of them) say.

    Raises:
        FileNotFound, NotFhir: when there are none.
        LimitExceeded: past a limit of the place.
        FormatFailure: when ``place`` is one file, and cannot be read.
    """
    files: list[OutsideFile] = []
    for one in files_at(place):
        if isinstance(one, Finding):
            yield one
        else:
            files.append(one)
    export = _Export(place)
    for file in list(files):
        try:
            for found in resources_in(file):
                if isinstance(found, Finding):
                    yield found
                else:
                    export.know(found, file)
        except Failure as fault:
            if not place.is_dir():
                raise
            yield as_finding(fault, fault.where or file.place)
            files.remove(file)
    if not export.index.owners:
        raise NotFhir(where=place.name)
    yield from export.persons(files)
    for file in sorted(files, key=export.rank):
        yield from export.records(file)
    yield from export.noticed.findings(place.name)
    yield from (Tally(table=table, rows=rows) for table, rows in sorted(export.rows.items()))


def _rank_of(node: Element) -> int:
    """Return where the record of ``node`` stands among all kinds: references point backwards."""
    resource = resource_of(node)
    known = resource is not None and resource.record in PATIENT_KINDS
    return PATIENT_KINDS.index(resource.record) if resource is not None and known else len(PATIENT_KINDS)


@dataclass(slots=True)
class _Export:
    """One export on its way into records."""

    place: Path
    index: ExportIndex = field(init=False)
    noticed: NoticedTypes = field(default_factory=NoticedTypes)
    rows: Counter[str] = field(default_factory=Counter)
    _types: dict[str, set[str]] = field(default_factory=dict)
    _sizes: Counter[str] = field(default_factory=Counter)
    _patient: Element | None = None
    _roles: dict[Key, Element] = field(default_factory=dict)
    _made: set[str] = field(default_factory=set)
    _seen: dict[Key, bytes] = field(default_factory=dict)
    _files: set[Attachment] = field(default_factory=set)
    _practices: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.index = ExportIndex(default_practice(None, self.place.name))

    def know(self, found: PlacedResource, file: OutsideFile) -> None:
        key = self.index.note(found)
        name = found.node["resourceType"]
        self._types.setdefault(file.place, set()).add(name)
        self._sizes[file.place] += 1
        if name == "Patient" and self._patient is None:
            self._patient = found.node
            self.index.default = default_practice(found.node, self.place.name)
        elif name == "PractitionerRole":
            self._roles.setdefault(key, found.node)

    def rank(self, file: OutsideFile) -> tuple[int, str]:
        """Return where ``file`` stands, so that references point backwards as far as files allow."""
        ranks = [
            _RANKS.get(name, len(PATIENT_KINDS)) for name in self._types.get(file.place, set()) - _PERSONS
        ]
        return min(ranks, default=-1), file.place

    # -- persons --------------------------------------------------------------------------

    def persons(self, files: list[OutsideFile]) -> Iterator[Item]:
        """Yield the practices, who works there, and the patients."""
        index = self.index
        self._practices = index.managing_organizations()
        if any(not index.organization(one) for one in index.practices) or not index.practices:
            self._made.add(index.default.id)
            yield index.default
        engagements = self._engagements()
        for kind in ("Organization", "Practitioner", "PractitionerRole", "Patient"):
            for file in files:
                if kind not in self._types.get(file.place, ()):
                    continue
                for found in resources_in(file):
                    if not isinstance(found, Finding) and found.node["resourceType"] == kind:
                        yield from self._resource(found, engagements)

    def _engagements(self) -> dict[str, list[Engagement]]:
        made: dict[str, list[Engagement]] = {}
        for key, node in self._roles.items():
            try:
                practitioner, engagement = engagement_of(readable(node, key, self.index).node)
            except FormatFailure:
                continue
            made.setdefault(self.index.identity(f"Practitioner/{practitioner}"), []).append(engagement)
        return made

    # -- records --------------------------------------------------------------------------

    def records(self, file: OutsideFile) -> Iterator[Item]:
        """Yield the records of patients in ``file``; in a short one references are made to point backwards."""
        found = (one for one in resources_in(file) if isinstance(one, PlacedResource))
        others: Iterable[PlacedResource] = (one for one in found if one.node["resourceType"] not in _PERSONS)
        if self._sizes[file.place] <= MAX_SORTED:
            others = sorted(others, key=lambda one: _rank_of(one.node))
        for one in others:
            yield from self._resource(one, {})

    def _resource(self, found: PlacedResource, engagements: dict[str, list[Engagement]]) -> Iterator[Item]:
        key, name = key_of(found), found.node["resourceType"]
        owner = self.index.owner(key)
        patient = self.index.identity(owner) if owner else ""
        record: Record | None = None
        text = as_json(found.node)
        content = SHA256.hash_value(text.encode("utf-8", "surrogatepass"))
        if self._seen.get(key) == content:  # the same in another file
            return
        if key in self._seen:
            self.noticed.twice[name] += 1
        else:
            self._seen[key] = content
            made = readable(found.node, key, self.index)
            yield from self._contained(made)
            try:
                record = self._record(made, key, patient)
            except (FormatFailure, ValueError) as fault:
                reason = fault if isinstance(fault, FormatFailure) else FormatFailure(format="FHIR R4")
                yield as_finding(reason, f"{found.place}: {key}", Severity.WARNING)
            if isinstance(record, Practitioner):
                record = replace(record, engagements=tuple(engagements.get(record.id, ())))
            if record is not None:
                yield from made.files
                self._made.add(record.id)
                yield record
        yield self._row(text, key, patient if patient in self._made else None, record)

    def _record(self, made: ReadableResource, key: Key, patient: str) -> Record | None:
        node, index, name = made.node, self.index, made.node["resourceType"]
        if name == "PractitionerRole":
            return None
        if name == "Organization" and key not in self._practices:
            self.noticed.unknown[name] += 1
            return None
        if name == "Patient" and not index.organization(key):
            node["managingOrganization"] = {"reference": "Organization/default"}
        resource = resource_of(node)
        if resource is None:
            self.noticed.unknown[name] += 1
            return None
        if name not in _PERSONS and patient not in self._made:
            self.noticed.nobody[name] += 1
            return None
        record = resource.read(node)
        self.noticed.compare(node, resource.write(record, Setting(practice="default", currency="EUR")))
        if made.outside:
            self.noticed.outside[name] += 1
        self._files |= {one.attachment for one in made.files}
        return self._with_files(self._as_its_own(record, key, patient), node)

    def _as_its_own(self, record: Record, key: Key, patient: str) -> Record:
        """Return ``record`` with identities of ours, and without references that lead to no record of its patient."""

        def change(kind: str, number: str) -> str | None:
            if kind == Patient.kind:
                return patient
            if kind == Practice.kind:
                organization = self.index.organization(key)
                return self.index.identity(organization) if organization else self.index.default.id
            for name in _TYPES.get(kind, ()):
                there = f"{name}/{number}"
                if there in self.index.owners or name == "Practitioner":
                    owner = self.index.owner(there)
                    identity = self.index.identity(there)
                    mine = not owner or self.index.identity(owner) == patient
                    return identity if mine and identity in self._made else None
            return None

        return replace(with_references(record, change), id=self.index.identity(key))

    def _with_files(self, record: Record, node: Element) -> Record | None:
        """Return ``record`` without a file that is not in the export; a study of images is nothing without them."""
        if isinstance(record, ImageStudy):
            files = [one.attachment for series in record.series for one in series.instances]
            if any(one not in self._files for one in files):
                self.noticed.files[node["resourceType"]] += 1
                return None
        elif isinstance(record, (Document, ImageFile)):
            if record.attachment is not None and record.attachment not in self._files:
                self.noticed.files[node["resourceType"]] += 1
                return replace(record, attachment=None)
            if record.attachment is None and "url" in as_json(node.get("content", {})):
                self.noticed.files[node["resourceType"]] += 1
        return record

    def _contained(self, made: ReadableResource) -> Iterator[Item]:
        """Yield the practitioners within a resource, before what names them."""
        for key, node in made.contained:
            resource = resource_of(node)
            if resource is None:
                continue
            try:
                record = resource.read(readable(node, key, self.index).node)
            except (FormatFailure, ValueError):
                continue
            record = replace(record, id=self.index.identity(key))
            self._made.add(record.id)
            yield record

    def _row(self, text: str, key: Key, patient: str | None, record: Record | None) -> SourceRow:
        digest = SHA256.hash_value(text.encode("utf-8", "surrogatepass")).hex()[:16]
        name = key.partition("/")[0]
        self.rows[name] += 1
        return SourceRow(
            id=record_id(self.index.default.id, "fhir-rows", f"{key}/{digest}"),
            patient=patient,
            system=SYSTEM,
            table=name,
            key=f"{key}#{digest}",
            columns={"json": text},
            records=(record.id,) if record is not None else (),
        )


MAX_SORTED = 200_000
"""Resources of one file that are put in order in memory; a longer one is read as it lies."""
