"""Entries of documents judged: what METADATA.XML says of each document, and what of it other rules need."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from formats.judging.judgement import Judging
from formats.judging.values import (
    INS_ISSUERS,
    TEST_ISSUERS,
    ins_key_holds,
    is_matricule,
    is_oid,
    is_stamp,
    patient_cx_of,
)
from formats.judging.xdm.objects import (
    classifications,
    coding_is_whole,
    external,
    has_slot,
    label_of,
    single_value,
    slot_values,
)
from formats.judging.xdm.submission import APPROVED, JudgedSubmission, author_is_whole
from formats.xdm.codes import (
    DOCUMENT_AUTHOR,
    DOCUMENT_CLASS,
    DOCUMENT_CONFIDENTIALITY,
    DOCUMENT_ENTRY,
    DOCUMENT_FACILITY,
    DOCUMENT_FORMAT,
    DOCUMENT_PATIENT,
    DOCUMENT_SETTING,
    DOCUMENT_TYPE,
    DOCUMENT_UNIQUE,
)
from formats.xml import Element

STATUSES = frozenset(
    {
        APPROVED,
        "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated",
        "urn:asip:ci-sis:2010:StatusType:Archived",
    }
)
CODES = (DOCUMENT_CLASS, DOCUMENT_TYPE, DOCUMENT_FORMAT, DOCUMENT_FACILITY, DOCUMENT_SETTING)
MAX_CONFIDENTIALITY = 4
"""Codes of confidentiality of one document (PDLGC §6: 1..4)."""
_XCN_FORM = re.compile(r"[^^]+\^[^^]+\^.*&[0-9.]+&ISO.*")
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:\S+", re.IGNORECASE)
_SIZE = re.compile(r"\d{1,18}", re.ASCII)
_HEX = re.compile(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}", re.ASCII)
SHA1_LENGTH = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class DescribedFile:
    """What an entry says of a document; ``file`` is its name, ``service`` the day (YYYYMMDD), ``label`` the type's."""

    place: str
    file: str
    size: str
    hash: str
    unique: str
    service: str
    label: str
    family: str
    given: str
    patient: str
    format: str


def judge_entries_of(submission: JudgedSubmission, judging: Judging) -> list[DescribedFile]:
    """Judge every entry, and return what it says of its document."""
    found = [_judge(one, submission, judging) for one in submission.entries]
    counted = Counter(one.unique for one in found)
    for one in found:
        holds = is_unique_id(one.unique) and counted[one.unique] == 1
        judging.check("entry-unique", holds, one.place, one.unique)
    return found


def is_unique_id(text: str) -> bool:
    """Tell whether ``text`` is an identifier of a document: an OID, or ``OID^extension``."""
    oid, caret, extension = text.partition("^")
    return is_oid(oid) and (not caret or 0 < len(extension) <= 64)


def _judge(entry: Element, submission: JudgedSubmission, judging: Judging) -> DescribedFile:
    place = f"{submission.where}:{entry.sourceline}"
    kind, mime = entry.get("objectType", ""), entry.get("mimeType", "")
    judging.check("entry-type", kind == DOCUMENT_ENTRY and "/" in mime, place, f"{kind} {mime}")
    status = entry.get("status", "")
    judging.check("entry-status", status in STATUSES, place, status)
    size, digest, uri = (single_value(entry, name) for name in ("size", "hash", "URI"))
    judging.check("entry-size", _SIZE.fullmatch(size), place, size)
    judging.check("entry-hash", _HEX.fullmatch(digest), place, digest)
    if _HEX.fullmatch(digest):
        judging.check("entry-hash-sha1", len(digest) == SHA1_LENGTH, place, digest)
    name = uri.replace("\\", "/").removeprefix("./")
    judging.check("entry-uri", name and "/" not in name, place, uri)
    service = _judge_times(entry, place, judging)
    language = single_value(entry, "languageCode")
    judging.check("entry-language", language == "fr-FR", place, language)
    _judge_numbers(entry, place, judging)
    _judge_classes(entry, place, judging)
    family, given = _judge_patient_of(entry, submission, place, judging)
    types, formats = classifications(entry, DOCUMENT_TYPE), classifications(entry, DOCUMENT_FORMAT)
    return DescribedFile(
        place=place,
        file=name.rsplit("/", 1)[-1],
        size=size,
        hash=digest,
        unique=external(entry, DOCUMENT_UNIQUE),
        service=service[:8],
        label=label_of(types[0]) if types else "",
        family=family,
        given=given,
        patient=external(entry, DOCUMENT_PATIENT),
        format=formats[0].get("nodeRepresentation", "") if formats else "",
    )


def _judge_times(entry: Element, place: str, judging: Judging) -> str:
    created = single_value(entry, "creationTime")
    judging.check("entry-created", is_stamp(created), place, created)
    start, stop = single_value(entry, "serviceStartTime"), single_value(entry, "serviceStopTime")
    holds = is_stamp(start)
    if has_slot(entry, "serviceStopTime"):
        length = min(len(start), len(stop))
        holds = holds and is_stamp(stop) and start[:length] <= stop[:length]
    judging.check("entry-service", holds, place, f"{start} {stop}".strip())
    return start


def _judge_numbers(entry: Element, place: str, judging: Judging) -> None:
    repository = single_value(entry, "repositoryUniqueId")
    judging.check("entry-repository", is_oid(repository), place, repository)
    logical = entry.get("lid", "")
    judging.check("entry-logical", _URN.fullmatch(logical), place, logical)
    version = single_value(entry, "version")
    stated = has_slot(entry, "version")
    judging.check("entry-version", not stated or (version.isdigit() and int(version[:9]) > 0), place, version)
    legal = single_value(entry, "legalAuthenticator")
    judging.check("entry-legal", _XCN_FORM.fullmatch(legal), place, legal)


def _judge_classes(entry: Element, place: str, judging: Judging) -> None:
    authors = classifications(entry, DOCUMENT_AUTHOR)
    judging.check("entry-author", authors and all(map(author_is_whole, authors)), place)
    for scheme in CODES:
        found = classifications(entry, scheme)
        judging.check("entry-codes", len(found) == 1 and coding_is_whole(found[0]), place, scheme)
    found = classifications(entry, DOCUMENT_CONFIDENTIALITY)
    holds = 1 <= len(found) <= MAX_CONFIDENTIALITY and all(map(coding_is_whole, found))
    judging.check("entry-confidentiality", holds, place, str(len(found)))


def _judge_patient_of(
    entry: Element, submission: JudgedSubmission, place: str, judging: Judging
) -> tuple[str, str]:
    text = external(entry, DOCUMENT_PATIENT)
    number = patient_cx_of(text)
    same = not submission.patient or text == submission.patient
    judging.check("entry-patient", number is not None and is_oid(number.issuer) and same, place, text)
    insured = number is not None and (number.type == "NH" or number.issuer in INS_ISSUERS)
    if number is not None and insured:
        short = is_matricule(number.value)
        judging.check(
            "entry-ins", number.issuer in INS_ISSUERS and (short or ins_key_holds(number.value)), place, text
        )
        judging.check("entry-ins-length", not short, place, number.value)
        judging.check("entry-ins-test", number.issuer not in TEST_ISSUERS, place, number.issuer)
    source = single_value(entry, "sourcePatientId")
    judging.check("entry-source-patient", patient_cx_of(source), place, source)
    lines = [one.partition("|") for one in slot_values(entry, "sourcePatientInfo") or ()]
    names = [value.split("^") for field, _, value in lines if field == "PID-5"]
    birth = next((one for one in names if one[6:7] in (["L"], [])), names[0] if names else [""])
    used = next((one for one in names if one[6:7] != ["L"]), birth)
    first = {field: value.strip() for field, _, value in reversed(lines)}
    born = any(field == "PID-11" and "BDL" in value.split("^")[6:7] for field, _, value in lines)
    missing = _missing_traits(birth, first, born=born or bool(first.get("PID-23")), insured=insured)
    judging.check("entry-traits", not missing, place, ", ".join(missing))
    return birth[0] or used[0], (birth[1:2] or [""])[0] or (used[1:2] or [""])[0]


def _missing_traits(birth: list[str], first: dict[str, str], *, born: bool, insured: bool) -> list[str]:
    missing = [] if birth[0].strip() else ["PID-5"]
    if insured:
        missing += [] if any(one.strip() for one in birth[1:3]) else ["PID-5.2"]
        missing += [] if is_stamp(first.get("PID-7", "")) else ["PID-7"]
        missing += [] if first.get("PID-8") in {"M", "F", "U", "O"} else ["PID-8"]
        missing += [] if born else ["PID-11 BDL / PID-23"]
    return missing
