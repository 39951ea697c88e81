"""FHIR exports as items of a source: what the descriptions of our own resources understand, and all of it verbatim.

1. All resources are known by type and id first, with whose they are.
2. Each is read by the description of its kind, its references resolved within the export; the record belongs to the
   patient it names, and nobody is guessed. What leads elsewhere is left out of the record.
3. Every resource is a source row, word for word; of what is not understood each type is named once, with its elements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from formats.digests import SHA256
from formats.errors import FormatFailure
from formats.fhir.elements import UnreadableElement
from formats.fhir.kinds import RESOURCES, resource_of
from formats.fhir.layout import as_json
from formats.fhir.records.people import engagement_of
from formats.fhir_exports.export import PERSONS, KnownExport
from formats.fhir_exports.files import attachments_in, documents_of_files
from formats.fhir_exports.index import ExportIndex, Key, key_of, reference_text
from formats.fhir_exports.links import ReadableResource, readable
from formats.fhir_exports.noticed import NoticedTypes
from formats.fhir_exports.places import NotFhir, PlacedResource
from formats.fhir_interchange.resources import add_terms_and_profiles
from formats.findings import Finding, Severity
from formats.folders import as_finding
from formats.mapping.parts import Setting
from formats.model.documents import Attachment, Document
from formats.model.imaging import ImageFile, ImageStudy
from formats.model.people import Engagement, Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record, record_id
from formats.model.references import with_references
from formats.reading import Item, StateMoment, Tally
from formats.words import mark

SYSTEM = "fhir"
_SEEN_BYTES = 16
"""Bytes of the digest of a resource by which two of one id are told apart."""
_SHOWN = 60
"""Characters of a date that is none that a finding repeats."""
_DATES = frozenset({"date", "dateTime"})
"""What an element that holds a date or a moment is expected to be."""
_TYPES: dict[str, tuple[str, ...]] = {}
for _one in RESOURCES:
    _TYPES[_one.record.kind] = (*_TYPES.get(_one.record.kind, ()), _one.name)


def read_export(place: Path, *, practice: str | None = None) -> Iterator[Item]:
    """Yield what the FHIR resources at ``place`` (a file, or a folder of them) say.

    ``practice`` is a lasting number or name of the practice that keeps the dossiers which name no organisation.

    Raises:
        FileNotFound, NotFhir: when there are none.
        PracticeUnknown, PracticeAmbiguous: when nothing says which practice keeps a dossier.
        LimitExceeded: past a limit of the place.
        FormatFailure: when ``place`` is one file, and cannot be read.
    """
    known = KnownExport(place)
    yield from known.find_files()
    yield from known.know_all()
    if not known.index.owners:
        raise NotFhir(where=place.name)
    known.settle(practice)
    yield from known.files_of_binaries()
    reading = _Reading(known)
    yield from reading.persons()
    for found in known.in_order():
        yield from reading.resource(found, {})
    yield from known.beside.findings()
    yield from known.not_as_stated()
    yield from reading.noticed.findings(place.name)
    yield from (Tally(table=table, rows=rows) for table, rows in sorted(reading.rows.items()))


@dataclass(slots=True)
class _Reading:
    """An export on its way into records."""

    known: KnownExport
    noticed: NoticedTypes = field(default_factory=NoticedTypes)
    rows: Counter[str] = field(default_factory=Counter)
    _currencies: dict[Key, str] = field(default_factory=dict)
    _made: set[str] = field(default_factory=set)
    _seen: dict[Key, set[bytes]] = field(default_factory=dict)
    _files: set[Attachment] = field(default_factory=set)

    @property
    def index(self) -> ExportIndex:
        """All resources of the export."""
        return self.known.index

    # -- persons --------------------------------------------------------------------------

    def persons(self) -> Iterator[Item]:
        """Yield the practices, who works there, and the patients, each with its moment."""
        index = self.index
        practices = {index.identity(one) for one in self.known.practices}
        for one in sorted({*practices, index.default.id}):
            yield StateMoment(practice=one, patient=None, at=index.moments.whole, collected=True)
        if index.default.id not in practices and (self.known.without or not index.practices):
            self._made.add(index.default.id)
            yield index.default
        engagements = self._engagements()
        for kind in PERSONS:
            for found in self.known.of_type(kind):
                yield from self.resource(found, engagements)

    def _engagements(self) -> dict[str, list[Engagement]]:
        made: dict[str, list[Engagement]] = {}
        for key, node in self.known.roles.items():
            try:
                practitioner, engagement = engagement_of(readable(node, key, self.index, {}).node)
            except FormatFailure:
                continue
            made.setdefault(self.index.identity(f"Practitioner/{practitioner}"), []).append(engagement)
        return made

    # -- records --------------------------------------------------------------------------

    def resource(self, found: PlacedResource, engagements: dict[str, list[Engagement]]) -> Iterator[Item]:
        """Yield what a resource becomes, and all of it as a row."""
        key, name = key_of(found), found.node["resourceType"]
        if name == "Composition" and key in self.index.own:  # of a document of ours, made from its records
            return
        owner = self.index.owner(key)
        patient = self.index.identity(owner) if owner else ""
        text, records, before = as_json(found.node), [], 0
        if key in self.index.repeated:
            seen = self._seen.setdefault(key, set())
            before = len(seen)
            seen.add(SHA256.hash_value(text.encode("utf-8", "surrogatepass"))[:_SEEN_BYTES])
            if len(seen) == before:  # the same once more
                return
        if before:
            self.noticed.twice[name] += 1
        for number, part in enumerate(() if before else documents_of_files(found.node)):
            made = readable(part, key, self.index, self.known.binaries, self.known.beside, found.file)
            yield from self._contained(made) if not number else ()
            record = self._understood(made, key, patient, number, found.place)
            yield from _wrong_dates(made, f"{found.place}: {key}")
            if isinstance(record, Finding):
                yield record
                continue
            if isinstance(record, Practitioner):
                record = replace(record, engagements=tuple(engagements.get(record.id, ())))
            if isinstance(record, Patient):
                at = self.index.moments.of(key)
                yield StateMoment(practice=record.practice, patient=record.id, at=at, collected=True)
            if record is not None:
                yield from made.files.bodies
                self._made.add(record.id)
                records.append(record.id)
                yield record
        yield self._row(text, key, patient if patient in self._made else None, tuple(records))

    def _understood(
        self, made: ReadableResource, key: Key, patient: str, number: int, place: str
    ) -> Record | Finding | None:
        """Return the record that a resource, or its part with the file ``number``, is understood as, or why not."""
        try:
            record = self._without_wrong_dates(made, key, patient)
        except (FormatFailure, ValueError) as fault:
            reason = fault if isinstance(fault, FormatFailure) else FormatFailure(format="FHIR R4")
            return as_finding(reason, f"{place}: {key}", Severity.WARNING)
        if record is not None and number:
            return replace(record, id=record_id(record.id, "fhir-content", str(number)))
        return record

    def _without_wrong_dates(self, made: ReadableResource, key: Key, patient: str) -> Record | None:
        """Return the record of a resource; a date that is none is taken out, and takes nothing else along."""
        while True:
            try:
                return self._record(made, key, patient)
            except UnreadableElement as fault:
                if fault.facts["expected"] not in _DATES or fault.where not in made.node:
                    raise
                made.wrong_dates[fault.where] = made.node.pop(fault.where)
                made.node.pop(f"_{fault.where}", None)

    def _record(self, made: ReadableResource, key: Key, patient: str) -> Record | None:
        node, index, name = made.node, self.index, made.node["resourceType"]
        if name == "PractitionerRole" or key in self.known.binaries:
            return None
        if name == "Organization" and key not in self.known.practices:
            self.noticed.unknown[name] += 1
            return None
        keeper = index.organization(key) if name == "Patient" else ""
        if name == "Patient" and (not keeper or reference_text(node.get("managingOrganization")) != keeper):
            node["managingOrganization"] = {"reference": keeper or "Organization/default"}
        resource = resource_of(node)
        if resource is None:
            self.noticed.unknown[name] += 1
            return None
        if name not in PERSONS and patient not in self._made:
            self.noticed.nobody[name] += 1
            return None
        record = resource.read(node)
        keeper = index.organization(index.owner(key))
        if isinstance(record, Practice):
            self._currencies[key] = record.currency
        practice = keeper.partition("/")[2] or "default"
        written = resource.write(
            record, Setting(practice=practice, currency=self._currencies.get(keeper, "EUR"))
        )
        self.noticed.compare(node, add_terms_and_profiles(written, record) if key in index.own else written)
        if made.outside:
            self.noticed.outside[name] += 1
        if made.files.broken:
            self.noticed.broken[name] += 1
        if made.files.unproven:
            self.noticed.unproven[name] += 1
        self._files.update(made.files.attachments)
        return self._with_files(self._as_its_own(record, key, patient), made)

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

    def _with_files(self, record: Record, made: ReadableResource) -> Record | None:
        """Return ``record`` without a file that is not in the export; a study of images is nothing without them."""
        node = made.node
        if isinstance(record, ImageStudy):
            files = [one.attachment for series in record.series for one in series.instances]
            if any(one not in self._files for one in files):
                self.noticed.files[node["resourceType"]] += 1
                return None
        elif isinstance(record, (Document, ImageFile)):
            if record.attachment is not None and record.attachment not in self._files:
                self.noticed.files[node["resourceType"]] += 1
                return replace(record, attachment=None)
            elsewhere = not made.files.unproven and any("url" in one for one in attachments_in(node))
            if record.attachment is None and elsewhere:
                self.noticed.files[node["resourceType"]] += 1
        return record

    def _contained(self, made: ReadableResource) -> Iterator[Item]:
        """Yield the practitioners within a resource, before what names them."""
        for key, node in made.contained:
            resource = resource_of(node)
            if resource is None:
                continue
            try:
                record = resource.read(readable(node, key, self.index, {}).node)
            except (FormatFailure, ValueError):
                continue
            record = replace(record, id=self.index.identity(key))
            self._made.add(record.id)
            yield record

    def _row(self, text: str, key: Key, patient: str | None, records: tuple[str, ...]) -> SourceRow:
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
            records=records,
        )


def _wrong_dates(made: ReadableResource, where: str) -> Iterator[Finding]:
    """Yield the dates that were taken out."""
    for name, raw in made.wrong_dates.items():
        sentence = mark(
            "{name} is “{value}”, which is no date: the record comes in without it, and the resource is kept word "
            "for word."
        )
        facts = {"name": name, "value": str(raw)[:_SHOWN]}
        yield Finding(
            severity=Severity.WARNING, code="fhir-date-wrong", where=where, sentence=sentence, facts=facts
        )
