"""Documents of a submission compared with their entries: each described once, of the length and digest stated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from formats.digests import SHA1, SHA256
from formats.errors import Failure
from formats.judging.judgement import ABSENT, UNREADABLE, Judging
from formats.judging.members import MeasuredMember, Members
from formats.judging.xdm.entries import SHA1_LENGTH, DescribedFile, judge_entries_of
from formats.judging.xdm.rules import ENTRY_OBJECT_RULES, SUBMISSION_RULES
from formats.judging.xdm.submission import MAX_XDM_METADATA, judge_submission

SHORT_NAME = re.compile(r"[A-Z0-9_]{1,8}(?:\.[A-Z0-9_]{1,3})?", re.ASCII)
"""A name of ISO 9660 level 1 (8.3)."""
METADATA_NAME = "METADATA.XML"

JudgeDocument = Callable[[Members, str, DescribedFile | None], None]
"""Judges one file of a submission by what it is."""
JudgeMetadata = Callable[[bytes, str, Judging], None]
"""Judges METADATA.XML by what a person brought."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedSubset:
    """Files of a submission beside its metadata, and what the entries say of them."""

    files: tuple[str, ...]
    described: tuple[DescribedFile, ...]


def judge_subset(
    members: Members,
    folder: str,
    measured: Mapping[str, MeasuredMember],
    judging: Judging,
    judge_document: JudgeDocument,
    judge_metadata: JudgeMetadata | None = None,
) -> JudgedSubset:
    """Judge the submission in ``folder`` (``IHE_XDM/SUBSET01/``); ``measured`` are all members by name."""
    names = members.below(folder)
    metadata = next((one for one in names if one[len(folder) :].upper() == METADATA_NAME), "")
    files = tuple(one for one in names if one != metadata)
    for one in names:
        base = one.rsplit("/", 1)[-1]
        judging.check("subset-names", SHORT_NAME.fullmatch(base), members.where(one), base)
    described = _described(members, metadata, judging, judge_metadata)
    by_name = {one.file.upper(): one for one in described}
    counted = Counter(one.file.upper() for one in described)
    for each in described if files else ():
        judging.check("entry-uri", members.find(f"{folder}{each.file}"), each.place, each.file)
    for one in files:
        base = one[len(folder) :].upper()
        if described:
            judging.check("document-described", counted[base] == 1, members.where(one), str(counted[base]))
        else:
            judging.leave(("document-described",), UNREADABLE)
        entry = by_name.get(base)
        if entry is not None and one in measured:
            _compare(entry, measured[one], judging)
        judge_document(members, one, entry)
    return JudgedSubset(files=files, described=tuple(described))


def _described(
    members: Members, metadata: str, judging: Judging, judge_metadata: JudgeMetadata | None
) -> list[DescribedFile]:
    if not metadata:
        judging.leave([*SUBMISSION_RULES, *ENTRY_OBJECT_RULES, "document-described"], ABSENT)
        return []
    where = members.where(metadata)
    try:
        data = members.read(metadata, MAX_XDM_METADATA)
    except (Failure, OSError) as fault:
        judging.check("metadata-xml", False, where, fault if isinstance(fault, Failure) else str(fault))
        judging.leave([*SUBMISSION_RULES, *ENTRY_OBJECT_RULES], UNREADABLE)
        return []
    submission = judge_submission(data, where, judging)
    if submission is not None and judge_metadata is not None:
        judge_metadata(data, where, judging)
    return judge_entries_of(submission, judging) if submission else []


def _compare(entry: DescribedFile, found: MeasuredMember, judging: Judging) -> None:
    if entry.size.isdigit():
        judging.check(
            "entry-size", int(entry.size) == found.size, entry.place, f"{entry.size} ≠ {found.size}"
        )
    algorithm = SHA1 if len(entry.hash) == SHA1_LENGTH else SHA256
    if len(entry.hash) in {SHA1_LENGTH, 2 * SHA256.size}:
        judging.check(
            "entry-hash", entry.hash.lower() == found.digests[algorithm].hex, entry.place, entry.hash
        )
