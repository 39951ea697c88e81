"""The header of a clinical document judged (CI-SIS *Structuration minimale des documents de santé*)."""

from __future__ import annotations

import re

from formats.cda.codes import ORGANISATION_OID, PROFESSIONAL_OID
from formats.cda.elements import absent, attribute, child, elements_at, local_name, plain
from formats.judging.cda.patient import judge_patient_role
from formats.judging.judgement import Judging
from formats.judging.values import is_oid
from formats.xml import Element

ORDER = (
    *("realmCode", "typeId", "templateId", "id", "code", "title", "effectiveTime", "confidentialityCode"),
    *("languageCode", "setId", "versionNumber", "copyTime", "recordTarget", "author", "dataEnterer"),
    *("informant", "custodian", "informationRecipient", "legalAuthenticator", "authenticator", "participant"),
    *("inFulfillmentOf", "documentationOf", "relatedDocument", "authorization", "componentOf", "component"),
)
"""Elements of the header, in the order of CDA.xsd."""
TEMPLATES = frozenset({"2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1"})
CONFIDENTIALITY = "2.16.840.1.113883.5.25"
PROFESSIONS = "1.2.250.1.213.1.1.4.5"
FACILITIES = "1.2.250.1.71.4.2.4"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_MOMENT = re.compile(r"\d{14}(?:\.\d+)?[+-]\d{4}", re.ASCII)


def judge_header(root: Element, where: str, judging: Judging) -> None:
    """Judge everything before the body."""
    names = [local_name(one) for one in root]
    places = [ORDER.index(name) for name in names if name in ORDER]
    odd = next(
        (name for name, one, last in zip(names[1:], places[1:], places, strict=False) if one < last), ""
    )
    judging.check("cda-order", not odd, where, odd)
    typed = child(root, "typeId")
    realm = attribute(child(root, "realmCode"), "code")
    holds = realm == "FR" and attribute(typed, "root") == "2.16.840.1.113883.1.3"
    judging.check("cda-type", holds and attribute(typed, "extension") == "POCD_HD000040", where, realm)
    templates = {attribute(one, "root") for one in elements_at(root, "templateId")}
    judging.check("cda-templates", templates >= TEMPLATES, where, ", ".join(sorted(TEMPLATES - templates)))
    _judge_act(root, where, judging)
    judge_patient_role(root, where, judging)
    _judge_people(root, where, judging)
    _judge_context(root, where, judging)


def _judge_act(root: Element, where: str, judging: Judging) -> None:
    ids = [attribute(one, "root") for one in elements_at(root, "id")]
    judging.check(
        "cda-id", len(ids) == 1 and (is_oid(ids[0]) or _UUID.fullmatch(ids[0])), where, ", ".join(ids)
    )
    code = child(root, "code")
    whole = all(attribute(code, name) for name in ("code", "codeSystem", "displayName"))
    judging.check("cda-code", whole, where, attribute(code, "code"))
    judging.check("cda-title", plain(child(root, "title")), where)
    time = attribute(child(root, "effectiveTime"))
    judging.check("cda-time", _MOMENT.fullmatch(time), where, time)
    secret = child(root, "confidentialityCode")
    holds = (
        attribute(secret, "code") in {"N", "R", "V"} and attribute(secret, "codeSystem") == CONFIDENTIALITY
    )
    judging.check("cda-confidentiality", holds, where, attribute(secret, "code"))
    language = attribute(child(root, "languageCode"), "code")
    judging.check("cda-language", language == "fr-FR", where, language)
    version = attribute(child(root, "versionNumber"))
    numbered = child(root, "setId") is not None and version.isdigit() and int(version[:9]) > 0
    judging.check("cda-version", numbered, where, version)


def _judge_people(root: Element, where: str, judging: Judging) -> None:
    authors = elements_at(root, "author")
    judging.check("cda-author", authors and all(map(_author_is_whole, authors)), where)
    organisation = child(root, "custodian/assignedCustodian/representedCustodianOrganization")
    ids = {attribute(one, "root") for one in elements_at(organisation, "id") if attribute(one, "extension")}
    named = ORGANISATION_OID in ids and bool(plain(child(organisation, "name")))
    judging.check("cda-custodian", named, where, ", ".join(sorted(ids)))
    legal = elements_at(root, "legalAuthenticator")
    holds = len(legal) == 1 and (
        bool(attribute(child(legal[0], "time")))
        and attribute(child(legal[0], "signatureCode"), "code") == "S"
        and bool(attribute(child(legal[0], "assignedEntity/id"), "root"))
    )
    judging.check("cda-legal", holds, where)


def _author_is_whole(author: Element) -> bool:
    assigned = child(author, "assignedAuthor")
    if not attribute(child(author, "time")) or absent(child(assigned, "id")):
        return False
    if child(assigned, "assignedAuthoringDevice") is not None:
        return True
    roots = {attribute(one, "root") for one in elements_at(assigned, "id")}
    known = PROFESSIONAL_OID not in roots or attribute(child(assigned, "code"), "codeSystem") == PROFESSIONS
    return known and bool(plain(child(assigned, "assignedPerson/name")))


def _judge_context(root: Element, where: str, judging: Judging) -> None:
    events = elements_at(root, "documentationOf/serviceEvent")
    started = any(
        child(one, "effectiveTime/low") is not None and child(one, "performer") is not None for one in events
    )
    judging.check("cda-service", started, where)
    encounters = elements_at(root, "componentOf/encompassingEncounter")
    facility = child(encounters[0], "location/healthCareFacility/code") if encounters else None
    holds = (
        len(encounters) == 1
        and attribute(facility, "codeSystem") == FACILITIES
        and attribute(facility, "code")
    )
    judging.check("cda-encounter", holds, where, attribute(facility, "code"))
