"""What a manifest lists: each archive with its type, its patient, its size and digest, compared with what is there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from formats.digests import SHA256
from formats.judging.judgement import Judging
from formats.judging.members import MeasuredMember
from formats.judging.pdlgc.container import PortabilityTree
from formats.judging.pdlgc.manifest.elements import ManifestTree, stated_text
from formats.judging.pdlgc.manifest.statement import ExportStatement
from formats.judging.values import (
    INS_ISSUERS,
    TEST_ISSUERS,
    ins_key_holds,
    is_matricule,
    is_oid,
    patient_cx_of,
)
from formats.xml import Element

_ARCHIVE = re.compile(r"PAT\d{5}|TRANSV", re.ASCII)
_LOOSE = re.compile(r'"?(PAT\d{1,9}|TRANSV|TRANSVERSE|TRANVERSE)(?:\.ZIP)?"?', re.ASCII | re.IGNORECASE)
_SIZE = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_HASH = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_MAX_ENTRIES = 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedArchive:
    """What a manifest says of an archive; ``file`` is how its file is called, in capitals."""

    file: str
    place: str
    patient: str
    size: str
    hash: str


def judge_entries(tree: ManifestTree, judging: Judging) -> list[ListedArchive]:
    """Judge each entry by itself, and return what is listed."""
    entries = tree.entries()[:_MAX_ENTRIES]
    judging.check("manifest-archives", entries, tree.where)
    found = [_listed(one, tree, judging) for one in entries]
    twice = [name for name, count in Counter(one.file for one in found).items() if name and count > 1]
    for name in twice:
        judging.check("manifest-archive-id", False, tree.where, name)
    patients = Counter(one.patient for one in found if one.patient)
    repeated = next((number for number, count in patients.items() if count > 1), "")
    judging.check("manifest-patient-twice", not repeated, tree.where, repeated)
    return found


def _listed(entry: Element, tree: ManifestTree, judging: Judging) -> ListedArchive:
    place = tree.place(entry)

    def value(name: str) -> tuple[str, int]:
        found = tree.within(entry, name)
        return (stated_text(found[0]) if found else ""), len(found)

    archive, count = value("archiveid")
    judging.check("manifest-archive-id", count == 1 and _ARCHIVE.fullmatch(archive), place, archive)
    loose = _LOOSE.fullmatch(archive)
    name = loose[1].upper() if loose else ""
    kind, count = value("type")
    patient_kind = name.startswith("PAT")
    expected = "PATIENT" if patient_kind else "TRANSVERSE"
    judging.check("manifest-archive-type", count == 1 and kind == expected, place, kind)
    patient, count = value("patientId")
    is_patient = kind.upper() == "PATIENT" if kind else patient_kind
    judging.check(
        "manifest-patient-id", count == int(is_patient) and bool(patient) == is_patient, place, patient
    )
    if patient:
        _judge_patient(patient, place, judging)
    size, count = value("size")
    judging.check("manifest-size", count == 1 and _SIZE.fullmatch(size), place, size)
    digest, count = value("hash")
    judging.check("manifest-hash", count == 1 and _HASH.fullmatch(digest), place, digest)
    file = f"{name}.ZIP" if patient_kind else "TRANSVERSE.ZIP" if name else ""
    return ListedArchive(file=file, place=place, patient=patient, size=size, hash=digest)


def _judge_patient(text: str, place: str, judging: Judging) -> None:
    number = patient_cx_of(text)
    holds = number is not None and number.type in {"NH", "PI"} and is_oid(number.issuer)
    judging.check("manifest-patient-id-form", holds, place, text)
    if number is None or number.type != "NH":
        return
    known = number.issuer in INS_ISSUERS
    short = is_matricule(number.value)
    judging.check("manifest-ins", known and (short or ins_key_holds(number.value)), place, text)
    judging.check("manifest-ins-length", not short, place, text)
    judging.check("manifest-ins-test", number.issuer not in TEST_ISSUERS, place, number.issuer)


def compare_entries(
    listed: list[ListedArchive],
    statement: ExportStatement,
    container: PortabilityTree,
    measured: Mapping[str, MeasuredMember],
    judging: Judging,
) -> None:
    """Compare what is listed with what is there; ``measured`` are the archives by their names in capitals."""
    there = {name.upper() for name in container.parts()}
    for one in listed:
        if not one.file:
            continue
        if (
            not judging.check("manifest-listed", one.file in there, one.place, one.file)
            or one.file not in measured
        ):
            continue
        found = measured[one.file]
        if _SIZE.fullmatch(one.size):
            judging.check(
                "manifest-size", int(one.size) == found.size, one.place, f"{one.size} ≠ {found.size}"
            )
        if _HASH.fullmatch(one.hash):
            holds = one.hash.lower() == found.digests[SHA256].hex
            judging.check("manifest-hash", holds, one.place, one.hash)
    if not listed:
        judging.leave(("manifest-listed", "manifest-complete"))
        return
    names = {one.file for one in listed}
    for name in container.parts():
        judging.check("manifest-complete", name.upper() in names, container.members.where(name))
    place = container.members.place
    for what, count, found_count in (
        ("patientArchiveCount", statement.patients, len(container.patients)),
        ("transverseArchiveCount", statement.transverse, int(bool(container.transverse))),
    ):
        if count and found_count:  # where there is none, that is said by another rule
            judging.check(
                "manifest-count-equal", count == found_count, place, f"{what} {count} ≠ {found_count}"
            )
