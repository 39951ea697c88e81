"""One export whose resources are all known, before any becomes a record: which practices and files are in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from formats.cda.document import practice_identity
from formats.errors import Failure, FormatFailure
from formats.fhir.elements import Element
from formats.fhir.kinds import resource_of
from formats.fhir_exports.beside import FilesBeside
from formats.fhir_exports.files import ReadableFile, file_of
from formats.fhir_exports.index import ExportIndex, Key, key_of
from formats.fhir_exports.issuers import Issuer, SharedIssuers, element_text
from formats.fhir_exports.manifest import BulkManifest, read_bulk_manifest
from formats.fhir_exports.places import PlacedResource, files_at, resources_in
from formats.fhir_interchange.bulk import MANIFEST
from formats.findings import Finding
from formats.folders import as_finding, relative_text
from formats.model.dossier import PATIENT_KINDS
from formats.model.people import Practice
from formats.outside_files.archives import OutsideFile
from formats.reading import FileBody

PERSONS = ("Organization", "Practitioner", "PractitionerRole", "Patient")
"""Types of resources that come before the records of patients, in their order."""
MAX_SORTED_BYTES = 32 << 20
"""Bytes of all files that are put in order in memory; more are read once for each kind of record in them."""


def rank_of(node: Element) -> int:
    """Return where the record of ``node`` stands among all kinds: references point backwards."""
    try:
        resource = resource_of(node)
    except FormatFailure:  # which is said when it is read
        resource = None
    known = resource is not None and resource.record in PATIENT_KINDS
    return PATIENT_KINDS.index(resource.record) if resource is not None and known else len(PATIENT_KINDS)


@dataclass(slots=True)
class KnownExport:
    """The resources at ``place``: ``files`` hold them, ``index`` knows them, ``roles`` are who works where.

    ``beside`` are the files that hold none, ``manifest`` says what the export is to hold.
    ``practices`` are the organisations that keep dossiers; ``binaries`` are the files that came, by their resources.
    """

    place: Path
    files: list[OutsideFile] = field(default_factory=list)
    beside: FilesBeside = field(init=False)
    manifest: BulkManifest = field(default_factory=BulkManifest)
    index: ExportIndex = field(default_factory=lambda: ExportIndex(Practice(id="", name="")))
    roles: dict[Key, Element] = field(default_factory=dict)
    practices: set[Key] = field(default_factory=set)
    binaries: dict[Key, ReadableFile | None] = field(default_factory=dict)
    without: set[Key] = field(default_factory=set)
    _counts: Counter[str] = field(default_factory=Counter)
    _types: dict[str, set[str]] = field(default_factory=dict)
    _ranks: dict[str, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        folder = self.place.is_dir()
        self.beside = FilesBeside(self.place if folder else self.place.parent, named=folder)

    def find_files(self) -> Iterator[Finding]:
        """Find the files at the place, and yield a finding for what is none.

        Raises:
            FileNotFound, NotFhir: when there are none with resources.
        """
        for one in files_at(self.place):
            if isinstance(one, Finding):
                yield one
            elif isinstance(one, OutsideFile):
                self.files.append(one)
            elif one.name == MANIFEST and (manifest := read_bulk_manifest(one)):
                self.manifest = manifest
            else:
                self.beside.others.append(relative_text(one, self.place))

    def know_all(self) -> Iterator[Finding]:
        """Take every resource into the index, and yield a finding for what is none.

        Raises:
            Failure: when the place is one file, and cannot be read.
        """
        for file in list(self.files):
            try:
                for found in resources_in(file):
                    if isinstance(found, Finding):
                        yield found
                    else:
                        self.know(found, file)
            except Failure as fault:
                if not self.place.is_dir():
                    raise
                yield as_finding(fault, fault.where or file.place)
                self.files.remove(file)

    def know(self, found: PlacedResource, file: OutsideFile) -> None:
        """Take a resource into the index."""
        last = PurePosixPath(file.place).name
        self._counts[last] += 1
        if found.bundled is None and last in self.manifest.counts:
            found = replace(found, bundled=self.manifest.at)
        key = self.index.note(found)
        name = found.node["resourceType"]
        self._types.setdefault(file.place, set()).add(name)
        if name not in PERSONS:
            self._ranks.setdefault(file.place, set()).add(rank_of(found.node))
        if name == "PractitionerRole":
            self.roles.setdefault(key, found.node)

    def settle(self, practice: str | None) -> None:
        """Know which practices keep the dossiers: ``practice``, where it is given, those that name no organisation.

        Raises:
            PracticeUnknown, PracticeAmbiguous: when nothing says so of one.
        """
        index = self.index
        index.moments.settle(index.patient_named)
        self.without = {one for one in index.practices if not index.organization(one)}
        self.practices = index.managing_organizations()
        if practice:
            index.default = Practice(id=practice_identity("", "", practice), name=practice)
        elif not self.without and self.practices:
            self._take_default(min(self.practices, key=index.identity))
        elif not index.practices and len(index.organizations) == 1:
            self._take_default(next(iter(index.organizations)))
        else:
            issuer = self._issuer()
            index.default = issuer.practice
            if issuer.organization:
                index.practices |= dict.fromkeys(self.without, issuer.organization)
                self.without = set()
                self._take_default(issuer.organization)

    def not_as_stated(self) -> Iterator[Finding]:
        """Yield a finding for each file that has not as many resources as the manifest says."""
        return self.manifest.findings(self._counts)

    def _take_default(self, key: Key) -> None:
        self.practices.add(key)
        self.index.default = Practice(id=self.index.identity(key), name=self.index.names[key])

    def _issuer(self) -> Issuer:
        """Return who issued the numbers of all patients without an organisation."""
        issuers = SharedIssuers(self.index.described_organization)
        for found in self.of_type("Patient"):
            if key_of(found) in self.without:
                issuers.note(found.node)
        return issuers.only(self.place.name)

    def of_type(self, name: str) -> Iterator[PlacedResource]:
        """Yield the resources of one type."""
        for file in self.files:
            if name in self._types.get(file.place, ()):
                yield from (one for one in _placed(file) if one.node["resourceType"] == name)

    def files_of_binaries(self) -> Iterator[FileBody]:
        """Yield the files that lie in a Binary and that a document names; the first of each id."""
        wanted = self.index.files()
        for found in self.of_type("Binary") if wanted else ():
            key, data = key_of(found), found.node.get("data")
            if key not in wanted or key in self.binaries:
                continue
            file = file_of(data, element_text(found.node, "contentType")) if isinstance(data, str) else None
            self.binaries[key] = replace(file, data=b"") if file else None
            if file is not None:
                yield file.body()

    def in_order(self) -> Iterator[PlacedResource]:
        """Yield all but the persons, kind by kind, so that references point backwards over all files.

        Files of no great length are read once, and put in order in memory; others once for each kind in them.
        """
        if sum(_length(one) for one in self.files) <= MAX_SORTED_BYTES:
            every = (one for file in self.files for one in _placed(file))
            others = [one for one in every if one.node["resourceType"] not in PERSONS]
            yield from sorted(others, key=lambda one: rank_of(one.node))
            return
        for rank in sorted({rank for found in self._ranks.values() for rank in found}):
            for file in self.files:
                for one in _placed(file) if rank in self._ranks.get(file.place, ()) else ():
                    if one.node["resourceType"] not in PERSONS and rank_of(one.node) == rank:
                        yield one


def _length(file: OutsideFile) -> int:
    with file.open() as stream:
        return stream.seek(0, 2)


def _placed(file: OutsideFile) -> Iterator[PlacedResource]:
    return (one for one in resources_in(file) if isinstance(one, PlacedResource))
