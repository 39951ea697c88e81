"""The two METS documents of a package, written piece by piece (CSIP 2.1, CITS eHealth1 2.0.1).

Where CSIP and eHealth1 contradict each other eHealth1 is followed; ``docs/en/limitations.md`` names each place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from formats.eark.codes import (
    CATEGORY,
    CONTENT_TYPE,
    NAMESPACES,
    OTHER_CATEGORY,
    REPRESENTATION,
    REPRESENTATION_PROFILE,
    ROOT_PROFILE,
    STRUCTURE,
)
from formats.eark.entries import DocumentEntry, DossierEntry, FileEntry, PackageFacts
from formats.xml_markup import (
    DECLARATION,
    NOTHING,
    Markup,
    element,
    end_tag,
    join_markup,
    start_tag,
    text_element,
    text_markup,
)


def root_mets(
    facts: PackageFacts,
    *,
    patients: FileEntry,
    provenance: FileEntry,
    documentation: FileEntry,
    schemas: FileEntry,
    representation: FileEntry,
) -> bytes:
    """Return the METS document of the package."""
    at = _moment(facts.created)
    groups = (
        ("Documentation", documentation),
        ("Schemas", schemas),
        (f"Representations/{REPRESENTATION}", representation),
    )
    whole = join_markup(
        (
            DECLARATION,
            start_tag("mets:mets", _root_attributes(facts.identifier, ROOT_PROFILE)),
            _header(facts, whole=True),
            _descriptive(patients, "dmd-patients", "FHIR.Patient", at),
            element(
                "mets:amdSec", _reference("mets:digiprovMD", "amd-premis", provenance, at, MDTYPE="PREMIS")
            ),
            element(
                "mets:fileSec",
                *(_group(f"grp-{number}", use, (one,), at) for number, (use, one) in enumerate(groups, 1)),
                ID="filesec",
            ),
            _root_structure(representation),
            end_tag("mets:mets"),
        )
    )
    return whole.encode("utf-8")


def representation_mets(facts: PackageFacts, dossiers: Iterable[DossierEntry]) -> Iterator[bytes]:
    """Yield the METS document of the representation; ``dossiers`` is gone through three times."""
    for piece in _representation(facts, dossiers):
        yield piece.encode("utf-8")


def _representation(facts: PackageFacts, dossiers: Iterable[DossierEntry]) -> Iterator[Markup]:
    at = _moment(facts.created)
    yield DECLARATION
    yield start_tag("mets:mets", _root_attributes(REPRESENTATION, REPRESENTATION_PROFILE))
    yield _header(facts, whole=False)
    for one in dossiers:
        if one.conditions:
            yield _descriptive(one.conditions, f"dmd-{one.number}", "FHIR.Condition", at)
    yield start_tag("mets:fileSec", {"ID": "filesec"})
    for one in dossiers:
        for document in one.documents:
            yield _group(f"grp-{document.number}", document.folder, document.files, at)
    yield end_tag("mets:fileSec")
    yield start_tag("mets:structMap", {"ID": "structmap", "TYPE": "PHYSICAL", "LABEL": STRUCTURE})
    yield start_tag("mets:div", {"ID": "div-0", "LABEL": REPRESENTATION})
    yield start_tag("mets:div", {"ID": "div-data", "LABEL": "Data"})
    for number, (record, cases) in enumerate(groupby(dossiers, key=attrgetter("record")), 1):
        attributes = {"ID": f"div-record-{number}", "LABEL": "Patient Record", "ORDERLABEL": record}
        yield start_tag("mets:div", attributes)
        yield from map(_case, cases)
        yield end_tag("mets:div")
    for name in ("mets:div", "mets:div", "mets:structMap", "mets:mets"):
        yield end_tag(name)


def _root_attributes(identifier: str, profile: str) -> dict[str, str]:
    return {
        **NAMESPACES,
        "OBJID": identifier,
        "TYPE": CATEGORY,
        "csip:OTHERTYPE": OTHER_CATEGORY,
        "csip:CONTENTINFORMATIONTYPE": CONTENT_TYPE,
        "PROFILE": profile,
    }


def _header(facts: PackageFacts, *, whole: bool) -> Markup:
    at = _moment(facts.created)
    software = _agent(
        facts.software,
        ("SOFTWARE VERSION", facts.version),
        ROLE="CREATOR",
        TYPE="OTHER",
        OTHERTYPE="SOFTWARE",
    )
    creator = facts.creator
    code = ("IDENTIFICATIONCODE", creator.identifier)
    organisation = _agent(creator.name, code, ROLE="CREATOR", TYPE="ORGANIZATION") if whole else NOTHING
    attributes = {"CREATEDATE": at, "LASTMODDATE": at, "RECORDSTATUS": "NEW", "csip:OAISPACKAGETYPE": "SIP"}
    return join_markup(
        (start_tag("mets:metsHdr", attributes), software, organisation, end_tag("mets:metsHdr"))
    )


def _agent(name: str, note: tuple[str, str], **attributes: str) -> Markup:
    kind, text = note
    noted = NOTHING
    if text:
        noted = join_markup(
            (start_tag("mets:note", {"csip:NOTETYPE": kind}), text_markup(text), end_tag("mets:note"))
        )
    return element("mets:agent", text_element("mets:name", name), noted, **attributes)


def _descriptive(file: FileEntry, identifier: str, kind: str, at: str) -> Markup:
    return _reference("mets:dmdSec", identifier, file, at, MDTYPE="OTHER", OTHERMDTYPE=kind)


def _reference(name: str, identifier: str, file: FileEntry, at: str, **kind: str) -> Markup:
    attributes = {
        "LOCTYPE": "URL",
        "xlink:type": "simple",
        "xlink:href": file.path,
        **kind,
        "MIMETYPE": file.media_type,
        "SIZE": str(file.size),
        "CREATED": at,
        "CHECKSUM": file.digest.hex,
        "CHECKSUMTYPE": "SHA-256",
    }
    pointer = join_markup((start_tag("mets:mdRef", attributes), end_tag("mets:mdRef")))
    return element(name, pointer, ID=identifier, CREATED=at, STATUS="CURRENT")


def _group(identifier: str, use: str, files: Iterable[FileEntry], at: str) -> Markup:
    represents = use.startswith("Representations")
    attributes = {
        "ID": identifier,
        "USE": use,
        "csip:CONTENTINFORMATIONTYPE": CONTENT_TYPE if represents else "",
    }
    return join_markup(
        (start_tag("mets:fileGrp", attributes), *(_file(one, at) for one in files), end_tag("mets:fileGrp"))
    )


def _file(one: FileEntry, at: str) -> Markup:
    place = {"LOCTYPE": "URL", "xlink:type": "simple", "xlink:href": one.path}
    return element(
        "mets:file",
        join_markup((start_tag("mets:FLocat", place), end_tag("mets:FLocat"))),
        ID=f"file-{one.number}",
        MIMETYPE=one.media_type,
        SIZE=str(one.size),
        CREATED=at,
        CHECKSUM=one.digest.hex,
        CHECKSUMTYPE="SHA-256",
        OWNERID=one.original,
    )


def _root_structure(representation: FileEntry) -> Markup:
    def leads(number: int) -> Markup:
        return element("mets:fptr", FILEID=f"grp-{number}")

    pointer = {
        "LOCTYPE": "URL",
        "xlink:type": "simple",
        "xlink:href": representation.path,
        "xlink:title": "grp-3",
    }
    pointed = join_markup((start_tag("mets:mptr", pointer), end_tag("mets:mptr")))
    name = f"Representations/{REPRESENTATION}"
    inside = element("mets:div", pointed, ID="div-representation", LABEL=name)
    return element(
        "mets:structMap",
        element(
            "mets:div",
            element(
                "mets:div", ID="div-metadata", LABEL="Metadata", DMDID="dmd-patients", ADMID="amd-premis"
            ),
            element("mets:div", leads(1), ID="div-documentation", LABEL="Documentation"),
            element("mets:div", leads(2), ID="div-schemas", LABEL="Schemas"),
            element("mets:div", leads(3), inside, ID="div-representations", LABEL="Representations"),
            ID="div-package",
            LABEL="Package",
        ),
        ID="structmap",
        TYPE="PHYSICAL",
        LABEL="CSIP",
    )


def _case(one: DossierEntry) -> Markup:
    return element(
        "mets:div",
        *map(_document, one.documents),
        ID=f"div-case-{one.number}",
        LABEL="Case",
        ORDERLABEL=one.case,
        DMDID=f"dmd-{one.number}" if one.conditions else "",
    )


def _document(one: DocumentEntry) -> Markup:
    pointer = element("mets:fptr", FILEID=f"grp-{one.number}")
    return element(
        "mets:div", pointer, ID=f"div-document-{one.number}", LABEL="Document", ORDERLABEL=one.title
    )


def _moment(at: datetime) -> str:
    return at.isoformat()
