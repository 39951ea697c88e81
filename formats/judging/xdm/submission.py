"""METADATA.XML judged: the request as a whole, its submission set, and which entries it has."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from formats import xml
from formats.errors import Failure, LimitExceeded
from formats.judging.judgement import ABSENT, UNREADABLE, Judging
from formats.judging.values import is_oid, is_stamp, patient_cx_of
from formats.judging.xdm.objects import (
    classifications,
    coding_is_whole,
    external,
    keeps_order,
    objects_within,
    rim,
    rim_local,
    single_value,
)
from formats.judging.xdm.rules import ENTRY_OBJECT_RULES, SUBMISSION_RULES
from formats.words import mark
from formats.xdm.codes import (
    SUBMISSION_AUTHOR,
    SUBMISSION_CONTENT,
    SUBMISSION_PATIENT,
    SUBMISSION_SET,
    SUBMISSION_SOURCE,
    SUBMISSION_UNIQUE,
)
from formats.xml import Element

MAX_XDM_METADATA = 32 << 20
"""Bytes of METADATA.XML; an entry takes 40 KB where it is generous with comments."""
MAX_XDM_OBJECTS = 50_000
"""Objects of one submission; a dossier of a lifetime has some hundred."""
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
_XCN = re.compile(r"[^^]+\^[^^]+\^.*")
_SECONDS = 14
"""Characters of a moment to the second."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedSubmission:
    """What a submission holds: its entries, and the patient (CX) of its set; ``where`` is its place."""

    where: str
    entries: tuple[Element, ...]
    patient: str


def judge_submission(data: bytes, where: str, judging: Judging) -> JudgedSubmission | None:
    """Judge the metadata ``data``, and return the entries; nothing where they cannot be read."""
    after = [one for one in SUBMISSION_RULES if one not in {"metadata-xml", "metadata-schema"}]
    try:
        root = xml.parse(data, what=where, limit=MAX_XDM_METADATA, bare=True)
        listed = root.find(rim("RegistryObjectList"))
        if listed is not None and len(listed) > MAX_XDM_OBJECTS:
            name = mark("the number of objects in the metadata")
            raise LimitExceeded(where=where, name=name, found=len(listed), limit=MAX_XDM_OBJECTS)
    except Failure as failure:
        judging.check("metadata-xml", False, where, failure)
        judging.leave([*after, *ENTRY_OBJECT_RULES], UNREADABLE)
        return None
    judging.check("metadata-xml", True, where)
    packages = listed.findall(rim("RegistryPackage")) if listed is not None else []
    entries = listed.findall(rim("ExtrinsicObject")) if listed is not None else []
    sets = [one for one in packages if _is_set(one, listed)]
    holds = root.tag == f"{{{LCM}}}SubmitObjectsRequest" and len(sets) == 1 and entries
    judging.check("metadata-submission", holds, where, rim_local(root))
    if listed is None:
        judging.leave([one for one in after if one != "metadata-submission"], ABSENT)
        judging.leave(ENTRY_OBJECT_RULES, ABSENT)
        return None
    _judge_form(listed, where, judging)
    for one in sets[:1] or packages[:1]:
        _judge_set(one, where, judging)
        _judge_members(one, listed, entries, where, judging)
    patient = external(sets[0], SUBMISSION_PATIENT) if sets else ""
    return JudgedSubmission(where=where, entries=tuple(entries), patient=patient)


def _is_set(package: Element, listed: Element | None) -> bool:
    within = package.iterchildren(rim("Classification"))
    beside = listed.iterchildren(rim("Classification")) if listed is not None else iter(())
    named = [one for one in within if one.get("classificationNode") == SUBMISSION_SET]
    named += [
        one
        for one in beside
        if one.get("classificationNode") == SUBMISSION_SET
        and one.get("classifiedObject") == package.get("id")
    ]
    return bool(named)


def _judge_form(listed: Element, where: str, judging: Judging) -> None:
    ids: Counter[str] = Counter()
    for one in objects_within(listed):
        place = f"{where}:{one.sourceline}"
        judging.check("metadata-order", keeps_order(one), place, rim_local(one))
        ids[one.get("id", "")] += 1
        above = one.getparent()
        if above is None or above is listed:
            continue
        named = (
            one.get("registryObject")
            if rim_local(one) == "ExternalIdentifier"
            else one.get("classifiedObject")
        )
        judging.check("metadata-objects", named == above.get("id"), place, named or "")
    twice = next((name for name, count in ids.items() if name and count > 1), "")
    judging.check("metadata-ids", not twice, where, twice)


def _judge_set(one: Element, where: str, judging: Judging) -> None:
    place = f"{where}:{one.sourceline}"
    judging.check("set-status", one.get("status") == APPROVED, place, one.get("status", ""))
    time = single_value(one, "submissionTime")
    judging.check("set-time", len(time) == _SECONDS and is_stamp(time), place, time)
    authors = classifications(one, SUBMISSION_AUTHOR)
    judging.check("set-author", len(authors) == 1 and author_is_whole(authors[0]), place)
    contents = classifications(one, SUBMISSION_CONTENT)
    judging.check("set-content", len(contents) == 1 and coding_is_whole(contents[0]), place)
    patient = external(one, SUBMISSION_PATIENT)
    judging.check("set-patient", patient_cx_of(patient), place, patient)
    for rule, scheme in (("set-source", SUBMISSION_SOURCE), ("set-unique", SUBMISSION_UNIQUE)):
        value = external(one, scheme)
        judging.check(rule, is_oid(value), place, value)


def author_is_whole(node: Element) -> bool:
    """Tell whether an author has a person (XCN) and an institution (XON)."""
    person, institution = single_value(node, "authorPerson"), single_value(node, "authorInstitution")
    return bool(_XCN.fullmatch(person)) and bool(institution.split("^")[0].strip())


def _judge_members(
    package: Element, listed: Element, entries: list[Element], where: str, judging: Judging
) -> None:
    members: Counter[str] = Counter()
    for one in listed.iterchildren(rim("Association")):
        kind = one.get("associationType", "").rsplit(":", 1)[-1]
        if kind == "HasMember" and one.get("sourceObject") == package.get("id"):
            members[one.get("targetObject", "")] += 1
    for one in entries:
        name = one.get("id", "")
        judging.check("set-members", members[name] == 1, f"{where}:{one.sourceline}", name)
