"""DICOM studies, and image files that are not DICOM."""

from __future__ import annotations

from formats.fhir import codes
from formats.fhir.codes import HL7, Coding
from formats.fhir.elements import Element, objects_at
from formats.fhir.exact import put_primitive, take
from formats.fhir.groups import FieldGroup, Many
from formats.fhir.parts import RepeatedField, Value, text_field
from formats.fhir.primitives import CODE, DATE_TIME, ID, INTEGER, PRACTITIONER, TEXT, TRUTH, UNSIGNED, URI
from formats.fhir.records.mouth import Teeth
from formats.fhir.records.papers import File
from formats.fhir.resources import SUBJECT, Resource
from formats.fhir.vocabulary import Concept, concept
from formats.fhir.write_only import FixedValue, RequiredElement, WriteOnly
from formats.mapping.absence import Absent
from formats.mapping.parts import Both, FoundFields
from formats.model.imaging import (
    ImageFile,
    ImageInstance,
    ImageKind,
    ImageSeries,
    ImageStudy,
    consistent_image,
)


def _put_numbers(record: ImageStudy, node: Element) -> None:
    """The study's UID and its accession number, as FHIR identifies studies (R4, imagingstudy.html)."""
    study: Element = {"system": codes.DICOM_UID}
    put_primitive(study, "value", URI, record.study_instance_uid)
    node["identifier"] = [study]
    if record.accession:
        accession: Element = {"type": concept(Coding(codes.V2_IDENTIFIER_TYPE, "ACSN"))}
        put_primitive(accession, "value", TEXT, record.accession)
        node["identifier"].append(accession)


def _take_numbers(node: Element) -> FoundFields:
    found: FoundFields = {}
    for identifier in objects_at(node, "identifier"):
        if identifier.get("system") == codes.DICOM_UID:
            value, name = take(identifier, "value", URI), "study_instance_uid"
        elif any(coding.get("code") == "ACSN" for coding in objects_at(identifier, "type.coding")):
            value, name = take(identifier, "value", TEXT), "accession"
        else:
            continue
        if not isinstance(value, Absent):
            found.setdefault(name, value)
    return found


def _put_sizes(record: ImageStudy, node: Element) -> None:
    """How many series and instances there are, for readers that list studies."""
    node["numberOfSeries"] = len(record.series)
    node["numberOfInstances"] = sum(len(series.instances) for series in record.series)


INSTANCE = FieldGroup(
    ImageInstance,
    (
        Value("sop_instance_uid", "uid", ID),
        FixedValue("sopClass.system", codes.URI_SYSTEM),
        Value("sop_class_uid", "sopClass.code", URI),
        Value("number", "number", UNSIGNED),
        File("~file"),
    ),
)

STUDY = Resource(
    "ImagingStudy",
    ImageStudy,
    (
        Both(("study_instance_uid", "accession"), _put_numbers, _take_numbers),
        FixedValue("status", "available"),
        SUBJECT,
        Value("studied_at", "started", DATE_TIME),
        WriteOnly(_put_sizes),
        text_field("description", "description"),
        Many(
            "series",
            "series",
            FieldGroup(
                ImageSeries,
                (
                    Value("series_instance_uid", "uid", ID),
                    Value("number", "number", UNSIGNED),
                    FixedValue("modality.system", codes.DICOM, lambda series: series.modality),
                    text_field("modality", "modality.code", CODE),
                    text_field("description", "description"),
                    Many("instances", "instance", INSTANCE),
                    RequiredElement("modality"),
                ),
            ),
        ),
        text_field("study_id", "~study-id"),
        text_field("patient_name", "~dicom-patient-name"),
        text_field("patient_number", "~dicom-patient-id"),
    ),
)

IMAGE = Resource(
    "Media",
    ImageFile,
    (
        FixedValue("status", "completed"),
        FixedValue("type", concept(Coding(f"{HL7}/media-type", "image"))),
        Concept("image", "modality", codes.IMAGE_KINDS, otherwise=ImageKind.OTHER),
        SUBJECT,
        Value("taken_at", "createdDateTime", DATE_TIME),
        Value("practitioner", "operator.reference", PRACTITIONER),
        Teeth(),
        File("content"),
        text_field("original_name", "content.title"),
        text_field("note", "note[0].text"),
        text_field("title", "~title"),
        RepeatedField("crop", "crop", INTEGER),
        Value("rotation", "~rotation", INTEGER),
        Value("flipped", "~flipped", TRUTH),
        RepeatedField("window", "window", INTEGER),
        RequiredElement("content"),
    ),
    reconcile=consistent_image,
)
