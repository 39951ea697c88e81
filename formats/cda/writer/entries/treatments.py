"""Treatments as entries: administrations of a product, with the code of a French medicine or a translation."""

from __future__ import annotations

from formats.cda.writer.entries.entry import (
    CCD,
    COMPLETED,
    FR,
    PCC,
    EntryContext,
    comments,
    medication_status,
)
from formats.cda.writer.entries.health_codes import NONE_CODES
from formats.cda.writer.values import (
    CdaCode,
    RecordCode,
    code_element,
    id_element,
    null_element,
    templates,
    text_reference,
    time_interval,
)
from formats.model.health import HealthStatement, Presence
from formats.xml_markup import NOTHING, Markup, element, text_element

CIS = "1.2.250.1.213.2.3.1"
"""Medicines of the French agency; CI-SIS takes no other code of a product."""
_MEDICATION = (f"{CCD}.24", f"{PCC}.4.7", f"{FR}.3.42", f"{PCC}.4.7.1")
_PRODUCT = (f"{CCD}.53", f"{PCC}.4.7.2", f"{FR}.3.43")


def record_code(one: HealthStatement, place: str) -> RecordCode:
    """Return what a statement is about; its label lies in the narrative at ``place``."""
    return RecordCode(system=one.code_system, code=one.code, label=one.label, place=place)


def empty_medication(own_id: Markup, code: CdaCode, place: str) -> Markup:
    """Return an administration of nothing: ``code`` says that there is no treatment, or that nobody asked."""
    return _administration(
        own_id, code, place, NOTHING, time_interval(None, None, ended=True, xsi_type="IVL_TS")
    )


def medication_entry(one: HealthStatement, place: str, context: EntryContext) -> Markup:
    """Return a treatment; what is not a French medicine has its code as a translation."""
    none = one.presence is Presence.NONE
    code = (
        NONE_CODES[one.topic]
        if none
        else CdaCode(oid="2.16.840.1.113883.5.4", code="DRUG", label="Médicament")
    )
    inside = (
        context.author(one.practitioner, one.recorded_at),
        NOTHING if none else medication_status(one.status, place),
        comments(one.detail, place),
    )
    when = time_interval(one.start, one.end, ended=True, xsi_type="IVL_TS")
    product = NOTHING if none else _product(record_code(one, place), one.label)
    return _administration(
        id_element(one.id.upper()),
        code,
        place,
        product,
        when,
        *inside,
        negation="true" if one.presence is Presence.REFUTED else "false",
    )


def _product(fact: RecordCode, label: str) -> Markup:
    return element(
        "manufacturedMaterial",
        fact.element("code", only=CIS),
        text_element("name", label) or null_element("name", "NA"),
    )


def _administration(
    own_id: Markup,
    code: CdaCode,
    place: str,
    product: Markup,
    when: Markup,
    *inside: Markup,
    negation: str = "false",
) -> Markup:
    material = product or element(
        "manufacturedMaterial", null_element("code", "NA"), null_element("name", "NA")
    )
    return element(
        "substanceAdministration",
        templates(*_MEDICATION),
        own_id,
        code_element("code", code),
        text_reference(place),
        COMPLETED,
        when,
        element("consumable", element("manufacturedProduct", templates(*_PRODUCT), material)),
        *inside,
        classCode="SBADM",
        moodCode="EVN",
        negationInd=negation,
    )
