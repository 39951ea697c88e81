"""``manifest.xml``: the ArchiveTransfer message of SEDA 2.3, written object by object.

1. A BinaryDataObject for each file: where it lies, its SHA-512 and size, its format.
2. One archive unit for the package, and under it one for each file; a sealed unit has the rules of its own term.
3. What opens and proves the units is kept as long as the last of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import PurePosixPath

from formats.seda.codes import (
    CODE_LISTS,
    CONTENT,
    DIGEST_ALGORITHM,
    NAMESPACE,
    file_format,
)
from formats.seda.transfer import Agency, DataObject, DataObjects, ManagementRules, Transfer
from formats.xml_markup import DECLARATION, NOTHING, Markup, element, end_tag, start_tag, text_element


def content_name(number: int, name: str) -> str:
    """Return where the file ``name`` lies in the SIP: folders are not let in, so its name stands in ``FileInfo``."""
    return f"{CONTENT}/ID{number:06}{PurePosixPath(name).suffix}"


def manifest_pieces(transfer: Transfer, objects: DataObjects) -> Iterator[bytes]:
    """Yield ``manifest.xml`` piece by piece, in UTF-8."""
    for piece in _markup(transfer, objects):
        yield piece.encode("utf-8")


def _markup(transfer: Transfer, objects: DataObjects) -> Iterator[Markup]:
    terms = transfer.terms
    yield DECLARATION
    yield start_tag("ArchiveTransfer", {"xmlns": NAMESPACE})
    yield text_element("Date", transfer.date.isoformat())
    yield text_element("MessageIdentifier", transfer.identifier)
    yield text_element("ArchivalAgreement", terms.agreement)
    yield element("CodeListVersions", *(text_element(name, f"{name}0") for name in CODE_LISTS))
    yield start_tag("DataObjectPackage")
    for one in objects:
        yield _data_object(one)
    yield start_tag("DescriptiveMetadata")
    yield from _archive_units(transfer, objects)
    yield end_tag("DescriptiveMetadata")
    yield element(
        "ManagementMetadata",
        text_element("OriginatingAgencyIdentifier", terms.originating_agency.identifier),
        text_element("SubmissionAgencyIdentifier", terms.transferring_agency.identifier),
    )
    yield end_tag("DataObjectPackage")
    yield _agency("ArchivalAgency", terms.archival_agency)
    yield _agency("TransferringAgency", terms.transferring_agency)
    yield end_tag("ArchiveTransfer")


def _agency(name: str, agency: Agency) -> Markup:
    return element(name, text_element("Identifier", agency.identifier, schemeID=agency.scheme))


def _data_object(one: DataObject) -> Markup:
    literal, media_type, pronom = file_format(one.name)
    return element(
        "DataObjectGroup",
        element(
            "BinaryDataObject",
            text_element("DataObjectVersion", "BinaryMaster_1"),
            text_element("Uri", content_name(one.number, one.name)),
            text_element("MessageDigest", one.digest.hex, algorithm=DIGEST_ALGORITHM),
            text_element("Size", str(one.size or "")),  # the schema has no size of nothing
            element(
                "FormatIdentification",
                text_element("FormatLitteral", literal),
                text_element("MimeType", media_type),
                text_element("FormatId", pronom),
            ),
            element("FileInfo", text_element("Filename", one.name)),
            id=f"BDO{one.number}",
        ),
        id=f"GO{one.number}",
    )


def _archive_units(transfer: Transfer, objects: DataObjects) -> Iterator[Markup]:
    rules = transfer.terms.rules
    yield start_tag("ArchiveUnit", {"id": "AU0"})
    yield element("Management", element("AccessRule", text_element("Rule", rules.access)))
    yield _content("RecordGrp", transfer.title, transfer.package, transfer.description)
    for one in objects:
        if one.unit:
            yield _sealed_unit(one, rules)
    yield from _container(objects, rules)
    yield end_tag("ArchiveUnit")


def _content(level: str, title: str, identifier: str, description: str = "") -> Markup:
    return element(
        "Content",
        text_element("DescriptionLevel", level),
        text_element("Title", title),
        text_element("TransferringAgencyArchiveUnitIdentifier", identifier),
        text_element("Description", description),
    )


def _sealed_unit(one: DataObject, rules: ManagementRules) -> Markup:
    return element(
        "ArchiveUnit",
        _management(one.destroy_from, rules, on_hold=one.on_hold),
        _content("File", f"Dossier scellé {one.unit}", one.unit),
        _reference(one),
        id=f"AU{one.number}",
    )


def _container(objects: Iterable[DataObject], rules: ManagementRules) -> Iterator[Markup]:
    """Yield what belongs to all units: kept until the last may go, for ever where nobody can tell of one."""
    others, terms, on_hold = [], set[date | None](), False
    for one in objects:
        if one.unit:
            terms.add(one.destroy_from)
            on_hold = on_hold or one.on_hold
        else:
            others.append(one)
    known = [term for term in terms if term is not None]
    latest = max(known) if known and len(known) == len(terms) else None
    yield start_tag("ArchiveUnit", {"id": "AU-PREUVES"})
    yield _management(latest, rules, on_hold=on_hold)
    yield _content("RecordGrp", "Ce qui ouvre et prouve les dossiers scellés", "META-INF")
    for one in others:
        inside = (_content("Item", one.name, one.name), _reference(one))
        yield element("ArchiveUnit", *inside, id=f"AU{one.number}")
    yield end_tag("ArchiveUnit")


def _reference(one: DataObject) -> Markup:
    return element("DataObjectReference", text_element("DataObjectGroupReferenceId", f"GO{one.number}"))


def _management(destroy_from: date | None, rules: ManagementRules, *, on_hold: bool) -> Markup:
    """Return the rules of a term: without one there is no final action, so that nothing is destroyed."""
    appraisal = suspended = NOTHING
    if destroy_from is not None:
        start = destroy_from.replace(year=destroy_from.year - rules.appraisal_years)
        appraisal = element(
            "AppraisalRule",
            text_element("Rule", rules.appraisal),
            text_element("StartDate", start.isoformat()),
            text_element("FinalAction", "Destroy"),
        )
    if on_hold:
        reason = text_element("HoldReason", "Contentieux ou décision de justice")
        suspended = element("HoldRule", text_element("Rule", rules.hold), reason)
    return element("Management", appraisal, suspended) if appraisal or suspended else NOTHING
