"""A clinical document judged: its header, its body, and where it is one, the medical summary."""

from __future__ import annotations

from dataclasses import dataclass

from formats import xml
from formats.cda.codes import NAMESPACE, VSM_TEMPLATE
from formats.cda.elements import attribute, child, elements_at, instance_identifier, plain
from formats.errors import Failure
from formats.judging.cda.body import judge_body, judge_summary
from formats.judging.cda.header import judge_header
from formats.judging.cda.rules import HEADER_RULES, SUMMARY_RULES
from formats.judging.judgement import UNREADABLE, Judging

MAX_CLINICAL_BYTES = 64 << 20
"""Bytes of a clinical document, with what it wraps in base64."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedDocument:
    """What metadata say too: the identifier, numbers of the patient, whether it is a medical summary."""

    identifier: str
    numbers: frozenset[str]
    family: str
    summary: bool


def judge_clinical(data: bytes, where: str, judging: Judging) -> JudgedDocument | None:
    """Judge the document ``data``; return nothing where it cannot be read."""
    inside = [
        one
        for one in (*HEADER_RULES, *SUMMARY_RULES)
        if one not in {"cda-xml", "cda-schema", "cda-schematron"}
    ]
    try:
        root = xml.parse(data, what=where, limit=MAX_CLINICAL_BYTES, bare=True, long_texts=True)
    except Failure as failure:
        judging.check("cda-xml", False, where, failure)
        judging.leave(inside, UNREADABLE)
        return None
    if not judging.check("cda-xml", root.tag == f"{{{NAMESPACE}}}ClinicalDocument", where, str(root.tag)):
        judging.leave(inside, UNREADABLE)
        return None
    judge_header(root, where, judging)
    judge_body(root, where, judging)
    summary = any(attribute(one, "root") == VSM_TEMPLATE for one in elements_at(root, "templateId"))
    if summary:
        judge_summary(root, where, judging)
    role = child(root, "recordTarget/patientRole")
    return JudgedDocument(
        identifier=instance_identifier(child(root, "id")),
        numbers=frozenset(attribute(one, "extension") for one in elements_at(role, "id")) - {""},
        family=plain(child(role, "patient/name/family")),
        summary=summary,
    )
