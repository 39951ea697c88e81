"""Documents of a submission judged by what they are, and compared with their entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from formats.cda.document import HEAD, is_clinical_document
from formats.errors import Failure
from formats.judging.cda.judge import MAX_CLINICAL_BYTES, judge_clinical
from formats.judging.judgement import UNREADABLE, Judging
from formats.judging.members import Members
from formats.judging.values import patient_cx_of
from formats.judging.xdm.documents import JudgeDocument
from formats.judging.xdm.entries import DescribedFile

_MATRICULE = 13


class OutsideJudge(Protocol):
    """Judges by what a person brought: schemas, schematrons, roots of signers."""

    def judge_document(self, data: bytes, where: str, judging: Judging) -> None:
        """Judge a clinical document."""

    def judge_metadata(self, data: bytes, where: str, judging: Judging) -> None:
        """Judge METADATA.XML."""

    def judge_signer(
        self, certificates: Sequence[bytes], at: datetime | None, where: str, judging: Judging
    ) -> None:
        """Judge the first of ``certificates`` (DER) as the signer's, ``at`` the time that the signature states."""

    def judge_stamp(self, token: bytes, stamped: bytes, where: str, judging: Judging) -> None:
        """Judge ``token`` (DER) as a time-stamp over the bytes ``stamped``."""


def document_judge(judging: Judging, outside: OutsideJudge | None = None) -> JudgeDocument:
    """Return what judges the files of a submission, with what a person brought."""

    def judge(members: Members, name: str, entry: DescribedFile | None) -> None:
        where = members.where(name)
        try:
            with members.open(name) as stream:
                if not is_clinical_document(stream.read(HEAD)):
                    return
            data = members.read(name, MAX_CLINICAL_BYTES)
        except (Failure, OSError):
            judging.leave(("cda-xml", "document-id", "document-patient"), UNREADABLE)
            return
        _judge_document(data, where, entry, judging, outside)

    return judge


def _judge_document(
    data: bytes, where: str, entry: DescribedFile | None, judging: Judging, outside: OutsideJudge | None
) -> None:
    found = judge_clinical(data, where, judging)
    if found is None:
        judging.leave(("document-id", "document-patient"), UNREADABLE)
        return
    if outside is not None:
        outside.judge_document(data, where, judging)
    if entry is None:
        return
    judging.check(
        "document-id", found.identifier == entry.unique, where, f"{found.identifier} ≠ {entry.unique}"
    )
    number = patient_cx_of(entry.patient)
    if number is None or not found.numbers:
        judging.leave(("document-patient",), UNREADABLE)
        return
    known = {one[:_MATRICULE] for one in found.numbers}  # a wrong key is said by another rule
    numbers = ", ".join(sorted(found.numbers))
    judging.check(
        "document-patient", number.value[:_MATRICULE] in known, where, f"{numbers} ≠ {number.value}"
    )
