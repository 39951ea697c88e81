"""The body of a clinical document judged: what is wrapped, references to the text, sections of a medical summary."""

from __future__ import annotations

import base64
import binascii
from collections import Counter

from formats.cda.codes import ABSENT_UNKNOWN, KIND_REFUTED, LOINC, NONE_KNOWN, NOT_ASKED, SNOMED
from formats.cda.elements import attribute, child, elements_at, plain
from formats.judging.judgement import Judging
from formats.media_types import HEAD, media_type
from formats.xml import Element

WRAPPING_TEMPLATE = "1.3.6.1.4.1.19376.1.2.20"
PCC = "1.3.6.1.4.1.19376.1.5.3.1."
OBLIGATORY = {
    "1.2.250.1.213.1.1.2.29": "46612-8",
    "1.2.250.1.213.1.1.2.30": "34117-2",
    "1.2.250.1.213.1.1.2.31": "57207-3",
    f"{PCC}3.27": "30954-2",
    "1.2.250.1.213.1.1.2.32": "18776-5",
}
"""Sections that every medical summary has, and their LOINC codes."""
SECTION_CODES = OBLIGATORY | {
    f"{PCC}3.6": "11450-4",
    f"{PCC}3.8": "11348-0",
    "1.2.250.1.213.1.1.2.136": "47519-4",
    f"{PCC}3.13": "48765-2",
    "1.2.250.1.213.1.1.2.141": "29762-2",
    "1.2.250.1.213.1.1.2.139": "10157-6",
    f"{PCC}3.19": "10160-0",
}
PROBLEM, ALLERGY = f"{PCC}4.5", f"{PCC}4.6"
ATTENDING, ATTENDING_SYSTEM = "PCP", "2.16.840.1.113883.5.88"
SUMMARY_CODE, SUMMARY_SYSTEM = "SYNTH", "1.2.250.1.213.1.1.4.12"
HISTORY_CODE = "34117-2"
ABSENCES = frozenset({*NONE_KNOWN, *KIND_REFUTED, *NOT_ASKED, "no-known-devices", "no-known-immunizations"})
_ID = "ID"


def judge_body(root: Element, where: str, judging: Judging) -> None:
    """Judge the body of any document."""
    structured, wrapped = (
        elements_at(root, "component/structuredBody"),
        elements_at(root, "component/nonXMLBody"),
    )
    holds = len(structured) + len(wrapped) == 1
    if structured:
        holds = holds and bool(elements_at(structured[0], "component/section"))
    judging.check("cda-body", holds, where)
    for one in wrapped[:1]:
        _judge_wrapped(root, one, where, judging)
    _judge_references(root, where, judging)


def _judge_wrapped(root: Element, body: Element, where: str, judging: Judging) -> None:
    templates = {attribute(one, "root") for one in elements_at(root, "templateId")}
    text = child(body, "text")
    stated = attribute(text, "mediaType")
    try:
        data = base64.b64decode("".join((text.text or "").split() if text is not None else ()), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    same = stated != "application/pdf" or media_type(data[:HEAD]) == stated
    holds = (
        WRAPPING_TEMPLATE in templates
        and attribute(text, "representation") == "B64"
        and data
        and stated
        and same
    )
    judging.check("cda-wrapped", holds, f"{where}:{body.sourceline}", stated)


def _judge_references(root: Element, where: str, judging: Judging) -> None:
    ids = Counter(str(one.get(_ID)) for one in root.iter() if one.get(_ID))
    twice = next((name for name, count in ids.items() if count > 1), "")
    judging.check("cda-references", not twice, where, twice)
    for one in root.iter("{urn:hl7-org:v3}reference"):
        target = attribute(one)
        if target.startswith("#"):
            judging.check("cda-references", target[1:] in ids, f"{where}:{one.sourceline}", target)


def judge_summary(root: Element, where: str, judging: Judging) -> None:
    """Judge what a medical summary (VSM) has to have."""
    code = child(root, "code")
    named = attribute(code, "code")
    judging.check(
        "vsm-code", named == SUMMARY_CODE and attribute(code, "codeSystem") == SUMMARY_SYSTEM, where, named
    )
    events = [child(one, "code") for one in elements_at(root, "documentationOf/serviceEvent")]
    holds = any(
        attribute(one, "code") == HISTORY_CODE and attribute(one, "codeSystem") == LOINC for one in events
    )
    judging.check("vsm-service", holds, where, ", ".join(attribute(one, "code") for one in events))
    physicians = [
        *(one for one in elements_at(root, "participant") if attribute(one, "typeCode") == "INF"),
        *elements_at(root, "author"),
    ]
    functions = [child(one, "functionCode") for one in physicians]
    holds = any(
        attribute(one, "code") == ATTENDING and attribute(one, "codeSystem") == ATTENDING_SYSTEM
        for one in functions
    )
    judging.check("vsm-attending", holds, where)
    _judge_sections(root, where, judging)
    _judge_statements(root, where, judging)


def _judge_sections(root: Element, where: str, judging: Judging) -> None:
    counted: Counter[str] = Counter()
    for section in root.iter("{urn:hl7-org:v3}section"):
        place = f"{where}:{section.sourceline}"
        templates = [attribute(one, "root") for one in elements_at(section, "templateId")]
        counted.update(set(templates))
        known = next((SECTION_CODES[one] for one in templates if one in SECTION_CODES), "")
        code = child(section, "code")
        if known:
            holds = attribute(code, "code") == known and attribute(code, "codeSystem") == LOINC
            judging.check("vsm-section-codes", holds, place, f"{attribute(code, 'code')} ≠ {known}")
        inside = elements_at(section, "component/section")
        text = child(section, "text")
        narrated = text is not None and (plain(text) or len(text))
        judging.check("vsm-section-text", plain(child(section, "title")) and (narrated or inside), place)
    for template in OBLIGATORY:
        judging.check("vsm-sections", counted[template] == 1, where, f"{template}: {counted[template]}")


def _judge_statements(root: Element, where: str, judging: Judging) -> None:
    for one in root.iter("{urn:hl7-org:v3}observation"):
        place = f"{where}:{one.sourceline}"
        templates = {attribute(each, "root") for each in elements_at(one, "templateId")}
        values = elements_at(one, "value")
        if templates & {PROBLEM, ALLERGY}:
            low = child(one, "effectiveTime/low")
            holds = (
                len(elements_at(one, "id")) == 1
                and attribute(child(one, "statusCode"), "code") == "completed"
                and low is not None
                and bool(attribute(low) or low.get("nullFlavor"))
                and len(values) == 1
            )
            judging.check("vsm-statements", holds, place)
        if ALLERGY in templates:
            code = child(one, "code")
            judging.check(
                "vsm-allergy-code", attribute(code, "codeSystem") == SNOMED, place, attribute(code, "code")
            )
        for value in values:
            if attribute(value, "codeSystem") == ABSENT_UNKNOWN:
                absence = attribute(value, "code")
                judging.check("vsm-absent", absence in ABSENCES, place, absence)
