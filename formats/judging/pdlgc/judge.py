"""A portability archive judged, in this order; what is broken in one part hides no other.

1. The file is one ZIP archive; its tree and names.
2. MANIFEST.XML and SIGN.XML by themselves, then compared with what is there.
3. README.TXT, DOCUMENTATION/ and the archive beside the patients'.
4. Each patient's archive: opened from where it lies, or from a temporary file where it is compressed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import BinaryIO

from formats.digests import SHA256
from formats.errors import Failure
from formats.judging.cda.rules import CLINICAL_RULES
from formats.judging.documents import OutsideJudge, document_judge
from formats.judging.judgement import UNREADABLE, Judgement, Judging
from formats.judging.members import ZIP_RULES, Members, whole_members, zip_members
from formats.judging.pdlgc.container import (
    CONTAINER_RULES,
    PortabilityTree,
    judge_container,
    judge_transverse_presence,
)
from formats.judging.pdlgc.documentation import (
    DOCUMENTATION_RULES,
    ArchiveKinds,
    judge_coverage,
    judge_documentation,
)
from formats.judging.pdlgc.manifest.entries import compare_entries
from formats.judging.pdlgc.manifest.judge import judge_manifest
from formats.judging.pdlgc.manifest.rules import MANIFEST_RULES
from formats.judging.pdlgc.page import PAGE_RULES
from formats.judging.pdlgc.patient import PATIENT_RULES, judge_patient
from formats.judging.pdlgc.pdfs import PDF_RULES
from formats.judging.pdlgc.profiles import NEWEST, likely_profile
from formats.judging.pdlgc.readme import README_RULES, judge_readme
from formats.judging.pdlgc.signature.judge import compare_files, judge_signature
from formats.judging.pdlgc.signature.rules import SIGNATURE_RULES
from formats.judging.pdlgc.transverse import TRANSVERSE_RULES, judge_transverse
from formats.judging.xdm.rules import METADATA_RULES

PORTABILITY_RULES = (
    ZIP_RULES
    | CONTAINER_RULES
    | README_RULES
    | PAGE_RULES
    | MANIFEST_RULES
    | SIGNATURE_RULES
    | DOCUMENTATION_RULES
    | TRANSVERSE_RULES
    | PATIENT_RULES
    | METADATA_RULES
    | PDF_RULES
    | CLINICAL_RULES
)
"""Every rule of a portability archive, those of its clinical documents among them."""


def judge_portability(
    stream: BinaryIO,
    name: str,
    *,
    profile: str = NEWEST,
    outside: OutsideJudge | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Judgement:
    """Judge the archive in ``stream`` (seekable), which is called ``name``; ``progress`` takes patients done."""
    judging = Judging("pdlgc", name, PORTABILITY_RULES, profile=profile)
    whole = zip_members(stream, name, judging)
    if whole is None:
        judging.opened = False
        return judging.judgement()
    container = judge_container(whole, name, judging)
    members = container.members
    manifest = judge_manifest(members, judging)
    judging.likely = likely_profile(members.names, manifest.elements if manifest else ())
    statement = manifest.statement if manifest else None
    none = statement is not None and statement.transverse == 0 and statement.type == "UNITAIRE"
    judge_transverse_presence(container, judging, may_lack=none)
    signed = judge_signature(members, statement.institution if statement else "", judging, outside)
    algorithms = {SHA256, *(signed.algorithms() if signed else ())}
    measured = {one.upper(): found for one, found in whole_members(members, algorithms, judging)}
    if manifest is not None and statement is not None:
        compare_entries(list(manifest.listed), statement, container, measured, judging)
    if signed is not None:
        compare_files(signed, container, measured, judging)
    judge_readme(members, judging)
    schemes = judge_documentation(members, container.documentation, judging)
    kinds = ArchiveKinds()
    _judge_beside(container, statement.type if statement else "", kinds, judging)
    document = document_judge(judging, outside)
    for one in container.patients:
        with ExitStack() as stack:
            part = _part(container, one, stack, judging)
            judge_patient(part, kinds, judging, document, outside.judge_metadata if outside else None)
        progress(1)
    judge_coverage(schemes, kinds, judging)
    return judging.judgement()


def _judge_beside(container: PortabilityTree, kind: str, kinds: ArchiveKinds, judging: Judging) -> None:
    """Judge the archive beside the patients', where there is one."""
    name = container.transverse
    with ExitStack() as stack:
        found = _part(container, name, stack, judging) if name else None
        if name and found is None:
            judging.leave(TRANSVERSE_RULES, UNREADABLE)
            return
        judge_transverse(found, kind, judging)
        if found is not None:
            judge_readme(found, judging)
            for one, _ in whole_members(found, (), judging):
                kinds.add(one, found.where(one))


def _part(container: PortabilityTree, name: str, stack: ExitStack, judging: Judging) -> Members | None:
    """Return the members of an archive within the archive, which stays open as long as ``stack``."""
    place = container.members.where(name)
    try:
        stream = stack.enter_context(container.members.seekable(name))
    except (Failure, OSError):  # noted where every member was read
        return None
    return zip_members(stream, place, judging)
